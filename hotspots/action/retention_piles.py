"""
What of the records is past its time, in piles that can be decided on together.

Visits and lines of the trail go by the month; what belongs to a plan by the plan. Nothing
of a plan that still runs is ever due.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotspots.action import plans
from hotspots.action.attachments import Attachment
from hotspots.action.double_decisions import DoubleDecision
from hotspots.action.fair_test_records import KeptTest
from hotspots.action.listening import Meeting, MeetingAnswer
from hotspots.action.named_breaks import NamedBreak
from hotspots.action.patrol_log import PatrolEdit
from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.action.records import ERASURE, Audit
from hotspots.action.retention_rules import Rule
from hotspots.action.reviews import ReviewItem
from hotspots.action.visits import Visit
from hotspots.action.week_records import PatrolPlan
from hotspots.sources.reports import count_of


@dataclass(frozen=True, kw_only=True)
class Pile:
    """
    Records of one kind that are past their time and are decided on together.

    Attributes
    ----------
    kind
        One of `retention_rules.KINDS`.
    key
        Which of its kind.
    what
        In words, without anything that the records say.
    due
        Day on which its time was up.
    """

    kind: str
    key: str
    what: str
    due: date


def due_in_records(session: Session, rules: dict[str, Rule], today: date) -> list[Pile]:
    """Every pile of the records whose time is up, kept longer or not."""
    found = [pile for kind, find in _FIND.items() for pile in find(session, rules[kind], today)]
    whole = {pile.key for pile in found if pile.kind == "plans"}
    return [pile for pile in found if pile.kind not in _OF_A_PLAN or pile.key not in whole]


def last_day(starts: date, weeks: int) -> date:
    """Last day of a fair test."""
    return starts + timedelta(days=7 * weeks - 1)


def _months(moments: Iterable[date], rule: Rule, today: date) -> dict[str, tuple[int, date]]:
    """Month → how many, and when their time was up: whole months only."""
    found: dict[str, tuple[int, date]] = {}
    for moment in moments:
        first = date(moment.year, moment.month, 1)
        due = (first + timedelta(days=32)).replace(day=1) + timedelta(days=rule.days)
        if due <= today:
            key = f"{first:%Y-%m}"
            found[key] = (found.get(key, (0, due))[0] + 1, due)
    return found


def span(key: str) -> tuple[datetime, datetime]:
    """First instant of a month, and of the one after it."""
    first = datetime.strptime(key, "%Y-%m").replace(tzinfo=UTC)
    return first, (first + timedelta(days=32)).replace(day=1)


def _in_words(key: str) -> str:
    return f"{span(key)[0]:%B %Y}"


def _visits(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = _months(session.scalars(select(Visit.started)), rule, today)
    return _piles("visits", held, lambda number, month: f"{count_of(number, 'visit')} of {month}")


def _reviews(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = _months(session.scalars(select(ReviewItem.drawn)), rule, today)
    return _piles(
        "reviews", held, lambda number, month: f"{count_of(number, 'record')} drawn in {month}"
    )


def _weeks(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = _months(session.scalars(select(PatrolPlan.first_day)), rule, today)
    return _piles("weeks", held, lambda number, month: f"{count_of(number, 'plan')} of {month}")


def _tests(session: Session, rule: Rule, today: date) -> list[Pile]:
    tests = session.execute(select(KeptTest.starts, KeptTest.weeks))
    held = _months((last_day(starts, weeks) for starts, weeks in tests), rule, today)
    return _piles(
        "tests", held, lambda number, month: f"{count_of(number, 'fair test')} ended by {month}"
    )


def _edits(session: Session, rule: Rule, today: date) -> list[Pile]:
    undone = session.scalars(select(PatrolEdit.undone_at).where(PatrolEdit.undone_at.is_not(None)))
    held = _months((at for at in undone if at is not None), rule, today)
    return _piles(
        "edits", held, lambda number, month: f"{count_of(number, 'change')} taken back in {month}"
    )


def _doubles(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = _months(session.scalars(select(DoubleDecision.at)), rule, today)
    return _piles(
        "doubles", held, lambda number, month: f"{count_of(number, 'decision')} of {month}"
    )


def _breaks(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = _months(session.scalars(select(NamedBreak.at)), rule, today)
    return _piles(
        "breaks", held, lambda number, month: f"{count_of(number, 'change')} named in {month}"
    )


def _piles(
    kind: str, held: dict[str, tuple[int, date]], what: Callable[[int, str], str]
) -> list[Pile]:
    """A pile for each month that is due."""
    return [
        Pile(kind=kind, key=key, what=what(number, _in_words(key)), due=due)
        for key, (number, due) in sorted(held.items())
    ]


def _trail(session: Session, rule: Rule, today: date) -> list[Pile]:
    said = session.execute(
        select(Audit.at, Audit.what, Audit.why).where(Audit.kind != ERASURE).order_by(Audit.id)
    )
    held = _months((at for at, what, why in said if what or why), rule, today)
    return _piles(
        "trail", held, lambda number, month: f"what {count_of(number, 'line')} of {month} say"
    )


def _closed(session: Session, rule: Rule, today: date) -> list[tuple[Plan, date]]:
    """Plans that closed long enough ago, and when their time was up."""
    wanted = select(Plan).where(Plan.status == CLOSED, Plan.closed_on.is_not(None))
    held = [
        (plan, plan.closed_on + timedelta(days=rule.days))
        for plan in session.scalars(wanted.order_by(Plan.id)).unique()
        if plan.closed_on is not None
    ]
    return [(plan, due) for plan, due in held if due < today]


def _plans(session: Session, rule: Rule, today: date) -> list[Pile]:
    return [
        Pile(
            kind="plans",
            key=str(plan.id),
            what=f"plan {plan.id} with {count_of(len(plan.tasks), 'task')} and "
            f"{count_of(len(plan.comments), 'comment')}",
            due=due,
        )
        for plan, due in _closed(session, rule, today)
    ]


def _tasks(session: Session, rule: Rule, today: date) -> list[Pile]:
    return [
        _of_plan("tasks", plan, due, count_of(len(plan.tasks), "task"))
        for plan, due in _closed(session, rule, today)
        if plan.tasks
    ]


def _comments(kind: str, said: str, word: str) -> Callable[..., list[Pile]]:
    def find(session: Session, rule: Rule, today: date) -> list[Pile]:
        return [
            _of_plan(kind, plan, due, count_of(number, word))
            for plan, due in _closed(session, rule, today)
            if (number := sum(comment.kind == said for comment in plan.comments))
        ]

    return find


def _attachments(session: Session, rule: Rule, today: date) -> list[Pile]:
    held = Counter(session.scalars(select(Attachment.plan_id)))
    return [
        _of_plan("attachments", plan, due, count_of(held[plan.id], "file"))
        for plan, due in _closed(session, rule, today)
        if held[plan.id]
    ]


def _of_plan(kind: str, plan: Plan, due: date, what: str) -> Pile:
    return Pile(kind=kind, key=str(plan.id), what=f"{what} of plan {plan.id}", due=due)


def _risk(session: Session, rule: Rule, today: date) -> list[Pile]:
    del rule  # each names its own day
    return [
        Pile(
            kind="risk",
            key=str(risk.id),
            what=f"assessment of {risk.on:%d %B %Y} on plan {risk.plan_id}",
            due=risk.keep_until,
        )
        for risk in plans.past_keeping(session, today=today)
    ]


def _answers(session: Session, rule: Rule, today: date) -> list[Pile]:
    del rule  # each meeting has the day that its residents were told
    found = []
    for meeting in session.scalars(select(Meeting).where(Meeting.keep_until < today)):
        mine = select(MeetingAnswer.id).where(MeetingAnswer.meeting_id == meeting.id)
        if number := len(session.scalars(mine).all()):
            day = f"{meeting.opened_at:%d %B %Y}"
            what = f"{count_of(number, 'answer')} to the assembly of {day}"
            found.append(Pile(kind="answers", key=meeting.id, what=what, due=meeting.keep_until))
    return found


def _meetings(session: Session, rule: Rule, today: date) -> list[Pile]:
    found = []
    for meeting in session.scalars(select(Meeting).order_by(Meeting.opened_at)):
        due = meeting.opened_at.date() + timedelta(days=rule.days)
        if due < today and meeting.keep_until < today:
            what = f"assembly of {meeting.opened_at:%d %B %Y}"
            found.append(Pile(kind="meetings", key=meeting.id, what=what, due=due))
    return found


def _extracts(session: Session, rule: Rule, today: date) -> list[Pile]:
    erasures = session.scalars(select(Audit).where(Audit.kind == ERASURE))
    asked = {line.details.get("extract") for line in erasures}
    found = []
    for line in session.scalars(select(Audit).where(Audit.kind == "disclosure")):
        expires = line.details.get("expires")
        if not isinstance(expires, str) or str(line.id) in asked:
            continue
        due = date.fromisoformat(expires) + timedelta(days=rule.days)
        if due < today:
            what = f"{line.what} (given {line.at:%d %B %Y}): ask whether it is deleted"
            found.append(Pile(kind="extracts", key=str(line.id), what=what, due=due))
    return found


_FIND: Final[dict[str, Callable[[Session, Rule, date], list[Pile]]]] = {
    "visits": _visits,
    "weeks": _weeks,
    "tests": _tests,
    "edits": _edits,
    "plans": _plans,
    "tasks": _tasks,
    "comments": _comments("comments", plans.SAID, "comment"),
    "minutes": _comments("minutes", plans.DECIDED, "decision"),
    "attachments": _attachments,
    "risk": _risk,
    "answers": _answers,
    "meetings": _meetings,
    "reviews": _reviews,
    "doubles": _doubles,
    "breaks": _breaks,
    "extracts": _extracts,
    "trail": _trail,
}
_OF_A_PLAN: Final = {"tasks", "comments", "minutes", "attachments"}
