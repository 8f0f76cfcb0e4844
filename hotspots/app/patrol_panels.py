"""Pieces of the Patrol page: what is asked for, the picked area, its table, its files."""

from typing import Final

import pandas as pd
import shapely
import streamlit as st

from hotspots.app import panels, store
from hotspots.publish.formats import Outlines, Stamp
from hotspots.selection import Selection
from hotspots.settings import PATROL_AREA_HA, PATROL_AREAS
from hotspots.study import Wanted
from hotspots.study.patrol import MOST_ON_A_PAGE
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import patrol_words, tables, wording

# Where a picked area stands, so that it stays picked when it is moved, resized or renumbered.
_PICKED: Final = "patrol area stands at"
_WANTED: Final = "patrol areas wanted"
# What a reader looks for first stands first where the table is narrow.
_FIRST: Final = (
    "Reports inside",
    "Adds",
    "Ward",
    "Streets",
    "Share of all",
    "Area, ha",
    "Mostly in hotspot",
    "By hand",
)
_PART: Final = "part of the patrol page"
_PARTS: Final = {
    "areas": "Areas",
    "week": "The week's plan",
    "delivered": "Delivered",
    "dispersal": "Dispersal",
}
_WHERE: Final = {False: "Inside and around hotspots", True: "Wherever reports are"}


def ask() -> Wanted:
    """How many areas, how large and where: kept when the reader looks at another page."""
    state = st.session_state
    before = wanted()
    # A widget that was away on another page has lost its value.
    state.setdefault("patrol-count", before.count)
    state.setdefault("patrol-size", before.size_ha)
    state.setdefault("patrol-anywhere", before.anywhere)
    many, large, where = st.columns([2, 2, 3], gap="medium", vertical_alignment="bottom")
    count = many.slider(
        "Patrol areas", PATROL_AREAS.low, MOST_ON_A_PAGE, step=PATROL_AREAS.step, key="patrol-count"
    )
    size_ha = large.slider(
        f"Size of each, {PATROL_AREA_HA.unit}",
        PATROL_AREA_HA.low,
        PATROL_AREA_HA.high,
        step=PATROL_AREA_HA.step,
        key="patrol-size",
        help=f"Two that would overlap are cut and become smaller. {PATROL_AREA_HA.source}.",
    )
    anywhere = where.radio(
        "Placed",
        list(_WHERE),
        format_func=_WHERE.__getitem__,
        horizontal=True,
        key="patrol-anywhere",
    )
    state[_WANTED] = Wanted(count, size_ha, bool(anywhere))
    return Wanted(count, size_ha, bool(anywhere))


def wanted() -> Wanted:
    """The areas asked for last, for pages that only list them."""
    asked: Wanted = st.session_state.get(_WANTED, Wanted())
    return asked


def part() -> str:
    """Part of the page that is looked at; kept when the reader looks at another page."""
    state = st.session_state
    state.setdefault("patrol-part", state.get(_PART, next(iter(_PARTS))))
    chosen = st.segmented_control(
        "Part of this page",
        list(_PARTS),
        format_func=_PARTS.__getitem__,
        key="patrol-part",
        label_visibility="collapsed",
        required=True,
    )
    state[_PART] = chosen
    return str(chosen)


def pick(areas: PatrolAreas, number: int | None) -> None:
    """One patrol area picked out by its number; None lets go of it."""
    pick_at(None if number is None else areas.geometry.loc[number].representative_point())


def pick_at(place: shapely.Point | None) -> None:
    """The patrol area that stands at a place, now and after the next change, picked out."""
    st.session_state[_PICKED] = place


def picked(areas: PatrolAreas) -> int | None:
    """Number of the patrol area that is picked out, if it still stands."""
    place = st.session_state.get(_PICKED)
    if place is None or areas.empty:
        return None
    numbers = areas.index[areas.covers(place)]
    return int(numbers[0]) if len(numbers) else None


def subject(selection: Selection) -> dict[str, str]:
    """The area that is picked out, for the When page to count for; none when none is."""
    if st.session_state.get(_PICKED) is None:
        return {}
    areas = store.patrol(selection, wanted(), store.changes(selection))
    number = picked(areas)
    if number is None:
        return {}
    return {f"ground:{areas.geometry.loc[number].wkt}": f"Patrol area {name(areas, number)}"}


def centre(areas: PatrolAreas, number: int) -> shapely.Point:
    """Where an area stands, to the centimetre."""
    middle = shapely.centroid(areas.geometry.loc[number])
    return shapely.Point(round(middle.x, 2), round(middle.y, 2))


def name(areas: PatrolAreas, number: int) -> str:
    """An area's label and place, for a list to choose from."""
    row = areas.T[number]
    return f"P{number} · {wording.place(row['streets'], row['ward_name'])}"


def pick_box(areas: PatrolAreas) -> None:
    """Area chosen by name, for the keyboard; the map and the table choose the same one."""
    st.session_state["patrol-pick"] = picked(areas)
    st.selectbox(
        "Patrol area",
        list(areas.index),
        key="patrol-pick",
        index=None,
        format_func=lambda number: name(areas, number),
        placeholder="Choose one here, on the map or in the table",
        on_change=lambda: pick(areas, st.session_state["patrol-pick"]),
    )


def card(areas: PatrolAreas) -> None:
    """The picked area in words."""
    number = picked(areas)
    if number is None:
        return
    row: pd.Series = areas.T[number]
    place = wording.place(row["streets"], row["ward_name"])
    st.subheader(f"P{number} · {wording.plain(place)}", anchor=False)
    st.write(patrol_words.patrol_area_facts(row))


def table(areas: PatrolAreas) -> None:
    """Twin of the map: the same areas in the same order; a row picks one out."""
    shown, number = tables.patrol_areas(areas), picked(areas)
    rows = [] if number is None else [areas.index.get_loc(number)]
    state = st.session_state
    state["patrol-table"] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def chosen() -> None:
        now = state["patrol-table"]["selection"]["rows"]
        pick(areas, int(areas.index[now[0]]) if now else None)

    st.dataframe(
        shown,
        column_order=_FIRST,
        key="patrol-table",
        on_select=chosen,
        selection_mode="single-row",
        hide_index=False,
        width="stretch",
        height=min(38 + 35 * len(shown), 420),
        alt="Patrol areas by what each adds; the plain table below holds the same.",
    )


def downloads(areas: Outlines, stamped: Stamp) -> None:
    """Patrol areas as files, which say how many were asked for and of what size."""
    note = "Each file says what was asked for and how many changes were made by hand."
    panels.downloads(areas, stamped, layer="patrol areas", note=note)


def note() -> None:
    """What areas and their order say, and what they do not."""
    st.subheader("What does this say?", anchor=False)
    st.write(f"{patrol_words.PATROL_PAST} {patrol_words.PATROL_CUT} {patrol_words.PATROL_ORDER}")
    st.write(f"{wording.SNAPPED} {wording.RECORDS_NOT_HARM}")
