"""The facilitator's side of an assembly: a meeting, its code, answers looked at, what was said."""

import io
import secrets
from datetime import UTC, datetime

import pandas as pd
import segno
import streamlit as st

from hotspots.action import assembly_result, listening, retention, roles
from hotspots.action.records import Records, exist, open_records
from hotspots.action.resident_answer import (
    MOST_MARKS,
    MOST_PRIORITIES,
    MOST_WORDS,
    PRIORITIES,
    Answer,
    read_paper,
)
from hotspots.app import listen_routes, panels, person, public_store, who
from hotspots.errors import HotspotsError, SelectionError
from hotspots.publish import formats
from hotspots.publish.marking import MOST_WARDS, beside_reports, hexagons_of
from hotspots.publish.words import Words
from hotspots.settings import data_folder
from hotspots.tables.wards import Wards
from hotspots.views import listen_form, wording
from hotspots.views import listen_tables as tables

_MEETING = "listening: meeting"
_SAID = "listening: said"


def check() -> None:
    """Stop a reader who may not hold meetings, whatever their screen still offers."""
    roles.check(who.person(), "listen")


def records() -> Records:
    """Records of this machine; answers whose time is up are erased before any is shown."""
    kept = open_records(data_folder())
    retention.promised(kept, data_folder(), datetime.now(UTC).date())
    return kept


def said() -> None:
    """What the last action did, said once."""
    if sentence := st.session_state.pop(_SAID, None):
        st.success(wording.plain(sentence))


def pick() -> str | None:
    """Meeting that is looked at; nothing when none was ever opened."""
    if not exist(data_folder()):
        return None
    table = listening.meetings(records())
    if table.empty:
        return None
    ids = list(table.index)
    if st.session_state.get(_MEETING) not in ids:
        st.session_state[_MEETING] = ids[0]
    chosen: str = st.selectbox(
        "Meeting",
        ids,
        key=_MEETING,
        format_func=lambda key: f"{table['name'][key]}, {table['opened_at'][key]:%d %B %Y}",
    )
    return chosen


def open_new() -> None:
    """Form that opens a meeting about some wards."""
    wards = public_store.release().wards.sort_values("name")
    with st.form("open a meeting"):
        name = st.text_input("Name of the meeting", max_chars=120, placeholder="Crewe assembly")
        chosen = st.multiselect(
            "Wards it is about",
            list(wards.index),
            format_func=lambda code: str(wards["name"][code]),
            max_selections=MOST_WARDS,
        )
        by = person.sign("opens")
        if not st.form_submit_button("Open the meeting"):
            return
    about, words = Wards(wards.loc[chosen]), Words()
    try:
        check()
        if not chosen:
            raise SelectionError("Choose at least one ward.")
        hexagons = hexagons_of(about, words)
        st.session_state[_MEETING] = listening.open_meeting(
            records(),
            name=name,
            area=" ".join(chosen),
            hexagons=hexagons,
            picture=listen_form.picture(about, public_store.basemap(), hexagons),
            by=by,
        )
    except HotspotsError as error:
        st.error(wording.plain(str(error)))
        return
    st.session_state[_SAID] = f"“{name}” is open: show its code to the room."
    st.rerun()


def collect(meeting: str) -> None:
    """Code to scan, a form for what is said aloud, and a table from paper."""
    code, aloud = st.columns([2, 3], gap="large")
    with code:
        st.subheader("By phone", anchor=False)
        base = st.text_input(
            "Address by which phones reach this server",
            st.context.url.split("?", maxsplit=1)[0].rsplit("/", 1)[0] if st.context.url else "",
            help="On the room’s network, such as http://192.168.1.20:8501. The server must be "
            "started with --server.address 0.0.0.0 for phones to reach it.",
        )
        address = f"{base.rstrip('/')}/{listen_routes.PATH}/{meeting}"
        out = io.BytesIO()
        segno.make(address, error="m").save(out, kind="png", scale=6, border=4)
        st.image(out.getvalue(), width=260, caption="Scan to answer")
        st.code(address, language=None)
    with aloud:
        st.subheader("Said aloud, or on paper", anchor=False)
        _form(meeting)
        _paper(meeting)


def _form(meeting: str) -> None:
    words, held = Words(), _held(meeting)
    with st.form("answer", clear_on_submit=True):
        marks = st.multiselect(
            words("listen.marks"),
            list(held.hexagons),
            format_func=lambda key: held.hexagons.get(key, key),
            max_selections=MOST_MARKS,
        )
        wishes = st.multiselect(
            words("listen.priorities"),
            PRIORITIES,
            format_func=lambda key: words(f"priorities.{key}"),
            max_selections=MOST_PRIORITIES,
        )
        own = st.text_input(words("listen.words"), max_chars=MOST_WORDS)
        if st.form_submit_button("Keep this answer"):
            answer = Answer(tuple(marks), tuple(wishes), own)
            _take(meeting, {secrets.token_hex(16): answer}, "facilitator")


