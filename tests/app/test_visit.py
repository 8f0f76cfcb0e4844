"""The Visits page on the sample, as data: what is tapped is in the records, with its trail."""

import pytest
from streamlit.testing.v1 import AppTest

from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil) =1+1"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def page():
    import streamlit as st

    from hotspots.app import controls, data_store
    from hotspots.app.pages import visit
    from hotspots.errors import HotspotsError

    dataset = data_store.dataset(controls.vintage())
    selection = controls.ask(dataset.choices, has_residents=True)
    try:
        visit.show(selection)
    except HotspotsError as error:
        st.error(str(error))


def opened(**query):
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def by_key(app, key):
    kinds = (app.text_input, app.text_area, app.number_input, app.selectbox, app.time_input)
    return next(e for kind in kinds for e in kind if e.key == key)


def press(app, label):
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception
    return app


def named(app, name="PC Green"):
    by_key(app, "visit-by").set_value(name).run()
    return app


def held(data, **how):
    return visits.visits(open_records(data), **how)


def test_looking_makes_no_records(data):
    app = opened()
    assert app.title[0].value == "No visit has been logged this week."
    assert not (data / "records").exists()


def test_one_tap_logs_fifteen_minutes_once(data):
    app = named(opened())
    app.button_group(key="visit-officers").set_value(2).run()
    press(app, "15 minutes, just now")
    press(app, "15 minutes, just now")  # a thumb that slips
    (row,) = held(data).to_dict("records")
    assert (row["ended"] - row["started"]).total_seconds() == 900
    assert (row["officers"], row["mode"], row["logged_by"]) == (2, "foot", "PC Green")
    assert row["outline"].startswith("POLYGON")
    assert row["area_name"]
    assert "logged already" in app.info[0].value
    assert app.title[0].value == "This week: 1 visit to 1 area, 0.5 officer-hours."


def test_nobody_logs_nothing(data):
    app = press(opened(), "15 minutes, just now")
    assert "Give your name" in app.error[0].value
    assert not (data / "records").exists() or held(data).empty


def test_a_slip_is_taken_back_and_kept(data):
    app = press(named(opened()), "15 minutes, just now")
    press(app, "That was a slip: take it back")
    assert held(data).empty
    (row,) = held(data, withdrawn=True).index
    assert list(visits.trail(open_records(data), row)["who"]) == ["PC Green", "PC Green"]


def test_the_area_of_a_link_is_offered_first():
    app = opened(at=_keys()[4])
    assert by_key(app, "visit-area").value == _keys()[4]
    app = opened(at="XX00000000")
    assert "not among the areas" in app.info[0].value


def _keys():
    from hotspots.library import Library
    from hotspots.selection import Selection
    from hotspots.settings import data_folder
    from hotspots.study import find, open_dataset, patrol, study

    asked = study(
        dataset := open_dataset(Library(data_folder())), Selection.default(dataset.choices)
    )
    return list(patrol(asked, find(asked), count=20, size_ha=5)["key"])


def test_the_form_keeps_all_it_was_told_and_shows_none_of_it_as_markup(data):
    app = named(opened(), HOSTILE[:90])
    by_key(app, "visit-minutes").set_value(25)
    by_key(app, "visit-seen").set_value(HOSTILE)
    by_key(app, "visit-arrests").set_value(2)
    by_key(app, "visit-cpw").set_value(1)
    press(app, "Log this visit")
    (row,) = held(data).to_dict("records")
    assert (row["seen"], row["arrests"], row["cpw"]) == (HOSTILE, 2, 1)
    assert (row["ended"] - row["started"]).total_seconds() == 25 * 60
    assert by_key(app, "visit-seen").value == ""
    shown = " ".join(str(t.value.to_string()) for t in app.table)
    assert "](http" not in shown
    assert "<img" not in " ".join(m.value.replace("\\<", "") for m in app.markdown)


