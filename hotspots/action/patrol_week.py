"""
A week's plan: which areas, whose, when; why the others are not in it.

Day by day, since a day's hours are what they are: areas go to units so that the reports
expected in them are most (`rounds`), and each unit's visits are timed (`timetable`). An
area is one unit's for the day. A unit that drops out changes its own areas, and others
only where they gain by taking them over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import shapely

from hotspots.action.patrols import (
    LONDON,
    MINUTES_AN_HOUR,
    Shift,
    Terms,
    check_terms,
    travel_minutes,
)
from hotspots.action.rounds import Ints, Rounds, Unit, cheapest_way, choose_rounds, round_minutes
from hotspots.action.timetable import timetable
from hotspots.tables.patrol_areas import PatrolAreas

VISITS: Final = (
    "day",
    "unit",
    "window",
    "order",
    "area",
    "key",
    "starts",
    "ends",
    "travel_min",
    "officers",
    "mode",
)
# Why an area is not in the plan.
EXCLUDED: Final = "excluded"
HELD_BACK: Final = "held back"
CAPPED: Final = "capped"
NO_TIME: Final = "no time"
NO_SHIFT: Final = "no shift"
NOTHING: Final = "nothing expected"
_TIME: Final = f"datetime64[us, {LONDON}]"
_TYPES: Final = {
    "unit": "str",
    "window": "int64",
    "order": "int64",
    "area": "int64",
    "key": "str",
    "starts": _TIME,
    "ends": _TIME,
    "travel_min": "int64",
    "officers": "int64",
    "mode": "str",
}
_PARTS_OF_A_REPORT: Final = 1_000


@dataclass(frozen=True, eq=False)
class Plan:
    """
    A week of visits.

    Attributes
    ----------
    shifts, terms
        What it was made from.
    visits
        A row for each, in order of time, with `VISITS` as columns; `travel_min` is the way
        from the unit's visit before, 0 at the start of a shift.
    areas
        Indexed by number, those with a visit: `key`, `expected` (reports a month),
        `visits`, `officer_hours` (visits and ways), `per_hour` (reports a month for each
        officer-hour of the week).
    dropped
        Indexed by number, those without: `key`, `expected`, `why` (one of the constants
        above), and for want of time `unit`, `way_min` (what it would add to the nearest
        round) and `free_min` (what that round has left).
    officer_hours, visiting_hours, travel_hours
        Paid, spent in areas, and on the way between them.
    reached
        Reports a month expected in areas with a visit; an area that has fewer visits than
        asked for counts in part.
    proved
        Whether the solver proved every day's choice to be the best.
    within
        Otherwise, how far from the best the worst day can be: a share.
    short
        (key, visits) of priorities and wards that could not be given what was asked.
    """

    shifts: tuple[Shift, ...]
    terms: Terms
    visits: pd.DataFrame
    areas: pd.DataFrame
    dropped: pd.DataFrame
    officer_hours: float
    visiting_hours: float
    travel_hours: float
    reached: float
    proved: bool
    within: float
    short: tuple[str, ...]

    @property
    def per_officer_hour(self) -> float:
        """Reports a month reached for each officer-hour of the week."""
        return self.reached / self.officer_hours if self.officer_hours else float("nan")


def make_plan(
    areas: PatrolAreas,
    shifts: Sequence[Shift],
    terms: Terms,
    *,
    done: Mapping[str, int] | None = None,
) -> Plan:
    """
    A week's plan.

    Parameters
    ----------
    areas
        Patrol areas, with the reports expected in each.
    shifts
        Hours of every unit on every day, all within seven days.
    terms
        What the plan is held to.
    done
        Visits already made in the week by area's key: they count towards the cap.

    Raises
    ------
    SelectionError
        When no plan can keep the terms.
    """
    ordered = tuple(sorted(shifts))
    check_terms(ordered, terms)
    week = _Week(areas, ordered, terms, Counter(done or {}))
    for day in sorted({shift.day for shift in ordered}):
        week.plan_day(day)
    return week.plan()


def without_unit(shifts: Sequence[Shift], unit: str, days: Sequence[date]) -> tuple[Shift, ...]:
    """Shifts once a unit cannot come on some days."""
    return tuple(shift for shift in shifts if shift.unit != unit or shift.day not in set(days))


class _Week:
    """The plan as it grows."""

    def __init__(
        self, areas: PatrolAreas, shifts: tuple[Shift, ...], terms: Terms, done: Counter[str]
    ) -> None:
        self.areas, self.shifts, self.terms = areas, shifts, terms
        self.keys: list[str] = areas["key"].tolist()
        self.visits_of: Counter[str] = Counter(done)
        self.planned: Counter[str] = Counter()
        self.by_ward: Counter[str] = Counter()
        self.rows: list[dict[str, object]] = []
        self.busy: dict[int, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
        self.days: list[tuple[tuple[Shift, ...], Rounds]] = []
        self.worth_of: list[Ints] = []
        centres = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
        self.metres = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
        self.travel = cache(self._travel)
        self._known: dict[object, Rounds] = {}

    def _travel(self, mode: str) -> Ints:
        kmh, detour = self.terms.kmh(mode), self.terms.detour_percent
        minutes = travel_minutes(1.0, kmh=kmh, detour_percent=detour) * self.metres
        return np.asarray(np.ceil(np.round(minutes, 6)), dtype=np.int64)

    def plan_day(self, day: date) -> None:
        shifts = tuple(shift for shift in self.shifts if shift.day == day)
        worth = self._worth(day)
        units = [Unit(self.terms.window_min(shift), self.travel(shift.mode)) for shift in shifts]
        question = (worth.tobytes(), tuple((unit.minutes, unit.travel.tobytes()) for unit in units))
        if question not in self._known:
            self._known[question] = choose_rounds(worth, units, visit_min=self.terms.visit_min)
        rounds = self._known[question]
        self.days.append((shifts, rounds))
        self.worth_of.append(worth)
        for shift, route in zip(shifts, rounds.of_unit, strict=True):
            self._time(shift, route)

    def _allowed(self) -> list[bool]:
        never = {*self.terms.excluded, *self.terms.held_back}
        return [key not in never and self.visits_of[key] < self.terms.cap_week for key in self.keys]

    def _worth(self, day: date) -> Ints:
        """Thousandths of a report a month; far more for what must come first."""
        wanted = self.terms.visits_a_day
        left = np.array([self.terms.cap_week - self.visits_of[key] for key in self.keys])
        part = np.clip(left, 0, wanted) / wanted
        expected = self.areas["expected"].to_numpy()
        worth = np.where(self._allowed(), np.round(_PARTS_OF_A_REPORT * expected * part), 0)
        worth = worth.astype(np.int64)
        step = int(worth.sum()) + 1
        first = np.zeros(len(worth), dtype=np.int64)
        first[self._owed(day)] = step
        first[[key in self.terms.priorities for key in self.keys]] = step * (len(worth) + 1)
        return np.where(self._allowed(), worth + first, 0)

    def _owed(self, day: date) -> list[int]:
        """Areas of wards that are behind what they are to have, as many as make up for it."""
        days = sorted({shift.day for shift in self.shifts})
        share = (days.index(day) + 1) / len(days)
        owed: list[int] = []
        allowed = np.array(self._allowed(), dtype=bool)
        for ward, visits in self.terms.ward_visits:
            behind = int(np.ceil(visits * share)) - self.by_ward[ward]
            many = max(0, -(-behind // self.terms.visits_a_day))
            inside = np.flatnonzero(allowed & (self.areas["ward"] == ward).to_numpy())
            owed += inside[:many].tolist()
        return owed

    def _time(self, shift: Shift, route: tuple[int, ...]) -> None:
        begins, travel = self.terms.begins(shift), self.travel(shift.mode)
        before: int | None = None
        for slot in timetable(shift, self.terms, route, travel):
            starts = begins + pd.Timedelta(minutes=slot.begins_min)
            ends = starts + pd.Timedelta(minutes=self.terms.visit_min)
            key = self.keys[slot.area]
            if self.visits_of[key] >= self.terms.cap_week or self._too_near(
                slot.area, starts, ends
            ):
                continue
            self.rows.append(
                {
                    "day": shift.day,
                    "unit": shift.unit,
                    "window": slot.window,
                    "order": slot.order,
                    "area": int(self.areas.index[slot.area]),
                    "key": key,
                    "starts": starts,
                    "ends": ends,
                    "travel_min": 0 if before is None else int(travel[before, slot.area]),
                    "officers": shift.officers,
                    "mode": shift.mode,
                }
            )
            before = slot.area
            self.visits_of[key] += 1
            self.planned[key] += 1
            self.by_ward[str(self.areas["ward"].iloc[slot.area])] += 1
            self.busy.setdefault(slot.area, []).append((starts, ends))

    def _too_near(self, area: int, starts: pd.Timestamp, ends: pd.Timestamp) -> bool:
        """A night shift may end where the next day's begins."""
        gap = pd.Timedelta(minutes=self.terms.spacing_min)
        return any(
            starts < other_ends + gap and other_starts < ends + gap
            for other_starts, other_ends in self.busy.get(area, [])
        )

    def plan(self) -> Plan:
        visits = pd.DataFrame(self.rows, columns=list(VISITS)).astype(_TYPES)
        visits = visits.sort_values(["starts", "unit"], kind="stable", ignore_index=True)
        crew = visits["officers"].astype("float64") / MINUTES_AN_HOUR
        cost = crew * (self.terms.visit_min + visits["travel_min"].astype("float64"))
        wanted = self.terms.visits_a_day * max(1, len({shift.day for shift in self.shifts}))
        kept = self._kept(visits, cost)
        dose = np.minimum(1.0, kept["visits"] / min(wanted, self.terms.cap_week))
        gaps = [
            _gap(rounds, worth) for (_, rounds), worth in zip(self.days, self.worth_of, strict=True)
        ]
        return Plan(
            shifts=self.shifts,
            terms=self.terms,
            visits=visits,
            areas=kept,
            dropped=self._dropped(),
            officer_hours=sum(shift.officer_hours for shift in self.shifts),
            visiting_hours=float((crew * self.terms.visit_min).sum()),
            travel_hours=float((crew * visits["travel_min"].astype("float64")).sum()),
            reached=float((kept["expected"] * dose).sum()),
            proved=all(rounds.best for _, rounds in self.days),
            within=max(gaps, default=0.0),
            short=self._short(),
        )

    def _kept(self, visits: pd.DataFrame, cost: pd.Series) -> pd.DataFrame:
        tally = visits.groupby("area").size().rename("visits")
        hours = cost.groupby(visits["area"]).sum().rename("officer_hours")
        table = pd.DataFrame(self.areas[["key", "expected"]]).join(tally, how="inner")
        table = table.join(hours)
        return table.assign(per_hour=table["expected"] / table["officer_hours"])

    def _dropped(self) -> pd.DataFrame:
        rows = []
        for place, (number, key) in enumerate(zip(self.areas.index, self.keys, strict=True)):
            if self.planned[key]:
                continue
            row = {"number": number, "key": key, "expected": self.areas["expected"].iloc[place]}
            rows.append({**row, **self._why(place, key)})
        columns = ["number", "key", "expected", "why", "unit", "way_min", "free_min"]
        return pd.DataFrame(rows, columns=columns).set_index("number")

    def _why(self, place: int, key: str) -> dict[str, object]:
        if key in self.terms.excluded:
            return {"why": EXCLUDED}
        if key in self.terms.held_back:
            return {"why": HELD_BACK}
        if self.visits_of[key] >= self.terms.cap_week:
            return {"why": CAPPED}
        if not self.shifts:
            return {"why": NO_SHIFT}
        if not round(_PARTS_OF_A_REPORT * self.areas["expected"].iloc[place]):
            return {"why": NOTHING}
        offers = []
        for shifts, rounds in self.days:
            for shift, route in zip(shifts, rounds.of_unit, strict=True):
                travel, minutes = self.travel(shift.mode), self.terms.window_min(shift)
                way = cheapest_way(place, route, travel)[0]
                used = round_minutes(route, Unit(minutes, travel), self.terms.visit_min)
                offers.append((way - (minutes - used), way, minutes - used, shift.unit))
        _, way, free, unit = min(offers)
        return {"why": NO_TIME, "unit": unit, "way_min": way, "free_min": free}

    def _short(self) -> tuple[str, ...]:
        """What was to come first and did not."""
        known = set(self.keys)
        said = [
            f"{key} was to come first and has no visit"
            for key in self.terms.priorities
            if key in known and not self.planned[key]
        ]
        return (
            *said,
            *(
                f"ward {ward} has {self.by_ward[ward]} of {visits} visits"
                for ward, visits in self.terms.ward_visits
                if self.by_ward[ward] < visits
            ),
        )


def _gap(rounds: Rounds, worth: Ints) -> float:
    held = int(sum(worth[area] for route in rounds.of_unit for area in route))
    if rounds.best or not rounds.bound:
        return 0.0
    return max(0.0, float(rounds.bound - held) / rounds.bound)
