"""
When reports say something happened: an instant, a window, a day or a month.

A time without an offset is the clock's time in London. When clocks go back, an hour comes
twice: it is taken as the first of the two. When they go forward, an hour does not exist:
it is taken as the hour after. Both are counted and said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.sources.reports import count_of
from hotspots.sources.word_columns import Words
from hotspots.sources.written_times import DAY_US, NEVER, Fault, Moments, times_of_day, understand
from hotspots.tables.incidents import ZONE

INSTANT, WINDOW, DATE, MONTH = range(4)
NO_DATE: Final = "they say no date"
UNREADABLE: Final = "their date cannot be read"
IMPOSSIBLE: Final = "their date does not exist"
TO_COME: Final = "their date is still to come"
_LONG_DAYS: Final = 31
_MINUTE_US: Final = 60_000_000
_NAT: Final = np.datetime64("NaT", "us")

Noted = Callable[[str, NDArray[np.bool_]], None]


@dataclass(frozen=True, eq=False)
class Times:
    """
    When each row happened.

    Attributes
    ----------
    month
        Months since January 1970, of the clock in London.
    begins, ends
        Coordinated Universal Time, microseconds; not a time where only the month is known.
    precision
        Place of the word in `tables.incidents.WORDS["time_precision"]`.
    faults
        Reason → rows that cannot be used.
    notes
        Whole sentences on how times were understood.
    """

    month: NDArray[np.int64]
    begins: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    precision: NDArray[np.int8]
    faults: dict[str, NDArray[np.bool_]]
    notes: tuple[str, ...]

    def later_than(self, today: date) -> NDArray[np.bool_]:
        """Rows of days after tomorrow, or of months after this one: slips of the pen."""
        tomorrow = np.datetime64(today, "us") + np.timedelta64(2, "D")
        month = np.datetime64(today, "M").astype(np.int64)
        later: NDArray[np.bool_] = (self.begins >= tomorrow) | (
            (self.precision == MONTH) & (self.month > month)
        )
        return later


def times(
    begins: Words,
    ends: Words | None = None,
    *,
    begins_time: Words | None = None,
    ends_time: Words | None = None,
    day_first: bool = True,
) -> Times:
    """
    When reports happened, from one to four columns.

    Parameters
    ----------
    begins, ends
        Dates, perhaps with times of day; without `ends`, `begins` is the instant.
    begins_time, ends_time
        Times of day in columns of their own.
    day_first
        Whether 03/01/2025 is the third of January.
    """
    notes: list[str] = []
    start = _with_time(understand(begins, day_first=day_first), begins_time, notes)
    start, notes = _without_midnights(start, notes)
    faults = {
        NO_DATE: start.fault == Fault.BLANK,
        UNREADABLE: start.fault == Fault.UNREADABLE,
        IMPOSSIBLE: start.fault == Fault.IMPOSSIBLE,
    }
    sound = start.fault == Fault.NONE
    earliest, last_of_day = _span(start, notes)
    timed = sound & (start.time != NEVER)
    precision = np.where(start.month_only, MONTH, np.where(timed, INSTANT, DATE)).astype(np.int8)
    latest = np.where(timed, earliest, last_of_day)
    if ends is not None:
        stop = _with_time(understand(ends, day_first=day_first), ends_time, notes)
        stop, notes = _without_midnights(stop, notes)
        unread = (stop.fault != Fault.NONE) & (stop.fault != Fault.BLANK)
        _say(notes, unread & sound, "has an end that cannot be read; it was left away")
        first_of_end, last_of_end = _span(stop, notes)
        end = np.where(stop.time != NEVER, first_of_end, last_of_end)
        has_end = sound & (stop.fault == Fault.NONE) & ~stop.month_only & ~start.month_only
        backwards = has_end & (end < earliest)
        _say(notes, backwards, "ends before it begins; only the day it began is kept")
        day_only = backwards & timed
        precision[day_only] = DATE
        midnight = _local(np.where(day_only, start.day * DAY_US, NEVER))
        day_after = _local(np.where(day_only, (start.day + 1) * DAY_US, NEVER))
        earliest = np.where(day_only, midnight, earliest)
        latest = np.where(day_only, day_after, latest)
        spans = has_end & ~backwards & (end > latest)
        latest = np.where(spans, end, latest)
        precision[spans] = WINDOW
        long = np.zeros(len(spans), dtype=bool)
        long[spans] = (latest[spans] - earliest[spans]) > np.timedelta64(_LONG_DAYS, "D")
        _say(notes, long, f"has a window of more than {_LONG_DAYS} days; kept as it is")
    has_hours = sound & (precision != MONTH)
    month = _months(np.where(sound, start.day, 0))
    if (start.offset != NEVER).any():  # another clock's day may be another month in London
        known = has_hours & (start.offset != NEVER) & timed
        month[known] = _london_months(earliest[known])
    return Times(
        month=month,
        begins=np.where(has_hours, earliest, _NAT),
        ends=np.where(has_hours, latest, _NAT),
        precision=precision,
        faults={reason: rows for reason, rows in faults.items() if rows.any()},
        notes=tuple(dict.fromkeys(notes)),
    )


def _with_time(moments: Moments, own: Words | None, notes: list[str]) -> Moments:
    """Moments with the time of day from a column of its own."""
    if own is None:
        return moments
    time, wrong = times_of_day(own)
    _say(notes, wrong, "has a time of day that cannot be read; only its date is kept")
    return Moments(moments.day, time, moments.offset, moments.month_only, moments.fault)


def _without_midnights(moments: Moments, notes: list[str]) -> tuple[Moments, list[str]]:
    """Moments without times when every one of them is midnight: they are dates then."""
    given = moments.time != NEVER
    if not given.any() or moments.time[given].any() or given.sum() == 1:
        return moments, notes
    said = "Every time of day is midnight, so they are taken as dates without hours."
    none = np.full(len(given), NEVER)
    bare = Moments(moments.day, none, none, moments.month_only, moments.fault)
    return bare, [*notes, said]


def _span(
    moments: Moments, notes: list[str]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """First instant of what is written, and the end of its day."""
    known = moments.day != NEVER
    time = np.where(moments.time != NEVER, moments.time, 0)
    clock = np.where(known, moments.day * DAY_US + time, NEVER)
    first = _local(clock, notes)
    offset = known & (moments.offset != NEVER) & (moments.time != NEVER)
    if offset.any():
        there = clock - moments.offset * _MINUTE_US
        first = np.where(offset, there.astype("datetime64[us]"), first)
    after = _local(np.where(known, (moments.day + 1) * DAY_US, NEVER))
    return first, after


def _local(clock: NDArray[np.int64], notes: list[str] | None = None) -> NDArray[np.datetime64]:
    """London's clock as universal time: each distinct hour of the clock is placed once."""
    known = clock != NEVER
    which, hours = pd.factorize(clock[known] // (60 * _MINUTE_US), sort=True)
    there = pd.DatetimeIndex((hours * 60 * _MINUTE_US).astype("datetime64[us]"))
    twice = np.ones(len(there), dtype=bool)
    placed = there.tz_localize(ZONE, ambiguous=twice, nonexistent=pd.Timedelta("1h"))
    universal = placed.tz_convert("UTC").tz_localize(None).as_unit("us").asi8
    result = np.full(len(clock), NEVER)
    result[known] = universal[which] + clock[known] % (60 * _MINUTE_US)
    if notes is not None and len(there):
        late = there.tz_localize(ZONE, ambiguous=~twice, nonexistent=pd.Timedelta("1h"))
        ambiguous = np.asarray(late.asi8 != placed.asi8)
        moved = np.asarray(placed.tz_localize(None).asi8 != there.as_unit("us").asi8)
        for which_hours, said in (
            (ambiguous, "lies in an hour that comes twice when clocks go back; the first is taken"),
            (moved, "lies in an hour that clocks skip; the hour after is taken"),
        ):
            rows = which_hours[which]
            _say(notes, rows, said)
    return result.astype("datetime64[us]")


def _months(day: NDArray[np.int64]) -> NDArray[np.int64]:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _london_months(instants: NDArray[np.datetime64]) -> NDArray[np.int64]:
    there = pd.DatetimeIndex(instants).tz_localize("UTC").tz_convert(ZONE).tz_localize(None)
    return there.to_numpy().astype("datetime64[M]").astype(np.int64)


def _say(notes: list[str], rows: NDArray[np.bool_], said: str) -> None:
    if number := int(rows.sum()):
        verbs = said if number == 1 else _plural(said)
        notes.append(f"{count_of(number, 'row')} {verbs}.")


def _plural(said: str) -> str:
    first, rest = said.split(" ", 1)
    plural = {"has": "have", "ends": "end", "lies": "lie"}[first]
    return f"{plural} {rest}".replace("it begins", "they begin").replace("its date", "their date")
