"""The week's plan on the Patrol page: asked for, made again, kept; a fair test drawn and ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pypdfium2
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from hotspots.action import fair_test_records, plans, visits, week_records
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry
from hotspots.library import Library, import_roads
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study
from hotspots.views.sheet_words import ACTIVITIES
from tests.action.test_plans import comparison
from tests.app.test_patrol import page, press

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def opened():
    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["patrol-part"] = "week"
    app.session_state["week-first"] = MONDAY
    app.run()
    assert not app.exception
    return app


def said(app):
    return " ".join(element.value for element in app.markdown)


def fill(app, **fields):
    for key, value in fields.items():
        app.text_input(key=key.replace("_", "-")).set_value(value)


def table(app, first):
    return next(each.value for each in app.table if each.value.index.name == first)


def test_three_units_on_lates_are_planned_for_at_once():
    app = opened()
    assert "in 336 officer-hours" in said(app)
    assert "44 areas single-crewed, 22 double-crewed" in said(app)
    assert len(table(app, "Shift")) == 21
    assert "no hour, so visits are spread evenly" in " ".join(c.value for c in app.caption)


def test_ways_run_along_roads_once_some_are_loaded(data):
    app = opened()
    captions = " ".join(c.value for c in app.caption)
    assert "no network of streets is loaded" in captions
    bounds = open_dataset(Library(data)).bounds
    west, south, east, north = bounds
    streets = [
        shapely.LineString([(x, y) for y in np.arange(south, north, 250)])
        for x in np.arange(west, east, 250)
    ]
    streets += [
        shapely.LineString([(x, y) for x in np.arange(west, east, 250)])
        for y in np.arange(south, north, 250)
    ]
    gpd.GeoDataFrame(geometry=streets, crs=27700).to_file(data / "town.gpkg")
    import_roads([data / "town.gpkg"], Library(data), bounds=bounds)
    captions = " ".join(c.value for c in app.run().caption)
    assert "the shortest along the roads and paths loaded" in captions
    assert "no network" not in captions


def test_a_shorter_week_and_one_who_cannot_come():
    app = opened()
    app.number_input(key="week-0-units").set_value(2)
    press(app, "Plan the week")
    assert "in 224 officer-hours" in said(app)
    app.multiselect(key="week-absent").set_value(["Mon 23 Nov · Lates 1 · 15:00"]).run()
    assert "in 208 officer-hours" in said(app)
    assert len(table(app, "Shift")) == 13


def test_terms_that_cannot_be_kept_are_said_and_the_form_stays():
    app = opened()
    app.number_input(key="week-0-hours").set_value(2)
    press(app, "Plan the week")
    assert "No plan was made" in app.error[0].value
    assert app.number_input(key="week-0-hours").value == 2


def test_an_area_left_out_says_so(data):
    app = opened()
    assert app.multiselect(key="week-excluded").options[0].startswith("P1 · ")
    dataset = open_dataset(Library(data))
    asked = study(dataset, Selection.default(dataset.choices))
    key = patrol(asked, find(asked), count=20, size_ha=5)["key"].loc[1]
    app.multiselect(key="week-excluded").set_value([key])
    press(app, "Plan the week")
    why = table(app, "Area")["Why it has no visit"]
    assert why.str.contains("left out by hand").sum() == 1


def test_a_plan_is_kept_with_a_name_and_not_without(data):
    app = opened()
    press(app, "Keep this plan")
    assert "Give your name" in app.error[0].value
    fill(app, keep_by="Sgt <b>Ames</b>")
    press(app, "Keep this plan")
    assert "is kept" in app.success[0].value
    area = app.session_state["area"]
    held = week_records.planned(open_records(data), study_area=area)
    assert len(held) > 100


def test_a_fair_test_is_drawn_followed_and_ended(data):
    app = opened()
    fill(app, test_by="Insp Bell", test_why="Do visits help?")
    press(app, "Draw, and put it on record")
    area = app.session_state["area"]
    test, _, _ = fair_test_records.running_test(open_records(data), area, MONDAY)
    assert "A fair test runs from 23 November 2026" in app.info[-1].value
    why = table(app, "Area")["Why it has no visit"]
    assert why.str.contains("control of the fair test").sum() == len(test.held_back(MONDAY))
    sides = table(app, "Side")["Areas"]
    assert sides.loc["Waiting"] == sides.loc["Visited"] == str(len(test.held_back(MONDAY)))
    fill(app, end_by="Insp Bell", end_why="no officers")
    press(app, "End the test early")
    assert fair_test_records.running_test(open_records(data), area, MONDAY) is None


def pages_of(body):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(body)]


def test_a_briefing_has_a_page_for_the_shift_and_one_for_each_of_its_areas():
    app = opened()
    lines = [*ACTIVITIES, "Check the bus shelter.", "#eval(1)"]
    app.text_area(key="brief-todo").set_value("\n".join(lines)).run()
    app.selectbox(key="brief-marking").set_value("OFFICIAL-SENSITIVE").run()
    press(app, "Make the briefing of this shift")
    pages = pages_of(app.session_state["brief made"][1])
    shift = table(app, "When")
    assert len(pages) == 1 + shift["Area"].nunique()
    assert all("made up" in page and "OFFICIAL-SENSITIVE" in page for page in pages)
    assert all("Check the bus shelter." in page and "#eval(1)" in page for page in pages[1:])
    assert all("Visits planned this week" in page for page in pages[1:])
    assert all(f"{name.split()[0]} " in pages[0] for name in shift["Area"])


def test_a_picked_area_has_a_sheet_of_one_page():
    app = AppTest.from_function(page, default_timeout=120).run()
    app.selectbox(key="patrol-pick").set_value(3).run()
    press(app, "Make the sheet of P3")
    (only,) = pages_of(app.session_state["sheet made"][1])
    for heading in ("What is reported", "How sure", "In 15 minutes", "What has been tried"):
        assert heading in only


def test_what_has_been_tried_is_found_by_ground_and_not_by_name_alone(data):
    dataset = open_dataset(Library(data))
    asked = study(dataset, Selection.default(dataset.choices))
    ground = patrol(asked, find(asked), count=20, size_ha=5).geometry.loc[3]
    records, here = open_records(data), comparison()
    with records.session() as session:
        for problem, place in (
            ("Cars race here", ground.centroid.buffer(20)),
            ("Cars race elsewhere", shapely.transform(ground, _away)),
        ):
            shapes = np.array([place, *here.shapes[1:]])
            plans.begin(
                session,
                who="PC Green",
                comparison=replace(here, shapes=shapes),
                place="Somewhere",
                key=f"XX{len(problem)}",
                data="0" * 12,
                scanning=["8 reports."],
                written={"problem": problem},
            )
    now = datetime.now(UTC).replace(microsecond=0)
    told = {"study_area": asked.selection.area, "area_name": "x"}
    some = [
        Entry(
            area=key,
            outline=outline,
            started=now - timedelta(days=number + 1),
            ended=now - timedelta(days=number + 1, minutes=-15),
            **told,
        )
        for number, (key, outline) in enumerate(
            [("OLD", ground.buffer(-20).wkt), ("FAR", shapely.transform(ground, _away).wkt)]
        )
    ]
    visits.log(records, some, by="PC Green")
    app = AppTest.from_function(page, default_timeout=120).run()
    app.selectbox(key="patrol-pick").set_value(3).run()
    press(app, "Make the sheet of P3")
    (only,) = pages_of(app.session_state["sheet made"][1])
    assert "Cars race here" in only
    assert "Cars race elsewhere" not in only
    assert "Visits logged in the last 13 weeks: 1." in " ".join(only.split())


def _away(xy):
    return xy + 3_000
