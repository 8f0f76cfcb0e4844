"""
What the Partners page asks of the records: who is asking, what is held, what is changed.

A change runs before the page is drawn again; what came of it is said beside the form.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from hotspots.action import (
    attachments,
    plan_reviews,
    plans,
    records,
    roles,
    tasks,
    visits,
)
from hotspots.action.attachments import Attachment
from hotspots.action.plan_reviews import PlanReview, Standing
from hotspots.action.plan_tables import CLOSED, Plan, Risk
from hotspots.analysis.dose import by_month
from hotspots.app import data_store, store, who
from hotspots.errors import HotspotsError
from hotspots.periods import parse_month
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison
from hotspots.study.outcome import Outcome
from hotspots.views import outcome_words, wording

_WHO: Final = "planner"
_OPEN: Final = "plan open"
# Offered in the form; a force sets its own by rule.
RISK_REVIEW: Final = timedelta(days=28)
RISK_KEPT: Final = timedelta(days=365)
_SAID: Final = "plan said"


def today() -> date:
    """The day that decides what is due."""
    return datetime.now(UTC).date()


def ask_who() -> str:
    """Name of the person who writes: from the sign-in, or typed where nobody signs in."""
    if name := who.person().name:
        return name
    state = st.session_state
    state.setdefault("plan-who", state.get(_WHO, ""))
    typed = st.text_input(
        "Your name",
        key="plan-who",
        max_chars=120,
        help="The records say who made each change.",
    )
    state[_WHO] = typed
    return typed


def me() -> str:
    """Name that the records give to a change."""
    typed = st.session_state.get("plan-who") or st.session_state.get(_WHO, "")
    return who.person().name or str(typed)


def may(action: str) -> bool:
    """Whether the reader may do something of `action.roles.ACTIONS`."""
    return roles.may(who.person(), action)


def sees_data() -> bool:
    """Whether the reader may see what a plan was made from: not a partner in one task of it."""
    return roles.ROLES[who.person().role].plans == "all"


def every() -> list[Plan]:
    """Every plan that the reader may see; nothing is made by looking."""
    if not records.exist(data_folder()):
        return []
    with records.open_records(data_folder()).reading() as session:
        held = plans.listed(session)
    reader = who.person()
    return [
        plan for plan in held if roles.may_see_plan(reader, {task.agency for task in plan.tasks})
    ]


def all_tasks() -> pd.DataFrame:
    """Every task of a plan that is not closed; for a partner, its own."""
    if not records.exist(data_folder()):
        return tasks.empty()
    with records.open_records(data_folder()).reading() as session:
        held = tasks.table(session, today=today())
    return held.loc[[own(agency) for agency in held["agency"]]]


def own(agency: str) -> bool:
    """Whether the reader sees an agency's tasks."""
    reader = who.person()
    return roles.ROLES[reader.role].plans == "all" or reader.agency == agency


def opened(held: list[Plan]) -> Plan | None:
    """The plan that is open on the page."""
    return next((plan for plan in held if plan.id == st.session_state.get(_OPEN)), None)


def about(held: list[Plan], key: str | None) -> Plan | None:
    """The plan that is open on a hotspot."""
    return next((plan for plan in held if plan.key == key and plan.status != CLOSED), None)


def show(number: int | None) -> None:
    """Open a plan, or go back to the list."""
    st.session_state[_OPEN] = number


def refuse(where: str, why: str) -> None:
    """Say beside a form why nothing was done."""
    st.session_state[_SAID] = (where, "error", why)


def change(where: str, done: str, work: Callable[[Session], Any], *, action: str) -> Any:
    """
    Do one thing in the records, if the reader may, and remember what came of it.

    Parameters
    ----------
    where
        Name of the form that it is said beside.
    done
        What is said when it went well.
    work
        Given a session that may write.
    action
        What it is, of `action.roles.ACTIONS`.

    Returns
    -------
    answer
        Whatever `work` gives; None when it could not be done.
    """
    try:
        roles.check(who.person(), action)
        with records.open_records(data_folder()).session() as session:
            answer = work(session)
    except HotspotsError as error:
        st.session_state[_SAID] = (where, "error", str(error))
        return None
    st.session_state[_SAID] = (where, "success", done)
    return answer


def said(where: str) -> None:
    """What came of the last change, beside the form it was asked in."""
    place, kind, text = st.session_state.get(_SAID, ("", "", ""))
    if place != where:
        return
    del st.session_state[_SAID]
    if kind == "error":
        st.error(wording.plain(text), icon=":material/block:")
    else:
        st.success(wording.plain(text), icon=":material/check:")


def files(plan: Plan) -> list[Attachment]:
    """Files of a plan that the reader may see: a partner, those of its own tasks."""
    with records.open_records(data_folder()).reading() as session:
        held = attachments.of_plan(session, plan.id)
    if sees_data():
        return held
    mine = {task.id for task in plan.tasks if own(task.agency)}
    return [row for row in held if row.task_id in mine]


def risks(plan: Plan) -> list[Risk]:
    """Risk assessments of a plan, the newest first."""
    with records.open_records(data_folder()).reading() as session:
        return plans.risks(session, plan.id)


def assess_risk(plan: Plan, *, level: str, basis: str, review: date, keep: date) -> None:
    """Record a risk assessment."""
    change(
        "risk",
        "Recorded.",
        lambda session: plans.assess_risk(
            session,
            plan.id,
            who=me(),
            level=level,
            basis=basis,
            next_review=review,
            keep_until=keep,
        ),
        action="plan",
    )


def save(plan: Plan, texts: dict[str, Any]) -> None:
    """Change what a plan says, and draw the page again."""
    change(
        "plan",
        "Saved.",
        lambda session: plans.write(session, plan.id, plan.version, who=me(), **texts),
        action="plan",
    )
    st.rerun()


def outcome(plan: Plan, selection: Selection) -> Outcome:
    """Outcome of a plan that has started, on everything held."""
    loaded = data_store.dataset(selection.vintage, role=selection.role)
    return store.outcome(
        loaded.identity, selection.vintage, selection.role, plan.comparison, plan.start_month
    )


def standing(plan: Plan, selection: Selection) -> Standing:
    """A plan's verdict as it stands, to be kept."""
    came = outcome(plan, selection)
    return Standing(
        verdict=outcome_words.verdict(came.judged) if came.enough else "",
        last_month=str(came.after[-1]) if came.enough else "",
        data=selection.data,
        figures=came.as_data(),
    )


def reviews(plan: Plan) -> list[PlanReview]:
    """Reviews of a plan, the first one first."""
    with records.open_records(data_folder()).reading() as session:
        return plan_reviews.of_plan(session, plan.id)


def patrolled(plan: Plan) -> pd.DataFrame:
    """Visits by month to patrol areas that share ground with a plan's place, from the log."""
    held = records.open_records(data_folder())
    place = Comparison.of_data(plan.comparison).shapes[0]
    return by_month(visits.visits(held), place)


def started(plan: Plan) -> pd.Period:
    """First month of a plan's response."""
    return parse_month(plan.start_month)
