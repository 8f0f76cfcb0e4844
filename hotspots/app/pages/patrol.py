"""Patrol: where to walk, the week's plan, and what people changed by hand."""

import streamlit as st

from hotspots.analysis.patrol_edits import out_of_bounds
from hotspots.app import (
    data_store,
    delivered,
    dispersal_panels,
    map_store,
    map_view,
    panels,
    patrol_changes,
    patrol_panels,
    sheets,
    store,
    week_panels,
)
from hotspots.app.part import part
from hotspots.publish import formats
from hotspots.selection import Selection
from hotspots.study import Wanted
from hotspots.views import maps, patrol_words, tables, wording


def show(selection: Selection) -> None:
    """Draw the page."""
    dataset, study = data_store.dataset(selection.vintage), store.study(selection)
    head, wanted, edits = st.container(), patrol_panels.ask(), store.changes(selection)
    areas = store.patrol(selection, wanted, edits)
    stamped = panels.stamp(selection, dataset).adding(patrol_words.patrol_asked(wanted, len(edits)))
    with head:
        st.title(patrol_words.patrol_finding_of(study, areas, wanted, dataset), anchor=False)
        st.caption(f"{stamped.selection}. {wording.supply(study.status)}")
        st.write(patrol_words.PATROL_OR_HOTSPOT)
    if fewer := patrol_words.fewer_patrol_areas(len(areas), wanted):
        st.info(fewer, icon="ℹ️")
    match patrol_panels.part():
        case "week":
            week_panels.show(selection, wanted, areas, stamped)
        case "dispersal":
            dispersal_panels.show(selection, areas, stamped)
        case "delivered":
            delivered.part(selection, areas, stamped)
        case _:
            _explore(selection, wanted)
            patrol_panels.note()


@part
def _explore(selection: Selection, wanted: Wanted) -> None:
    """Map, card, table and form; a click reruns only this part, so nothing jumps."""
    patrol_changes.follow()
    dataset, edits = data_store.dataset(selection.vintage), store.changes(selection)
    areas = store.patrol(selection, wanted, edits)
    stamped = panels.stamp(selection, dataset).adding(patrol_words.patrol_asked(wanted, len(edits)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        context = map_store.map_context(selection)
        map_view.show(
            context,
            maps.layers(
                store.found(selection).hotspots,
                map_store.points(selection),
                areas=areas,
                excluded=out_of_bounds(None, edits),
                shade=map_store.shade(selection),
                selected=patrol_panels.picked(areas),
                heat=selection.heat,
                reports=selection.points,
                grid=context.grid,
            ),
            key="patrol map",
            on_select=lambda number: patrol_panels.pick(areas, number),
        )
    with right, st.container(height=map_view.HEIGHT, border=False):
        patrol_panels.pick_box(areas)
        patrol_panels.card(areas)
        sheets.of_area(selection, areas, stamped)
        patrol_panels.table(areas)
        patrol_panels.downloads(formats.on_grid(areas, dataset.grid), stamped)
    with st.expander("The patrol areas as a plain table, for reading aloud and printing"):
        st.table(tables.patrol_areas(areas))
    st.subheader("Changes by hand", anchor=False)
    form, listed = st.columns([2, 3], gap="large")
    with form:
        patrol_changes.form(areas, store.study(selection))
    with listed:
        patrol_changes.listed(selection.area, stamped)
