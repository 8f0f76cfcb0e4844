"""Shifts beside the hours of the week at which reports happened, where a source knows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pandas as pd

from hotspots.action.patrols import DAYS_A_WEEK, MINUTES_A_DAY, MINUTES_AN_HOUR, Shift

_STEP_MIN: Final = 15
# The operational day runs from 06:00 to 05:59, as the clock's rows do.
_DAY_BEGINS_MIN: Final = 6 * MINUTES_AN_HOUR
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def fitted(shifts: Sequence[Shift], table: pd.DataFrame, off_patrol_min: int) -> tuple[Shift, ...]:
    """
    Shifts whose time off patrol stands where fewest reports happened: at the start, at the
    end, or in part at each.

    Parameters
    ----------
    shifts
        As they were asked for.
    table
        Weight of each hour: rows Mon to Sun of the operational day, columns hours 0 to 23,
        as `analysis.clock.Clock.table`.
    off_patrol_min
        Minutes of each shift off patrol.
    """
    return tuple(replace(shift, lead_min=_lead(shift, table, off_patrol_min)) for shift in shifts)


def coverage(
    shifts: Sequence[Shift], table: pd.DataFrame, off_patrol_min: int
) -> tuple[float, float]:
    """
    Share of the reports that say an hour which happened in hours on patrol, and share of
    the week those hours are; an hour that two units cover counts once.
    """
    weights = _weights(table)
    covered: dict[tuple[str, int], set[int]] = {}
    for shift in shifts:
        for minute in range(_begins(shift, off_patrol_min), _ends(shift, off_patrol_min)):
            cell = _cell(shift, minute)
            covered.setdefault(cell, set()).add(minute % MINUTES_AN_HOUR)
    total = sum(weights.values())
    part = sum(weights[cell] * len(minutes) / MINUTES_AN_HOUR for cell, minutes in covered.items())
    minutes = sum(len(some) for some in covered.values())
    return (part / total if total else float("nan")), minutes / (DAYS_A_WEEK * MINUTES_A_DAY)


def _lead(shift: Shift, table: pd.DataFrame, off_patrol_min: int) -> int:
    """Of equals the one nearest to half before and half after."""
    half, weights = off_patrol_min // 2, _weights(table)

    def held(lead: int) -> tuple[float, int]:
        placed = replace(shift, lead_min=lead)
        minutes = range(_begins(placed, off_patrol_min), _ends(placed, off_patrol_min), _STEP_MIN)
        weight = sum(weights[_cell(shift, minute)] for minute in minutes)
        return round(weight, 9), -abs(lead - half)

    lead: int = max((*range(0, off_patrol_min + 1, _STEP_MIN), half), key=held)
    return lead


def _begins(shift: Shift, off_patrol_min: int) -> int:
    lead = off_patrol_min // 2 if shift.lead_min is None else shift.lead_min
    return shift.starts_min + lead


def _ends(shift: Shift, off_patrol_min: int) -> int:
    return _begins(shift, off_patrol_min) + max(0, shift.minutes - off_patrol_min)


def _cell(shift: Shift, minute: int) -> tuple[str, int]:
    """Row and column of the clock that a minute after the shift's midnight lies in."""
    day = shift.day + timedelta(days=(minute - _DAY_BEGINS_MIN) // MINUTES_A_DAY)
    return _DAYS[day.weekday()], minute // MINUTES_AN_HOUR % 24


def _weights(table: pd.DataFrame) -> dict[tuple[str, int], float]:
    return {
        (str(day), int(str(hour))): float(weight)
        for hour, column in table.to_dict().items()
        for day, weight in column.items()
    }
