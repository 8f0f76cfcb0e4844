"""Rates drawn towards the mean: as far as chance could have made them, and no further."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analysis.smoothed_rates import empirical_bayes, with_smoothed

EXAMPLES = Path(__file__).parent / "examples"
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


def test_st_louis_gives_what_esda_prints():
    """The first ten as esda's documentation prints them, and all 78 as esda 2.9.0 gives them."""
    counties = pd.read_csv(EXAMPLES / "st_louis_homicides.csv")
    rates = empirical_bayes(
        counties["homicides"].to_numpy(float), counties["population"].to_numpy(float)
    )
    assert [f"{rate:.8e}" for rate in rates[:10]] == [
        "2.36718950e-05", "4.54539167e-05", "4.78114019e-05", "2.76907146e-05", "6.58989323e-05",
        "3.66494122e-05", "5.79952721e-05", "2.03064590e-05", "3.31152999e-05", "3.02748380e-05",
    ]  # fmt: skip
    assert rates == pytest.approx(counties["smoothed"].to_numpy(), rel=1e-12)


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