def _paper(meeting: str) -> None:
    held = _held(meeting)
    codes = pd.Series(held.hexagons, name="name").rename_axis("mark")
    st.download_button(
        "Codes of the places, for the paper form (CSV)",
        codes.map(formats.neutralise).to_csv(lineterminator="\r\n").encode("utf-8-sig"),
        file_name=f"places-{meeting[:8]}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    file = st.file_uploader(
        "Answers from paper: CSV with the columns marks, priorities, words", type="csv"
    )
    if file is not None and st.button("Keep the answers of this table"):
        try:
            table = pd.read_csv(file, dtype=str)
        except (ValueError, UnicodeDecodeError):
            st.error("This is not a CSV table that can be read; save it as CSV (UTF-8).")
            return
        try:
            found = read_paper(table)
        except HotspotsError as error:
            st.error(wording.plain(str(error)))
            return
        _take(meeting, found, "paper")


def _take(meeting: str, found: dict[str, Answer], way: str) -> None:
    try:
        check()
        new = listening.take(records(), meeting, found, way=way, by=f"the facilitator ({way})")
    except HotspotsError as error:
        st.error(wording.plain(str(error)))
        return
    st.session_state[_SAID] = f"{wording.count(new, 'answer')} kept, to be looked at."
    st.rerun()


def look_at(meeting: str) -> None:
    """Answers that wait: nothing is shown before somebody has said that it may be."""
    waiting = listening.answers(records(), meeting, listening.WAITING)
    st.write(f"{wording.count(len(waiting), 'answer')} to be looked at.".capitalize())
    if waiting.empty:
        return
    st.caption(
        "Refuse what names or describes a person, gives an address, or insults. Marks and "
        "choices of a refused answer are not counted."
    )
    shown = tables.waiting(waiting, _held(meeting).hexagons, Words())
    edited = st.data_editor(
        # What somebody wrote is shown only when somebody ticks it.
        shown.assign(Show=(waiting["words"] == "").to_numpy()),
        column_order=["Show", *shown.columns],
        disabled=list(shown.columns),
        hide_index=True,
        width="stretch",
        key=f"look {meeting} {len(waiting)} {waiting.index[0]}",
    )
    by = person.sign("moderator")
    if st.button("Done: show those with a tick, refuse the rest"):
        try:
            check()
            for show in (True, False):
                ids = list(waiting.index[edited["Show"].to_numpy() == show])
                if ids:
                    listening.moderate(records(), meeting, ids, show=show, by=by)
        except HotspotsError as error:
            st.error(wording.plain(str(error)))
            return
        st.session_state[_SAID] = f"{wording.count(len(waiting), 'answer')} looked at."
        st.rerun()


def result(meeting: str) -> None:
    """What was said, beside what was reported."""
    words, heard = Words(), assembly_result.heard(records(), meeting)
    if not heard.people:
        st.write(words("listen.none"))
        return
    counted = "listen.person" if heard.people == 1 else "listen.people"
    st.header(wording.plain(words(counted, people=heard.people)), anchor=False)
    st.subheader(wording.plain(words("listen.priorities")), anchor=False)
    panels.table(tables.priorities(heard, words))
    places = beside_reports(heard, _held(meeting).hexagons, public_store.release())
    for kind in ("feared", "both", "reported"):
        part = places.loc[places["kind"] == kind]
        if len(part):
            st.subheader(wording.plain(words(f"listen.{kind}")), anchor=False)
            panels.table(tables.places(part, words))
    if heard.few:
        st.write(wording.plain(words("listen.few", few=heard.few)))
    st.write(wording.plain(words("listen.why")))
    for own in heard.words:
        st.markdown(f"> {wording.plain(own)}")


def close(meeting: str) -> None:
    """A meeting ended: it takes no more answers."""
    held = _held(meeting)
    kept = f"Answers are erased after {held.keep_until:%d %B %Y}."
    if held.closed_at is not None:
        st.caption(f"This meeting has ended. {kept}")
        return
    st.caption(kept)
    if st.button("End the meeting: take no more answers"):
        try:
            check()
            listening.close(records(), meeting, by="the facilitator", version=held.version)
        except HotspotsError as error:
            st.error(wording.plain(str(error)))
            return
        st.rerun()


def _held(meeting: str) -> listening.Meeting:
    with records().reading() as session:
        held = listening.find(session, meeting)
        session.expunge(held)
        return held
