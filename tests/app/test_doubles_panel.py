"""Suspected doubles on the pages: said beside the total, decided by a person, taken back."""

import pytest

from hotspots.action.double_decisions import OPEN, SAME, decisions
from hotspots.action.records import open_records
from hotspots.library import Library
from hotspots.study.doubles import suspects
from tests.app.test_dashboard import empty_library, opened, words
from tests.two_sources import two_sources

__all__ = ["empty_library"]


# Unasked, only the police's reports are counted.
BOTH = "police-uk council"


@pytest.fixture
def both(monkeypatch):
    """Police and council held by the library, whatever it was given."""
    table, _ = two_sources(weeks=40)
    monkeypatch.setattr(Library, "incidents", lambda self: table)
    monkeypatch.setattr(Library, "identity", lambda self: "two sources ")
    return table


def decide(app, verdict, why="same caller", who="PC Green"):
    next(box for box in app.text_input if box.label == "How you know").set_value(why)
    next(box for box in app.text_input if box.label == "Your name").set_value(who)
    next(box for box in app.radio if box.label == "They are").set_value(verdict)
    button = next(one for one in app.button if one.label == "Record it")
    return button.click().run()


def test_totals_say_what_may_be_counted_twice(both):
    app = opened(sources=BOTH)
    assert not app.exception
    number = len(suspects(both).pairs)
    assert f"Up to {number} of these reports may be counted twice" in words(app)


def test_a_decision_counts_once_and_can_be_taken_back(both, empty_library):
    app = opened("data", sources=BOTH)
    assert not app.exception
    assert "Counted twice?" in words(app)
    number = len(suspects(both).pairs)
    app = decide(app, SAME)
    assert not app.exception
    (standing,) = decisions(open_records(empty_library)).values()
    assert (standing.verdict, standing.who, standing.why) == (SAME, "PC Green", "same caller")
    assert f"Up to {number - 1} of these reports" in words(app)
    assert "counted twice" not in words(opened()), "the police’s reports alone are counted"
    where = opened(sources=BOTH)
    assert f"Up to {number - 1} of these reports" in words(where)
    (change,) = [one for one in app.selectbox if one.label == "Decision"]
    assert change.options == ["No. 1"]


def test_nobody_and_no_reason_are_refused_in_a_sentence(both, empty_library):
    for nothing in ("", "\u200b"):
        app = decide(opened("data"), SAME, why=nothing, who="")
        assert "Say in a few words how you know" in app.error[0].value
    app = decide(opened("data"), SAME, who="")
    assert "Give your name" in app.error[0].value
    assert decisions(open_records(empty_library)) == {}


def test_nothing_of_it_stands_where_one_source_is_loaded():
    app = opened("data")
    assert "Counted twice?" not in words(app)
    assert OPEN not in [cell for box in app.radio for cell in box.options]
