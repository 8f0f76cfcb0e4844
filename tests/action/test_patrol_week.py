"""A week's plan keeps its terms, says why it left what out, and can be made again."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from hotspots.action import left_out as weeks
from hotspots.action.patrol_week import make_plan, without_unit
from hotspots.action.patrols import Shift, Terms, areas_supported, visit_hours
from hotspots.action.rounds import Unit, choose_rounds, round_minutes
from hotspots.action.week_check import week_faults
from hotspots.errors import SelectionError
from tests.action.week import MONDAY, areas, lates, line


def test_a_year_of_20_000_hours_supports_44_areas_single_and_22_double_crewed():
    terms = {"visit_min": 15, "travel_min": 10, "visits_a_day": 3}
    assert round(areas_supported(20_000, officers=1, **terms)) == 44
    assert round(areas_supported(20_000, officers=2, **terms)) == 22
    assert visit_hours(15, 10, 1) == pytest.approx(25 / 60)
    assert np.isnan(areas_supported(1, visit_min=0, travel_min=0, visits_a_day=3, officers=1))


def same(one, other):
    pd.testing.assert_frame_equal(one.visits, other.visits)
    pd.testing.assert_frame_equal(one.dropped, other.dropped)
    assert one.visits.to_csv() == other.visits.to_csv()


def kept(plan, ground):
    return week_faults(plan.visits, ground, plan.shifts, plan.terms)


def test_a_small_week_by_hand():
    ground = line(5, 4, 3)
    plan = make_plan(ground, lates(), Terms())
    assert kept(plan, ground) == []
    assert plan.areas["visits"].tolist() == [21, 21, 21]
    assert plan.dropped.empty
    assert plan.reached == pytest.approx(12)
    assert plan.officer_hours == 7 * 8 * 2
    assert plan.visiting_hours == 63 * 15 * 2 / 60
    assert plan.per_officer_hour == pytest.approx(12 / 112)
    assert plan.proved
    for _, day in plan.visits.groupby("day"):
        assert day.groupby("window")["area"].apply(sorted).tolist() == [[1, 2, 3]] * 3


def test_an_area_too_far_is_dropped_and_the_plan_says_what_it_would_cost():
    # 40 km at 30 km/h by 1.3: 104 minutes each way, and a window has 140.
    ground = areas([(360_000, 370_000, 2), (361_000, 370_000, 2), (400_000, 370_000, 3.5)])
    plan = make_plan(ground, lates(days=1), Terms())
    dropped = plan.dropped.loc[3]
    assert dropped["why"] == weeks.NO_TIME
    assert dropped["unit"] == "Lates A"
    assert dropped["way_min"] == 102 + 104 - 3
    assert dropped["free_min"] == 140 - 2 * 15 - 2 * 3


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Terms(excluded=("SJ00000001",)), weeks.EXCLUDED),
        (Terms(held_back=("SJ00000001",)), weeks.HELD_BACK),
    ],
)
def test_what_is_kept_out_by_hand_is_never_visited(terms, why):
    plan = make_plan(line(9, 1), lates(days=1), terms)
    assert plan.areas.index.tolist() == [2]
    assert plan.dropped.loc[1, "why"] == why


def test_an_area_that_had_its_visits_leaves_the_list():
    plan = make_plan(line(9, 1), lates(), Terms(cap_week=5), done={"SJ00000001": 5})
    assert plan.dropped.loc[1, "why"] == weeks.CAPPED
    assert plan.areas.loc[2, "visits"] == 5
    part = make_plan(line(9, 1), lates(), Terms(cap_week=5), done={"SJ00000001": 3})
    assert part.areas["visits"].tolist() == [2, 5]


def test_the_cap_gives_the_time_to_others():
    ground = line(*[5] * 8, *[1] * 8, apart_m=200)
    free = make_plan(ground, lates(days=4, minutes=300), Terms())
    capped = make_plan(ground, lates(days=4, minutes=300), Terms(cap_week=6))
    assert set(free.areas.index) <= set(range(1, 9))
    assert set(capped.areas.index) > set(free.areas.index)
    assert kept(capped, ground) == []


def test_a_priority_comes_first_and_a_ward_has_what_it_is_owed():
    ground = areas(
        [(360_000, 370_000, 9), (360_300, 370_000, 9), (375_000, 370_000, 0.5)],
        wards=["W1", "W1", "W2"],
    )
    short = lates(days=2, minutes=165)
    plain = make_plan(ground, short, Terms(spacing_min=0))
    assert 3 not in plain.areas.index
    first = make_plan(ground, short, Terms(spacing_min=0, priorities=("SJ00000003",)))
    assert first.areas.loc[3, "visits"] == 6
    assert first.short == ()
    owed = make_plan(ground, short, Terms(spacing_min=0, ward_visits=(("W2", 3),)))
    assert owed.areas.loc[3, "visits"] == 3
    assert owed.areas.loc[1, "visits"] == 3
    never = make_plan(ground, short, Terms(spacing_min=0, ward_visits=(("W3", 2),)))
    assert never.short == ("ward W3 has 0 of 2 visits",)


def test_seeds_reproduce_and_differ():
    ground = line(*[3] * 5, apart_m=400)
    one, again = (make_plan(ground, lates(), Terms(seed=1)) for _ in range(2))
    same(one, again)
    other = make_plan(ground, lates(), Terms(seed=2))
    assert one.visits["area"].tolist() != other.visits["area"].tolist()
    orders = one.visits.groupby(["day", "window"])["area"].apply(tuple)
    assert orders.nunique() > 10, "the order is another in most windows"


def test_a_unit_that_drops_out_leaves_the_others_orders_alone():
    ground = areas([(360_000 + 500 * i, 370_000 + 40_000 * (i > 3), 3) for i in range(8)])
    shifts = lates("AB")
    whole = make_plan(ground, shifts, Terms())
    sick = make_plan(ground, without_unit(shifts, "Lates A", [MONDAY + timedelta(2)]), Terms())
    assert kept(sick, ground) == []
    on_b = [plan.visits.loc[plan.visits["unit"] == "Lates B"] for plan in (whole, sick)]
    before = [rows.loc[rows["day"] < MONDAY + timedelta(2)] for rows in on_b]
    pd.testing.assert_frame_equal(*(rows.reset_index(drop=True) for rows in before))
    gone = sick.visits.loc[sick.visits["unit"] == "Lates A", "day"]
    assert MONDAY + timedelta(2) not in set(gone)


def test_a_night_shift_keeps_its_distance_from_the_early_one():
    shifts = (
        Shift(MONDAY, "Nights", 22 * 60, 540, 2, "car"),
        Shift(MONDAY + timedelta(1), "Earlies", 7 * 60, 480, 2, "car"),
    )
    ground, terms = line(3), Terms(off_patrol_min=0, spacing_min=120)
    plan = make_plan(ground, shifts, terms)
    assert kept(plan, ground) == []
    assert len(plan.visits) >= 5


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_night_on_which_the_clocks_change_has_its_true_hours(day):
    shifts = (Shift(day, "Nights", 22 * 60, 480, 1, "foot"),)
    ground, terms = line(3, 2, apart_m=300), Terms()
    plan = make_plan(ground, shifts, terms)
    assert kept(plan, ground) == []
    assert len(plan.visits) == 6


def test_nothing_to_visit_and_nobody_to_go():
    nobody = make_plan(line(3), (), Terms())
    assert nobody.visits.empty
    assert nobody.dropped["why"].tolist() == [weeks.NO_SHIFT]
    nothing = make_plan(areas([]), lates(), Terms())
    assert nothing.visits.empty
    assert np.isfinite(nothing.per_officer_hour)
    still = make_plan(line(0), lates(days=1), Terms())
    assert still.dropped["why"].tolist() == [weeks.NOTHING]


@pytest.mark.parametrize(
    ("shifts", "terms", "said"),
    [
        (lates(), Terms(visit_min=45), "visit min is 45; use 10 to 20 minutes"),
        (lates(minutes=120), Terms(), "leaves 20 minutes for each of 3 visits"),
        (lates(minutes=2_000), Terms(), "14 hours at most"),
        (lates(officers=0), Terms(), "1 to 12 officers"),
        (lates(mode="horse"), Terms(), "on foot or by car"),
        ((*lates(days=1), *lates(days=1, starts=16 * 60)), Terms(), "before the shift before it"),
        ((*lates(days=1), Shift(MONDAY + timedelta(7), "B", 900, 480)), Terms(), "seven days"),
        ((Shift(MONDAY, " ", 900, 480),), Terms(), "needs a name"),
    ],
)
def test_terms_that_no_plan_can_keep_are_refused_in_one_sentence(shifts, terms, said):
    with pytest.raises(SelectionError, match=said):
        make_plan(line(3), shifts, terms)


def test_the_validator_sees_every_kind_of_fault():
    ground = line(5, 4, 3)
    plan = make_plan(ground, lates(), Terms())
    good = plan.visits
    minute = pd.Timedelta(minutes=1)

    def faults(visits, terms=plan.terms, shifts=plan.shifts):
        return " ".join(week_faults(visits, ground, shifts, terms))

    assert faults(good) == ""
    assert "not 15 minutes" in faults(good.assign(ends=good["ends"] + minute))
    assert "outside window" in faults(good.assign(window=1 + good["window"] % 3))
    assert "of way" in faults(good.assign(travel_min=0))
    assert "another crew" in faults(good.assign(officers=1))
    assert "not the area" in faults(good.assign(area=1))
    assert "belong to no shift" in faults(good, shifts=plan.shifts[1:])
    assert "more than 3" in faults(good, terms=Terms(cap_week=3))
    assert "within 240 minutes" in faults(good, terms=Terms(spacing_min=240))
    assert "not to be visited" in faults(good, terms=Terms(excluded=("SJ00000002",)))
    twice = pd.concat([good, good.iloc[:1]])
    assert "twice in one window" in faults(twice)


UNITS = st.lists(
    st.tuples(st.integers(0, 23), st.integers(5, 10), st.integers(1, 3), st.booleans()),
    min_size=1,
    max_size=3,
)
PLACES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 60)),
    min_size=1,
    max_size=12,
    unique_by=lambda place: place[:2],
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    places=PLACES,
    units=UNITS,
    days=st.integers(1, 3),
    visits_a_day=st.integers(1, 4),
    cap=st.integers(1, 9),
    spacing=st.sampled_from([0, 30, 60]),
    visit=st.integers(10, 20),
    seed=st.integers(0, 2**32),
    out=st.data(),
)
def test_every_plan_keeps_its_terms(
    places, units, days, visits_a_day, cap, spacing, visit, seed, out
):
    ground = areas(
        [(360_000 + 250 * x, 370_000 + 250 * y, worth / 10) for x, y, worth in places],
        wards=[f"W{x % 3}" for x, _, _ in places],
    )
    some = st.lists(st.sampled_from(ground["key"].tolist()), max_size=2).map(tuple)
    terms = Terms(
        visit_min=visit,
        visits_a_day=visits_a_day,
        cap_week=cap,
        spacing_min=spacing,
        seed=seed,
        excluded=out.draw(some),
        held_back=out.draw(some),
        priorities=out.draw(some),
        ward_visits=(("W1", out.draw(st.integers(0, 6))),),
    )
    shifts = tuple(
        Shift(MONDAY + timedelta(day), f"U{n}", 60 * hour, 60 * hours, crew, ("foot", "car")[car])
        for day in range(days)
        for n, (hour, hours, crew, car) in enumerate(units)
    )
    try:
        plan = make_plan(ground, shifts, terms)
    except SelectionError as error:
        refused = str(error)
        event("refused")
        cannot = ("are needed for a visit", "before the shift before")
        assume(not any(words in refused for words in cannot))
        raise
    assert kept(plan, ground) == []
    same(plan, make_plan(ground, shifts, terms))
    assert plan.areas["visits"].sum() == len(plan.visits)
    assert sorted([*plan.areas.index, *plan.dropped.index]) == ground.index.tolist()
    assert plan.visiting_hours + plan.travel_hours <= plan.officer_hours + 1e-9
    assert plan.areas["officer_hours"].sum() == pytest.approx(
        plan.visiting_hours + plan.travel_hours
    )
    assert plan.reached <= ground["expected"].sum() + 1e-9


def brute_force(worth, unit, visit):
    """Most that one round can hold, by trying every set and every way round."""
    from itertools import combinations, permutations

    best = 0
    for size in range(1, len(worth) + 1):
        for some in combinations(range(len(worth)), size):
            if any(
                round_minutes(way, unit, visit) <= unit.minutes
                for way in permutations(some)
                if way[0] == some[0]
            ):
                best = max(best, int(worth[list(some)].sum()))
    return best


@settings(max_examples=25, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6, unique=True
    ),
    minutes=st.integers(10, 120),
    out=st.data(),
)
def test_a_round_holds_as_much_as_any_can(places, minutes, out):
    worth = np.array([out.draw(st.integers(0, 50)) for _ in places], dtype=np.int64)
    xy = np.array(places, dtype=float)
    travel = np.ceil(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))).astype(np.int64)
    unit = Unit(minutes, travel)
    rounds = choose_rounds(worth, [unit], visit_min=15)
    (way,) = rounds.of_unit
    assert not way or round_minutes(way, unit, 15) <= minutes
    assert worth[list(way)].sum() == brute_force(worth, unit, 15)
    assert rounds.best


def test_ways_along_roads_are_used_where_they_lead_and_the_plan_says_how_many():
    ground = line(5, 4, 3)
    road = np.array([[0, 4_000, np.nan], [4_000, 0, np.nan], [np.nan, np.nan, 0.0]])
    ways = {"car": road, "foot": road}
    plan = make_plan(ground, lates(days=2), Terms(), ways=ways)
    assert week_faults(plan.visits, ground, plan.shifts, plan.terms, ways=ways) == []
    straight = week_faults(plan.visits, ground, plan.shifts, plan.terms)
    assert straight == [], "no way is shorter than the straight one with its detour here"
    rows = plan.visits.sort_values(["unit", "starts"])
    pair = rows["area"].eq(1) & rows["area"].shift().eq(2) | (
        rows["area"].eq(2) & rows["area"].shift().eq(1)
    )
    by_road = set(rows.loc[pair & (rows["travel_min"] > 0), "travel_min"])
    assert by_road <= {8}, "4 km at 30 km/h"
    assert 0 < plan.on_roads < 1
    assert make_plan(ground, lates(days=1), Terms()).on_roads is None
    short = {"car": road / 10, "foot": road}
    wrong = make_plan(ground, lates(days=1), Terms(), ways=short)
    faults = week_faults(wrong.visits, ground, wrong.shifts, wrong.terms, ways=ways)
    assert any("of way" in fault for fault in faults)
