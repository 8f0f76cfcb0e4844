"""Weeks of a study area whose source says days, on the sample with times put in."""

import pandas as pd
import pytest

from hotspots.selection import Selection
from hotspots.study import find, part, study
from hotspots.study.weeks import has_weeks, weeks
from hotspots.views import trend_words, when_words
from tests.study.test_hours import plain, timed

__all__ = ["plain"]


@pytest.fixture(scope="module")
def asked(plain):
    dataset = timed(plain)
    return dataset, study(dataset, Selection.default(dataset.choices))


def test_months_alone_make_no_weeks(plain):
    assert not has_weeks(study(plain, Selection.default(plain.choices)))


def test_every_dated_report_is_in_a_week_or_counted_as_left_out(asked):
    dataset, now = asked
    assert has_weeks(now)
    found = weeks(dataset, now, "area", find(now).hotspots)
    assert found.used + found.left_out == len(now.asb)
    period, table = now.selection.period, found.weeks
    whole = (table.index.start_time >= period.first.start_time) & (
        table.index.end_time <= period.last.end_time
    )
    assert whole.sum() == len(table) - 2, "the weeks at both ends reach beyond the months"
    inside = table.loc[whole, "count"].sum()
    at_the_ends = table.loc[~whole, "count"].sum()
    assert inside <= found.used <= inside + at_the_ends
    months_only = (now.asb["time_precision"] == "month").sum()
    assert found.left_out >= months_only > 0
    assert "give no week" in when_words.weeks(found.used, found.left_out)
    title = when_words.trend_finding(table, name="Here")
    assert "in the week of" in title
    assert title.endswith("in the same week a year before")


def test_the_newest_week_that_is_not_whole_is_no_fall(asked):
    dataset, now = asked
    found = weeks(dataset, now, "area", find(now).hotspots)
    assert pd.isna(found.weeks["count"].iloc[-1])
    told = found.told.trend.months
    assert told["count"].iloc[-1] > 0, "the trend ends with a week that was supplied in full"
    sentences = " ".join(trend_words.trend(found.told.trend, found.told.chart))
    assert "weeks a year before" in sentences
    assert "month" not in sentences.split("provisional")[0].replace("months ago", "")


def test_a_wards_weeks_are_its_own(asked):
    dataset, now = asked
    code = now.ward.loc[now.asb.index].mode().iloc[0]
    hotspots = find(now).hotspots
    ward = weeks(dataset, now, f"ward:{code}", hotspots)
    whole = weeks(dataset, now, "area", hotspots)
    assert ward.used + ward.left_out == len(part(now, f"ward:{code}", hotspots))
    assert (ward.weeks["count"].dropna() <= whole.weeks["count"].dropna()).all()
