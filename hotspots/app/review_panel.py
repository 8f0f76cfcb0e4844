"""Records drawn and read blind: are they recorded as they should be?"""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import review_terms, reviews
from hotspots.action.records import Records, open_records
from hotspots.analysis.recording_review import ANSWERS, Question, draw
from hotspots.app import data_store, panels, person, review_store, signing, who
from hotspots.app.part import part
from hotspots.errors import HotspotsError, SelectionError
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.review import reviewable
from hotspots.views import review_charts, review_words, wording

_TOLD: Final = "review-told"
_WRONG: Final = "review-wrong"
_SAID: Final = "review-said"
_WHO: Final = "review-who"
_SIZE: Final = "review-size"
_WRITTEN: Final = "review-words"
_SIZES: Final = (10, 20, 40, 80)


def show(selection: Selection, stamped: Stamp) -> None:
    """Draw the part of the page."""
    held = data_store.dataset(selection.vintage, role=selection.role).held
    sources = reviewable(held, data_store.with_text())
    with st.expander("Are reports recorded as they should be? A blind review"):
        if sources:
            _review(selection, stamped, sources)
        else:
            st.write(review_words.NOTHING)


@part
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
    try:
        table = review_store.records(selection, source)
        words = review_store.fired(selection, source, questions[key])
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
        return
    if table["free"].notna().any():
        st.caption(review_words.FREE_TEXT)
    records = open_records(data_folder())
    _queue(questions[key], source, (table, words), records, stamped)
    drawn = reviews.items(records)
    mine = drawn.loc[(drawn["question"] == key) & (drawn["source"] == source)]
    _ask(mine, table, records, stamped)
    _results(drawn, (key, source), stamped)
    _words()
    st.caption(review_words.METHOD)


def _queue(
    question: Question,
    source: str,
    read: tuple[pd.DataFrame, pd.Series],
    records: Records,
    stamped: Stamp,
) -> None:
    """How many fired, the list of them as a file, and a new sample."""
    table, words = read
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
        # Nothing of the free text leaves in a file, the words in it that fired included.
        kept_out = ["text", "free"] if table["free"].notna().any() else ["free"]
        rows = table.loc[fired].assign(words=words[fired]).drop(columns=kept_out)
        rows = rows if "text" in rows else rows.drop(columns="words")
        panels.table_download(rows.astype("str"), name=f"review-{question.key}", stamped=stamped)


def _ask(mine: pd.DataFrame, table: pd.DataFrame, records: Records, stamped: Stamp) -> None:
    """The next record that waits for an answer."""
    if told := st.session_state.pop(_TOLD, ""):
        st.info(wording.plain(told))
    waiting = mine.loc[(mine["answer"] == "") & mine["row_key"].isin(table.index)]
    if waiting.empty:
        st.write("No record waits for an answer.")
        return
    item = waiting.iloc[0]
    row = table.loc[item["row_key"]]
    if pd.notna(row["free"]):
        how = f"of record {item['row_key']} to review it, as {who.person().words}"
        review_store.note_read(str(item["source"]), how, stamped.data)

    def answered() -> None:
        said = st.session_state[_SAID]
        if said is None:
            raise SelectionError("Choose an answer first.")
        by, version = person.signed(_WHO), int(item["version"])
        reviews.answer(records, int(item["id"]), said, who=by, version=version)
        st.session_state[_TOLD] = review_words.revealed(item["words"], was_fired=item["fired"])
        st.session_state[_SAID] = None

    st.markdown(f"**{len(waiting):,} to read.** The next:")
    with st.form("review", border=True):
        st.write(wording.plain(review_words.record(row.to_dict())))
        if free := review_words.free_text(row["free"]):
            st.write(wording.plain(free))
        st.session_state.setdefault(_WHO, signing.name())
        said, by = st.columns(2)
        said.radio("Your answer", ANSWERS, index=None, horizontal=True, key=_SAID)
        person.sign(_WHO, where=by)
        st.form_submit_button("Next", on_click=partial(_keep, answered))


def _results(drawn: pd.DataFrame, shown_now: tuple[str, str], stamped: Stamp) -> None:
    """Each sample's answers; and of the question and source shown, month by month."""
    months = reviews.by_month(drawn)
    mine = months.loc[(months["question"] == shown_now[0]) & (months["source"] == shown_now[1])]
    if len(mine):
        title = review_words.over_time(mine)
        panels.chart(
            review_charts.review_chart,
            mine,
            title=wording.plain(title),
            name="review-months",
            alt=title,
            stamped=stamped,
        )
        panels.table(review_words.months(mine))
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
