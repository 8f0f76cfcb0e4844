"""
Months, or weeks: how long each is, how many make a year, and which time of year it is.

A week is that of ISO 8601: Monday to Sunday, of the month and the year that hold its Thursday.
Series of either are tested alike; what differs stands here.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MONTHS_A_YEAR: Final = 12
# Fifty-two weeks before is the same week of the year, but for one day.
WEEKS_A_YEAR: Final = 52
DAYS_A_WEEK: Final = 7
# Days of an average month.
DAYS_A_MONTH: Final = 365.25 / 12
# ISO weeks, as pandas calls them.
WEEKLY: Final = "W-SUN"
_THURSDAY: Final = 3


def weekly(index: pd.PeriodIndex) -> bool:
    """Whether periods are weeks."""
    return bool(str(index.freqstr).startswith("W"))


def unit(index: pd.PeriodIndex) -> str:
    """Word for one of the periods: day, week or month."""
    if index.freqstr == "D":
        return "day"
    return "week" if weekly(index) else "month"


def a_year(index: pd.PeriodIndex) -> int:
    """How many of the periods make a year."""
    return WEEKS_A_YEAR if weekly(index) else MONTHS_A_YEAR


def days(index: pd.PeriodIndex) -> NDArray[np.float64]:
    """
    Days of each month or week.

    Examples
    --------
    >>> days(pd.period_range("2024-01", "2024-03", freq="M")).tolist()
    [31.0, 29.0, 31.0]
    >>> days(pd.period_range("2024-01-01", periods=2, freq=WEEKLY)).tolist()
    [7.0, 7.0]
    """
    if weekly(index):
        return np.full(len(index), float(DAYS_A_WEEK))
    return np.asarray(index.days_in_month, dtype=np.float64)


def usual_days(index: pd.PeriodIndex) -> float:
    """Days of an average month, or of a week."""
    return float(DAYS_A_WEEK) if weekly(index) else DAYS_A_MONTH


def calendar(index: pd.PeriodIndex) -> NDArray[np.int64]:
    """
    Month of the year, 1 to 12; of a week that of its Thursday.

    Examples
    --------
    >>> calendar(pd.period_range("2024-12", "2025-01", freq="M")).tolist()
    [12, 1]
    >>> calendar(pd.period_range("2024-12-23", periods=2, freq=WEEKLY)).tolist()
    [12, 1]
    """
    if weekly(index):
        thursday = index.to_timestamp(how="start") + pd.Timedelta(days=_THURSDAY)
        return np.asarray(thursday.month, dtype=np.int64)
    return np.asarray(index.month, dtype=np.int64)


def first_of(month: pd.Period, index: pd.PeriodIndex) -> int:
    """
    Ordinal, in an index's own periods, of the first that belongs to a month.

    Examples
    --------
    >>> weeks = pd.period_range("2025-07-21", periods=3, freq=WEEKLY)
    >>> first = first_of(pd.Period("2025-08", "M"), weeks)
    >>> str(weeks[weeks.asi8 == first][0])
    '2025-08-04/2025-08-10'
    """
    if not weekly(index):
        return int(month.ordinal)
    middle = month.start_time + pd.Timedelta(days=_THURSDAY)
    return int(pd.Period(middle, freq=WEEKLY).ordinal)
