"""A sample is drawn, read blind, answered; what had fired is told afterwards."""

import pytest

from hotspots.action import reviews
from hotspots.action.records import open_records
from hotspots.library import Library
from tests.app.test_dashboard import empty_library, opened, words
from tests.builders import with_columns
from tests.two_sources import two_sources

__all__ = ["empty_library"]


@pytest.fixture
def council(monkeypatch):
    table, _ = two_sources(police=60, council=60, doubles=0)
    kinds = ["Threats made again", "Loud music", "<b>Knife</b>", None]
    table = with_columns(table, kind=[kinds[number % 4] for number in range(len(table))])
    monkeypatch.setattr(Library, "incidents", lambda self: table)
    monkeypatch.setattr(Library, "identity", lambda self: "reviewable  ")
    return table


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_a_sample_is_drawn_answered_and_told(council, empty_library):
    app = opened("data")
    assert not app.exception
    assert "The words fire on 30 of 60 records" in words(app)
    app = button(app, "Draw a new sample").click().run()
    assert not app.exception
    assert "20 to read" in words(app)
    drawn = reviews.items(open_records(empty_library))
    first = drawn.iloc[0]
    assert first["words"] not in words(app) or not first["fired"] or "Recorded as" in words(app)
    next(one for one in app.radio if one.label == "Your answer").set_value("yes")
    app = button(app, "Next").click().run()
    assert not app.exception
    assert "19 to read" in words(app)
    assert "It had" in words(app)
    assert reviews.items(open_records(empty_library))["answer"].tolist().count("yes") == 1


def test_without_an_answer_nothing_is_kept(council, empty_library):
    app = button(opened("data"), "Draw a new sample").click().run()
    app = button(app, "Next").click().run()
    assert any("Choose an answer first" in one.value for one in app.error)
    assert (reviews.items(open_records(empty_library))["answer"] == "").all()


def test_police_data_of_months_has_nothing_to_review():
    assert "there is nothing to review" in words(opened("data")).replace("\n", " ")


def test_words_that_cannot_be_read_are_said(council, empty_library):
    (empty_library / "review_terms.toml").write_text("= =")
    app = opened("data")
    assert not app.exception
    assert "cannot be read as TOML" in app.error[0].value
