"""The scan statistic: how far above its expectation a circle, or a cylinder, stands."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy


def likelihood_ratio(
    count: ArrayLike, expected: ArrayLike, *, total: int, least: int = 0
) -> NDArray[np.float64]:
    """
    How far a count stands above its expectation: a log-likelihood ratio.

    c·ln(c/μ) + (N - c)·ln((N - c)/(N - μ)) where c > μ, else 0

    Parameters
    ----------
    count, expected
        Incidents within, c, and on average, μ; any shapes that broadcast.
    total
        Incidents everywhere, N.
    least
        Fewer incidents than this are 0.

    Returns
    -------
    ratio
        From 0 (not more than expected) upwards; infinite where nothing was expected.

    References
    ----------
    M. Kulldorff (1997), A spatial scan statistic, Communications in Statistics 26. What three
    published runs of his program SaTScan print of two sets of data is reproduced in
    `tests.analysis.test_scan_examples`.

    Examples
    --------
    >>> likelihood_ratio([30, 10], [10, 10], total=1000).round(2).tolist()
    [13.16, 0.0]
    """
    mean = np.asarray(expected, dtype=np.float64)
    found, bar = np.broadcast_arrays(np.asarray(count), np.maximum(mean, least - 1))
    above = found > bar
    c, mu = found[above].astype(np.float64), np.broadcast_to(mean, found.shape)[above]
    ratio, rest = np.zeros(found.shape), total - c
    with np.errstate(divide="ignore"):
        ratio[above] = c * np.log(c / mu) + xlogy(rest, rest / (total - mu))
    return ratio
