"""A place beside a mixture of places that were left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from hotspots.analysis.synthetic import (
    AGREES,
    LEAST_AFTER,
    LEAST_BEFORE,
    LEAST_DONORS,
    synthetic,
    weights,
)

START = pd.Period("2025-07", "M")
MONTHS = pd.period_range("2024-01", "2025-12", freq="M")


def series(rng, *, effect=1.0, places=25, mean=12.0, months=MONTHS):
    """Reports of places that share a season; the first changes at the start."""
    season = 1 + 0.3 * np.sin(np.arange(len(months)) * np.pi / 6)
    rate = np.outer(season, rng.uniform(0.5, 2, places)) * mean
    rate[months >= START, 0] *= effect
    return pd.DataFrame(rng.poisson(rate), index=months)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, (14, 6), elements=st.floats(0, 4)), st.integers(0, 5))
def test_weights_sum_to_one_and_find_a_mixture_that_is_there(donors, at):
    found = weights(donors, donors[:, at])
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    assert np.abs(donors @ found - donors[:, at]).max() < 0.02


def test_weights_are_those_of_another_solver():
    rng = np.random.default_rng(1)
    for _ in range(5):
        donors, target = rng.uniform(0, 3, (18, 8)), rng.uniform(0, 3, 18)
        other = minimize(
            lambda w, d=donors, t=target: ((d @ w - t) ** 2).sum(),
            np.full(8, 1 / 8),
            bounds=[(0, 1)] * 8,
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
            method="SLSQP",
            options={"ftol": 1e-12, "maxiter": 1000},
        )
        assert weights(donors, target) == pytest.approx(other.x, abs=1e-3)


def test_where_nothing_was_done_low_ranks_are_as_rare_as_stated():
    rng = np.random.default_rng(2)
    p = np.array([synthetic(series(rng), start=START).fell for _ in range(200)])
    assert (p <= AGREES).mean() == pytest.approx(AGREES, abs=0.08)
    assert (p <= 0.1).mean() == pytest.approx(0.1, abs=0.06)
    assert p.min() >= 1 / 25


def test_a_large_fall_ranks_lowest_and_a_large_rise_highest():
    rng = np.random.default_rng(3)
    fall = synthetic(series(rng, effect=0.3), start=START)
    assert fall.fell == pytest.approx(1 / 25)
    assert fall.difference < 0 < fall.smallest_fall < 0.7
    assert fall.seen == pytest.approx(0.3 * fall.expected, rel=0.5)
    rise = synthetic(series(rng, effect=3), start=START)
    assert (rise.rose, rise.fell) == (pytest.approx(1 / 25), 1)


def test_the_smallest_fall_is_what_ranks_low_in_four_of_five():
    rng = np.random.default_rng(4)
    share = np.nanmedian([synthetic(series(rng), start=START).smallest_fall for _ in range(40)])
    low = [synthetic(series(rng, effect=1 - share), start=START).fell for _ in range(60)]
    assert 0.65 < (np.array(low) <= AGREES).mean() < 0.95


def test_what_happened_everywhere_is_expected():
    rng = np.random.default_rng(5)
    table = series(rng, mean=40)
    table.loc[table.index >= START] //= 2
    one = synthetic(table, start=START)
    assert one.difference == pytest.approx(0, abs=0.15 * one.expected)
    assert min(one.fell, one.rose) > 1 / 25


def test_too_little_makes_none():
    table = series(np.random.default_rng(6))
    first = int((MONTHS < START).sum())
    assert synthetic(table.iloc[first - LEAST_BEFORE : first + LEAST_AFTER], start=START)
    assert synthetic(table.iloc[first - LEAST_BEFORE + 1 :], start=START) is None
    assert synthetic(table.iloc[: first + LEAST_AFTER - 1], start=START) is None
    assert synthetic(table.iloc[:, : LEAST_DONORS + 1], start=START)
    assert synthetic(table.iloc[:, :LEAST_DONORS], start=START) is None
    quiet = table.copy()
    quiet.loc[quiet.index < START, 0] = 0
    assert synthetic(quiet, start=START) is None


def test_a_place_that_was_silent_before_is_left_out_and_order_does_not_matter():
    table = series(np.random.default_rng(7), places=14)
    table.loc[table.index < START, 5] = 0
    one = synthetic(table, start=START)
    assert one.donors == 12
    again = synthetic(table[[0, *range(13, 0, -1)]], start=START)
    assert again.expected == pytest.approx(one.expected, rel=1e-3)
    assert again.fell == one.fell
