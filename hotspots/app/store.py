"""
Caches of what is worked out for a selection.

A key is small and frozen (`keys`): the identity of the data, the role of the reader and the
question asked. Frames are never hashed; they are loaded inside. Beside it stand `data_store`
(what is loaded), `map_store` (what maps draw) and those of single pages.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from hotspots import study as studies
from hotspots.action import double_decisions, named_breaks, patrol_log
from hotspots.action.named_breaks import Named
from hotspots.action.records import exist, open_records
from hotspots.analysis import case_review, counts
from hotspots.analysis.breaks import Break
from hotspots.analysis.mix import location_quotients
from hotspots.analysis.null_model import Chance
from hotspots.analysis.patrol_edits import Edit
from hotspots.analysis.scorecard import Scorecard
from hotspots.app.data_store import dataset, decided, suspects
from hotspots.app.keys import BY_CHANGE, BY_QUESTION, QUESTIONS
from hotspots.periods import parse_month
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import Found, News, Study, Wanted, between, doubles, evidence
from hotspots.study.held_against import Comparison
from hotspots.study.outcome import Outcome
from hotspots.study.outcome import outcome as study_outcome
from hotspots.tables.patrol_areas import PatrolAreas


def undecided(selection: Selection) -> int:
    """Reports of a selection that may be counted twice, as nobody has decided yet."""
    loaded = dataset(selection.vintage, role=selection.role)
    if loaded.held["source"].nunique() < 2:  # noqa: PLR2004
        return 0
    found = suspects(selection.vintage, role=selection.role)
    settled = {pair for pair, one in decided().items() if one.verdict != double_decisions.OPEN}
    return doubles.may_be_twice(found.undecided(settled, study(selection).asb.index))


@st.cache_resource(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def study(selection: Selection) -> Study:
    """The part of the data that a selection is about."""
    return studies.study(dataset(selection.vintage, role=selection.role), selection)


@st.cache_resource(
    max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner="Looking for hotspots…"
)
def found(selection: Selection) -> Found:
    """Hotspots of a selection, and what chance would make of them."""
    return studies.find(study(selection))


def named(selection: Selection) -> tuple[Named, ...]:
    """Steps that people named, for what is counted and what it is part of; never cached."""
    folder = data_folder()
    if not exist(folder):
        return ()
    return named_breaks.named_breaks(open_records(folder), study(selection).wider)


def said_of(areas: Iterable[str]) -> dict[tuple[str, str], str]:
    """What people said steps were, by area and month; cheap, and never cached."""
    folder = data_folder()
    if not exist(folder):
        return {}
    return named_breaks.said(named_breaks.named_breaks(open_records(folder), areas))


def news(selection: Selection) -> News:
    """What is up or down in the study area; nothing is compared across a named step."""
    return _news(selection, tuple(one.as_break() for one in named(selection)))


@st.cache_resource(
    max_entries=QUESTIONS,
    hash_funcs={**BY_QUESTION, Break: repr},
    show_spinner="Looking for what changed…",
)
def _news(selection: Selection, breaks: tuple[Break, ...]) -> News:
    loaded = dataset(selection.vintage, role=selection.role)
    return studies.news(loaded, study(selection), named=breaks)


@st.cache_resource(
    max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner="Scoring on later months…"
)
def scorecard(selection: Selection) -> Scorecard:
    """How well areas chosen from earlier months foretold later ones."""
    asked = study(selection)
    over = evidence.all_months(dataset(selection.vintage, role=selection.role), asked)
    return evidence.scorecard(over)


@st.cache_data(
    max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner="Trying other walking radii…"
)
def at_radii(selection: Selection) -> pd.DataFrame:
    """What the chosen number and the hotspots are at other walking radii."""
    return evidence.at_radii(study(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def concentration(selection: Selection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How gathered the reports are, beside chance; and the curve."""
    return evidence.concentration(study(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def history(selection: Selection) -> pd.DataFrame:
    """Verdict on each hotspot's past."""
    over = evidence.all_months(dataset(selection.vintage, role=selection.role), study(selection))
    return evidence.history(over, found(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def certainties(selection: Selection) -> pd.DataFrame:
    """How sure each hotspot is."""
    return studies.certainty(study(selection), found(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def by_chance(selection: Selection) -> Chance | None:
    """Hotspots in a random world at a number set by hand; nothing when it was chosen."""
    if selection.min_incidents is None:
        return None
    return found(selection).calibration.hotspots_by_chance(selection.min_incidents)


@st.cache_data(
    max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner="Setting sources side by side…"
)
def compared(selection: Selection) -> list[between.Compared | between.NotCompared]:
    """Each partner beside all other sources, by ward, or why it cannot be."""
    return between.compared(dataset(selection.vintage, role=selection.role), selection)


def past(selection: Selection, number: int) -> pd.Series:
    """Verdict on one hotspot's past."""
    row: pd.Series = history(selection).T[number]
    return row


def certainty(selection: Selection, number: int) -> pd.Series:
    """How sure one hotspot is."""
    rows: pd.Series = certainties(selection).T[number]
    return rows


@st.cache_data(max_entries=8 * QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def months(selection: Selection, subject: str) -> pd.DataFrame:
    """Months of one part of the study area beside the same months a year before."""
    year_before = replace(selection, period=selection.period.year_before())
    return studies.months(study(selection), study(year_before), subject, found(selection).hotspots)


@st.cache_data(max_entries=8 * QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def mix(selection: Selection, number: int) -> pd.DataFrame:
    """Other crime inside one hotspot against the study area's mix."""
    footprint = found(selection).hotspots.geometry.loc[number]
    return location_quotients(study(selection).other, footprint)


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def league(selection: Selection) -> pd.DataFrame:
    """Wards of the study area by ASB, each with its interval."""
    asked = study(selection)
    return counts.by_ward(asked.asb, asked.ward, asked.wards)


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def beside_other_crime(selection: Selection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Months of ASB, and of all other crime, in the study area."""
    asked = study(selection)
    return counts.by_month(asked.asb, asked.status), counts.by_month(asked.other, asked.status)


def changes(selection: Selection) -> tuple[Edit, ...]:
    """Changes made by hand to the study area's patrol areas; cheap, and never cached."""
    return patrol_log.active(data_folder(), selection.area)


@st.cache_resource(
    max_entries=QUESTIONS, hash_funcs=BY_CHANGE, show_spinner="Placing patrol areas…"
)
def patrol(selection: Selection, wanted: Wanted, edits: tuple[Edit, ...]) -> PatrolAreas:
    """Patrol areas of a selection, after some changes by hand."""
    asked, hotspots = study(selection), found(selection)
    return studies.patrol(
        asked,
        hotspots,
        count=wanted.count,
        size_ha=wanted.size_ha,
        anywhere=wanted.anywhere,
        edits=edits,
    )


@st.cache_resource(max_entries=QUESTIONS, show_spinner="Comparing…")
def outcome(
    identity: str, vintage: int | None, role: str, kept: dict[str, Any], start: str
) -> Outcome:
    """How a plan's place came out beside what it is compared with, on everything held."""
    del identity  # it is part of the key
    held = Comparison.of_data(kept)
    return study_outcome(dataset(vintage, role=role), held, start=parse_month(start))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def repeats(selection: Selection, reports: int, months: int) -> pd.DataFrame:
    """Callers, addresses and places over a case-review threshold."""
    asb = study(selection).asb
    return case_review.repeats(asb, last=selection.period.last, reports=reports, months=months)


def in_its_ward(selection: Selection, number: int) -> tuple[int, int]:
    """Reports of its ward that a hotspot holds, and all of its ward."""
    return studies.in_its_ward(study(selection), found(selection).hotspots, number)
