"""
What is wrong with the records, one row a finding, the gravest first.

A finding is something that changes what the map shows, or what may be asked of it. A source
is held against a standard where the field has one, and otherwise against its own past.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from hotspots.analysis import counts
from hotspots.analysis.breaks import find_breaks, odd_months
from hotspots.analysis.default_places import LEAST_REPORTS, default_places, named_like_one
from hotspots.analysis.exchanged import exchanged
from hotspots.analysis.late_arrivals import beside, grown, in_forces
from hotspots.analysis.own_past import risen, runs
from hotspots.analysis.quality import SUPPLIER, measures, place_numbers, row_kinds
from hotspots.analysis.repeats import copied, doubled
from hotspots.analysis.season import SEASON_MONTHS
from hotspots.analysis.stock_times import stock_times
from hotspots.settings import GEOCODED
from hotspots.tables.incidents import INSTANT, Incidents, asb, located
from hotspots.tables.wards import Wards

SERIOUS: Final = "serious"
WATCH: Final = "watch"
NOTE: Final = "note"
SEVERITIES: Final = (SERIOUS, WATCH, NOTE)

# The kinds of finding, as they stand in the table and in files.
UNPLACED: Final = "too few placed"
UNPLACED_ROSE: Final = "fewer placed than before"
DEFAULT_PLACE: Final = "default place"
NAMED_PLACE: Final = "place named like a default"
OUTSIDE: Final = "outside the wards"
OUTSIDE_ROSE: Final = "more outside the wards than before"
NO_WARDS: Final = "wards not loaded"
MISSING: Final = "months missing"
NO_ASB: Final = "months without ASB"
ODD: Final = "odd month"
LEVEL: Final = "level shift"
SHORT: Final = "too short to judge its level"
NEW_POINTS: Final = "map points rebuilt"
TWICE: Final = "file read twice"
COPIED: Final = "month copied"
MORE_ALIKE: Final = "more identical rows than before"
NO_DAY: Final = "no day or hour"
NO_DAY_ROSE: Final = "fewer days known than before"
NO_QUALIFIER: Final = "no qualifier"
QUALIFIER_ROSE: Final = "fewer qualified than before"
STOCK_TIME: Final = "stock time of day"
LATE_ROSE: Final = "more late records than before"
EXCHANGED: Final = "easting and northing perhaps exchanged"
GREW: Final = "months grew after they were first read"

# Findings that may be a change of recording, which a person can name.
NAMEABLE: Final = (
    LEVEL,
    NEW_POINTS,
    ODD,
    NO_ASB,
    UNPLACED_ROSE,
    OUTSIDE_ROSE,
    MORE_ALIKE,
    NO_DAY_ROSE,
    QUALIFIER_ROSE,
    LATE_ROSE,
)

COLUMNS: Final = {
    "severity": "str",
    "kind": "str",
    "source": "str",
    "force": "str",
    "first": "period[M]",
    "last": "period[M]",
    "count": "int64",
    "of": "int64",
    "share": "float64",
    "before": "float64",
    "place": "str",
    "east": "float64",
    "north": "float64",
    "key": "str",
}
# A share of reports outside the wards beyond this is more than a ragged border.
_OUTSIDE: Final = 0.02
# Reports without a qualifier beyond this, where a source gives qualifiers at all.
_UNQUALIFIED: Final = 0.1
# Months with at least this many reports can show a share.
_LEAST: Final = 20
# A named default place matters from this many reports in a year.
_NAMED: Final = 50
_YEAR: Final = 12
_HALF: Final = 0.5
_Z: Final = 1.96


def quality(
    incidents: Incidents,
    ward: pd.Series,
    arrivals: pd.DataFrame | None = None,
    *,
    wards: Wards | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Every finding on the records loaded, and the counts that they rest on.

    Parameters
    ----------
    incidents
        Every row loaded, of every category.
    ward
        Code of the ward each row lies in; missing where none.
    arrivals
        What each month held when it was first read: `source`, `force`, `month`, `read`,
        `rows_first` and `rows`; None = it is not known of any.
    wards
        Outlines of the wards loaded; None = exchanged coordinates are not looked for.

    Returns
    -------
    findings
        Gravest first, then newest: `severity` (serious: do not read the map of it as it is;
        watch: read it with this in mind; note: what it cannot say), `kind`, `source`,
        `force`, `first` and `last` month, `count` rows `of` so many, `share`, `before` (the
        same share, or a level, in the source's own past; not a number without one), `place`
        with `east` and `north`, and a `key` by which a person's word on it is found again.
    months
        From `measures`; where arrivals are given, with `read` and `grew` of
        `late_arrivals.beside`.
    """
    table = measures(incidents, ward)
    reports = asb(incidents)
    rows: list[dict[str, Any]] = []
    for (source, force), part in table.groupby(level=SUPPLIER):
        months = part.droplevel([0, 1])
        months.index = pd.PeriodIndex(months.index, freq="M")
        mine = Incidents(reports.loc[(reports["source"] == source) & (reports["force"] == force)])
        rows += [
            {"source": source, "force": force, **row}
            for row in (*_of_supply(months), *_of_shares(months), *_of_rows(mine, months))
        ]
    if wards is not None and len(wards):
        rows += _of_exchange(located(reports), ward, wards)
    if arrivals is not None:
        suppliers = table.reset_index()[SUPPLIER].drop_duplicates()
        arrivals = in_forces(arrivals, suppliers)
        rows += _of_arrivals(arrivals.loc[arrivals["source"].isin(suppliers["source"])])
        table = beside(table, arrivals)
    return _table(rows), table


