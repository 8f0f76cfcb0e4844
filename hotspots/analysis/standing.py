"""
Where each area stands among others, and whether its year was really another, from counts
that are known only within a rounding.

Both answers stay true whatever the exact count is: chance and rounding are in them together.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspots.analysis.count_tests import benjamini_hochberg, e_test
from hotspots.analysis.intervals import poisson_interval
from hotspots.settings import INTERVAL, SEED

DRAWS: Final = 2000
# A Poisson mean after n were seen, before which every mean was as likely as its own rounding
# error (Jeffreys): gamma with n + 1/2.
_JEFFREYS: Final = 0.5
_VARIANCE_OF_ROOT: Final = 0.5

Floats = NDArray[np.float64]


def rate_interval(low: ArrayLike, high: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """
    Least and most that the rate behind each count can be.

    The lower bound is the Poisson interval's of the least count, the upper one of the most.

    Examples
    --------
    >>> low, high = rate_interval([10], [12], [1000])
    >>> (1000 * low).round(1).tolist(), (1000 * high).round(1).tolist()
    ([4.8], [21.0])
    """
    return (
        poisson_interval(low)[0] / np.asarray(exposure, dtype=np.float64),
        poisson_interval(high)[1] / np.asarray(exposure, dtype=np.float64),
    )


def rank_interval(
    low: ArrayLike, high: ArrayLike, exposure: ArrayLike, *, seed: int = SEED
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    First and last rank that each area may have by its rate, 1 = most reports.

    In each of 2,000 worlds every count is one of those it can stand for, and its mean is
    drawn from what such a count tells of it; ranks are taken in each world, and the middle
    95% of them is the interval.

    Parameters
    ----------
    low, high
        Least and most that each count can be; whole numbers.
    exposure
        Residents, above 0.
    seed
        Of the random worlds.

    Examples
    --------
    >>> least, most = rank_interval([100, 10, 11], [100, 12, 13], [1000, 1000, 1000])
    >>> least.tolist(), most.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    least, most = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
    if not len(least):
        return least, most
    rng = np.random.default_rng(seed)
    counts = rng.integers(least, most + 1, (DRAWS, len(least)))
    rates = rng.gamma(counts + _JEFFREYS) / np.asarray(exposure, dtype=np.float64)
    ranks = np.argsort(np.argsort(-rates, axis=1, kind="stable"), axis=1, kind="stable") + 1
    tail = (1 - INTERVAL) / 2
    first = np.quantile(ranks, tail, axis=0, method="inverted_cdf")
    last = np.quantile(ranks, 1 - tail, axis=0, method="inverted_cdf")
    return first.astype(np.int64), last.astype(np.int64)


def changed(
    now: tuple[ArrayLike, ArrayLike],
    before: tuple[ArrayLike, ArrayLike],
    *,
    spread: float | None = None,
) -> NDArray[np.int64]:
    """
    Whether each area's count went up (1) or down (-1), or cannot be told apart (0).

    Of all counts that the two roundings allow, the nearest pair is tested (E-test), with the
    spread between areas beyond Poisson's taken into account, and with a correction for how
    many areas were looked at (Benjamini and Hochberg).

    Parameters
    ----------
    now, before
        Least and most of each count; not a number where it is not known.
    spread
        From `dispersion`; None = that of these areas.

    Examples
    --------
    >>> changed(([98, 10], [102, 12]), ([48, 13], [52, 17])).tolist()
    [1, 0]
    """
    now_low, now_high = (np.asarray(side, dtype=np.float64) for side in now)
    then_low, then_high = (np.asarray(side, dtype=np.float64) for side in before)
    known = np.isfinite(now_low) & np.isfinite(then_low)
    up, down = known & (now_low > then_high), known & (now_high < then_low)
    near_now = np.where(up, now_low, now_high)
    near_then = np.where(up, then_high, then_low)
    p = np.where(known, 1.0, np.nan)
    apart = up | down
    if apart.any():
        if spread is None:
            spread = dispersion((now_low + now_high) / 2, (then_low + then_high) / 2)
        p[apart] = e_test(near_now[apart], near_then[apart], dispersion=spread)
    sure = benjamini_hochberg(p) <= 1 - INTERVAL
    return np.where(sure & up, 1, np.where(sure & down, -1, 0)).astype(np.int64)


def dispersion(now: ArrayLike, before: ArrayLike) -> float:
    """
    How much more areas move between two years than Poisson counts would; at least 1.

    Square roots of Poisson counts differ with a variance of 1/2 whatever their mean: what is
    given is the mean square of the differences, from their median, over that.

    Examples
    --------
    >>> round(dispersion([100, 100, 100, 100], [64, 144, 100, 100]), 1)
    5.3
    """
    step = np.sqrt(np.asarray(now, dtype=np.float64)) - np.sqrt(
        np.asarray(before, dtype=np.float64)
    )
    step = step[np.isfinite(step)]
    if len(step) < 4:  # noqa: PLR2004 - fewer tell nothing about a spread
        return 1.0
    apart = step - np.median(step)
    return max(1.0, float((apart**2).sum() / (len(step) - 1) / _VARIANCE_OF_ROOT))
