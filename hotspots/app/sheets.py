"""The sheets on a page: their marking, what is to be done, and the buttons that print them."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from hotspots.action import responses, roles
from hotspots.action.week_plan import Plan
from hotspots.app import data_store, patrol_panels, sheet_parts, who
from hotspots.publish import formats, week_files
from hotspots.publish.briefing import MARKINGS, briefing_pdf, marked
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import sheet_words, week_words

_LETTERS: Final = 2_000
_LINES: Final = 10


def marking(key: str) -> str:
    """Marking on every page, kept for the next sheet."""
    state = st.session_state
    state.setdefault(f"{key}-marking", state.get("sheet marking", MARKINGS[0]))
    chosen = st.selectbox("Marking on every page", MARKINGS, key=f"{key}-marking")
    state["sheet marking"] = chosen
    return marked(str(chosen))


def ask(key: str) -> tuple[str, tuple[str, ...]]:
    """Marking, and what to do in a visit, as whoever prints them wants it."""
    state = st.session_state
    lines = "\n".join(sheet_words.activities(responses.open_menu(data_folder())))
    state.setdefault(f"{key}-todo", state.get("sheet todo", lines))
    chosen = marking(key)
    text = st.text_area(
        "What to do in a visit, a line each", key=f"{key}-todo", max_chars=_LETTERS, height=150
    )
    state["sheet todo"] = text
    return chosen, tuple(text.splitlines()[:_LINES])


def of_area(selection: Selection, areas: PatrolAreas, stamped: Stamp) -> None:
    """Sheet of the area that is picked out."""
    number = patrol_panels.picked(areas)
    if number is None:
        return
    with st.popover("Print a sheet"):
        mark, todo = ask("sheet")
        link = sheet_parts.address(stamped)

        def make() -> bytes:
            sheet = sheet_parts.area_sheet(selection, areas, number, todo=todo, link=link)
            title = f"Patrol area {week_words.area_name(areas, number)}"
            return briefing_pdf(sheet_parts.briefing(selection, stamped, title, mark, (sheet,)))

        made(
            f"Make the sheet of P{number}",
            make,
            asked=(number, mark, todo, link),
            name=formats.file_name(f"patrol-area-{number}", stamped, "pdf"),
            key="sheet",
        )


def made(
    label: str, make: Callable[[], bytes], *, asked: tuple[object, ...], name: str, key: str
) -> None:
    """
    A sheet, made when it is asked for and offered until something else is.

    Only a page that is drawn may look at data: a link that made it later would ask nobody
    who is at the screen.
    """
    state = st.session_state
    if not roles.may(who.person(), "take away"):
        st.caption("Your role may not take files away.")
        return
    if st.button(label, key=f"{key}-make"):
        with st.spinner("Printing…"):
            state[f"{key} made"] = (asked, make())
    held, body = state.get(f"{key} made", (None, b""))
    if held == asked:
        st.download_button(
            "Save it (PDF, A4)",
            body,
            file_name=name,
            mime="application/pdf",
            on_click="ignore",
            type="primary",
            key=f"{key}-save",
        )


def of_week(
    selection: Selection, plan: Plan, areas: PatrolAreas, stamped: Stamp, shift: str | None
) -> None:
    """Briefing of a shift, and the week as files."""
    with st.popover("Print the briefing, take the week away"):
        mark, todo = ask("brief")
        link = sheet_parts.address(stamped)
        if shift:
            made(
                "Make the briefing of this shift",
                lambda: sheet_parts.shift_pdf(
                    selection,
                    plan,
                    areas,
                    stamped,
                    name=shift,
                    mark=mark,
                    todo=todo,
                    link=link,
                ),
                asked=(shift, mark, todo, link, plan.terms, plan.shifts),
                name=formats.file_name("briefing", stamped, "pdf"),
                key="brief",
            )
        if not roles.may(who.person(), "take away"):
            return
        grid = data_store.dataset(selection.vintage, role=selection.role).grid
        there = PatrolAreas(formats.on_grid(areas, grid))
        for suffix, (label, write) in week_files.WRITERS.items():
            st.download_button(
                f"The week: {label}",
                partial(write, plan, there, stamped),
                file_name=formats.file_name("patrol-week", stamped, suffix),
                mime=week_files.MIMES[suffix],
                on_click="ignore",
                key=f"week-file-{suffix}",
            )
