"""
What the Partners page asks of the records: who is asking, what is held, what is changed.

A change runs before the page is drawn again; what came of it is said beside the form.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from hotspots.action import (
    attachments,
    held_back,
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
from hotspots.app import panels, store, who
from hotspots.errors import HotspotsError
from hotspots.periods import parse_month
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study.held_against import Comparison, Waiting, comparison
from hotspots.study.outcome import Outcome
from hotspots.tables.hotspots import Hotspots
from hotspots.views import outcome_words, where_words, wording

_WHO: Final = "planner"
_OPEN: Final = "plan open"
_OFFERED: Final = "plan offered at"
# Whether the form that makes a plan was asked for elsewhere, and so stands open.
PROPOSED: Final = "plan proposed"
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


def offer(hotspots: Hotspots, selection: Selection) -> None:
    """Put the hotspot that is picked out in the form that makes a plan."""
    state = st.session_state
    key = selection.hotspot
    if "new-hotspot" in state and state.get(_OFFERED) == key:
        return
    numbers = hotspots.index[hotspots["key"] == key]
    state["new-hotspot"] = int(numbers[0]) if len(numbers) else None
    state[_OFFERED] = key


def propose(number: int, asked: str | None) -> None:
    """Put a hotspot in the form that makes a plan, and go there."""
    state = st.session_state
    state["new-hotspot"], state[_OFFERED], state[PROPOSED] = number, asked, True
    state["partners view"] = "Plans"


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


def begin(selection: Selection, number: int, template: str, written: dict[str, Any]) -> None:
    """Make a plan on a hotspot of the selection, and open it."""
    study, found = store.study(selection), store.found(selection)
    row = found.hotspots.T[number]
    others = [
        Comparison.of_data(one.comparison).shapes[0] for one in every() if one.status != CLOSED
    ]
    by_draw = waiting(selection) if st.session_state.get("new-by-draw") else None
    place = found.hotspots.geometry[number]
    if by_draw is not None and by_draw.holds_back(place):
        refuse("plan", outcome_words.breaks(by_draw))
        return
    held = comparison(
        study, found, number, taken=np.asarray(others, dtype=np.object_), waiting=by_draw
    )
    made = change(
        "plan",
        "The plan is made; its baseline and comparison are frozen.",
        lambda session: (
            plans.begin(
                session,
                who=me(),
                comparison=held,
                place=wording.place(row["streets"], row["ward_name"]),
                key=row["key"],
                data=selection.data,
                scanning=scanning(selection, number),
                template=template,
                written=written,
            ).id
        ),
        action="plan",
    )
    if made is not None:
        show(made)


def waiting(selection: Selection) -> Waiting | None:
    """Areas of the study area that a fair test holds back today."""
    if not records.exist(data_folder()):
        return None
    return held_back.waiting(records.open_records(data_folder()), selection.area, today())


def scanning(selection: Selection, number: int) -> list[str]:
    """What was known of a hotspot, as sentences to be kept."""
    hotspots = store.found(selection).hotspots
    stamped = panels.stamp(selection, store.dataset(selection.vintage))
    said = [
        where_words.hotspot_facts(
            hotspots.T[number], ward_share=store.ward_share(selection, number)
        ),
        where_words.certainty(store.certainty(selection, number)),
        where_words.past(store.past(selection, number)),
        where_words.mix(store.mix(selection, number)),
        f"Found with: {stamped.selection}. Source: {stamped.note}.",
    ]
    lines = "\n".join(said).replace("**", "").replace("\\", "").splitlines()
    return [line.removeprefix("- ").strip() for line in lines if line.strip()]


def outcome(plan: Plan, selection: Selection) -> Outcome:
    """Outcome of a plan that has started, on everything held."""
    loaded = store.dataset(selection.vintage, role=selection.role)
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
