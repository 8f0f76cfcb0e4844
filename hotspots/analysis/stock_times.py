"""
Times of day that stand for "not known": midnight, noon, one minute past.

People round to the whole hour, and evenings are busier than mornings; neither makes one
minute of the day hold several times what any like it holds.
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.settings import FALSE_ALARM

MINUTES: Final = 1440
# A stock time holds so many times what the busiest whole hour next to it does, and such a share.
LEAST_TIMES: Final = 3.0
LEAST_SHARE: Final = 0.03
LEAST_REPORTS: Final = 20


def stock_times(minute: pd.Series, *, level: float = FALSE_ALARM) -> pd.DataFrame:
    """
    Minutes of the day that hold far more than their neighbours explain.

    A minute is held against the busiest of: the whole hours before and after it, and the
    minutes before and after it. It is named when it holds three times that, 3% of all, and
    when a Poisson count with that mean (one report added) is as high with probability at
    most level / 1440.

    Parameters
    ----------
    minute
        Minute of the day of each report whose instant is known, 0 to 1439.
    level
        Chance of naming any minute where none is stock.

    Returns
    -------
    minutes
        Indexed by minute, busiest first: `reports`, `share`, `usual` (what it was held
        against).

    Examples
    --------
    >>> even = pd.Series(range(1440)).repeat(2)
    >>> stock_times(pd.concat([even, pd.Series([0] * 400)])).index.tolist()
    [0]
    """
    counts = np.bincount(minute.to_numpy(np.int64), minlength=MINUTES).astype(np.float64)
    at = np.arange(MINUTES)
    beside = [(at - 1) % MINUTES, (at + 1) % MINUTES]
    hour = [(at // 60 * 60 - 60) % MINUTES, (at // 60 * 60 + 60) % MINUTES]
    usual = np.max([counts[other] for other in (*beside, *hour)], axis=0) + 1
    p = stats.poisson.sf(counts - 1, usual)
    named = (
        (counts >= np.maximum(LEAST_TIMES * usual, LEAST_REPORTS))
        & (counts >= LEAST_SHARE * max(counts.sum(), 1))
        & (p <= level / MINUTES)
    )
    table = pd.DataFrame(
        {
            "reports": counts[named].astype(np.int64),
            "share": counts[named] / max(counts.sum(), 1),
            "usual": usual[named],
        },
        index=pd.Index(at[named], name="minute"),
    )
    return table.sort_values("reports", ascending=False, kind="stable")
