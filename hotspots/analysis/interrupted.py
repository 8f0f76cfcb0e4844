"""
Comparative interrupted time series: the months of a place beside those of its controls.

Where there are months enough, every month's own level is taken out by the controls, so
neither season nor a new recording rule is mistaken for the response.
"""

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from hotspots.settings import INTERVAL

# Fewer than a year before, and half a year after, show no season and no level.
LEAST_BEFORE: Final = 12
LEAST_AFTER: Final = 6


@dataclass(frozen=True)
class Level:
    """
    Where a place stands after the start, beside its controls and its own before.

    Attributes
    ----------
    ratio, low, high
        0.8 is 20% fewer reports than its controls led to expect, with its interval.
    drift, drift_low, drift_high
        How many times as fast as its controls the place rose each month before the
        start; an interval without 1 says that they were not moving alike beforehand.
    dispersion
        φ of the months about the fit.
    """

    ratio: float
    low: float
    high: float
    drift: float
    drift_low: float
    drift_high: float
    dispersion: float


def interrupted(
    counts: pd.DataFrame, *, start: pd.Period, coverage: float = INTERVAL
) -> Level | None:
    """
    Change of level of a place at a start, beside its controls.

    log E[reports] = place + month + β · (the place, after the start), by a quasi-Poisson
    fit; the ratio is exp β. The drift before is the same with the place's own slope over
    the months before only.

    Parameters
    ----------
    counts
        Reports by month held; the first column is the place, the others are its controls.
    start
        First month of the response.
    coverage
        Of the intervals.

    Returns
    -------
    level
        None with fewer than twelve months before, six after or two controls, or where the
        place or the controls had no report in one of the periods.
    """
    months = pd.PeriodIndex(counts.index)
    later = np.asarray(months >= start)
    y = counts.to_numpy(np.float64)
    y, later = y[y.sum(axis=1) > 0], later[y.sum(axis=1) > 0]
    enough = (~later).sum() >= LEAST_BEFORE and later.sum() >= LEAST_AFTER
    if not enough or y.shape[1] <= 2:  # noqa: PLR2004
        return None
    sums = np.stack([y[~later].sum(axis=0), y[later].sum(axis=0)])
    if (sums == 0).any():
        return None
    ratio, low, high, phi = _fit(y, later.astype(np.float64), coverage)
    early = y[~later]
    drift = _fit(early, np.arange(len(early), dtype=np.float64), coverage)
    return Level(ratio, low, high, *drift[:3], dispersion=phi)


def _fit(y: np.ndarray, own: np.ndarray, coverage: float) -> tuple[float, float, float, float]:
    """The exponential of the first place's coefficient on `own`, its interval, and φ."""
    months, places = y.shape
    month = np.repeat(np.arange(months), places)
    place = np.tile(np.arange(places), months)
    design = np.column_stack(
        [
            np.where(place == 0, own[month], 0.0),
            np.eye(places)[place][:, 1:],
            np.eye(months)[month],
        ]
    )
    with warnings.catch_warnings():
        # A fit without any error is one to be glad of.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = GLM(y.ravel(), design, family=Poisson()).fit()
    # Months that happen to be more alike than chance do not make us surer than chance.
    phi = max(1.0, float(fit.pearson_chi2 / fit.df_resid))
    reach = stats.t.isf((1 - coverage) / 2, fit.df_resid) * float(fit.bse[0]) * np.sqrt(phi)
    beta = float(fit.params[0])
    return float(np.exp(beta)), float(np.exp(beta - reach)), float(np.exp(beta + reach)), phi
