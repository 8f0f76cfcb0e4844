"""Steps in the level: what was found, what people said it was, and the form to say so."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import named_breaks, roles
from hotspots.action.named_breaks import KINDS, Named
from hotspots.action.records import open_records
from hotspots.app import person, store, who
from hotspots.errors import HotspotsError
from hotspots.periods import month_in_words
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import News
from hotspots.views import wording

# What a reader must be allowed to do before what they name changes everybody's comparisons.
_ACTION: Final = "plan"
_WHY: Final = (
    "A step is as often a recording rule, a new way to report, COVID, an operation or a gap in "
    "supply as it is behaviour. Once named it is drawn on charts, written into files, and nothing "
    "is compared across it, for this study area and everything that reads it."
)


def show(selection: Selection, news: News) -> None:
    """Draw the part of the page."""
    named = store.named(selection)
    unnamed = [one.month for one in news.breaks if not one.name]
    title = "Steps in the level"
    if named:
        title += f": {wording.count(len(named), 'step')} named"
    if unnamed:
        title += f", {len(unnamed)} to name"
    with st.expander(title):
        st.caption(_WHY)
        for one in named:
            said = f"{one.name} ({one.kind.lower()}), said by {one.who}"
            st.markdown(f"- **{month_in_words(one.month)}**: {wording.plain(said)}")
        if not roles.may(who.person(), _ACTION):
            return
        _name(selection, unnamed)
        if named:
            _forget(named)


def _name(selection: Selection, unnamed: list[pd.Period]) -> None:
    months = [str(month) for month in store.study(selection).status.index]
    found = [str(month) for month in unnamed]
    offered = [*found, *(month for month in reversed(months) if month not in found)]
    ask(
        "name-break",
        "First month of the new level",
        {month: (selection.area, month) for month in offered},
        lambda text: month_in_words(pd.Period(text, "M")) + (" (found)" if text in found else ""),
    )


def ask(
    form: str,
    label: str,
    offered: Mapping[str, tuple[str, str]],
    words: Callable[[str], str] = str,
) -> None:
    """
    A form to say what a step was.

    Parameters
    ----------
    form
        Its key.
    label
        What is chosen from.
    offered
        What may be chosen → the area and month that it is kept under.
    words
        How a choice reads.
    """
    with st.form(form, clear_on_submit=True):
        left, right = st.columns(2)
        chosen = left.selectbox(label, list(offered), format_func=words)
        kind = right.selectbox("What it was", KINDS)
        said = left.text_input("In a few words", max_chars=120)
        by = person.sign(f"{form}-who", where=right)
        asked = st.form_submit_button("Name it")
    if not asked:
        return
    area, month = offered[str(chosen)]
    try:
        roles.check(who.person(), _ACTION)
        named_breaks.name_break(
            open_records(data_folder()),
            area=area,
            month=month,
            kind=str(kind),
            name=said,
            who=by,
        )
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    st.toast("Named. Charts, comparisons and files follow it from now on.")
    st.rerun()


def _forget(named: tuple[Named, ...]) -> None:
    keys = {f"{month_in_words(one.month)}: {one.name}": one for one in named}
    with st.form("forget-break", clear_on_submit=True):
        which = st.selectbox("Take one back", list(keys))
        left, right = st.columns(2)
        why = left.text_input("Why it is no step", max_chars=500)
        by = person.sign("forget-who", where=right)
        asked = st.form_submit_button("Take it back")
    if not asked:
        return
    one = keys[str(which)]
    try:
        roles.check(who.person(), _ACTION)
        named_breaks.forget_break(
            open_records(data_folder()), one.key, version=one.version, who=by, why=why
        )
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    st.rerun()
