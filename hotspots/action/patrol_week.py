"""
A week's plan: which areas, whose, when; why the others are not in it.

Day by day, since a day's hours are what they are: areas go to units so that the reports
expected in them are most (`rounds`), and each unit's visits are timed (`timetable`). An
area is one unit's for the day. A unit that drops out changes its own areas, and others
only where they gain by taking them over.

Where the hours of each area's reports are known, the same is asked window by window
(`windows`): an area is visited in the windows that hold most of its reports, and may be
one unit's in one window and another's in the next.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from hotspots.action.left_out import Question, behind, left_out, short
from hotspots.action.patrols import MINUTES_AN_HOUR, Shift, Terms, check_terms
from hotspots.action.rounds import EFFORT, Ints, Rounds, Unit, choose_rounds
from hotspots.action.timetable import Slot, timetable
from hotspots.action.week_bookings import Bookings
from hotspots.action.week_plan import Plan
from hotspots.action.week_ways import Ways
from hotspots.action.windows import Floats, Window, shares, together, windows_of
from hotspots.tables.patrol_areas import PatrolAreas

_PARTS_OF_A_REPORT: Final = 1_000
# A window holds a small part of a month's reports.
_FINER: Final = 100
# Of the solver's work on a day's one question, as much on each of its windows'.
_WINDOW_EFFORT: Final = 0.05


def make_plan(
    areas: PatrolAreas,
    shifts: Sequence[Shift],
    terms: Terms,
    *,
    done: Mapping[str, int] | None = None,
    clocks: Floats | None = None,
    ways: Mapping[str, Floats] | None = None,
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
    clocks
        Hours of each area's reports (areas, 7, 24), from `analysis.area_clocks`; None where
        no hours are known, and then every area is visited once in each window.
    ways
        Metres along roads from each area to each, "foot" and "car", from
        `study.ways_between`; where not a number, or without any, the straight line and its
        detour stand in.

    Raises
    ------
    SelectionError
        When no plan can keep the terms.
    """
    ordered = tuple(sorted(shifts))
    check_terms(ordered, terms)
    week = _Week(areas, ordered, terms, done=done or {}, clocks=clocks, ways=ways)
    for day in sorted({shift.day for shift in ordered}):
        week.plan_day(day)
    return week.plan()


def without_unit(shifts: Sequence[Shift], unit: str, days: Sequence[date]) -> tuple[Shift, ...]:
    """Shifts once a unit cannot come on some days."""
    return tuple(shift for shift in shifts if shift.unit != unit or shift.day not in set(days))


