"""Records drawn and read blind: are they recorded as they should be?"""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import review_terms, reviews
from hotspots.action.records import Records, open_records
from hotspots.analysis.recording_review import ANSWERS, Question, draw, words_fired
from hotspots.app import panels, signing, store
from hotspots.errors import HotspotsError, SelectionError
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.review import records_of, reviewable
from hotspots.views import review_words, wording

_TOLD: Final = "review-told"
_WRONG: Final = "review-wrong"
_SAID: Final = "review-said"
_WHO: Final = "review-who"
_SIZE: Final = "review-size"
_WRITTEN: Final = "review-words"
_SIZES: Final = (10, 20, 40, 80)


def show(selection: Selection, stamped: Stamp) -> None:
    """Draw the part of the page."""
    sources = reviewable(store.dataset(selection.vintage, role=selection.role).held)
    with st.expander("Are reports recorded as they should be? A blind review"):
        if sources:
            _review(selection, stamped, sources)
        else:
            st.write(review_words.NOTHING)


@st.fragment
def _review(selection: Selection, stamped: Stamp, sources: list[str]) -> None:
    """All of it; an answer reruns only this part, so nothing jumps."""
    if wrong := st.session_state.pop(_WRONG, ""):
        st.error(wording.plain(wrong), icon=":material/error:")
    try:
        questions = {one.key: one for one in review_terms.questions(data_folder())}
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        _words()
        return
    choose, whose = st.columns(2)
    key = choose.selectbox("Question", list(questions), format_func=lambda one: questions[one].asks)
    source = whose.selectbox("Records of", sources)
    incidents = store.dataset(selection.vintage, role=selection.role).held
    records, table = open_records(data_folder()), records_of(incidents, source)
    _queue(questions[key], source, table, records, stamped)
    drawn = reviews.items(records)
    _ask(drawn.loc[(drawn["question"] == key) & (drawn["source"] == source)], table, records)
    _results(drawn, stamped)
    _words()
    st.caption(review_words.METHOD)


def _queue(
    question: Question, source: str, table: pd.DataFrame, records: Records, stamped: Stamp
) -> None:
    """How many fired, the list of them as a file, and a new sample."""
    words = words_fired(table, question)
    fired = words != ""
    st.write(wording.plain(review_words.fired(words, question)))

    def new_sample() -> None:
        size, seed = int(st.session_state[_SIZE]), len(reviews.items(records))
        sample = draw(fired, size, seed=seed)
        reviews.add_batch(
            records,
            question=question.key,
            source=source,
            sample=sample.assign(words=words.loc[sample.index]),
            totals=(int(fired.sum()), int((~fired).sum())),
            who=signing.name(),
        )

    many, now, listed = st.columns([2, 1, 1], vertical_alignment="bottom")
    many.select_slider("Records to draw", _SIZES, value=reviews.SIZE, key=_SIZE)
    now.button("Draw a new sample", on_click=partial(_keep, new_sample))
    with listed:
        rows = table.loc[fired].assign(words=words[fired]).astype("str")
        panels.table_download(rows, name=f"review-{question.key}", stamped=stamped)


def _ask(mine: pd.DataFrame, table: pd.DataFrame, records: Records) -> None:
    """The next record that waits for an answer."""
    if told := st.session_state.pop(_TOLD, ""):
        st.info(wording.plain(told))
    waiting = mine.loc[(mine["answer"] == "") & mine["row_key"].isin(table.index)]
    if waiting.empty:
        st.write("No record waits for an answer.")
        return
    item = waiting.iloc[0]

    def answered() -> None:
        said = st.session_state[_SAID]
        if said is None:
            raise SelectionError("Choose an answer first.")
        who, version = st.session_state[_WHO], int(item["version"])
        reviews.answer(records, int(item["id"]), said, who=who, version=version)
        st.session_state[_TOLD] = review_words.revealed(item["words"], was_fired=item["fired"])
        st.session_state[_SAID] = None

    st.markdown(f"**{len(waiting):,} to read.** The next:")
    with st.form("review", border=True):
        st.write(wording.plain(review_words.record(table.loc[item["row_key"]].to_dict())))
        st.session_state.setdefault(_WHO, signing.name())
        said, by = st.columns(2)
        said.radio("Your answer", ANSWERS, index=None, horizontal=True, key=_SAID)
        by.text_input("Your name", max_chars=100, key=_WHO)
        st.form_submit_button("Next", on_click=partial(_keep, answered))


def _results(drawn: pd.DataFrame, stamped: Stamp) -> None:
    found = reviews.results(drawn)
    if found:
        shown = review_words.results(found, drawn)
        panels.table(shown.set_axis(pd.RangeIndex(1, len(shown) + 1, name="No.")))
        panels.table_download(shown, name="review-results", stamped=stamped)


def _words() -> None:
    """The words, to be changed by whoever reads them."""
    with st.popover("Change the questions and their words"):
        st.text_area(
            "Questions and words",
            review_terms.text(data_folder()),
            height=400,
            max_chars=review_terms.MOST_LETTERS,
            key=_WRITTEN,
        )
        st.button(
            "Keep these",
            on_click=partial(
                _keep, lambda: review_terms.keep(data_folder(), st.session_state[_WRITTEN])
            ),
        )


def _keep(change: Callable[[], object]) -> None:
    """Make a change before the part is drawn again; what was wrong is said there."""
    try:
        change()
    except HotspotsError as error:
        st.session_state[_WRONG] = str(error)
