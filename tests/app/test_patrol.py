"""The Patrol page on the sample, as data: what is asked is placed, what is changed is kept."""

import json
from datetime import UTC, datetime

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from hotspots.action import patrol_log
from hotspots.analysis.patrol_edits import Edit
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study

HOSTILE = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil","x")'


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    dataset = open_dataset(Library(tmp_path_factory.mktemp("nothing")))
    return study(dataset, Selection.default(dataset.choices))


@pytest.fixture(scope="module")
def areas(asked):
    return patrol(asked, find(asked), count=20, size_ha=5)


def page():
    import streamlit as st

    from hotspots.app import controls, data_store, panels
    from hotspots.app.pages import patrol
    from hotspots.errors import HotspotsError

    dataset = data_store.dataset(controls.vintage())
    selection = controls.ask(dataset.choices, has_residents=True)
    panels.banner(dataset)
    try:
        patrol.show(selection)
    except HotspotsError as error:
        st.error(str(error))


def opened():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def map_data(app):
    """What the map is told, as data."""
    (component,) = app.get("component_instance")
    script = json.loads(component.proto.json_args)["feature_group"]
    start = script.index("hotspotMap.draw(") + len("hotspotMap.draw(")
    return json.JSONDecoder().raw_decode(script[start:])[0]


def titles(app):
    return [item["title"] for item in map_data(app)["areas"]["items"]]


def fill(app, **fields):
    for key, value in fields.items():
        name = key.replace("_", "-")
        element = next(
            e
            for kind in (app.text_input, app.selectbox, app.number_input, app.text_area)
            for e in kind
            if e.key == name
        )
        element.set_value(value)
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def change(app, kind, **fields):
    app.radio(key="patrol-kind").set_value(kind).run()
    fill(app, patrol_reason="a reason", patrol_by="Sgt Ames", **fields)
    return press(app, "Record this change")


def test_the_page_shows_what_python_places(areas):
    app = opened()
    assert app.title[0].value == "20 patrol areas of up to 5 ha would have held 20% of reports"
    shown = app.dataframe[0].value
    assert shown.index.tolist() == [f"P{number}" for number in range(1, 21)]
    assert shown["Reports inside"].tolist() == areas["incidents"].tolist()
    assert shown["Mostly in hotspot"].tolist() == areas["hotspot"].astype(str).tolist()
    assert "describes the past" in " ".join(element.value for element in app.markdown)


def test_the_map_holds_areas_and_hotspots_as_two_kinds(areas):
    told = map_data(opened())
    assert {item["kind"] for item in told["areas"]["items"]} == {"area"}
    assert {item["kind"] for item in told["hotspots"]["items"]} == {"hotspot"}
    assert [item["sign"] for item in told["areas"]["items"]][:2] == ["P1", "P2"]
    assert told["label"].startswith("Map of patrol areas")
    assert told["selected"] is None


def test_how_many_and_how_large_are_obeyed(asked):
    app = opened()
    app.slider(key="patrol-count").set_value(3)
    app.slider(key="patrol-size").set_value(2).run()
    areas = patrol(asked, find(asked), count=3, size_ha=2)
    assert app.title[0].value.startswith("3 patrol areas of up to 2 ha")
    assert app.dataframe[0].value["Reports inside"].tolist() == areas["incidents"].tolist()
    assert "at most 3 patrol areas of up to 2 ha" in app.caption[0].value


def test_a_picked_area_has_its_card_and_is_offered_for_nudging(areas):
    app = opened()
    app.selectbox(key="patrol-pick").set_value(3).run()
    assert any(header.value.startswith("P3 · ") for header in app.subheader)
    assert f"{areas.loc[3, 'incidents']:,} reports inside" in " ".join(
        element.value for element in app.markdown
    )
    assert map_data(app)["selected"] == 3
    assert app.selectbox(key="nudge-area").value == 3