def _of_exchange(reports: Incidents, ward: pd.Series, wards: Wards) -> Iterator[dict[str, Any]]:
    """Suppliers whose far reports come home when easting and northing change places."""
    for one in exchanged(reports, ward, wards).to_dict("records"):
        run = (one["first"], one["last"])
        row = _row(EXCHANGED, SERIOUS, run, int(one["home"]), int(one["far"]))
        yield {"source": str(one["source"]), "force": str(one["force"]), **row}


def _of_arrivals(arrivals: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Suppliers whose months grew after they were first read."""
    for one in grown(arrivals).to_dict("records"):
        row = _row(GREW, WATCH, (one["first"], one["last"]), int(one["late"]), int(one["rows"]))
        yield {"source": str(one["source"]), "force": str(one["force"]), **row}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    filled = [{"share": np.nan, "before": np.nan, "place": "", **row} for row in rows]
    frame = pd.DataFrame(filled, columns=list(COLUMNS))
    frame["key"] = [
        "|".join(
            [row["source"], row["force"], row["kind"], str(row["first"])]
            + ([_at_place(row)] if row["place"] else [])
        )
        for row in frame.to_dict("records")
    ]
    frame = frame.astype(COLUMNS)
    rank = frame["severity"].map({name: number for number, name in enumerate(SEVERITIES)})
    newest = -frame["last"].array.asi8
    order = np.lexsort((frame["key"].to_numpy(dtype=str), newest, rank.to_numpy()))
    return frame.iloc[order].reset_index(drop=True)


def _at_place(row: dict[Any, Any]) -> str:
    return row["place"] if np.isnan(row["east"]) else f"{row['east']:.0f},{row['north']:.0f}"


def _of_supply(months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Months that are not there, stand alone, or begin another level."""
    held = pd.PeriodIndex(months.index)
    every = pd.period_range(held[0], held[-1], freq="M")
    for first, last in runs(every.difference(held), every):
        yield _row(MISSING, WATCH, (first, last), (last - first).n + 1, len(every))
    without = held[months["asb"] == 0]
    if len(without) < len(held):
        for first, last in runs(without, held):
            yield _row(NO_ASB, SERIOUS, (first, last), (last - first).n + 1, len(held))
    series = months["asb"].reindex(every).astype("float64")
    known = series.fillna(0) > 0
    status = pd.Series(np.where(known, counts.HELD, counts.MISSING), index=every)
    usual = series[known].median()
    for month in odd_months(series.where(known), status):
        yield _row(ODD, WATCH, (month, month), int(_at(series, month)), 0, before=float(usual))
    if known.sum() < SEASON_MONTHS:
        yield _row(SHORT, NOTE, (held[0], held[-1]), int(known.sum()), SEASON_MONTHS)
    for one in find_breaks(series.where(known), status):
        share = one.after / one.before if one.before else np.nan
        row = _row(LEVEL, WATCH, (one.month, one.month), round(one.after), 0, before=one.before)
        yield {**row, "share": share}


def _of_shares(months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Shares beyond a standard, and shares out of line with the source's own past."""
    n = months["asb"]
    unplaced = n - months["located"]
    yield from _beyond(UNPLACED, SERIOUS, unplaced, n, 1 - GEOCODED)
    yield from _rose(UNPLACED_ROSE, unplaced, n)
    total, inside = months["located"].sum(), (months["located"] - months["outside"]).sum()
    if total and inside < _HALF * total:
        outside = int(total - inside)
        yield _row(NO_WARDS, NOTE, (months.index[0], months.index[-1]), outside, int(total))
    else:
        yield from _beyond(OUTSIDE, WATCH, months["outside"], months["located"], _OUTSIDE)
        yield from _rose(OUTSIDE_ROSE, months["outside"], months["located"])
    yield from _lacking(NO_DAY, NO_DAY_ROSE, months["month_only"], n)
    unqualified = n - months["qualified"]
    yield from _lacking(NO_QUALIFIER, QUALIFIER_ROSE, unqualified, n)
    yield from _rose(MORE_ALIKE, months["identical"], n)
    yield from _rose(LATE_ROSE, months["late"], n)


def _lacking(
    kind: str, kind_rose: str, lacking: pd.Series, n: pd.Series
) -> Iterator[dict[str, Any]]:
    """One note where a source never gives something; where it does, what fell away."""
    first, last, some = n.index[0], n.index[-1], int(n.sum())
    if not some:
        return
    if lacking.sum() == some:
        yield _row(kind, NOTE, (first, last), some, some)
        return
    if kind == NO_QUALIFIER and lacking.sum() > _UNQUALIFIED * some:
        yield _row(kind, WATCH, (first, last), int(lacking.sum()), some)
    yield from _rose(kind_rose, lacking, n)


def _of_rows(reports: Incidents, months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What the rows themselves give away: stock places, copies, a new list of points."""
    held = pd.PeriodIndex(months.index)
    year = Incidents(reports.loc[reports["month"] > held[-1] - _YEAR])
    yield from _default_places(year, held[-1])
    yield from _stock_times(year, held[-1])
    kind = row_kinds(reports)
    for month in doubled(kind, reports["month"]):
        n = int(_at(months["asb"], month))
        yield _row(TWICE, SERIOUS, (month, month), n // 2, n)
    for earlier, later, common in copied(kind, reports["month"]):
        n = int(_at(months["asb"], later))
        yield _row(COPIED, SERIOUS, (earlier, later), round(common * n), n)
    seen = (months["seen"] / months["located"].where(months["located"] > 0)).to_numpy()
    for now in range(_YEAR // 2, len(held)):
        if seen[now] < _HALF <= seen[now - 1] and months["located"].iloc[now] >= _LEAST:
            fresh = int((months["located"] - months["seen"]).iloc[now])
            n = int(months["located"].iloc[now])
            row = _row(NEW_POINTS, WATCH, (held[now], held[now]), fresh, n)
            yield {**row, "before": 1 - seen[now - 1]}


def _stock_times(year: Incidents, newest: pd.Period) -> Iterator[dict[str, Any]]:
    times = year.loc[year["time_precision"] == INSTANT, "occurred_from"]
    if times.empty:
        return
    for minute, row in stock_times(times.dt.hour * 60 + times.dt.minute).iterrows():
        clock = f"{int(str(minute)) // 60:02}:{int(str(minute)) % 60:02}"
        run = (year["month"].min(), newest)
        found = _row(STOCK_TIME, WATCH, run, int(row["reports"]), len(times))
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
            **_row(kind, severity, (first, newest), int(row["reports"]), total),
            "place": str(row["street"]) or "a place without a name",
            "east": row["east"],
            "north": row["north"],
        }


def _beyond(
    kind: str, severity: str, part: pd.Series, whole: pd.Series, most: float
) -> Iterator[dict[str, Any]]:
    """Runs of months whose share is beyond a standard; grave only where chance is ruled out."""
    enough = (whole >= _LEAST) & (part > most * whole)
    for first, last in runs(pd.PeriodIndex(part.index[enough]), pd.PeriodIndex(part.index)):
        k, n = int(part[first:last].sum()), int(whole[first:last].sum())
        certain = k / n - _Z * np.sqrt(most * (1 - most) / n) > most
        yield _row(kind, severity if certain else WATCH, (first, last), k, n)


def _rose(kind: str, part: pd.Series, whole: pd.Series) -> Iterator[dict[str, Any]]:
    """Runs of months whose share is out of line with those before them."""
    table = risen(part, whole.where(whole >= _LEAST, 0))
    flagged = pd.PeriodIndex(part.index[table["risen"]])
    for first, last in runs(flagged, pd.PeriodIndex(part.index)):
        k, n = int(part[first:last].sum()), int(whole[first:last].sum())
        yield _row(kind, WATCH, (first, last), k, n, before=_at(table["before"], first))


def _at(series: pd.Series, month: pd.Period) -> float:
    return float(series.reindex([month]).iloc[0])


def _row(
    kind: str,
    severity: str,
    run: tuple[pd.Period, pd.Period],
    count: int,
    of: int,
    *,
    before: float = float("nan"),
) -> dict[str, Any]:
    return {
        "kind": kind,
        "severity": severity,
        "first": run[0],
        "last": run[1],
        "count": count,
        "of": of,
        "share": count / of if of else np.nan,
        "before": before,
        "east": np.nan,
        "north": np.nan,
    }
