"""Does a series of months drift up or down, and how fast? Mann and Kendall's test, Sen's slope."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspots.analysis.breaks import Break, segments
from hotspots.analysis.season import SEASON_YEARS, Floats, usable
from hotspots.analysis.spans import a_year, calendar, days, usual_days
from hotspots.settings import INTERVAL

# Fewest months that a drift is looked for in.
LEAST_MONTHS: Final = 8


@dataclass(frozen=True, eq=False)
class Drift:
    """
    Mann and Kendall's answer for each series.

    Attributes
    ----------
    s, variance, z, p
        Pairs rising less pairs falling, its variance with ties taken out, the normal
        score with continuity correction, and its two-sided p.
    slope, low, high
        Sen's slope a month, with its interval.
    values
        Months that are not missing.
    """

    s: Floats
    variance: Floats
    z: Floats
    p: Floats
    slope: Floats
    low: Floats
    high: Floats
    values: Floats


def mann_kendall(
    series: ArrayLike,
    *,
    time: ArrayLike | None = None,
    group: ArrayLike | None = None,
    coverage: float = INTERVAL,
) -> Drift:
    """
    Whether each series drifts up or down, and how fast.

    S counts the pairs of months that rise less those that fall; Sen's slope is the median
    of all pairs' slopes. With groups only pairs within a group are looked at, and the
    variances add: by calendar month this is the seasonal test of Hirsch and others.
    Months are taken as independent: what carries over from month to month gives more
    false alarms than p says.

    Parameters
    ----------
    series
        Months by series; not a number where a month is missing.
    time
        When each month is; None = one after the other.
    group
        Label of each month.
    coverage
        Of the slope's interval, between 0 and 1.

    Returns
    -------
    drift
        One value a series; not a number where no pair can be compared.

    References
    ----------
    M. G. Kendall (1975), Rank Correlation Methods. P. K. Sen (1968), JASA 63.
    R. M. Hirsch, J. R. Slack and R. A. Smith (1982), Techniques of trend analysis for
    monthly water quality data, Water Resources Research 18.

    Examples
    --------
    >>> drift = mann_kendall([[1.0], [3.0], [2.0], [5.0], [6.0]])
    >>> float(drift.s[0]), round(float(drift.p[0]), 3), float(drift.slope[0])
    (8.0, 0.086, 1.125)
    """
    x = np.asarray(series, dtype=np.float64)
    when = np.arange(len(x), dtype=np.float64) if time is None else np.asarray(time, np.float64)
    label = np.zeros(len(x)) if group is None else np.asarray(group)
    early, late = np.triu_indices(len(x), 1)
    paired = label[early] == label[late]
    early, late = early[paired], late[paired]
    across = np.ascontiguousarray(x.T)
    step = across[:, late] - across[:, early]
    s = np.nansum(np.sign(step), axis=1)
    variance = _variance_of_s(x, label)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(s == 0, 0.0, (s - np.sign(s)) / np.sqrt(variance))
    pairs = np.sum(~np.isnan(step), axis=1)
    z = np.where((pairs > 0) & (variance > 0), z, np.where(pairs > 0, 0.0, np.nan))
    slope, low, high = _median_slope(step / (when[late] - when[early]), pairs, variance, coverage)
    return Drift(
        s=np.where(pairs > 0, s, np.nan),
        variance=np.where(pairs > 0, variance, np.nan),
        z=z,
        p=np.asarray(2 * stats.norm.sf(np.abs(z))),
        slope=slope,
        low=low,
        high=high,
        values=np.sum(~np.isnan(x), axis=0).astype(np.float64),
    )


def _variance_of_s(x: Floats, label: NDArray[np.generic]) -> Floats:
    """Σ over groups of n (n - 1) (2n + 5) / 18, less the same of every set of ties."""
    variance = np.zeros(x.shape[1])
    for one in np.unique(label):
        part = x[label == one]
        n = np.sum(~np.isnan(part), axis=0)
        alike = np.sum(part[:, None] == part[None], axis=0)
        # Each value of a set of t ties adds (t - 1) (2t + 5): t times that in all.
        ties = np.where(alike > 0, (alike - 1) * (2 * alike + 5), 0).sum(axis=0)
        variance += (n * (n - 1) * (2 * n + 5) - ties) / 18
    return variance


def _median_slope(
    slopes: Floats, pairs: NDArray[np.int64], variance: Floats, coverage: float
) -> tuple[Floats, Floats, Floats]:
    """Median of each row's slopes with the interval by ranks, as scipy's `theilslopes`."""
    if not slopes.shape[1]:
        nothing = np.full(len(slopes), np.nan)
        return nothing, nothing.copy(), nothing.copy()
    ordered = np.sort(slopes, axis=1)
    row = np.arange(len(slopes))
    last = np.maximum(pairs - 1, 0)
    median = (ordered[row, last // 2] + ordered[row, (last + 1) // 2]) / 2
    reach = stats.norm.isf((1 - coverage) / 2) * np.sqrt(variance)
    lowest = np.clip(np.round((pairs - reach) / 2).astype(np.int64) - 1, 0, last)
    highest = np.clip(np.round((pairs + reach) / 2).astype(np.int64), 0, last)
    return median, ordered[row, lowest], ordered[row, highest]


def slope(series: pd.DataFrame, status: pd.Series, *, breaks: Iterable[Break] = ()) -> pd.DataFrame:
    """
    Drift of each series since the last break, per average month.

    Mann and Kendall's test and Sen's slope on reports per average month. With 24 usable
    months or more (104 weeks), each is compared with its own calendar month only (Hirsch's
    seasonal test), so that a season is no drift; with fewer it may be, and `seasonal`
    says so.

    Parameters
    ----------
    series
        Reports, months (or weeks) by series.
    status
        What was supplied, from `counts.supply`; partial and missing months are left out.
    breaks
        Months before the last of them are not used.

    Returns
    -------
    table
        Indexed by series: `slope`, `low`, `high` (reports in an average month, gained or
        lost each year), `z`, `p`, `months` (used), `seasonal` (whether season is taken
        out). Not a number from fewer than 8 months.

    Examples
    --------
    >>> months = pd.period_range("2023-01", "2025-12", freq="M")
    >>> series = pd.DataFrame({"a": np.arange(36) * 2.0 + 100}, index=months)
    >>> slope(series, pd.Series("held", index=months))["slope"].round(1).to_dict()
    {'a': 23.6}
    """
    months = pd.PeriodIndex(series.index)
    run = segments(months, breaks).to_numpy()
    used = usable(status.reindex(months)) & (run == (run[-1] if len(run) else 0))
    values = series.to_numpy(np.float64) / days(months)[:, None] * usual_days(months)
    held = months[used]
    seasonal = len(held) >= SEASON_YEARS * a_year(months)
    values = values[used] if len(held) >= LEAST_MONTHS else values[:0]
    drift = mann_kendall(
        values,
        time=held.asi8[: len(values)].astype(np.float64),
        group=calendar(held)[: len(values)] if seasonal else None,
    )
    return pd.DataFrame(
        {
            "slope": drift.slope * a_year(months),
            "low": drift.low * a_year(months),
            "high": drift.high * a_year(months),
            "z": drift.z,
            "p": drift.p,
            "months": len(held),
            "seasonal": seasonal,
        },
        index=series.columns,
    )
