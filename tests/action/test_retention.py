"""The review queue: what is due, what is kept longer, and what an erasure proves."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select, text, update

from hotspots.action import (
    attachments,
    double_decisions,
    fair_test_records,
    listening,
    named_breaks,
    patrol_log,
    plan_reviews,
    plans,
    records,
    retention,
    tasks,
    visits,
    week_records,
)
from hotspots.action.fair_test import draw
from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Terms
from hotspots.action.plan_reviews import Standing
from hotspots.action.plan_tables import CLOSED, RUNNING, Plan, Task
from hotspots.action.records import Audit, copies
from hotspots.action.records.scrubbing import held_files, windows
from hotspots.action.resident_answer import Answer
from hotspots.action.retention_rules import FILE, KINDS, open_rules
from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import LibraryError, SelectionError
from tests.action.records.log_visits import entry
from tests.action.test_plans import FULL, begin
from tests.action.week import MONDAY, areas, lates

CANARY = "Kestrel-7319 was seen here with both of her brothers"
TODAY = datetime.now(UTC).date()
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
GROUND = areas([(360_000 + 300 * i, 370_000, 9 - i) for i in range(6)])
LATER = TODAY + timedelta(days=20 * 365)


@pytest.fixture
def held(tmp_path):
    held = records.open_records(tmp_path)
    yield held
    held.engine.dispose()


def waiting(held, tmp_path, today=LATER):
    return {pile.kind: pile for pile in retention.queue(held, tmp_path, today).waiting}


def erase(held, tmp_path, *piles, today=LATER, why="Rule"):
    return retention.erase(held, tmp_path, piles, who="Admin", why=why, today=today)


def bytes_of(held):
    return b"".join(path.read_bytes() for path in held_files(held.path))


def is_whole(held):
    assert copies.check(held) == []
    return True


def plan_closed(held, *, days_ago=0):
    """A plan with a task, a comment, a decision and a risk assessment that all say the canary."""
    with held.session() as session:
        number = begin(session, **{**FULL, "offender": CANARY}).id
        facts = {"agency": "Council", "role": "", "due": date(2025, 8, 1)}
        first = tasks.add(session, number, who="A", what=CANARY, **facts).id
        tasks.add(session, number, who="A", what="Then this", after=first, **facts)
        for kind in (plans.SAID, plans.DECIDED):
            plans.say(session, number, who="A", text=f"{CANARY}, {kind}", kind=kind)
        attachments.add(session, number, CANARY.encode(), name=f"{CANARY}.txt", who="A")
        plan_reviews.keep(session, number, Standing("Fell."), who="A", said=CANARY)
        soon = TODAY + timedelta(days=2)
        plans.assess_risk(
            session, number, who="A", level="high", basis=CANARY, next_review=soon, keep_until=soon
        )
        plan = session.get(Plan, number)
        plan.status, plan.closed_on = CLOSED, TODAY - timedelta(days=days_ago)
        records.note(session, "alteration", "B", f"plan {number} closed", CANARY, plan=number)
    return number


def test_every_kind_has_a_rule_and_a_forces_own_goes_before(tmp_path):
    rules = open_rules(tmp_path)
    assert list(rules) == list(KINDS)
    assert all(rule.why for rule in rules.values())
    (tmp_path / FILE).write_text('[visits]\ndays = 30\nwhy = "Ours"\n', encoding="utf-8")
    own = open_rules(tmp_path)
    assert (own["visits"].days, own["visits"].why) == (30, "Ours")
    assert own["plans"] == rules["plans"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("[visitors]\ndays=1\nwhy='x'", "“visitors” is not a kind"),
        ("[visits]\ndays=-1\nwhy='x'", "visits needs days"),
        ("[visits]\ndays=true\nwhy='x'", "visits needs days"),
        ("[visits]\ndays=1", "visits needs a reason"),
        ("[visits]\ndays=1\nwhy='x'\nfor=2", "visits has “for”"),
        ("visits = 3", "visits is not a table"),
        ("[visits", "cannot be read"),
    ],
)
def test_rules_that_cannot_be_used_erase_nothing(tmp_path, held, said, fault):
    (tmp_path / FILE).write_text(said, encoding="utf-8")
    with pytest.raises(LibraryError, match=fault):
        retention.queue(held, tmp_path, LATER)


def test_visits_wait_by_the_month_and_go_with_what_the_trail_said_of_them(held, tmp_path):
    ids = [visits.new_id() for _ in range(3)]
    visits.log(held, [entry(n, seen=CANARY) for n in range(2)], by="PC Green", ids=ids[:2])
    later = entry(
        0, started=datetime(2025, 9, 1, tzinfo=UTC), ended=datetime(2025, 9, 1, 1, tzinfo=UTC)
    )
    visits.log(held, [later], by="PC Green", ids=ids[2:])
    visits.change(held, ids[0], 1, by="PC Green", why="her name was in it", seen="A group")
    rule = open_rules(tmp_path)["visits"]
    on = date(2025, 7, 1) + timedelta(days=rule.days)
    assert "visits" not in waiting(held, tmp_path, on - timedelta(days=1))
    pile = waiting(held, tmp_path, on)["visits"]
    assert (pile.key, pile.what, pile.due) == ("2025-06", "2 visits of June 2025", on)
    assert windows(CANARY)[0] in bytes_of(held)
    said = erase(held, tmp_path, pile, today=on)
    assert list(visits.visits(held).index) == ids[2:]
    assert not any(piece in bytes_of(held) for piece in windows(CANARY))
    assert ": none stands" in said[1]
    assert "No backup" in said[2]
    assert visits.trail(held, ids[0]).empty
    assert len(visits.trail(held, ids[2])) == 1
    assert is_whole(held)
    assert waiting(held, tmp_path, on) == {}
    with pytest.raises(SelectionError, match="Not due"):
        erase(held, tmp_path, pile, today=on)


def test_a_plan_goes_whole_and_never_while_it_runs(held, tmp_path):
    number = plan_closed(held)
    with held.session() as session:
        session.execute(update(Plan).values(status="running", closed_on=None))
    assert set(waiting(held, tmp_path)) == {"risk", "trail"}
    with held.session() as session:
        session.execute(update(Plan).values(status=CLOSED, closed_on=TODAY))
    due = waiting(held, tmp_path)
    # What belongs to it is not asked for beside it.
    assert set(due) == {"plans", "risk", "trail"}
    assert due["plans"].what == f"plan {number} with 2 tasks and 2 comments"
    erase(held, tmp_path, due["plans"])
    with held.reading() as session:
        for table in ("plan", "task", "comment", "risk", "attachment", "plan_review"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert not any(piece in bytes_of(held) for piece in windows(CANARY))
    assert is_whole(held)


def test_files_go_with_every_byte_of_them(held, tmp_path):
    number = plan_closed(held, days_ago=40)
    content = b"%PDF-1.7\n" + b"".join(b"%05d Kestrel-file-7319 " % n for n in range(2_000))
    with held.session() as session:
        plan = session.get(Plan, number)
        plan.status = RUNNING
        attachments.add(session, number, content + b"%%EOF", who="A", name="Her door.pdf")
        gone = attachments.add(session, number, b"Gone already", who="A", name="b.txt")
        attachments.remove(session, gone.id, who="A")
        plan.status = CLOSED
    (tmp_path / FILE).write_text('[attachments]\ndays = 30\nwhy = "Ours"\n', encoding="utf-8")
    pile = waiting(held, tmp_path, TODAY)["attachments"]
    assert pile.what == f"3 files of plan {number}"
    assert b"Kestrel-file-7319" in bytes_of(held)
    erase(held, tmp_path, pile, today=TODAY)
    assert b"Kestrel-file-7319" not in bytes_of(held)
    assert b"Her door" not in bytes_of(held)
    assert is_whole(held)
    with held.reading() as session:
        assert session.get(Plan, number).tasks


@pytest.mark.parametrize(
    ("kind", "left"),
    [("tasks", (0, 2, 1)), ("comments", (2, 1, 1)), ("minutes", (2, 1, 1)), ("risk", (2, 2, 0))],
)
def test_parts_of_a_plan_go_by_rules_of_their_own(held, tmp_path, kind, left):
    plan_closed(held, days_ago=40)
    own = "".join(f'[{one}]\ndays = 30\nwhy = "Ours"\n' for one in ("tasks", "comments", "minutes"))
    (tmp_path / FILE).write_text(own, encoding="utf-8")
    today = TODAY + timedelta(days=10)
    due = waiting(held, tmp_path, today)
    assert set(due) == {"tasks", "comments", "minutes", "risk"}
    erase(held, tmp_path, due[kind], today=today)
    with held.reading() as session:
        counts = tuple(
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in ("task", "comment", "risk")
        )
        assert counts == left
        assert session.get(Plan, 1) is not None
        gone = [line for line in session.scalars(select(Audit)) if records.is_blank(line)]
    assert len(gone) == {"tasks": 2}.get(kind, 1)
    assert is_whole(held)


def test_a_task_that_waited_for_an_erased_one_waits_no_more(held, tmp_path):
    number = plan_closed(held, days_ago=40)
    with held.session() as session:
        other = begin(session, key="SJ99", **FULL).id
        facts = {"agency": "Council", "role": "", "due": date(2025, 8, 1)}
        mine = tasks.add(session, other, who="A", what="After theirs", **facts)
        mine.after = session.scalar(select(Task.id).where(Task.plan_id == number))
        mine_id = mine.id
    (tmp_path / FILE).write_text('[tasks]\ndays = 30\nwhy = "Ours"\n', encoding="utf-8")
    erase(held, tmp_path, waiting(held, tmp_path, TODAY)["tasks"], today=TODAY)
    with held.reading() as session:
        assert session.get(Task, mine_id).after is None


def test_what_is_kept_longer_has_a_reason_and_comes_back(held, tmp_path):
    visits.log(held, [entry(0)], by="PC Green")
    pile = waiting(held, tmp_path)["visits"]
    until = LATER + timedelta(days=100)
    for nothing in (" ", "\u200b", "\x1b"):
        with pytest.raises(SelectionError, match="Say why"):
            retention.keep(held, [pile], until=until, who="Admin", why=nothing, today=LATER)
    with pytest.raises(SelectionError, match="after today"):
        retention.keep(held, [pile], until=LATER, who="Admin", why="A trial", today=LATER)
    retention.keep(held, [pile], until=until, who="Admin", why="A trial", today=LATER)
    found = retention.queue(held, tmp_path, LATER)
    assert [(one.key, kept.why, kept.until) for one, kept in found.kept] == [
        (pile.key, "A trial", until)
    ]
    assert "visits" not in {one.kind for one in found.waiting}
    with pytest.raises(SelectionError, match="Not due"):
        erase(held, tmp_path, pile)
    assert waiting(held, tmp_path, until)["visits"] == pile


def test_backups_that_still_hold_it_are_named_and_go_in_their_time(held, tmp_path):
    visits.log(held, [entry(0, seen=CANARY)], by="PC Green")
    copy = copies.backup(held, tmp_path / "away" / "copy.sqlite")
    pile = waiting(held, tmp_path)["visits"]
    said = erase(held, tmp_path, pile)
    until = TODAY + timedelta(days=open_rules(tmp_path)["backups"].days)
    assert f"{copy} (of {TODAY:%d %B %Y}, kept until {until:%d %B %Y})" in said[2]
    assert windows(CANARY)[0] in copy.read_bytes()
    assert "backups" not in waiting(held, tmp_path, until)
    due = waiting(held, tmp_path, until + timedelta(days=1))["backups"]
    assert due.what == f"backup copy.sqlite of {TODAY:%d %B %Y}"
    # Restoring keeps what stood before, and that is a backup too; the list survives it.
    before = copies.restore(held, copy, by="Admin")
    assert waiting(held, tmp_path)["visits"] == pile
    erase(held, tmp_path, due)
    assert not copy.exists()
    assert [Path(one.path) for one in records.backups.backups(held)] == [before.resolve()]


def test_answers_go_by_themselves_on_the_day_that_residents_were_told(held, tmp_path):
    meeting = listening.open_meeting(
        held, name="Crewe", area="E05", hexagons={"HEX1": "here"}, picture="", by="Sgt"
    )
    answer = {"a" * 32: Answer((), ("noise",), CANARY)}
    listening.take(held, meeting, answer, way="phone")
    told = TODAY + timedelta(days=listening.KEPT_DAYS)
    assert open_rules(tmp_path)["answers"].days == listening.KEPT_DAYS
    assert retention.promised(held, tmp_path, told) == []
    said = retention.promised(held, tmp_path, told + timedelta(days=1))
    assert said[0].startswith("Erased: 1 answer to the assembly of")
    assert not any(piece in bytes_of(held) for piece in windows(CANARY))
    assert set(waiting(held, tmp_path)) == {"meetings", "trail"}
    erase(held, tmp_path, waiting(held, tmp_path)["meetings"])
    assert listening.meetings(held).empty
    assert is_whole(held)


def test_a_partner_is_asked_once_whether_it_deleted_what_it_was_given(held, tmp_path):
    with held.session() as session:
        facts = {"expires": (TODAY - timedelta(days=1)).isoformat(), "sources": ["Council"]}
        records.note(session, "disclosure", "A", "extract for Weaver: 7 reports", "s.115", **facts)
    pile = waiting(held, tmp_path, TODAY)["extracts"]
    assert "7 reports" in pile.what
    said = erase(held, tmp_path, pile, today=TODAY, why="They wrote that they did")
    assert len(said) == 1
    assert "extracts" not in waiting(held, tmp_path, TODAY)
    with held.reading() as session:
        (line,) = session.scalars(select(Audit).where(Audit.kind == "erasure"))
    assert line.what.startswith("Deleted by the partner")


def test_the_words_of_the_trail_go_and_its_skeleton_stays(held, tmp_path):
    with held.session() as session:
        records.note(session, "consultation", "PC Green", f"looked at {CANARY}", CANARY)
    pile = waiting(held, tmp_path)["trail"]
    assert pile.what == f"what 1 line of {TODAY:%B %Y} say"
    erase(held, tmp_path, pile)
    with held.reading() as session:
        first, *others = session.scalars(select(Audit).order_by(Audit.id))
    assert (first.who, first.kind, first.what, first.why) == ("PC Green", "consultation", "", "")
    assert {line.kind for line in others} == {"erasure"}
    assert not any(piece in bytes_of(held) for piece in windows(CANARY))
    assert is_whole(held)
    assert "trail" not in waiting(held, tmp_path)


def a_week(held, tmp_path):
    plan = make_plan(GROUND, lates(), Terms())
    return week_records.keep_plan(
        held, plan, GROUND, study_area="all", data="abc", by="A", why=CANARY
    )


def a_test(held, tmp_path):
    test = draw(GROUND, starts=MONDAY, weeks=8, seed=1)
    name = fair_test_records.keep_test(held, test, GROUND, study_area="all", by="A", why=CANARY)
    fair_test_records.end_test(held, name, 1, by="B", why=CANARY)


def an_edit(held, tmp_path):
    stands, undone = (
        patrol_log.record(
            tmp_path, "all", Edit("pin", shapely.Point(340_500, 366_100), why, "A", AT)
        )
        for why in ("It stands", CANARY)
    )
    assert stands != undone
    patrol_log.revert(tmp_path, undone, reason=f"{CANARY}, wrongly", by="B")


def a_double(held, tmp_path):
    double_decisions.decide(held, ("0a-0", "f0-0"), double_decisions.SAME, who="A", why=CANARY)


def a_break(held, tmp_path):
    kind = next(iter(named_breaks.KINDS))
    named_breaks.name_break(held, area="all", month="2025-01", kind=kind, name=CANARY[:60], who="A")


@pytest.mark.parametrize(
    ("kind", "made", "table"),
    [
        ("weeks", a_week, week_records.PatrolPlan),
        ("tests", a_test, fair_test_records.KeptTest),
        ("edits", an_edit, patrol_log.PatrolEdit),
        ("doubles", a_double, double_decisions.DoubleDecision),
        ("breaks", a_break, named_breaks.NamedBreak),
    ],
)
def test_what_was_decided_waits_by_the_month_and_goes_with_what_the_trail_says(
    held, tmp_path, kind, made, table
):
    made(held, tmp_path)
    words = windows(CANARY[:60])
    assert words[0] in bytes_of(held)
    rule = open_rules(tmp_path)[kind]
    assert kind not in waiting(held, tmp_path, TODAY + timedelta(days=rule.days - 40))
    (pile,) = [one for one in retention.queue(held, tmp_path, LATER).waiting if one.kind == kind]
    erase(held, tmp_path, pile)
    with held.reading() as session:
        left = session.scalars(select(table)).all()
    assert [row.reason for row in left] == (["It stands"] if kind == "edits" else [])
    assert not any(piece in bytes_of(held) for piece in words)
    assert kind not in waiting(held, tmp_path)
    assert is_whole(held)


def test_nothing_is_erased_without_a_name_and_a_reason(held, tmp_path):
    visits.log(held, [entry(0)], by="PC Green")
    pile = waiting(held, tmp_path)["visits"]
    for who, why in ((" ", "Rule"), ("Admin", " ")):
        with pytest.raises(SelectionError):
            retention.erase(held, tmp_path, [pile], who=who, why=why, today=LATER)
    assert len(visits.visits(held)) == 1
