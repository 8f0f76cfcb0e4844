"""
Every sentence that a page or a file says about a figure, in plain English.

A page opens with what was found, then shows it, then says how sure it is and what
the data cannot say. Numbers arrive here measured; nothing is computed.
"""

import math
import re
from typing import Final

import pandas as pd

from hotspots.analysis.counts import MISSING, PARTIAL
from hotspots.periods import month_in_words
from hotspots.settings import BRITISH_NATIONAL_GRID, MIN_COUNT_FOR_PERCENT
from hotspots.study.dataset import Dataset

MADE_UP: Final = (
    "**Illustrative data.** Every report, street and boundary shown here is made up; "
    "your force’s files, imported on the Data page, replace it."
)
# What stands where a figure cannot be given.
NO_FIGURE: Final = "–"
MADE_UP_SHORT: Final = "Illustrative data: made up"
ATTRIBUTION: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0; "
    "contains OS data © Crown copyright and database right"
)
_OPEN: Final = "Open Government Licence"
RECORDS_NOT_HARM: Final = (
    "These are reports that were recorded. Patrols and new ways to report raise the number "
    "of records, so more reports is not always more harm."
)
SNAPPED: Final = (
    "Published points are not addresses: each report is moved to the nearest of a fixed list "
    "of map points, which stand for at least eight addresses or a public place. A hotspot is "
    "a place to look at, not a house."
)


def credit(dataset: Dataset) -> str:
    """What must be said beside anything made from the loaded data: made up, or on whose terms."""
    if dataset.made_up:
        return MADE_UP_SHORT
    held = dataset.holdings
    if len(dataset.wards) or held["licence"].str.startswith(_OPEN).any():
        return ATTRIBUTION
    terms = held.drop_duplicates(["source", "licence"])
    pairs = zip(terms["source"], terms["licence"], strict=True)
    return "; ".join(f"Reports of {source}: {licence}" for source, licence in pairs)


def note(dataset: Dataset) -> str:
    """What a file with places says of its data: the credit, and a grid that is not Britain's."""
    said = credit(dataset)
    if dataset.grid == BRITISH_NATIONAL_GRID:
        return said
    return f"{said}. Eastings and northings are metres of {dataset.grid}"


def count(number: float, noun: str, plural: str | None = None) -> str:
    """
    Number with its noun.

    Examples
    --------
    >>> count(1, "hotspot"), count(1234, "hotspot"), count(0, "hotspot")
    ('1 hotspot', '1,234 hotspots', 'no hotspots')
    """
    many = plural or f"{noun}s"
    if number == 0:
        return f"no {many}"
    return f"{number:,.0f} {noun if number == 1 else many}"


def percent(share: float) -> str:
    """
    Share as a percentage with as many figures as a reader can use.

    Examples
    --------
    >>> percent(0.346), percent(0.0871), percent(0.00021), percent(0.0)
    ('35%', '8.7%', '0.02%', '0%')
    """
    if math.isnan(share):
        return "unknown"
    value = 100 * share
    if value == 0 or value >= 10:  # noqa: PLR2004
        return f"{value:.0f}%"
    if value >= 1:
        return f"{value:.1f}%"
    return f"{value:.2f}%" if value >= 0.01 else "under 0.01%"  # noqa: PLR2004


def part_of(held: int, share: float) -> str:
    """
    Reports of a place as a share of all; as a percentage only where these are 50 or more.

    Examples
    --------
    >>> part_of(9, 0.1), part_of(4, 4 / 11), part_of(0, 0.0)
    ('10%', '4 of 11', '0%')
    """
    of = round(held / share) if share else 0
    return f"{held:,} of {of:,}" if 0 < of < MIN_COUNT_FOR_PERCENT else percent(share)


def times_as_many(row: pd.Series) -> str:
    """
    A change with its interval; as a percentage only where both counts are 50 or more.

    Parameters
    ----------
    row
        `percent` (not a number where a count is smaller), and `low`, `high`: the interval
        of the ratio of the two counts.

    Examples
    --------
    >>> times_as_many(pd.Series({"percent": 40.0, "low": 1.09, "high": 1.8}))
    '+40%, 95% interval +9% to +80%'
    >>> times_as_many(pd.Series({"percent": math.nan, "low": 0.18, "high": 2.61}))
    '0.18 to 2.6 times as many'
    >>> times_as_many(pd.Series({"percent": math.nan, "low": 1.5, "high": math.inf}))
    'at least 1.5 times as many'
    """
    low, high = row["low"], row["high"]
    if not math.isnan(row["percent"]):
        ends = f"{100 * (low - 1):+.0f}% to {100 * (high - 1):+.0f}%"
        return f"{row['percent']:+.0f}%, 95% interval {ends}"
    least, most = (f"{end:.1f}" if end >= 1 else f"{end:.2f}" for end in (low, high))
    return (
        f"{least} to {most} times as many" if high < math.inf else f"at least {least} times as many"
    )


def place(streets: str, ward: str) -> str:
    """
    Name of a hotspot: its busiest street and its ward.

    Examples
    --------
    >>> place("Foregate Street; Frodsham Street", "Chester City")
    'Foregate Street, Chester City'
    >>> place("", "")
    'Unnamed place'
    """
    named = [part for part in (streets.split("; ", maxsplit=1)[0], ward) if part]
    return ", ".join(named) or "Unnamed place"


def supply(status: pd.Series) -> str:
    """
    Which months were not, or not wholly, supplied; empty when all were.

    Examples
    --------
    >>> months = pd.period_range("2022-01", "2022-03", freq="M")
    >>> supply(pd.Series(["missing", "held", "partial"], index=months))
    'Not supplied: January 2022. Supplied by some forces only: March 2022.'
    """
    said = []
    for state, words in {
        MISSING: "Not supplied",
        PARTIAL: "Supplied by some forces only",
    }.items():
        months = [month_in_words(month) for month in status.index[status == state]]
        if months:
            said.append(f"{words}: {', '.join(months)}.")
    return " ".join(said)


_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&\"'=@/])")
# What is made a link, a picture or an arrow even where its marks are escaped.
_LINKED: Final = re.compile(
    r"(?<=:)(?=\S)|(?<=\bwww)(?=\.)|(?<=@)|(?<=[-<>])(?=[->=])", re.IGNORECASE
)
_JOINER: Final = "\u2060"


def plain(text: str) -> str:
    r"""
    Text that a page shows as it was typed: none of it is read as mark-up.

    Examples
    --------
    >>> print(plain("![x](http)"))
    \!\[x\]\(http\)
    """
    apart = _LINKED.sub(_JOINER, " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", apart)


_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~$:&\"'=@/])")


def bare(text: str) -> str:
    r"""
    A sentence for a page as plain text: without emphasis, and with names as they were typed.

    Examples
    --------
    >>> bare("**" + plain("St. Mary's [x]") + " ward** is up.")
    "St. Mary's [x] ward is up."
    """
    return _ESCAPED.sub(r"\1", text.replace("**", "").replace(_JOINER, ""))
