"""Plans on the Partners page: the list, and one plan in the five steps of OSARA."""

from datetime import timedelta
from typing import Any, Final

import pandas as pd
import streamlit as st

from hotspots.action import plans
from hotspots.action.plan_checks import checks
from hotspots.action.plan_tables import DRAFT, Plan
from hotspots.action.plan_templates import template, templates
from hotspots.action.responses import open_menu
from hotspots.analysis.comparison import LEAST_CONTROLS
from hotspots.app import (
    alerts,
    attachment_panels,
    panels,
    plan_map,
    plan_review,
    planning,
    repeat_panels,
    store,
    task_panels,
)
from hotspots.periods import month_in_words
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison
from hotspots.views import plan_words, wording

_ROW: Final = 35
_REVIEW_IN: Final = timedelta(days=182)
_HOLDS: Final = ":material/check_circle:"
_WANTED: Final = ":material/radio_button_unchecked: **Wanted:**"
_SIDES: Final = {"victim": "Victim", "offender": "Offender", "location": "Place"}


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
    planning.offer(hotspots, selection)
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
    waiting = planning.waiting(selection)
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
    planning.begin(selection, int(number), kind, written)


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
            _write(plan)
        else:
            _read(plan)
        if plan.status != DRAFT and planning.sees_data():
            plan_review.assessment(plan, selection)
    with right:
        if plan.status == DRAFT and planning.may("plan"):
            _checks(plan)
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


def _write(plan: Plan) -> None:
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
        for name, label in _SIDES.items():
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


def _checks(plan: Plan) -> None:
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


def _read(plan: Plan) -> None:
    """Objective, analysis and response of a plan that has started; partners see no analysis."""
    menu = open_menu(data_folder())
    chosen = [menu[key].name if key in menu else key for key in plan.responses]
    review = f"{plan.review_on:%d %B %Y}" if plan.review_on else wording.NO_FIGURE
    steps = {
        "Objective": [plan.problem, plan.objective, f"Owner: {plan.owner}. With: {plan.partners}."],
        "Analysis": [f"{label}: {getattr(plan, name)}" for name, label in _SIDES.items()]
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
