"""WDD and WDQ against published figures, and what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analysis.displacement import log_ratio, smallest_fall, wdd, wdq

COUNT = st.integers(0, 500)
PAIR = st.tuples(COUNT, COUNT)


def test_the_papers_example_to_the_printed_digit():
    # Wheeler & Ratcliffe (2018), as the R package ptools tests it: -118, variance 1,568,
    # z = -2.98, interval -196 to -40.
    one = wdd((207, 110), (308, 318), displaced=(178, 157), displaced_control=(150, 140))
    assert float(one.estimate) == -118
    assert float(one.se**2) == pytest.approx(1568)
    assert round(float(one.estimate / one.se), 2) == -2.98
    assert (round(float(one.low)), round(float(one.high))) == (-196, -40)


def test_small_counts_are_not_evidence():
    one = wdd((20, 10), (20, 20))
    assert float(one.estimate) == -10
    assert round(float(one.se), 1) == 8.4
    assert one.low < 0 < one.high


def test_periods_of_different_length_as_in_ptools():
    # ptools, "Time Weights": two months before and one after give -20, variance 115.
    one = wdd((80, 20), (100, 50), months=(2, 1))
    assert float(one.estimate) == -20
    assert float(one.se**2) == pytest.approx(115)


def test_the_calculators_example():
    # crimede-coder.com, extensions of the WDD: 100 to 80 beside 100 to 90, error 19.
    one = wdd((100, 80), (100, 90))
    assert (float(one.estimate), round(float(one.se))) == (-10, 19)


@given(PAIR, PAIR, PAIR, PAIR)
def test_parts_add_up(place, control, around, control_around):
    near, far = wdd(place, control), wdd(around, control_around)
    both = wdd(place, control, displaced=around, displaced_control=control_around)
    assert float(both.estimate) == float(near.estimate + far.estimate)
    assert float(both.se**2) == pytest.approx(float(near.se**2 + far.se**2))


@given(PAIR, PAIR, st.integers(1, 9))
def test_more_controls_of_the_same_counts_only_make_it_surer(place, control, k):
    alone = wdd(place, control)
    many = wdd(place, (control[0] * k, control[1] * k), controls=k)
    assert float(many.estimate) == pytest.approx(float(alone.estimate))
    assert float(many.se) <= float(alone.se) + 1e-9


@given(PAIR, PAIR, st.floats(0, 9), st.integers(1, 40))
def test_dispersion_never_makes_it_surer(place, control, phi, freedom):
    plain = wdd(place, control)
    wide = wdd(place, control, dispersion=phi, freedom=freedom)
    assert float(wide.low) <= float(plain.low) + 1e-9
    assert float(wide.high) >= float(plain.high) - 1e-9


def test_many_at_once_are_each_as_alone():
    rng = np.random.default_rng(1)
    t, c = rng.poisson(30, (2, 50)), rng.poisson(150, (2, 50))
    k, phi = rng.integers(2, 6, 50), rng.uniform(1, 4, 50)
    together = wdd(tuple(t), tuple(c), controls=k, dispersion=phi, freedom=20)
    for i in range(50):
        one = wdd(t[:, i], c[:, i], controls=k[i], dispersion=phi[i], freedom=20)
        assert float(together.low[i]) == pytest.approx(float(one.low))


@pytest.mark.parametrize(("mean", "phi"), [(12, 1), (40, 1), (40, 3)])
def test_intervals_hold_the_truth_as_often_as_stated(mean, phi):
    rng = np.random.default_rng(2)
    size = (7, 2, 20_000)
    draw = (
        rng.poisson(mean, size)
        if phi == 1
        else rng.negative_binomial(mean / (phi - 1), 1 / phi, size)
    )
    one = wdd(tuple(draw[0]), tuple(draw[1:].sum(axis=0)), controls=6, dispersion=phi)
    assert 0.015 < (one.high < 0).mean() < 0.032
    assert 0.015 < (one.low > 0).mean() < 0.032


def test_the_quotient():
    # Every fall came back round about: the example of the R package streetlamp.
    assert float(wdq((100, 50), (100, 150), (100, 100))) == -1
    # Surroundings that fell as the place did, beside controls that did not move.
    assert float(wdq((100, 50), (100, 50), (200, 200))) == 1
    assert float(wdq((100, 50), (100, 100), (200, 200))) == 0
    # 207 to 110, 178 to 157, beside 308 to 318: worked by hand from the formula,
    # (157/318 - 178/308) / (110/318 - 207/308) = -0.08421 / -0.32617.
    assert round(float(wdq((207, 110), (178, 157), (308, 318))), 3) == 0.258


@given(PAIR, PAIR, PAIR)
def test_the_quotient_is_given_of_falls_alone(place, buffer, control):
    quotient = float(wdq(place, buffer, control))
    fell = 0 not in control and place[1] / control[1] < place[0] / control[0]
    assert math.isnan(quotient) != fell


@pytest.mark.parametrize(("before", "phi"), [(60, 1), (100, 1), (200, 2.5)])
def test_the_smallest_fall_shows_in_four_of_five(before, phi):
    share = float(smallest_fall(before, (before * 5, before * 5), controls=5, dispersion=phi))
    rng = np.random.default_rng(3)

    def draw(mean, times=1):
        size = (times, 20_000)
        counts = (
            rng.poisson(mean, size)
            if phi == 1
            else rng.negative_binomial(mean / (phi - 1), 1 / phi, size)
        )
        return counts.sum(axis=0)

    one = wdd(
        (draw(before), draw(before * (1 - share))),
        (draw(before, 5), draw(before, 5)),
        controls=5,
        dispersion=phi,
    )
    assert 0.77 < (one.high < 0).mean() < 0.84


def test_too_few_for_even_a_fall_to_nothing():
    assert np.isnan(smallest_fall([4, 0], ([20, 0], [20, 0]), controls=5)).all()


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300), st.integers(1, 300))
def test_the_logarithm_is_of_the_odds(t0, t1, c0, c1):
    log, variance = log_ratio((t0, t1), (c0, c1))
    assert float(np.exp(log)) == pytest.approx(t1 * c0 / (t0 * c1))
    assert float(variance) == pytest.approx(1 / t0 + 1 / t1 + 1 / c0 + 1 / c1)


def test_the_logarithm_of_nothing_is_finite():
    log, variance = log_ratio((10, 0), (40, 40))
    assert float(log) == pytest.approx(math.log(0.5 / 10.5))
    assert np.isfinite(variance)


FULL = st.tuples(st.integers(1, 500), st.integers(1, 500))


@given(FULL, FULL, FULL)
def test_the_quotient_reads_as_the_guide_says(place, buffer, control):
    # Guerette (2009), POP tool guide 10, appendices B and C: with the total net effect
    # TNE = [Rb (Ca/Cb) - Ra] + [Db (Ca/Cb) - Da], a quotient under -1 says that more came
    # back round about than was won, and above 0 that the surroundings gained too.
    (rb, ra), (db, da), (cb, ca) = place, buffer, control
    quotient = float(wdq(place, buffer, control))
    if ra / ca - rb / cb >= 0:
        assert math.isnan(quotient), "the place did not fall beside its controls"
        return
    net = (rb * ca / cb - ra) + (db * ca / cb - da)
    assert net == pytest.approx(-ca * (ra / ca - rb / cb) * (1 + quotient), abs=1e-6)
    assert (quotient > 0) == (da / ca < db / cb)
