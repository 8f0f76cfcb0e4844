"""
Plans of weeks as they were decided, kept in the records.

A plan that is made again for the same week takes the place of the one before; both are
kept. An area keeps its outline as it stood, so that what was planned can be held against
what was delivered once areas have moved.
"""

import json
import uuid
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from hotspots import __version__
from hotspots.action.records import Base, Moment, Records, Words, note
from hotspots.action.week_plan import Plan
from hotspots.analysis import dose
from hotspots.errors import SelectionError
from hotspots.tables.patrol_areas import PatrolAreas

_ID = 36


class PatrolPlan(Base):
    """One plan of a week."""

    __tablename__ = "patrol_plans"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    study_area: Mapped[str] = mapped_column(Words(100), index=True)
    first_day: Mapped[date] = mapped_column(Date, index=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    shifts: Mapped[list[Any]] = mapped_column(JSON)
    data: Mapped[str] = mapped_column(Words(100))
    software: Mapped[str] = mapped_column(Words(40))
    why: Mapped[str] = mapped_column(Words(500))
    made_by: Mapped[str] = mapped_column(Words(200))
    made_at: Mapped[datetime] = mapped_column(Moment)


class PlannedVisit(Base):
    """One visit of a plan."""

    __tablename__ = "planned_visits"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("patrol_plans.id"), index=True)
    area: Mapped[str] = mapped_column(Words(40), index=True)
    area_name: Mapped[str] = mapped_column(Words(200))
    outline: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Words(40))
    starts: Mapped[datetime] = mapped_column(Moment, index=True)
    ends: Mapped[datetime] = mapped_column(Moment)
    window: Mapped[int] = mapped_column("window_number", Integer)
    order: Mapped[int] = mapped_column("order_number", Integer)
    travel_min: Mapped[int] = mapped_column(Integer)
    officers: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(String(10))


def keep_plan(
    records: Records,
    plan: Plan,
    areas: PatrolAreas,
    *,
    study_area: str,
    data: str,
    by: str,
    why: str = "",
) -> str:
    """
    Add a plan to the records, whole or not at all.

    Parameters
    ----------
    records
        From `open_records`.
    plan, areas
        The plan, and the areas it was made for.
    study_area, data
        Code of the study area, and the identity of the data.
    by, why
        Who decides, and why where it replaces another.

    Returns
    -------
    id
        Of the plan.

    Raises
    ------
    SelectionError
        When there is nothing to keep, or nobody's name.
    """
    if plan.visits.empty:
        raise SelectionError("The plan holds no visit; there is nothing to keep.")
    name = str(uuid.uuid4())
    first = plan.shifts[0].day
    of_area = areas.set_index("key")
    with records.session() as session:
        session.add(
            PatrolPlan(
                id=name,
                study_area=study_area,
                first_day=first,
                terms=json.loads(json.dumps(asdict(plan.terms))),
                shifts=json.loads(json.dumps([asdict(s) for s in plan.shifts], default=str)),
                data=data,
                software=__version__,
                why=why,
                made_by=by,
                made_at=datetime.now(UTC),
            )
        )
        session.flush()
        for row in plan.visits.to_dict("records"):
            ground = of_area.T[row["key"]]
            session.add(
                PlannedVisit(
                    plan=name,
                    area=row["key"],
                    area_name=_short(ground),
                    outline=ground["geometry"].wkt,
                    unit=row["unit"],
                    starts=row["starts"].to_pydatetime(),
                    ends=row["ends"].to_pydatetime(),
                    window=int(row["window"]),
                    order=int(row["order"]),
                    travel_min=int(row["travel_min"]),
                    officers=int(row["officers"]),
                    mode=row["mode"],
                )
            )
        what = f"Patrol plan kept for the week from {first:%d %B %Y}"
        visits, seed = len(plan.visits), plan.terms.seed
        note(session, "collection", by, what, why, plan=name, visits=visits, seed=seed)
    return name


def planned(
    records: Records,
    *,
    study_area: str,
    first: datetime | None = None,
    last: datetime | None = None,
) -> pd.DataFrame:
    """
    Visits that were planned: of each week the newest plan's.

    Parameters
    ----------
    study_area
        Code of the study area.
    first, last
        Visits that begin at or after the first and before the last.

    Returns
    -------
    planned
        `area` (key), `area_name`, `unit`, `start` and `end` (UTC), `minutes`, `officers`.
    """
    with records.reading() as session:
        newest: dict[date, str] = {}
        of_area = select(PatrolPlan).where(PatrolPlan.study_area == study_area)
        for plan in session.scalars(of_area.order_by(PatrolPlan.made_at, PatrolPlan.id)):
            newest[plan.first_day] = plan.id
        wanted = select(PlannedVisit).where(PlannedVisit.plan.in_(newest.values()))
        if first is not None:
            wanted = wanted.where(PlannedVisit.starts >= first)
        if last is not None:
            wanted = wanted.where(PlannedVisit.starts < last)
        rows = [
            {
                "area": row.area,
                "area_name": row.area_name,
                "unit": row.unit,
                "start": row.starts,
                "end": row.ends,
                "officers": row.officers,
            }
            for row in session.scalars(wanted.order_by(PlannedVisit.starts, PlannedVisit.id))
        ]
    return _planned(rows)


def shifts_of(records: Records, study_area: str, day: date) -> tuple[dose.Shift, ...]:
    """
    Shifts of the plan that was newest on a day, by the names of their units; none before any.

    Parameters
    ----------
    study_area
        Code of the study area.
    day
        Plans of later weeks do not count.
    """
    wanted = (
        select(PatrolPlan.shifts)
        .where(PatrolPlan.study_area == study_area, PatrolPlan.first_day <= day)
        .order_by(PatrolPlan.first_day.desc(), PatrolPlan.made_at.desc(), PatrolPlan.id)
        .limit(1)
    )
    with records.reading() as session:
        kept: list[dict[str, Any]] = session.scalar(wanted) or []
    kinds = {
        (_team(one["unit"]), one["starts_min"] / 60, (one["starts_min"] + one["minutes"]) / 60 % 24)
        for one in kept
    }
    return tuple(dose.Shift(*kind) for kind in sorted(kinds, key=lambda kind: (kind[1], kind[0])))


def _team(unit: str) -> str:
    """A unit's name without its number: Lates 2 is one of Lates."""
    return unit.rstrip("0123456789").rstrip() or unit


def none() -> pd.DataFrame:
    """Visits that nobody planned: every column of `planned`, no row."""
    return _planned([])


def _planned(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["area", "area_name", "unit", "start", "end", "officers"]
    frame = pd.DataFrame(rows, columns=columns)
    times = {name: pd.to_datetime(frame[name], utc=True) for name in ("start", "end")}
    frame = frame.assign(**times)
    return frame.assign(minutes=(frame["end"] - frame["start"]).dt.total_seconds() / 60)


def _short(ground: pd.Series) -> str:
    first = str(ground["streets"]).split("; ", maxsplit=1)[0]
    return ", ".join(part for part in (first, str(ground["ward_name"])) if part)[:200]