def test_two_who_edit_one_visit_and_the_second_is_told(data):
    app = press(named(opened()), "15 minutes, just now")
    first, second = app, named(opened(), "Sgt Hall")
    for page_, officers in ((first, 2), (second, 3)):
        by_key(page_, "edit-officers").set_value(officers)
        by_key(page_, "edit-why").set_value("miscounted")
        press(page_, "Save the change")
    assert "kept in the trail" in first.success[-1].value
    assert "Somebody else changed this" in second.error[0].value
    assert held(data)["officers"].tolist() == [2]
    # The form now holds what the first one saved; asked again, it goes through.
    assert by_key(second, "edit-officers").value == 2
    by_key(second, "edit-officers").set_value(3)
    by_key(second, "edit-why").set_value("three of us")
    press(second, "Save the change")
    assert held(data)["officers"].tolist() == [3]
    assert any("officers: 2 → 3" in m.value.replace("\\", "") for m in second.markdown)


def test_an_area_that_had_its_fill_leaves_the_list(data):
    from datetime import UTC, datetime, timedelta

    keys = _keys()
    now = datetime.now(UTC) - timedelta(seconds=5)
    entry = Entry(
        area=keys[0],
        area_name="x",
        study_area="all",
        started=now - timedelta(minutes=330),
        ended=now,
    )
    visits.log(open_records(data), [entry], by="PC Green", now=now)
    app = opened()
    assert by_key(app, "visit-area").value == keys[1]
    next(c for c in app.checkbox if c.key == "visit-full").check().run()
    assert len(by_key(app, "visit-area").options) == len(keys)


def upload(app, name, text, key="visit-file-visits"):
    next(u for u in app.file_uploader if u.key == key).set_value(
        (name, text.encode(), "text/csv")
    ).run()
    assert not app.exception
    return app


def test_a_file_of_visits_is_shown_then_logged_once(data):
    key = _keys()[2]
    text = f"area,from,to,arrests,seen\n{key},02/06/2025 18:00,02/06/2025 18:15,1,{HOSTILE}\n"
    app = named(opened())
    for said in ("1 visit logged", "No visits logged|1 visit was logged before and counts once"):
        upload(app, "v.csv", text)
        press(app, "Log 1 visit")
        assert all(part in app.success[0].value for part in said.split("|"))
    (row,) = held(data).to_dict("records")
    assert (row["area"], row["arrests"], row["source"]) == (key, 1, "csv")
    assert row["seen"] == HOSTILE


def test_a_file_that_names_another_area_or_no_time_is_refused(data):
    app = named(opened())
    for text, said in (
        ("area,from,to\nNOWHERE,02/06/2025 18:00,02/06/2025 18:15\n", "not among the patrol areas"),
        (f"area,from,to\n{_keys()[0]},soon,later\n", "line 2"),
    ):
        upload(app, "v.csv", text)
        assert said in app.error[0].value.replace("\\", "")
    assert not (data / "records").exists() or held(data).empty


def test_positions_become_minutes_inside(data):
    from hotspots.library import Library
    from hotspots.selection import Selection
    from hotspots.study import find, open_dataset, patrol, study

    dataset = open_dataset(Library(data))
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=20, size_ha=5)
    middle = areas.geometry.iloc[0].representative_point()
    lines = [
        f"R1,2025-06-02 18:{s // 60:02d}:{s % 60:02d},{middle.x + s % 7:.0f},{middle.y:.0f}"
        for s in range(0, 721, 30)
    ]
    app = named(opened())
    app.radio(key="visit-file-kind").set_value("pings").run()
    text = "unit,time,easting,northing\n" + "\n".join(lines)
    upload(app, "p.csv", text, key="visit-file-pings")
    press(app, "Log 1 visit")
    (row,) = held(data).to_dict("records")
    assert (row["ended"] - row["started"]).total_seconds() == 720
    assert (row["area"], row["unit"], row["source"]) == (areas["key"].iloc[0], "R1", "pings")


def monthly(app):
    return next(d.value for d in app.dataframe if "Patrols" in d.value.columns)


