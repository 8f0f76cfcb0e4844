"""
Which records deserve a second look, and how well recording stands up to one.

Words choose what a person reads. Some records are drawn that fired and some that did not,
and the reviewer cannot see which: so both what the words catch and what they miss is
measured, and from the two, with the share of each, the error rate of all records. Records
are judged, never the person who made them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from hotspots.settings import INTERVAL, SEED

YES: Final = "yes"
NO: Final = "no"
CANNOT_TELL: Final = "cannot tell"
ANSWERS: Final = (YES, NO, CANNOT_TELL)
# Columns whose absence a question may be about.
LACKING: Final = ("", "qualifier", "vulnerable")


@dataclass(frozen=True)
class Question:
    """
    What reviewers are asked about records, and what makes a record worth asking about.

    Attributes
    ----------
    key, asks
        Short name, and the question; "yes" means that it was recorded wrongly.
    terms
        Words that make it fire; a star at the end stands for any ending.
    lacks
        Column that must be empty for it to fire; empty = none.
    any_text
        Whether the empty column alone makes it fire.
    """

    key: str
    asks: str
    terms: tuple[str, ...] = ()
    lacks: str = ""
    any_text: bool = False


@dataclass(frozen=True)
class Rate:
    """
    A share with its interval, and what it rests on.

    Attributes
    ----------
    share, low, high
        Between 0 and 1; not a number where nothing was answered.
    answered
        Records it rests on.
    """

    share: float
    low: float
    high: float
    answered: int


@dataclass(frozen=True)
class Verdict:
    """
    What the answers so far say.

    Attributes
    ----------
    fired, unfired
        Share of "yes" among records that fired, and among those that did not.
    wrong
        Share of "yes" among all records, both weighted by how many records each stands for.
    agreement
        Share of all records on which words and reviewer agree.
    cannot_tell
        Answers that could not be given; they are left out of the shares.
    """

    fired: Rate
    unfired: Rate
    wrong: Rate
    agreement: Rate
    cannot_tell: int


def words_fired(records: pd.DataFrame, question: Question) -> pd.Series:
    """
    Words of each record that made a question fire.

    Parameters
    ----------
    records
        `text` (everything the record says in words), `qualifier` and `vulnerable`.

    Returns
    -------
    words
        On the records' index: words in order, with semicolons; "(empty)" where only the
        empty column fired; "" where nothing did.

    Examples
    --------
    >>> records = pd.DataFrame({"text": ["Threats made again", "Loud music"],
    ...                         "qualifier": None, "vulnerable": None})
    >>> words_fired(records, Question("crime", "Crime?", ("threat*", "again"))).tolist()
    ['Threats; again', '']
    """
    text = records["text"].astype("object").fillna("").astype("str")
    found = pd.Series("", index=records.index, dtype="str")
    if question.terms:
        pattern = _pattern(question.terms)
        distinct = {one: "; ".join(dict.fromkeys(pattern.findall(one))) for one in text.unique()}
        found = text.map(distinct).astype("str")
    if not question.lacks:
        return found
    empty = records[question.lacks].isna()
    if question.any_text:
        found = found.where(found != "", "(empty)")
    return found.where(empty, "")


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Whole words of any case, the longer first; a star stands for the rest of a word."""
    parts = [
        re.escape(term.rstrip("*")).replace(r"\ ", r"\s+") + (r"\w*" if term.endswith("*") else "")
        for term in sorted(terms, key=len, reverse=True)
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def draw(fired: pd.Series, size: int, *, seed: int = SEED) -> pd.DataFrame:
    """
    Records for a reviewer: half that fired, half that did not, in an order that hides which.

    Parameters
    ----------
    fired
        Whether each record fired.
    size
        How many; where one half has too few, the other fills up.

    Returns
    -------
    sample
        On labels of `fired`: `fired`, and `stands_for`, the number of records of its half.
    """
    rng = np.random.default_rng(seed)
    yes, no = fired.index[fired], fired.index[~fired]
    many = min(len(yes), max(size // 2, size - len(no)))
    few = min(len(no), size - many)
    chosen = [*rng.choice(len(yes), many, replace=False), *rng.choice(len(no), few, replace=False)]
    labels = [*yes[chosen[:many]], *no[chosen[many:]]]
    table = pd.DataFrame(
        {
            "fired": [True] * many + [False] * few,
            "stands_for": [len(yes)] * many + [len(no)] * few,
        },
        index=labels,
    )
    return table.iloc[rng.permutation(len(table))]


def verdict(fired: pd.Series, answer: pd.Series, *, all_fired: int, all_unfired: int) -> Verdict:
    """
    Error rate and agreement from what reviewers answered.

    Within each half the interval is Wilson's. A weighted sum Σ w p has the interval
    Σ w p ± √Σ w² (p - l)², with each half's own bounds l (MOVER).

    Parameters
    ----------
    fired, answer
        Of each answered record; "cannot tell" is left out.
    all_fired, all_unfired
        Records that the two halves stand for.

    References
    ----------
    E. B. Wilson (1927), Probable inference, Journal of the American Statistical Association
    22; G. Y. Zou and A. Donner (2008), Construction of confidence limits about effect
    measures, Statistics in Medicine 27.
    """
    told = answer.isin([YES, NO])
    yes, was_fired = answer[told] == YES, fired[told].astype(bool)
    caught = _rate(int((yes & was_fired).sum()), int(was_fired.sum()))
    missed = _rate(int((yes & ~was_fired).sum()), int((~was_fired).sum()))
    rightly = Rate(1 - missed.share, 1 - missed.high, 1 - missed.low, missed.answered)
    weights = np.array([all_fired, all_unfired]) / max(all_fired + all_unfired, 1)
    return Verdict(
        fired=caught,
        unfired=missed,
        wrong=_weighted(weights, [caught, missed]),
        agreement=_weighted(weights, [caught, rightly]),
        cannot_tell=int((answer == CANNOT_TELL).sum()),
    )


def _rate(yes: int, answered: int) -> Rate:
    if not answered:
        return Rate(np.nan, np.nan, np.nan, 0)
    bounds = stats.binomtest(yes, answered).proportion_ci(INTERVAL, method="wilson")
    return Rate(yes / answered, max(float(bounds.low), 0.0), min(float(bounds.high), 1.0), answered)


def _weighted(weights: NDArray[np.float64], rates: list[Rate]) -> Rate:
    used = [(w, one) for w, one in zip(weights, rates, strict=True) if w > 0]
    answered = sum(one.answered for _, one in used)
    if not used or any(not one.answered for _, one in used):
        return Rate(np.nan, np.nan, np.nan, answered)
    share = sum(w * one.share for w, one in used)
    low = share - np.sqrt(sum((w * (one.share - one.low)) ** 2 for w, one in used))
    high = share + np.sqrt(sum((w * (one.high - one.share)) ** 2 for w, one in used))
    return Rate(float(share), max(float(low), 0.0), min(float(high), 1.0), answered)
