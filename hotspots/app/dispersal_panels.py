"""The dispersal pack on a page: a locality taken, drawn or typed, measured, and put in draft."""

from datetime import datetime, time, timedelta
from typing import Final

import streamlit as st
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.locality import evidence, least_area
from hotspots.app import (
    data_store,
    map_store,
    map_view,
    panels,
    patrol_panels,
    sheet_parts,
    sheets,
    store,
)
from hotspots.errors import HotspotsError, SelectionError
from hotspots.publish import formats
from hotspots.publish.briefing import Sheet, briefing_pdf
from hotspots.publish.formats import Stamp
from hotspots.publish.paper_map import draw
from hotspots.selection import Selection
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources import typed_places
from hotspots.study.patrol import months_held, of_area
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import dispersal_words, maps, week_words, wording

_FROM: Final = {
    "area": "A patrol area",
    "hotspot": "A hotspot",
    "drawn": "Drawn on the map",
    "circle": "A circle",
    "outline": "An outline, pasted",
}
_MAP_MM: Final = 80.0
_LETTERS: Final = 3_000
_KEPT: Final = "dispersal asked"
_MAP: Final = "dispersal map"


def show(selection: Selection, areas: PatrolAreas, stamped: Stamp) -> None:
    """The whole part."""
    st.warning(dispersal_words.WHO, icon=":material/gavel:")
    left, right = st.columns([2, 3], gap="large")
    if st.session_state.get("dispersal-from") == "drawn":
        with right:
            _map(selection)
    with left:
        try:
            name, ground = _locality(selection, areas)
        except HotspotsError as error:
            right.error(wording.plain(str(error)), icon=":material/error:")
            return
        starts, hours = _period()
    if ground is None:
        right.info("Say where: choose or give a locality on the left.")
        return
    asked = store.study(selection)
    found = evidence(asked.located, ground, months=months_held(asked))
    smaller = least_area(asked.located, ground)
    drawn = draw(
        [("", ground)],
        base=sheet_parts.base(selection),
        alt=f"Map of the locality {name}, north up: its outline is heavy, the least area with "
        "90% of its reports dashed; dots are map points, larger where more reports were",
        around=[] if smaller.is_empty else [("", smaller)],
        points=sheet_parts.dots(selection),
        width_mm=_MAP_MM,
        height_mm=_MAP_MM,
    )
    with right:
        st.markdown(
            f"{dispersal_words.evidence(found)} "
            f"{dispersal_words.least(smaller.area / 10_000, found)}"
        )
        picture, table = st.columns(2, gap="medium")
        picture.image(drawn.svg, alt=drawn.alt, caption=drawn.alt)
        with table:
            panels.table(dispersal_words.table(found).iloc[-12:])
        st.write(dispersal_words.MONTHS_ONLY)
        text = _grounds(dispersal_words.grounds(found, name=name, starts=starts, hours=hours))
        with st.expander("To be considered", expanded=True):
            for one in dispersal_words.CONSIDER:
                st.markdown(f"- {wording.plain(one)}")
        marking = f"{sheets.marking('dispersal')} · {dispersal_words.DRAFT}"
        sheet = Sheet(
            f"Dispersal: {name}",
            drawn,
            dispersal_words.beside(found, smaller.area / 10_000),
            dispersal_words.below(text, starts=starts, hours=hours),
            sheet_parts.address(stamped),
        )
        told = sheet_parts.briefing(
            selection, stamped, f"{dispersal_words.DRAFT}: {name}", marking, (sheet,)
        )
        sheets.made(
            "Make the draft (PDF)",
            lambda: briefing_pdf(told),
            asked=(name, ground.wkt, starts, hours, text, marking, stamped.caption),
            name=formats.file_name("dispersal-draft", stamped, "pdf"),
            key="dispersal",
        )


