"""Which sources and which kinds of report are counted: asked only where there is a choice."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from hotspots.selection import QUALIFIERS, Choices, Selection

_SOURCES: Final = "sources"
_ABOUT: Final = "about"


@dataclass(frozen=True)
class Counted:
    """Codes of sources and qualifiers, as a `Selection` has them."""

    sources: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()


def begin(selection: Selection, choices: Choices) -> None:
    """Widgets set from the link when a session begins, or when the data change."""
    st.session_state[_SOURCES] = list(selection.sources or choices.usual)
    st.session_state[_ABOUT] = list(selection.qualifiers)


def ask(choices: Choices) -> Counted:
    """Sources and qualifiers that are counted."""
    state = st.session_state
    if len(choices.sources) > 1:
        if not state.get(_SOURCES):  # nobody can count nothing
            state[_SOURCES] = list(choices.usual)
        st.multiselect(
            "Whose reports",
            list(choices.sources),
            key=_SOURCES,
            format_func=lambda code: choices.sources.get(code, code),
            help="Unasked, only the police’s open data is counted: adding a partner’s data "
            "changes none of its figures. A report of two sources may be counted twice.",
        )
    if choices.qualifiers:
        state.setdefault(_ABOUT, [])
        st.multiselect(
            "Reports about",
            list(choices.qualifiers),
            key=_ABOUT,
            format_func=lambda word: QUALIFIERS.get(word, word),
            placeholder="Everything",
            help="The qualifier of antisocial behaviour, where a source records it. Open "
            "police data does not: it is “Not said”.",
        )
    chosen = tuple(code for code in choices.sources if code in state.get(_SOURCES, ()))
    about = tuple(word for word in choices.qualifiers if word in state.get(_ABOUT, ()))
    return Counted(
        sources=() if set(chosen) == set(choices.usual) else chosen,
        qualifiers=() if set(about) == set(choices.qualifiers) else about,
    )
