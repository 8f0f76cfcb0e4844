"""Looks at restricted reports are noted once a session, under a name."""

import re
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.action.consulting import REASONS
from hotspots.action.records import Audit, exist, open_records
from hotspots.action.roles import ANALYST, Person
from hotspots.app import who
from hotspots.app.signing import ASKED_WHY
from hotspots.library import Library
from hotspots.library.months import COLUMNS
from tests.app.test_dashboard import PROJECT, empty_library, opened, with_a_reason
from tests.two_sources import two_sources

__all__ = ["empty_library"]


@pytest.fixture
def both(monkeypatch):
    table, _ = two_sources(weeks=40)
    monkeypatch.setattr(Library, "incidents", lambda self: table)
    monkeypatch.setattr(Library, "identity", lambda self: "looked at   ")
    row = dict.fromkeys(COLUMNS, "x") | {"rows": 1, "asb_rows": 1, "rows_without_place": 0}
    row |= {"source": "council", "month": pd.Period("2025-01", "M"), "grid": "EPSG:27700"}
    held = pd.DataFrame([row])
    monkeypatch.setattr(Library, "catalogue", lambda self: held)


def lines(folder):
    with open_records(folder).reading() as session:
        return [one for one in session.scalars(select(Audit)) if "Looked at" in one.what]


def test_a_look_is_noted_once_a_session(both, empty_library, monkeypatch):
    monkeypatch.setenv("LOGNAME", "jbloggs")
    app = opened(sources="council")
    assert not app.exception
    app.run()
    (line,) = lines(empty_library)
    assert (line.who, line.kind, line.why) == ("jbloggs", "consultation", REASONS[0])
    assert line.what.startswith("Looked at reports of council on the page Where, ")
    assert line.what.endswith("as analyst")


def test_nothing_is_drawn_before_the_reason_is_given(both, empty_library):
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.query_params["sources"] = "council"
    app.run()
    assert app.title[0].value == "Before you look"
    assert not app.dataframe
    assert not exist(empty_library) or lines(empty_library) == []
    (box,) = (one for one in app.selectbox if str(one.key).startswith(ASKED_WHY))
    assert box.value is None
    app = box.select(REASONS[1]).run()
    assert not app.exception
    assert app.title[0].value != "Before you look"
    (line,) = lines(empty_library)
    assert line.why == REASONS[1]
    app.slider(key="radius").set_value(150).run()
    assert app.title[0].value != "Before you look", "it is asked once"


def test_a_command_gives_its_reason(both, empty_library, monkeypatch):
    done = CliRunner().invoke(command_line, ["--why", "An audit", "areas"])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(command_line, ["areas"]).exit_code == 0
    whys = [line.why for line in lines(empty_library)]
    assert whys == ["An audit", "no reason given; a command gives one by --why"]


def looked_at(page):
    """What dashboard.py does before a page is drawn."""
    import streamlit as st

    from hotspots.app import controls, data_store, signing

    dataset = data_store.dataset()
    selection = controls.ask(dataset.choices, has_residents=False)
    if signing.may_look(page, selection, dataset):
        st.write("drawn")


def test_the_data_page_shows_every_source_and_is_noted_whichever_is_counted(both, empty_library):
    for page in ("Where", "Data"):
        app = AppTest.from_function(looked_at, args=(page,), default_timeout=60)
        app.query_params["sources"] = "police-uk"
        app = app.run()
        assert not app.exception
        assert (app.markdown[0].value == "drawn") == (page == "Where")
    assert not exist(empty_library) or lines(empty_library) == []
    assert app.markdown[0].value.startswith("This page shows reports of every source")
    app = with_a_reason(app)
    assert app.markdown[0].value == "drawn"
    (line,) = lines(empty_library)
    assert line.what == (
        "Looked at reports of council on the page Data, everything loaded, as analyst"
    )


def test_a_look_at_open_data_alone_is_not_noted(both, empty_library):
    opened(sources="police-uk")
    assert not exist(empty_library) or lines(empty_library) == []


def test_open_data_is_not_noted(empty_library):
    opened()
    assert not exist(empty_library) or lines(empty_library) == []


def signing_form():
    import streamlit as st

    from hotspots.app import person

    with st.form("any"):
        st.write(f"Signed: {person.sign('some-who')}.")
        st.form_submit_button("Do it", on_click=lambda: st.session_state.update(by=_by()))

    def _by():
        return person.signed("some-who")


@pytest.mark.parametrize("name", ["", "A. Clerk"])
def test_a_form_asks_for_a_name_only_where_nobody_signed_in(monkeypatch, name):
    monkeypatch.setattr(who, "person", lambda: Person(name, ANALYST, alone=not name))
    app = AppTest.from_function(signing_form).run()
    assert not app.exception
    assert [box.label for box in app.text_input] == ([] if name else ["Your name"])
    if not name:
        app.text_input[0].set_value("PC Green")
    app.button[0].click().run()
    assert not app.exception
    assert app.session_state["by"] == (name or "PC Green")


def test_no_form_of_the_app_asks_for_a_name_by_itself():
    asks = re.compile(r'text_input\(\s*"Your name')
    app = Path(who.__file__).parent
    found = {path.name for path in app.rglob("*.py") if asks.search(path.read_text("utf-8"))}
    # Who asks there takes the name of the sign-in first.
    assert found == {"person.py", "planning.py", "delivered.py"}
