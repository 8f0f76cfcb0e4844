"""
Problem-solving plans: written, fully specified, started, reviewed, closed.

A plan is born from a hotspot. What it is compared with is settled then, before anything is
done; it cannot start until stated checks hold, and cannot close without an assessment and
a supervisor's review in words.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotspots.action import records
from hotspots.action.plan_checks import checks
from hotspots.action.plan_reviews import Standing, keep
from hotspots.action.plan_tables import CLOSED, DRAFT, RUNNING, Comment, Plan, Risk
from hotspots.errors import SelectionError
from hotspots.periods import parse_month
from hotspots.study.held_against import Comparison

SAID: Final = "said"
DECIDED: Final = "decided"

# What a person may write; the rest of a plan is settled when it is made, started or closed.
WRITTEN: Final = (
    "problem",
    "objective",
    "owner",
    "partners",
    "victim",
    "offender",
    "location",
    "asked_of",
    "responses",
    "reason",
    "measured_by",
    "review_on",
    "assessment",
)
# What may still be written once a plan runs: nothing that the outcome is measured by.
WRITTEN_LATER: Final = ("owner", "partners", "asked_of", "review_on", "assessment")
_REVIEW_WORDS: Final = 8
LEVELS: Final = ("standard", "medium", "high")


def begin(
    session: Session,
    *,
    who: str,
    comparison: Comparison,
    place: str,
    key: str,
    data: str,
    scanning: Sequence[str],
    template: str = "",
    written: Mapping[str, Any] | None = None,
) -> Plan:
    """
    A new plan on a hotspot; its baseline and its comparison are frozen.

    Parameters
    ----------
    session
        From `Records.session`.
    who
        Name of the person who makes it.
    comparison
        From `study.outcome.comparison`.
    place, key
        Name of the place, and the hotspot's grid reference.
    data
        Identity of the data it was found in.
    scanning
        Sentences on what was known of it.
    template
        Key of the template, "" without one.
    written
        What is filled in already, of `WRITTEN`.

    Raises
    ------
    SelectionError
        When nobody's name is given, or another open plan has the same hotspot.
    """
    open_ones = session.scalars(
        select(Plan).where(Plan.key == key, Plan.area == comparison.area, Plan.status != CLOSED)
    ).first()
    if open_ones is not None:
        raise SelectionError(f"Plan {open_ones.id} is about this place already; open that one.")
    texts: dict[str, Any] = dict.fromkeys(WRITTEN, "")
    texts |= {"responses": [], "review_on": None} | dict(written or {})
    plan = Plan(
        status=DRAFT,
        area=comparison.area,
        place=place,
        key=key,
        data=data,
        comparison=comparison.as_data(),
        scanning=list(scanning),
        template=template,
        made_at=datetime.now(UTC),
        made_by=who,
        start_month="",
        verdict="",
        reviewed_by="",
        review="",
        closed_on=None,
        **texts,
    )
    session.add(plan)
    session.flush()
    records.note(session, "collection", who, f"plan {plan.id} made: {place}", plan=plan.id)
    return plan


def write(session: Session, number: int, version: int, *, who: str, **texts: Any) -> Plan:
    """
    Change what a plan says.

    Raises
    ------
    SelectionError
        When the plan is closed, or runs and what would change is what it is measured by.
    ChangedMeanwhileError
        When somebody else changed it first.
    """
    plan = records.expect(session, Plan, number, version)
    if plan.status == CLOSED:
        raise SelectionError(f"Plan {plan.id} is closed and cannot be changed.")
    unknown = set(texts) - set(WRITTEN)
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot be written.")
    changed = {name: new for name, new in texts.items() if getattr(plan, name) != new}
    late = sorted(set(changed) - set(WRITTEN_LATER))
    if plan.status == RUNNING and late:
        raise SelectionError(
            "This plan has started: its objective, analysis, response and measure stay as they "
            "were, or its outcome would mean nothing. Say it in a comment."
        )
    for name, new in changed.items():
        setattr(plan, name, new)
    if changed:
        records.note(
            session,
            "alteration",
            who,
            f"plan {plan.id} changed: {', '.join(sorted(changed))}",
            plan=plan.id,
        )
    return plan


def start(session: Session, number: int, version: int, *, who: str, month: str) -> Plan:
    """
    Start the response.

    Parameters
    ----------
    session, number, version, who
        As for `write`.
    month
        First month of the response, as 2025-07.

    Raises
    ------
    SelectionError
        Naming every check that does not hold, or when the month lies in the baseline.
    """
    plan = records.expect(session, Plan, number, version)
    if plan.status != DRAFT:
        raise SelectionError(f"Plan {plan.id} has started already.")
    missing = [check.sentence for check in checks(plan) if not check.holds]
    if missing:
        raise SelectionError(f"The plan cannot start yet. Still wanted: {' '.join(missing)}")
    first = parse_month(month)
    if first <= Comparison.of_data(plan.comparison).before.last:
        raise SelectionError(
            f"{month} lies in the months that the plan is measured against; choose a later one."
        )
    plan.status, plan.start_month = RUNNING, month
    records.note(session, "alteration", who, f"plan {plan.id} started: {month}", plan=plan.id)
    return plan


def close(
    session: Session, number: int, version: int, *, who: str, standing: Standing, review: str
) -> Plan:
    """
    Close a plan with the verdict as it stands and a supervisor's review, which are kept.

    Raises
    ------
    SelectionError
        When it has not started, has no assessment, the review is not in words, or the
        supervisor is the plan's owner.
    """
    plan = records.expect(session, Plan, number, version)
    if plan.status != RUNNING:
        raise SelectionError(f"Plan {plan.id} is not running, so it cannot be closed.")
    wanted = []
    if not records.clean(plan.assessment):
        wanted.append("an assessment of what was done and what came of it")
    if not standing.verdict.strip():
        wanted.append("a verdict, which needs at least one month after the start")
    if len(records.clean(review).split()) < _REVIEW_WORDS:
        wanted.append(f"a supervisor's review of at least {_REVIEW_WORDS} words")
    if records.clean(who).casefold() == records.clean(plan.owner).casefold():
        wanted.append("a supervisor who is not its owner")
    if wanted:
        raise SelectionError(f"The plan cannot close without {'; '.join(wanted)}.")
    plan.status, plan.verdict, plan.review = CLOSED, standing.verdict, review
    plan.reviewed_by, plan.closed_on = who, datetime.now(UTC).date()
    keep(session, plan.id, standing, who=who, said=review, closing=True)
    records.note(session, "alteration", who, f"plan {plan.id} closed", review, plan=plan.id)
    return plan


def say(session: Session, number: int, *, who: str, text: str, kind: str = SAID) -> Comment:
    """
    Add a comment, or a decision taken in a meeting; neither is ever changed.

    Raises
    ------
    SelectionError
        When there is no such plan, or nothing is said.
    """
    if session.get(Plan, number) is None:
        raise SelectionError("This plan is no longer in the records; open the page again.")
    if not records.clean(text):
        raise SelectionError("Write what is to be recorded first.")
    comment = Comment(plan_id=number, kind=kind, at=datetime.now(UTC), who=who, text=text)
    session.add(comment)
    records.note(session, "collection", who, f"plan {number}: {kind}", text, plan=number)
    return comment


def assess_risk(
    session: Session,
    number: int,
    *,
    who: str,
    level: str,
    basis: str,
    next_review: date,
    keep_until: date,
) -> Risk:
    """
    Add a risk assessment; earlier ones stay beside it until their retention ends.

    Raises
    ------
    SelectionError
        When the level is unknown, nothing is said, or the dates run backwards.
    """
    today = datetime.now(UTC).date()
    if level not in LEVELS:
        raise SelectionError(f"The level is one of {', '.join(LEVELS)}.")
    if not records.clean(basis):
        raise SelectionError("Say what the assessment rests on, without anybody's name.")
    if not today < next_review <= keep_until:
        raise SelectionError("The next review is after today, and retention ends no sooner.")
    risk = Risk(
        plan_id=number,
        on=today,
        level=level,
        basis=basis,
        reviewer=who,
        next_review=next_review,
        keep_until=keep_until,
    )
    session.add(risk)
    records.note(
        session, "collection", who, f"plan {number}: risk assessed as {level}", plan=number
    )
    return risk


def listed(session: Session) -> list[Plan]:
    """Every plan: those that run first, then those being written, the newest first."""
    order = {RUNNING: 0, DRAFT: 1, CLOSED: 2}
    every = session.scalars(select(Plan)).unique().all()
    return sorted(every, key=lambda plan: (order[plan.status], -plan.id))


def risks(session: Session, number: int) -> list[Risk]:
    """Risk assessments of a plan, the newest first."""
    wanted = select(Risk).where(Risk.plan_id == number).order_by(Risk.id.desc())
    return list(session.scalars(wanted))


def past_keeping(session: Session, *, today: date) -> list[Risk]:
    """Risk assessments whose retention has ended: the queue to review before they go."""
    wanted = select(Risk).where(Risk.keep_until < today).order_by(Risk.keep_until, Risk.id)
    return list(session.scalars(wanted))
