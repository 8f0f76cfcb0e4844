"""Every page, role and source: who gets in, what they are told, and what is in their data."""

import importlib
import pickle
import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from hotspots.action.records import Audit, open_records
from hotspots.action.roles import ADMINISTRATOR, NOBODY, PARTNER, ROLES, Person, may_open
from hotspots.app import callers, controls, data_store, store, who
from hotspots.app.pages import PATHS
from hotspots.errors import DeniedError
from hotspots.selection import Selection
from tests import planted
from tests.app.test_dashboard import PROJECT, with_a_reason
from tests.planted import AGENCY, CANARY, MARKS

PEOPLE = {
    role: Person(f"A {role}", role, "Crewe council" if role == PARTNER else "") for role in ROLES
}
PEOPLE["partner of the agency"] = Person("Their own", PARTNER, AGENCY)
# Which marks of the agency's reports each may see.
SEES = {
    "public": set(),
    "resident": set(),
    "partner": set(),
    "officer": set(MARKS) - {"repeat_key"},
    "supervisor": set(MARKS),
    "analyst": set(MARKS),
    "administrator": set(MARKS),
    "partner of the agency": set(MARKS),
}


def forget():
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="module", autouse=True)
def caches_of_its_own():
    """The sample has the same identity here and elsewhere, and not the same reports."""
    forget()
    yield
    forget()


@pytest.fixture(autouse=True)
def planted_data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    monkeypatch.setattr(data_store, "_everything", lambda *_: planted.dataset())
    return tmp_path


@pytest.fixture
def become(monkeypatch):
    def asking(name):
        monkeypatch.setattr(who, "person", lambda: PEOPLE[name])
        return PEOPLE[name]

    return asking


def opened(page=""):
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    if page:
        app.query_params["page"] = page
    return app.run()


@pytest.mark.parametrize("name", PEOPLE)
def test_the_data_of_a_role_hold_what_it_may_see_and_nothing_else(become, name):
    become(name)
    held = pickle.dumps(
        (data_store.dataset().held, data_store.dataset().incidents, data_store.dataset().holdings)
    ).decode("latin-1")
    assert {field for field, mark in MARKS.items() if mark in held} == SEES[name]


@pytest.fixture
def plain_pages(monkeypatch):
    """Pages that only say that they were opened: what they draw is tested elsewhere."""
    for page in ("where", *PATHS):
        module = importlib.import_module(f"hotspots.app.pages.{page}")
        monkeypatch.setattr(module, "show", lambda _, page=page: st.title(f"Opened {page}"))


@pytest.mark.usefixtures("plain_pages")
@pytest.mark.parametrize("page", ["where", *PATHS])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_role_opens_its_pages_and_is_told_of_the_others(become, name, page, planted_data):
    person = become(name)
    app = opened("" if page == "where" else page)
    assert not app.exception
    assert not app.error
    if page == "data" and may_open(person, page):
        assert app.title[0].value == "Before you look"
        app = with_a_reason(app)
    (title,) = (element.value for element in app.title)
    if may_open(person, page):
        assert title == f"Opened {page}"
        assert not app.info
        return
    assert title != f"Opened {page}"
    if (
        page == "where" or title == who.TITLE
    ):  # nothing was refused, or there is no page to say it on
        return
    assert app.info[0].value.replace("\\", "") == (
        f"The page {page.title()} is not for you as {person.words}."
    )
    with open_records(planted_data).reading() as session:
        (line,) = session.query(Audit).all()
    assert (line.who, line.kind) == (person.name, "consultation")
    assert line.what == f"refused: the page {page.title()}"


def test_a_selection_of_another_role_opens_no_cache(become):
    become("analyst")
    dataset = data_store.dataset()
    selection = Selection.default(dataset.choices)
    assert len(store.study(selection).asb)
    become("officer")
    with pytest.raises(Exception, match="your role has changed"):
        store.study(selection)
    with pytest.raises(DeniedError, match="your role has changed"):
        data_store.dataset(role="analyst")


def test_one_question_of_two_roles_is_two_answers(become):
    from dataclasses import replace

    counts = {}
    for name in ("officer", "partner", "partner of the agency", "public"):
        person = become(name)
        # A source that the reader may not see holds nothing for them, asked for or not.
        selection = replace(
            Selection.default(data_store.dataset().choices),
            role=person.key,
            sources=tuple(planted.dataset().sources),
            area=f"ward:{planted.dataset().wards.index[0]}",
        )
        counts[name] = len(store.study(selection).asb)
    assert counts["officer"] == counts["partner of the agency"]
    assert counts["partner"] == counts["public"]
    assert counts["officer"] > counts["public"]


def signed_in(monkeypatch, **claims):
    class User(dict):
        def to_dict(self):
            return dict(self)

    monkeypatch.setattr(callers, "sign_in_configured", lambda: True)
    monkeypatch.setattr(who.st, "user", User(claims))


CLAIMS = {
    "is_logged_in": True,
    "email": "root@police.example",
    "email_verified": True,
    "name": "Root",
}


@pytest.fixture
def listed(planted_data):
    text = '[people]\n"root@police.example" = "administrator"\n'
    (planted_data / "roles.toml").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("listed")
def test_a_sign_in_holds_until_its_time_and_not_a_second_longer(monkeypatch):
    signed_in(monkeypatch, **CLAIMS, exp=time.time() + 60)
    assert who.person().role == ADMINISTRATOR
    for past in (time.time() - 1, None, "tomorrow"):
        signed_in(monkeypatch, **CLAIMS, exp=past)
        assert who.person() == NOBODY
    signed_in(monkeypatch, **CLAIMS | {"is_logged_in": False}, exp=time.time() + 60)
    assert who.person() == NOBODY


def test_a_role_taken_away_ends_at_once(monkeypatch, listed, planted_data):
    signed_in(monkeypatch, **CLAIMS, exp=time.time() + 60)
    assert who.person().role == ADMINISTRATOR
    (planted_data / "roles.toml").write_text("[people]\n", encoding="utf-8")
    assert who.person().role == "public"


@pytest.mark.usefixtures("listed")
def test_a_list_without_a_way_to_sign_in_makes_everybody_the_public():
    app = opened()
    assert "no way to sign in is set up" in app.warning[0].value
    assert not app.dataframe


@pytest.mark.usefixtures("plain_pages")
@pytest.mark.parametrize(("name", "lines"), [("officer", 1), ("partner", 0)])
def test_looking_at_what_is_not_open_is_in_the_trail_once(become, name, lines, planted_data):
    become(name)
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    agency = [code for code, source in planted.dataset().sources.items() if source == AGENCY]
    app.query_params.update(Selection.default(planted.dataset().choices).to_query())
    app.query_params["sources"] = " ".join(agency)
    app = with_a_reason(app.run())
    app.run()
    assert not app.exception
    with open_records(planted_data).reading() as session:
        held = [(line.who, line.kind, line.what, line.details) for line in session.query(Audit)]
    assert len(held) == lines
    for who_looked, kind, what, details in held:
        assert (who_looked, kind) == ("A officer", "consultation")
        assert what.startswith(f"Looked at reports of {AGENCY} on the page Where, ")
        assert details["sources"] == [AGENCY]


def test_the_whole_is_asked_for_in_no_page():
    for page in (PROJECT / "hotspots" / "app" / "pages").glob("*.py"):
        assert "everything(" not in page.read_text(encoding="utf-8"), page


def test_a_refusal_is_kept_among_what_the_reader_is_told(become):
    become("partner")
    app = opened("patrol")
    assert controls._NOTICES in app.session_state
    assert CANARY not in str(app)
