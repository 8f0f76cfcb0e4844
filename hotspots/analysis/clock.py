"""
At which hours of which days, where a source knows them.

Much of what is reported was found, not seen: it happened at some time between two. Each
incident's weight of one is spread evenly over its window (aoristic weights, Ratcliffe 2000),
so that an hour holds what may have happened in it, and the whole adds up to the incidents
used.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from hotspots.analysis.intervals import share_interval
from hotspots.settings import FALSE_ALARM

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The operational day begins at 06:00: a Friday night's small hours are still Friday.
DAY_BEGINS: Final = 6
HOURS: Final = (*range(DAY_BEGINS, 24), *range(DAY_BEGINS))
# A window of more than a week says nothing of the hour.
LONGEST_H: Final = 168
# A window wider than this is read as a guess at the hour.
WIDE_H: Final = 4
HOURS_A_WEEK: Final = 168
# A peak is a run of hours on a run of days, at most so many hours of the week: 5% of it.
PEAK_HOURS: Final = 8
LEAST_PEAK_H: Final = 2
MOST_PEAKS: Final = 3
# Fewer incidents than this make no clock.
LEAST_INCIDENTS: Final = 20
_HOUR: Final = 3_600


@dataclass(frozen=True, eq=False)
class Clock:
    """
    Incidents by hour of operational day.

    Attributes
    ----------
    table
        Weights: rows Mon to Sun, columns the hours 6 to 23 and 0 to 5 of that operational
        day. They add up to `used`.
    certain
        Of the weights, those of incidents known to the hour.
    used
        Incidents in the table.
    wide
        Of them, those whose window is over 4 hours.
    too_long
        Incidents left out: a window over 168 hours.
    untimed
        Incidents left out: no hour is known of them, only a day or a month.
    peaks
        From `peaks`.
    """

    table: pd.DataFrame
    certain: pd.DataFrame
    used: int
    wide: int
    too_long: int
    untimed: int
    peaks: pd.DataFrame

    @property
    def enough(self) -> bool:
        """Whether enough incidents have hours to draw a clock."""
        return self.used >= LEAST_INCIDENTS


def clock(start: pd.Series, end: pd.Series, *, untimed: int = 0) -> Clock:
    """
    Hours of the week of incidents that happened between two times.

    Parameters
    ----------
    start, end
        Earliest and latest time of each, with a time zone; alike for an instant. The
        weight is spread over time that passed, so a night with a clock change has 23 or
        25 hours.
    untimed
        Incidents of which no hour is known, to be counted as left out.

    Examples
    --------
    >>> times = pd.to_datetime(["2025-06-02 10:30", "2025-06-02 14:30"])
    >>> times = pd.Series(times.tz_localize("Europe/London"))
    >>> found = clock(times.iloc[:1], times.iloc[1:])
    >>> found.table.loc["Mon", 10:14].tolist()
    [0.125, 0.25, 0.25, 0.25, 0.125]
    """
    zone = start.dt.tz
    begins, ends = (_seconds(times) for times in (start, end))
    length = ends - begins
    fits = length <= LONGEST_H * _HOUR
    begins, ends, length = begins[fits], ends[fits], length[fits]
    incident, hour, weight = aoristic(begins, ends)
    cell = _cells(hour, zone)
    known = hour_known(begins, ends)[incident]
    table = _table(np.bincount(cell, weight, HOURS_A_WEEK))
    return Clock(
        table=table,
        certain=_table(np.bincount(cell[known], weight[known], HOURS_A_WEEK)),
        used=len(begins),
        wide=int((length > WIDE_H * _HOUR).sum()),
        too_long=int((~fits).sum()),
        untimed=untimed,
        peaks=peaks(table, len(begins)),
    )


def aoristic(begins: Integers, ends: Integers) -> tuple[Integers, Integers, Floats]:
    """
    Share of each window in each hour it touches: overlap over length, summing to one.

    Parameters
    ----------
    begins, ends
        Seconds since any full hour; an instant ends when it begins.

    Returns
    -------
    incident, hour, weight
        One entry an incident and hour touched; hours counted from the same full hour.

    References
    ----------
    J. H. Ratcliffe (2000), Aoristic analysis: the spatial interpretation of unspecific
    temporal events, International Journal of Geographical Information Science 14.

    Examples
    --------
    >>> incident, hour, weight = aoristic(np.array([1800, 90]), np.array([9000, 90]))
    >>> hour.tolist(), weight.tolist()
    ([0, 1, 2, 0], [0.25, 0.5, 0.25, 1.0])
    """
    first = begins // _HOUR
    last = np.maximum(-(-ends // _HOUR) - 1, first)
    slots = last - first + 1
    incident = np.repeat(np.arange(len(begins)), slots)
    hour = first[incident] + np.arange(slots.sum()) - np.repeat(np.cumsum(slots) - slots, slots)
    overlap = np.minimum(ends[incident], (hour + 1) * _HOUR) - np.maximum(
        begins[incident], hour * _HOUR
    )
    length = ends - begins
    weight = np.where(length[incident] > 0, overlap / np.maximum(length, 1)[incident], 1.0)
    return incident, hour, weight


def hour_known(begins: Integers, ends: Integers) -> NDArray[np.bool_]:
    """Incidents whose whole window lies in one hour of the clock."""
    return np.asarray(begins // _HOUR == np.maximum(begins, ends - 1) // _HOUR)


def peaks(table: pd.DataFrame, used: int) -> pd.DataFrame:
    """
    The hours that hold most, by one rule.

    Of all runs of 2 hours or more, within the operational day, on runs of days, of at most
    8 hours a week together, the one that holds most; then the best that shares no hour
    with it, up to three. A run is listed only if so many would gather in some run of its
    size in a week without peaks in at most 5% of cases (binomial, times the number of
    runs looked at).

    Parameters
    ----------
    table
        Weights, from `clock`.
    used
        Incidents in it.

    Returns
    -------
    peaks
        `first_day`, `days`, `first_hour`, `hours`; `weight`, `share` with its interval
        `low`, `high` (Wilson; as wide as if each incident were known to be in or out),
        `of_week` (share of the week's hours) and `p`.
    """
    values = table.to_numpy(np.float64)
    runs = [
        (days, hours)
        for days in range(1, len(DAYS) + 1)
        for hours in range(LEAST_PEAK_H, PEAK_HOURS + 1)
        if days * hours <= PEAK_HOURS
    ]
    looked = sum(len(DAYS) * (len(HOURS) - hours + 1) for _, hours in runs)
    rows: list[tuple[object, ...]] = []
    free = np.ones(values.shape, dtype=bool)
    while used and len(rows) < MOST_PEAKS:
        best = max((_best(values, free, days, hours) for days, hours in runs), default=None)
        if best is None or best[0] <= 0:
            break
        weight, _, day, hour, days, hours = best
        of_week = days * hours / HOURS_A_WEEK
        p = min(1.0, looked * float(stats.binom.sf(round(weight) - 1, used, of_week)))
        if p > FALSE_ALARM:
            break
        low, high = share_interval(weight, used)
        rows.append(
            (DAYS[day], days, HOURS[hour], hours, weight, weight / used, low, high, of_week, p)
        )
        free[np.ix_((day + np.arange(days)) % len(DAYS), hour + np.arange(hours))] = False
    columns = ["first_day", "days", "first_hour", "hours", "weight", "share", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "of_week", "p"])


def _best(
    values: Floats, free: NDArray[np.bool_], days: int, hours: int
) -> tuple[float, int, int, int, int, int]:
    """Most that a free run of so many days and hours holds, smaller runs first when equal."""
    around = np.vstack([values, values[: days - 1]])
    taken = np.vstack([~free, ~free[: days - 1]])
    shape = (days, hours)
    held = np.lib.stride_tricks.sliding_window_view(around, shape).sum(axis=(2, 3))
    blocked = np.lib.stride_tricks.sliding_window_view(taken, shape).any(axis=(2, 3))
    held = np.where(blocked, -1.0, held)
    day, hour = (int(at) for at in np.unravel_index(int(held.argmax()), held.shape))
    return float(held[day, hour]), -days * hours, day, hour, days, hours


def _seconds(times: pd.Series) -> Integers:
    """Seconds since 1970 in UTC; hours of the clock begin at full hours of it."""
    return np.asarray(times.dt.tz_convert("UTC").dt.as_unit("s").astype("int64"), dtype=np.int64)


def _cells(hour: Integers, zone: tzinfo | None) -> Integers:
    """Cell of the week, operational day by hour, of each hour since 1970 in UTC."""
    distinct, at = np.unique(hour, return_inverse=True)
    local = pd.DatetimeIndex(pd.to_datetime(distinct * _HOUR, unit="s", utc=True)).tz_convert(zone)
    of_day = np.asarray(local.hour, dtype=np.int64)
    day = np.asarray(local.day_of_week, dtype=np.int64) - (of_day < DAY_BEGINS)
    return np.asarray((day % 7 * 24 + (of_day - DAY_BEGINS) % 24)[at], dtype=np.int64)


def _table(weights: NDArray[np.number]) -> pd.DataFrame:
    """Weights of the 168 hours as operational days by hours."""
    days = pd.Index(DAYS, name="day")
    return pd.DataFrame(
        weights.reshape(7, 24).astype(np.float64), days, pd.Index(HOURS, name="hour")
    )


def by_day(start: pd.Series, end: pd.Series) -> pd.Series:
    """
    Incidents by calendar day, those that span midnight by the share of their window.

    Parameters
    ----------
    start, end
        As for `clock`; a date alone spans its day. Windows over 168 hours are left out.

    Returns
    -------
    daily
        Indexed by day, from the first with an incident to the last; days without are 0.

    Examples
    --------
    >>> start = pd.Series(pd.to_datetime(["2025-06-02 23:00"]).tz_localize("Europe/London"))
    >>> by_day(start, start + pd.Timedelta(hours=4)).tolist()
    [0.25, 0.75]
    """
    begins, ends = (_seconds(times) for times in (start, end))
    fits = ends - begins <= LONGEST_H * _HOUR
    _, hour, weight = aoristic(begins[fits], ends[fits])
    local = pd.DatetimeIndex(pd.to_datetime(hour * _HOUR, unit="s", utc=True))
    days = local.tz_convert(start.dt.tz).tz_localize(None).to_period("D")
    daily = pd.Series(weight, index=days).groupby(level=0).sum()
    if daily.empty:
        return daily
    return daily.reindex(pd.period_range(daily.index[0], daily.index[-1], freq="D"), fill_value=0)
