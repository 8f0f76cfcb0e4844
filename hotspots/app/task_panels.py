"""Tasks on the Partners page: a board, a list, by agency, and the files that remind."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from hotspots.action import tasks
from hotspots.action.plan_tables import CLOSED, DROPPED, TASK_STATUSES, Plan
from hotspots.app import panels, plan_map, planning
from hotspots.selection import Selection
from hotspots.views import plan_words, wording

_SHOWN: Final = [status for status in TASK_STATUSES if status != DROPPED]
_DUE_IN: Final = timedelta(days=28)


def every(plans: list[Plan], selection: Selection) -> None:
    """Every open plan's tasks."""
    held = planning.all_tasks()
    if held.empty:
        st.info("No task yet: tasks are given on a plan’s own page.", icon=":material/info:")
        return
    top, files = st.columns([5, 2], vertical_alignment="bottom")
    agencies = sorted(held["agency"].unique())
    chosen = top.multiselect("Agencies", agencies, placeholder="All", key="task-agencies")
    shown = held.loc[held["agency"].isin(chosen)] if chosen else held
    with files.popover("Reminders to take away", width="stretch"):
        _files(shown)
    view = st.radio(
        "Show as",
        ["Board", "List", "Map"],
        horizontal=True,
        key="task-view",
        label_visibility="collapsed",
    )
    if view == "List":
        panels.table(plan_words.tasks(shown))
    elif view == "Map":
        with_task = set(shown["plan"])
        plan_map.show([plan for plan in plans if plan.id in with_task], shown, selection)
    else:
        _board(shown)
    planning.said("task")
    with st.expander("Load by agency"):
        panels.table(plan_words.load(tasks.load(held)))


def _files(shown: pd.DataFrame) -> None:
    now, day = datetime.now(UTC), planning.today()
    st.download_button(
        "Calendar (ICS)",
        partial(tasks.calendar, shown, made=now),
        file_name="tasks.ics",
        mime="text/calendar",
        on_click="ignore",
        key="save-ics",
    )
    st.download_button(
        "Digest for an e-mail (text)",
        partial(tasks.digest, shown, today=day),
        file_name="tasks.txt",
        mime="text/plain",
        on_click="ignore",
        key="save-digest",
    )
    st.caption("Nothing is sent from here: import the calendar, or paste the digest.")


def _board(shown: pd.DataFrame) -> None:
    for column, status in zip(st.columns(len(_SHOWN), gap="medium"), _SHOWN, strict=True):
        here = shown.loc[shown["status"] == status]
        with column:
            st.markdown(f"**{TASK_STATUSES[status]}** ({len(here)})")
            for number, task in here.iterrows():
                with st.container(border=True):
                    _card(int(str(number)), task)


def _card(number: int, task: pd.Series) -> None:
    late = "**Overdue**, was due" if task["overdue"] else "Due"
    waits = " Waits for another task." if task["waits"] else ""
    st.markdown(wording.plain(task["what"]))
    st.caption(
        f"{wording.plain(task['agency'])}. {late} {task['due']:%d %b %Y}.{waits} "
        f"Plan {task['plan']}, {wording.plain(task['place'])}"
    )
    if planning.may("work"):
        _mover(number, task["status"], int(task["version"]), where="board")


def _mover(number: int, status: str, version: int, *, where: str) -> None:
    """The one control that moves a task on."""
    key = f"move-{where}-{number}-{version}"

    def moved() -> None:
        planning.change(
            "task",
            f"Task {number} is moved.",
            lambda session: tasks.move(
                session, number, version, who=planning.me(), status=st.session_state[key]
            ),
            action="work",
        )

    st.selectbox(
        f"Status of task {number}",
        list(TASK_STATUSES),
        index=list(TASK_STATUSES).index(status),
        format_func=TASK_STATUSES.__getitem__,
        key=key,
        on_change=moved,
        label_visibility="collapsed",
    )


def of_plan(plan: Plan) -> None:
    """A plan's own tasks, and the form that gives another."""
    st.markdown("**Tasks**")
    for task in plan.tasks:
        if not planning.own(task.agency):
            continue
        text, mover = st.columns([3, 2], vertical_alignment="center")
        text.markdown(
            f"{task.id}. {wording.plain(task.what)} — {wording.plain(task.agency)}, "
            f"{task.due:%d %b %Y}"
        )
        with mover:
            if plan.status != CLOSED and planning.may("work"):
                _mover(task.id, task.status, task.version, where="plan")
            else:
                st.write(TASK_STATUSES[task.status])
    planning.said("task")
    if plan.status == CLOSED or not planning.may("plan"):
        return
    with st.expander("Give a task", expanded=not plan.tasks):
        _give(plan)


def _give(plan: Plan) -> None:
    names = tasks.numbers(plan.tasks)
    with st.form(f"give-{plan.id}", border=False, clear_on_submit=True):
        what = st.text_input("What is to be done", max_chars=300)
        one, two = st.columns(2)
        agency = one.text_input("Agency", max_chars=120)
        role = two.text_input("Role of the person there", max_chars=120)
        due = one.date_input("Due", planning.today() + _DUE_IN)
        after = two.selectbox(
            "Only after",
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder="Nothing",
        )
        if st.form_submit_button("Give this task"):
            planning.change(
                "task",
                "The task is given.",
                lambda session: tasks.add(
                    session,
                    plan.id,
                    who=planning.me(),
                    what=what,
                    agency=agency,
                    role=role,
                    due=due,
                    after=after,
                ),
                action="plan",
            )
            st.rerun()
