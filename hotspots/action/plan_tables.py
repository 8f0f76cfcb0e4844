"""The tables of problem-solving plans: plans, their tasks, reviews, comments and risk."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotspots.action.records import Base, Moment, Versioned, Words

DRAFT: Final = "draft"
RUNNING: Final = "running"
CLOSED: Final = "closed"
STATUSES: Final = {DRAFT: "Being written", RUNNING: "Running", CLOSED: "Closed"}

TODO: Final = "to do"
DOING: Final = "doing"
DONE: Final = "done"
DROPPED: Final = "dropped"
TASK_STATUSES: Final = {TODO: "To do", DOING: "Doing", DONE: "Done", DROPPED: "Dropped"}

_NAME: Final = 120


class Plan(Versioned, Base):
    """
    A problem-solving plan on one place, in the five steps of OSARA.

    `comparison` is what `hotspots.study.outcome.Comparison` keeps, and `scanning` what was
    known of the hotspot; both are as they were when the plan was made.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    area: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(Words(300))
    key: Mapped[str] = mapped_column(String(20))
    data: Mapped[str] = mapped_column(String(12))
    comparison: Mapped[dict[str, Any]] = mapped_column(JSON)
    scanning: Mapped[list[str]] = mapped_column(JSON)
    template: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(Words(_NAME))

    problem: Mapped[str] = mapped_column(Words(300))
    objective: Mapped[str] = mapped_column(Words(500))
    owner: Mapped[str] = mapped_column(Words(_NAME))
    partners: Mapped[str] = mapped_column(Words(500))
    victim: Mapped[str] = mapped_column(Words())
    offender: Mapped[str] = mapped_column(Words())
    location: Mapped[str] = mapped_column(Words())
    asked_of: Mapped[str] = mapped_column(Words())
    responses: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Words())
    measured_by: Mapped[str] = mapped_column(Words(500))
    review_on: Mapped[date | None] = mapped_column(Date)

    start_month: Mapped[str] = mapped_column(String(7))
    assessment: Mapped[str] = mapped_column(Words())
    verdict: Mapped[str] = mapped_column(Words())
    reviewed_by: Mapped[str] = mapped_column(Words(_NAME))
    review: Mapped[str] = mapped_column(Words())
    closed_on: Mapped[date | None] = mapped_column(Date)

    tasks: Mapped[list["Task"]] = relationship(
        back_populates="plan", order_by="Task.due, Task.id", lazy="selectin"
    )
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.id", lazy="selectin")


class Task(Versioned, Base):
    """One piece of work of a plan: whose, by when, and what it waits for."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    what: Mapped[str] = mapped_column(Words(300))
    agency: Mapped[str] = mapped_column(Words(_NAME), index=True)
    role: Mapped[str] = mapped_column(Words(_NAME))
    due: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12))
    after: Mapped[int | None] = mapped_column(ForeignKey("task.id"))

    plan: Mapped[Plan] = relationship(back_populates="tasks", lazy="joined")


class Comment(Base):
    """What somebody said about a plan, or decided about it in a meeting; only ever added."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Words(_NAME))
    text: Mapped[str] = mapped_column(Words())


class Risk(Base):
    """A risk assessment of a place; a newer one replaces none, and none names a person."""

    __tablename__ = "risk"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    on: Mapped[date] = mapped_column(Date)
    level: Mapped[str] = mapped_column(String(12))
    basis: Mapped[str] = mapped_column(Words())
    reviewer: Mapped[str] = mapped_column(Words(_NAME))
    next_review: Mapped[date] = mapped_column(Date)
    keep_until: Mapped[date] = mapped_column(Date)
