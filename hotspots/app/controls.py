"""
The only session state: the sidebar that asks, and the link that says the same.

The link is read once, when a session begins; afterwards widgets lead and the link
follows, so that the address bar always holds what is on the screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.navigation.page import Page

from hotspots.analysis.hotspots import match
from hotspots.app import source_choice, who
from hotspots.periods import Period
from hotspots.selection import SHADES, Choices, Selection
from hotspots.settings import MIN_INCIDENTS, RADIUS_M
from hotspots.study import Found, Study
from hotspots.tables.hotspots import Hotspots
from hotspots.views import wording

_HOTSPOT: Final = "hotspot"
_PAGE: Final = "page"
_PAGES: Final = "pages by path"
_ASKED: Final = "asked"
_NOTICES: Final = "notices"
# Key of the patrol area that a link asks to log a visit to: `visit?at=SJ40506632`.
VISITED: Final = "visit asked for"
# Months a session begins with; the slider that changes them has a key of its own.
_MONTHS: Final = "months at first"
_YEAR: Final = 4
_SHADE_WORDS: Final = {
    "none": "Not shaded",
    "count": "Number of reports",
    "rate": "Reports per 1,000 residents",
}


def ask(choices: Choices, *, has_residents: bool) -> Selection:
    """
    Sidebar drawn, and what it now asks for.

    Parameters
    ----------
    choices
        What the loaded data can answer.
    has_residents
        Whether populations are loaded, so that wards can be shaded by rate.
    """
    _begin(choices)
    state = st.session_state
    with st.sidebar:
        st.header("What to look at")
        areas = list(choices.areas)
        st.selectbox(
            "Study area",
            areas,
            key="area",
            format_func=lambda code: choices.areas.get(code, code),
            help="A whole force, a local authority or a ward. Type to search.",
        )
        first, last = _ask_months(list(choices.period))
        asked = source_choice.ask(choices)
        if len(choices.vintages) > 1:
            st.selectbox("Ward boundaries of", list(choices.vintages), key="wards")
        st.header("What makes a hotspot")
        st.slider(
            f"Walking radius, {RADIUS_M.unit}",
            RADIUS_M.low,
            RADIUS_M.high,
            step=RADIUS_M.step,
            key="radius",
            help=f"How near reports must be to count together. Practice: {RADIUS_M.source}.",
        )
        st.toggle(
            "Choose the number from the data",
            key="chosen",
            help="The smallest number that chance would almost never reach anywhere.",
        )
        if not state["chosen"]:
            st.number_input(
                "Reports that make a hotspot",
                MIN_INCIDENTS.low,
                MIN_INCIDENTS.high,
                step=MIN_INCIDENTS.step,
                key="min",
            )
        st.header("What the map shows")
        if choices.vintages:
            st.selectbox(
                "Shade wards by",
                [shade for shade in SHADES if has_residents or shade != "rate"],
                key="shade",
                format_func=lambda shade: _SHADE_WORDS[shade],
            )
        st.toggle("Map points, sized by reports", key="points")
        st.toggle("Heat", key="heat")
    selection = Selection(
        data=choices.data,
        area=state["area"],
        period=Period(first, last),
        radius_m=state["radius"],
        min_incidents=None if state["chosen"] else state["min"],
        vintage=state["wards"],
        hotspot=state[_HOTSPOT],
        shade=SHADES[state["shade"]],
        heat=state["heat"],
        points=state["points"],
        sources=asked.sources,
        qualifiers=asked.qualifiers,
    )
    _write_link(selection)
    return selection


def vintage() -> int | None:
    """Year of the ward boundaries asked for by the session or its link; None = newest."""
    asked = st.session_state.get("wards") or st.query_params.get("wards", "")
    return int(asked) if str(asked).isdecimal() and len(str(asked)) == _YEAR else None


def asked_page(pages: Sequence[Page]) -> Page | None:
    """Page that a link asks for by name, once a session."""
    st.session_state[_PAGES] = {page.url_path: page for page in pages}
    asked = st.session_state.pop(_PAGE, None)
    found = next((page for page in pages if page.url_path == asked), None) if asked else None
    if asked and found is None and (denied := who.refused(asked)):
        st.session_state[_NOTICES] = [*notices(), denied]
    return found


def page(path: str) -> Page | None:
    """A page by its path, to link to; None where pages are shown one by one."""
    pages: dict[str, Page] = st.session_state.get(_PAGES, {})
    return pages.get(path)


def picked(selection: Selection) -> Selection:
    """Selection with the hotspot that is picked out now; a fragment asks again."""
    now = replace(selection, hotspot=st.session_state.get(_HOTSPOT))
    _write_link(now)
    return now


def follow(selection: Selection, found: Callable[[Selection], Found]) -> None:
    """
    Keep hold of the picked hotspot when the question changes, by the ground it shares.

    Parameters
    ----------
    selection
        What is asked now.
    found
        Hotspots of a selection, from the store.
    """
    state = st.session_state
    before: Selection | None = state.get(_ASKED)
    state[_ASKED] = selection.question()
    after, key = found(selection).hotspots, state.get(_HOTSPOT)
    if key is None or (after["key"] == key).any():
        return
    pick(None)
    if before is not None and before.data == selection.data:
        earlier = found(before).hotspots
        came_from = earlier["key"].reindex(match(earlier, after)).set_axis(after.index)
        pick(next(iter(after.loc[came_from == key, "key"]), None))


def picked_number(hotspots: Hotspots) -> int | None:
    """Number of the hotspot that is picked out, if it is one of these."""
    numbers = hotspots.index[hotspots["key"] == st.session_state.get(_HOTSPOT)]
    return int(numbers[0]) if len(numbers) else None


def pick(key: str | None) -> None:
    """One hotspot picked out, by its key; None lets go of it."""
    st.session_state[_HOTSPOT] = key


def subjects(study: Study, hotspots: Hotspots) -> dict[str, str]:
    """What the When page can count for: the area, the hotspot picked out, each ward."""
    picked = hotspots.loc[hotspots["key"] == st.session_state.get(_HOTSPOT)]
    places = {
        f"hotspot:{row['key']}": f"Hotspot {n}: {wording.place(row['streets'], row['ward_name'])}"
        for n, row in picked.iterrows()
    }
    wards = {f"ward:{code}": name for code, name in study.wards["name"].sort_values().items()}
    return {"area": "The whole study area"} | places | wards


def ask_subject(offered: dict[str, str]) -> str:
    """Part of the study area whose months are drawn."""
    if st.session_state.get("subject") not in offered:
        st.session_state["subject"] = "area"
    chosen = st.selectbox(
        "Count for",
        list(offered),
        key="subject",
        format_func=lambda code: offered.get(code, code),
        help="A ward, the hotspot that is picked out on the Where page, or the patrol area that is "
        "picked out on the Patrol page.",
    )
    return chosen or "area"


def notices() -> list[str]:
    """Sentences on what a link asked for and could not have; said once a session."""
    return list(st.session_state.get(_NOTICES, []))


def _begin(choices: Choices) -> None:
    """Widgets set from the link when a session begins, or when the data change."""
    state = st.session_state
    if state.get("data") == choices.data:
        # A widget that is not drawn on a run loses its value unless it is set again.
        for name in ("min", "wards"):
            state[name] = state[name]
        return
    selection, said = Selection.from_query(st.query_params.to_dict(), choices)
    state["data"] = choices.data
    state[_PAGE] = st.query_params.get("page")
    state[_NOTICES] = said
    state["area"] = selection.area
    state[_MONTHS] = (selection.period.first, selection.period.last)
    state["wards"] = selection.vintage
    state["radius"] = selection.radius_m
    state["chosen"] = selection.min_incidents is None
    state["min"] = selection.min_incidents or MIN_INCIDENTS.default
    state["shade"] = selection.shade
    state["points"] = selection.points
    state["heat"] = selection.heat
    state[_HOTSPOT] = selection.hotspot
    state[VISITED] = st.query_params.get("at")
    source_choice.begin(selection, choices)


def _ask_months(months: list[pd.Period]) -> tuple[pd.Period, pd.Period]:
    if len(months) == 1:
        return months[0], months[0]
    # A slider with two handles is told so by its default value, not by session state.
    first, last = st.select_slider(
        "Months",
        months,
        value=st.session_state[_MONTHS],
        key=f"months of {st.session_state['data']}",
        format_func=_short_month,
    )
    return first, last


def _write_link(selection: Selection) -> None:
    query = selection.to_query()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def _short_month(month: pd.Period) -> str:
    return month.strftime("%b %Y")