def test_the_monthly_return_counts_what_was_logged(data):
    app = press(named(opened()), "15 minutes, just now")
    assert monthly(app).loc["Total", "Patrols"] == 1
    assert monthly(app)["ASB reports"].isna().all()
    assert "unknown, not none" in " ".join(c.value for c in app.caption)
    app.selectbox(key="return-month").select("December 2025").run()
    assert not app.exception
    assert monthly(app).loc["Total", "Patrols"] == 0
    counts = monthly(app)["ASB reports"]
    assert counts.iloc[:-1].sum() == counts.iloc[-1] > 0


def test_what_was_planned_stands_beside_what_was_delivered(data):
    from datetime import UTC, date, datetime, timedelta

    from hotspots.action.week_records import PatrolPlan, PlannedVisit

    app = press(named(opened()), "15 minutes, just now")
    (row,) = held(data).to_dict("records")
    at = datetime.now(UTC) - timedelta(minutes=40)
    kept = {"terms": {}, "shifts": [], "data": "", "software": "", "why": "", "made_by": "x"}
    told = {"area_name": "x", "outline": "", "unit": "A", "window": 1, "order": 1, "travel_min": 0}
    with open_records(data).session() as session:
        study_area, first = row["study_area"], date(2025, 6, 2)
        session.add(PatrolPlan(id="p", study_area=study_area, first_day=first, made_at=at, **kept))
        session.flush()
        for area, start in (
            (row["area"], at),
            (row["area"], at - timedelta(minutes=30)),
            ("SJ00000000", at),
            (row["area"], at + timedelta(days=1)),  # still to come: nobody failed to make it
        ):
            times = {"starts": start, "ends": start + timedelta(minutes=15)}
            session.add(PlannedVisit(plan="p", area=area, officers=1, mode="foot", **times, **told))
    app = opened()
    table = next(t.value for t in app.table if "Of the plan" in t.value.columns)
    assert sorted(table["Minutes planned"].tolist()) == [15, 30]
    assert table["Of the plan"].str.replace("\\", "").tolist() == ["50%", "0%"]


def test_only_what_is_put_right_changes(data):
    app = press(named(opened()), "15 minutes, just now")
    (before,) = held(data).to_dict("records")
    by_key(app, "edit-officers").set_value(3)
    by_key(app, "edit-why").set_value("three of us")
    press(app, "Save the change")
    (after,) = held(data).to_dict("records")
    assert {key for key in after if after[key] != before[key]} <= {
        "officers",
        "version",
        "withdrawn_at",
    }
    by_key(app, "edit-minutes").set_value(10)
    by_key(app, "edit-why").set_value("shorter")
    press(app, "Save the change")
    (last,) = held(data).to_dict("records")
    assert (last["ended"] - last["started"]).total_seconds() == 600
    assert last["started"] == before["started"].floor("min")
    assert last["officers"] == 3


def test_a_visit_to_the_wrong_area_is_moved_with_its_ground_and_its_trail(data):
    app = press(named(opened()), "15 minutes, just now")
    (before,) = held(data).to_dict("records")
    other = next(key for key in _keys() if key != before["area"])
    by_key(app, "edit-area").set_value(other)
    by_key(app, "edit-unit").set_value("=CR12")
    by_key(app, "edit-why").set_value("the one next to it")
    press(app, "Save the change")
    (after,) = held(data).reset_index().to_dict("records")
    assert after["area"] == other
    assert after["unit"] == "=CR12"
    assert after["outline"] != before["outline"]
    assert after["area_name"] != before["area_name"]
    line = visits.trail(open_records(data), after["id"]).iloc[-1]
    assert line["before"]["area"] == before["area"]
    assert line["after"] == {"area": other, "area_name": after["area_name"], "unit": "=CR12"}
    assert line["why"] == "the one next to it"
    assert by_key(app, "edit-area").value == other


def test_whoever_lost_the_right_since_the_page_was_drawn_logs_nothing(data, monkeypatch):
    from hotspots.action.roles import NOBODY
    from hotspots.app import who

    app = named(opened())
    monkeypatch.setattr(who, "person", lambda: NOBODY)
    button = next(b for b in app.button if b.label == "15 minutes, just now")
    button.click().run()
    assert not (data / "records").exists() or held(data).empty
    assert app.error
