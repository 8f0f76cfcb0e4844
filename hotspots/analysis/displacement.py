"""
Did a place fall by more than places like it, and did the streets around it pay for that?

The weighted displacement difference (WDD) and the weighted displacement quotient (WDQ).
Everything takes one plan or thousands at once; a pair is (before, after).

The WDD's published variance is the sum of its counts, as if each were Poisson. Real
places are less alike than that: on months when nothing was done it says "fell" up to six
times as often as it states. Its variance is therefore multiplied by a dispersion φ that is
measured on comparable places (see `hotspots.analysis.comparison`); φ = 1 is the
published test.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspots.analysis.count_tests import POWER
from hotspots.settings import INTERVAL

Floats = NDArray[np.float64]
Pair = tuple[ArrayLike, ArrayLike]

NOTHING: Final[Pair] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Difference:
    """
    Reports more (above 0) or fewer (below 0) than comparable places led to expect.

    Attributes
    ----------
    estimate, se
        The difference and its standard error, reports of the after period.
    low, high
        Its interval.
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats


def wdd(
    treated: Pair,
    control: Pair,
    *,
    displaced: Pair = NOTHING,
    displaced_control: Pair = NOTHING,
    controls: ArrayLike = 1.0,
    months: Pair = (1.0, 1.0),
    dispersion: ArrayLike = 1.0,
    freedom: ArrayLike = np.inf,
    coverage: float = INTERVAL,
) -> Difference:
    """
    Weighted displacement difference.

    WDD = (T₁ - fT₀) - (C₁ - fC₀)/k + (D₁ - fD₀) - (E₁ - fE₀)/k, and its variance is
    φ (T₁ + f²T₀ + (C₁ + f²C₀)/k² + …), f the months after over the months before.

    Parameters
    ----------
    treated, control
        Reports of the place, and of its controls together.
    displaced, displaced_control
        The same of the surroundings of each.
    controls
        How many controls there are, k; the place is held against their mean.
    months
        Length of the two periods.
    dispersion
        φ, from 1; less counts as 1.
    freedom
        Places less one that φ was measured on; endless = φ is known.
    coverage
        Of the interval, two-sided.

    References
    ----------
    A. P. Wheeler and J. H. Ratcliffe (2018), A simple weighted displacement difference
    test to evaluate place based crime interventions, Crime Science 7:11; unequal periods
    as in the R package ptools.

    Examples
    --------
    >>> one = wdd((20, 10), (20, 20))
    >>> float(one.estimate), float(one.se.round(1))
    (-10.0, 8.4)
    """
    f = _ratio(months)
    k = np.asarray(controls, dtype=np.float64)
    near = (_change(treated, f), _change(displaced, f))
    far = (_change(control, f), _change(displaced_control, f))
    estimate = sum(near) - sum(far) / k
    variance = sum(_variance(pair, f) for pair in (treated, displaced))
    variance = variance + sum(_variance(pair, f) for pair in (control, displaced_control)) / k**2
    return _difference(
        np.asarray(estimate), np.asarray(variance), dispersion, freedom, coverage=coverage
    )


def _ratio(months: Pair) -> Floats:
    before, after = (np.asarray(part, dtype=np.float64) for part in months)
    return np.asarray(after / before)


def _change(pair: Pair, f: Floats) -> Floats:
    before, after = (np.asarray(part, dtype=np.float64) for part in pair)
    return np.asarray(after - f * before)


def _variance(pair: Pair, f: Floats) -> Floats:
    before, after = (np.asarray(part, dtype=np.float64) for part in pair)
    return np.asarray(after + f**2 * before)


def _difference(
    estimate: Floats,
    variance: Floats,
    dispersion: ArrayLike,
    freedom: ArrayLike,
    *,
    coverage: float,
) -> Difference:
    se = np.sqrt(np.maximum(np.asarray(dispersion, dtype=np.float64), 1) * variance)
    reach = stats.t.isf((1 - coverage) / 2, np.asarray(freedom, dtype=np.float64)) * se
    return Difference(estimate, se, estimate - reach, estimate + reach)


