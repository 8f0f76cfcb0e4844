"""The Records page: the trail as it was written, and a chain that is broken said so."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from hotspots.action.records import note, open_records
from hotspots.action.roles import FIRST, PAGES
from hotspots.app.pages import PATHS

PROJECT = Path(__file__).parent.parent.parent
HOSTILE = "<img src=x onerror=alert(1)> `=1+1`"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def page():
    from hotspots.app.pages import records

    records.show(None)


def opened():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def written(folder, lines=3):
    held = open_records(folder)
    with held.session() as session:
        for number in range(lines):
            kind = "alteration" if number else "disclosure"
            note(session, kind, f"Person {number}", f"did {number} {HOSTILE}", "because")
    return held


def test_before_anything_is_recorded_the_page_says_so():
    app = opened()
    assert app.title[0].value == "Nothing has been recorded yet"
    assert "Each line is there for good" in app.caption[0].value


def test_the_trail_is_shown_newest_first_and_by_kind(folder):
    written(folder)
    app = opened()
    assert app.title[0].value == "The audit trail is whole: 3 lines"
    (table,) = app.table
    assert list(table.value["Who"]) == ["Person 2", "Person 1", "Person 0"]
    assert "\\<img" in table.value["What"].iloc[0], "mark-up is shown as text"
    app.segmented_control(key="kind of line").set_value("disclosure").run()
    (table,) = app.table
    assert list(table.value["Who"]) == ["Person 0"]


def test_a_trail_that_was_changed_is_said_to_be_broken(folder):
    held = written(folder)
    with held.session() as session:
        for (name,) in session.execute(
            text("select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'")
        ).all():
            session.execute(text(f'drop trigger "{name}"'))
        session.execute(text("update audit set what = 'nothing' where id = 2"))
    app = opened()
    assert app.title[0].value == "The audit trail is broken at line 2"
    assert "backup" in app.error[0].value


def test_every_page_has_its_address_and_its_place_among_the_roles():
    offered = re.findall(r'\(\w+, "(\w+)", "(\w*)"\)', (PROJECT / "dashboard.py").read_text())
    assert [path or FIRST for _, path in offered] == [FIRST, *PATHS]
    assert {path or FIRST: name for name, path in offered} == PAGES
