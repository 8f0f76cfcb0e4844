"""
Rows that stand there twice because a file does, told from places where much happens.

Identical rows are separate incidents: published points are few, and nothing else tells two
evenings apart. What gives a file away is that nearly every row is there an even number of
times, or that two months hold nearly the same rows.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

# Fewer distinct rows than this show nothing.
LEAST_KINDS: Final = 30
# Share of distinct rows that stand an even number of times when a file was read twice.
EVEN: Final = 0.95
# Share of rows that two months have in common when one is a copy of the other.
COPIED: Final = 0.9


def doubled(kind: NDArray[np.integer], month: pd.Series) -> pd.PeriodIndex:
    """
    Months in which nearly every row stands an even number of times.

    Parameters
    ----------
    kind
        Number of each row; identical rows share it.
    month
        Of each row.

    Examples
    --------
    >>> month = pd.Series(pd.PeriodIndex(["2025-01"] * 80, freq="M"))
    >>> doubled(np.repeat(np.arange(40), 2), month).strftime("%Y-%m").tolist()
    ['2025-01']
    >>> len(doubled(np.arange(80), month))
    0
    """
    counts = _counts(kind, month)
    if counts.empty:
        return pd.PeriodIndex([], freq="M")
    even = (counts % 2 == 0).groupby(level="month").agg(["mean", "size"])
    found = even.index[(even["mean"] >= EVEN) & (even["size"] >= LEAST_KINDS)]
    return pd.PeriodIndex(found, freq="M")


def copied(kind: NDArray[np.integer], month: pd.Series) -> list[tuple[pd.Period, pd.Period, float]]:
    """
    Pairs of months that hold nearly the same rows, with the share they have in common.

    Share = Σ min(a, b) / max(Σ a, Σ b) over distinct rows, of which two months have a and b.

    Parameters
    ----------
    kind, month
        As for `doubled`.

    Returns
    -------
    pairs
        Earlier and later month, in order.
    """
    counts = _counts(kind, month)
    if counts.empty:
        return []
    row, months = pd.factorize(counts.index.get_level_values("month"), sort=True)
    column, _ = pd.factorize(counts.index.get_level_values("kind"))
    entries: Any = (counts.to_numpy(np.float64), (row, column))
    table: Any = sparse.csr_array(entries)  # the stubs know no two-dimensional one
    totals: NDArray[np.float64] = np.asarray(table.sum(axis=1)).ravel()
    kinds = np.diff(table.indptr)
    found = []
    for later in range(len(months)):
        for earlier in range(later):
            large, small = max(totals[[earlier, later]]), min(totals[[earlier, later]])
            if small < COPIED * large or min(kinds[[earlier, later]]) < LEAST_KINDS:
                continue
            common = float(table[[earlier]].minimum(table[[later]]).sum()) / float(large)
            if common >= COPIED:
                found.append((months[earlier], months[later], common))
    return found


def _counts(kind: NDArray[np.integer], month: pd.Series) -> pd.Series:
    frame = pd.DataFrame({"month": month.to_numpy(), "kind": kind})
    frame["month"] = pd.PeriodIndex(frame["month"], freq="M")
    return frame.groupby(["month", "kind"]).size()
