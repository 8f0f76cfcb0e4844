"""Partners: who is doing what about which place, by when, and did it work."""

import streamlit as st

from hotspots.action.responses import KINDS, open_menu
from hotspots.app import (
    meeting_panels,
    panels,
    plan_making,
    plan_panels,
    plan_review,
    plan_writing,
    planning,
    repeat_panels,
    task_panels,
)
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.views import plan_words

_VIEWS = ("Plans", "Tasks", "Repeats", "Meeting", "Responses")


def show(selection: Selection) -> None:
    """Draw the page."""
    held = planning.every()
    plan = planning.opened(held)
    title, who = st.columns([5, 2], vertical_alignment="center")
    finding = plan_words.finding(held, planning.all_tasks(), planning.today())
    title.title(plan_words.title(plan) if plan else finding, anchor=False)
    with who:
        planning.ask_who()
    if plan:
        plan_panels.one(plan, selection)
        return
    view = st.segmented_control(
        "Show", _VIEWS, default="Plans", key="partners view", label_visibility="collapsed"
    )
    if view == "Tasks":
        task_panels.every(held, selection)
    elif view == "Repeats":
        repeat_panels.every(held, selection)
    elif view == "Meeting":
        meeting_panels.meeting(held, selection)
    elif view == "Responses":
        _responses()
    else:
        plan_panels.listed(held, selection)
        if planning.sees_data():
            plan_review.learned(held, selection)
        if not planning.may("plan"):
            return
        asked = planning.about(held, selection.hotspot) is None and selection.hotspot is not None
        asked |= st.session_state.pop(plan_making.PROPOSED, False)
        with st.expander("Start a plan on a hotspot", expanded=asked or not held):
            plan_writing.new(selection)


def _responses() -> None:
    menu = open_menu(data_folder())
    st.caption(f"{plan_words.MENU} Version {menu.version}.")
    for kind, name in KINDS.items():
        with st.expander(name, expanded=kind == "early"):
            panels.table(plan_words.menu(menu, kind))
