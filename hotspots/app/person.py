"""Who is at the screen: typed once a session, and said with every record that they make."""

from typing import Final

import streamlit as st

_KEPT: Final = "name of the person"
_LETTERS: Final = 100


def name() -> str:
    """Name of the person; empty until they have said it."""
    return str(st.session_state.get(_KEPT, "")).strip()


def ask(key: str) -> str:
    """
    The name asked for, or shown as it was given.

    Parameters
    ----------
    key
        Of the widget; a page that asks twice names each.
    """
    st.session_state.setdefault(key, name())
    st.text_input(
        "Your name or number",
        key=key,
        max_chars=_LETTERS,
        placeholder="PC Green",
        help="Kept with what you record. Asked once until you close the page.",
        on_change=lambda: st.session_state.update({_KEPT: st.session_state[key]}),
    )
    st.session_state[_KEPT] = st.session_state[key]
    return name()
