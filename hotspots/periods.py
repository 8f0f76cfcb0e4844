"""Months, and runs of whole months: the unit of time that open data supports."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import pandas as pd

from hotspots.errors import SelectionError

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


def parse_month(text: str) -> pd.Period:
    """
    Month written as YYYY-MM.

    Raises
    ------
    SelectionError
        When the text is anything else.

    Examples
    --------
    >>> parse_month("2025-03") + 1
    Period('2025-04', 'M')
    """
    if not _MONTH.fullmatch(text):
        plain = " ".join(text.split())
        shown = plain if len(plain) <= 20 else f"{plain[:20]}…"  # noqa: PLR2004
        raise SelectionError(f"“{shown}” is not a month; write it as 2025-03.")
    return pd.Period(text, freq="M")


def month_in_words(month: pd.Period) -> str:
    """
    Month as a reader says it.

    Examples
    --------
    >>> month_in_words(parse_month("2025-03"))
    'March 2025'
    """
    return month.strftime("%B %Y")


def step_in_words(step: pd.Period) -> str:
    """
    Month, or ISO week by its Monday, as a reader says it.

    Examples
    --------
    >>> step_in_words(pd.Period("2025-03", "M")), step_in_words(pd.Period("2025-03-05", "W-SUN"))
    ('March 2025', 'the week of 3 March 2025')
    """
    if step.freqstr.startswith("W"):
        monday = step.start_time
        return f"the week of {monday.day} {monday.strftime('%B %Y')}"
    return month_in_words(step)


@dataclass(frozen=True)
class Period:
    """
    A run of whole months, both ends included.

    Examples
    --------
    >>> year = Period.parse("2025-01", "2025-12")
    >>> len(year), str(year.previous()), str(year.year_before())
    (12, '2024-01 to 2024-12', '2024-01 to 2024-12')
    """

    first: pd.Period
    last: pd.Period

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise SelectionError(f"The period begins ({self.first}) after it ends ({self.last}).")

    @classmethod
    def parse(cls, first: str, last: str) -> Self:
        """Period from two months written as YYYY-MM."""
        return cls(parse_month(first), parse_month(last))

    def __len__(self) -> int:
        return int(self.last.ordinal - self.first.ordinal) + 1

    def __iter__(self) -> Iterator[pd.Period]:
        return iter(self.months)

    def __contains__(self, month: pd.Period) -> bool:
        return bool(self.first <= month <= self.last)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def months(self) -> pd.PeriodIndex:
        """Every month of the run, in order."""
        return pd.period_range(self.first, self.last, freq="M")

    def shift(self, months: int) -> Self:
        """Same length, moved by a number of months."""
        return type(self)(self.first + months, self.last + months)

    def previous(self) -> Self:
        """Run of the same length that ends where this one begins."""
        return self.shift(-len(self))

    def year_before(self) -> Self:
        """Same calendar months, one year earlier."""
        return self.shift(-12)

    def in_words(self) -> str:
        """
        Period as a reader says it.

        Examples
        --------
        >>> Period.parse("2025-01", "2025-12").in_words()
        'January to December 2025'
        >>> Period.parse("2024-11", "2025-01").in_words()
        'November 2024 to January 2025'
        >>> Period.parse("2025-07", "2025-07").in_words()
        'July 2025'
        """
        if self.first == self.last:
            return month_in_words(self.last)
        if self.first.year == self.last.year:
            return f"{self.first.strftime('%B')} to {month_in_words(self.last)}"
        return f"{month_in_words(self.first)} to {month_in_words(self.last)}"
