"""Reports by ISO week: every one in a week or left out, and no week that was held in part."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.breaks import Break, segments
from hotspots.analysis.control_chart import control_chart
from hotspots.analysis.counts import HELD, MISSING, PARTIAL
from hotspots.analysis.drift import slope
from hotspots.analysis.spans import WEEKLY, calendar, days
from hotspots.analysis.trends import trend
from hotspots.analysis.weeks import by_week, supply_by_week, week_of
from hotspots.periods import Period

YEAR = Period.parse("2025-01", "2025-12")


def week(monday):
    return pd.Period(monday, WEEKLY)


def local(texts):
    return pd.Series(pd.to_datetime(texts)).dt.tz_localize("Europe/London")


def supplied(first, last, *, period=YEAR, **months):
    status = pd.Series(HELD, index=period.months)
    for month, held in months.items():
        status[month.replace("_", "-").strip("m")] = held
    ends = {"first": [pd.Period(first, "D")], "last": [pd.Period(last, "D")]}
    return supply_by_week(status, pd.DataFrame(ends), period)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 168 * 60))
def test_a_report_is_in_the_week_that_holds_most_of_its_window(start, minutes):
    begins = pd.Series([pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(minutes=start)])
    begins = begins.dt.tz_convert("Europe/London")
    ends = begins + pd.Timedelta(minutes=minutes)
    found = week_of(begins, ends).iloc[0]
    first, last = (time.iloc[0].tz_localize(None) for time in (begins, ends))
    inside = min(last, found.end_time) - max(first, found.start_time)
    # One hour of slack, for the nights on which the clocks change.
    assert inside >= (last - first) / 2 - pd.Timedelta(hours=1)


def test_the_weeks_of_python_are_those_of_iso():
    days = pd.Series(pd.date_range("2019-12-20", "2021-01-20", tz="Europe/London"))
    for day, its in zip(days, week_of(days, days), strict=True):
        assert its.start_time.isocalendar()[:2] == day.isocalendar()[:2]


def test_windows_over_a_week_are_in_none():
    begins = local(["2025-03-03 10:00"])
    assert week_of(begins, begins + pd.Timedelta(hours=168)).notna().all()
    assert week_of(begins, begins + pd.Timedelta(hours=169)).isna().all()


def test_weeks_at_the_ends_of_what_was_supplied_are_no_falls():
    status = supplied("2025-01-01", "2025-12-24")
    assert status.iloc[0] == PARTIAL, "1 January 2025 is a Wednesday"
    assert status[week("2025-12-22")] == PARTIAL
    assert status.iloc[-1] == MISSING
    every = local(pd.date_range("2025-01-01", "2025-12-24 23:00", freq="6h"))
    table = by_week(week_of(every, every), status)
    assert table["count"].dropna().unique().tolist() == [28]
    assert table["count"].isna().sum() == (status != HELD).sum() == 3
    assert (control_chart(table["count"], status).months["signal"] == "").all()


def test_weeks_of_a_month_that_was_not_supplied_are_gaps():
    status = supplied("2025-01-01", "2025-12-31", m2025_06=MISSING)
    june = status[week("2025-05-26") : week("2025-06-30")]
    assert june.tolist() == [PARTIAL, MISSING, MISSING, MISSING, MISSING, PARTIAL]


def test_two_sources_of_different_length_leave_out_what_one_alone_holds():
    ends = pd.DataFrame(
        {
            "first": pd.PeriodIndex(["2025-01-01", "2025-03-03"], freq="D"),
            "last": pd.PeriodIndex(["2025-12-31"] * 2, freq="D"),
        }
    )
    status = supply_by_week(pd.Series(HELD, index=YEAR.months), ends, YEAR)
    assert (status[: week("2025-02-24")] == PARTIAL).all()
    assert status[week("2025-03-03")] == HELD


def test_a_trend_of_weeks_is_that_of_weeks():
    weeks = pd.period_range("2022-01-03", periods=156, freq=WEEKLY)
    rng = np.random.default_rng(1)
    summer = np.where(np.isin(calendar(weeks), [6, 7, 8]), 1.5, 1.0)
    level = np.where(np.arange(156) < 104, 40, 28)
    counts = pd.Series(rng.poisson(level * summer).astype(float), index=weeks)
    held = pd.Series(HELD, index=weeks)
    found = trend(counts, held)
    assert found.year["verdict"] == "down"
    assert found.year["pairs"] == 52
    assert found.year["percent"] == pytest.approx(-30, abs=6)
    assert found.months["separable"].all()
    season = found.months["season"].groupby(calendar(weeks)).first()
    assert season[[6, 7, 8]].mean() / season.drop([6, 7, 8]).mean() == pytest.approx(1.5, abs=0.1)
    assert found.notes[0].startswith("The week of 23 December 2024 is provisional")
    drift = slope(counts.to_frame("all"), held).iloc[0]
    assert drift["seasonal"]
    assert -12 < drift["slope"] < 0


def test_a_break_of_a_month_splits_weeks_at_its_first():
    weeks = pd.period_range("2025-07-07", periods=8, freq=WEEKLY)
    run = segments(weeks, [Break(pd.Period("2025-08", "M"))])
    # 1 August 2025 is a Friday: most of its week is July's.
    assert run[run == 1].index[0].start_time == pd.Timestamp("2025-08-04")
    assert days(weeks).tolist() == [7.0] * 8
