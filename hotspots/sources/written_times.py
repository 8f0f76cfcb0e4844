"""
Dates and times as people write them.

Each distinct date and each distinct time of day is understood once. A date is given as
whole days since 1970, a time of day as microseconds since midnight.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.sources.word_columns import Words

NEVER: Final = np.int64(np.iinfo(np.int64).min)
DAY_US: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1)
# Nothing older or newer is a report of antisocial behaviour; it is a slip of the pen.
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2099
_MOST_OFFSET: Final = 14 * 60
_EXCEL_EPOCH: Final = 25_569
_EXCEL: Final = (32_874, 73_050)  # 1990 to 2099, in Excel's days

_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
# The date, then perhaps a time of day with its offset from Greenwich.
_SPLIT: Final = (
    r"^(?P<date>.*?[^\s,T])"
    r"(?:(?:\s*T\s*|[\s,]+(?:at\s+)?)(?P<time>\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[aApP]\.?[mM]\.?)?|"
    r"\d{1,2}\s*[aApP][mM])\s*(?P<zone>[zZ]|UTC|GMT|BST|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_PARTED: Final = ("date", "time", "zone")
# What nearly every system writes, which can be cut at its tenth letter.
_PLAIN: Final = (
    r"^(?:\d{2}[-/.]\d{2}[-/.]\d{4}|\d{4}[-/.]\d{2}[-/.]\d{2})[ T]\d{2}:\d{2}(?::\d{2})?$"
)
_DATE_LETTERS: Final = 10
# The same with a time such as 2140, which behind a month's name would be a year.
_BARE: Final = (
    r"^(?P<date>\d{8}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})[\sT]+"
    r"(?P<time>\d{4}(?:\d{2})?)(?P<zone>[zZ])?$"
)
# The time of day before the date.
_TIME_FIRST: Final = (
    r"^(?P<time>\d{1,2}:\d{2}(?::\d{2})?\s*(?:[aApP][mM])?)[\s,]+(?:on\s+)?"
    r"(?P<date>\d.*\d)(?P<zone>)$"
)
_TIME: Final = re.compile(
    r"(\d{1,2})(?:[:.h]?(\d{2})(?:[:.]?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(?:([ap])\.?m\.?)?",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_PARTS: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_SOLID: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})\.?[-/., ]*(\d{4}|\d{2})"
)
_NAMED_DAY: Final = re.compile(r"([a-z]{3,9})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
_MONTH_ONLY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_ONLY_MONTH: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED_MONTH: Final = re.compile(r"([a-z]{3,9})\.?[-/., ]*(\d{4})")
# As Excel shows a month: "Jan-25" is no 25 January.
_SHORT_MONTH: Final = re.compile(r"([a-z]{3,9})\.?(?:-|/| ?')(\d{2})")
_WEEKDAY: Final = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+")


class Fault(IntEnum):
    """What is wrong with a cell that should say when."""

    NONE = 0
    BLANK = 1
    UNREADABLE = 2
    IMPOSSIBLE = 3


@dataclass(frozen=True, eq=False)
class Moments:
    """
    One column of dates, with their times of day where they are written.

    Attributes
    ----------
    day
        Days since 1970; of a month, its first; `NEVER` where there is none.
    time
        Microseconds since midnight; `NEVER` where none is written.
    offset
        Minutes ahead of Greenwich, where the time says so; `NEVER` where it does not.
    month_only
        Where no day is written.
    fault
        A `Fault` for each row.
    """

    day: NDArray[np.int64]
    time: NDArray[np.int64]
    offset: NDArray[np.int64]
    month_only: NDArray[np.bool_]
    fault: NDArray[np.int8]


def understand(words: Words, *, day_first: bool = True) -> Moments:
    """
    Dates, and times of day, of a column.

    Parameters
    ----------
    words
        As they are written: "03/01/2025 21:40", "2025-01-03T21:40:00Z", "3 Jan 2025
        9.40pm", "January 2025", 45660 (Excel's days).
    day_first
        Whether 03/01/2025 is the third of January.
    """
    serial = _serials(words)
    dates, times, zones = _parted(words.words)
    found = [written_date(word, day_first=day_first) for word in dates.words.to_pylist()]
    day = dates.spread(np.array([*(each[0] for each in found), NEVER], dtype=np.int64))
    month_only = dates.spread(np.array([*(each[1] for each in found), False], dtype=bool))
    fault = dates.spread(np.array([*(each[2] for each in found), Fault.UNREADABLE], dtype=np.int8))
    time = times.each(written_time, blank=NEVER, kind=np.int64)
    offset = zones.each(_offset, blank=NEVER, kind=np.int64)
    # A time that is none: 25:00, or 13:00 pm.
    wrong = ~times.blank & (time == NEVER)
    fault = np.where(wrong & (fault == Fault.NONE), Fault.IMPOSSIBLE, fault).astype(np.int8)
    fault = np.where(_no_offset(words.words, zones, offset), Fault.UNREADABLE, fault)
    if serial is not None:
        is_one = serial != NEVER
        day = np.where(is_one, serial // DAY_US, day)
        within = serial % DAY_US
        time = np.where(is_one & (within != 0), within, np.where(is_one, NEVER, time))
        offset = np.where(is_one, NEVER, offset)
        month_only &= ~is_one
        fault = np.where(is_one, Fault.NONE, fault).astype(np.int8)
    day = np.where(fault == Fault.NONE, day, NEVER)
    return Moments(
        day=words.spread(np.append(day, NEVER)),
        time=words.spread(np.append(time, NEVER)),
        offset=words.spread(np.append(offset, NEVER)),
        month_only=words.spread(np.append(month_only, False)),
        fault=words.spread(np.append(fault, np.int8(Fault.BLANK))),
    )


def _parted(words: pa.Array) -> tuple[Words, Words, Words]:
    """The date of each word, its time of day and its offset from Greenwich."""
    plain = pc.match_substring_regex(words, _PLAIN)
    others = pc.if_else(plain, None, words)
    found = pc.extract_regex(others, _SPLIT)
    parts = [pc.struct_field(found, name) for name in _PARTED]
    for other_way in (_BARE, _TIME_FIRST):
        is_so = pc.match_substring_regex(others, other_way)
        if pc.any(is_so).as_py():
            found = pc.extract_regex(others, other_way)
            theirs = [pc.struct_field(found, name) for name in _PARTED]
            parts = [pc.if_else(is_so, *both) for both in zip(theirs, parts, strict=True)]
    date, time, zone = (pc.fill_null(part, "") for part in parts)
    date = pc.if_else(plain, pc.utf8_slice_codeunits(words, 0, _DATE_LETTERS), date)
    time = pc.if_else(plain, pc.utf8_slice_codeunits(words, _DATE_LETTERS + 1), time)
    whole = pc.if_else(pc.equal(date, ""), words, date)  # what could not be parted
    dates, times, zones = (Words.of(pa.chunked_array([each])) for each in (whole, time, zone))
    return dates, times, zones


def times_of_day(words: Words) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Microseconds since midnight of a column of times, and which cells are no time."""
    time = words.each(partial(written_time, fraction=True), blank=NEVER, kind=np.int64)
    return time, (time == NEVER) & ~words.blank


