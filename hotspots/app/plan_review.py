"""The assessment of a plan: its verdict, what that rests on, and the supervisor's review."""

import pandas as pd
import streamlit as st

from hotspots.action import plans
from hotspots.action.plan_tables import CLOSED, RUNNING, Plan
from hotspots.action.responses import open_menu
from hotspots.analysis.pooling import pooled
from hotspots.app import panels, planning
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.views import outcome_words, wording
from hotspots.views.outcome_charts import outcome_chart


def assessment(plan: Plan, selection: Selection) -> None:
    """Did it work, and the closing."""
    came, start = planning.outcome(plan, selection), planning.started(plan)
    dose = planning.patrolled(plan)
    st.markdown("**Assessment: did it work?**")
    enough = len(came.before) and len(came.after)
    verdict = outcome_words.verdict(came.judged) if enough else ""
    st.info(
        wording.plain(plan.verdict or verdict or outcome_words.TOO_SOON), icon=":material/balance:"
    )
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
        lines = [*outcome_words.rests_on(came), outcome_words.delivered(dose, start)]
        lines += [outcome_words.NAIVE, outcome_words.COMPARES]
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in lines if line))
        shown = came.months.round(1).set_axis(came.months.index.astype(str))
        panels.table(shown.set_axis(["This place", "Mean of its controls"], axis=1))
    if plan.status == CLOSED:
        st.markdown(wording.plain(plan.assessment))
        st.markdown(
            f"**Review by {wording.plain(plan.reviewed_by)}:** {wording.plain(plan.review)}"
        )
        return
    if planning.may("plan"):
        _assess(plan)
    if planning.may("review"):
        _close(plan, verdict)


def _assess(plan: Plan) -> None:
    """The assessment in words."""
    with st.form(f"assess-{plan.id}-{plan.version}", border=True):
        text = st.text_area(
            "What was done, and what came of it", plan.assessment, height=100, max_chars=2000
        )
        day = st.date_input("To be reviewed on", plan.review_on)
        if st.form_submit_button("Save the assessment"):
            planning.save(plan, {"assessment": text, "review_on": day})


def _close(plan: Plan, verdict: str) -> None:
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
                    verdict=verdict,
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
        if len(came.before) and len(came.after):
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
