"""
What each review of a plan found: the verdict as it stood, on which data, with its figures.

Verdicts change as months arrive and as data are replaced. Each is kept as it was said, so
that a plan shows every one of them and not the last alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots import __version__
from hotspots.action.plan_tables import RUNNING, Plan
from hotspots.action.records import Base, Moment, Words, clean, note
from hotspots.errors import SelectionError

_NAME = 120


class PlanReview(Base):
    """One review of a plan; only ever added."""

    __tablename__ = "plan_review"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Words(_NAME))
    closing: Mapped[bool] = mapped_column(Boolean)
    verdict: Mapped[str] = mapped_column(Words())
    said: Mapped[str] = mapped_column(Words())
    last_month: Mapped[str] = mapped_column(String(7))
    data: Mapped[str] = mapped_column(String(12))
    software: Mapped[str] = mapped_column(Words(40))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Standing:
    """
    A verdict as it stands, and what it rests on.

    Attributes
    ----------
    verdict
        In words; empty while nothing can be said.
    last_month
        Newest month that was looked at, as 2025-12.
    data
        Identity of the data.
    figures
        From `study.outcome.Outcome.as_data`.
    """

    verdict: str
    last_month: str = ""
    data: str = ""
    figures: Mapping[str, Any] | None = None


def review(session: Session, number: int, standing: Standing, *, who: str, said: str) -> PlanReview:
    """
    Keep what a review found; the plan goes on.

    Parameters
    ----------
    session
        From `Records.session`.
    number
        Of the plan.
    standing
        The verdict as it stands.
    who, said
        Who reviewed, and what they say of it.

    Raises
    ------
    SelectionError
        When the plan is not running, there is no verdict yet, or nothing is said.
    """
    plan = session.get(Plan, number)
    if plan is None or plan.status != RUNNING:
        raise SelectionError("Only a plan that runs can be reviewed.")
    if not standing.verdict:
        raise SelectionError(
            "There is nothing to review yet: no month after the start is held. Import it first."
        )
    if not clean(said):
        raise SelectionError("Say in a sentence what the review came to.")
    return keep(session, number, standing, who=who, said=said)


def keep(
    session: Session, number: int, standing: Standing, *, who: str, said: str, closing: bool = False
) -> PlanReview:
    """Add a review; whether there may be one is for whoever asks."""
    row = PlanReview(
        plan_id=number,
        at=datetime.now(UTC),
        who=who,
        closing=closing,
        verdict=standing.verdict,
        said=said,
        last_month=standing.last_month,
        data=standing.data,
        software=__version__,
        figures=dict(standing.figures or {}),
    )
    session.add(row)
    what = f"plan {number} reviewed: {standing.verdict}"
    note(session, "collection", who, what, said, plan=number, data=standing.data)
    return row


def of_plan(session: Session, number: int) -> list[PlanReview]:
    """Reviews of a plan, the first one first."""
    wanted = select(PlanReview).where(PlanReview.plan_id == number).order_by(PlanReview.id)
    return list(session.scalars(wanted))