def written_date(  # noqa: PLR0911 - one return for each way of writing a date
    word: str, *, day_first: bool = True
) -> tuple[int, bool, Fault]:
    """
    Day since 1970, whether only the month is written, and what is wrong.

    Examples
    --------
    >>> written_date("03/01/2025") == written_date("3 Jan 2025") == (20091, False, Fault.NONE)
    True
    >>> written_date("31/02/2025")[2].name, written_date("soon")[2].name
    ('IMPOSSIBLE', 'UNREADABLE')
    """
    text = _WEEKDAY.sub("", word.strip().casefold()).strip().replace("’", "'")
    if not text.isascii() or len(text) > 40:  # noqa: PLR2004
        return int(NEVER), False, Fault.UNREADABLE
    if found := _YEAR_FIRST.fullmatch(text) or _SOLID.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if found := _PARTS.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if day_first else (second, first)
        return _day(year, month, day)
    if found := _DAY_NAMED.fullmatch(text):
        return _day(int(found[3]), month_number(found[2]), int(found[1]))
    if found := _NAMED_DAY.fullmatch(text):
        return _day(int(found[3]), month_number(found[1]), int(found[2]))
    if found := _MONTH_ONLY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), None)
    if found := _ONLY_MONTH.fullmatch(text):
        return _day(int(found[2]), int(found[1]), None)
    if found := _NAMED_MONTH.fullmatch(text) or _SHORT_MONTH.fullmatch(text):
        return _day(int(found[2]), month_number(found[1]), None)
    return int(NEVER), False, Fault.UNREADABLE


