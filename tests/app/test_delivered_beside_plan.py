"""The Delivered part of the Patrol page: what was made beside what was planned."""

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from hotspots.action import visits, week_records
from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study
from tests.app.test_patrol import page


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def opened():
    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["patrol-part"] = "delivered"
    app.run()
    assert not app.exception
    return app


def test_nothing_planned_and_nothing_delivered_is_said():
    assert "No visit has been logged" in " ".join(each.value for each in opened().markdown)


def test_what_was_delivered_stands_beside_what_was_planned(data):
    dataset = open_dataset(Library(data))
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=20, size_ha=5)
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    plan = make_plan(areas, [Shift(day, "Lates 1", 15 * 60, 480, 2, "car")], Terms())
    records, area = open_records(data), asked.selection.area
    told = {"study_area": area, "data": "abc", "by": "Sgt Ames"}
    week_records.keep_plan(records, plan, areas, **told)
    first = plan.visits.iloc[0]
    entry = Entry(
        area=first["key"],
        area_name="Here",
        study_area=area,
        started=first["starts"].to_pydatetime(),
        ended=first["ends"].to_pydatetime(),
        officers=2,
    )
    visits.log(records, [entry], by="PC Green")
    shown = next(each.value for each in opened().table if "Minutes planned" in each.value)
    assert len(shown) == len(plan.areas)
    assert shown["Minutes planned"].astype(int).sum() == 15 * len(plan.visits)
    assert shown["Minutes"].astype(int).sum() == 15
    assert "33%" in set(shown["Of the plan"].astype(str).str.replace("\\", ""))


def test_shifts_are_those_of_the_plan(data):
    dataset = open_dataset(Library(data))
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=20, size_ha=5)
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    shifts = [
        Shift(day, f"{name} {unit}", begins * 60 + 30, 480, 2, "car")
        for name, begins in (("Afternoons", 13), ("Evenings", 17))
        for unit in (1, 2)
    ]
    plan = make_plan(areas, shifts, Terms())
    records, area = open_records(data), asked.selection.area
    week_records.keep_plan(records, plan, areas, study_area=area, data="abc", by="Sgt Ames")
    kept = week_records.shifts_of(records, area, day)
    assert [str(shift) for shift in kept] == [
        "Afternoons (13:30–21:30)",
        "Evenings (17:30–01:30)",
    ]
    assert week_records.shifts_of(records, area, day - timedelta(days=1)) == ()
    app = opened()
    app.segmented_control(key="dose-by").set_value("shift").run()
    shown = next(each.value for each in app.table if "Minutes planned" in each.value)
    minutes = shown["Minutes planned"].astype(int).to_dict()
    by_name = plan.visits["unit"].str.split(" ").str[0].value_counts() * 15
    assert minutes == by_name.to_dict(), "where shifts overlap, its own unit's"
    assert any("Evenings (17:30–01:30)" in each.value for each in app.caption)
