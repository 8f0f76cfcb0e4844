"""
Is the difference between two counts more than luck, what could so few have shown, and how
much does it matter that many were looked at?

Everything takes one pair or thousands at once. `dispersion` φ says how much more a count
varies than a Poisson count would: its variance is φ times its mean, 1 = Poisson.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from hotspots.settings import INTERVAL

Floats = NDArray[np.float64]
_Pair = tuple[Floats, Floats]

# Share of true changes shown, when they are as large as "could have been shown".
POWER: Final = 0.8
# Closer to 1 than this a dispersion is Poisson's.
_POISSON: Final = 1 + 1e-6
# Cells worked on at a time: 32 MB an array.
_CELLS: Final = 4_000_000


def e_test(
    now: ArrayLike,
    before: ArrayLike,
    *,
    exposure_now: ArrayLike = 1.0,
    exposure_before: ArrayLike = 1.0,
    dispersion: ArrayLike = 1.0,
) -> Floats:
    """
    Two-sided p of two counts coming from one rate: Krishnamoorthy and Thomson's E-test.

    With counts k over exposures n, T = (k₁/n₁ - k₂/n₂) / √(k₁/n₁² + k₂/n₂²). p is the
    chance that two counts with the common rate (k₁ + k₂) / (n₁ + n₂) give a |T| at least
    as large, summed over every pair of counts that can matter. With a dispersion φ above
    1 the pairs are weighted by the negative binomial whose variance is φ times its mean,
    which the sum of several months obeys as each month does.

    At φ = 1 it is `scipy.stats.poisson_means_test`, for whole arrays at once.

    Parameters
    ----------
    now, before
        Whole numbers from 0; not a number where there is none.
    exposure_now, exposure_before
        What each count would be proportional to: days, months, an expected share.
    dispersion
        φ, from 1; less counts as 1.

    Returns
    -------
    p
        Of the arguments' common shape; 1 where both counts are 0.

    References
    ----------
    K. Krishnamoorthy and J. Thomson (2004), A more powerful test for comparing two
    Poisson means, Journal of Statistical Planning and Inference 119, 23-35.

    Examples
    --------
    >>> e_test([0, 2], [3, 6], exposure_now=100, exposure_before=100).round(4).tolist()
    [0.0884, 0.1749]
    """
    parts = np.broadcast_arrays(now, before, exposure_now, exposure_before, dispersion)
    k1, k2, n1, n2, phi = (np.asarray(part, dtype=np.float64).ravel() for part in parts)
    p = np.where(np.isnan(k1 + k2 + n1 + n2 + phi), np.nan, 1.0)
    asked = np.flatnonzero((k1 * n2 != k2 * n1) & ~np.isnan(p))
    rate = (k1 + k2)[asked] / (n1 + n2)[asked]
    wide = np.maximum(phi[asked], 1)
    sd = np.sqrt(wide * rate * np.maximum(n1, n2)[asked])
    # Far enough that what lies beyond is below 1e-12 of all, and of a smaller p.
    off = np.abs(k1[asked] - n1[asked] * rate)
    reach = np.maximum(7 * sd, off + 3 * sd) + 25 * wide - 12
    # Pairs of like size are worked on together, so that few cells lie beyond what matters.
    size = np.ceil(np.log2(reach)).astype(np.int64)
    for one in np.unique(size):
        alike, width = asked[size == one], 2 * int(np.ceil(reach[size == one].max())) + 1
        for some in np.array_split(alike, len(alike) * width // _CELLS + 1):
            pairs = (k1[some], k2[some]), (n1[some], n2[some])
            p[some] = _e_test(*pairs, np.maximum(phi[some], 1), width)
    return np.asarray(np.minimum(p, 1.0).reshape(parts[0].shape))


def _e_test(counts: _Pair, exposures: _Pair, phi: Floats, width: int) -> Floats:
    """Chance of each pair that differs, over `width` counts round each of the two means."""
    (k1, k2), (n1, n2) = counts, exposures
    rate = (k1 + k2) / (n1 + n2)
    t2 = ((k1 / n1 - k2 / n2) ** 2 / (k1 / n1**2 + k2 / n2**2))[:, None]
    x, chance1 = _chances(n1 * rate, phi, width)
    y, chance2 = _chances(n2 * rate, phi, width)
    # Second counts between the two roots of a quadratic give a smaller |T|.
    one, two = n1[:, None], n2[:, None]
    u = x / one
    high = u + t2 / (2 * two)
    high = high + np.sqrt(u * t2 / two + (t2 / (2 * two)) ** 2 + u * t2 / one)
    low = u * (u - t2 / one) / high
    slack = 1e-9 * (1 + two * high)
    below = np.where(x > 0, np.floor(two * low + slack), -1.0) - y[:, :1]
    above = np.ceil(two * high - slack) - y[:, :1]
    # Chance of at most, and of at least, as many; nothing lies beyond either end.
    nothing = np.zeros((len(k1), 1))
    at_most = np.hstack([nothing, np.cumsum(chance2, axis=1)])
    at_least = np.hstack([np.cumsum(chance2[:, ::-1], axis=1)[:, ::-1], nothing])
    column = np.clip(below + 1, 0, width).astype(np.int64)
    beyond = np.take_along_axis(at_most, column, axis=1)
    column = np.clip(above, 0, width).astype(np.int64)
    beyond += np.take_along_axis(at_least, column, axis=1)
    return np.asarray((chance1 * beyond).sum(axis=1))


def _chances(mean: Floats, phi: Floats, width: int) -> _Pair:
    """
    Counts round each mean, and their chances: each from the one before it.

    p(x) / p(x-1) = (mean + (x - 1) (φ - 1)) / φ / x, which is Poisson's mean / x at φ = 1.
    """
    start = np.maximum(np.floor(mean) - width // 2, 0)
    x = start[:, None] + np.arange(width)
    excess = np.where(phi <= _POISSON, 0.0, phi - 1)
    ratio = (mean[:, None] + (x[:, 1:] - 1) * excess[:, None]) / phi[:, None] / x[:, 1:]
    size = mean / np.where(excess > 0, excess, 1)
    first = np.where(
        excess > 0,
        special.gammaln(start + size)
        - special.gammaln(size)
        + start * np.log1p(-1 / np.where(excess > 0, phi, 2))
        - size * np.log(phi),
        special.xlogy(start, mean) - mean,
    ) - special.gammaln(start + 1)
    logs = np.hstack([first[:, None], np.log(ratio)])
    return x, np.exp(np.cumsum(logs, axis=1))


def rate_ratio(
    now: ArrayLike,
    before: ArrayLike,
    *,
    exposure_now: ArrayLike = 1.0,
    exposure_before: ArrayLike = 1.0,
    dispersion: ArrayLike = 1.0,
    coverage: float = INTERVAL,
) -> tuple[Floats, Floats, Floats]:
    """
    How many times the earlier rate the newer one is: (k₁/n₁) / (k₂/n₂).

    The interval is exact given the sum of the two counts (Clopper and
    Pearson's for the newer count's share), on counts divided by the dispersion.

    Parameters
    ----------
    now, before, exposure_now, exposure_before, dispersion
        As for `e_test`.
    coverage
        Between 0 and 1.

    Returns
    -------
    ratio, low, high
        From 0 to infinity; the ratio is not a number where both counts are 0.

    Examples
    --------
    >>> [float(part.round(3)) for part in rate_ratio(11, 21, exposure_now=800,
    ...                                              exposure_before=3011)]
    [1.971, 0.858, 4.277]
    """
    k1, k2, n1, n2, phi = (
        np.asarray(part, dtype=np.float64)
        for part in np.broadcast_arrays(now, before, exposure_now, exposure_before, dispersion)
    )
    tail, wide = (1 - coverage) / 2, np.maximum(phi, 1)
    few1, few2 = k1 / wide, k2 / wide
    share_low = special.betaincinv(np.maximum(few1, 1e-300), few2 + 1, tail)
    share_high = special.betaincinv(few1 + 1, np.maximum(few2, 1e-300), 1 - tail)
    share_low = np.where(k1 == 0, 0.0, share_low)
    share_high = np.where(k2 == 0, 1.0, share_high)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = n2 / n1
        ratio = np.asarray(k1 / k2 * odds)
        low = np.asarray(share_low / (1 - share_low) * odds)
        high = np.asarray(share_high / (1 - share_high) * odds)
    return ratio, low, high


def smallest_change(
    before: ArrayLike,
    *,
    exposure_now: ArrayLike = 1.0,
    exposure_before: ArrayLike = 1.0,
    dispersion: ArrayLike = 1.0,
    level: float = 1 - INTERVAL,
    power: float = POWER,
) -> tuple[Floats, Floats]:
    """
    Least fall and least rise that so few reports could have been expected to show.

    Square roots of counts vary alike whatever their mean, so a rate becoming ρ times what it
    was shows when 2 √(k₂/n₂) |√ρ - 1| = (z₁₋ₐ/₂ + z_power) √(φ (1/n₁ + 1/n₂)).

    Parameters
    ----------
    before, exposure_now, exposure_before, dispersion
        As for `e_test`.
    level
        Two-sided chance of a false alarm.
    power
        Share of such changes that would be shown.

    Returns
    -------
    fall, rise
        Ratios: 0.6 is a fall by 40%. `fall` is not a number where even a fall to nothing
        could not be shown, `rise` where there was nothing before.

    Examples
    --------
    >>> fall, rise = smallest_change([100, 10, 2])
    >>> fall.round(2).tolist(), rise.round(2).tolist()
    ([0.64, 0.14, nan], [1.44, 2.65, 5.76])
    """
    k2, n1, n2, phi = (
        np.asarray(part, dtype=np.float64)
        for part in np.broadcast_arrays(before, exposure_now, exposure_before, dispersion)
    )
    z = stats.norm.isf(level / 2) + stats.norm.isf(1 - power)
    with np.errstate(divide="ignore"):
        step = z * np.sqrt(np.maximum(phi, 1) * (1 / n1 + 1 / n2) * n2 / k2) / 2
    fall = np.where(step < 1, (1 - step) ** 2, np.nan)
    return fall, np.where(k2 > 0, (1 + step) ** 2, np.nan)


def against_mean(
    count: ArrayLike, mean: ArrayLike, *, months: ArrayLike, dispersion: ArrayLike = 1.0
) -> Floats:
    """
    How unusual one month is beside the mean of earlier ones.

    z = 2 (√c - √p̄) / √(1 + 1/n), divided by √φ; beyond ±3 is worth a look.

    Parameters
    ----------
    count
        Reports of the month, c.
    mean
        Mean of the earlier months, p̄.
    months
        How many earlier months the mean is of, n.
    dispersion
        φ, from 1; less counts as 1.

    References
    ----------
    A. P. Wheeler (2018), Testing changes in short run crime patterns, andrewpwheeler.com,
    where n is taken as endless.

    Examples
    --------
    >>> against_mean([25, 25], 16, months=[np.inf, 3]).round(2).tolist()
    [2.0, 1.73]
    """
    c, p, n, phi = (
        np.asarray(part, dtype=np.float64)
        for part in np.broadcast_arrays(count, mean, months, dispersion)
    )
    z = 2 * (np.sqrt(c) - np.sqrt(p)) / np.sqrt(1 + 1 / n)
    return np.asarray(z / np.sqrt(np.maximum(phi, 1)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """
    Chances of many series, corrected for how many were looked at.

    Listing those at or below 0.05 keeps the false ones to 5% of the list on average.

    Parameters
    ----------
    p
        One a series; not a number where a series could not be tested, which then does
        not count as looked at.

    References
    ----------
    Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, Journal of
    the Royal Statistical Society B 57; `scipy.stats.false_discovery_control`.

    Examples
    --------
    >>> benjamini_hochberg([0.01, float("nan"), 0.04]).tolist()
    [0.02, nan, 0.04]
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = given.copy()
    tested = ~np.isnan(given)
    if tested.any():
        adjusted[tested] = stats.false_discovery_control(given[tested])
    return adjusted
