"""Suspected doubles between sources, and a person's word on each."""

from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import double_decisions
from hotspots.action.double_decisions import OPEN, Decision, Pair
from hotspots.action.records import open_records
from hotspots.app import data_store, panels, person, signing
from hotspots.errors import HotspotsError
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.doubles import may_be_twice
from hotspots.views import doubles_words, wording

# More than this are decided when these are.
_MOST: Final = 15
# More sentences than these on what was compared are folded away.
_FEW: Final = 4


def show(selection: Selection, stamped: Stamp) -> None:
    """Draw the part of the page; nothing where one source alone is loaded."""
    loaded = data_store.dataset(selection.vintage, role=selection.role)
    if loaded.held["source"].nunique() < 2:  # noqa: PLR2004
        return
    found = data_store.suspects(selection.vintage, role=selection.role)
    decided = data_store.decided()
    settled = {pair: one for pair, one in decided.items() if one.verdict != OPEN}
    waiting = found.undecided(settled)
    st.subheader("Counted twice?", anchor=False)
    st.write(
        doubles_words.may_be_twice(may_be_twice(waiting)) or "Nothing waits for a decision here."
    )
    looked = list(dict.fromkeys(said for one in found.found for said in doubles_words.looked(one)))
    few = len(looked) <= _FEW
    with st.container() if few else st.expander("What was compared, and what could not be"):
        for sentence in looked:
            st.caption(wording.plain(sentence))
    if len(waiting):
        shown = waiting.head(_MOST)
        panels.table(doubles_words.pairs(shown))
        panels.table_download(waiting, name="doubles", stamped=stamped)
        _form("decide", _keys(shown), {}, "Pair")
    if settled:
        with st.expander(f"{wording.count(len(settled), 'decision')} made"):
            _made(settled)
    st.caption(doubles_words.METHOD)


def _keys(pairs: pd.DataFrame) -> dict[str, Pair]:
    keys = zip(pairs["key_a"], pairs["key_b"], strict=True)
    return {f"No. {number}": pair for number, pair in enumerate(keys, start=1)}


def _made(settled: dict[Pair, Decision]) -> None:
    ordered = sorted(settled.items(), key=lambda item: item[1].at, reverse=True)
    table = pd.DataFrame(
        {
            "Said": [doubles_words.VERDICTS[one.verdict] for _, one in ordered],
            "By": [one.who for _, one in ordered],
            "Why": [one.why for _, one in ordered],
            "When": [f"{one.at:%Y-%m-%d %H:%M}" for _, one in ordered],
        },
        dtype="str",
    )
    panels.table(table.set_axis(pd.RangeIndex(1, len(table) + 1, name="No.")))
    keys = {f"No. {number}": pair for number, (pair, _) in enumerate(ordered, start=1)}
    _form("change", keys, settled, "Decision")


def _form(name: str, keys: dict[str, Pair], settled: dict[Pair, Decision], label: str) -> None:
    verdicts = [one for one in doubles_words.VERDICTS if settled or one != OPEN]
    with st.form(f"double-{name}", clear_on_submit=True):
        which, what = st.columns(2)
        number = which.selectbox(label, list(keys))
        verdict = what.radio(
            "They are",
            verdicts,
            index=None,
            format_func=doubles_words.VERDICTS.__getitem__,
            horizontal=True,
        )
        reason, by = st.columns(2)
        why = reason.text_input("How you know", max_chars=500)
        st.session_state.setdefault(f"{name}-who", signing.name())
        who = person.sign(f"{name}-who", where=by)
        asked = st.form_submit_button("Record it")
    if asked and verdict is None:
        st.info("Choose what they are first.")
    if not asked or verdict is None:
        return
    pair = keys[str(number)]
    version = settled[pair].version if pair in settled else _version(pair)
    try:
        double_decisions.decide(
            open_records(data_folder()), pair, str(verdict), who=who, why=why, version=version
        )
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    st.toast("Recorded. Counts follow it from now on.")
    st.rerun()


def _version(pair: Pair) -> int:
    """Version of a decision that was taken back; 0 where there never was one."""
    standing = data_store.decided().get(pair)
    return standing.version if standing else 0
