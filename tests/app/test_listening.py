"""The facilitator's page: a meeting opened, an answer kept, looked at, and then shown."""

import pytest
from streamlit.testing.v1 import AppTest

from hotspots.action import listening
from hotspots.action.assembly_result import heard
from hotspots.action.records import open_records
from hotspots.action.resident_answer import Answer


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def page():
    from hotspots.app import controls, data_store
    from hotspots.app.pages import listening as shown

    shown.show(controls.ask(data_store.dataset().choices, has_residents=True))


def opened():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def named(elements, label):
    return next(one for one in elements if one.label == label)


def words(app):
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.success)
    return " ".join(element.value for kind in kinds for element in kind)


def test_a_meeting_from_beginning_to_end(folder):
    app = opened()
    named(app.text_input, "Name of the meeting").input("Crewe assembly")
    named(app.multiselect, "Wards it is about").set_value(["X05000033"])
    named(app.text_input, "Your name").input("Ann")
    app = named(app.button, "Open the meeting").click().run()
    assert not app.exception
    assert "is open" in words(app)
    assert "No one has answered yet" in words(app)
    records = open_records(folder)
    meeting = listening.meetings(records).index[0]
    named(app.text_input, "In your own words, if you like").input("<b>Too dark</b> by the park")
    app = named(app.button, "Keep this answer").click().run()
    assert "1 answer kept" in words(app)
    assert "No one has answered yet" in words(app)
    assert "Too dark" not in words(app)
    named(app.text_input, "Your name").input("Ann")
    moderator = next(one for one in app.text_input if one.key == "moderator")
    moderator.input("Ann")
    app = named(app.button, "Done: show those with a tick, refuse the rest").click().run()
    assert not app.exception
    # Nobody ticked what was written, so it was refused.
    assert heard(records, meeting).people == 0
    assert len(listening.answers(records, meeting, listening.REFUSED)) == 1
    assert "No one has answered yet" in words(app)
    app = named(app.button, "End the meeting: take no more answers").click().run()
    assert "has ended" in words(app)


def test_a_meeting_needs_a_ward_and_a_name():
    app = opened()
    app = named(app.button, "Open the meeting").click().run()
    assert "at least one ward" in app.error[0].value


def test_what_was_said_stands_beside_what_was_reported(folder):
    records = open_records(folder)
    app = opened()
    assert "What the assembly says" in app.title[0].value
    meeting = listening.open_meeting(
        records,
        name="Crewe",
        area="X05000033",
        hexagons={"H2-2": "Crewe Centre, south side"},
        picture="",
        by="Ann",
    )
    answers = {f"{n:032x}": Answer(("H2-2",), ("lights",)) for n in range(4)}
    listening.take(records, meeting, answers, way="paper")
    listening.moderate(records, meeting, list(answers), show=True, by="Ann")
    app = opened()
    assert "4 people answered" in words(app)
    tables = [table.value.to_string() for table in app.table]
    assert any("Better lights" in table for table in tables)
    assert any("Crewe Centre" in table and "–" in table for table in tables)
