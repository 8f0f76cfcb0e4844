"""The dispersal pack: a draft and never a decision, measured, on paper as on the page."""

import pypdfium2
import pytest
from streamlit.testing.v1 import AppTest

from hotspots.views import dispersal_words
from tests.app.test_patrol import page, press
from tests.app.test_week import table

HOSTILE = '#eval("1") *x* <img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def opened():
    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["patrol-part"] = "dispersal"
    app.run()
    assert not app.exception
    return app


def said(app):
    return " ".join(element.value for element in app.markdown)


def paper(app):
    body = app.session_state["dispersal made"][1]
    return [each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(body)]


def test_a_patrol_area_is_measured_and_put_in_draft():
    app = opened()
    assert "who alone decides" in app.warning[-1].value
    assert "of antisocial behaviour lay inside it" in said(app)
    assert len(table(app, "Month")) == 12
    assert "no hour" in said(app)
    press(app, "Make the draft (PDF)")
    (only,) = paper(app)
    for words in (
        "OFFICIAL · DRAFT, NOT AN AUTHORISATION",
        "articles 10 and 11",
        "at most 48 hours",
    ):
        assert words in " ".join(only.split()), words


def test_what_is_typed_is_text_and_the_place_is_checked():
    app = opened()
    app.radio(key="dispersal-from").set_value("circle").run()
    assert "Say where" in app.info[-1].value
    app.text_input(key="dispersal-centre").set_value("nowhere").run()
    assert "cannot be read" in app.error[0].value
    app.text_input(key="dispersal-centre").set_value("TQ 3000 8000").run()
    assert "a name" in app.error[0].value
    app.text_input(key="dispersal-name").set_value(HOSTILE).run()
    assert "outside the study area" in app.error[0].value
    app.text_input(key="dispersal-centre").set_value("361000, 367000").run()
    assert not app.error
    app.text_area(key="dispersal-grounds").set_value(HOSTILE).run()
    press(app, "Make the draft (PDF)")
    assert paper(app)[0].count('#eval("1")') >= 3


def test_no_more_than_48_hours_can_be_asked():
    app = opened()
    assert app.number_input(key="dispersal-hours").max == dispersal_words.MOST_HOURS == 48


def test_grounds_that_were_changed_stay_until_the_locality_changes():
    app = opened()
    app.text_area(key="dispersal-grounds").set_value("Mine.").run()
    assert app.text_area(key="dispersal-grounds").value == "Mine."
    app.selectbox(key="dispersal-area").set_value(2).run()
    assert "Locality: P2" in app.text_area(key="dispersal-grounds").value