def _map(selection: Selection) -> None:
    """The map that an outline is drawn on, over the points of the reports."""
    context = map_store.map_context(selection)
    map_view.draw_on(
        context,
        maps.layers(
            Hotspots(store.found(selection).hotspots.iloc[:0]),
            map_store.points(selection),
            drawing=map_view.outline_of(_MAP),
            grid=context.grid,
        ),
        key=_MAP,
        height=map_view.HEIGHT - 120,
    )
    st.caption(dispersal_words.DRAWING)


def _locality(selection: Selection, areas: PatrolAreas) -> tuple[str, BaseGeometry | None]:
    """Name and ground of the locality that is asked for."""
    grid = data_store.dataset(selection.vintage, role=selection.role).grid
    offered = list(_FROM)
    if grid != BRITISH_NATIONAL_GRID:
        offered = ["area", "hotspot"]
        st.caption(typed_places.ELSEWHERE.format(grid=grid))
    kind = st.radio(
        "Locality",
        offered,
        format_func=_FROM.__getitem__,
        key="dispersal-from",
        horizontal=True,
    )
    if kind == "area":
        names = {number: week_words.area_name(areas, number) for number in areas.index.tolist()}
        picked = patrol_panels.picked(areas)
        if picked is not None:
            st.session_state.setdefault("dispersal-area", picked)
        number = st.selectbox(
            "Patrol area", list(names), format_func=lambda n: names.get(n, ""), key="dispersal-area"
        )
        return (names[number], areas.geometry.loc[number]) if number is not None else ("", None)
    if kind == "hotspot":
        spots = store.found(selection).hotspots
        titles = {
            number: f"{number} · {wording.place(row['streets'], row['ward_name'])}"
            for number, row in zip(spots.index.tolist(), spots.to_dict("records"), strict=True)
        }
        number = st.selectbox(
            "Hotspot", list(titles), format_func=lambda n: titles.get(n, ""), key="dispersal-spot"
        )
        if number is None:
            return "", None
        return f"Hotspot {titles[number]}", spots.geometry.loc[number]
    name = st.text_input("Its name, as it would be told", key="dispersal-name", max_chars=100)
    ground = _typed(kind)
    if ground is None:
        return "", None
    if not name.strip():
        raise SelectionError("Give the locality a name: an authorisation specifies it.")
    return name.strip(), of_area(store.study(selection), ground)


def _typed(kind: str) -> BaseGeometry | None:
    if kind == "drawn":
        corners = map_view.outline_of(_MAP)
        return typed_places.corners(corners) if corners else None
    if kind == "outline":
        text = st.text_area("A polygon as WKT or GeoJSON", key="dispersal-outline", height=120)
        return typed_places.outline(text) if text.strip() else None
    text = st.text_input(
        "Middle: grid reference, easting and northing, or latitude and longitude",
        key="dispersal-centre",
        max_chars=200,
    )
    wide = st.number_input("Radius, metres", 20, 1_000, value=150, step=10, key="dispersal-radius")
    return typed_places.place(text).buffer(float(wide), quad_segs=16) if text.strip() else None


def _period() -> tuple[datetime, int]:
    day, hour, hours = st.columns(3)
    tomorrow = datetime.now().date() + timedelta(days=1)  # noqa: DTZ005 - the force's own calendar
    on = day.date_input("From", tomorrow, key="dispersal-day", format="DD/MM/YYYY")
    at = hour.time_input("At", time(18), key="dispersal-time", step=900)
    long = hours.number_input(
        "Hours",
        1,
        dispersal_words.MOST_HOURS,
        value=8,
        key="dispersal-hours",
        help="At most 48 (section 34).",
    )
    return datetime.combine(on, at), int(long)


def _grounds(draft: str) -> str:
    """Grounds as somebody changes them; a new locality or period begins anew."""
    state = st.session_state
    if state.get(_KEPT) != draft:
        state[_KEPT], state["dispersal-grounds"] = draft, draft
    text: str = st.text_area(
        "Grounds, in draft", key="dispersal-grounds", height=170, max_chars=_LETTERS
    )
    return text
