"""Plans as the map is told of them: where each is, where it stands, and its tasks, counted."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from hotspots.action.plan_tables import CLOSED, TASK_STATUSES, Plan
from hotspots.action.tasks import OPEN
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.study.held_against import Comparison
from hotspots.views.outlines import PLAN, with_items
from hotspots.views.plan_words import is_due, state
from hotspots.views.wording import NO_FIGURE, count

LABEL: Final = "Map of plans. Every plan is also a row of the list on this page."
# A reader who sees no more of a plan than its own task sees roughly where it is, metres.
_ROUGHLY_M: Final = 100
_ROUND_M: Final = 150


def plan_data(
    plans: Sequence[Plan],
    tasks: pd.DataFrame,
    today: date,
    *,
    exactly: bool,
    grid: str = BRITISH_NATIONAL_GRID,
) -> dict[str, Any]:
    """
    Plans with their words, in the order given.

    Parameters
    ----------
    plans
        Those the reader may see.
    tasks
        Of open plans, from `action.tasks.table`: those the reader may see are counted.
    today
        The day that decides what is due.
    exactly
        Whether the footprint is drawn; otherwise a circle roughly there.
    grid
        Metric grid that plans lie on.
    """
    shapes = [Comparison.of_data(plan.comparison).shapes[0] for plan in plans]
    if not exactly:
        shapes = [roughly(shape) for shape in shapes]
    items = [_item(plan, tasks.loc[tasks["plan"] == plan.id], today) for plan in plans]
    return with_items(np.array(shapes, dtype=np.object_), items, grid)


def roughly(shape: shapely.Geometry) -> shapely.Geometry:
    """A circle about a place, its middle moved to the nearest 100 m either way."""
    middle = np.round(shapely.get_coordinates(shapely.centroid(shape))[0] / _ROUGHLY_M) * _ROUGHLY_M
    return shapely.buffer(shapely.Point(middle), _ROUND_M)


def _item(plan: Plan, tasks: pd.DataFrame, today: date) -> dict[str, Any]:
    where = state(plan, today)
    late = int(tasks["overdue"].sum()) if len(tasks) else 0
    urgent = is_due(plan, today) or late > 0
    said = "no open task"
    if still := int(tasks["status"].isin(OPEN).sum()) if len(tasks) else 0:
        said = count(still, "open task") + (f", {late:,} overdue" if late else "")
    return {
        "number": plan.id,
        "sign": f"{plan.id}{'!' if urgent else ''}",
        "kind": PLAN,
        "form": plan.status,
        "key": f"plan {plan.id}",
        "single": plan.status == CLOSED,
        "title": f"Plan {plan.id}",
        "summary": f"{where}; {said}",
        "label": f"Plan {plan.id}: {where}, {plan.place}, {said}",
        "facts": [
            ["Where", plan.place],
            ["State", where],
            ["Owner", plan.owner or NO_FIGURE],
            *_by_status(tasks),
        ],
    }


def _by_status(tasks: pd.DataFrame) -> list[list[str]]:
    if not len(tasks):
        return [["Tasks", "none open"]]
    many = tasks["status"].value_counts()
    told = [f"{many[key]:,} {TASK_STATUSES[key].lower()}" for key in TASK_STATUSES if key in many]
    return [["Tasks", ", ".join(told)]]
