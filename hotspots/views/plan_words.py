"""Sentences about plans and tasks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from hotspots.action import attachments
from hotspots.action.attachments import Attachment
from hotspots.action.plan_checks import checks
from hotspots.action.plan_tables import RUNNING, STATUSES, TASK_STATUSES, Plan, Risk
from hotspots.action.responses import KINDS, STRENGTHS, Menu
from hotspots.action.tasks import OPEN
from hotspots.analysis.case_review import CALLER, POINT
from hotspots.periods import month_in_words
from hotspots.study.held_against import Comparison
from hotspots.views.wording import NO_FIGURE, count, plain

NO_PLAN: Final = (
    "No plan yet. A plan begins with a hotspot: choose one here, or on the Where page, where "
    "its card leads to this one."
)
BORN: Final = (
    "What the place held, and the places it will be compared with, are settled now and stay as "
    "they are, before anything is done."
)
POINTS: Final = (
    "A published map point stands for at least eight addresses, or for a public place: many "
    "reports there are many reports, and nobody’s case."
)
SIDES: Final = {"victim": "Victim", "offender": "Offender", "location": "Place"}
FILES: Final = (
    "PDF, Word, Excel, PowerPoint, PNG, JPEG or text, at most "
    f"{attachments.size_in_words(attachments.LARGEST)} a file. What it is is told from its "
    "content. Macros, passwords and archives are refused; no names of people."
)
PACK: Final = (
    "For the bodies that review a case: counts of reports, what was tried and by whom, risk "
    "assessments due, and the questions of section 104. It is marked and names nobody; the trail "
    "notes who made it as a disclosure."
)
MENU: Final = (
    "Listed by kind. It is not an order to follow, and the law is as the source describes it; "
    "check it before use."
)


def finding(plans: Sequence[Plan], tasks: pd.DataFrame, today: date) -> str:
    """
    How things stand, as the title of the Partners page.

    Parameters
    ----------
    plans
        Every plan.
    tasks
        From `action.tasks.table`.
    today
        The day that decides what is due.
    """
    if not plans:
        return "No plan has been started yet"
    running = sum(plan.status == RUNNING for plan in plans)
    due = sum(is_due(plan, today) for plan in plans)
    parts = [f"{count(running, 'plan')} running"]
    parts += [f"{count(due, 'plan')} due for review"] if due else []
    overdue = int(tasks["overdue"].sum()) if len(tasks) else 0
    still = int(tasks["status"].isin(OPEN).sum()) if len(tasks) else 0
    parts.append(f"{count(still, 'task')} open" + (f", {overdue:,} overdue" if overdue else ""))
    said = "; ".join(parts)
    return said[0].upper() + said[1:]


def title(plan: Plan) -> str:
    """Name of one plan, as the title of its page."""
    return plain(f"Plan {plan.id} · {plan.place}")


def compared_with(held: Comparison) -> str:
    """How the places that a plan is compared with came to be those."""
    if held.draw is None:
        return (
            "Chosen when the plan was made, for like counts and like ground, and far enough away "
            "that nothing done here reaches them."
        )
    own = (
        "The draw let this place be visited and held those back, so that nobody chose which."
        if held.draw.drawn_too
        else "This place itself was in no block of the draw."
    )
    return (
        f"Patrol areas that a fair test holds back by the draw from {held.draw.starts:%d %B %Y} to "
        f"{held.draw.ends:%d %B %Y}, those with the likest counts and ground. {own}"
    )


def file(row: Attachment) -> str:
    """One file in a line."""
    of = f", task {row.task_id}" if row.task_id else ""
    kind = f"{row.kind}, {attachments.size_in_words(row.size)}{of}"
    return f"{row.name} ({kind}). Added by {row.added_by}, {_day(row.added_at.date())}."


def repeats(table: pd.DataFrame, *, planned: int) -> str:
    """How many reach the threshold, and how many of them a plan is about."""
    cases = table.loc[table["kind"] != POINT]
    marked = int((cases["vulnerable"] > 0).sum())
    one, many = "caller, address or exact place", "callers, addresses or exact places"
    named = count(len(cases), one, many)
    points = count(len(table) - len(cases), "published map point")
    reach = (
        f"{named} and {points} reach this number. In the place of an open plan: "
        f"{planned or 'none'} of them."
    )
    said = reach[0].upper() + reach[1:]
    if marked:
        said += f" In {marked:,} of the former a source marks somebody as vulnerable."
    return said


def unplanned(cases: int, elsewhere: int) -> str:
    """Cases over the threshold that no open plan is about."""
    named = count(cases, "caller, address or exact place", "callers, addresses or exact places")
    rest = f" {elsewhere:,} of them lie in no hotspot, or nowhere known." if elsewhere else ""
    return f"No open plan is about {named} over the threshold.{rest}"


def alert(table: pd.DataFrame, reports: int, months: int) -> str:
    """That repeats on a plan's ground reach the case-review threshold, counted."""
    callers = int((table["kind"] == CALLER).sum())
    parts = [count(callers, "caller or address", "callers or addresses")] if callers else []
    places = len(table) - callers
    parts += [count(places, "exact place")] if places else []
    marked = int((table["vulnerable"] > 0).sum())
    said = (
        f"Over the case-review threshold on this ground: {' and '.join(parts)} with {reports} or "
        f"more reports in {count(months, 'month')}, the newest in "
        f"{month_in_words(table['last'].max())}."
    )
    return said + (f" In {marked:,} a source marks somebody as vulnerable." if marked else "")