def written_time(word: str, *, fraction: bool = False) -> int:
    """
    Microseconds since midnight; `NEVER` when it is no time.

    Examples
    --------
    >>> written_time("9.40 pm") / 3_600_000_000, bool(written_time("24:10") == NEVER)
    (21.666666666666668, True)
    """
    text = word.strip()
    if fraction and re.fullmatch(r"0?\.\d{1,17}", text):  # Excel's part of a day
        return round(float(text) * 86_400) * 1_000_000
    found = _TIME.fullmatch(text)
    if found is None or not text.isascii() or len(text) > 30:  # noqa: PLR2004
        return int(NEVER)
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if half := (found[5] or "").casefold():
        if not 1 <= hour <= 12:  # noqa: PLR2004
            return int(NEVER)
        hour = hour % 12 + 12 * (half == "p")
    elif not found[2]:
        return int(NEVER)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004
        return int(NEVER)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + int(
        (found[4] or "0").ljust(6, "0")[:6]
    )


def _day(year: int, month: int, day: int | None) -> tuple[int, bool, Fault]:
    if year < 100:  # noqa: PLR2004
        year += 2000 if year < 70 else 1900  # noqa: PLR2004
    try:
        when = date(year, month, day or 1)
    except ValueError:
        return int(NEVER), False, Fault.IMPOSSIBLE
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return int(NEVER), False, Fault.IMPOSSIBLE
    return (when - _EPOCH).days, day is None, Fault.NONE


def month_number(name: str) -> int:
    """
    Number of a month by its name, or how that begins; 0 when it is none.

    Examples
    --------
    >>> month_number("december"), month_number("mon")
    (12, 0)
    """
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0


def _no_offset(words: pa.Array, zones: Words, offset: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where "21:00-23:00" is a time and when it ended: clocks behind follow a year first."""
    year_first = np.asarray(pc.match_substring_regex(words, r"^\d{4}"))
    behind = (offset != NEVER) & (offset < 0) & ~year_first
    without: NDArray[np.bool_] = ~zones.blank & ((offset == NEVER) | behind)
    return without


def _offset(zone: str) -> int:
    if zone.casefold() in {"z", "utc", "gmt"}:
        return 0
    if zone.casefold() == "bst":
        return 60
    minutes = int(zone[1:3]) * 60 + int(zone[3:].removeprefix(":") or 0)
    return minutes * (-1 if zone[0] == "-" else 1) if minutes <= _MOST_OFFSET else int(NEVER)


def _serials(words: Words) -> NDArray[np.int64] | None:
    """Microseconds since 1970 of distinct words that are Excel's days; None when none is."""
    like = pc.match_substring_regex(words.words, r"^\d{5}(\.\d+)?$")
    if not pc.any(like).as_py():
        return None
    days = pc.if_else(like, words.words, None).cast(pa.float64())
    found = pc.fill_null(days, 0.0).to_numpy(zero_copy_only=False)
    meant = (found >= _EXCEL[0]) & (found <= _EXCEL[1])
    # Whole seconds: Excel keeps a fraction of a day, which no second is exactly.
    micros = np.round((found - _EXCEL_EPOCH) * 86_400).astype(np.int64) * 1_000_000
    return np.where(meant, micros, NEVER)
