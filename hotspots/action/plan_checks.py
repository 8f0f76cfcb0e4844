"""What makes a plan fully specified: stated checks, one sentence each."""

import re
from dataclasses import dataclass
from typing import Final

from hotspots.action.plan_tables import Plan
from hotspots.analysis.comparison import LEAST_COMPARABLE, LEAST_CONTROLS
from hotspots.study.held_against import Comparison

_FEWEST_WORDS: Final = 3


@dataclass(frozen=True)
class Check:
    """One thing that makes a plan fully specified, and whether it holds."""

    holds: bool
    sentence: str


def checks(plan: Plan) -> list[Check]:
    """
    Whether a plan is fully specified, one sentence a check.

    Parameters
    ----------
    plan
        With its tasks.
    """
    held = Comparison.of_data(plan.comparison)
    enough = len(held.chosen.controls) >= LEAST_CONTROLS
    enough = enough and len(held.chosen.comparable) >= LEAST_COMPARABLE
    sides = (plan.victim, plan.offender, plan.location)
    return [
        Check(_one_sentence(plan.problem), "The problem is said in one sentence."),
        Check(
            bool(re.search(r"\d", plan.objective)),
            "The objective can be measured: it names a number.",
        ),
        Check(
            held.reports[0] > 0,
            f"The baseline is frozen: {held.reports[0]:,} reports in {held.before.in_words()}.",
        ),
        Check(bool(plan.owner), "One person owns it."),
        Check(bool(plan.partners), "Its partners are named."),
        Check(
            all(len(side.split()) >= _FEWEST_WORDS for side in sides),
            "The analysis says something of victim, offender and place.",
        ),
        Check(
            bool(plan.responses) and len(plan.reason.split()) >= _FEWEST_WORDS,
            "A response is chosen, with the reason why it should work here.",
        ),
        Check(bool(plan.tasks), "There is at least one task, with an agency and a date."),
        Check(plan.review_on is not None, "There is a date on which it will be reviewed."),
        Check(bool(plan.measured_by), "It says what the outcome will be measured by."),
        Check(
            enough,
            _compared(held)
            if enough
            else "It is compared with places of like rank: there are too few here, so widen the "
            "study area or the months and make the plan anew.",
        ),
    ]


def _one_sentence(text: str) -> bool:
    if len(text.split()) < _FEWEST_WORDS:
        return False
    return len([part for part in re.split(r"[.!?]\s+", text.strip()) if part.strip(" .!?")]) == 1


def _compared(held: Comparison) -> str:
    controls = len(held.chosen.controls)
    if held.draw is None:
        return (
            f"It is compared with {controls} places of like rank, chosen before the response began."
        )
    return f"It is compared with {controls} areas that a fair test holds back by the draw."
