"""The Records page: the trail as it was written, and a chain that is broken said so."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from streamlit.testing.v1 import AppTest

from hotspots.action import visits
from hotspots.action.records import note, open_records
from hotspots.action.roles import FIRST, PAGES
from hotspots.action.visits import Visit
from hotspots.app.pages import PATHS
from tests.action.records.log_visits import entry

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
    table = app.table[0]
    assert list(table.value["Who"]) == ["Person 2", "Person 1", "Person 0"]
    assert "\\<img" in table.value["What"].iloc[0], "mark-up is shown as text"
    app.segmented_control(key="kind of line").set_value("disclosure").run()
    table = app.table[0]
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


def past_its_time(folder, **facts):
    held = open_records(folder)
    visits.log(held, [entry(0, **facts)], by="PC Green")
    with held.session() as session:
        began = datetime(2015, 6, 1, tzinfo=UTC)
        session.execute(update(Visit).values(started=began, ended=began + timedelta(hours=1)))
    return held


def decide(app, *, what, why="", sure=False):
    app.radio[0].set_value(what)
    app.text_input[0].set_value(why)
    app.checkbox[0].set_value(sure)
    return next(one for one in app.button if one.label == "Decide").click().run()


def test_what_is_past_its_time_is_kept_with_a_reason_or_erased(folder):
    held = past_its_time(folder, seen=HOSTILE)
    app = opened()
    assert any("1 thing to decide on" in one.value for one in app.markdown)
    (table,) = (one for one in app.table if "Time was up" in one.value)
    assert list(table.value["What"]) == ["1 visit of June 2015"]
    assert "Tick that you know" in decide(app, what="Erase for good", why="Rule").info[0].value
    assert "Say why" in decide(app, what="Keep longer").error[0].value
    app = decide(opened(), what="Erase for good", why="Rule", sure=True)
    assert not app.exception
    said = " ".join(one.value for one in app.success).replace("\\", "")
    assert "Erased: 1 visit of June 2015" in said
    assert "No backup" in said
    assert visits.visits(held).empty
    assert app.title[0].value.startswith("The audit trail is whole")
    assert "what it said was erased" in " ".join(app.table[0].value["What"])


def test_what_is_kept_longer_says_why(folder):
    past_its_time(folder)
    app = decide(opened(), what="Keep longer", why=f"A trial {HOSTILE}")
    assert any("Nothing is past its time" in one.value for one in app.markdown)
    (table,) = (one for one in app.table if "Kept until" in one.value)
    assert "\\<img" in table.value["Why"].iloc[0]
