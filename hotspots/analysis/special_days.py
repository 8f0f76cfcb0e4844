"""
Days that are not like others: bank holidays, and lists that a user brings.

School terms, paydays and events differ from place to place, so they are loaded; the bank
holidays of England are known.
"""

import math
from collections.abc import Iterable

import holidays
import numpy as np
import pandas as pd

from hotspots.analysis.count_tests import e_test, rate_ratio
from hotspots.settings import MIN_COUNT_FOR_PERCENT


def bank_holidays(first: pd.Period, last: pd.Period) -> pd.PeriodIndex:
    """
    Bank holidays of England between two days, both included.

    Examples
    --------
    >>> days = bank_holidays(pd.Period("2025-12-01", "D"), pd.Period("2025-12-31", "D"))
    >>> days.strftime("%d %b").tolist()
    ['25 Dec', '26 Dec']
    """
    years = range(first.year, last.year + 1)
    known = holidays.country_holidays("GB", subdiv="ENG", years=years)
    days = pd.PeriodIndex(sorted(known), freq="D")
    return days[(days >= first) & (days <= last)]


def beside_other_days(daily: pd.Series, special: Iterable[pd.Period]) -> pd.Series:
    """
    Incidents of special days, held against other days of the same weekdays and months.

    Expected = Σ over special days of the mean of the days of its weekday, in its month
    and the months beside it, that are not special. E-test; interval of the ratio.

    Parameters
    ----------
    daily
        From `clock.by_day`.
    special
        Days, those outside the series left out.

    Returns
    -------
    beside
        `days`, `count`, `expected`, `ratio`, `low`, `high`, `p`; and `percent`, not a
        number where either count is under 50. Not numbers where nothing can be compared.

    Examples
    --------
    >>> daily = pd.Series(10.0, index=pd.period_range("2025-03-01", "2025-05-31", freq="D"))
    >>> daily["2025-04-18"] = 30
    >>> beside_other_days(daily, [pd.Period("2025-04-18", "D")])[["count", "expected"]].tolist()
    [30.0, 10.0]
    """
    days = pd.PeriodIndex(daily.index)
    marked = np.asarray(days.isin(pd.PeriodIndex(list(special), freq="D")))
    values, weekday = daily.to_numpy(np.float64), np.asarray(days.day_of_week)
    month = np.asarray(days.year * 12 + days.month)
    count = expected = other = 0.0
    compared = 0
    for at in np.flatnonzero(marked):
        like = ~marked & (weekday == weekday[at]) & (np.abs(month - month[at]) <= 1)
        if like.any():
            compared += 1
            count += values[at]
            expected += values[like].mean()
            other += values[like].sum()
    if not compared or not expected:
        nothing = dict.fromkeys(("count", "expected", "ratio", "low", "high", "p", "percent"))
        return pd.Series({"days": compared, **nothing}, dtype="float64")
    exposure = {"exposure_now": 1.0, "exposure_before": other / expected}
    ratio, low, high = rate_ratio(round(count), round(other), **exposure)
    p = e_test(round(count), round(other), **exposure)
    enough = min(count, other) >= MIN_COUNT_FOR_PERCENT
    return pd.Series(
        {
            "days": compared,
            "count": count,
            "expected": expected,
            "ratio": float(ratio),
            "low": float(low),
            "high": float(high),
            "p": float(p),
            "percent": 100 * (float(ratio) - 1) if enough else math.nan,
        }
    )
