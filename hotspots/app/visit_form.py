"""Logging a visit: two taps where it just happened, one form where there is more to tell."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from hotspots.action import visits
from hotspots.action.visit_entry import COUNTS, MODES, MOST_OF_ANYTHING, Entry
from hotspots.app import controls, patrol_panels, person, records
from hotspots.errors import HotspotsError, SelectionError
from hotspots.selection import Selection
from hotspots.tables.incidents import ZONE
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import visit_words, wording

_SAID: Final = "visit said"
_LAST: Final = "visit logged last"
_KEPT: Final = "visit kept"
_USUAL: Final = timedelta(minutes=15)
# A second tap within this time is the first one's.
_TWICE: Final = timedelta(seconds=60)
_OFFICERS: Final = (1, 2, 3, 4)


def form(selection: Selection, areas: PatrolAreas, week: pd.DataFrame, full: list[str]) -> None:
    """
    The form; areas that have had their fill are left out unless they are asked for.

    Parameters
    ----------
    week
        Dose of each area since Monday.
    full
        Keys of the areas over the cap.
    """
    _said()
    names = _offered(areas, full)
    if not names:
        st.info("There is no patrol area to visit here.")
        return
    _begin(names)
    st.selectbox("Area", list(names), key="visit-area", format_func=lambda k: names.get(k, k))
    dose = week.loc[st.session_state["visit-area"]] if _now("visit-area") in week.index else None
    st.caption(
        visit_words.so_far(0, 0)
        if dose is None
        else visit_words.so_far(dose["minutes"], int(dose["visits"]))
    )
    person.ask("visit-by")
    st.segmented_control("Officers", _OFFICERS, key="visit-officers", required=True)
    st.segmented_control(
        "How",
        list(MODES),
        key="visit-mode",
        format_func=MODES.__getitem__,
        required=True,
    )
    st.button(
        "15 minutes, just now",
        type="primary",
        width="stretch",
        on_click=_just_now,
        args=(selection, areas, names),
    )
    with st.expander("Another time, or more to tell"), st.form("visit", border=False):
        _more()
        st.form_submit_button(
            "Log this visit", width="stretch", on_click=_log, args=(selection, areas, names)
        )
    _keep()


def _offered(areas: PatrolAreas, full: list[str]) -> dict[str, str]:
    """Keys and names of the areas to choose from; the one that a link asks for among them."""
    names = {
        str(row["key"]): patrol_panels.name(areas, int(str(number)))
        for number, row in areas.iterrows()
    }
    asked = st.session_state.get(controls.VISITED)
    left_out = [key for key in names if key in full and key != asked]
    if left_out:
        many = wording.count(len(left_out), "area has", "areas have")
        st.caption(f"{many} had enough this week. {visit_words.CAP}")
        if not st.checkbox("List them all the same", key="visit-full"):
            names = {key: name for key, name in names.items() if key not in left_out}
    return names


def _begin(names: dict[str, str]) -> None:
    """Widgets as they were left, on the area that a link or another page picked out."""
    state = st.session_state
    kept = state.get(_KEPT, {"visit-officers": 1, "visit-mode": "foot"})
    for key, value in kept.items():
        state.setdefault(key, value)
    asked = state.pop(controls.VISITED, None)
    if asked in names:
        state["visit-area"] = asked
    elif asked:
        st.info("The area of that link is not among the areas now; choose one.")
    if _now("visit-area") not in names:
        state["visit-area"] = next(iter(names))


def _keep() -> None:
    """A widget that is away on another page loses its value; the next visit begins here."""
    names = ("visit-area", "visit-officers", "visit-mode")
    st.session_state[_KEPT] = {name: st.session_state[name] for name in names}


def _more() -> None:
    now = datetime.now(ZoneInfo(ZONE))
    day, at = st.columns(2)
    day.date_input("Day it ended", value=now.date(), key="visit-day", format="DD/MM/YYYY")
    at.time_input("Ended at", value=now.time(), key="visit-at", step=300)
    st.number_input("Minutes", 1, 720, value=15, step=5, key="visit-minutes")
    st.text_area("What was seen", key="visit-seen", max_chars=1_000, height=80)
    st.text_area("What was done", key="visit-done", max_chars=1_000, height=80)
    st.caption(visit_words.NO_NAMES)
    columns = st.columns(2)
    for place, (name, words) in enumerate(COUNTS.items()):
        st.session_state.setdefault(f"visit-{name}", 0)
        columns[place % 2].number_input(words, 0, MOST_OF_ANYTHING, key=f"visit-{name}")
    st.text_input("Call sign or team", key="visit-unit", max_chars=40)


def _now(key: str) -> object:
    return st.session_state.get(key)


def _common(selection: Selection, areas: PatrolAreas, names: dict[str, str]) -> dict[str, object]:
    """What both ways of logging say."""
    state = st.session_state
    key = state["visit-area"]
    row = areas.loc[areas["key"] == key].iloc[0]
    return {
        "area": key,
        "area_name": names[key].partition(" · ")[2][:200],
        "outline": row.geometry.wkt,
        "study_area": selection.area,
        "officers": state["visit-officers"],
        "mode": state["visit-mode"],
    }


def _just_now(selection: Selection, areas: PatrolAreas, names: dict[str, str]) -> None:
    now = datetime.now(ZoneInfo(ZONE)).replace(microsecond=0)
    last = _now(_LAST)
    if isinstance(last, tuple) and last[0] == _now("visit-area") and now - last[1] < _TWICE:
        st.session_state[_SAID] = ("info", "It is logged already: a second tap counts once.", None)
        return
    told = _common(selection, areas, names)
    _save(told | {"started": now - _USUAL, "ended": now})


def _log(selection: Selection, areas: PatrolAreas, names: dict[str, str]) -> None:
    state = st.session_state
    ended = datetime.combine(state["visit-day"], state["visit-at"], tzinfo=ZoneInfo(ZONE))
    counts = {name: int(state[f"visit-{name}"]) for name in COUNTS}
    words = {name: state[f"visit-{name}"] for name in ("seen", "done", "unit")}
    told = _common(selection, areas, names)
    length = timedelta(minutes=int(state["visit-minutes"]))
    if _save(told | counts | words | {"started": ended - length, "ended": ended}):
        for name in ("seen", "done"):
            state[f"visit-{name}"] = ""
        for name in COUNTS:
            state[f"visit-{name}"] = 0


def _save(told: dict[str, object]) -> bool:
    """Log one visit; what came of it is said at the top of the form."""
    state = st.session_state
    name = visits.new_id()
    try:
        if not person.name():
            raise SelectionError("Give your name first: a visit is logged by somebody.")
        entry = Entry(**told)  # type: ignore[arg-type]
        visits.log(records.to_write(), [entry], by=person.name(), ids=[name])
    except HotspotsError as error:
        state[_SAID] = ("error", wording.plain(str(error)), None)
        return False
    state[_LAST] = (told["area"], datetime.now(ZoneInfo(ZONE)))
    state[_SAID] = ("success", visit_words.logged(told), name)
    return True


def _said() -> None:
    kind, text, name = st.session_state.get(_SAID, ("", "", None))
    if kind == "error":
        st.error(text, icon=":material/error:")
    elif kind == "info":
        st.info(text)
    elif kind == "success":
        st.success(text)
        st.button("That was a slip: take it back", on_click=_take_back, args=(name,))


def _take_back(name: str) -> None:
    state = st.session_state
    state.pop(_LAST, None)
    try:
        why = "a slip, taken back at once"
        visits.withdraw(records.to_write(), name, 1, by=person.name(), why=why)
    except HotspotsError as error:
        state[_SAID] = ("error", wording.plain(str(error)), None)
        return
    state[_SAID] = ("info", "Taken back: it no longer counts. The trail keeps both.", None)
