"""Changes to patrol areas by hand: the form that records one, and the list that undoes one."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pandas as pd
import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from hotspots.action import patrol_log
from hotspots.analysis.patrol_edits import Edit
from hotspots.app import data_store, panels, patrol_panels, person
from hotspots.errors import HotspotsError, SelectionError
from hotspots.publish.formats import Stamp
from hotspots.settings import data_folder
from hotspots.sources import typed_places
from hotspots.study import Study
from hotspots.study.patrol import of_area
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import patrol_words, tables

_SAID: Final = "patrol change said"
_MADE: Final = "patrol change made"
_NUDGED: Final = "patrol area last offered"
_LETTERS: Final = 300
_PLACE_HINT: Final = "SJ 4050 6632, or 340505 366325, or 53.1907, -2.8914"
_KINDS: Final = {
    "nudge": "Nudge: an area stands a little further",
    "pin": "Pin: an area stands here, whatever it adds",
    "exclude": "Exclude: no area holds this ground",
}


def follow() -> None:
    """Draw the whole page again once a change was made: its title counts anew."""
    if st.session_state.pop(_MADE, False):
        st.rerun(scope="app")


def form(areas: PatrolAreas, study: Study) -> None:
    """One change, with its reason and the name of who decides it."""
    kind = st.radio("Change", list(_KINDS), format_func=_KINDS.__getitem__, key="patrol-kind")
    draw: Callable[[PatrolAreas], None] = _FIELDS[kind]
    if kind == "nudge" and areas.empty:
        st.info("There is no area to nudge.")
        return
    with st.form("patrol-change", border=True):
        draw(areas)
        _why("patrol")
        st.form_submit_button("Record this change", on_click=_record, args=(kind, areas, study))
    _said("change")


def listed(area: str, stamped: Stamp) -> None:
    """Every change of a study area, undone ones too, and the way to undo one."""
    history = patrol_log.history(data_folder(), area)
    if history.empty:
        st.write("No change has been made by hand in this study area.")
        _said("undo")
        return
    st.table(tables.patrol_changes(history))
    standing = history.loc[history["undone_by"] == ""]
    if len(standing):
        with st.form("patrol-undo", border=True):
            names = {number: _named(number, row) for number, row in standing.iterrows()}
            st.selectbox(
                "Undo", list(names), format_func=lambda n: names.get(n, str(n)), key="undo-number"
            )
            _why("undo")
            st.form_submit_button("Undo this change", on_click=_undo)
    _said("undo")
    panels.table_download(history, name="patrol-changes", stamped=stamped)


def _named(number: object, row: pd.Series) -> str:
    return f"{number}: {patrol_words.patrol_change(row)}"


def _why(key: str) -> None:
    """Reason and name: no change goes without either; the name is kept for the next."""
    reason, by = st.columns([3, 2])
    reason.text_input("Reason", key=f"{key}-reason", max_chars=_LETTERS)
    person.sign(f"{key}-by", where=by, most=_LETTERS)


def _nudge_fields(areas: PatrolAreas) -> None:
    which, way, far = st.columns([3, 2, 2])
    numbers = list(areas.index)
    # The picked area is offered, and offered again when another is picked.
    now = patrol_panels.picked(areas)
    state = st.session_state
    if now is not None and state.get(_NUDGED) != now:
        state["nudge-area"] = now
    state[_NUDGED] = now
    if state.get("nudge-area") not in numbers:
        state["nudge-area"] = numbers[0]
    which.selectbox(
        "Area",
        numbers,
        format_func=lambda number: patrol_panels.name(areas, number),
        key="nudge-area",
    )
    way.selectbox("Direction", patrol_words.COMPASS, key="nudge-way")
    far.number_input("Metres", 5, 500, value=50, step=5, key="nudge-metres")


def _pin_fields(areas: PatrolAreas) -> None:
    st.text_input(
        "Centre: grid reference, easting and northing, or latitude and longitude",
        key="pin-place",
        placeholder=_PLACE_HINT,
        max_chars=_LETTERS,
    )
    st.selectbox(
        "Or where an area stands now, so that it stays",
        list(areas.index),
        index=None,
        format_func=lambda number: patrol_panels.name(areas, number),
        key="pin-area",
    )


def _exclude_fields(_areas: PatrolAreas) -> None:
    centre, radius = st.columns([3, 1])
    centre.text_input(
        "A circle round: grid reference, easting and northing, or latitude and longitude",
        key="exclude-centre",
        placeholder=_PLACE_HINT,
        max_chars=_LETTERS,
    )
    radius.number_input("Radius, metres", 10, 5_000, value=100, step=10, key="exclude-radius")
    st.text_area("Or an outline: a polygon as WKT or GeoJSON", key="exclude-outline", height=80)


_FIELDS: Final = {"nudge": _nudge_fields, "pin": _pin_fields, "exclude": _exclude_fields}


def _record(kind: str, areas: PatrolAreas, study: Study) -> None:
    """Record what the form says; runs before the page is drawn again."""
    state = st.session_state
    try:
        edit = _edit(kind, areas, study)
        number = patrol_log.record(data_folder(), study.selection.area, edit)
    except HotspotsError as error:
        state[_SAID] = ("change", "error", str(error))
        return
    state[_MADE] = True
    if kind != "exclude":
        stands = shapely.get_coordinates(edit.geometry)[0] + edit.offset_m
        patrol_panels.pick_at(shapely.Point(stands))
    for name in ("patrol-reason", "pin-place", "exclude-centre", "exclude-outline"):
        if name in state:
            state[name] = ""
    state.pop("pin-area", None)
    state[_SAID] = ("change", "success", f"Change {number} is recorded, and the areas follow it.")


def _edit(kind: str, areas: PatrolAreas, study: Study) -> Edit:
    state = st.session_state
    who = {
        "reason": state["patrol-reason"],
        "by": person.signed("patrol-by"),
        "at": datetime.now(UTC),
    }
    if kind == "nudge":
        number = state["nudge-area"]
        bearing = (
            2 * math.pi * patrol_words.COMPASS.index(state["nudge-way"]) / len(patrol_words.COMPASS)
        )
        metres = state["nudge-metres"]
        offset = (round(metres * math.sin(bearing), 2), round(metres * math.cos(bearing), 2))
        return Edit("nudge", patrol_panels.centre(areas, number), offset_m=offset, **who)
    if kind == "pin":
        typed, number = state["pin-place"].strip(), state["pin-area"]
        if bool(typed) == (number is not None):
            raise SelectionError("Give either a place or the area that is to stay.")
        if typed:
            typed_places.check_grid(_grid(study))
        place = typed_places.place(typed) if typed else patrol_panels.centre(areas, number)
        return Edit("pin", of_area(study, place), **who)
    typed_places.check_grid(_grid(study))
    return Edit("exclude", of_area(study, _ground()), **who)


def _grid(study: Study) -> str:
    return data_store.dataset(study.selection.vintage, role=study.selection.role).grid


def _ground() -> BaseGeometry:
    state = st.session_state
    drawn, centre = state["exclude-outline"].strip(), state["exclude-centre"].strip()
    if bool(drawn) == bool(centre):
        raise SelectionError("Give either the middle of a circle or an outline.")
    if drawn:
        return typed_places.outline(drawn)
    return typed_places.place(centre).buffer(state["exclude-radius"], quad_segs=16)


def _undo() -> None:
    state = st.session_state
    try:
        patrol_log.revert(
            data_folder(),
            state["undo-number"],
            reason=state["undo-reason"],
            by=person.signed("undo-by"),
        )
    except HotspotsError as error:
        state[_SAID] = ("undo", "error", str(error))
        return
    state[_MADE] = True
    state[_SAID] = ("undo", "success", f"Change {state['undo-number']} is undone; both are kept.")
    state["undo-reason"] = ""


def _said(where: str) -> None:
    """What came of the last change, beside the form it was asked in."""
    place, kind, text = st.session_state.get(_SAID, ("", "", ""))
    if place != where:
        return
    del st.session_state[_SAID]
    if kind == "error":
        st.error(text, icon="🚫")
    else:
        st.success(text, icon="✅")
