"""The name that stands under what a reader does and looks at."""

from typing import Final

import streamlit as st

from hotspots.action.consulting import consulted, restricted
from hotspots.app import person, who
from hotspots.library import journal
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import Dataset

_NOTED: Final = "looks noted"


def name() -> str:
    """Name of the reader: as they signed in, as they typed it, or the user of this machine."""
    return who.person().name or person.name() or journal.person()


def note_look(page: str, selection: Selection, dataset: Dataset) -> None:
    """
    Note, once a session, that the reader looks at reports that are not open, before they do.

    Parameters
    ----------
    page
        Its title.
    selection, dataset
        What is asked, and what the reader may see of the data.
    """
    codes = selection.sources or dataset.choices.usual or tuple(dataset.sources)
    sources = restricted(dataset.sources[code] for code in codes if code in dataset.sources)
    asking = who.person()
    look = (dataset.identity, asking.name, asking.key, page, selection.area, sources)
    noted = st.session_state.setdefault(_NOTED, set())
    if look in noted:
        return
    area = dataset.choices.areas.get(selection.area, selection.area)
    consulted(
        data_folder(),
        sources,
        who=name(),
        how=f"on the page {page}, {area}, as {asking.words}",
        data=dataset.identity,
    )
    noted.add(look)
