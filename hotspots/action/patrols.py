"""
What people and hours can bear, and the terms that a week of patrols is planned on.

The arithmetic comes first, because it settles most of the plan: a visit costs its own
minutes and the way to it, for every officer who goes.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import pandas as pd

from hotspots.errors import SelectionError
from hotspots.settings import (
    CAR_KMH,
    DETOUR_PERCENT,
    FOOT_KMH,
    OFF_PATROL_MIN,
    SEED,
    SPACING_MIN,
    VISIT_MIN,
    VISITS_A_DAY,
    VISITS_A_WEEK,
    Setting,
)

DAYS_A_YEAR: Final = 365
DAYS_A_WEEK: Final = 7
MINUTES_AN_HOUR: Final = 60
MINUTES_A_DAY: Final = 24 * MINUTES_AN_HOUR
LONDON: Final = "Europe/London"
MODES: Final = {"foot": "on foot", "car": "by car"}
MOST_SHIFTS: Final = 200
MOST_OFFICERS: Final = 12
_LONGEST_MIN: Final = 14 * MINUTES_AN_HOUR
_MOST_LETTERS: Final = 40


def visit_hours(visit_min: float, travel_min: float, officers: int) -> float:
    """
    Officer-hours that one visit costs: (visit + travel) × officers / 60.

    Examples
    --------
    >>> visit_hours(15, 10, 2)
    0.8333333333333334
    """
    return (visit_min + travel_min) * officers / MINUTES_AN_HOUR


def areas_supported(
    hours_a_year: float,
    *,
    visit_min: float,
    travel_min: float,
    visits_a_day: float,
    officers: int,
    days: int = DAYS_A_YEAR,
) -> float:
    """
    Patrol areas that so many officer-hours a year can visit so often.

    Hours a year / (hours of a visit × visits a day × days).

    Parameters
    ----------
    hours_a_year
        Officer-hours for patrol, in a year.
    visit_min, travel_min
        Minutes of a visit and of the way to it.
    visits_a_day, days
        How often each area is visited, and on how many days of the year.
    officers
        Who go together: 1 is single-crewed, 2 is double-crewed.

    Returns
    -------
    areas
        Not rounded; not a number when a visit costs nothing.

    Examples
    --------
    >>> [
    ...     round(areas_supported(20_000, visit_min=15, travel_min=10, visits_a_day=3, officers=n))
    ...     for n in (1, 2)
    ... ]
    [44, 22]
    """
    cost = visit_hours(visit_min, travel_min, officers) * visits_a_day * days
    return hours_a_year / cost if cost else float("nan")


def travel_minutes(distance_m: float, *, kmh: float, detour_percent: float) -> float:
    """
    Minutes of a way: straight line × detour factor / speed.

    Examples
    --------
    >>> travel_minutes(1_000, kmh=5, detour_percent=125)
    15.0
    """
    return distance_m * detour_percent / 100 / 1_000 / kmh * MINUTES_AN_HOUR


@dataclass(frozen=True, order=True)
class Shift:
    """
    One unit's hours on one day.

    Attributes
    ----------
    day
        The day it begins on.
    unit
        Call sign or team; nobody's name.
    starts_min, minutes
        Minutes after midnight at which it begins, and how long it is.
    officers
        Who go together: 1 is single-crewed, 2 is double-crewed.
    mode
        One of `MODES`.
    lead_min
        Minutes off patrol that come before the first window; None = half of them.
    """

    day: date
    unit: str
    starts_min: int
    minutes: int
    officers: int = 2
    mode: str = "car"
    lead_min: int | None = None

    @property
    def starts(self) -> pd.Timestamp:
        """When it begins, by the clock of London; an hour that does not exist is the next."""
        clock = pd.Timestamp(self.day) + pd.Timedelta(minutes=self.starts_min)
        return clock.tz_localize(LONDON, ambiguous=True, nonexistent="shift_forward")

    @property
    def officer_hours(self) -> float:
        """Officers × hours."""
        return self.officers * self.minutes / MINUTES_AN_HOUR

    @property
    def name(self) -> str:
        """Day, unit and hours: what tells it from every other."""
        hour, minute = divmod(self.starts_min, MINUTES_AN_HOUR)
        return f"{self.day:%a %d %b} · {self.unit} · {hour:02d}:{minute:02d}"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """
    What a plan is held to.

    Attributes
    ----------
    visit_min
        Minutes of a visit.
    visits_a_day, cap_week
        Visits that an area is to have in a day, and may have at most in a week.
    spacing_min
        Least minutes between the end of a visit and the start of the next to the same area.
    off_patrol_min
        Minutes of each shift that are not for patrol.
    detour_percent, foot_kmh, car_kmh
        How a straight line becomes minutes.
    priorities, excluded, held_back
        Keys of areas that come first, that get no visit, and that get none because they are
        controls of a fair test.
    ward_visits
        (ward code, least visits a week) pairs.
    seed
        Of the order within a window.
    """

    visit_min: int = VISIT_MIN.default
    visits_a_day: int = VISITS_A_DAY.default
    cap_week: int = VISITS_A_WEEK.default
    spacing_min: int = SPACING_MIN.default
    off_patrol_min: int = OFF_PATROL_MIN.default
    detour_percent: int = DETOUR_PERCENT.default
    foot_kmh: int = FOOT_KMH.default
    car_kmh: int = CAR_KMH.default
    priorities: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    ward_visits: tuple[tuple[str, int], ...] = ()
    seed: int = SEED

    def kmh(self, mode: str) -> int:
        """Speed of a mode."""
        return self.foot_kmh if mode == "foot" else self.car_kmh

    def window_min(self, shift: Shift) -> int:
        """
        Minutes of each window of a shift: its patrol time, in as many equal parts as an
        area is to have visits in a day.
        """
        return (shift.minutes - self.off_patrol_min) // self.visits_a_day

    def begins(self, shift: Shift) -> pd.Timestamp:
        """When the first window opens."""
        lead = self.off_patrol_min // 2 if shift.lead_min is None else shift.lead_min
        return shift.starts + pd.Timedelta(minutes=lead)


_BOUNDS: Final = {
    "visit_min": VISIT_MIN,
    "visits_a_day": VISITS_A_DAY,
    "cap_week": VISITS_A_WEEK,
    "spacing_min": SPACING_MIN,
    "off_patrol_min": OFF_PATROL_MIN,
    "detour_percent": DETOUR_PERCENT,
    "foot_kmh": FOOT_KMH,
    "car_kmh": CAR_KMH,
}


def check_terms(shifts: tuple[Shift, ...], terms: Terms) -> None:
    """
    Refuse what no plan can keep.

    Raises
    ------
    SelectionError
        Naming every fault at once.
    """
    wrong = [
        f"{name.replace('_', ' ')} is {getattr(terms, name)}; "
        f"use {setting.low} to {setting.high} {setting.unit}"
        for name, setting in _BOUNDS.items()
        if not _within(getattr(terms, name), setting)
    ]
    if len(shifts) > MOST_SHIFTS:
        wrong.append(f"a plan holds {MOST_SHIFTS} shifts at most")
    if shifts and (max(shifts).day - min(shifts).day).days >= DAYS_A_WEEK:
        wrong.append("a plan is for seven days at most")
    for shift in shifts:
        wrong += [f"{shift.name}: {fault}" for fault in _faults(shift)]
        if not 0 <= (shift.lead_min or 0) <= terms.off_patrol_min:
            wrong.append(f"{shift.name}: more minutes come first than are off patrol")
    wrong += _overlaps(shifts)
    if not wrong:
        wrong = _too_short(shifts, terms)
    if wrong:
        raise SelectionError(f"No plan was made: {'; '.join(wrong)}.")


def _within(value: int, setting: Setting) -> bool:
    return setting.low <= value <= setting.high


def _faults(shift: Shift) -> list[str]:
    wrong = []
    if not shift.unit.strip() or len(shift.unit) > _MOST_LETTERS:
        wrong.append(f"a unit needs a name of at most {_MOST_LETTERS} letters")
    if not 0 <= shift.starts_min < MINUTES_A_DAY:
        wrong.append("a shift begins between 00:00 and 23:59")
    if not 0 < shift.minutes <= _LONGEST_MIN:
        wrong.append(f"a shift lasts {_LONGEST_MIN // MINUTES_AN_HOUR} hours at most")
    if not 1 <= shift.officers <= MOST_OFFICERS:
        wrong.append(f"a unit has 1 to {MOST_OFFICERS} officers")
    if shift.mode not in MODES:
        wrong.append("a unit goes on foot or by car")
    return wrong


def _overlaps(shifts: tuple[Shift, ...]) -> list[str]:
    by_unit: dict[str, list[Shift]] = {}
    for shift in sorted(shifts):
        by_unit.setdefault(shift.unit, []).append(shift)
    return [
        f"{second.name} begins before the shift before it ends"
        for one in by_unit.values()
        for first, second in pairwise(one)
        if second.starts < first.starts + pd.Timedelta(minutes=first.minutes)
    ]


def _too_short(shifts: tuple[Shift, ...], terms: Terms) -> list[str]:
    """Windows in which a visit, or the time between two, has no room."""
    least = terms.visit_min + (terms.spacing_min if terms.visits_a_day > 1 else 0)
    short = [shift for shift in shifts if terms.window_min(shift) < least]
    if not short:
        return []
    room = max(0, terms.window_min(short[0]))
    said = (
        f"{short[0].name} leaves {room} minutes for each of {terms.visits_a_day} visits to an "
        f"area, and {least} are needed for a visit and the time between two; ask for fewer "
        "visits a day, less time between, or a longer shift"
    )
    return [said]
