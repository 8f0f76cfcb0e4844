"""The assessment of a plan: its verdict, what that rests on, and the supervisor's review."""

import pandas as pd
import streamlit as st

from hotspots.action import plan_reviews, plans
from hotspots.action.plan_reviews import Standing
from hotspots.action.plan_tables import CLOSED, RUNNING, Plan
from hotspots.action.responses import open_menu
from hotspots.analysis.pooling import pooled
from hotspots.app import panels, planning
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison
from hotspots.views import outcome_words, wording
from hotspots.views.outcome_charts import outcome_chart


def assessment(plan: Plan, selection: Selection) -> None:
    """Did it work, and the closing."""
    came, start = planning.outcome(plan, selection), planning.started(plan)
    dose = planning.patrolled(plan)
    st.markdown("**Assessment: did it work?**")
    now = planning.standing(plan, selection)
    st.info(
        wording.plain(plan.verdict or now.verdict or outcome_words.TOO_SOON),
        icon=":material/balance:",
    )
    if (said := planning.reviews(plan)) and not (plan.status == CLOSED and len(said) == 1):
        panels.table(outcome_words.reviews(said))
    if len(came.months):
        st.altair_chart(
            outcome_chart(
                came.months,
                start=start,
                colors=panels.colors(),
                hours=dose["officer_hours"].reindex(came.months.index).dropna(),
            ),
            width="stretch",
            alt="Reports a month here and at the controls; the same figures are in the table.",
        )
    with st.expander("What the verdict rests on"):
        lines = [
            *outcome_words.rests_on(came, Comparison.of_data(plan.comparison).draw),
            outcome_words.delivered(dose, start),
        ]
        lines += [outcome_words.NAIVE, outcome_words.COMPARES]
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in lines if line))
        shown = came.months.map("{:,.1f}".format).set_axis(came.months.index.astype(str))
        panels.table(shown.set_axis(["This place", "Mean of its controls"], axis=1))
    if plan.status == CLOSED:
        st.markdown(wording.plain(plan.assessment))
        st.markdown(
            f"**Review by {wording.plain(plan.reviewed_by)}:** {wording.plain(plan.review)}"
        )
        return
    if planning.may("plan"):
        _assess(plan)
        if came.enough:
            _keep(plan, now)
    if planning.may("review"):
        _close(plan, now)


def _assess(plan: Plan) -> None:
    """The assessment in words."""
    with st.form(f"assess-{plan.id}-{plan.version}", border=True):
        text = st.text_area(
            "What was done, and what came of it", plan.assessment, height=100, max_chars=2000
        )
        day = st.date_input("To be reviewed on", plan.review_on)
        if st.form_submit_button("Save the assessment"):
            planning.save(plan, {"assessment": text, "review_on": day})


def _keep(plan: Plan, now: Standing) -> None:
    """A review that the plan goes on after: the verdict of the day, kept with its figures."""
    with st.form(f"keep-review-{plan.id}", border=True, clear_on_submit=True):
        said = st.text_input("What this review came to", max_chars=2000)
        st.caption(outcome_words.KEPT)
        if st.form_submit_button("Keep this review"):
            planning.change(
                "review",
                "The verdict of today is kept, with its figures and the data it rests on.",
                lambda session: plan_reviews.review(
                    session, plan.id, now, who=planning.me(), said=said
                ),
                action="plan",
            )
            st.rerun()
    planning.said("review")


def _close(plan: Plan, now: Standing) -> None:
    """The supervisor's review, which closes it."""
    with st.form(f"close-{plan.id}-{plan.version}", border=True):
        review = st.text_area(
            "Supervisor’s review, in words", height=80, max_chars=2000, key=f"review-{plan.id}"
        )
        st.caption("A supervisor other than the owner closes a plan, under the name given above.")
        if st.form_submit_button("Close the plan"):
            planning.change(
                "plan",
                "The plan is closed.",
                lambda session: plans.close(
                    session,
                    plan.id,
                    plan.version,
                    who=planning.me(),
                    standing=now,
                    review=review,
                ),
                action="review",
            )
            st.rerun()


def learned(held: list[Plan], selection: Selection) -> None:
    """What came of all plans that have started, by response."""
    rows = []
    for plan in held:
        if plan.status not in {RUNNING, CLOSED}:
            continue
        came = planning.outcome(plan, selection)
        if came.enough:
            rows += [
                {
                    "kind": key,
                    "log": came.judged["log"],
                    "log_variance": came.judged["log_variance"],
                }
                for key in plan.responses
            ]
    if not rows:
        return
    names = {one.key: one.name for one in open_menu(data_folder()).responses}
    with st.expander("What has been learned here, by response"):
        st.caption(
            "Plans of one response together (random effects). 100% is as comparable places did; an "
            "interval that holds 100% shows nothing either way."
        )
        panels.table(outcome_words.kinds(pooled(pd.DataFrame(rows), by="kind"), names))
