"""What the rows themselves give away: stock places and times, copies, a new list of points."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import shapely

from hotspots.analysis.default_places import LEAST_REPORTS, default_places, named_like_one
from hotspots.analysis.finding_kinds import (
    COPIED,
    DEFAULT_PLACE,
    LEAST,
    NAMED_PLACE,
    NEW_POINTS,
    SERIOUS,
    STOCK_TIME,
    TWICE,
    WATCH,
    finding,
)
from hotspots.analysis.quality import place_numbers, row_kinds
from hotspots.analysis.repeats import copied, doubled
from hotspots.analysis.stock_times import stock_times
from hotspots.tables.incidents import INSTANT, Incidents

# A named default place matters from this many reports in a year.
_NAMED: Final = 50
_YEAR: Final = 12
_HALF: Final = 0.5


def of_rows(reports: Incidents, months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """
    Findings on one supplier that only its rows give away.

    Parameters
    ----------
    reports
        Its reports of ASB.
    months
        Its rows of `quality.measures`, by month.
    """
    held = pd.PeriodIndex(months.index)
    year = Incidents(reports.loc[reports["month"] > held[-1] - _YEAR])
    yield from _default_places(year, held[-1])
    yield from _stock_times(year, held[-1])
    kind, asb = row_kinds(reports), dict(zip(held, months["asb"], strict=True))
    for month in doubled(kind, reports["month"]):
        n = int(asb[month])
        yield finding(TWICE, SERIOUS, (month, month), n // 2, n)
    for earlier, later, common in copied(kind, reports["month"]):
        n = int(asb[later])
        yield finding(COPIED, SERIOUS, (earlier, later), round(common * n), n)
    seen = (months["seen"] / months["located"].where(months["located"] > 0)).to_numpy()
    for now in range(_YEAR // 2, len(held)):
        if seen[now] < _HALF <= seen[now - 1] and months["located"].iloc[now] >= LEAST:
            fresh = int((months["located"] - months["seen"]).iloc[now])
            n = int(months["located"].iloc[now])
            row = finding(NEW_POINTS, WATCH, (held[now], held[now]), fresh, n)
            yield {**row, "before": 1 - seen[now - 1]}


def _stock_times(year: Incidents, newest: pd.Period) -> Iterator[dict[str, Any]]:
    times = year.loc[year["time_precision"] == INSTANT, "occurred_from"]
    if times.empty:
        return
    for minute, row in stock_times(times.dt.hour * 60 + times.dt.minute).iterrows():
        clock = f"{int(str(minute)) // 60:02}:{int(str(minute)) % 60:02}"
        run = (year["month"].min(), newest)
        found = finding(STOCK_TIME, WATCH, run, int(row["reports"]), len(times))
        yield {**found, "place": clock}


def _default_places(year: Incidents, newest: pd.Period) -> Iterator[dict[str, Any]]:
    place = place_numbers(year)
    located = place >= 0
    if located.sum() < LEAST_REPORTS:
        return
    xy = shapely.get_coordinates(year.geometry.to_numpy()[located])
    frame = pd.DataFrame(
        {
            "place": place[located],
            "street": year["street"].astype("object").fillna("").to_numpy()[located],
            "east": xy[:, 0],
            "north": xy[:, 1],
        }
    )
    by_place = frame.groupby("place")
    places = by_place[["street", "east", "north"]].first().assign(reports=by_place.size())
    off = default_places(places["reports"])
    named = places.index[named_like_one(places["street"]) & (places["reports"] >= _NAMED)]
    first, total = year["month"].min(), len(frame)
    for number in off.index.union(named):
        row, clear = places.loc[number], number in off.index
        severity = SERIOUS if clear else WATCH
        kind = DEFAULT_PLACE if clear else NAMED_PLACE
        yield {
            **finding(kind, severity, (first, newest), int(row["reports"]), total),
            "place": str(row["street"]) or "a place without a name",
            "east": row["east"],
            "north": row["north"],
        }
