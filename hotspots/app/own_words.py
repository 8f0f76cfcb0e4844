"""Partners' own words on the Data page: which stand in the files, and what each means."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hotspots.app import importing, word_table
from hotspots.errors import HotspotsError
from hotspots.sources.agency_mapping import MEANINGS, Mapping
from hotspots.sources.own_words import COUNTED, NOTHING, corrected, own_words, said
from hotspots.views import partner_words, wording

_COUNTED: Final = "partner words counted"
_ACROSS: Final = 3
# With more words than this, one table is easier to go through than a box for each.
_BOXES: Final = 24
# A column with more words than this is no list of codes; the rest is named in the mapping.
_MOST: Final = 3_000


def ask(files: Sequence[UploadedFile], mapping: Mapping, *, key: str) -> Mapping:
    """Mapping with the words of all files as a person corrects them."""
    counted = _counted(files, mapping)
    shown = [role for role in MEANINGS if len(counted.get(role, ()))]
    if shown:
        st.caption(partner_words.OWN_WORDS)
    for role in shown:
        mapping = _role(mapping, role, counted[role], key=f"{role} {key}")
    kinds = counted.get("kind")
    return mapping if kinds is None else _kinds(mapping, kinds, key=key)


def _role(mapping: Mapping, role: str, words: pd.DataFrame, *, key: str) -> Mapping:
    means = said(mapping, role, words)
    unknown = words.index[(means == NOTHING) & ~_settled(mapping, role, words)]
    st.markdown(wording.plain(partner_words.understood(role, words, unknown)))
    rest = words.index.difference(unknown, sort=False)
    if len(words) > _BOXES:
        told = word_table.ask(role, words.loc[[*unknown, *rest][:_MOST]], means, key=key)
        if len(words) > _MOST:
            st.caption(partner_words.rarer(len(words) - _MOST))
        return corrected(mapping, role, words, told)
    told = _boxes(role, words.loc[unknown], means, key=key)
    if len(rest):
        with st.expander(partner_words.known_words(role, len(rest))):
            told |= _boxes(role, words.loc[rest], means, key=key)
    return corrected(mapping, role, words, told)


def _settled(mapping: Mapping, role: str, words: pd.DataFrame) -> pd.Series:
    """Which words a person said something of, if only that they say nothing."""
    own = {word.casefold() for word in mapping.words.get(role, {})}
    return pd.Series([word.casefold() in own for word in words.index], index=words.index)


def _boxes(role: str, words: pd.DataFrame, means: pd.Series, *, key: str) -> dict[str, str]:
    """What each word means: one box a word."""
    options = [NOTHING, *MEANINGS[role]]
    places = st.columns(_ACROSS)
    return {
        str(word): places[number % _ACROSS].selectbox(
            wording.plain(f"“{word}” ({wording.count(int(words.loc[word, 'rows']), 'row')})"),
            options,
            index=options.index(means[word]),
            format_func=partner_words.meaning,
            key=f"word {word} {key}",
        )
        for number, word in enumerate(words.index)
    }


def _kinds(mapping: Mapping, kinds: pd.DataFrame, *, key: str) -> Mapping:
    """Kinds of report that are antisocial behaviour; none named = all."""
    rows = kinds["rows"].to_dict()
    offered = list(dict.fromkeys([*kinds.index[:_MOST], *mapping.asb]))
    asked = st.multiselect(
        "Only these kinds are antisocial behaviour (all of them, unless some are chosen)",
        offered,
        [kind for kind in offered if kind in mapping.asb],
        format_func=lambda kind: f"{kind} ({wording.count(int(rows.get(kind, 0)), 'row')})",
        key=f"asb {key} {mapping.columns['kind']}",
    )
    return replace(mapping, asb=tuple(asked))


def _counted(files: Sequence[UploadedFile], mapping: Mapping) -> dict[str, pd.DataFrame]:
    """Words of all files, counted once for each choice of columns."""
    columns = tuple((role, mapping.columns[role]) for role in COUNTED if role in mapping.columns)
    known = (tuple(file.file_id for file in files), columns)
    kept = st.session_state.get(_COUNTED)
    if kept is None or kept[0] != known:
        with st.spinner("Counting the words in them…"), importing.on_disk(files) as paths:
            try:
                kept = (known, own_words(paths, mapping))
            except HotspotsError as error:
                st.error(wording.plain(str(error)), icon=":material/error:")
                return {}
        st.session_state[_COUNTED] = kept
    counted: dict[str, pd.DataFrame] = kept[1]
    return counted
