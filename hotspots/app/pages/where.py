"""Where: the hotspots on a map and in its twin table, and what each is like."""

import streamlit as st

from hotspots.app import controls, data_store, map_store, map_view, panels, store
from hotspots.app.part import part
from hotspots.publish import formats
from hotspots.selection import Selection
from hotspots.views import doubles_words, maps, partner_words, tables, where_words, wording


def show(selection: Selection) -> None:
    """Draw the page."""
    dataset, study = data_store.dataset(selection.vintage), store.study(selection)
    controls.follow(selection, store.found)
    found, stamped = store.found(selection), panels.stamp(selection, dataset)
    st.title(wording.plain(where_words.finding_of(study, found, dataset)), anchor=False)
    st.caption(wording.plain(f"{stamped.selection}. {wording.supply(study.status)}"))
    if twice := doubles_words.may_be_twice(store.undecided(selection)):
        st.caption(twice)
    _explore(selection)
    st.subheader("How sure is this?", anchor=False)
    st.write(
        where_words.how_many_make_one(
            least=found.min_incidents,
            radius_m=selection.radius_m,
            chance=found.calibration.false_alarm_rate(found.min_incidents),
            by_chance=store.by_chance(selection),
        )
    )
    if found.loose:
        st.write(where_words.loose(found.loose))
    st.write(where_words.left_out(study.without_place, study.in_no_ward))
    places = partner_words.placed(study.located["place_precision"])
    st.write(f"{places} {wording.RECORDS_NOT_HARM}")


@part
def _explore(selection: Selection) -> None:
    """Map, card and table; a click reruns only this part, so nothing jumps."""
    selection = controls.picked(selection)
    dataset, found = data_store.dataset(selection.vintage), store.found(selection)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        context = map_store.map_context(selection)
        map_view.show(
            context,
            maps.layers(
                found.hotspots,
                map_store.points(selection),
                shade=map_store.shade(selection),
                selected=controls.picked_number(found.hotspots),
                heat=selection.heat,
                reports=selection.points,
                grid=context.grid,
            ),
            on_select=lambda number: controls.pick(found.hotspots["key"].get(number)),
        )
    with right, st.container(height=map_view.HEIGHT, border=False):
        if found.hotspots.empty:
            st.write(where_words.NO_HOTSPOT)
            return
        panels.pick_box(found.hotspots)
        panels.card(selection, found.hotspots)
        panels.hotspot_table(found.hotspots, selection)
        panels.downloads(
            formats.on_grid(found.hotspots, dataset.grid),
            panels.stamp(selection, dataset),
            layer="hotspots",
            note="The address of this page is a link that reproduces the view.",
        )
    with st.expander("The hotspots as a plain table, for reading aloud and printing"):
        panels.table(tables.hotspots(found.hotspots))
