"""
What people said a step in the level was: a recording rule, a launch, a lockdown.

A named break splits what is compared, on every chart and in every file, until it is taken
back; the audit trail keeps both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pandas as pd
from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from hotspots.action.records import Base, Moment, Records, Versioned, Words, clean, expect, note
from hotspots.analysis.breaks import Break
from hotspots.errors import SelectionError
from hotspots.periods import month_in_words, parse_month

# What a step is, as a rule.
KINDS: Final = (
    "A recording rule changed",
    "A way to report was launched",
    "COVID rules began or ended",
    "An operation",
    "A gap in supply",
    "Something else",
)
_NAME_LETTERS: Final = 120


class NamedBreak(Versioned, Base):
    """A break in the records: of one study area, at one month."""

    __tablename__ = "named_break"
    __table_args__ = (UniqueConstraint("area", "month"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    area: Mapped[str] = mapped_column(Words(100), index=True)
    month: Mapped[str] = mapped_column(String(7))
    kind: Mapped[str] = mapped_column(Words(60))
    name: Mapped[str] = mapped_column(Words(_NAME_LETTERS))
    who: Mapped[str] = mapped_column(Words(200))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Named:
    """
    A break as it stands.

    Attributes
    ----------
    key, version
        What a form that takes it back needs.
    area
        Study area it was named in.
    month
        First month of the new level.
    kind, name
        One of `KINDS`, and what it was in a person's words.
    who, at
        Who said so, and when.
    """

    key: int
    version: int
    area: str
    month: pd.Period
    kind: str
    name: str
    who: str
    at: datetime

    def as_break(self) -> Break:
        """The break that analysis splits at."""
        return Break(self.month, name=self.name)


def said(named: Iterable[Named]) -> dict[tuple[str, str], str]:
    """What steps were in words, by study area and month as 2022-07."""
    return {(one.area, str(one.month)): f"{one.name} ({one.kind.lower()})" for one in named}


def name_break(records: Records, *, area: str, month: str, kind: str, name: str, who: str) -> None:
    """
    Say what a step in the level was; what was said of the same month before is replaced.

    Parameters
    ----------
    records
        Where it is kept.
    area
        Code of the study area.
    month
        First month of the new level, as 2022-07.
    kind
        One of `KINDS`.
    name
        In a few words; it is written on charts.
    who
        Name of the person.

    Raises
    ------
    SelectionError
        When the month is none, the kind is not known, or a name is missing.
    """
    first = parse_month(month)
    if kind not in KINDS:
        raise SelectionError(f"Choose what kind of break it was: {', '.join(KINDS)}.")
    words = clean(" ".join(name.split()), most=_NAME_LETTERS)
    if not words:
        raise SelectionError("Say in a few words what it was; it is written on charts.")
    with records.session() as session:
        row = session.scalar(
            select(NamedBreak).where(NamedBreak.area == area, NamedBreak.month == month)
        )
        before = row.name if row else ""
        if row is None:
            row = NamedBreak(area=area, month=month)
            session.add(row)
        row.kind, row.name, row.who, row.at = kind, words, who, datetime.now(UTC)
        what = f"The level of {area} steps in {month_in_words(first)}: {words}"
        note(session, "alteration", who, what, kind, area=area, month=month, before=before)


def forget_break(records: Records, key: int, *, version: int, who: str, why: str) -> None:
    """
    Take a named break back.

    Parameters
    ----------
    records, key, version
        Which, as the person saw it.
    who, why
        The person, and the reason; both are asked for.

    Raises
    ------
    SelectionError
        When the name or the reason is missing, or it is already gone.
    ChangedMeanwhileError
        When somebody changed it first; then nothing is changed.
    """
    if not clean(why):
        raise SelectionError("Say in a few words why it is no break; others will read it.")
    with records.session() as session:
        row = expect(session, NamedBreak, key, version)
        what = f"The break of {row.area} in {row.month} is taken back: {row.name}"
        note(session, "alteration", who, what, why, area=row.area, month=row.month)
        session.delete(row)


def named_breaks(records: Records, areas: Iterable[str]) -> tuple[Named, ...]:
    """
    Breaks that stand for any of some study areas, in order of time.

    Parameters
    ----------
    records
        Where they are kept.
    areas
        Codes: a study area's own, and those of what it is part of.
    """
    with records.reading() as session:
        rows = session.scalars(
            select(NamedBreak)
            .where(NamedBreak.area.in_(list(areas)))
            .order_by(NamedBreak.month, NamedBreak.area)
        ).all()
        return tuple(
            Named(
                row.id,
                row.version,
                row.area,
                parse_month(row.month),
                row.kind,
                row.name,
                row.who,
                row.at,
            )
            for row in rows
        )