def test_a_nudge_moves_the_area_and_is_listed_and_undone(asked, areas, data):
    app = change(opened(), "nudge", nudge_area=2, nudge_way="east", nudge_metres=60)
    (edit,) = patrol_log.active(data, asked.selection.area)
    assert (edit.kind, edit.offset_m, edit.by) == ("nudge", (60.0, 0.0), "Sgt Ames")
    moved = app.dataframe[0].value
    assert moved["By hand"].tolist().count("nudged") == 1
    assert "1 change by hand" in app.caption[0].value
    assert "60 m further east" in app.table[-1].value["What"].iloc[0]
    assert app.text_input(key="patrol-by").value == "Sgt Ames", "the name is kept"
    assert app.text_input(key="patrol-reason").value == "", "the reason is not"
    fill(app, undo_reason="a mistake", undo_by="Insp Bell")
    press(app, "Undo this change")
    assert app.dataframe[0].value["Reports inside"].tolist() == areas["incidents"].tolist()
    assert app.table[-1].value["Undone"].iloc[0].startswith("Insp Bell")
    assert patrol_log.active(data, asked.selection.area) == ()


def test_a_pin_stands_where_it_was_put_and_is_picked(areas):
    place = areas.geometry.loc[1].centroid
    app = change(opened(), "pin", pin_place=f"{place.x + 900:.0f}, {place.y:.0f}")
    shown = app.dataframe[0].value
    assert shown["By hand"].tolist().count("pinned") == 1
    number = shown["By hand"].tolist().index("pinned") + 1
    assert map_data(app)["selected"] == number
    assert len(shown) == 20


def test_an_area_is_pinned_where_it_stands(asked, areas, data):
    app = change(opened(), "pin", pin_area=4)
    assert app.dataframe[0].value["By hand"].tolist().count("pinned") == 1
    (edit,) = patrol_log.active(data, asked.selection.area)
    assert edit.geometry.distance(areas.geometry.loc[4].centroid) < 0.02


def test_excluded_ground_is_drawn_and_held_by_no_area(asked, areas, data):
    lake = areas.geometry.loc[1].buffer(20).simplify(5)
    app = change(opened(), "exclude", exclude_outline=lake.wkt)
    assert len(map_data(app)["excluded"]["items"]) == 1
    edits = patrol_log.active(data, asked.selection.area)
    expected = patrol(asked, find(asked), count=20, size_ha=5, edits=edits)
    assert app.dataframe[0].value["Reports inside"].tolist() == expected["incidents"].tolist()
    assert not expected.intersects(lake.buffer(-0.1)).any()


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("pin", {"pin_place": "here"}, "cannot be read"),
        ("pin", {"pin_place": "TQ 3000 8000"}, "outside the study area"),
        ("pin", {}, "either a place or the area"),
        ("exclude", {}, "either the middle of a circle or an outline"),
        ("exclude", {"exclude_outline": "POINT (1 1)"}, "no polygon"),
        ("nudge", {"patrol_reason": " "}, "needs a reason and a name"),
        ("nudge", {"patrol_by": ""}, "needs a reason and a name"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_leaves_no_trace(data, kind, fields, said):
    app = opened()
    app.radio(key="patrol-kind").set_value(kind).run()
    fill(app, **{"patrol_reason": "a reason", "patrol_by": "Sgt Ames", **fields})
    press(app, "Record this change")
    assert said in " ".join(error.value for error in app.error)
    assert not (data / "records").exists()


def test_what_people_type_is_shown_as_text_and_never_as_mark_up(asked, data):
    pin = Edit("pin", shapely.Point(361_000, 367_000), HOSTILE, FORMULA, datetime.now(UTC))
    patrol_log.record(data, asked.selection.area, pin)
    app = opened()
    shown = app.table[-1].value
    assert "\\<img" in shown["Why"].iloc[0]
    assert shown["Who"].iloc[0].startswith("\\=HYPERLINK\\(")


def test_a_damaged_record_stops_the_page_rather_than_the_truth(data, asked):
    (data / "records").mkdir()
    (data / "records" / "patrol-edits.jsonl").write_text("nonsense\n{}\n")
    app = AppTest.from_function(page, default_timeout=60).run()
    assert "line 1 is damaged" in app.error[0].value
    assert not app.dataframe
