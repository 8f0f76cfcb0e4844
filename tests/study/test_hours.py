"""Hours of a study area whose source has them, on the sample with times put in."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from hotspots import study as studies
from hotspots.action import special_days
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study
from hotspots.study.hours import hours, hours_of_areas
from hotspots.tables import incidents as table
from hotspots.views import clock_words
from hotspots.views import when_words as words


def timed(dataset):
    """The sample, its reports given hours: Fridays late, windows, days only, and months only."""
    rows, rng = dataset.incidents, np.random.default_rng(1)
    day = pd.to_timedelta(rng.integers(0, 28, len(rows)), unit="D")
    start = rows["month"].dt.to_timestamp() + day
    friday = (start.dt.day_of_week == 4).to_numpy()
    minute = np.where(
        friday, rng.integers(1_200, 1_440, len(rows)), rng.integers(0, 1_440, len(rows))
    )
    kind = np.arange(len(rows)) % 4
    minute = np.where(kind == 2, 0, minute)
    length = np.select([kind == 1, kind == 2], [600, 1_440], 0)
    begins = start + pd.to_timedelta(minute, unit="m")
    ends = begins + pd.to_timedelta(length, unit="m")
    local = {"ambiguous": False, "nonexistent": "shift_forward"}
    none = kind == 3
    frame = rows.assign(
        occurred_from=begins.dt.tz_localize("Europe/London", **local)
        .where(~none)
        .astype(table.TIME),
        occurred_to=ends.dt.tz_localize("Europe/London", **local).where(~none).astype(table.TIME),
        time_precision=table.coded("time_precision", kind.astype(np.int8)),
    )
    return replace(dataset, incidents=table.validate(frame))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("none")))


@pytest.fixture(scope="module")
def dataset(plain):
    return timed(plain)


def test_every_report_is_in_the_clock_or_counted_as_left_out(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    found = hours(asked, "area", find(asked).hotspots)
    clock = found.clock
    assert clock.table.to_numpy().sum() == pytest.approx(clock.used)
    assert clock.used + clock.too_long + clock.untimed == len(asked.asb)
    dated = (asked.asb["time_precision"] == "date").sum()
    assert found.dated == dated > 0
    assert found.daily.sum() == pytest.approx(clock.used + dated)
    first = clock.peaks.iloc[0]
    assert (first["first_day"], first["first_hour"]) == ("Fri", 20)
    assert clock_words.finding(clock, name="Here").startswith("Here: Fri 20:00–")
    said = clock_words.rests_on(found)
    assert "with a day only" in said
    assert "with a month only" in said


def test_months_alone_make_no_clock(plain):
    asked = study(plain, Selection.default(plain.choices))
    found = hours(asked, "area", find(asked).hotspots)
    assert not found.known
    assert found.clock.untimed == len(asked.asb)


def when_page():
    from hotspots.app import controls, data_store
    from hotspots.app.pages import when

    dataset = data_store.dataset(controls.vintage())
    when.show(controls.ask(dataset.choices, has_residents=True))


def test_the_page_draws_hours_where_there_are_hours(dataset, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    monkeypatch.setattr(studies, "open_dataset", lambda *_, **__: dataset)
    st.cache_resource.clear()
    st.cache_data.clear()
    last = dataset.choices.period.last.strftime("%Y-%m")
    days = f"name,from,to\nSchool term,{last}-01,{last}-10\n".encode()
    special_days.keep(tmp_path, days, file="terms.csv", who="A")
    try:
        app = AppTest.from_function(when_page, default_timeout=120).run()
        assert not app.exception
        assert not app.error
        said = " ".join(part.value for part in [*app.markdown, *app.caption])
        assert "Bank holidays" in said
        assert "**School term** (10 days)" in said, "a list is kept between sessions"
        assert "aoristic weights" in said
        assert not any("No hours here" in info.value for info in app.info)
        assert words.NO_WEEKS not in said
        app.button(key="remove-days-terms").click().run()
        assert not app.exception
        assert special_days.held(tmp_path) == []
        assert "School term" not in " ".join(part.value for part in app.markdown)
        unit = app.radio(key="unit").set_value("Weeks (Monday to Sunday)")
        unit.run()
        assert not app.exception
        said = " ".join(part.value for part in [*app.markdown, *app.caption])
        assert "Weeks are those of ISO 8601" in said
        assert any("Week of" in str(table.value.index[0]) for table in app.table)
    finally:
        st.cache_resource.clear()
        st.cache_data.clear()


def test_each_patrol_area_has_its_hours_where_any_are_known_and_none_otherwise(plain, dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=5, size_ha=5)
    found = hours_of_areas(asked, areas)
    assert found.shape == (len(areas), 7, 24)
    assert found.sum(axis=(1, 2)) == pytest.approx(1)
    late = found[:, 4, 20 - 6 :].sum(axis=1) / found[:, 4].sum(axis=1)
    assert (late > 0.5).all(), "Fridays are late"
    bare = study(plain, Selection.default(plain.choices))
    assert hours_of_areas(bare, areas) is None
