"""A partner's words as one table: changed on the page, or taken away and brought back."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hotspots.app import importing
from hotspots.errors import HotspotsError
from hotspots.publish.formats import neutralise, neutralised_csv
from hotspots.sources.agency_mapping import MEANINGS
from hotspots.sources.own_words import NOTHING, OURS, THEIRS, meanings
from hotspots.views import partner_words, wording

_HEIGHT_PX: Final = 360


def ask(role: str, words: pd.DataFrame, means: pd.Series, *, key: str) -> dict[str, str]:
    """
    What each word means, as a person says in a table of all of them.

    Parameters
    ----------
    role
        Whose words they are: a key of `MEANINGS`.
    words
        From `own_words`, those to ask about first.
    means
        What each is taken to mean so far.
    key
        Of the widgets.
    """
    table, (away, back) = st.container(), st.columns(2)
    file = back.file_uploader(
        partner_words.WORD_TABLE, type=["csv", "xlsx"], key=f"words brought {key}"
    )
    brought = _brought(file, role, words) if file else {}
    means = pd.Series({word: brought.get(word, means[word]) for word in words.index}, dtype="str")
    shown = partner_words.word_table(words, means)
    edited = table.data_editor(
        shown,
        column_config={
            OURS: st.column_config.SelectboxColumn(
                options=[partner_words.meaning(ours) for ours in (NOTHING, *MEANINGS[role])],
                required=True,
            )
        },
        disabled=[name for name in shown.columns if name != OURS],
        hide_index=True,
        height=_HEIGHT_PX,
        key=f"table {key} {file.file_id if file else ''}",
    )
    away.download_button(
        "These words as a table (CSV)",
        partial(neutralised_csv, edited.set_index(THEIRS)),
        file_name=f"words-{role}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"save words {key}",
    )
    ours = {partner_words.meaning(each): each for each in (NOTHING, *MEANINGS[role])}
    return {str(word): ours[said] for word, said in zip(words.index, edited[OURS], strict=True)}


def _brought(file: UploadedFile, role: str, words: pd.DataFrame) -> dict[str, str]:
    """What a table says that was filled in elsewhere; nothing where it cannot be read."""
    with importing.on_disk([file]) as paths:
        try:
            said = meanings(paths[0], role)
        except HotspotsError as error:
            st.error(wording.plain(str(error)), icon=":material/error:")
            return {}
    # A spreadsheet was given words that it would not run.
    known = {str(neutralise(word)).casefold(): str(word) for word in words.index}
    known |= {str(word).casefold(): str(word) for word in words.index}
    found = {
        known[word.casefold()]: ours for word, ours in said.items() if word.casefold() in known
    }
    st.caption(partner_words.words_brought(len(found), len(said)))
    return found
