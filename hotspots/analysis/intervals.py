"""How far a count could have been from what it is, by the luck of the draw alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspots.settings import INTERVAL


def poisson_interval(
    counts: ArrayLike, *, coverage: float = INTERVAL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Exact two-sided interval for the mean behind each Poisson count.

    Low is the α/2 quantile of χ² with 2n degrees of freedom, halved; high is the
    1 - α/2 quantile with 2n + 2, halved.

    Parameters
    ----------
    counts
        Whole numbers from 0, any shape; not a number stays not a number.
    coverage
        Between 0 and 1.

    Returns
    -------
    low, high
        Means, same shape as `counts`.

    References
    ----------
    F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28.

    Examples
    --------
    >>> low, high = poisson_interval([0, 10])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 4.8], [3.69, 18.39])
    """
    n = np.asarray(counts, dtype=np.float64)
    tail = (1 - coverage) / 2
    low = np.where(n > 0, stats.chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, n)
    high = np.asarray(stats.chi2.ppf(1 - tail, 2 * n + 2) / 2)
    return low, high


def share_interval(
    part: ArrayLike, whole: ArrayLike, *, coverage: float = INTERVAL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Interval of a share; the part may be a weight, such as .25 of an incident.

    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)

    Parameters
    ----------
    part, whole
        Of the same shape; the share p is part / whole, and n is whole.
    coverage
        Between 0 and 1.

    Returns
    -------
    low, high
        Between 0 and 1; not a number where the whole is 0.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical
    inference, Journal of the American Statistical Association 22.

    Examples
    --------
    >>> low, high = share_interval(8, 10)
    >>> low.round(3).item(), high.round(3).item()
    (0.49, 0.943)
    """
    n = np.where(np.asarray(whole, np.float64) > 0, whole, np.nan).astype(np.float64)
    share, z = np.asarray(part, np.float64) / n, float(stats.norm.ppf((1 + coverage) / 2))
    middle, reach = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + (z / n / 2) ** 2)
    return (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)
