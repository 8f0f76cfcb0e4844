"""Files of plans: kept by content, within bounds, handed out on the record, and gone for good."""

import hashlib

import pytest
from sqlalchemy import inspect, select, text

from hotspots.action import attachments, records, tasks
from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.action.records import Audit
from hotspots.action.records.copies import backup, restore
from hotspots.errors import SelectionError
from tests.action.test_plans import TODAY, begin

NOTE = b"Lamps mended on Tuesday.\n"


@pytest.fixture
def held(tmp_path):
    held = records.open_records(tmp_path)
    yield held
    held.engine.dispose()


@pytest.fixture
def plan(held):
    with held.session() as session:
        made = begin(session)
        told = {"who": "PC Green", "what": "Mend", "agency": "Council", "role": "", "due": TODAY}
        tasks.add(session, made.id, **told)
        return made.id


def add(held, plan, content=NOTE, name="notes.exe", **asked):
    with held.session() as session:
        return attachments.add(session, plan, content, name=name, who="PC Green", **asked).id


def trail(held):
    with held.reading() as session:
        return [(line.kind, line.who, line.what) for line in session.scalars(select(Audit))]


def test_a_file_comes_back_as_it_was_and_the_trail_says_who_had_it(held, plan):
    number = add(held, plan, task=1)
    with held.reading() as session:
        (row,) = attachments.of_plan(session, plan)
        assert (row.name, row.kind, row.size, row.task_id) == (
            "notes.txt",
            "Plain text",
            len(NOTE),
            1,
        )
        assert row.sha256 == hashlib.sha256(NOTE).hexdigest()
        assert "content" in inspect(row).unloaded, "a list does not read the files"
    assert attachments.take(held, number, who="Sgt Brown") == NOTE
    assert attachments.take(held, number, who="A. Clerk", outside="Council") == NOTE
    kinds = [(kind, who) for kind, who, what in trail(held) if "file" in what]
    assert kinds == [
        ("collection", "PC Green"),
        ("consultation", "Sgt Brown"),
        ("disclosure", "A. Clerk"),
    ]
    with pytest.raises(SelectionError, match="Give your name"):
        attachments.take(held, number, who="")


def test_a_removed_file_is_gone_and_that_it_was_there_is_kept(held, plan):
    number = add(held, plan)
    with held.session() as session:
        attachments.remove(session, number, who="Sgt Brown")
    with pytest.raises(SelectionError, match="no longer kept"):
        attachments.take(held, number, who="PC Green")
    with pytest.raises(SelectionError, match="no longer kept"), held.session() as session:
        attachments.remove(session, number, who="Sgt Brown")
    with held.reading() as session:
        assert attachments.of_plan(session, plan) == []
        assert session.scalar(text("SELECT length(content) FROM attachment")) == 0
    assert trail(held)[-1] == ("erasure", "Sgt Brown", f"plan {plan}: file 1 removed, notes.txt")
    assert add(held, plan) != number, "the same file may be added again"


def test_bounds_are_kept(held, plan, monkeypatch):
    with pytest.raises(SelectionError, match="not kept"):
        add(held, plan, b"MZ\x90\x00\x03")
    with pytest.raises(SelectionError, match="not a task"):
        add(held, plan, task=9)
    monkeypatch.setattr(attachments, "LARGEST", 100)
    with pytest.raises(SelectionError, match="at most"):
        add(held, plan, b"a" * 101)
    monkeypatch.setattr(attachments, "OF_A_PLAN", 150)
    add(held, plan, b"a" * 90)
    with pytest.raises(SelectionError, match="same file"):
        add(held, plan, b"a" * 90)
    with pytest.raises(SelectionError, match="remove some first"):
        add(held, plan, b"b" * 90)
    monkeypatch.setattr(attachments, "OF_ALL", 150)
    with held.session() as session:
        other = begin(session, key="SJ13").id
    with pytest.raises(SelectionError, match="All files together"):
        add(held, other, b"b" * 90)
    with held.session() as session:
        session.get(Plan, plan).status = CLOSED
    with pytest.raises(SelectionError, match="closed plan"):
        add(held, plan, b"c")
    assert sum("added" in what for _, _, what in trail(held)) == 1


def test_a_file_altered_behind_the_records_back_is_not_handed_out(held, plan):
    number = add(held, plan)
    with held.engine.begin() as connection:
        connection.execute(text("UPDATE attachment SET content = :c"), {"c": b"MZ"})
    with pytest.raises(SelectionError, match="not what was added"):
        attachments.take(held, number, who="PC Green")


def test_files_go_with_their_plan_and_come_back_with_a_backup(held, plan, tmp_path):
    number = add(held, plan)
    copy = backup(held, tmp_path / "copy.sqlite")
    with held.engine.begin() as connection:
        connection.execute(text("DELETE FROM task"))
        connection.execute(text("DELETE FROM plan"))
    with held.reading() as session:
        assert attachments.of_plan(session, plan) == []
    restore(held, copy, by="Admin")
    assert attachments.take(held, number, who="PC Green") == NOTE
