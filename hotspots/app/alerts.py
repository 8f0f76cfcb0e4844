"""Repeats over the case-review threshold on the ground of plans, and the pack for a review."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from hotspots.action import records
from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.action.plans import DECIDED
from hotspots.action.responses import open_menu
from hotspots.analysis.case_review import POINT, planned
from hotspots.app import data_store, panels, planning, store
from hotspots.publish import case_review, papers
from hotspots.publish.case_review import Case
from hotspots.publish.papers import Paper
from hotspots.selection import Selection
from hotspots.settings import CASE_REVIEW_MONTHS, CASE_REVIEW_REPORTS, data_folder
from hotspots.study.held_against import Comparison
from hotspots.study.plan_ground import reported_on
from hotspots.views import plan_words, wording

_THRESHOLD: Final = "case review threshold"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def threshold() -> tuple[int, int]:
    """So many reports in so many months, as the reader set it last on the Repeats view."""
    usual = (CASE_REVIEW_REPORTS.default, CASE_REVIEW_MONTHS.default)
    held: tuple[int, int] = st.session_state.get(_THRESHOLD, usual)
    return held


def set_threshold(reports: int, months: int) -> None:
    """Keep the threshold while the reader looks at other views."""
    st.session_state[_THRESHOLD] = (reports, months)


def on_plans(held: list[Plan], selection: Selection) -> dict[int, pd.DataFrame]:
    """
    Repeats on the ground of open plans.

    Returns
    -------
    alerts
        Number of the plan → its rows of `analysis.case_review.repeats`; published map
        points are nobody's case and raise none.
    """
    still = [plan for plan in held if plan.status != CLOSED]
    if not still or not planning.sees_data():
        return {}
    found = store.repeats(selection, *threshold())
    found = found.loc[found["kind"] != POINT]
    shapes = [Comparison.of_data(plan.comparison).shapes[0] for plan in still]
    number = planned(found, np.asarray(shapes, dtype=np.object_))
    return {still[n].id: found.loc[number == n] for n in sorted(set(number.tolist()) - {-1})}


def of_plan(plan: Plan, selection: Selection) -> None:
    """The alert of a plan, and the pack for a case review."""
    raised = on_plans([plan], selection).get(plan.id)
    if raised is not None:
        st.warning(plan_words.alert(raised, *threshold()), icon=":material/notification_important:")
    if not planning.may("take away"):
        return
    with st.expander("Case review pack"):
        st.caption(plan_words.PACK)
        paper = _paper(plan, raised, selection)
        word, pdf = st.columns(2)
        for column, name, write, ending, mime in (
            (word, "Word", papers.as_docx, "docx", _WORD),
            (pdf, "PDF", papers.as_pdf, "pdf", "application/pdf"),
        ):
            column.download_button(
                f"Pack ({name})",
                partial(_disclosed, plan.id, paper, write, planning.me()),
                file_name=f"case-review-plan-{plan.id}.{ending}",
                mime=mime,
                on_click="ignore",
                disabled=not planning.me(),
                help=None
                if planning.me()
                else "Give your name first: the trail notes who took it.",
                key=f"pack-{ending}-{plan.id}",
                width="stretch",
            )


def _disclosed(plan: int, paper: Paper, write: papers.Writer, who: str) -> bytes:
    """The pack, once the trail says who took it."""
    made = write(paper)
    with records.open_records(data_folder()).session() as session:
        what = f"plan {plan}: case review pack made"
        why = "ASB case review, Anti-social Behaviour, Crime and Policing Act 2014, section 104"
        records.note(session, "disclosure", who, what, why, plan=plan, note=paper.note)
    return made


def _paper(plan: Plan, raised: pd.DataFrame | None, selection: Selection) -> Paper:
    names = {one.key: one.name for one in open_menu(data_folder()).responses}
    by_month, sources = reported_on(
        store.study(selection), Comparison.of_data(plan.comparison).shapes[0]
    )
    reports, months = threshold()
    assessed = planning.risks(plan)
    tasks = planning.all_tasks()
    case = Case(
        plan=plan.id,
        place=plan.place,
        problem=plan.problem,
        objective=plan.objective,
        repeats=store.repeats(selection, reports, months).iloc[:0] if raised is None else raised,
        reports=reports,
        months=months,
        by_month=by_month,
        sources=sources,
        responses=[names.get(key, key) for key in plan.responses],
        tasks=tasks.loc[tasks["plan"] == plan.id],
        decided=[
            f"{said.at.day} {said.at:%B %Y}: {said.text}"
            for said in plan.comments
            if said.kind == DECIDED
        ],
        verdicts=[f"{row.at.day} {row.at:%B %Y}: {row.verdict}" for row in planning.reviews(plan)],
        risk=plan_words.risk_dates(assessed[0], planning.today()) if assessed else "",
        older=max(0, len(assessed) - 1),
    )
    stamped = panels.stamp(selection, data_store.dataset(selection.vintage))
    return case_review.pack(case, made_on=planning.today(), note=wording.bare(stamped.caption))
