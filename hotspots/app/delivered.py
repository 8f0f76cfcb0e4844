"""What was delivered: this week in words, by area, shift and week, visit by visit."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from hotspots.action import visits
from hotspots.action.visit_entry import COUNTS, MODES, MOST_OF_ANYTHING, MOST_OFFICERS
from hotspots.analysis import dose
from hotspots.app import panels, person, records, who
from hotspots.errors import HotspotsError
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.tables.incidents import ZONE
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import visit_words, wording

_DAYS: Final = 91
_SAID: Final = "visit change said"
_EDITED: Final = "visit being edited"
_TIMES: Final = "times of the visit being edited"
_AREA: Final = "area of the visit being edited"
_BY: Final = {"area": "Area", "shift": "Shift", "week": "Week"}
_FIELDS: Final = ("officers", "mode", "unit", "seen", "done", *COUNTS)


def show(held: pd.DataFrame, stamped: Stamp, area: str) -> None:
    """Dose so far in a study area; `held` is from `records.visits_here`."""
    shifts, planned = records.shifts_here(area), records.planned_here(_DAYS, area)
    kept = planned if len(planned) else None
    if held.empty and kept is None:
        st.write("No visit has been logged here in the last 13 weeks.")
        return
    by = st.segmented_control(
        "By", list(_BY), key="dose-by", format_func=_BY.__getitem__, default="area", required=True
    )
    names = dict(zip(held["area"], held["area_name"], strict=True))
    table = dose.delivered(held, [by])
    if kept is not None:
        names = dict(zip(kept["area"], kept["area_name"], strict=True)) | names
        table = dose.against_plan(held, kept, [by], shifts)
    order = table.sort_values("minutes", ascending=False) if by == "area" else table
    panels.table(visit_words.dose(order, by, names))
    st.caption(visit_words.delivered(shifts))
    if held.empty:
        return
    with st.expander(f"{wording.count(len(held), 'visit')}, one by one"):
        panels.table(visit_words.listed(held).set_index("When"))
        panels.table_download(
            held.drop(columns=["outline", "withdrawn_at"]), name="visits", stamped=stamped
        )


def part(selection: Selection, areas: PatrolAreas, stamped: Stamp) -> None:
    """What was delivered in the last 13 weeks, beside what was planned."""
    held = records.visits_here(_DAYS, selection.area, areas)
    show(held, stamped, selection.area)


def edit(held: pd.DataFrame, areas: PatrolAreas) -> None:
    """
    One visit put right or withdrawn, with a reason; its trail beneath.

    Parameters
    ----------
    held
        From `records.visits_here`.
    areas
        Patrol areas now, that a visit may have been to.
    """
    _said()
    if held.empty:
        st.write("There is nothing to put right.")
        return
    names = visit_words.told_apart(held.iloc[::-1])
    chosen = st.selectbox(
        "Visit", list(names), key="edit-visit", format_func=lambda k: names.get(k, k)
    )
    _fill(chosen, held.T[chosen])
    grounds = visit_words.grounds(areas)
    row = held.T[chosen]
    to = {key: name for key, (name, _) in grounds.items()} | {row["area"]: row["area_name"]}
    with st.form("edit", border=True):
        st.selectbox("Area", list(to), key="edit-area", format_func=lambda key: to.get(key, key))
        day, at, minutes = st.columns(3)
        day.date_input("Day", key="edit-day", format="DD/MM/YYYY")
        at.time_input("Began at", key="edit-at", step=300)
        minutes.number_input("Minutes", 1, 720, key="edit-minutes")
        officers, mode = st.columns(2)
        officers.number_input("Officers", 1, MOST_OFFICERS, key="edit-officers")
        mode.selectbox("How", list(MODES), key="edit-mode", format_func=MODES.__getitem__)
        st.text_input("Call sign or team", key="edit-unit", max_chars=40)
        st.text_area("What was seen", key="edit-seen", max_chars=1_000, height=80)
        st.text_area("What was done", key="edit-done", max_chars=1_000, height=80)
        columns = st.columns(2)
        for place, (name, words) in enumerate(COUNTS.items()):
            columns[place % 2].number_input(words, 0, MOST_OF_ANYTHING, key=f"edit-{name}")
        st.text_input("Why it is changed", key="edit-why", max_chars=300)
        st.session_state["edit-by"] = st.session_state.get("edit-by") or person.name()
        st.text_input(
            "Your name or number",
            key="edit-by",
            max_chars=100,
            disabled=bool(who.person().name),
        )
        save, drop = st.columns(2)
        save.form_submit_button(
            "Save the change", width="stretch", on_click=_change, args=(grounds,)
        )
        drop.form_submit_button("It does not count: withdraw", width="stretch", on_click=_withdraw)
    with st.expander("What happened to it"):
        for _, line in visits.trail(records.opened(), chosen).iterrows():
            st.markdown(f"- {wording.plain(visit_words.change(line))}")


def _fill(chosen: str, row: pd.Series) -> None:
    """The form filled from a visit when it is chosen; the version seen goes with it."""
    state = st.session_state
    if state.get(_EDITED, ("", 0))[0] == chosen and "edit-officers" in state:
        return
    state[_EDITED] = (chosen, int(row["version"]))
    state["edit-area"] = state[_AREA] = row["area"]
    for name in _FIELDS:
        value = row[name]
        state[f"edit-{name}"] = value if isinstance(value, str) else int(value)
    local = row["started"].tz_convert(ZONE)
    state["edit-day"], state["edit-at"] = local.date(), time(local.hour, local.minute)
    state["edit-minutes"] = max(1, round(row["minutes"]))
    state[_TIMES] = _times()
    state["edit-why"] = ""


def _times() -> tuple[date, time, int]:
    """Day, beginning and minutes as the form has them."""
    state = st.session_state
    return state["edit-day"], state["edit-at"], int(state["edit-minutes"])


def _change(grounds: dict[str, tuple[str, str]]) -> None:
    state = st.session_state
    now: dict[str, Any] = {name: state[f"edit-{name}"] for name in _FIELDS}
    if (area := state["edit-area"]) != state[_AREA]:
        name, outline = grounds[area]
        now |= {"area": area, "area_name": name, "outline": outline}
    if _times() != state[_TIMES]:  # the form knows no seconds, and unasked it changes none
        day, at, minutes = _times()
        began = datetime.combine(day, at, tzinfo=ZoneInfo(ZONE))
        now |= {"started": began, "ended": began + timedelta(minutes=minutes)}
    _do(lambda key, version, told: visits.change(records.to_write(), key, version, **told, **now))


def _withdraw() -> None:
    _do(lambda key, version, told: visits.withdraw(records.to_write(), key, version, **told))


def _do(act: object) -> None:
    """Change or withdraw what the form was filled from; the form is filled anew afterwards."""
    state = st.session_state
    chosen, version = state[_EDITED]
    told = {"by": who.person().name or state["edit-by"], "why": state["edit-why"]}
    try:
        act(chosen, version, told)  # type: ignore[operator]
    except HotspotsError as error:
        state[_SAID] = ("error", str(error))
        if "Somebody else" in str(error):
            state.pop(_EDITED)
        return
    state.pop(_EDITED)
    state[_SAID] = ("success", "Saved; what it said before is kept in the trail.")


def _said() -> None:
    kind, text = st.session_state.pop(_SAID, ("", ""))
    if kind == "error":
        st.error(wording.plain(text), icon=":material/error:")
    elif kind:
        st.success(text)
