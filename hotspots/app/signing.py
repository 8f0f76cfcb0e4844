"""The name that stands under what a reader does and looks at."""

from typing import Final

import streamlit as st

from hotspots.action.consulting import REASONS, consulted, restricted
from hotspots.app import person, who
from hotspots.library import journal
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import Dataset
from hotspots.views import wording

_NOTED: Final = "looks noted"
# Name and source → the reason given in this session.
WHY: Final = "why looked"
ASKED_WHY: Final = "why-look"
# Pages that show open data alone, or no reports at all.
_WITHOUT_REPORTS: Final = {"Assembly", "Listening", "Records"}
# Pages that show reports of every source, whichever are counted.
_OF_ALL: Final = {"Data"}
_OWN: Final = "reports of their own agency"
_MOST_LETTERS: Final = 300


def name() -> str:
    """Name of the reader: as they signed in, as they typed it, or the user of this machine."""
    return who.person().name or person.name() or journal.person()


def may_look(page: str, selection: Selection, dataset: Dataset) -> bool:
    """
    Note, once a session, that the reader looks at reports that are not open, before they do.

    The first look of a session at a source asks for the reason; until it is given, the page
    is not drawn.

    Parameters
    ----------
    page
        Its title.
    selection, dataset
        What is asked, and what the reader may see of the data.

    Returns
    -------
    may_look
        Whether the page may be drawn.
    """
    every = page in _OF_ALL
    chosen = () if every else selection.sources or dataset.choices.usual
    codes = chosen or tuple(dataset.sources)
    sources = restricted(dataset.sources[code] for code in codes if code in dataset.sources)
    if not sources or page in _WITHOUT_REPORTS:
        return True
    asking = who.person()
    told: dict[tuple[str, str], str] = st.session_state.setdefault(WHY, {})
    theirs = [source for source in sources if source != asking.agency]
    if new := [source for source in theirs if (asking.name, source) not in told]:
        if not (why := _ask_why(new, of_all=every)):
            return False
        told |= {(asking.name, source): why for source in new}
        # Drawn anew, so that the question is not there beside its answer.
        st.rerun()
    area = "" if every else selection.area
    look = (dataset.identity, asking.name, asking.key, page, area, sources)
    noted = st.session_state.setdefault(_NOTED, set())
    if look in noted:
        return True
    where = dataset.choices.areas.get(area, area) or "everything loaded"
    reasons = dict.fromkeys(told[asking.name, source] for source in theirs) or {_OWN: None}
    consulted(
        data_folder(),
        sources,
        who=name(),
        how=f"on the page {page}, {where}, as {asking.words}",
        data=dataset.identity,
        why="; ".join(reasons),
    )
    noted.add(look)
    return True


def _ask_why(sources: list[str], *, of_all: bool) -> str:
    """The reason for a look, chosen or typed; empty until it is given."""
    named = wording.plain(", ".join(sources))
    st.title("Before you look", anchor=False)
    if of_all:
        st.write("This page shows reports of every source, whichever of them are counted.")
    st.write(
        f"Reports of {named} are not open data. The law asks why they are looked at (Data "
        "Protection Act 2018, section 62); you are asked once until you close the page, and the "
        "audit trail keeps the answer."
    )
    given = st.selectbox(
        "Why do you need to see them?",
        REASONS,
        index=None,
        placeholder="Choose a reason, or type your own",
        accept_new_options=True,
        key=f"{ASKED_WHY} {len(sources)} {sources[0]}",
    )
    return str(given or "").strip()[:_MOST_LETTERS]
