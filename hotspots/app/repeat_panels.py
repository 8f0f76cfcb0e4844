"""Repeats on the Partners page: who and where reached the case-review threshold, and which plan."""

import numpy as np
import pandas as pd
import streamlit as st

from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.action.plans import LEVELS
from hotspots.analysis.case_review import POINT, planned
from hotspots.app import alerts, panels, plan_making, planning, store
from hotspots.selection import Selection
from hotspots.settings import CASE_REVIEW_MONTHS, CASE_REVIEW_REPORTS
from hotspots.study.held_against import Comparison
from hotspots.views import plan_words, wording

# More rows than this are read in the file.
_SHOWN = 25
_OFFERED = 5


def every(held: list[Plan], selection: Selection) -> None:
    """The threshold, what reaches it, and the plan that each belongs to."""
    before = alerts.threshold()
    one, two, rest = st.columns([1, 1, 3], vertical_alignment="bottom")
    reports = one.number_input(
        "Reports",
        CASE_REVIEW_REPORTS.low,
        CASE_REVIEW_REPORTS.high,
        before[0],
        key="repeat-reports",
    )
    months = two.number_input(
        "In so many months",
        CASE_REVIEW_MONTHS.low,
        CASE_REVIEW_MONTHS.high,
        before[1],
        key="repeat-months",
    )
    rest.caption(f"The {CASE_REVIEW_REPORTS.source}.")
    alerts.set_threshold(int(reports), int(months))
    found = store.repeats(selection, int(reports), int(months))
    still = [plan for plan in held if plan.status != CLOSED]
    shapes = [Comparison.of_data(plan.comparison).shapes[0] for plan in still]
    number = planned(found, np.asarray(shapes, dtype=np.object_))
    plan = pd.Series([f"Plan {still[n].id}" if n >= 0 else "None" for n in number], dtype="str")
    points = found["kind"] == POINT
    _offer(found.loc[~points & (number < 0)], selection)
    st.markdown(plan_words.repeats(found, planned=int((number >= 0).sum())))
    for title, table in (
        ("Callers, addresses and exact places", found.loc[~points]),
        ("Published map points", found.loc[points]),
    ):
        if table.empty:
            continue
        with st.expander(f"{title} ({len(table):,})", expanded=title.startswith("Callers")):
            if table["kind"].eq(POINT).all():
                st.caption(plan_words.POINTS)
            shown = plan_words.repeat_table(table, plan.loc[table.index])
            panels.table(shown.head(_SHOWN))
            if len(shown) > _SHOWN:
                st.caption(f"The first {_SHOWN} of {len(shown):,}.")


def _offer(free: pd.DataFrame, selection: Selection) -> None:
    """Cases that no plan is about, and a plan on the hotspot that holds them."""
    if free.empty or not planning.may("plan"):
        return
    hotspots = store.found(selection).hotspots
    at = planned(free, np.asarray(hotspots.geometry.to_numpy(), dtype=np.object_))
    keys = {str(hotspots["key"].iloc[n]): int((at == n).sum()) for n in sorted(set(at) - {-1})}
    elsewhere = int((at < 0).sum())
    st.warning(plan_words.unplanned(len(free), elsewhere), icon=":material/notification_important:")
    names = dict(zip(hotspots["key"], hotspots.index, strict=True))
    places = dict(zip(hotspots["key"], hotspots["streets"], strict=True))
    for key, many in list(keys.items())[:_OFFERED]:
        text, go = st.columns([4, 1], vertical_alignment="center")
        text.markdown(
            wording.plain(
                f"Hotspot {names[key]}, {wording.place(places[key], '')}: "
                f"{wording.count(many, 'repeat')} over the threshold."
            )
        )
        go.button(
            f"Plan for hotspot {names[key]}",
            on_click=plan_making.propose,
            args=(int(names[key]), selection.hotspot),
            key=f"propose-{key}",
        )


def risk(plan: Plan) -> None:
    """Risk assessments of a plan's place: the newest, those before, and a new one."""
    assessed = planning.risks(plan)
    today = planning.today()
    if assessed:
        st.markdown(f"**Risk:** {plan_words.risk(assessed[0], today)}")
    with st.expander("Risk assessments", expanded=False):
        for older in assessed[1:]:
            st.markdown(f"- {plan_words.risk(older, today)}")
        if plan.status != CLOSED and planning.may("plan"):
            _assess(plan)
    planning.said("risk")


def _assess(plan: Plan) -> None:
    with st.form(f"risk-{plan.id}", border=False, clear_on_submit=True):
        level = st.selectbox("Level", LEVELS)
        one, two = st.columns(2)
        review = one.date_input("Next review", planning.today() + planning.RISK_REVIEW)
        keep = two.date_input("Keep until", planning.today() + planning.RISK_KEPT)
        basis = st.text_area(
            "What it rests on", height=68, max_chars=2000, help="No names of people."
        )
        if st.form_submit_button("Record the assessment"):
            planning.assess_risk(plan, level=level, basis=basis, review=review, keep=keep)
            st.rerun()
