"""The name that stands under what a reader does and looks at."""

from typing import Final

import streamlit as st

from hotspots.action.consulting import consulted
from hotspots.app import person, who
from hotspots.library import journal
from hotspots.settings import data_folder
from hotspots.study import Dataset

_NOTED: Final = "looks noted"


def name() -> str:
    """Name of the reader: as they signed in, as they typed it, or the user of this machine."""
    return who.person().name or person.name() or journal.person()


def note_look(dataset: Dataset) -> None:
    """Note that the reader sees restricted reports: once a session for each state of the data."""
    asking = who.person()
    look = (dataset.identity, asking.name, asking.key)
    noted = st.session_state.setdefault(_NOTED, set())
    if dataset.made_up or look in noted:
        return
    sources = [str(one) for one in dataset.held["source"].unique()]
    consulted(
        data_folder(), sources, who=name(), how=f"on the pages, as {asking.words}",
        data=dataset.identity,
    )  # fmt: skip
    noted.add(look)
