"""What the recording review reads: its records, with free text for those who may read it."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from hotspots.action.consulting import CHECKING, consulted
from hotspots.analysis.recording_review import Question, words_fired
from hotspots.app import data_store, signing, who
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.review import records_of

_NOTED: Final = "free text read"


def records(selection: Selection, source: str) -> pd.DataFrame:
    """Records of a source that the reader may see; with free text where they may read that."""
    has_text = source in data_store.with_text()
    held = data_store.dataset(selection.vintage, role=selection.role)
    if has_text:
        note_read(source, f"by the words of the review, as {who.person().words}", held.identity)
    return _records(held.identity, selection.vintage, selection.role, source, has_text=has_text)


def fired(selection: Selection, source: str, question: Question) -> pd.Series:
    """Words of each record that make a question fire."""
    table = records(selection, source)
    held = data_store.dataset(selection.vintage, role=selection.role)
    key = (held.identity, selection.role, source, source in data_store.with_text())
    return _fired(key, question, lambda: table)


def note_read(source: str, how: str, data: str) -> None:
    """
    Note, before it happens, that free text is read; once a session for each reading.

    Raises
    ------
    RecordsError
        When it cannot be noted; then nothing is shown.
    """
    noted = st.session_state.setdefault(_NOTED, set())
    reading = (source, how, data, who.person().key)
    if reading in noted:
        return
    how = f"in free text, {how}"
    consulted(data_folder(), [source], who=signing.name(), how=how, data=data, why=CHECKING)
    noted.add(reading)


@st.cache_resource(max_entries=4, show_spinner="Reading the records…")
def _records(
    identity: str, vintage: int | None, role: str, source: str, *, has_text: bool
) -> pd.DataFrame:
    del identity  # it is part of the key
    free = data_store.free_text(source) if has_text else None
    return records_of(data_store.dataset(vintage, role=role).held, source, free)


_BY_WORDS: Final[dict[str | type[Any], Callable[[Any], Any]]] = {Question: repr}


@st.cache_resource(max_entries=16, hash_funcs=_BY_WORDS, show_spinner="Looking for the words…")
def _fired(
    key: tuple[str, str, str, bool], question: Question, _table: Callable[[], pd.DataFrame]
) -> pd.Series:
    del key  # it says which table
    return words_fired(_table(), question)
