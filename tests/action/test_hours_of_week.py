"""Where hours are known, an area is visited in the windows that hold most of its reports."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots.action import left_out
from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms
from hotspots.action.rounds import Unit, choose_rounds, round_minutes
from hotspots.action.week_check import week_faults
from hotspots.action.windows import shares, together, windows_of
from hotspots.analysis.area_clocks import area_clocks
from hotspots.analysis.clock import clock
from tests.action.week import MONDAY, areas, lates, line


def week(**cells):
    """An area's week: all its reports in the hours named, as Mon_22=3; `every` day too."""
    table = np.zeros((7, 24))
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    for cell, weight in cells.items():
        day, hour = cell.split("_")
        rows = slice(None) if day == "every" else days.index(day)
        table[rows, (int(hour) - 6) % 24] = weight
    return table / table.sum()


def held(plan, ground, clocks):
    return week_faults(plan.visits, ground, plan.shifts, plan.terms, clocks=clocks)


def test_each_area_is_visited_when_its_reports_are():
    ground = line(4, 4, apart_m=300)
    # Windows of lates are 15:30–17:50, 17:50–20:10 and 20:10–22:30.
    clocks = np.array([week(every_16=1), week(every_21=1)])
    plan = make_plan(ground, lates(days=2), Terms(), clocks=clocks)
    assert held(plan, ground, clocks) == []
    windows = plan.visits.groupby("area")["window"].agg(set)
    assert windows.loc[1] == {1}
    assert windows.loc[2] == {3}
    # Four a month, a seventh of them on each of two days, whole within the windows.
    assert plan.timed == pytest.approx(2 * 2 * 4 / 7)


def test_a_full_window_goes_to_the_area_that_holds_more_then():
    # 35 minutes hold two visits; each area has a third window to itself.
    ground = line(3, 3, 3, apart_m=20_000)
    clocks = np.array([week(every_15=8, every_17=1), week(every_17=6), week(every_19=5)])
    shifts = lates(days=1, minutes=360)
    terms = Terms(spacing_min=0, off_patrol_min=0)
    plan = make_plan(ground, shifts, terms, clocks=clocks)
    assert plan.visits[["window", "area"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]
    evenly = make_plan(ground, shifts, terms)
    assert len(set(evenly.visits["area"])) == 1
    assert evenly.timed is None
    assert evenly.visits["holds"].isna().all()


def test_an_area_whose_reports_happen_at_other_hours_says_so():
    ground = line(4, 4)
    clocks = np.array([week(every_18=1), week(every_4=1)])
    plan = make_plan(ground, lates(days=1), Terms(), clocks=clocks)
    assert plan.areas.index.tolist() == [1]
    assert plan.dropped.loc[2, "why"] == left_out.OTHER_HOURS


def test_the_shift_at_whose_hours_it_happens_has_the_visits():
    ground = line(4)
    shifts = (Shift(MONDAY, "Earlies", 7 * 60, 480), Shift(MONDAY, "Lates", 15 * 60, 480))
    clocks = np.array([week(every_12=1, every_16=3, every_18=3, every_21=3)])
    plan = make_plan(ground, shifts, Terms(), clocks=clocks)
    assert set(plan.visits["unit"]) == {"Lates"}
    # Three a day are wanted, and the windows of lates hold most.
    assert len(plan.visits) == 3
    assert held(plan, ground, clocks) == []


def test_the_validator_sees_a_visit_at_the_wrong_hour():
    ground = line(4, 4)
    clocks = np.array([week(every_16=1), week(every_21=1)])
    plan = make_plan(ground, lates(days=1), Terms(), clocks=clocks)
    said = " ".join(
        week_faults(plan.visits, ground, plan.shifts, plan.terms, clocks=clocks[::-1].copy())
    )
    assert "when nothing is expected" in said
    more = plan.visits.assign(holds=plan.visits["holds"] + 0.5)
    assert "holds" in " ".join(week_faults(more, ground, plan.shifts, plan.terms, clocks=clocks))


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_window_over_a_change_of_the_clocks_has_its_true_hours(day):
    ground = line(3)
    clocks = np.array([week(Sat_0=1, Sat_1=2, Sat_2=4, Sat_3=3)])
    shifts = (Shift(day, "Nights", 22 * 60, 480, 1, "foot"),)
    terms = Terms(visits_a_day=1, off_patrol_min=0)
    plan = make_plan(ground, shifts, terms, clocks=clocks)
    assert held(plan, ground, clocks) == []
    (window,) = windows_of(shifts, terms)
    # An hour that never comes holds nothing; one that comes twice holds twice.
    hours = {3: (1 + 4 + 3) / 10, 10: (1 + 4 + 4 + 3) / 10}[day.month]
    assert shares(window, clocks)[0] == pytest.approx(hours)


def test_windows_that_hold_most_are_asked_first():
    windows = windows_of(lates("AB", days=1), Terms())
    assert together(windows, [1, 5, 2, 1, 5, 2]) == [[1, 4], [2, 5], [0, 3]]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    places=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 40)),
        min_size=1,
        max_size=8,
        unique_by=lambda place: place[:2],
    ),
    units=st.lists(st.tuples(st.integers(0, 23), st.booleans()), min_size=1, max_size=2),
    days=st.integers(1, 2),
    visits_a_day=st.integers(1, 4),
    cap=st.integers(1, 9),
    spacing=st.sampled_from([0, 30, 60]),
    seed=st.integers(0, 2**32),
)
def test_a_plan_by_hours_keeps_its_terms_and_holds_no_less_than_one_without(
    places, units, days, visits_a_day, cap, spacing, seed
):
    ground = areas([(360_000 + 400 * x, 370_000 + 400 * y, w / 10) for x, y, w in places])
    clocks = np.random.default_rng(seed).integers(0, 9, (len(places), 7, 24)) + 0.1
    clocks /= clocks.sum(axis=(1, 2), keepdims=True)
    terms = Terms(visits_a_day=visits_a_day, cap_week=cap, spacing_min=spacing, seed=seed)
    shifts = tuple(
        Shift(MONDAY + timedelta(2 * day), f"U{n}", 60 * hour, 480, 1, ("foot", "car")[car])
        for day in range(days)
        for n, (hour, car) in enumerate(units)
    )
    plan = make_plan(ground, shifts, terms, clocks=clocks)
    assert held(plan, ground, clocks) == []
    pd.testing.assert_frame_equal(
        plan.visits, make_plan(ground, shifts, terms, clocks=clocks).visits
    )
    assert sorted([*plan.areas.index, *plan.dropped.index]) == ground.index.tolist()
    assert plan.timed <= ground["expected"].sum() + 1e-9
    if days == 1:
        evenly = make_plan(ground, shifts, terms)
        windows = {
            (window.shift.unit, window.number): shares(window, clocks) * ground["expected"]
            for window in windows_of(plan.shifts, terms)
        }
        without = sum(
            windows[row["unit"], row["window"]].loc[row["area"]]
            for row in evenly.visits.to_dict("records")
        )
        assert plan.timed >= without - 1e-4  # worth is counted in hundred-thousandths


