"""Rates drawn towards the mean: as far as chance could have made them, and no further."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analysis.smoothed_rates import empirical_bayes, with_smoothed

WARDS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 20_000)), min_size=1, max_size=30)


@given(WARDS)
def test_every_rate_lies_between_its_own_and_the_mean(wards):
    counts, people = (np.array(column, dtype=float) for column in zip(*wards, strict=True))
    rates = empirical_bayes(counts, people)
    mean = counts.sum() / people.sum()
    low, high = np.minimum(counts / people, mean), np.maximum(counts / people, mean)
    assert (rates >= low - 1e-12).all()
    assert (rates <= high + 1e-12).all()


def test_the_formula_by_hand():
    """m = 420/11100; s² and A as Marshall (1991) defines them, each worked out apart."""
    counts, people = np.array([10.0, 10.0, 400.0]), np.array([100.0, 1_000.0, 10_000.0])
    m = 420 / 11_100
    s2 = (100 * (0.1 - m) ** 2 + 1_000 * (0.01 - m) ** 2 + 10_000 * (0.04 - m) ** 2) / 11_100
    a = s2 - m / 3_700
    expected = [m + a / (a + m / n) * (c / n - m) for c, n in zip(counts, people, strict=True)]
    assert empirical_bayes(counts, people) == pytest.approx(expected)


def test_steadied_rates_are_nearer_the_truth():
    rng = np.random.default_rng(1)
    truth = rng.gamma(5, 0.002, 200)
    people = rng.integers(300, 12_000, 200).astype(float)
    counts = rng.poisson(truth * people).astype(float)
    raw = ((counts / people - truth) ** 2).sum()
    assert ((empirical_bayes(counts, people) - truth) ** 2).sum() < raw * 0.9


def test_wards_without_residents_have_no_rate():
    league = pd.DataFrame({"count": [5, 9], "residents": [np.nan, 1_000.0]}, index=["a", "b"])
    assert with_smoothed(league)["smoothed"].isna().tolist() == [True, False]
    assert len(empirical_bayes(np.empty(0), np.empty(0))) == 0
