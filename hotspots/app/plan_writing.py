"""Plans while they are written: made of a hotspot, filled in, checked, and started."""

from datetime import timedelta
from typing import Any, Final

import pandas as pd
import streamlit as st

from hotspots.action import plans
from hotspots.action.plan_checks import checks
from hotspots.action.plan_tables import Plan
from hotspots.action.plan_templates import template, templates
from hotspots.action.responses import open_menu
from hotspots.analysis.comparison import LEAST_CONTROLS
from hotspots.app import plan_making, planning, store
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison
from hotspots.views import plan_words, wording

_REVIEW_IN: Final = timedelta(days=182)
_HOLDS: Final = ":material/check_circle:"
_WANTED: Final = ":material/radio_button_unchecked: **Wanted:**"


def new(selection: Selection) -> None:
    """The form that makes a plan of a hotspot."""
    hotspots = store.found(selection).hotspots
    if hotspots.empty:
        st.write("There is no hotspot in this selection to make a plan of.")
        return
    names = {
        int(str(n)): f"{n} · {wording.place(row['streets'], row['ward_name'])} "
        f"({row['incidents']:,} reports)"
        for n, row in hotspots.iterrows()
    }
    plan_making.offer(hotspots, selection)
    kinds = {"": "None of these", **{one.key: one.name for one in templates()}}
    with st.form("plan-new", border=True):
        left, right = st.columns(2)
        left.selectbox(
            "Hotspot",
            list(names),
            index=None,
            format_func=names.__getitem__,
            key="new-hotspot",
            placeholder="Choose a hotspot",
        )
        right.selectbox(
            "Kind of problem", list(kinds), format_func=kinds.__getitem__, key="new-kind"
        )
        st.caption(plan_words.BORN)
        _draw(selection)
        st.form_submit_button("Make the plan", on_click=_begin, args=(selection,), type="primary")
    planning.said("plan")


def _draw(selection: Selection) -> None:
    """Whether to hold it against areas that a fair test holds back, where one runs."""
    waiting = plan_making.waiting(selection)
    if waiting is None:
        return
    st.checkbox(
        f"Compare with {wording.count(len(waiting.shapes), 'area')} that a fair test holds back "
        f"by the draw until {waiting.ends:%d %B %Y}, if {LEAST_CONTROLS} of them lie far enough",
        value=True,
        key="new-by-draw",
        help="Nobody chose them, so nobody’s choice can be what the two differ by.",
    )


def _begin(selection: Selection) -> None:
    number, kind = st.session_state["new-hotspot"], st.session_state["new-kind"]
    if number is None:
        planning.refuse("plan", "Choose a hotspot first.")
        return
    held = template(kind)
    row = store.found(selection).hotspots.T[number]
    place = wording.place(row["streets"], row["ward_name"])
    written: dict[str, Any] = {"measured_by": "Reports in the footprint, beside its controls"}
    if held is not None:
        written["problem"] = held.problem.replace("PLACE", place)
        written["objective"] = held.objective
    plan_making.begin(selection, int(number), kind, written)


def write(plan: Plan) -> None:
    """The form of a plan that is being written."""
    menu, kind = open_menu(data_folder()), template(plan.template)
    names = {one.key: one.name for one in menu.responses}
    worth = ", ".join(names[key] for key in kind.responses if key in names) if kind else ""
    with st.form(f"plan-{plan.id}-{plan.version}", border=True):
        texts: dict[str, Any] = {}
        st.markdown("**Objective**")
        texts["problem"] = st.text_input(
            "The problem, in one sentence", plan.problem, max_chars=300
        )
        texts["objective"] = st.text_input(
            "What is to be reached, with a number", plan.objective, max_chars=500
        )
        one, two = st.columns(2)
        texts["owner"] = one.text_input("Owner", plan.owner, max_chars=120)
        texts["partners"] = two.text_input("Partners", plan.partners, max_chars=500)
        st.markdown("**Analysis**")
        for name, label in plan_words.SIDES.items():
            texts[name] = st.text_area(
                label,
                getattr(plan, name),
                height=80,
                max_chars=2000,
                help="No names of people.",
                placeholder=getattr(kind, name, ""),
            )
        texts["asked_of"] = st.text_area(
            "What was asked of whom, and what they answered",
            plan.asked_of,
            height=68,
            max_chars=2000,
        )
        st.markdown("**Response**")
        texts["responses"] = st.multiselect(
            "Responses",
            list(names),
            [key for key in plan.responses if key in names],
            format_func=names.__getitem__,
            help=f"Worth considering for this kind of problem: {worth}." if worth else None,
        )
        texts["reason"] = st.text_area(
            "Why this should work here", plan.reason, height=68, max_chars=2000
        )
        one, two = st.columns([3, 2])
        texts["measured_by"] = one.text_input(
            "The outcome is measured by", plan.measured_by, max_chars=500
        )
        texts["review_on"] = two.date_input(
            "To be reviewed on", plan.review_on or planning.today() + _REVIEW_IN
        )
        if st.form_submit_button("Save", type="primary"):
            planning.save(plan, texts)


def specified(plan: Plan) -> None:
    """What makes it fully specified, and the start."""
    held = checks(plan)
    missing = [check for check in held if not check.holds]
    st.markdown("**Fully specified?**")
    st.markdown(
        "\n".join(
            f"- {_HOLDS if check.holds else _WANTED} {wording.plain(check.sentence)}"
            for check in held
        )
    )
    first = Comparison.of_data(plan.comparison).before.last + 1
    months = [str(month) for month in pd.period_range(first, periods=24, freq="M")]
    one, two = st.columns(2, vertical_alignment="bottom")
    month = one.selectbox("First month of the response", months, key=f"start-{plan.id}")
    if two.button(
        "Start the response", disabled=bool(missing), width="stretch", key=f"go-{plan.id}"
    ):
        planning.change(
            "plan",
            "The response has started; what it is measured by can no longer change.",
            lambda session: plans.start(
                session, plan.id, plan.version, who=planning.me(), month=str(month)
            ),
            action="plan",
        )
        st.rerun()
