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
_LONGEST: Final = 2_000
FREE_TEXT: Final = (
    "The partner’s free text is read, because its mapping asks for it to be kept. It is shown only "
    "here, to one reviewer at a time; it is in no file, map or public page. Each reading adds a "
    "line to the audit trail."
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
        "Recorded as": row["kind"],
        "Qualifier": row["qualifier"],
        "Marked vulnerable": {True: "yes", False: "no"}.get(row["vulnerable"]),
        "Reported": row["reported"],
    }  # fmt: skip
    return " · ".join(
        f"{name}: {NO_FIGURE if value is None or pd.isna(value) or value == '' else value}"
        for name, value in parts.items()
    )


def free_text(text: Any) -> str:
    """
    Free text of a record as a reviewer reads it; empty where there is none.

    Examples
    --------
    >>> free_text(" Again  last night ")
    'In words: Again last night'
    """
    words = "" if text is None or pd.isna(text) else " ".join(str(text).split())
    if len(words) > _LONGEST:
        words = f"{words[:_LONGEST]} …"
    return f"In words: {words}" if words else ""


def over_time(months: pd.DataFrame) -> str:
    """What the newest month of a review said, as a sentence; it rests on few records."""
    newest = months.iloc[-1]
    rate = Rate(newest["wrong"], newest["wrong_low"], newest["wrong_high"], newest["answered"])
    return (
        f"In {newest['month']:%B %Y} reviewers said yes of {_said(rate)} of records, from "
        f"{count(rate.answered, 'answer')}"
    )


def months(table: pd.DataFrame) -> pd.DataFrame:
    """The chart's figures, by month of review, the newest first."""
    rates = {
        words: [
            _said(Rate(row[name], row[f"{name}_low"], row[f"{name}_high"], row["answered"]))
            for _, row in table.iterrows()
        ]
        for name, words in (("wrong", "Yes, of all records"),
                            ("agreement", "Words and reviewer agree"))
    }  # fmt: skip
    months = [f"{month:%B %Y}" for month in table["month"]]
    answered = table["answered"].astype("str").to_list()
    shown = pd.DataFrame({**rates, "Answered": answered}, index=pd.Index(months, name="Reviewed"))
    return shown.iloc[::-1]


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
