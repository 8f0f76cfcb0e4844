"""The tasks of plans: whose, by when, what waits for what; and the files that remind."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import icalendar
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotspots.action import records
from hotspots.action.plan_tables import CLOSED, DONE, DROPPED, TASK_STATUSES, TODO, Plan, Task
from hotspots.errors import SelectionError

OPEN: Final = tuple(status for status in TASK_STATUSES if status not in {DONE, DROPPED})
COLUMNS: Final = (
    "plan",
    "place",
    "what",
    "agency",
    "role",
    "due",
    "status",
    "after",
    "overdue",
    "waits",
    "version",
)
# A digest looks so many days ahead.
AHEAD: Final = timedelta(days=14)
# A calendar reminds so many days before a task is due.
REMIND: Final = timedelta(days=3)


def add(
    session: Session,
    plan: int,
    *,
    who: str,
    what: str,
    agency: str,
    role: str,
    due: date,
    after: int | None = None,
) -> Task:
    """
    A new task of a plan.

    Parameters
    ----------
    session
        From `Records.session`.
    plan
        Number of the plan.
    who
        Name of the person who gives it.
    what, agency, role
        What is to be done, by which agency, and the role of the person there.
    due
        By when.
    after
        Number of a task of the same plan that must be done first.

    Raises
    ------
    SelectionError
        When something is missing, the plan is closed, or the other task is not the plan's.
    """
    held = session.get(Plan, plan)
    if held is None or held.status == CLOSED:
        raise SelectionError("A closed plan takes no more tasks.")
    if not (records.clean(what) and records.clean(agency)):
        raise SelectionError("A task needs what is to be done, and an agency that will do it.")
    if after is not None and after not in {task.id for task in held.tasks}:
        raise SelectionError(f"Task {after} is not a task of this plan.")
    task = Task(plan=held, what=what, agency=agency, role=role, due=due, status=TODO, after=after)
    session.add(task)
    session.flush()
    records.note(session, "collection", who, f"task {task.id} of plan {plan}: {agency}", plan=plan)
    return task


def move(session: Session, number: int, version: int, *, who: str, status: str) -> Task:
    """
    Move a task on.

    Raises
    ------
    SelectionError
        When the status is unknown, or a task that must come first is not done.
    ChangedMeanwhileError
        When somebody else changed it first.
    """
    task = records.expect(session, Task, number, version)
    if status not in TASK_STATUSES:
        raise SelectionError(f"The status of a task is one of {', '.join(TASK_STATUSES)}.")
    first = session.get(Task, task.after) if task.after else None
    if status == DONE and first is not None and first.status in OPEN:
        raise SelectionError(f"“{first.what}” comes first, and is not done.")
    if task.status != status:
        before, task.status = task.status, status
        records.note(
            session,
            "alteration",
            who,
            f"task {number}: {before} to {status}",
            plan=task.plan_id,
        )
    return task


def table(session: Session, *, today: date | None = None) -> pd.DataFrame:
    """
    Every task of every plan that is not closed, soonest first.

    Returns
    -------
    tasks
        Indexed by number: `plan`, `place`, `what`, `agency`, `role`, `due`, `status`,
        `after` (number of the task that comes first, or missing), `overdue`, `waits`
        (whether what comes first is not done) and `version`.
    """
    today = today or datetime.now(UTC).date()
    wanted = select(Task).join(Plan).where(Plan.status != CLOSED).order_by(Task.due, Task.id)
    tasks = list(session.scalars(wanted).unique())
    still = {task.id for task in tasks if task.status in OPEN}
    rows = [
        {
            "plan": task.plan_id,
            "place": task.plan.place,
            "what": task.what,
            "agency": task.agency,
            "role": task.role,
            "due": task.due,
            "status": task.status,
            "after": task.after,
            "overdue": task.status in OPEN and task.due < today,
            "waits": task.status in OPEN and task.after in still,
            "version": task.version,
        }
        for task in tasks
    ]
    numbers = pd.Index([task.id for task in tasks], name="task", dtype="int64")
    return pd.DataFrame(rows, index=numbers, columns=list(COLUMNS))


def empty() -> pd.DataFrame:
    """The table of no task."""
    return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="task", dtype="int64"))


def load(tasks: pd.DataFrame) -> pd.DataFrame:
    """
    Open and overdue tasks of each agency, the most burdened first.

    Parameters
    ----------
    tasks
        From `table`.
    """
    still = tasks.loc[tasks["status"].isin(OPEN)]
    grouped = still.groupby("agency")["overdue"]
    counted = pd.DataFrame({"open": grouped.size(), "overdue": grouped.sum().astype("int64")})
    return counted.sort_values(["overdue", "open"], ascending=False)


def calendar(tasks: pd.DataFrame, *, made: datetime) -> bytes:
    """
    Open tasks as an iCalendar file: an all-day entry on each due date, and a reminder before.

    Parameters
    ----------
    tasks
        From `table`.
    made
        When the file is written.
    """
    file = icalendar.Calendar()
    file.add("prodid", "-//ASB hotspots//tasks//EN")
    file.add("version", "2.0")
    for number, task in tasks.loc[tasks["status"].isin(OPEN)].iterrows():
        entry = icalendar.Event()
        entry.add("uid", f"task-{number}@asb-hotspots")
        entry.add("dtstamp", made)
        entry.add("dtstart", task["due"])
        entry.add("summary", f"{task['agency']}: {task['what']}")
        entry.add("description", f"Plan {task['plan']}, {task['place']}. {task['role']}".strip())
        reminder = icalendar.Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", f"Due in {REMIND.days} days: {task['what']}")
        reminder.add("trigger", -REMIND)
        entry.add_component(reminder)
        file.add_component(entry)
    return bytes(file.to_ical())


def digest(tasks: pd.DataFrame, *, today: date) -> str:
    """
    What is overdue and what is due soon, by agency, as text to paste into an e-mail.

    Parameters
    ----------
    tasks
        From `table`.
    today
        The day it is written on.
    """
    still = tasks.loc[tasks["status"].isin(OPEN)]
    soon = still.loc[still["due"] <= today + AHEAD]
    if soon.empty:
        return f"Tasks on {today:%d %B %Y}: nothing is due in the next {AHEAD.days} days.\n"
    lines = [f"Tasks on {today:%d %B %Y}"]
    whole = load(tasks)
    for agency, group in soon.groupby("agency"):
        now, late = int(whole["open"][agency]), int(whole["overdue"][agency])
        lines += ["", f"{agency}: {now:,} open, {late or 'none'} overdue"]
        lines += [_line(task) for _, task in group.iterrows()]
    return "\n".join([*lines, ""])


def _line(task: pd.Series) -> str:
    late = "OVERDUE, was due" if task["overdue"] else "due"
    role = f" ({task['role']})" if task["role"] else ""
    what = " ".join(task["what"].split())
    return f"- {what}{role}: {late} {task['due']:%d %B}; plan {task['plan']}, {task['place']}"


def numbers(tasks: Sequence[Task]) -> dict[int, str]:
    """Tasks by number, as a list to choose from shows them."""
    return {task.id: f"{task.what} ({task.agency})" for task in tasks}
