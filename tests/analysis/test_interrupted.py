"""Months of a place beside those of its controls."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.interrupted import interrupted
from hotspots.periods import Period

MONTHS = Period.parse("2023-01", "2024-12").months
START = pd.Period("2024-04", "M")
LATER = np.asarray(MONTHS >= START)


def series(seed, *, effect=1.0, phi=1.0, drift=0.0, mean=20.0):
    """A place and five controls under one season and one step in recording."""
    rng = np.random.default_rng(seed)
    month = np.arange(len(MONTHS))
    level = mean * (1 + 0.4 * np.sin(month / 12 * 2 * np.pi)) * np.where(month > 8, 0.6, 1)
    rate = np.outer(level, [1.0, 1.2, 0.8, 1.0, 0.9, 1.1])
    rate[:, 0] *= np.where(LATER, effect, 1) * np.exp(drift * month)
    counts = rng.poisson(rate) if phi == 1 else rng.negative_binomial(rate / (phi - 1), 1 / phi)
    return pd.DataFrame(counts, index=MONTHS)


def test_season_and_a_step_everywhere_are_taken_out():
    found = [interrupted(series(seed, effect=0.6), start=START) for seed in range(40)]
    assert np.mean([one.ratio for one in found]) == pytest.approx(0.6, abs=0.03)
    assert np.mean([one.low <= 0.6 <= one.high for one in found]) > 0.85


@pytest.mark.parametrize("phi", [1, 2])
def test_false_alarms_are_as_rare_as_stated(phi):
    found = [interrupted(series(seed, phi=phi), start=START) for seed in range(150)]
    assert np.mean([one.high < 1 for one in found]) < 0.06
    assert np.mean([one.low > 1 for one in found]) < 0.06


def test_with_alike_months_it_is_the_ratio_of_the_sums():
    counts = pd.DataFrame(np.tile([10, 20, 20], (24, 1)), index=MONTHS)
    counts.loc[LATER, 0] = 5
    one = interrupted(counts, start=START)
    assert one.ratio == pytest.approx(0.5)
    assert one.dispersion == 1
    assert one.low < 0.5 < one.high


def test_a_drift_of_its_own_before_is_seen():
    one = interrupted(series(1, drift=0.08, mean=40), start=START)
    assert one.drift_low > 1


@pytest.mark.parametrize("start", ["2023-06", "2024-09"])
def test_too_few_months_give_no_answer(start):
    assert interrupted(series(1), start=pd.Period(start, "M")) is None


def test_nothing_after_and_too_few_controls_give_no_answer():
    counts = series(1)
    assert interrupted(counts[[0, 1]], start=START) is None
    counts.loc[LATER, 0] = 0
    assert interrupted(counts, start=START) is None


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_controls_does_not_matter(seed):
    counts = series(seed)
    one = interrupted(counts, start=START)
    other = interrupted(counts[[0, 5, 3, 1, 2, 4]], start=START)
    assert one.ratio == pytest.approx(other.ratio, rel=1e-6)
    assert one.high == pytest.approx(other.high, rel=1e-6)
