"""Concentration is measured as published, and never without what chance would give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ive

from hotspots.analysis.concentration import (
    against_chance,
    gini,
    gini_adjusted,
    lorenz,
    share_on_busiest,
)

some_counts = st.lists(st.integers(0, 30), min_size=1, max_size=60).filter(any)


def gini_by_pairs(counts):
    """Mean absolute difference of all pairs, over twice the mean: the definition."""
    values = np.asarray(counts, dtype=float)
    return np.abs(values[:, None] - values).mean() / (2 * values.mean())


@given(some_counts)
def test_gini_is_its_definition(counts):
    assert gini(counts) == pytest.approx(gini_by_pairs(counts), abs=1e-12)


@given(some_counts)
def test_gini_does_not_depend_on_the_order_or_the_unit(counts):
    assert gini(counts[::-1]) == pytest.approx(gini(counts))
    assert gini([7 * each for each in counts]) == pytest.approx(gini(counts))


@given(some_counts)
def test_adjusted_gini_is_gini_unless_places_outnumber_reports(counts):
    if sum(counts) >= len(counts):
        assert gini_adjusted(counts) == pytest.approx(gini(counts))
    else:
        assert 0 <= gini_adjusted(counts) <= gini(counts) + 1e-12


@given(st.integers(1, 50), st.integers(0, 50))
def test_one_report_to_a_place_is_as_even_as_can_be(reports, empty):
    assert gini_adjusted([1] * reports + [0] * empty) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "plain", "adjusted"),
    [
        # The examples of the authors' R package, lorenzgini 0.1.2.
        ([10, 8, 2, 0, 0, 0, 0, 0, 0, 0], 0.78, 0.78),
        ([5, 2, 1, 0, 0, 0, 0, 0, 0, 0], 0.80, 0.75),
        ([10, *[0] * 9], 0.90, 0.90),
    ],
)
def test_published_examples(counts, plain, adjusted):
    assert gini(counts) == pytest.approx(plain)
    assert gini_adjusted(counts) == pytest.approx(adjusted)


@given(some_counts)
def test_the_curve_rises_from_nothing_to_all_and_bends_one_way(counts):
    places, incidents = lorenz(counts).to_numpy().T
    assert (places[0], incidents[0]) == (0, 0)
    assert (places[-1], incidents[-1]) == pytest.approx((1, 1))
    assert (np.diff(places) > 0).all()
    slope = np.diff(incidents) / np.diff(places)
    assert (np.diff(slope) < 1e-9).all()
    assert (incidents >= places - 1e-12).all()


@given(some_counts, st.floats(0, 1))
def test_the_busiest_hold_at_least_their_share(counts, share):
    held = share_on_busiest(counts, share)
    assert share - 1e-9 <= held <= 1 + 1e-9
    whole = int(share * len(counts))
    assert held >= sum(sorted(counts, reverse=True)[:whole]) / sum(counts) - 1e-9


def test_random_reports_are_what_chance_gives():
    counts = np.random.default_rng(1).poisson(0.6, 5000)
    beside = against_chance(counts)
    assert (beside["observed"] >= beside["chance_low"] - 0.01).all()
    assert (beside["observed"] <= beside["chance_high"] + 0.01).all()
    assert beside.loc["gini", "chance"] > 0.6  # the trap: chance alone looks concentrated
    assert (beside["incidents"] == counts.sum()).all()
    assert (beside["places"] == 5000).all()


def test_the_chance_of_gini_is_that_of_a_poisson():
    """Gini of a Poisson of mean m: e^(-2m)·(I0(2m) + I1(2m)), with Bessel functions."""
    mean = 2.0
    counts = np.full(20_000, int(mean))
    beside = against_chance(counts, worlds=50)
    assert beside.loc["gini", "observed"] == 0
    assert beside.loc["gini", "chance"] == pytest.approx(
        ive(0, 2 * mean) + ive(1, 2 * mean), rel=0.005
    )


def test_concentrated_reports_stand_out():
    counts = np.random.default_rng(2).poisson(0.3, 3000)
    counts[:20] += 40
    beside = against_chance(counts)
    assert (beside["observed"] > beside["chance_high"]).all()


def test_the_same_seed_gives_the_same_answer():
    counts = np.random.default_rng(3).poisson(0.3, 300)
    assert against_chance(counts).equals(against_chance(counts))
    assert not against_chance(counts).equals(against_chance(counts, seed=1))


@pytest.mark.parametrize("counts", [[], [0, 0, 0]])
def test_no_reports_have_no_concentration(counts):
    assert lorenz(counts).empty
    assert list(lorenz(counts).columns) == ["share_of_places", "share_of_incidents"]
    assert np.isnan(gini(counts))
    assert np.isnan(gini_adjusted(counts))
    assert np.isnan(share_on_busiest(counts))
    beside = against_chance(counts)
    assert beside[["observed", "chance", "chance_low", "chance_high"]].isna().all(axis=None)
    assert (beside["places"] == len(counts)).all()