@settings(max_examples=20, deadline=None)
@given(
    worth=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4),
    minutes=st.tuples(st.integers(10, 60), st.integers(10, 60)),
)
def test_worth_that_differs_by_unit_is_shared_out_as_well_as_can_be(worth, minutes):
    from itertools import product

    table = np.array(worth, dtype=np.int64).T.copy()
    many = table.shape[1]
    travel = np.abs(np.arange(many)[:, None] - np.arange(many)) * 5
    units = [Unit(some, travel) for some in minutes]
    rounds = choose_rounds(table, units, visit_min=15)
    best = 0
    for owner in product((None, 0, 1), repeat=many):
        mine = [[a for a in range(many) if owner[a] == unit] for unit in (0, 1)]
        # On a line the shortest way round is there and back.
        if all(
            round_minutes(some, unit, 15) <= unit.minutes
            for some, unit in zip(mine, units, strict=True)
        ):
            best = max(best, sum(int(table[u, some].sum()) for u, some in enumerate(mine)))
    assert sum(int(table[u, list(r)].sum()) for u, r in enumerate(rounds.of_unit)) == best
    known = choose_rounds(table, units, visit_min=15, effort=1e-9, known=rounds.of_unit)
    assert sum(int(table[u, list(r)].sum()) for u, r in enumerate(known.of_unit)) == best


def times(*texts):
    return pd.Series(pd.to_datetime(list(texts)).tz_localize("Europe/London"))


def test_few_reports_take_the_common_hours_and_many_keep_their_own():
    common = [f"2025-06-{day:02d} 18:30" for day in range(2, 30)] * 2
    own = [f"2025-06-{day:02d} 09:30" for day in range(2, 30)] * 10
    start = times(*common, *own, "2025-06-02 09:30")
    area = np.array([0] * len(common) + [2] * len(own) + [1])
    found = area_clocks(start, start, area, pd.Index([1, 2, 3]))
    assert found.sum(axis=(1, 2)) == pytest.approx(1)
    whole = clock(start, start).table.to_numpy() / len(start)
    np.testing.assert_allclose(found[2], whole, atol=1e-12)
    morning = found[:, :, 9 - 6].sum(axis=1)
    assert morning[2] < morning[0] < morning[1]
    assert morning[1] > 0.9
    assert area_clocks(start.iloc[:19], start.iloc[:19], area[:19], pd.Index([1])) is None
