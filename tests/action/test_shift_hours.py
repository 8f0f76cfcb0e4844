"""Time off patrol stands where fewest reports happened; hours covered are counted once."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms
from hotspots.action.shift_hours import coverage, fitted
from hotspots.action.week_check import week_faults
from hotspots.errors import SelectionError
from tests.action.week import MONDAY, lates, line

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS = [*range(6, 24), *range(6)]


def week(**cells):
    """A clock with reports in the cells named, as Mon_22=5."""
    table = pd.DataFrame(0.0, index=list(DAYS), columns=HOURS)
    for cell, weight in cells.items():
        day, hour = cell.split("_")
        table.loc[day, int(hour)] = weight
    return table


def test_late_reports_move_the_time_off_patrol_to_the_start():
    (shift,) = fitted(lates(days=1), week(Mon_22=10), 60)
    assert shift.lead_min == 60
    (early,) = fitted(lates(days=1), week(Mon_15=10), 60)
    assert early.lead_min == 0
    (even,) = fitted(lates(days=1), week(), 60)
    assert even.lead_min == 30


def test_hours_after_midnight_belong_to_the_day_before():
    nights = Shift(MONDAY, "Nights", 21 * 60, 480, 2, "car", lead_min=0)
    share, of_week = coverage([nights], week(Mon_2=3, Tue_2=1), 0)
    assert share == 0.75
    assert of_week == pytest.approx(8 / 168)


def test_an_hour_that_two_units_cover_counts_once():
    one, two = (
        coverage(lates("A", days=1), week(Mon_18=1, Fri_18=1), 0),
        coverage(lates("AB", days=1), week(Mon_18=1, Fri_18=1), 0),
    )
    assert one == two == (0.5, pytest.approx(8 / 168))
    assert np.isnan(coverage(lates(), week(), 60)[0])


@settings(max_examples=40, deadline=None)
@given(
    weights=st.lists(st.integers(0, 9), min_size=168, max_size=168),
    starts=st.integers(0, 95),
    off=st.sampled_from([0, 30, 60, 90]),
)
def test_fitting_never_covers_less_and_the_plan_keeps_it(weights, starts, off):
    table = pd.DataFrame(np.array(weights, float).reshape(7, 24), index=list(DAYS), columns=HOURS)
    plain = tuple(Shift(MONDAY + timedelta(day), "A", 15 * starts, 480, 2, "car") for day in (0, 4))
    placed = fitted(plain, table, off)
    if table.to_numpy().sum():
        assert coverage(placed, table, off)[0] >= coverage(plain, table, off)[0] - 1e-9
    terms = Terms(off_patrol_min=off)
    ground = line(3, 2)
    plan = make_plan(ground, placed, terms)
    assert week_faults(plan.visits, ground, plan.shifts, terms) == []


def test_more_time_first_than_there_is_off_patrol_is_refused():
    shift = Shift(MONDAY, "A", 900, 480, 2, "car", lead_min=90)
    with pytest.raises(SelectionError, match="more minutes come first"):
        make_plan(line(3), (shift,), Terms())
