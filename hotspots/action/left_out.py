"""Why an area is not in a week's plan, and what was asked for first and could not be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from hotspots.action.patrols import Shift, Terms
from hotspots.action.rounds import Ints, Rounds, Unit, cheapest_way, round_minutes
from hotspots.tables.patrol_areas import PatrolAreas

EXCLUDED: Final = "excluded"
HELD_BACK: Final = "held back"
CAPPED: Final = "capped"
NO_TIME: Final = "no time"
NO_SHIFT: Final = "no shift"
NOTHING: Final = "nothing expected"
OTHER_HOURS: Final = "other hours"
_COLUMNS: Final = ("number", "key", "expected", "why", "unit", "way_min", "free_min")


@dataclass(frozen=True, eq=False)
class Question:
    """
    One choice of rounds, as it was put to the solver and answered.

    Attributes
    ----------
    shifts, units
        Who could go, and in what time by what way.
    worth
        Of each area to each unit (units, areas).
    rounds
        The answer.
    """

    shifts: tuple[Shift, ...]
    units: tuple[Unit, ...]
    worth: Ints
    rounds: Rounds

    @property
    def gap(self) -> float:
        """How far from the best the answer can be: a share."""
        held = sum(
            int(worth[list(route)].sum())
            for worth, route in zip(self.worth, self.rounds.of_unit, strict=True)
        )
        if self.rounds.best or not self.rounds.bound:
            return 0.0
        return max(0.0, float(self.rounds.bound - held) / self.rounds.bound)


def left_out(
    areas: PatrolAreas,
    terms: Terms,
    questions: Sequence[Question],
    *,
    planned: Mapping[str, int],
    made: Mapping[str, int],
    nothing: Sequence[bool],
) -> pd.DataFrame:
    """
    Areas without a visit, and why.

    Parameters
    ----------
    areas, terms
        What was planned for, and on what terms.
    questions
        Every choice that was made.
    planned, made
        Visits by key: in the plan, and with those made before.
    nothing
        Whether so little is expected in an area that it counts as none.

    Returns
    -------
    dropped
        As `week_plan.Plan.dropped`.
    """
    rows = []
    for place, (number, key) in enumerate(zip(areas.index, areas["key"], strict=True)):
        if planned.get(key):
            continue
        why: dict[str, object]
        if key in terms.excluded:
            why = {"why": EXCLUDED}
        elif key in terms.held_back:
            why = {"why": HELD_BACK}
        elif made.get(key, 0) >= terms.cap_week:
            why = {"why": CAPPED}
        elif not questions:
            why = {"why": NO_SHIFT}
        elif nothing[place]:
            why = {"why": NOTHING}
        elif not any((question.worth[:, place] > 0).any() for question in questions):
            why = {"why": OTHER_HOURS}
        else:
            why = _no_time(place, terms, questions)
        expected = areas["expected"].iloc[place]
        rows.append({"number": number, "key": key, "expected": expected, **why})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("number")


def _no_time(place: int, terms: Terms, questions: Sequence[Question]) -> dict[str, object]:
    """The round that it came nearest to, what it would add there, and what is left there."""
    offers = []
    for asked in questions:
        for shift, unit, route in zip(asked.shifts, asked.units, asked.rounds.of_unit, strict=True):
            way = cheapest_way(place, route, unit.travel)[0]
            free = unit.minutes - round_minutes(route, unit, terms.visit_min)
            offers.append((way - free, way, free, shift.unit))
    _, way, free, unit_name = min(offers)
    return {"why": NO_TIME, "unit": unit_name, "way_min": way, "free_min": free}


def short(
    areas: PatrolAreas, terms: Terms, planned: Mapping[str, int], by_ward: Mapping[str, int]
) -> tuple[str, ...]:
    """What was to come first and did not, a sentence each."""
    known = set(areas["key"])
    return (
        *(
            f"{key} was to come first and has no visit"
            for key in terms.priorities
            if key in known and not planned.get(key)
        ),
        *(
            f"ward {ward} has {by_ward.get(ward, 0)} of {visits} visits"
            for ward, visits in terms.ward_visits
            if by_ward.get(ward, 0) < visits
        ),
    )


def behind(
    areas: PatrolAreas,
    terms: Terms,
    by_ward: Mapping[str, int],
    share: float,
    allowed: Sequence[bool],
) -> list[int]:
    """
    Areas of wards that are behind what they are to have, as many as make up for it.

    Parameters
    ----------
    by_ward
        Visits planned by ward.
    share
        Of the week that is over once this day is.
    allowed
        Areas that may have a visit.
    """
    owed: list[int] = []
    for ward, visits in terms.ward_visits:
        missing = int(np.ceil(visits * share)) - by_ward.get(ward, 0)
        many = max(0, -(-missing // terms.visits_a_day))
        inside = np.flatnonzero(np.asarray(allowed) & (areas["ward"] == ward).to_numpy())
        owed += inside[:many].tolist()
    return owed
