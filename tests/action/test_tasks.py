"""Tasks: whose, by when, what waits for what, and the files that remind."""

from datetime import UTC, date, datetime

import icalendar
import pytest

from hotspots.action import plans, tasks
from hotspots.action.plan_tables import DONE
from hotspots.errors import ChangedMeanwhileError, SelectionError
from tests.action.test_plans import begin, held  # noqa: F401

TODAY = date(2025, 8, 10)
HOSTILE = "Mend\r\nBEGIN:VEVENT\nthe lamp"


@pytest.fixture
def three(held):  # noqa: F811
    """A plan with tasks of three agencies; the last waits for the first."""
    with held.session() as session:
        plan = begin(session).id

        def give(what, agency, due, **more):
            task = tasks.add(
                session,
                plan,
                who="PC Green",
                what=what,
                agency=agency,
                role="Officer",
                due=date.fromisoformat(due),
                **more,
            )
            return task.id

        first = give(HOSTILE, "Council", "2025-08-01")
        second = give("Letter to tenants", "Housing", "2025-08-20")
        third = give("Patrol Fridays", "Police", "2025-09-30", after=first)
    return first, second, third


def table(records):
    with records.reading() as session:
        return tasks.table(session, today=TODAY)


def move(records, number, status, version=1):
    with records.session() as session:
        tasks.move(session, number, version, who="PC Green", status=status)


def test_tasks_are_listed_soonest_first_with_what_is_late_and_what_waits(held, three):  # noqa: F811
    shown = table(held)
    assert list(shown.index) == list(three)
    assert shown["overdue"].tolist() == [True, False, False]
    assert shown["waits"].tolist() == [False, False, True]
    load = tasks.load(shown)
    assert load.loc["Council"].tolist() == [1, 1]
    assert next(iter(load.index)) == "Council"


def test_what_must_come_first_comes_first(held, three):  # noqa: F811
    first, _, third = three
    with pytest.raises(SelectionError, match="comes first"):
        move(held, third, DONE)
    move(held, first, DONE)
    move(held, third, DONE)
    assert not table(held)["waits"].any()
    assert not table(held)["overdue"].any()


def test_two_who_move_one_task_are_told(held, three):  # noqa: F811
    move(held, three[0], "doing")
    with pytest.raises(ChangedMeanwhileError):
        move(held, three[0], DONE)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"what": " "}, "what is to be done"),
        ({"agency": ""}, "agency"),
        ({"after": 99}, "not a task of this plan"),
        ({"plan": 99}, "no more tasks"),
    ],
)
def test_a_task_without_its_parts_is_refused(held, three, asked, said):  # noqa: F811
    given = {
        "plan": 1,
        "what": "Mend it",
        "agency": "Council",
        "role": "",
        "due": TODAY,
        "after": None,
    } | asked
    with pytest.raises(SelectionError, match=said), held.session() as session:
        tasks.add(session, given.pop("plan"), who="PC Green", **given)


def test_an_unknown_status_is_refused(held, three):  # noqa: F811
    with pytest.raises(SelectionError, match="status"):
        move(held, three[0], "lost")


def test_the_calendar_holds_open_tasks_and_nothing_typed_becomes_an_entry(held, three):  # noqa: F811
    move(held, three[1], DONE)
    made = datetime(2025, 8, 10, 9, tzinfo=UTC)
    file = icalendar.Calendar.from_ical(tasks.calendar(table(held), made=made))
    entries = file.walk("VEVENT")
    assert len(entries) == 2
    assert entries[0]["dtstart"].dt == date(2025, 8, 1)
    assert "the lamp" in str(entries[0]["summary"])
    (reminder,) = entries[0].walk("VALARM")
    assert reminder["trigger"].dt == -tasks.REMIND
    assert tasks.calendar(table(held), made=made) == tasks.calendar(table(held), made=made)


def test_the_digest_is_by_agency_and_one_line_a_task(held, three):  # noqa: F811
    text = tasks.digest(table(held), today=TODAY)
    assert text.splitlines()[:4] == [
        "Tasks on 10 August 2025",
        "",
        "Council: 1 open, 1 overdue",
        (
            "- Mend BEGIN:VEVENT the lamp (Officer): OVERDUE, was due 01 August; "
            "plan 1, Bus station, Crewe"
        ),
    ]
    assert "Housing" in text
    assert "Police" not in text, "what is due in September is not yet pressing"
    assert "nothing is due" in tasks.digest(table(held).iloc[:0], today=TODAY)


def test_a_plan_without_tasks_has_an_empty_table(held):  # noqa: F811
    assert table(held).empty
    assert tasks.load(table(held)).empty
    assert plans.SAID == "said"
