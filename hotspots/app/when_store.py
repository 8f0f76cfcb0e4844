"""Caches of the When page, keyed as `store` keys its own."""

import streamlit as st

from hotspots.app.store import _BY_QUESTION, _QUESTIONS, _key, dataset, found, news, study
from hotspots.selection import Selection
from hotspots.study import early_warning
from hotspots.study import hours as study_hours
from hotspots.study.early_warning import Warned
from hotspots.study.hours import Hours


@st.cache_resource(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Looking for what gathers now…"
)
def warned(selection: Selection) -> Warned:
    """Places of the study area that gather reports now."""
    loaded, breaks = dataset(selection.vintage, role=selection.role), news(selection).breaks
    return early_warning.early_warning(loaded, study(selection), breaks=breaks)


@st.cache_data(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Asking the months before…"
)
def replayed(selection: Selection) -> tuple[int, int]:
    """How many of the months before would have had a warning, of how many."""
    loaded, breaks = dataset(selection.vintage, role=selection.role), news(selection).breaks
    return early_warning.replay(loaded, study(selection), breaks=breaks)


@st.cache_data(max_entries=8 * _QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def hours(selection: Selection, subject: str) -> Hours:
    """Hours and days of one part of the study area."""
    return study_hours.hours(study(selection), subject, found(selection).hotspots)


def warned_key(selection: Selection) -> str:
    """Text that differs when the early warning does."""
    return _key(selection)
