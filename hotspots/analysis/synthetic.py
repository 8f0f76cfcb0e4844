"""
Synthetic control: what a place would have had, made up of places that were left alone.

Places of like rank are weighted so that together they move as the place did before the
start, each month beside its own mean; the same mixture says what was to be expected
after. How sure that is comes from the places themselves: each is taken in turn as if
something had begun there (a placebo in space), and the place is ranked among them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import nnls

from hotspots.analysis.count_tests import POWER

Floats = NDArray[np.float64]

# A year shows every season once; a quarter after is the least that is looked at.
LEAST_BEFORE: Final = 12
LEAST_AFTER: Final = 3
# A place agrees with "fell" or "rose" when its rank among places left alone is in the
# outer quarter. Stricter, it would hide real falls and prevent no error: see the README.
AGREES: Final = 0.25
LEAST_DONORS: Final = 10
# How much harder "the weights sum to one" is held than the fit itself.
_HARD: Final = 1e4


@dataclass(frozen=True)
class Synthetic:
    """
    Where a place stands beside its synthetic control.

    Attributes
    ----------
    expected, seen
        Reports of the months after, of the synthetic control and of the place.
    fit
        Root mean square of the monthly differences before the start, reports.
    donors, used
        Places that could be mixed, and those with a weight of a hundredth or more.
    fell, rose
        Of the places taken as if something had begun there and of this one, the share
        whose difference after, beside its own fit before, lies as low as here, or as
        high: one-sided p, never below 1 / (donors + 1).
    smallest_fall
        Least fall, as a share of what was expected, that would in four of five cases
        have ranked low enough to be called one; not a number where none would.
    """

    expected: float
    seen: float
    fit: float
    donors: int
    used: int
    fell: float
    rose: float
    smallest_fall: float

    @property
    def difference(self) -> float:
        """Reports more (above 0) or fewer than expected, of the months after."""
        return self.seen - self.expected


def weights(donors: Floats, target: Floats) -> Floats:
    """
    The mixture of donors that is nearest to a target: weights from 0 that sum to 1.

    Parameters
    ----------
    donors
        Months by donors.
    target
        The same months.

    References
    ----------
    A. Abadie, A. Diamond and J. Hainmueller (2010), Synthetic control methods for
    comparative case studies, Journal of the American Statistical Association 105,
    493-505; solved as non-negative least squares.

    Examples
    --------
    >>> weights(np.array([[1.0, 3.0], [2.0, 0.0]]), np.array([2.0, 1.0])).round(2).tolist()
    [0.5, 0.5]
    """
    hard = _HARD * max(1.0, float(np.abs(donors).max(initial=0.0)))
    system = np.vstack([donors, np.full((1, donors.shape[1]), hard)])
    found, _ = nnls(system, np.append(target, hard))
    return np.asarray(found / found.sum())


def synthetic(counts: pd.DataFrame, *, start: pd.Period) -> Synthetic | None:
    """
    Synthetic control of a place, and the place's rank among placebos.

    Parameters
    ----------
    counts
        Reports by month held; the first column is the place, the others were left alone.
    start
        First month of the response.

    Returns
    -------
    synthetic
        None with fewer than twelve months before, three after or ten donors that have a
        report before, or where the place has none.
    """
    months = pd.PeriodIndex(counts.index)
    early, late = np.asarray(months < start), np.asarray(months >= start)
    y = counts.to_numpy(np.float64)
    if early.sum() < LEAST_BEFORE or late.sum() < LEAST_AFTER or not y[early, 0].any():
        return None
    # A place without a report before has no mean to stand beside.
    y = y[:, y[early].any(axis=0)]
    donors = y.shape[1] - 1
    if donors < LEAST_DONORS:
        return None
    level = y[early].mean(axis=0)
    apart = [_apart(y / level, early, late, place) for place in range(donors + 1)]
    gap = np.array([each[0] for each in apart])  # mean monthly gap after, own mean = 1
    fit = np.array([each[1] for each in apart])
    own = apart[0][2]
    ratio = gap / fit
    return Synthetic(
        expected=float(own[late].sum() * level[0]),
        seen=float(y[late, 0].sum()),
        fit=float(fit[0] * level[0]),
        donors=donors,
        used=int((apart[0][3] >= 0.01).sum()),  # noqa: PLR2004
        fell=float((ratio <= ratio[0]).mean()),
        rose=float((ratio >= ratio[0]).mean()),
        smallest_fall=_least(ratio[1:], float(fit[0]), float(own[late].mean())),
    )


def _apart(
    rates: Floats, early: NDArray[np.bool_], late: NDArray[np.bool_], place: int
) -> tuple[float, float, Floats, Floats]:
    """
    Mean gap after, fit before, synthetic months and weights of one place.

    The place that something was done at is never mixed into a placebo.
    """
    others = np.ones(rates.shape[1], dtype=np.bool_)
    others[[0, place]] = False
    mixed = weights(rates[early][:, others], rates[early, place])
    made = rates[:, others] @ mixed
    gap = rates[:, place] - made
    # A perfect fit would divide by nothing.
    fit = max(float(np.sqrt((gap[early] ** 2).mean())), 1e-6)
    return float(gap[late].mean()), fit, made, mixed


def _least(placebo: Floats, fit: float, expected: float) -> float:
    """Fall that ranks low enough in four of five cases, were the place as its placebos are."""
    allowed = int(np.floor(AGREES * (len(placebo) + 1))) - 1
    if allowed < 0 or expected <= 0:
        return float("nan")
    bar = np.sort(placebo)[allowed]
    fall = (np.quantile(placebo, POWER) - bar) * fit / expected
    return float(fall) if 0 <= fall <= 1 else float("nan")
