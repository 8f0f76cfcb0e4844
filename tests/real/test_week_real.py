"""A week for three double-crewed units on lates, on Cheshire 2025."""

import pytest

from tests.real import hours_experiment, week_experiment
from tests.real.load import real

pytestmark = real


@pytest.fixture(scope="module")
def scored():
    return [week_experiment.score(origin) for origin in week_experiment.ORIGINS[::3]]


def test_every_constraint_holds(scored):
    for one in scored:
        assert one.faults == []
        assert one.plan.officer_hours == 336
        assert (one.plan.areas["visits"] == 21).all()
        assert one.plan.areas["visits"].sum() == len(one.plan.visits)


def test_it_reaches_more_for_an_officer_hour_than_spreading_evenly(scored):
    for one in scored:
        times = one.table["times"].drop("the plan")
        assert (times > 1).all(), one.table


def test_what_is_left_out_says_what_it_would_cost(scored):
    dropped = scored[-1].plan.dropped
    assert len(dropped) + len(scored[-1].plan.areas) == week_experiment.OFFERED
    late = dropped.loc[dropped["why"] == "no time"]
    assert (late["way_min"] + 15 > late["free_min"]).all()


def test_a_plan_by_hours_keeps_its_terms_round_the_clock():
    by_hours, even, reached, evenly, faults = hours_experiment.score(
        2015, hours_experiment.ROUND_THE_CLOCK, 1
    )
    assert faults == []
    # It leaves areas at hours when little happens there, for others.
    assert len(by_hours.areas) > len(even.areas)
    assert reached > evenly
