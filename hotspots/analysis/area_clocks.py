"""
At which hours of the week each patrol area's reports happened, however few say an hour.

A handful of reports makes a clock of accidents. So the days of the week are the whole study
area's, and of the hours of the day an area has its own only as far as it has reports: its
hours, smoothed, are held together with the common ones as if so many more of its reports had
happened when reports happen everywhere (the posterior mean under a Dirichlet prior).
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.clock import clock

Floats = NDArray[np.float64]
# The common hours weigh as much as so many reports of the area's own, and an hour's reports
# count in part for the two hours on each side. Of what was tried (5 to 500; 1, 3 or 5 hours;
# each cell of the week on its own) this foretold the next year's hours best, on assaults in
# areas of Chicago, in three years of three: `tests.real.hours_experiment`.
PRIOR_REPORTS: Final = 50.0
_NEARBY: Final = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)


def area_clocks(
    start: pd.Series,
    end: pd.Series,
    area: NDArray[np.int64],
    numbers: pd.Index,
    *,
    prior: float = PRIOR_REPORTS,
) -> Floats | None:
    """
    Share of each area's reports in each hour of the operational week.

    Common share of the hour of the week × own rate of the hour of the day, which is
    (own smoothed weight + prior × common smoothed share) / ((own reports + prior) × common
    smoothed share); then made to sum to one.

    Parameters
    ----------
    start, end
        Of each report of the study area that says an hour, as for `clock`.
    area
        Number of the area that each lies in; 0 in none.
    numbers
        The areas.
    prior
        Reports that the whole study area's hours weigh as much as.

    Returns
    -------
    shares
        (areas, 7, 24): days Mon to Sun, hours 6 to 23 and 0 to 5 of that operational day;
        each area's sum to one. None where too few reports say an hour.
    """
    whole = clock(start, end)
    if not whole.enough:
        return None
    common = whole.table.to_numpy(np.float64) / whole.used
    everywhere = _smoothed(common.sum(axis=0))
    shares = np.empty((len(numbers), *common.shape))
    for place, number in enumerate(numbers):
        inside = area == number
        own = clock(start.loc[inside], end.loc[inside])
        mixed = _smoothed(own.table.to_numpy(np.float64).sum(axis=0)) + prior * everywhere
        # Where nothing happens anywhere near an hour, nothing is expected in it.
        rate = np.divide(mixed, everywhere, out=np.zeros_like(mixed), where=everywhere > 0)
        weight = common * rate
        shares[place] = weight / weight.sum()
    return shares


def _smoothed(hours: Floats) -> Floats:
    """Weights of 24 hours, each shared with the hours round it."""
    reach = len(_NEARBY) // 2
    moved = [part * np.roll(hours, step - reach) for step, part in enumerate(_NEARBY)]
    return np.asarray(np.sum(moved, axis=0))
