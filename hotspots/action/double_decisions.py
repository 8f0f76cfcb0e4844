"""
What people said about suspected doubles: the same event, or two; who said so, and why.

A decision can be changed or taken back at any time. The newest counts, and the audit trail
keeps them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from hotspots.action.records import Base, Moment, Records, Versioned, Words, clean, expect, note
from hotspots.errors import SelectionError

SAME: Final = "same"
DIFFERENT: Final = "different"
# Taken back: as if nobody had decided.
OPEN: Final = "open"
VERDICTS: Final = (SAME, DIFFERENT, OPEN)
_KEY_LETTERS: Final = 40
_REASON_LETTERS: Final = 500

Pair = tuple[str, str]


class DoubleDecision(Versioned, Base):
    """What is said about one pair of reports, by their keys in order."""

    __tablename__ = "double_decision"
    __table_args__ = (
        UniqueConstraint("a", "b"),
        CheckConstraint("verdict IN ('same', 'different', 'open')", "verdict"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    a: Mapped[str] = mapped_column(String(_KEY_LETTERS))
    b: Mapped[str] = mapped_column(String(_KEY_LETTERS))
    verdict: Mapped[str] = mapped_column(String(20))
    who: Mapped[str] = mapped_column(Words(200))
    why: Mapped[str] = mapped_column(Words(_REASON_LETTERS))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Decision:
    """
    What stands about one pair.

    Attributes
    ----------
    verdict
        "same", "different" or "open".
    who, why, at
        Of the newest word on it.
    version
        What a form that changes it was filled from.
    """

    verdict: str
    who: str
    why: str
    at: datetime
    version: int


def pair_of(one: str, other: str) -> Pair:
    """
    Keys of a pair in their order.

    Examples
    --------
    >>> pair_of("f0-0", "0a-1")
    ('0a-1', 'f0-0')
    """
    return (one, other) if one <= other else (other, one)


def decide(
    records: Records, pair: Pair, verdict: str, *, who: str, why: str, version: int = 0
) -> None:
    """
    Say whether two reports are one event, or take back what was said.

    Parameters
    ----------
    records
        Where it is kept.
    pair
        Keys of the two reports, from `same_events.row_keys`.
    verdict
        "same", "different" or "open".
    who, why
        The person, and the reason; both are asked for.
    version
        Of the decision that the person saw; 0 when there was none.

    Raises
    ------
    SelectionError
        When the name or the reason is missing.
    ChangedMeanwhileError
        When somebody else decided first; then nothing is changed.
    """
    if verdict not in VERDICTS:
        raise SelectionError(f"A pair is {', '.join(VERDICTS)}; “{verdict[:20]}” is none of them.")
    if not clean(why):
        raise SelectionError("Say in a few words how you know; others will read it.")
    a, b = pair_of(*pair)
    with records.session() as session:
        row = session.scalar(
            select(DoubleDecision).where(DoubleDecision.a == a, DoubleDecision.b == b)
        )
        before = row.verdict if row else OPEN
        if row is None:
            row = DoubleDecision(a=a, b=b)
            session.add(row)
        else:
            expect(session, DoubleDecision, row.id, version)
        row.verdict, row.who, row.why, row.at = verdict, who, why, datetime.now(UTC)
        kind = "combination" if verdict == SAME else "alteration"
        what = f"Two reports of two sources: {before} before, now {verdict}"
        note(session, kind, who, what, why, a=a, b=b, before=before, verdict=verdict)


def decisions(records: Records) -> dict[Pair, Decision]:
    """What stands about every pair that anybody said anything about."""
    with records.reading() as session:
        rows = session.scalars(select(DoubleDecision)).all()
        return {
            (row.a, row.b): Decision(row.verdict, row.who, row.why, row.at, row.version)
            for row in rows
        }


def said_to_be(decided: Mapping[Pair, Decision], verdict: str) -> frozenset[Pair]:
    """Pairs with one verdict."""
    return frozenset(pair for pair, one in decided.items() if one.verdict == verdict)