class _Week:
    """The plan as it grows."""

    def __init__(
        self,
        areas: PatrolAreas,
        shifts: tuple[Shift, ...],
        terms: Terms,
        *,
        done: Mapping[str, int],
        clocks: Floats | None,
        ways: Mapping[str, Floats] | None,
    ) -> None:
        self.areas, self.shifts, self.terms, self.clocks = areas, shifts, terms, clocks
        self.keys: list[str] = areas["key"].tolist()
        self.expected = areas["expected"].to_numpy(np.float64)
        self.booked = Bookings(areas, terms, done)
        self.ways = Ways(areas, terms, ways)
        self.questions: list[Question] = []
        self._known: dict[object, Rounds] = {}

    def plan_day(self, day: date) -> None:
        shifts = tuple(shift for shift in self.shifts if shift.day == day)
        windows = windows_of(shifts, self.terms)
        holds = self._holds(windows)
        worth = self._worth(day, self._even())
        rounds = self._ask(shifts, np.tile(worth, (len(shifts), 1)))
        evenly = [route for route in rounds.of_unit for _ in range(self.terms.visits_a_day)]
        slots = self._timed(shifts, evenly, np.tile(worth, (len(windows), 1)))
        if holds is not None:
            parts = np.round(_FINER * _PARTS_OF_A_REPORT * holds).astype(np.int64)
            table = np.array([self._worth(day, row) for row in parts]).reshape(parts.shape)
            del self.questions[-1]
            by_window = self._by_window(windows, table, holds, evenly)
            slots = max(
                self._timed(shifts, by_window, table),
                _with_worth(slots, table, self.terms.visits_a_day),
                key=lambda some: _held(some, table, self.terms.visits_a_day),
            )
        for place, (shift, mine) in enumerate(zip(shifts, slots, strict=True)):
            first = place * self.terms.visits_a_day
            ways = self.ways.minutes(shift.mode)
            self.booked.book(shift, mine, ways, None if holds is None else holds[first:])

    def _timed(
        self, shifts: Sequence[Shift], routes: Sequence[tuple[int, ...]], worth: Ints
    ) -> list[list[Slot]]:
        """Visits of each shift, from a round for each of its windows."""
        many = self.terms.visits_a_day
        return [
            timetable(
                shift,
                self.terms,
                routes[first : first + many],
                self.ways.minutes(shift.mode),
                worth[first : first + many],
            )
            for shift, first in zip(shifts, range(0, len(routes), many), strict=True)
        ]

    def _holds(self, windows: Sequence[Window]) -> Floats | None:
        """Reports a month expected in each area in the hours of each window."""
        if self.clocks is None:
            return None
        clocks = self.clocks
        every = [self.expected * shares(window, clocks) for window in windows]
        return np.array(every).reshape(len(windows), len(self.keys))

    def _ask(
        self,
        shifts: tuple[Shift, ...],
        worth: Ints,
        known: tuple[tuple[int, ...], ...] | None = None,
    ) -> Rounds:
        """Rounds of some units, in the time of one window each; asked again, the same."""
        units = tuple(
            Unit(self.terms.window_min(shift), self.ways.minutes(shift.mode)) for shift in shifts
        )
        ways = tuple((unit.minutes, unit.travel.tobytes()) for unit in units)
        question = (worth.tobytes(), ways, known)
        if question not in self._known:
            self._known[question] = choose_rounds(
                worth,
                units,
                visit_min=self.terms.visit_min,
                effort=EFFORT if known is None else _WINDOW_EFFORT * EFFORT,
                known=known,
            )
        self.questions.append(Question(shifts, units, worth, self._known[question]))
        return self._known[question]

    def _by_window(
        self,
        windows: Sequence[Window],
        worth: Ints,
        holds: Floats,
        evenly: Sequence[tuple[int, ...]],
    ) -> list[tuple[int, ...]]:
        """A round for each window, those that hold most first, no worse than the even one's."""
        routes: list[tuple[int, ...]] = [() for _ in windows]
        left = np.array([self.booked.left(key) for key in self.keys], dtype=np.int64)
        for group in together(windows, holds.sum(axis=1).tolist()):
            free = np.where(left > 0, worth[group], 0)
            for row, place in enumerate(group):
                near = [
                    area
                    for window, route in zip(windows, routes, strict=True)
                    if window.shift != windows[place].shift
                    and window.within(windows[place], self.terms.spacing_min)
                    for area in route
                ]
                free[row, near] = 0
            known = tuple(
                tuple(area for area in evenly[place] if free[row, area] > 0)
                for row, place in enumerate(group)
            )
            rounds = self._ask(tuple(windows[place].shift for place in group), free, known)
            for place, route in zip(group, rounds.of_unit, strict=True):
                routes[place] = route
                left[list(route)] -= 1
        return routes

    def _allowed(self) -> list[bool]:
        never = {*self.terms.excluded, *self.terms.held_back}
        return [key not in never and self.booked.left(key) > 0 for key in self.keys]

    def _even(self) -> Ints:
        """Thousandths of a report a month; in part for areas that may not have all visits."""
        part = np.array([self.booked.left(key) for key in self.keys]) / self.terms.visits_a_day
        return np.round(_PARTS_OF_A_REPORT * self.expected * part).astype(np.int64)

    def _worth(self, day: date, plain: Ints) -> Ints:
        """What is expected, and far more for what must come first."""
        allowed = self._allowed()
        worth = np.where(allowed, plain, 0)
        step = int(worth.sum()) + 1
        first = np.zeros(len(worth), dtype=np.int64)
        days = sorted({shift.day for shift in self.shifts})
        over = (days.index(day) + 1) / len(days)
        first[behind(self.areas, self.terms, self.booked.by_ward, over, allowed)] = step
        first[[key in self.terms.priorities for key in self.keys]] = step * (len(worth) + 1)
        return np.where(allowed, worth + first, 0)

    def plan(self) -> Plan:
        visits = self.booked.table()
        crew = visits["officers"].astype("float64") / MINUTES_AN_HOUR
        cost = crew * (self.terms.visit_min + visits["travel_min"].astype("float64"))
        wanted = self.terms.visits_a_day * max(1, len({shift.day for shift in self.shifts}))
        kept = self._kept(visits, cost)
        dose = np.minimum(1.0, kept["visits"] / min(wanted, self.terms.cap_week))
        nothing = np.round(_PARTS_OF_A_REPORT * self.expected) == 0
        return Plan(
            shifts=self.shifts,
            terms=self.terms,
            visits=visits,
            areas=kept,
            dropped=left_out(
                self.areas,
                self.terms,
                self.questions,
                planned=self.booked.planned,
                made=self.booked.made,
                nothing=nothing.tolist(),
            ),
            officer_hours=sum(shift.officer_hours for shift in self.shifts),
            visiting_hours=float((crew * self.terms.visit_min).sum()),
            travel_hours=float((crew * visits["travel_min"].astype("float64")).sum()),
            reached=float((kept["expected"] * dose).sum()),
            proved=all(question.rounds.best for question in self.questions),
            within=max((question.gap for question in self.questions), default=0.0),
            short=short(self.areas, self.terms, self.booked.planned, self.booked.by_ward),
            on_roads=self.ways.on_roads(visits),
            timed=None if self.clocks is None else float(visits["holds"].sum()),
        )

    def _kept(self, visits: pd.DataFrame, cost: pd.Series) -> pd.DataFrame:
        tally = visits.groupby("area").size().rename("visits")
        hours = cost.groupby(visits["area"]).sum().rename("officer_hours")
        table = pd.DataFrame(self.areas[["key", "expected"]]).join(tally, how="inner")
        table = table.join(hours)
        return table.assign(per_hour=table["expected"] / table["officer_hours"])


def _held(slots: Sequence[Sequence[Slot]], worth: Ints, many: int) -> int:
    """Worth of the visits of some shifts of `many` windows each."""
    return sum(
        int(worth[place * many + slot.window - 1, slot.area])
        for place, mine in enumerate(slots)
        for slot in mine
    )


def _with_worth(slots: Sequence[Sequence[Slot]], worth: Ints, many: int) -> list[list[Slot]]:
    """Visits without those that are worth nothing to their window."""
    return [
        [slot for slot in mine if worth[place * many + slot.window - 1, slot.area] > 0]
        for place, mine in enumerate(slots)
    ]
