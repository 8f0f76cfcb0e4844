"""
Whether a share of this month's rows is out of line with the same source's earlier months.

Sources differ for good reasons: a council that never knew the postcode of a park is not
getting worse. So each is held against its own past, never against another's.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Months that make a past, and how many of the newest are looked at.
LEAST_MONTHS: Final = 6
MOST_MONTHS: Final = 12
# Standard deviations, as wide as the months themselves vary; and the least that matters.
SIGMAS: Final = 4.0
LEAST_RISE: Final = 0.02
# Mean range of two standard normal scores.
_MEAN_RANGE: Final = 1.128


def risen(part: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """
    Each month's share beside the share of its own past, and whether it rose out of line.

    z = (k/n - p̄) / (σz √(p̄ (1 - p̄) (1/n + 1/N))), with p̄ the share of the N rows of up to
    twelve earlier months that were in line (half a row added), and σz Laney's: the mean
    step between their scores over 1.128, at least 1. A month is out of line at z ≥ 4 and a
    rise of 2 percentage points; it is then no part of the past of later months.

    Parameters
    ----------
    part, whole
        Rows with the fault, and all rows, by month in order.

    Returns
    -------
    months
        On the index given: `share`, `before` (not a number with fewer than six earlier
        months), `z`, `risen`.

    References
    ----------
    D. B. Laney (2002), Improved control charts for attributes, Quality Engineering 14.

    Examples
    --------
    >>> whole = pd.Series([500] * 8)
    >>> risen(pd.Series([5, 7, 4, 6, 5, 6, 5, 90]), whole)["risen"].tolist()[-2:]
    [False, True]
    """
    k, n = part.to_numpy(np.float64), whole.to_numpy(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(n > 0, k / n, np.nan)
    before, score = np.full(len(k), np.nan), np.full(len(k), np.nan)
    out = np.zeros(len(k), dtype=np.bool_)
    for now in range(len(k)):
        past = np.flatnonzero(~out[:now] & (n[:now] > 0))[-MOST_MONTHS:]
        if len(past) < LEAST_MONTHS or not n[now]:
            continue
        base = (k[past].sum() + 0.5) / (n[past].sum() + 1)
        spread = np.sqrt(base * (1 - base) * (1 / n[now] + 1 / n[past].sum()))
        before[now] = k[past].sum() / n[past].sum()
        score[now] = (share[now] - base) / (spread * _widening(k[past], n[past], base))
        out[now] = score[now] >= SIGMAS and share[now] - before[now] >= LEAST_RISE
    return pd.DataFrame(
        {"share": share, "before": before, "z": score, "risen": out}, index=part.index
    )


def _widening(k: NDArray[np.float64], n: NDArray[np.float64], base: float) -> float:
    z = (k / n - base) / np.sqrt(base * (1 - base) / n)
    return max(1.0, float(np.abs(np.diff(z)).mean()) / _MEAN_RANGE)


def runs(months: pd.PeriodIndex, held: pd.PeriodIndex) -> list[tuple[pd.Period, pd.Period]]:
    """
    First and last month of each unbroken run; a month that is not held breaks none.

    Examples
    --------
    >>> held = pd.period_range("2025-01", "2025-06", freq="M")
    >>> [tuple(map(str, run)) for run in runs(held[[0, 1, 4]], held)]
    [('2025-01', '2025-02'), ('2025-05', '2025-05')]
    """
    order = {month: number for number, month in enumerate(held)}
    found: list[tuple[pd.Period, pd.Period]] = []
    for month in sorted(months):
        if found and order[month] == order[found[-1][1]] + 1:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
