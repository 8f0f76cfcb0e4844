"""Trend of one place in sentences, and a step that people named, on the sample and its page."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hotspots.action.named_breaks import KINDS, name_break, named_breaks
from hotspots.action.records import open_records
from hotspots.analysis.breaks import Break
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, news, open_dataset, study
from hotspots.study.trend import of_series, told
from hotspots.views import month_charts, trend_words

PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("none")))


def test_the_sample_tells_what_it_rests_on(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    hotspots = find(asked).hotspots
    found = told(dataset, asked, "area", hotspots)
    said = trend_words.trend(found.trend, found.chart)
    assert "a year before" in said[0]
    assert any("provisional" in sentence for sentence in said)
    one = told(dataset, asked, f"hotspot:{hotspots['key'].iloc[0]}", hotspots)
    assert one.trend.months["count"].sum() < found.trend.months["count"].sum()


def test_a_named_step_splits_what_is_compared(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    step = Break(dataset.choices.period.last - 1, name="new rule")
    split = news(dataset, asked, named=(step,))
    assert any("new rule" in note for note in split.changes.notes)
    assert split.breaks[-1].name == "new rule"
    hotspots = find(asked).hotspots
    whole = told(dataset, asked, "area", hotspots).trend.year["pairs"]
    parted = told(dataset, asked, "area", hotspots, breaks=split.breaks).trend.year["pairs"]
    assert parted < whole


def test_a_year_that_is_not_held_is_told_from_one_beyond_a_step():
    months = pd.period_range(end="2025-12", periods=24, freq="M")
    series = pd.Series([60.0] * 12 + [30.0] * 12, months)
    held = pd.Series("held", months)

    def said(counts, *steps):
        found = of_series(counts, held.reindex(counts.index), breaks=steps)
        return trend_words.trend(found.trend, found.chart)[0]

    assert said(series.iloc[12:]).endswith("a year before are not held.")
    assert "beyond a step in the level" in said(series, Break(months[12]))
    compared = said(series)
    assert "**down** beyond chance (360 reports, 720 then; -50%, 95% interval -5" in compared


def test_how_many_months_were_looked_at_is_said_whatever_stood_out():
    months = pd.period_range(end="2025-12", periods=20, freq="M")
    quiet = pd.Series(np.where(np.arange(20) % 2, 31.0, 29.0), months)
    loud = quiet.mask(quiet.index == months[9], 90.0)

    def said(counts):
        found = of_series(counts, pd.Series("held", months))
        return trend_words.signals(found.chart)

    assert said(quiet) == "None of 20 months stands out from the others."
    assert "February 2025 (above)" in said(loud)
    assert "20 months were looked at, of which chance alone would make about 0." in said(loud)


def test_steps_are_drawn_where_they_lie():
    index = pd.period_range("2025-01", "2025-12", freq="M")
    months = pd.DataFrame(index=index)
    marks = month_charts.break_marks([Break(index[3], name="a & b"), Break(index[0] - 9)], months)
    assert marks["word"].tolist() == ["a & b"]
    frame = pd.DataFrame(
        {"count": 5.0, "low": 2.0, "high": 9.0, "status": "held", "year_before": 4.0}, index
    )
    drawn = month_charts.months_chart(
        frame, marks, title="t", colors=dict.fromkeys(("now", "before", "gap", "spread"), "#000000")
    ).to_dict()
    assert "a & b" in str(drawn["datasets"])


def when_page():
    from hotspots.app import controls, data_store
    from hotspots.app.pages import when

    dataset = data_store.dataset(controls.vintage())
    when.show(controls.ask(dataset.choices, has_residents=True))


def test_the_page_names_a_step_and_says_so_everywhere(dataset, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    month = str(dataset.choices.period.last - 4)
    name_break(
        open_records(tmp_path), area="all", month=month, kind=KINDS[1], name="QR <b>", who="Ann"
    )
    app = AppTest.from_function(when_page, default_timeout=120).run()
    assert not app.exception
    said = " ".join(part.value for part in [*app.markdown, *app.caption])
    assert "1 step named" in " ".join(one.label for one in app.expander)
    assert "QR \\<b\\>" in said
    assert "Nothing is compared across" in said
    inputs = {one.label: one for one in reversed(app.text_input)}
    inputs["In a few words"].set_value("A gap")
    inputs["Your name"].set_value("Bob")
    next(one for one in app.button if one.label == "Name it").click().run()
    assert not app.exception
    assert not app.error
    areas = study(dataset, Selection.default(dataset.choices)).wider
    assert {one.who for one in named_breaks(open_records(tmp_path), areas)} == {"Ann", "Bob"}
