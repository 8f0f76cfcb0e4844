"""
Rates of wards of few residents, drawn towards that of all as far as chance could have made them.

A ward of 2,000 residents is at the top and at the bottom of every league by luck alone.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.counts import PER_RESIDENTS

Floats = NDArray[np.float64]


def empirical_bayes(counts: Floats, exposure: Floats) -> Floats:
    """
    Rates smoothed towards the mean rate of all.

    m = Σc / Σn; s² = Σ n (c/n - m)² / Σn; A = s² - m / n̄, at least 0;
    rate = m + A / (A + m/n) (c/n - m).

    Parameters
    ----------
    counts
        Reports of each ward.
    exposure
        n of each: residents, above 0; not a number where not known.

    Returns
    -------
    rates
        Per unit of exposure; the mean rate for a ward of almost nobody, the ward's own for
        a large one; not a number where the exposure is.

    References
    ----------
    R. J. Marshall (1991), Mapping disease and mortality rates using empirical Bayes
    estimators, Applied Statistics 40.

    Examples
    --------
    >>> rates = empirical_bayes(np.array([10.0, 10.0, 400.0]), np.array([100.0, 1000.0, 10_000.0]))
    >>> (1000 * rates).round(1).tolist()
    [50.7, 17.7, 39.9]
    """
    known = np.isfinite(exposure) & (exposure > 0)
    smoothed = np.full(len(counts), np.nan)
    c, n = counts[known].astype(np.float64), exposure[known].astype(np.float64)
    if not len(c):
        return smoothed
    own, mean = c / n, c.sum() / n.sum()
    between = max(0.0, float((n * (own - mean) ** 2).sum() / n.sum() - mean / n.mean()))
    spread = between + mean / n
    weight = np.divide(between, spread, out=np.zeros_like(spread), where=spread > 0)
    smoothed[known] = mean + weight * (own - mean)
    return smoothed


def with_smoothed(league: pd.DataFrame) -> pd.DataFrame:
    """
    League of wards with `smoothed`, the rate per 1,000 residents drawn towards that of all.

    Parameters
    ----------
    league
        From `counts.by_ward`.
    """
    rates = empirical_bayes(
        league["count"].to_numpy(np.float64), league["residents"].to_numpy(np.float64)
    )
    return league.assign(smoothed=PER_RESIDENTS * rates)
