"""Drift is found as published, gaps and ties and seasons included."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.analysis.drift import mann_kendall

# J. Little, College of the Holy Cross, "A Mann-Kendall Example (By Hand)",
# mathcs.holycross.edu/~little/Montserrat/MannKendallByHand.txt: S = 54, Z = 2.9058.
BY_HAND = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]


def columns(values):
    return np.asarray(values, dtype=float)[:, None]


def test_the_worked_example_is_reproduced():
    drift = mann_kendall(columns(BY_HAND))
    assert drift.s.tolist() == [54]
    assert drift.variance[0] == pytest.approx(14 * 13 * 33 / 18 - 2 * 1 * 9 / 18)
    assert round(float(drift.z[0]), 4) == 2.9058
    # Printed there for one side: .0018.
    assert round(float(drift.p[0]) / 2, 4) == 0.0018


@given(st.lists(st.integers(0, 9), min_size=3, max_size=30))
@settings(deadline=None)
def test_pairs_ties_and_slopes_are_scipys(values):
    drift = mann_kendall(columns(values))
    if len(set(values)) == 1:
        assert (drift.s[0], drift.p[0], drift.slope[0]) == (0, 1, 0)
        return
    time = np.arange(len(values))
    tau = stats.kendalltau(time, values, method="asymptotic")
    # scipy leaves the continuity correction out.
    uncorrected = 2 * stats.norm.sf(abs(drift.s[0]) / math.sqrt(drift.variance[0]))
    assert uncorrected == pytest.approx(tau.pvalue, rel=1e-9)
    sen = stats.theilslopes(values, time, alpha=0.95)
    assert drift.slope[0] == pytest.approx(sen.slope)
    assert drift.low[0] == pytest.approx(sen.low_slope)
    assert drift.high[0] == pytest.approx(sen.high_slope)


def test_a_missing_month_is_a_gap_in_time_not_a_zero():
    whole = columns([1, 2, np.nan, 4, 5, 6, 7, 9])
    drift = mann_kendall(whole)
    kept = ~np.isnan(whole[:, 0])
    short = mann_kendall(whole[kept], time=np.flatnonzero(kept))
    assert drift.values.tolist() == [7]
    assert (drift.s[0], drift.p[0], drift.slope[0]) == (short.s[0], short.p[0], short.slope[0])
    assert drift.slope[0] == pytest.approx(1, abs=0.1)


def test_many_series_are_each_tested_as_alone():
    rng = np.random.default_rng(1)
    many = rng.poisson(4, (24, 30)).astype(float)
    many[rng.random(many.shape) < 0.1] = np.nan
    together = mann_kendall(many, group=np.arange(24) % 12)
    for column in range(30):
        alone = mann_kendall(many[:, [column]], group=np.arange(24) % 12)
        assert together.p[column] == pytest.approx(alone.p[0])
        assert together.slope[column] == pytest.approx(alone.slope[0])


def test_season_is_no_drift_when_months_are_compared_with_their_own():
    season = 100 + 60 * np.sin(np.arange(30) / 12 * 2 * np.pi)
    rng = np.random.default_rng(2)
    still = rng.poisson(season[:, None], (30, 2000))
    p = mann_kendall(still, group=np.arange(30) % 12).p
    assert (p <= 0.05).mean() < 0.06
    moving = rng.poisson((season * 1.02 ** np.arange(30))[:, None], (30, 200))
    assert (mann_kendall(moving, group=np.arange(30) % 12).p <= 0.05).mean() > 0.8


@pytest.mark.parametrize("months", [8, 12, 33])
def test_alarms_are_false_at_most_as_often_as_stated(months):
    still = np.random.default_rng(3).poisson(5, (months, 20_000))
    assert (mann_kendall(still).p <= 0.05).mean() <= 0.055


@pytest.mark.parametrize("series", [np.full((5, 1), np.nan), np.empty((0, 1)), np.ones((1, 1))])
def test_nothing_to_compare_is_not_a_number(series):
    drift = mann_kendall(series)
    assert np.isnan([drift.s, drift.z, drift.p, drift.slope, drift.low, drift.high]).all()


def test_no_series_gives_no_answers():
    assert mann_kendall(np.empty((6, 0))).p.shape == (0,)
