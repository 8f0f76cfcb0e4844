"""What the recording review asks and finds, in words."""

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from hotspots.analysis.recording_review import Question, Rate, Verdict
from hotspots.views.doubles_words import when
from hotspots.views.wording import NO_FIGURE, count, percent

NOTHING: Final = (
    "No loaded source says more of a report than that it was antisocial behaviour, so there is "
    "nothing to review. A partner’s file with its own kinds or qualifiers can be."
)
METHOD: Final = (
    "Words choose what is read; they decide nothing. Half of a sample fired and half did not, and "
    "the reviewer is not told which until the answer is in. “All records” weighs the two halves by "
    "how many records each stands for; intervals are 95% (Wilson; the weighted ones by MOVER). "
    "Records are judged, never people: no figure here can be taken apart by reviewer or recorder."
)


def fired(words: pd.Series, question: Question) -> str:
    """How many records a question's words make worth a look."""
    many = int((words != "").sum())
    return (
        f"{question.asks} The words fire on {many:,} of {count(len(words), 'record')} "
        f"({percent(many / len(words) if len(words) else math.nan)})."
    )


def record(row: Mapping[Any, Any]) -> str:
    """One record as a reviewer sees it, without whether it fired."""
    parts = {
        "When": when({**row, "occurred_from_x": row["occurred_from"],
                      "time_precision_x": row["time_precision"]}, "x") or f"{row['month']}",
        "Where": row["street"],
        "Recorded as": row["text"],
        "Qualifier": row["qualifier"],
        "Marked vulnerable": {True: "yes", False: "no"}.get(row["vulnerable"]),
        "Reported": row["reported"],
    }  # fmt: skip
    return " · ".join(
        f"{name}: {NO_FIGURE if value is None or pd.isna(value) or value == '' else value}"
        for name, value in parts.items()
    )


def revealed(words: str, *, was_fired: bool) -> str:
    """
    What had made a record fire, told once it was answered.

    Examples
    --------
    >>> revealed("threats; again", was_fired=True)
    'It had fired on: threats; again.'
    >>> revealed("", was_fired=False)
    'It had not fired.'
    """
    if not was_fired:
        return "It had not fired."
    return f"It had fired on: {words}." if words != "(empty)" else "It had fired: it was empty."


def results(found: Mapping[tuple[str, str, int], Verdict], drawn: pd.DataFrame) -> pd.DataFrame:
    """What the answers say, one row a sample, the newest of each question and source first."""
    month = drawn.groupby("batch")["drawn"].first()
    rows = [
        {
            "Question": question,
            "Source": source,
            "Drawn": f"{month[batch]:%d %b %Y}",
            "Answered": f"{one.wrong.answered} ({one.cannot_tell} cannot tell)",
            "Yes, of those that fired": _said(one.fired),
            "Yes, of those that did not": _said(one.unfired),
            "Yes, of all records": _said(one.wrong),
            "Words and reviewer agree": _said(one.agreement),
        }
        for (question, source, batch), one in found.items()
    ]
    return pd.DataFrame(rows, dtype="str")


def _said(rate: Rate) -> str:
    """
    Share with its interval.

    Examples
    --------
    >>> _said(Rate(0.4, 0.2, 0.65, 20)), _said(Rate(math.nan, math.nan, math.nan, 0))
    ('40% (20% to 65%)', '–')
    """
    if math.isnan(rate.share):
        return NO_FIGURE
    return f"{percent(rate.share)} ({percent(rate.low)} to {percent(rate.high)})"
