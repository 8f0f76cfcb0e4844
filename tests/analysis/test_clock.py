"""Hours of the week from windows: minute-exact, clock changes included."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from hotspots.analysis.clock import DAYS, aoristic, clock, peaks
from hotspots.analysis.intervals import share_interval


def times(*texts, zone="Europe/London"):
    return pd.Series(pd.to_datetime(list(texts)).as_unit("us").tz_localize(zone))


def one(start, end):
    return clock(times(start), times(end))


def hours_of(found):
    """Cells that hold weight, as {(day, hour): weight}."""
    held = zip(*np.nonzero(found.table.to_numpy()), strict=True)
    at = [(found.table.index[day], found.table.columns[hour]) for day, hour in held]
    return {one: round(found.table.loc[one], 9) for one in at}


def test_the_worked_example_to_the_minute():
    assert hours_of(one("2025-06-02 10:30", "2025-06-02 14:30")) == {
        ("Mon", 10): 0.125,
        ("Mon", 11): 0.25,
        ("Mon", 12): 0.25,
        ("Mon", 13): 0.25,
        ("Mon", 14): 0.125,
    }


def test_an_instant_has_one_hour_and_so_has_one_on_the_hour():
    assert hours_of(one("2025-06-02 10:00", "2025-06-02 10:00")) == {("Mon", 10): 1.0}
    assert hours_of(one("2025-06-02 10:00", "2025-06-02 11:00")) == {("Mon", 10): 1.0}


def test_the_small_hours_are_the_day_before():
    assert hours_of(one("2025-06-07 05:59", "2025-06-07 05:59")) == {("Fri", 5): 1.0}
    assert hours_of(one("2025-06-07 06:00", "2025-06-07 06:00")) == {("Sat", 6): 1.0}
    assert hours_of(one("2025-06-02 03:00", "2025-06-02 03:30")) == {("Sun", 3): 1.0}


def test_the_night_without_an_hour():
    """30 March 2025: 01:00 is followed by 02:00; 00:00 to 04:00 lasts three hours."""
    third = round(1 / 3, 9)
    found = hours_of(one("2025-03-30 00:00", "2025-03-30 04:00"))
    assert found == {("Sat", 0): third, ("Sat", 2): third, ("Sat", 3): third}


def test_the_night_with_an_hour_twice():
    """26 October 2025: the hour from 01:00 comes twice; 00:00 to 03:00 lasts four hours."""
    found = hours_of(one("2025-10-26 00:00", "2025-10-26 03:00"))
    assert found == {("Sat", 0): 0.25, ("Sat", 1): 0.5, ("Sat", 2): 0.25}


def test_both_nights_of_new_york():
    """13 March 2016: 02:00 does not come; 6 November 2016: 01:00 comes twice."""
    third, ny = round(1 / 3, 9), "America/New_York"
    spring = clock(times("2016-03-13 00:00", zone=ny), times("2016-03-13 04:00", zone=ny))
    assert hours_of(spring) == {("Sat", 0): third, ("Sat", 1): third, ("Sat", 3): third}
    autumn = clock(times("2016-11-06 00:00", zone=ny), times("2016-11-06 03:00", zone=ny))
    assert hours_of(autumn) == {("Sat", 0): 0.25, ("Sat", 1): 0.5, ("Sat", 2): 0.25}


def test_windows_over_a_week_are_left_out_and_counted():
    found = clock(
        times("2025-06-02 10:00", "2025-06-02 10:00", "2025-06-02 10:00"),
        times("2025-06-09 10:00", "2025-06-09 10:01", "2025-06-02 15:00"),
        untimed=7,
    )
    assert (found.used, found.too_long, found.untimed, found.wide) == (2, 1, 7, 2)
    assert found.table.to_numpy().sum() == pytest.approx(2)


def by_minutes(start, end):
    """The same, one minute at a time."""
    table = {}
    span = pd.date_range(start, end, freq="min", inclusive="left") if end > start else [start]
    for minute in span:
        before = minute.tz_localize(None) - pd.Timedelta(hours=6)
        at = DAYS[before.day_of_week], minute.hour
        table[at] = table.get(at, 0) + 1 / len(span)
    return table


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(pd.Timestamp("2025-03-25"), pd.Timestamp("2025-11-05")),
    st.integers(0, 3 * 24 * 60),
)
def test_any_window_is_that_of_a_loop_over_its_minutes(begin, minutes):
    start = pd.Timestamp(begin).floor("min").tz_localize("UTC").tz_convert("Europe/London")
    end = start + pd.Timedelta(minutes=minutes)
    found = clock(pd.Series([start]).dt.as_unit("us"), pd.Series([end]).dt.as_unit("us"))
    looped = by_minutes(start, end)
    assert hours_of(found).keys() == looped.keys()
    for at, weight in looped.items():
        assert found.table.loc[at] == pytest.approx(weight)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), max_size=30))
def test_every_window_sums_to_one(windows):
    begins = np.array([begin for begin, _ in windows], dtype=np.int64)
    ends = begins + np.array([length for _, length in windows], dtype=np.int64)
    incident, hour, weight = aoristic(begins, ends)
    sums = np.bincount(incident, weight, len(begins))
    assert sums == pytest.approx(np.ones(len(begins)))
    assert (weight > 0).all()
    for (one, at), (other, after) in pairwise(zip(incident.tolist(), hour.tolist(), strict=True)):
        assert other > one or after == at + 1


def test_a_planted_peak_is_found_with_its_share():
    rng = np.random.default_rng(1)
    week = pd.Timestamp("2025-06-02")
    flat = week + pd.to_timedelta(rng.integers(0, 7 * 24 * 60, 300), unit="min")
    night = week + pd.to_timedelta(
        rng.choice([4, 5], 150) * 1440 + rng.integers(20 * 60, 24 * 60, 150), unit="min"
    )
    all_times = pd.Series(flat.append(night).as_unit("us").tz_localize("Europe/London"))
    found = clock(all_times, all_times)
    first = found.peaks.iloc[0]
    assert first[["first_day", "days", "first_hour", "hours"]].tolist() == ["Fri", 2, 20, 4]
    assert first["share"] == found.table.loc[["Fri", "Sat"], 20:23].to_numpy().sum() / 450
    assert first["low"] < first["share"] < first["high"]
    assert first["of_week"] == pytest.approx(8 / 168)
    assert len(found.peaks) == 1, "the rest of the week is flat"


def test_a_flat_week_has_no_peak():
    listed = 0
    for seed in range(40):
        draws = np.random.default_rng(seed).multinomial(200, np.full(168, 1 / 168))
        table = pd.DataFrame(draws.reshape(7, 24).astype(float))
        listed += not peaks(table, 200).empty
    assert listed <= 4


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_of_a_share_is_statsmodels(part, whole):
    part = min(part, whole)
    low, high = share_interval(part, whole)
    assert (low, high) == pytest.approx(proportion_confint(part, whole, method="wilson"))


def test_nothing_makes_an_empty_clock():
    found = clock(times(), times())
    assert found.table.to_numpy().sum() == 0
    assert not found.enough
    assert found.peaks.empty
