"""
Counts by ISO week, of reports of which the day is known.

A week that the records hold only a part of is no week: at both ends of what a source supplied
it is left out, so that a file that ends on a Wednesday is no fall.
"""

import numpy as np
import pandas as pd

from hotspots.analysis.clock import LONGEST_H
from hotspots.analysis.counts import HELD, MISSING, PARTIAL
from hotspots.analysis.intervals import poisson_interval
from hotspots.analysis.spans import DAYS_A_WEEK, WEEKLY
from hotspots.periods import Period


def week_of(start: pd.Series, end: pd.Series) -> pd.Series:
    """
    ISO week of reports that happened between two times: that which holds most of the window.

    Parameters
    ----------
    start, end
        Earliest and latest time of each, with a time zone; a date alone spans its day.

    Returns
    -------
    week
        On the same index; missing where the window is over 168 hours.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2025-06-01 22:00"]).tz_localize("Europe/London"))
    >>> str(week_of(times, times + pd.Timedelta(hours=6)).iloc[0])
    '2025-06-02/2025-06-08'
    """
    length = end - start
    # A window no longer than a week touches two at most, and its middle lies in the larger part.
    middle = (start + length / 2).dt.tz_localize(None).dt.to_period(WEEKLY)
    return middle.where(length <= pd.Timedelta(hours=LONGEST_H))


def supply_by_week(status: pd.Series, spans: pd.DataFrame, period: Period) -> pd.Series:
    """
    Whether each ISO week was supplied in full.

    Parameters
    ----------
    status
        What was supplied by month, from `counts.supply`.
    spans
        One row a source: `first` and `last` day with a report.
    period
        Months looked at; weeks that touch them are named.

    Returns
    -------
    status
        Indexed by week: "held" when every day of it lies in a month held in full and
        within every source's span; "missing" when none does; "partial" otherwise.

    Examples
    --------
    >>> months = pd.period_range("2025-01", "2025-02", freq="M")
    >>> days = pd.DataFrame({"first": [pd.Period("2025-01-06", "D")],
    ...                      "last": [pd.Period("2025-02-05", "D")]})
    >>> held = supply_by_week(pd.Series("held", index=months), days, Period(*months))
    >>> held.tolist()
    ['missing', 'held', 'held', 'held', 'held', 'partial', 'missing', 'missing', 'missing']
    """
    days = pd.period_range(
        period.first.asfreq("D", how="start"), period.last.asfreq("D", how="end"), freq="D"
    )
    whole = pd.period_range(days[0].asfreq(WEEKLY), days[-1].asfreq(WEEKLY), freq=WEEKLY)
    of_month = status.reindex(days.asfreq("M")).to_numpy()
    from_on = days.asi8[:, None] >= pd.PeriodIndex(spans["first"], freq="D").asi8
    up_to = days.asi8[:, None] <= pd.PeriodIndex(spans["last"], freq="D").asi8
    covered = from_on & up_to
    some = covered.any(axis=1) & np.isin(of_month, [HELD, PARTIAL])
    full = covered.all(axis=1) & (of_month == HELD) & some
    week = pd.Index(days.asfreq(WEEKLY))
    of_week = pd.DataFrame({"full": full, "some": some}, index=week).groupby(level=0)
    # A week that reaches beyond the months looked at has fewer days than seven here.
    every = of_week["full"].sum().reindex(whole) == DAYS_A_WEEK
    any_day = of_week["some"].any().reindex(whole)
    held = np.select([every, ~any_day], [HELD, MISSING], PARTIAL)
    return pd.Series(held, index=whole, name="status")


def by_week(week: pd.Series, status: pd.Series) -> pd.DataFrame:
    """
    Reports in each ISO week, with what chance alone could make of the count.

    Parameters
    ----------
    week
        Of each report, from `week_of`.
    status
        From `supply_by_week`.

    Returns
    -------
    weeks
        As `counts.by_month`: `count`, `low`, `high`, `status`; not a number where the week
        was not supplied in full.
    """
    recorded = week.value_counts().reindex(status.index, fill_value=0)
    counts = recorded.astype("float64").where(status == HELD)
    low, high = poisson_interval(counts.to_numpy())
    return pd.DataFrame(
        {"count": counts, "low": low, "high": high, "status": status}, index=status.index
    )
