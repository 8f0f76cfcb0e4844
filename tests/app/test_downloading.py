"""Fetching on the Data page: nothing is asked before a person does, and a plan comes first."""

import pytest
from streamlit.testing.v1 import AppTest

from hotspots.app import downloading
from hotspots.errors import SourceError


class Planned:
    def sentences(self):
        return ["12 months of Cheshire from data.police.uk, 9 MB <img src=x onerror=alert(1)>"]


class Said:
    def sentences(self):
        return ["Read 12 files."]


def page():
    from hotspots.app import downloading, importing

    importing.said()
    downloading.box()


@pytest.fixture
def asked(monkeypatch):
    calls = []
    monkeypatch.setattr(
        downloading,
        "plan_fetch",
        lambda force, months, authorities: (
            calls.append((force, months, list(authorities))) or Planned()
        ),
    )
    monkeypatch.setattr(
        downloading, "fetch", lambda plan, library, progress: calls.append("fetched") or [Said()]
    )
    return calls


def opened():
    return AppTest.from_function(page, default_timeout=30).run()


def test_nothing_is_asked_of_anyone_by_opening_the_page(asked):
    app = opened()
    assert not app.exception
    assert asked == []


def test_the_plan_is_shown_and_only_then_downloaded(asked):
    app = opened()
    app.text_input[0].set_value("Cheshire")
    app.button[0].click().run()
    assert asked == [("Cheshire", 12, [])]
    assert "12 months of Cheshire" in app.markdown[0].value
    assert "<img" not in app.markdown[0].value.replace("\\<", "")
    app.button[1].click().run()
    assert asked[-1] == "fetched"
    assert "Read 12 files" in app.success[0].value


def test_local_authorities_are_chosen_by_name(asked):
    app = opened()
    app.text_input[0].set_value("Cheshire")
    app.text_area[0].set_value(" Cheshire East\n\nBristol, City of\n")
    app.button[0].click().run()
    assert asked == [("Cheshire", 12, ["Cheshire East", "Bristol, City of"])]


def test_a_failure_is_one_sentence(monkeypatch):
    def refuse(force, months, authorities):
        raise SourceError(f"data.police.uk does not know “{force}”.")

    monkeypatch.setattr(downloading, "plan_fetch", refuse)
    app = opened()
    app.text_input[0].set_value("Narnia")
    app.button[0].click().run()
    assert "does not know" in app.error[0].value
    assert not app.exception
