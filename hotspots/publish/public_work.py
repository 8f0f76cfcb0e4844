"""
What is being done about which ward, as far as the public may know it.

Of a plan the public is told what kind of thing is done, by which agencies, by when, and how
it stands; never what anybody wrote in it. What is done about a person or about one
building is only said to be done: a closure or an order would name an address.
"""

from typing import Final

import numpy as np

from hotspots.action import plans
from hotspots.action.plan_tables import CLOSED, DRAFT, DROPPED, Plan
from hotspots.action.records import Records
from hotspots.action.responses import Menu
from hotspots.analysis.areas import assign
from hotspots.analysis.grid_references import coordinates
from hotspots.periods import month_in_words, parse_month
from hotspots.publish.public_areas import Area
from hotspots.publish.story import Work
from hotspots.publish.words import Words
from hotspots.tables.wards import Wards

# Kinds of response that are about a place, and can be named without naming anybody.
_NAMED: Final = {"whole place", "patrol", "design", "engagement"}


def public_work(records: Records, wards: Wards, menu: Menu, words: Words) -> tuple[Work, ...]:
    """
    Work recorded in plans that were begun, each with the ward it is for.

    Parameters
    ----------
    records
        Where plans are kept.
    wards
        Of the public vintage.
    menu
        The responses a plan chooses from.
    words
        To say it in.
    """
    with records.reading() as session:
        begun = [plan for plan in plans.listed(session) if plan.status != DRAFT]
        return tuple(work for plan in begun for work in _work(plan, wards, menu, words))


def of_area(work: tuple[Work, ...], area: Area, wards: Wards) -> tuple[Work, ...]:
    """Work for an area: its ward, the wards of its council, or all of it."""
    if area.ward is not None:
        return tuple(one for one in work if one.area == area.ward)
    if area.authority is not None:
        codes = set(wards.index[wards["authority"] == area.authority])
        return tuple(one for one in work if one.area in codes)
    return work


def _work(plan: Plan, wards: Wards, menu: Menu, words: Words) -> list[Work]:
    at = coordinates(plan.key)
    code = assign(np.array([at], dtype=np.float64), wards).code.iloc[0] if at else None
    if not isinstance(code, str):
        return []
    chosen = [menu[key] for key in plan.responses if key in menu]
    named = [response.name for response in chosen if response.kind in _NAMED]
    if not named or len(named) < len(plan.responses):
        named.append(words("doing.other"))
    tasks = [task for task in plan.tasks if task.status != DROPPED]
    agencies = "; ".join(sorted({task.agency for task in tasks if task.agency}))
    due = max((task.due for task in tasks), default=plan.review_on)
    when = month_in_words(parse_month(f"{due:%Y-%m}")) if due else words("doing.no_date")
    stands = words("doing.closed" if plan.status == CLOSED else "doing.running")
    place = str(wards["name"][code])
    who = agencies or words("doing.no_one")
    return [Work(f"{what} ({place})", who, when, stands, code) for what in named]
