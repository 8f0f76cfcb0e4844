"""Who imported what, and the way back: on the Data page."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from hotspots.action.roles import may
from hotspots.app import data_store, importing, panels, person, signing, who
from hotspots.errors import HotspotsError
from hotspots.library import Library, purge, undo
from hotspots.library.journal import Entry, acting
from hotspots.library.undoing import Done
from hotspots.periods import parse_month
from hotspots.publish.formats import neutralised_csv
from hotspots.views import journal_words, wording

# Changes shown; the file has them all.
_MOST: Final = 25

Change = Callable[[Library], Done]


def show() -> None:
    """Draw the journal, the form that undoes a change and the one that purges."""
    entries = data_store.library().journal()
    st.subheader("Who imported what", anchor=False)
    if not entries:
        st.write("No change of the data has been noted here yet.")
        return
    panels.table(journal_words.changes(entries[:_MOST]))
    files = [("journal", "The whole journal (CSV)", journal_words.for_file(entries))]
    files += [
        (
            f"left-out-{one.number}",
            f"Rows left out of {one.number} (CSV)",
            journal_words.left_out(one),
        )
        for one in entries[:_MOST]
        if one.about.left_out
    ]
    with st.popover("Take it away"):
        for name, label, table in files:
            st.download_button(
                label,
                partial(neutralised_csv, table),
                file_name=f"{name}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"save-{name}",
            )
    with st.expander("Undo an import, or delete what is too old to keep"):
        back, old = st.columns(2, gap="medium")
        with back:
            st.markdown("**Undo an import**")
            _undo(entries)
        with old:
            st.markdown("**Delete what is too old to keep**")
            if may(who.person(), "look after"):
                _purge()
            else:
                st.write("An administrator can delete months that are too old to keep.")


def _undo(entries: list[Entry]) -> None:
    choices = journal_words.can_be_undone(entries)
    if not choices:
        st.write("There is nothing to undo.")
        return
    with st.form("undo-change", border=False):
        number = st.selectbox(
            "Change to undo", list(choices), format_func=lambda one: choices[one], key="undo-change"
        )
        why = st.text_input("Why it is undone", max_chars=300)
        st.session_state.setdefault("undo-who", signing.name())
        by = person.sign("undo-who")
        asked = st.form_submit_button("Undo it")
    if asked and number is not None:
        _do(by, lambda library: undo(library, number, why=why))


def _purge() -> None:
    with st.form("purge", border=False):
        month = st.text_input("Delete reports from before", placeholder="2023-01", max_chars=7)
        why = st.text_input("The rule or reason", max_chars=300)
        st.session_state.setdefault("purge-who", signing.name())
        by = person.sign("purge-who")
        sure = st.checkbox("I know that this cannot be undone")
        asked = st.form_submit_button("Delete them for good")
    if asked and not sure:
        st.info("Tick that you know it cannot be undone; nothing was deleted.")
    elif asked:
        _do(by, lambda library: purge(library, parse_month(month.strip()), why=why))


def _do(by: str, change: Change) -> None:
    """Make a change in somebody's name, and say what it did or why not."""
    if not re.search(r"\w", by):
        st.error("Give your name: the journal says who made each change.")
        return
    try:
        with acting(by):
            done = change(data_store.library())
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    importing.keep_said(done.sentences())
    st.rerun()
