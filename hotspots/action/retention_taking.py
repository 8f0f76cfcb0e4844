"""
A pile taken out of the records: its rows, what belongs to them, and what the trail says of them.

What people had written in it is handed back, so that the files can be searched for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from hotspots.action import plans
from hotspots.action.attachments import Attachment
from hotspots.action.double_decisions import DoubleDecision
from hotspots.action.fair_test_records import KeptTest
from hotspots.action.listening import Meeting, MeetingAnswer
from hotspots.action.named_breaks import NamedBreak
from hotspots.action.patrol_log import PatrolEdit
from hotspots.action.plan_tables import Comment, Plan, Risk, Task
from hotspots.action.records import ERASURE, Audit, is_blank
from hotspots.action.records.everything import tables
from hotspots.action.retention_piles import Pile, last_day, span
from hotspots.action.reviews import ReviewItem
from hotspots.action.visits import Visit
from hotspots.action.week_records import PatrolPlan, PlannedVisit

# Columns in which people write freely: what they said is looked for after an erasure.
_FREELY: Final = {
    "visits": ("seen", "done"),
    "patrol_plans": ("why",),
    "fair_tests": ("why",),
    "patrol_edits": ("reason", "undone_reason"),
    "double_decision": ("why",),
    "named_break": ("name",),
    "plan": (
        *("problem", "objective", "victim", "offender", "location", "asked_of", "reason"),
        *("measured_by", "assessment", "review"),
    ),
    "task": ("what",),
    "comment": ("text",),
    "attachment": ("name", "content"),
    "risk": ("basis",),
    "plan_review": ("said",),
    "meeting_answer": ("words",),
    "review_item": ("words",),
}
_SAID_BEFORE: Final = ("seen", "done")

Holds = Callable[[Audit], bool]


@dataclass
class Taken:
    """
    What was taken out of the records.

    Attributes
    ----------
    texts
        What people had written in it.
    holds
        Whether a line of the trail says some of it: any of these.
    """

    texts: set[str | bytes] = field(default_factory=set)
    holds: list[Holds] = field(default_factory=list)


def take(session: Session, pile: Pile) -> Taken:
    """Delete the rows of a pile; the lines of the trail about it are left as they are."""
    return _TAKE[pile.kind](session, pile.key)


def lines_about(session: Session, taken: Iterable[Taken]) -> list[Audit]:
    """Lines of the trail that still say something of what was taken; none of erasure."""
    holds = [one for each in taken for one in each.holds]
    if not holds:
        return []
    wanted = select(Audit).where(Audit.kind != ERASURE).order_by(Audit.id)
    return [
        line
        for line in session.scalars(wanted.execution_options(yield_per=500))
        if not is_blank(line) and any(one(line) for one in holds)
    ]


def written_in(line: Audit) -> set[str]:
    """What a person wrote that a line of the trail holds."""
    said = {line.why}
    for part in ("before", "after"):
        held = line.details.get(part)
        if isinstance(held, dict):
            said |= {str(held[name]) for name in _SAID_BEFORE if held.get(name)}
    return said - {""}


def _visits(session: Session, key: str) -> Taken:
    rows, (first, last) = _table(Visit), span(key)
    texts, gone = _delete(session, rows, (rows.c.started >= first) & (rows.c.started < last))
    return Taken(texts, [lambda line: line.details.get("visit") in gone])


def _reviews(session: Session, key: str) -> Taken:
    rows, (first, last) = _table(ReviewItem), span(key)
    texts, gone = _delete(session, rows, (rows.c.drawn >= first) & (rows.c.drawn < last))
    return Taken(texts, [lambda line: line.details.get("item") in gone])


def _weeks(session: Session, key: str) -> Taken:
    rows, visits = _table(PatrolPlan), _table(PlannedVisit)
    first, last = (moment.date() for moment in span(key))
    which = (rows.c.first_day >= first) & (rows.c.first_day < last)
    _delete(session, visits, visits.c.plan.in_(select(rows.c.id).where(which)))
    texts, gone = _delete(session, rows, which)
    return Taken(texts, [lambda line: line.details.get("plan") in gone])


def _tests(session: Session, key: str) -> Taken:
    rows, (first, last) = _table(KeptTest), (moment.date() for moment in span(key))
    ended = {
        test.id
        for test in session.scalars(select(KeptTest))
        if first <= last_day(test.starts, test.weeks) < last
    }
    texts, gone = _delete(session, rows, rows.c.id.in_(ended))
    return Taken(texts, [lambda line: line.details.get("test") in gone])


def _edits(session: Session, key: str) -> Taken:
    rows, (first, last) = _table(PatrolEdit), span(key)
    which = (rows.c.undone_at >= first) & (rows.c.undone_at < last)
    texts, gone = _delete(session, rows, which)
    return Taken(texts, [lambda line: line.details.get("patrol_edit") in gone])


def _doubles(session: Session, key: str) -> Taken:
    return _told_by(session, _table(DoubleDecision), key, ("a", "b"))


def _breaks(session: Session, key: str) -> Taken:
    return _told_by(session, _table(NamedBreak), key, ("area", "month"))


def _told_by(session: Session, rows: Table, key: str, names: tuple[str, str]) -> Taken:
    """Rows of a month of a table that the trail knows by two of their columns."""
    first, last = span(key)
    which = (rows.c.at >= first) & (rows.c.at < last)
    keys = session.execute(select(*(rows.c[name] for name in names)).where(which))
    gone = {tuple(map(str, key)) for key in keys}
    texts, _ = _delete(session, rows, which)
    return Taken(texts, [lambda line: tuple(str(line.details.get(name)) for name in names) in gone])


def _trail(session: Session, key: str) -> Taken:
    del session  # the lines stay, without their words
    first, last = span(key)
    return Taken(holds=[lambda line: first <= line.at < last])


def _plan(session: Session, key: str) -> Taken:
    """A plan, and every row of any table that belongs to it."""
    number, plan = int(key), _table(Plan)
    texts: set[str | bytes] = set()
    for table in reversed(tables().sorted_tables):
        for link in table.foreign_keys:
            if link.column.table is plan:
                texts |= _delete(session, table, link.parent == number)[0]
    texts |= _delete(session, plan, plan.c.id == number)[0]
    return Taken(texts, [lambda line: _plan_of(line) == number])


def _tasks(session: Session, key: str) -> Taken:
    rows, number = _table(Task), int(key)
    texts, gone = _delete(session, rows, rows.c.plan_id == number)
    starts = tuple(f"task {one}{end}" for one in gone for end in " :")
    return Taken(texts, [lambda line: _plan_of(line) == number and line.what.startswith(starts)])


def _comments(said: str) -> Callable[[Session, str], Taken]:
    def taken(session: Session, key: str) -> Taken:
        rows, number = _table(Comment), int(key)
        which = (rows.c.plan_id == number) & (rows.c.kind == said)
        texts, _ = _delete(session, rows, which)
        what = f"plan {number}: {said}"
        return Taken(texts, [lambda line: line.what == what and _plan_of(line) == number])

    return taken


def _attachments(session: Session, key: str) -> Taken:
    rows, number = _table(Attachment), int(key)
    texts, gone = _delete(session, rows, rows.c.plan_id == number)
    return Taken(
        texts, [lambda line: _plan_of(line) == number and line.details.get("file") in gone]
    )


def _risk(session: Session, key: str) -> Taken:
    rows, risk = _table(Risk), session.get(Risk, int(key))
    if risk is None:
        return Taken()
    said, day = f"plan {risk.plan_id}: risk assessed", risk.on
    texts, _ = _delete(session, rows, rows.c.id == risk.id)
    return Taken(texts, [lambda line: line.what.startswith(said) and line.at.date() == day])


def _answers(session: Session, key: str) -> Taken:
    rows = _table(MeetingAnswer)
    return Taken(_delete(session, rows, rows.c.meeting_id == key)[0])


def _meeting(session: Session, key: str) -> Taken:
    rows, answers = _table(Meeting), _answers(session, key)
    texts, _ = _delete(session, rows, rows.c.id == key)
    return Taken(answers.texts | texts, [lambda line: key in line.what])


def _nothing(session: Session, key: str) -> Taken:
    del session, key  # the file is the partner's: the line that says so is all there is
    return Taken()


def _plan_of(line: Audit) -> int | None:
    found = line.details.get("plan")
    return found if isinstance(found, int) else None


def _table(declared: Any) -> Table:
    found: Table = declared.__table__
    return found


def _delete(session: Session, table: Table, which: Any) -> tuple[set[str | bytes], set[Any]]:
    """Rows of a table deleted: what people wrote in them, and their keys."""
    (key,) = table.primary_key.columns
    rows = session.execute(select(table).where(which)).mappings().all()
    gone = {row[key.name] for row in rows}
    for link in table.foreign_keys:
        if link.column.table is table and gone:  # what waited for one of these waits no more
            waited = link.parent.in_(gone)
            session.execute(update(table).where(waited).values({link.parent.name: None}))
    session.execute(delete(table).where(which))
    freely = _FREELY.get(table.name, ())
    return {row[name] for row in rows for name in freely if row[name]}, gone


_TAKE: Final[dict[str, Callable[[Session, str], Taken]]] = {
    "visits": _visits,
    "weeks": _weeks,
    "tests": _tests,
    "edits": _edits,
    "plans": _plan,
    "tasks": _tasks,
    "comments": _comments(plans.SAID),
    "minutes": _comments(plans.DECIDED),
    "attachments": _attachments,
    "risk": _risk,
    "answers": _answers,
    "meetings": _meeting,
    "reviews": _reviews,
    "doubles": _doubles,
    "breaks": _breaks,
    "extracts": _nothing,
    "trail": _trail,
}
