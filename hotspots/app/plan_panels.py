"""Plans on the Partners page: the list, and one plan in the five steps of OSARA."""

from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import plans
from hotspots.action.plan_tables import DRAFT, Plan
from hotspots.action.responses import open_menu
from hotspots.app import (
    alerts,
    attachment_panels,
    panels,
    plan_map,
    plan_review,
    plan_writing,
    planning,
    repeat_panels,
    task_panels,
)
from hotspots.periods import month_in_words
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison
from hotspots.views import plan_words, wording

_ROW: Final = 35


def listed(held: list[Plan], selection: Selection) -> None:
    """Every plan, as a list or on the map; a row opens one."""
    if not held:
        st.info(plan_words.NO_PLAN, icon=":material/info:")
        return
    view = st.radio(
        "Show as",
        ["List", "Map"],
        horizontal=True,
        key="plan-view",
        label_visibility="collapsed",
    )
    if view == "Map":
        plan_map.show(held, planning.all_tasks(), selection)
    else:
        _rows(held, selection)
    names = {plan.id: f"Plan {plan.id} · {plan.place}" for plan in held}
    st.selectbox(
        "Or open one by name",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key="plan-pick",
        placeholder="Choose a plan",
        on_change=lambda: planning.show(st.session_state["plan-pick"]),
    )


def _rows(held: list[Plan], selection: Selection) -> None:
    shown = plan_words.plans(held, planning.today(), alerts.on_plans(held, selection))

    def chosen() -> None:
        rows = st.session_state["plans"]["selection"]["rows"]
        planning.show(held[rows[0]].id if rows else None)

    st.caption("Choose a row to open a plan.")
    st.dataframe(
        shown,
        key="plans",
        on_select=chosen,
        selection_mode="single-row",
        width="stretch",
        height=min(40 + _ROW * len(shown), 420),
        alt="Plans; the list below opens the same.",
    )


def one(plan: Plan, selection: Selection) -> None:
    """One plan, step by step."""
    back, state = st.columns([1, 6], vertical_alignment="center")
    back.button("All plans", icon=":material/arrow_back:", on_click=planning.show, args=(None,))
    state.caption(
        wording.plain(
            f"{plan_words.state(plan, planning.today())}. Made by {plan.made_by} on "
            f"{plan.made_at:%d %B %Y}."
            + (
                f" Response from {month_in_words(planning.started(plan))}."
                if plan.start_month
                else ""
            )
        )
    )
    planning.said("plan")
    left, right = st.columns([3, 2], gap="large")
    with left:
        if plan.status == DRAFT and planning.may("plan"):
            plan_writing.write(plan)
        else:
            _read(plan)
        if plan.status != DRAFT and planning.sees_data():
            plan_review.assessment(plan, selection)
    with right:
        if plan.status == DRAFT and planning.may("plan"):
            plan_writing.specified(plan)
        if planning.sees_data():
            _known(plan)
        task_panels.of_plan(plan)
        attachment_panels.of_plan(plan)
        if planning.sees_data():
            repeat_panels.risk(plan)
            alerts.of_plan(plan, selection)
        _comments(plan)


def _known(plan: Plan) -> None:
    """What was known of the place, and what it is compared with."""
    with st.expander("Scanning: what was known when it was made", expanded=plan.status == DRAFT):
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in plan.scanning))
    _compared_with(plan)


def _read(plan: Plan) -> None:
    """Objective, analysis and response of a plan that has started; partners see no analysis."""
    menu = open_menu(data_folder())
    chosen = [menu[key].name if key in menu else key for key in plan.responses]
    review = f"{plan.review_on:%d %B %Y}" if plan.review_on else wording.NO_FIGURE
    steps = {
        "Objective": [plan.problem, plan.objective, f"Owner: {plan.owner}. With: {plan.partners}."],
        "Analysis": [f"{label}: {getattr(plan, name)}" for name, label in plan_words.SIDES.items()]
        + ([f"Asked: {plan.asked_of}"] if plan.asked_of else []),
        "Response": [
            ", ".join(chosen),
            plan.reason,
            f"Measured by: {plan.measured_by}. Review: {review}.",
        ],
    }
    if not planning.sees_data():
        del steps["Analysis"]
    for step, lines in steps.items():
        st.markdown(f"**{step}**")
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in lines))


def _compared_with(plan: Plan) -> None:
    held = Comparison.of_data(plan.comparison)
    with st.expander(f"Compared with {wording.count(len(held.chosen.controls), 'place')}"):
        st.caption(plan_words.compared_with(held))
        rows = [0, *held.chosen.controls.tolist()]
        names = [held.names[row] for row in rows]
        counts = [held.reports[row] for row in rows]
        index = pd.Index(["This place", *["Control"] * (len(rows) - 1)], name=" ")
        heading = f"Reports, {held.before.in_words()}"
        panels.table(pd.DataFrame({"Place": names, heading: counts}, index=index))


def _comments(plan: Plan) -> None:
    st.markdown("**Said and decided**")
    for comment in reversed(plan.comments):
        word = "Decided" if comment.kind == plans.DECIDED else "Said"
        st.markdown(
            f"- {comment.at:%d %b %Y}, {wording.plain(comment.who)} ({word.lower()}): "
            f"{wording.plain(comment.text)}"
        )
    if not planning.may("work"):
        return
    with st.form(f"say-{plan.id}", border=False, clear_on_submit=True):
        text = st.text_input(
            "Add a comment",
            max_chars=2000,
            help="Partners with a task in this plan read it too. No names of people.",
        )
        if st.form_submit_button("Add"):
            planning.change(
                "comment",
                "Added.",
                lambda session: plans.say(session, plan.id, who=planning.me(), text=text),
                action="work",
            )
            st.rerun()
    planning.said("comment")
