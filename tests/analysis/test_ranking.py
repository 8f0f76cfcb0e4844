"""What is expected at each place: from the months before alone, and no more than there was."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.places import gather
from hotspots.analysis.ranking import (
    COUNTS,
    DEFAULT,
    Ranking,
    by_month,
    expected,
    forecast,
    recency,
)
from tests.analysis.tables import incidents_at

HERE, THERE, FAR = (370_000.0, 360_000.0), (371_000.0, 360_000.0), (380_000.0, 360_000.0)


def reports(monthly):
    """Incidents from {place: counts by month}; months are numbered from 600."""
    rows = [
        (place, 600 + number)
        for place, counts in monthly.items()
        for number, count in enumerate(counts)
        for _ in range(count)
    ]
    xy = np.array([place for place, _ in rows], dtype=float).reshape(-1, 2)
    return gather(xy), np.array([month for _, month in rows], dtype=np.int64)


def at(places, rates, place):
    return rates[(places.xy == place).all(axis=1)][0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 3))
def test_expected_reports_sum_to_the_mean_of_the_months_before(seed, months, horizon):
    rng = np.random.default_rng(seed)
    xy = 370_000 + rng.integers(0, 20, (60, 2)) * 50.0
    month = rng.integers(0, months, 60)
    rates = forecast(gather(xy), month, held=np.arange(months), horizon=horizon)
    assert np.isfinite(rates).all()
    assert (rates > 0).all()
    assert rates.sum() == pytest.approx(60 / months)


def test_plain_counts_are_counts():
    places, month = reports({HERE: [2, 4], THERE: [1, 0]})
    rates = forecast(places, month, held=np.array([600, 601]), horizon=3, ranking=COUNTS)
    assert rates.tolist() == pytest.approx([3.0, 0.5])


def test_one_burst_counts_for_less_than_the_same_number_month_after_month():
    places, month = reports({HERE: [12, 0, 0, 0], THERE: [3, 3, 3, 3], FAR: [3, 3, 3, 3]})
    ranking = Ranking(half_life_months=None, surroundings=0)
    rates = forecast(places, month, held=np.arange(600, 604), horizon=1, ranking=ranking)
    assert at(places, rates, HERE) < at(places, rates, THERE)
    assert at(places, rates, THERE) == at(places, rates, FAR)


def test_a_report_counts_more_where_there_are_others_near():
    near = (HERE[0] + 60, HERE[1])
    places, month = reports({HERE: [9], near: [1], FAR: [1]})
    rates = forecast(places, month, held=np.array([600]), horizon=1)
    assert at(places, rates, near) > at(places, rates, FAR)


def test_recency_is_learnt_from_the_months_before():
    moving = {
        (370_000.0 + 5_000 * n, 360_000.0): [30 * (n == k) for k in range(8)] for n in range(8)
    }
    # What was last month's place is this month's too, then no more.
    moving = {
        place: np.convolve(counts, [1, 1, 1])[:8].tolist() for place, counts in moving.items()
    }
    steady = {(370_000.0 + 5_000 * n, 360_000.0): [[40, 1], [1, 40]][n % 2] * 4 for n in range(8)}
    held = np.arange(600, 608)
    learnt = {}
    for name, monthly in {"moving": moving, "steady": steady}.items():
        places, month = reports(monthly)
        counts = by_month(places, month, held)
        learnt[name] = recency(counts, counts, held, horizon=1)
    assert learnt["moving"] > 0.9
    assert learnt["steady"] < 0.1


def test_too_few_months_learn_nothing_and_a_part_that_is_given_is_kept():
    places, month = reports({HERE: [2, 4, 1], THERE: [1, 0, 0]})
    held = np.array([600, 601, 602])
    counts = by_month(places, month, held)
    assert recency(counts, counts, held, horizon=3) == 0.0
    assert recency(counts, counts, held, horizon=3, ranking=Ranking(recent=0.4)) == 0.4
    assert recency(counts, counts, held, horizon=3, ranking=COUNTS) == 0.0


def test_months_that_were_not_held_are_no_months_without_reports():
    places, month = reports({HERE: [4, 0, 4, 4]})
    rates = forecast(places, month, held=np.array([600, 602, 603]), horizon=1, ranking=COUNTS)
    assert rates.tolist() == [4.0]
    counts = by_month(places, month, np.array([602, 603]))
    assert counts.sum() == 8


def test_the_future_is_not_seen():
    places, month = reports({HERE: [3, 3, 3, 3, 3, 3], THERE: [1, 1, 1, 1, 1, 90]})
    rates = forecast(places, month, held=np.arange(600, 605), horizon=1, ranking=COUNTS)
    assert at(places, rates, HERE) == 3 * at(places, rates, THERE)


def test_incidents_in_demand_out():
    demand = expected(incidents_at([HERE, HERE, None, THERE]))
    assert demand.xy.tolist() == [list(HERE), list(THERE)]
    assert demand.reports.sum() == pytest.approx(3.0)
    longer = pd.period_range("2025-01", "2025-03", freq="M")
    third = expected(incidents_at([HERE, HERE, None, THERE]), months=longer, ranking=DEFAULT)
    assert third.reports.sum() == pytest.approx(1.0)


def test_nothing_in_nothing_out():
    demand = expected(incidents_at([]))
    assert demand.xy.shape == (0, 2)
    assert demand.reports.shape == (0,)