def repeat_table(table: pd.DataFrame, plan: pd.Series) -> pd.DataFrame:
    """Repeats as a reader sees them; a vulnerability is counted and nobody is named."""
    return pd.DataFrame(
        {
            "What": table["kind"],
            "Hashed key": table["key"].where(table["key"] != "", NO_FIGURE),
            "Reports": table["reports"],
            "Marked vulnerable": table["vulnerable"],
            "Street": table["street"],
            "Newest": [month_in_words(month) for month in table["last"]],
            "Sources": table["sources"],
            "Plan": plan,
        },
    ).set_axis(pd.RangeIndex(1, len(table) + 1, name="No."))


def risk_dates(assessed: Risk, today: date) -> str:
    """One risk assessment without what it rests on or who made it."""
    late = " The review is overdue." if assessed.next_review < today else ""
    return (
        f"{assessed.level.capitalize()}, assessed on {_day(assessed.on)}. "
        f"Next review {_day(assessed.next_review)}.{late}"
    )


def risk(assessed: Risk, today: date) -> str:
    """One risk assessment in a sentence."""
    late = " The review is overdue." if assessed.next_review < today else ""
    return plain(
        f"{assessed.level.capitalize()}, assessed on {_day(assessed.on)} by {assessed.reviewer}: "
        f"{assessed.basis}. Next review {_day(assessed.next_review)}; kept until "
        f"{_day(assessed.keep_until)}.{late}"
    )


def is_due(plan: Plan, today: date) -> bool:
    """Whether a plan that runs has come to its review."""
    return plan.status == RUNNING and plan.review_on is not None and plan.review_on <= today


def state(plan: Plan, today: date) -> str:
    """Where a plan stands, in a few words."""
    if plan.status == RUNNING and is_due(plan, today):
        return "Due for review"
    if plan.status != "draft":
        return STATUSES[plan.status]
    missing = sum(not check.holds for check in checks(plan))
    return f"Being written, {count(missing, 'check')} to meet" if missing else "Ready to start"


def plans(
    every: Sequence[Plan], today: date, alerts: Mapping[int, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Plans as a list, with how many repeats over the threshold lie on each."""
    raised = alerts or {}
    rows = [
        {
            "Place": plan.place,
            "State": state(plan, today),
            "Owner": plan.owner or NO_FIGURE,
            "Review": _day(plan.review_on),
            "Open tasks": sum(task.status in OPEN for task in plan.tasks),
            "Repeats": len(raised.get(plan.id, ())) or NO_FIGURE,
            "Outcome": plan.verdict or NO_FIGURE,
        }
        for plan in every
    ]
    numbers = pd.Index([plan.id for plan in every], name="Plan")
    return pd.DataFrame(rows, index=numbers)


def tasks(table: pd.DataFrame) -> pd.DataFrame:
    """Tasks as a list, soonest first."""
    state = [
        "Overdue" if late else f"{TASK_STATUSES[status]}{', waits' if waits else ''}"
        for late, status, waits in zip(
            table["overdue"], table["status"], table["waits"], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "Due": [_day(day) for day in table["due"]],
            "What": table["what"],
            "Agency": table["agency"],
            "Role": table["role"],
            "State": state,
            "Plan": [
                f"{n} · {place}" for n, place in zip(table["plan"], table["place"], strict=True)
            ],
        },
        index=table.index.rename("Task"),
    )


def load(table: pd.DataFrame) -> pd.DataFrame:
    """Tasks by agency."""
    return table.rename(columns={"open": "Open", "overdue": "Overdue"}).rename_axis("Agency")


def menu(held: Menu, kind: str) -> pd.DataFrame:
    """Responses of one kind."""
    chosen = [one for one in held.responses if one.kind == kind]
    return pd.DataFrame(
        {
            "Who may use it": [one.who for one in chosen],
            "What it needs": [one.needs for one in chosen],
            "What is known": [f"{STRENGTHS[one.strength]}. {one.evidence}." for one in chosen],
            "What to record": [one.record for one in chosen],
            "Source": [one.source for one in chosen],
        },
        index=pd.Index([one.name for one in chosen], name=KINDS[kind]),
    )


def _day(day: date | None) -> str:
    return NO_FIGURE if day is None else f"{day.day} {day:%b %Y}"
