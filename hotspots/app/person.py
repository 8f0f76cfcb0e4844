"""Name of who is at the screen: of the sign-in, or typed once a session; kept with records."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hotspots.app import who
from hotspots.views import wording

_KEPT: Final = "name of the person"
_LETTERS: Final = 100


def name() -> str:
    """Name of the person: of the sign-in, which nobody can type over, or as they said it."""
    if signed_in := who.person().name:
        return signed_in
    return str(st.session_state.get(_KEPT, "")).strip()


def sign(key: str, *, where: DeltaGenerator | None = None, most: int = _LETTERS) -> str:
    """
    The name under one form: shown where somebody signed in, typed where nobody does.

    Parameters
    ----------
    key
        Of the widget.
    where
        Column or form that it stands in; the page itself unless given.
    most
        Letters of a typed name.
    """
    place = where or st
    if signed_in := who.person().name:
        place.caption(f"Recorded as {wording.plain(signed_in)}.")
        return signed_in
    return str(place.text_input("Your name", key=key, max_chars=most))


def signed(key: str) -> str:
    """What `sign` was given, for what runs before the page is drawn again."""
    return who.person().name or str(st.session_state.get(key, ""))


def ask(key: str) -> str:
    """
    The name asked for, or shown as it was given.

    Parameters
    ----------
    key
        Of the widget; a page that asks twice names each.
    """
    if signed_in := who.person().name:
        st.caption(f"Logged as {wording.plain(signed_in)}.")
        return signed_in
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