def wdq(treated: Pair, buffer: Pair, control: Pair) -> Floats:
    """
    Weighted displacement quotient: what the buffer did for each thing the place did.

    WDQ = (B₁/C₁ - B₀/C₀) / (A₁/C₁ - A₀/C₀). Above 0 the surroundings moved with the place
    (a benefit, where the place fell); between 0 and -1 some of the fall came back round
    about; below -1 more came back than was won.

    Parameters
    ----------
    treated, buffer, control
        Reports of the place (A), of its surroundings (B) and of the controls (C).

    Returns
    -------
    quotient
        Not a number where the controls had none, or the place did not fall beside them:
        a quotient of a rise says nothing about displacement.

    References
    ----------
    K. J. Bowers and S. D. Johnson (2003), Measuring the geographical displacement and
    diffusion of benefit effects of crime prevention activity, Journal of Quantitative
    Criminology 19, 275-301.

    Examples
    --------
    >>> wdq((100, 50), (100, 150), (100, 100)).tolist()
    -1.0
    """
    (a0, a1), (b0, b1), (c0, c1) = (
        (np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64))
        for before, after in (treated, buffer, control)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        success = a1 / c1 - a0 / c0
        quotient = (b1 / c1 - b0 / c0) / success
    return np.asarray(np.where((c0 > 0) & (c1 > 0) & (success < 0), quotient, np.nan))


def smallest_fall(
    before: ArrayLike,
    control: Pair,
    *,
    controls: ArrayLike = 1.0,
    months: Pair = (1.0, 1.0),
    dispersion: ArrayLike = 1.0,
    freedom: ArrayLike = np.inf,
    coverage: float = INTERVAL,
    power: float = POWER,
) -> Floats:
    """
    Least fall that the WDD of a place could have been expected to show.

    With m reports to expect, the place's own before moved as its controls moved, a fall to
    m - x shows when x = (t + z_power) √(φ (f²T₀ + m - x + (C₁ + f²C₀)/k²)).

    Parameters
    ----------
    before
        Reports of the place before, T₀.
    control, controls, months, dispersion, freedom, coverage
        As for `wdd`.
    power
        Share of such falls that would be shown.

    Returns
    -------
    share
        0.66 is a fall by 66% of what was to be expected; not a number where even a fall to
        nothing could not be expected to show.

    Examples
    --------
    >>> smallest_fall([25, 100, 400], ([125, 500, 2000], [125, 500, 2000]),
    ...               controls=5).round(2).tolist()
    [0.73, 0.4, 0.21]
    """
    f, k = _ratio(months), np.asarray(controls, dtype=np.float64)
    t0 = np.asarray(before, dtype=np.float64)
    expected = np.maximum(f * t0 + _change(control, f) / k, 0)
    q = stats.t.isf((1 - coverage) / 2, np.asarray(freedom, dtype=np.float64))
    q2 = (q + stats.norm.isf(1 - power)) ** 2 * np.maximum(np.asarray(dispersion, float), 1)
    spread = f**2 * t0 + expected + _variance(control, f) / k**2
    fall = (np.sqrt(q2**2 + 4 * q2 * spread) - q2) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = fall / expected
    return np.asarray(np.where(share <= 1, share, np.nan))


def log_ratio(
    treated: Pair, control: Pair, *, dispersion: ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """
    How many times its own before the place stands at, beside its controls; as a logarithm.

    log (T₁/T₀ ÷ C₁/C₀), with variance φ (1/T₀ + 1/T₁ + 1/C₀ + 1/C₁); half a report is
    added to each count where one of them is 0. Ratios can be pooled over places of
    different size, where differences cannot.

    Returns
    -------
    log, variance

    Examples
    --------
    >>> log, variance = log_ratio((40, 20), (400, 400))
    >>> float(np.exp(log).round(2)), float(variance.round(2))
    (0.5, 0.08)
    """
    counts = np.stack(np.broadcast_arrays(*treated, *control)).astype(np.float64)
    counts = counts + 0.5 * (counts == 0).any(axis=0)
    t0, t1, c0, c1 = counts
    phi = np.maximum(np.asarray(dispersion, dtype=np.float64), 1)
    return np.asarray(np.log(t1 / t0 * c0 / c1)), np.asarray(phi * (1 / counts).sum(axis=0))
