"""
What of a month's count is the time of year, and what the level it stands on?

Reports a day = level × season: one level for each run of months that is taken as level,
one factor for each calendar month. It is the Poisson log-linear model with two factors,
so it copes with missing months, which smoothers such as STL do not.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.counts import HELD
from hotspots.analysis.spans import MONTHS_A_YEAR, a_year, calendar, days, usual_days

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

# A season is told from a drift when every time of year can be held twice.
SEASON_YEARS: Final = 2
SEASON_MONTHS: Final = SEASON_YEARS * MONTHS_A_YEAR
_ROUNDS: Final = 200
_SETTLED: Final = 1e-9


def usable(status: pd.Series) -> NDArray[np.bool_]:
    """Months every force supplied: a partial or missing month is compared with nothing."""
    return np.asarray(status == HELD, dtype=np.bool_)


def fit(counts: Floats, exposure: Floats, level: Labels, calendar: Labels) -> tuple[Floats, Floats]:
    """
    Level and seasonal factor of each month, by maximum likelihood.

    Levels and factors are each set to what was counted over what the other expects, in
    turn, until neither moves (iterative proportional fitting).

    Parameters
    ----------
    counts
        Months by series, none of them missing.
    exposure
        Days of each month.
    level
        Label of each month's level.
    calendar
        Month of the year, 1 to 12.

    Returns
    -------
    levels, factors
        Months by series: reports a day without season, and the factor of the season; the
        factors of the calendar months there are have the mean 1.

    References
    ----------
    W. E. Deming and F. F. Stephan (1940), On a least squares adjustment of a sampled
    frequency table, Annals of Mathematical Statistics 11.

    Examples
    --------
    >>> counts = np.array([[10.0], [30.0], [20.0], [60.0]])
    >>> levels, factors = fit(counts, np.ones(4), np.array([0, 0, 1, 1]), np.array([1, 7, 1, 7]))
    >>> levels[:, 0].tolist(), factors[:, 0].tolist()
    ([20.0, 20.0, 40.0, 40.0], [0.5, 1.5, 0.5, 1.5])
    """
    by_level, by_month = _members(level), _members(calendar)
    totals_level, totals_month = by_level.T @ counts, by_month.T @ counts
    factors = np.ones((by_month.shape[1], counts.shape[1]))
    levels = np.ones((by_level.shape[1], counts.shape[1]))
    weight = exposure[:, None]
    for _ in range(_ROUNDS):
        levels = _over(totals_level, by_level.T @ (weight * (by_month @ factors)))
        before = factors
        factors = _over(totals_month, by_month.T @ (weight * (by_level @ levels)))
        mean = factors.mean(axis=0)
        factors = _over(factors, np.where(mean > 0, mean, 1.0))
        levels *= mean
        if np.abs(factors - before).max(initial=0) < _SETTLED:
            break
    return np.asarray(by_level @ levels), np.asarray(by_month @ factors)


def _members(label: Labels) -> Floats:
    return np.asarray(label[:, None] == np.unique(label)[None], dtype=np.float64)


def _over(above: Floats, below: Floats) -> Floats:
    """Quotient, 0 where nothing is expected."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def decompose(
    counts: pd.Series, status: pd.Series, *, segment: pd.Series | None = None
) -> pd.DataFrame:
    """
    Season, level and what is left of one series.

    With 24 usable months or more (104 weeks): the model above, one level for every year
    counted back from the newest month, anew after each break; weeks have the factor of
    their month. With fewer: each month's reports a day over their mean. That is an index of
    what the months held, in which season and drift cannot be told apart; `separable` says
    so, and the last three columns are empty.

    Parameters
    ----------
    counts
        Reports by month.
    status
        What was supplied, from `counts.supply`.
    segment
        Which run between breaks each month is in, from `breaks.segments`.

    Returns
    -------
    parts
        Indexed by month: `season` (factor, mean 1), `level` (reports in an average month,
        season taken out), `expected` (reports of that month), `remainder` (count over
        expected), `adjusted` (count without season, per average month), all not a number
        where the month cannot be used; and `separable`.

    Examples
    --------
    >>> months = pd.period_range("2023-01", "2024-12", freq="M")
    >>> counts = pd.Series([31, 58, 93] * 8, index=months)
    >>> parts = decompose(counts, pd.Series("held", index=months))
    >>> bool(parts["separable"].all()), parts["season"].iloc[:3].round(2).tolist()
    (True, [0.5, 1.02, 1.5])
    """
    months = pd.PeriodIndex(counts.index)
    kept = usable(status.reindex(months)) & counts.notna().to_numpy()
    at = np.flatnonzero(kept)
    parts = pd.DataFrame(
        np.nan,
        index=months,
        columns=["season", "level", "expected", "remainder", "adjusted"],
    )
    enough = SEASON_YEARS * a_year(months)
    parts["separable"] = len(at) >= enough
    if not len(at):
        return parts
    used, exposure = months[at], days(months[at])
    values = counts.to_numpy(dtype=np.float64)[at]
    usual = usual_days(months)
    if len(at) < enough:
        level = values.sum() / exposure.sum()
        parts.iloc[at, 1] = level * usual
        parts.iloc[at, 0] = values / exposure / level if level > 0 else np.nan
        return parts
    run = np.zeros(len(months), np.int64) if segment is None else segment.to_numpy(np.int64)
    levels, factors = fit(values[:, None], exposure, years(used, run[at]), calendar(used))
    level, factor = levels[:, 0], factors[:, 0]
    expected = level * factor * exposure
    remainder = np.divide(values, expected, out=np.full(len(at), np.nan), where=expected > 0)
    parts.iloc[at, :5] = np.column_stack(
        [factor, level * usual, expected, remainder, level * remainder * usual]
    )
    return parts


def years(months: pd.PeriodIndex, segment: Labels) -> Labels:
    """Labels of the runs of a year counted back from the newest month, by segment."""
    back = (months.asi8.max(initial=0) - months.asi8) // a_year(months)
    _, label = np.unique(np.column_stack([segment, -back]), axis=0, return_inverse=True)
    return np.asarray(label, dtype=np.int64)
