"""What is said about reports that two sources may both hold."""

import math
from typing import Any, Final

import pandas as pd

from hotspots.analysis.double_scores import NEAR_H, NEAR_M
from hotspots.analysis.doubles import SUSPECT, Doubles
from hotspots.views.wording import count, percent

METHOD: Final = (
    f"Two reports are close when they are within {NEAR_M:.0f} m and {NEAR_H:.0f} hours. How far "
    "apart, how long apart and whether they are alike in kind is weighed by how much likelier it "
    "is for one event than by chance (Fellegi and Sunter 1969). Chance is learnt from the same "
    "reports, one source moved by whole weeks. Pairs are listed when one event is likelier than "
    f"two ({percent(SUSPECT)}). The score is a reason to look, never a verdict: only what a person "
    "says changes a count."
)
_NEARLY: Final = 0.99
VERDICTS: Final = {
    "same": "One event: count it once",
    "different": "Two events: count both",
    "open": "Not decided",
}


def may_be_twice(number: int) -> str:
    """
    What a total leaves in doubt; empty when nothing.

    Examples
    --------
    >>> may_be_twice(38)
    'Up to 38 of these reports may be counted twice: two sources seem to hold the same event.'
    >>> may_be_twice(0)
    ''
    """
    if not number:
        return ""
    return (
        f"Up to {number:,} of these reports may be counted twice: two sources seem to hold the "
        "same event."
    )


def looked(one: Doubles) -> list[str]:
    """What was looked for between two sources, and what was found, a sentence or two each."""
    first, second = one.sources
    said = []
    if one.why_not:
        said.append(one.why_not)
    elif one.twice:
        said.append(
            f"{first} and {second}: {count(one.twice, 'suspected double')} among "
            f"{count(one.close, 'close pair')}; chance alone makes about {one.by_chance:,.0f}."
        )
    elif one.close > one.at_most_by_chance:
        said.append(
            f"{first} and {second}: {count(one.close, 'close pair')}, where chance makes about "
            f"{one.by_chance:,.0f}. Some are doubles, but times and places are too coarse to say "
            "which."
        )
    else:
        said.append(
            f"{first} and {second}: {count(one.close, 'close pair')}, no more than chance makes "
            f"(about {one.by_chance:,.0f}). No double is suspected."
        )
    said += [
        f"{count(weak, 'report')} of {name} could not be looked at: only a month is known, or no "
        "place."
        for name, weak in zip(one.sources, one.too_weak, strict=True)
        if weak
    ]
    return said


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Suspected doubles as a reader sees them, likeliest first."""
    rows = table.to_dict("records")
    return pd.DataFrame(
        {
            "One report": [_report(row, "a") for row in rows],
            "The other": [_report(row, "b") for row in rows],
            "Apart": [f"{row['metres']:.0f} m, {_hours(row['hours'])}" for row in rows],
            "In kind": [row["kind"] for row in rows],
            "One event": [_likely(row["probability"]) for row in rows],
        },
        dtype="str",
    ).set_axis(pd.RangeIndex(1, len(rows) + 1, name="No."))


def _likely(probability: float) -> str:
    """
    Probability of one event; never as if it were certain.

    Examples
    --------
    >>> _likely(0.9999), _likely(0.72)
    ('over 99%', '72%')
    """
    return "over 99%" if probability > _NEARLY else percent(probability)


def _report(row: dict[Any, Any], side: str) -> str:
    parts = [row[f"source_{side}"], when(row, side)]
    parts += [row[f"{name}_{side}"] for name in ("street", "kind", "qualifier")]
    return ", ".join(str(part) for part in parts if not pd.isna(part) and str(part))


def when(row: dict[Any, Any], side: str) -> str:
    """Day of a report, with its hour where it is known."""
    start = row[f"occurred_from_{side}"]
    if pd.isna(start):
        return ""
    day = f"{start:%a} {start.day} {start:%b %Y}"
    return day if row[f"time_precision_{side}"] == "date" else f"{day} {start:%H:%M}"


def _hours(hours: float) -> str:
    """
    Time apart in words.

    Examples
    --------
    >>> _hours(0.0), _hours(0.4), _hours(5.2)
    ('same time', 'under 1 h', '6 h')
    """
    if hours == 0:
        return "same time"
    return "under 1 h" if hours < 1 else f"{math.ceil(hours)} h"
