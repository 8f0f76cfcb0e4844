"""
Whether a plan keeps its terms: worked out from its rows alone, sharing nothing with the planner.

Every fault is a sentence; none means that the plan holds.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.action.patrols import Shift, Terms
from hotspots.tables.patrol_areas import PatrolAreas

_MINUTE = pd.Timedelta(minutes=1)
_DAY_BEGINS = 6
_CLOSE = 1e-6


def week_faults(
    visits: pd.DataFrame,
    areas: PatrolAreas,
    shifts: tuple[Shift, ...],
    terms: Terms,
    *,
    clocks: NDArray[np.float64] | None = None,
    ways: Mapping[str, NDArray[np.float64]] | None = None,
) -> list[str]:
    """
    What a plan breaks.

    Parameters
    ----------
    visits
        As `week_plan.Plan.visits`.
    areas, shifts, terms, clocks, ways
        What the plan was made from.
    """
    return [
        *_lengths(visits, terms),
        *_by_area(visits, areas, terms),
        *_by_shift(visits, areas, shifts, terms, ways or {}),
        *(_by_hours(visits, areas, shifts, terms, clocks) if clocks is not None else ()),
    ]


def _lengths(visits: pd.DataFrame, terms: Terms) -> Iterator[str]:
    for row in visits.to_dict("records"):
        if row["ends"] - row["starts"] != terms.visit_min * _MINUTE:
            yield f"the visit to {row['key']} at {row['starts']} is not {terms.visit_min} minutes"


def _by_area(visits: pd.DataFrame, areas: PatrolAreas, terms: Terms) -> Iterator[str]:
    never = {*terms.excluded, *terms.held_back}
    number_of = dict(zip(areas["key"], areas.index, strict=True))
    for name, rows in visits.groupby("key"):
        key = str(name)
        if key in never:
            yield f"{key} is not to be visited"
        if set(rows["area"]) != {number_of.get(key)}:
            yield f"{key} is not the area that its number says"
        if len(rows) > terms.cap_week:
            yield f"{key} has {len(rows)} visits, more than {terms.cap_week}"
        for (day, unit), some in rows.groupby(["day", "unit"]):
            if some["window"].duplicated().any():
                yield f"{unit} visits {key} twice in one window of {day}"
        if (rows.groupby("day").size() > terms.visits_a_day).any():
            yield f"{key} has more visits in a day than {terms.visits_a_day}"
        times = rows.sort_values("starts")
        gaps = times["starts"].iloc[1:].reset_index(drop=True) - times["ends"].iloc[
            :-1
        ].reset_index(drop=True)
        if (gaps < terms.spacing_min * _MINUTE).any():
            yield f"{key} is visited again within {terms.spacing_min} minutes"


def _by_shift(
    visits: pd.DataFrame,
    areas: PatrolAreas,
    shifts: tuple[Shift, ...],
    terms: Terms,
    ways: Mapping[str, NDArray[np.float64]],
) -> Iterator[str]:
    row_of = {key: place for place, key in enumerate(areas["key"])}
    at = dict(zip(areas["key"], shapely.centroid(areas.geometry.to_numpy()), strict=True))
    placed = 0
    for shift in shifts:
        closes = shift.starts + shift.minutes * _MINUTE
        rows = visits.loc[(visits["unit"] == shift.unit) & (visits["day"] == shift.day)]
        rows = rows.loc[(rows["starts"] >= shift.starts) & (rows["ends"] <= closes)]
        rows = rows.sort_values("starts")
        placed += len(rows)
        if (rows["officers"] != shift.officers).any() or (rows["mode"] != shift.mode).any():
            yield f"{shift.name} has another crew in the plan"
        spent = terms.visit_min * len(rows) + int(rows["travel_min"].sum())
        if spent > shift.minutes - terms.off_patrol_min:
            yield f"{shift.name} has {spent} minutes of work"
        lead = terms.off_patrol_min // 2 if shift.lead_min is None else shift.lead_min
        opens = shift.starts + lead * _MINUTE
        length = (shift.minutes - terms.off_patrol_min) // terms.visits_a_day * _MINUTE
        before = None
        for row in rows.to_dict("records"):
            begins = opens + (row["window"] - 1) * length
            if row["starts"] < begins or row["ends"] > begins + length:
                yield f"{shift.name}: the visit to {row['key']} is outside window {row['window']}"
            if before is not None:
                metres = at[row["key"]].distance(at[before["key"]]) * terms.detour_percent / 100
                if shift.mode in ways:
                    road = ways[shift.mode][row_of[before["key"]], row_of[row["key"]]]
                    metres = metres if np.isnan(road) else road
                needed = metres / (terms.kmh(shift.mode) * 1_000 / 60)
                given = (row["starts"] - before["ends"]) / _MINUTE
                if min(given, row["travel_min"]) < needed - 1e-6:
                    short = f"{given:.0f} minutes for {needed:.1f} of way to {row['key']}"
                    yield f"{shift.name}: {short}"
            before = row
    if placed != len(visits):
        yield f"{len(visits) - placed} visits belong to no shift"


def _by_hours(
    visits: pd.DataFrame,
    areas: PatrolAreas,
    shifts: tuple[Shift, ...],
    terms: Terms,
    clocks: NDArray[np.float64],
) -> Iterator[str]:
    """Whether each visit says what is expected in its window, and goes where anything is."""
    at = {key: place for place, key in enumerate(areas["key"])}
    shift_of = {(shift.day, shift.unit): shift for shift in shifts}
    wards = {ward for ward, _ in terms.ward_visits}
    first = {*terms.priorities, *areas.loc[areas["ward"].isin(wards), "key"]}
    for row in visits.to_dict("records"):
        shift = shift_of[row["day"], row["unit"]]
        length = (shift.minutes - terms.off_patrol_min) // terms.visits_a_day
        lead = terms.off_patrol_min // 2 if shift.lead_min is None else shift.lead_min
        opens = shift.starts + (lead + (row["window"] - 1) * length) * _MINUTE
        place, weight = at[row["key"]], 0.0
        for number in range(length):
            minute = opens + number * _MINUTE
            # The small hours belong to the day before.
            day = minute.weekday() if minute.hour >= _DAY_BEGINS else minute.weekday() - 1
            weight += clocks[place, day % 7, (minute.hour - _DAY_BEGINS) % 24] / 60
        expected = areas["expected"].iloc[place] * weight
        if abs(row["holds"] - expected) > _CLOSE:
            yield f"{row['key']} at {row['starts']} holds {expected}, not {row['holds']}"
        if expected < _CLOSE and row["key"] not in first:
            yield f"{row['key']} is visited at {row['starts']}, when nothing is expected"
