"""
A pack for an ASB case review: what was reported, what was tried, and what is to be answered.

It counts and never names: no caller, no key, no address, no free text of a report. What the
law asks is told from section 104 of the Anti-social Behaviour, Crime and Policing Act 2014
and its explanatory notes, as published at legislation.gov.uk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from hotspots.analysis.case_review import CALLER
from hotspots.periods import Period, month_in_words
from hotspots.publish.papers import Paper, Part

MARKING: Final = "OFFICIAL-SENSITIVE"
LAW: Final = (
    (
        "Section 104 of the Anti-social Behaviour, Crime and Policing Act 2014: where somebody "
        "asks for a review, the relevant bodies (council, police, health, social landlords) must "
        "review the response to the behaviour if they decide that the threshold is met."
    ),
    (
        "They must decide so where at least three qualifying complaints were made, or as many as "
        "the published review procedures say. A complaint qualifies when it was made within a "
        "month of the behaviour and the review is asked for within six months of it."
    ),
    (
        "Below that number they decide by their own procedures, which may look at how persistent "
        "the behaviour is, what harm it did or could do, and whether the response was adequate."
    ),
)
QUESTIONS: Final = (
    "Was a review asked for, by whom on whose behalf, and was it passed to every relevant body?",
    "How many complaints qualify, each body’s own records counted, and is the threshold met?",
    "Was each report answered, when, and what was the person who reported told?",
    "Was the risk to each person assessed from the first report, and again when more came?",
    "Is anybody vulnerable, and was what they need different from what was done?",
    "How persistent is the behaviour, and what harm has it done or could it do?",
    "What has each body done, and what could it do that it has not?",
    "What is decided, by whom, by when, and who tells the person who asked?",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    What a pack is made from.

    Attributes
    ----------
    plan, place, problem, objective
        Number of the plan, and what it says.
    repeats
        From `analysis.case_review.repeats`, those on the plan's ground.
    reports, months
        The threshold: so many reports in so many months.
    by_month
        Reports on the plan's ground by month held, the newest last.
    sources
        Reports on that ground by source, in those months.
    responses
        Names of what was chosen.
    tasks
        From `action.tasks.table`, of this plan.
    decided
        Decisions with their days, in words.
    verdicts
        Reviews of the plan with their days, in words.
    risk
        The newest assessment in words; empty when there is none.
    older
        How many assessments there are before it.
    """

    plan: int
    place: str
    problem: str
    objective: str
    repeats: pd.DataFrame
    reports: int
    months: int
    by_month: pd.Series
    sources: pd.Series
    responses: Sequence[str]
    tasks: pd.DataFrame
    decided: Sequence[str]
    verdicts: Sequence[str]
    risk: str
    older: int


def pack(case: Case, *, made_on: date, note: str) -> Paper:
    """
    The pack as a paper.

    Parameters
    ----------
    case
        What it is made from.
    made_on
        The day.
    note
        Selection, data and version.
    """
    parts = (
        Part("What the law asks", LAW),
        Part("What was reported", _reported(case)),
        Part("What was tried, and by whom", _tried(case)),
        Part("Risk assessments", _risk(case)),
        Part("Questions to answer", QUESTIONS),
    )
    title = f"ASB case review pack, plan {case.plan}, {case.place}"
    return Paper(title, made_on, parts, note, MARKING)


def _reported(case: Case) -> tuple[str, ...]:
    said = []
    if len(case.by_month):
        span = Period(case.by_month.index[0], case.by_month.index[-1]).in_words()
        said.append(f"{_many(int(case.by_month.sum()), 'report')} on the plan’s ground in {span}.")
        months = pd.PeriodIndex(case.by_month.index)
        told = [
            f"{month_in_words(month)} {n:,}" for month, n in zip(months, case.by_month, strict=True)
        ]
        said.append(f"By month: {', '.join(told)}.")
        said.append(f"By source: {', '.join(f'{name} {n:,}' for name, n in case.sources.items())}.")
    else:
        said.append("No month is held.")
    within = f"{case.reports} or more reports in {_many(case.months, 'month')}"
    callers = case.repeats.loc[case.repeats["kind"] == CALLER]
    places = case.repeats.loc[case.repeats["kind"] != CALLER]
    for rows, one, many in (
        (callers, "caller or address", "callers or addresses"),
        (places, "exact place", "exact places"),
    ):
        most = f"; the most, {int(rows['reports'].max()):,}" if len(rows) else ""
        said.append(f"{_many(len(rows), one, many).capitalize()} with {within}{most}.")
    marked = int((case.repeats["vulnerable"] > 0).sum())
    said.append(
        f"In {marked:,} of them a source marks somebody as vulnerable."
        if marked
        else "In none of them does a source mark somebody as vulnerable."
    )
    said.append(
        "These are counts of what is loaded here. Whether two reports are one person’s, and "
        "whether each qualifies, only the bodies’ own records say. Nobody is named in this pack."
    )
    return tuple(said)


def _tried(case: Case) -> tuple[str, ...]:
    said = [f"Problem: {case.problem or 'not said'}", f"Objective: {case.objective or 'not said'}"]
    said.append(f"Responses chosen: {', '.join(case.responses) or 'none yet'}.")
    said += [
        f"{task['agency']}: {task['what']} ({'overdue, was' if task['overdue'] else task['status']}"
        f"{'' if task['overdue'] else ','} due {task['due'].day} {task['due']:%B %Y})"
        for _, task in case.tasks.iterrows()
    ]
    if case.tasks.empty:
        said.append("No agency has an open task.")
    said += [f"Decided: {line}" for line in case.decided]
    said += [f"Outcome: {line}" for line in case.verdicts]
    return tuple(said)


def _risk(case: Case) -> tuple[str, ...]:
    if not case.risk:
        return ("None is recorded: one is due now.",)
    return (case.risk, f"Earlier assessments kept: {case.older:,}.")


def _many(number: int, one: str, many: str | None = None) -> str:
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"
