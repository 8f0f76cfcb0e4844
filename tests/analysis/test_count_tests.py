"""Two counts are compared as published, for thousands of pairs as for one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.analysis.count_tests import (
    against_mean,
    benjamini_hochberg,
    e_test,
    rate_ratio,
    smallest_change,
)

COUNTS = st.integers(0, 60)
EXPOSURES = st.integers(1, 31)


@pytest.mark.parametrize(
    ("now", "before", "exposure", "p"),
    [
        # Krishnamoorthy & Thomson (2004), section 6, example 1 (dodder seeds in clover).
        (0, 3, 100, 0.0884),
        (2, 6, 100, 0.1749),
        # A. P. Wheeler (2018), "Testing changes in short run crime patterns: the Poisson
        # e-test", andrewpwheeler.com: 25 robberies beside 16, p = 0.165.
        (25, 16, 1, 0.165),
    ],
)
def test_the_e_test_gives_the_published_digits(now, before, exposure, p):
    ours = e_test(now, before, exposure_now=exposure, exposure_before=exposure)
    assert round(float(ours), 4 if p != 0.165 else 3) == p


def every_pair(k1, k2, n1, n2, phi=1.0):
    """The double sum itself; pairs whose |T| is within rounding of ours, in and out."""
    rate = (k1 + k2) / (n1 + n2)
    reach = [int(n * rate + 12 * math.sqrt(phi * n * rate) + 60 * phi) for n in (n1, n2)]
    x, y = np.arange(reach[0] + 1)[:, None], np.arange(reach[1] + 1)[None]
    chance = [
        stats.poisson.pmf(v, n * rate)
        if phi == 1
        else stats.nbinom.pmf(v, n * rate / (phi - 1), 1 / phi)
        for v, n in ((x, n1), (y, n2))
    ]
    with np.errstate(invalid="ignore"):
        t = np.nan_to_num(np.abs(x / n1 - y / n2) / np.sqrt(x / n1**2 + y / n2**2))
    own = abs(k1 / n1 - k2 / n2) / math.sqrt(k1 / n1**2 + k2 / n2**2)
    both = chance[0] * chance[1]
    return both[t > own * (1 + 1e-9)].sum(), both[t >= own * (1 - 1e-9)].sum()


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
@settings(max_examples=80, deadline=None)
def test_the_e_test_is_scipys(k1, k2, n1, n2):
    ours = float(e_test(k1, k2, exposure_now=n1, exposure_before=n2))
    if k1 + k2 == 0 or k1 * n2 == k2 * n1:
        assert ours == 1
        return
    least, most = every_pair(k1, k2, n1, n2)
    assert ours == pytest.approx(most, abs=1e-12, rel=1e-9)
    # scipy decides ties of T by their last binary digit, so it may lie between the two.
    scipys = stats.poisson_means_test(k1, n1, k2, n2).pvalue
    assert least - 1e-9 <= scipys <= most + 1e-9


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES, st.floats(1.01, 8))
@settings(max_examples=60, deadline=None)
def test_with_dispersion_the_pairs_are_negative_binomial(k1, k2, n1, n2, phi):
    if k1 * n2 == k2 * n1:
        return
    ours = float(e_test(k1, k2, exposure_now=n1, exposure_before=n2, dispersion=phi))
    assert ours == pytest.approx(every_pair(k1, k2, n1, n2, phi)[1], abs=1e-9, rel=1e-6)


def test_many_pairs_are_each_tested_as_alone():
    rng = np.random.default_rng(1)
    k1, k2 = rng.poisson(10 ** rng.uniform(-1, 4, (2, 60)))
    n1, n2 = rng.uniform(28, 92, (2, 60))
    phi = rng.uniform(0.5, 3, 60)
    together = e_test(k1, k2, exposure_now=n1, exposure_before=n2, dispersion=phi)
    alone = [
        float(e_test(*row[:2], exposure_now=row[2], exposure_before=row[3], dispersion=row[4]))
        for row in zip(k1, k2, n1, n2, phi, strict=True)
    ]
    assert np.allclose(together, alone, rtol=1e-9, atol=1e-14)


def test_a_pair_that_is_missing_stays_missing_and_shapes_are_kept():
    p = e_test([[np.nan, 4, 0]], [[3, 4, 0]])
    assert p.shape == (1, 3)
    assert math.isnan(p[0, 0])
    assert p[0, 1:].tolist() == [1, 1]
    assert e_test([], []).shape == (0,)


def test_far_tails_keep_their_digits():
    assert 0 < float(e_test(400, 100)) < 1e-30


@pytest.mark.parametrize(("mean", "phi"), [(2, 1), (10, 1), (40, 1), (10, 2), (40, 3)])
def test_alarms_are_false_as_often_as_stated(mean, phi):
    rng = np.random.default_rng(2)
    size = (2, 10_000)
    counts = (
        rng.poisson(mean, size)
        if phi == 1
        else rng.negative_binomial(mean / (phi - 1), 1 / phi, size)
    )
    p = e_test(counts[0], counts[1], dispersion=phi)
    assert 0.02 < (p <= 0.05).mean() < 0.055
    assert (p <= 0.001).mean() < 0.002


def test_the_interval_is_rs():
    # R's help page of poisson.test, women in Fredericia beside three other cities: rate
    # ratio 1.971488, interval 0.8584264 to 4.2772659.
    ratio, low, high = rate_ratio(11, 6 + 8 + 7, exposure_now=800, exposure_before=3011)
    assert round(float(ratio), 6) == 1.971488
    assert (round(float(low), 7), round(float(high), 7)) == (0.8584264, 4.2772659)


@given(st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None)
def test_the_interval_is_the_binomial_one(k1, k2):
    ratio, low, high = rate_ratio(k1, k2)
    if k1 + k2 == 0:
        assert math.isnan(ratio)
        assert (float(low), float(high)) == (0, math.inf)
        return
    share = stats.binomtest(k1, k1 + k2).proportion_ci(method="exact")
    assert float(low / (1 + low)) == pytest.approx(share.low, abs=1e-9)
    top = 1.0 if math.isinf(high) else float(high / (1 + high))
    assert top == pytest.approx(share.high, abs=1e-9)


@pytest.mark.parametrize("phi", [1, 2.5])
def test_the_interval_covers_the_true_ratio(phi):
    rng = np.random.default_rng(3)
    draw = (
        rng.poisson
        if phi == 1
        else lambda mean, size: rng.negative_binomial(mean / (phi - 1), 1 / phi, size)
    )
    _, low, high = rate_ratio(draw(60, 20_000), draw(30, 20_000), dispersion=phi)
    assert 0.94 < ((low <= 2) & (high >= 2)).mean() < 0.985


@pytest.mark.parametrize(("before", "phi"), [(30, 1), (100, 1), (60, 2)])
def test_the_smallest_change_shows_in_four_of_five(before, phi):
    rng = np.random.default_rng(4)
    for ratio in smallest_change(before, dispersion=phi):
        means = before, before * float(ratio)
        k2, k1 = (
            rng.poisson(mean, 4000)
            if phi == 1
            else rng.negative_binomial(mean / (phi - 1), 1 / phi, 4000)
            for mean in means
        )
        assert 0.73 < (e_test(k1, k2, dispersion=phi) <= 0.05).mean() < 0.88


def test_too_few_to_show_even_a_fall_to_nothing():
    fall, rise = smallest_change([2, 0])
    assert np.isnan(fall).all()
    assert rise[0] > 5
    assert math.isnan(rise[1])


def test_a_month_against_the_mean_of_earlier_ones():
    # Wheeler (2018), as above: 2 (√25 - √16) = 2.
    assert float(against_mean(25, 16, months=np.inf)) == 2
    assert float(against_mean(25, 16, months=3)) == pytest.approx(2 / math.sqrt(4 / 3))
    assert float(against_mean(25, 16, months=np.inf, dispersion=4)) == 1
    assert float(against_mean(16, 25, months=np.inf, dispersion=0.2)) == -2


def test_a_month_against_the_mean_keeps_to_its_rate():
    rng = np.random.default_rng(5)
    months = rng.poisson(12, (40_000, 13))
    z = against_mean(months[:, -1], months[:, :-1].mean(axis=1), months=12)
    assert 0.04 < (np.abs(z) > 1.96).mean() < 0.06


def test_the_correction_gives_benjamini_and_hochbergs_verdict():
    # Benjamini & Hochberg (1995), section 3.2: fifteen p of a trial of thrombolysis; the
    # first four are rejected at 0.05.
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    published += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (benjamini_hochberg(published) <= 0.05).tolist() == [True] * 4 + [False] * 11


@given(st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=40))
def test_the_correction_is_scipys_and_leaves_the_untested_out(p):
    p = np.array(p, dtype=float)
    adjusted = benjamini_hochberg(p)
    tested = ~np.isnan(p)
    assert np.isnan(adjusted[~tested]).all()
    if tested.any():
        assert adjusted[tested].tolist() == stats.false_discovery_control(p[tested]).tolist()
