"""
Visits in the records: logged, put right, withdrawn, listed, each with its trail.

A visit keeps the outline of its area as it stood then, so that it can be counted again
when areas have moved. It is changed or withdrawn with a reason and never taken away; the
audit trail holds what it said before.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import CheckConstraint, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots.action.records import (
    Audit,
    Base,
    Moment,
    Records,
    Versioned,
    Words,
    clean,
    expect,
    note,
)
from hotspots.action.visit_entry import COUNTS, Entry, faults
from hotspots.errors import SelectionError


class Visit(Versioned, Base):
    """One visit in the records."""

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("ended > started", "ends"),
        CheckConstraint(" AND ".join(f"{name} >= 0" for name in COUNTS), "counts"),
        CheckConstraint("officers > 0", "officers"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    area: Mapped[str] = mapped_column(Words(40), index=True)
    area_name: Mapped[str] = mapped_column(Words(200))
    outline: Mapped[str] = mapped_column(Text)
    study_area: Mapped[str] = mapped_column(Words(100), index=True)
    started: Mapped[datetime] = mapped_column(Moment, index=True)
    ended: Mapped[datetime] = mapped_column(Moment)
    officers: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(Words(40))
    seen: Mapped[str] = mapped_column(Words(1_000))
    done: Mapped[str] = mapped_column(Words(1_000))
    arrests: Mapped[int] = mapped_column(Integer)
    searches: Mapped[int] = mapped_column(Integer)
    warnings: Mapped[int] = mapped_column(Integer)
    cpw: Mapped[int] = mapped_column(Integer)
    cpn: Mapped[int] = mapped_column(Integer)
    dispersals: Mapped[int] = mapped_column(Integer)
    other_powers: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(10))
    logged_at: Mapped[datetime] = mapped_column(Moment)
    logged_by: Mapped[str] = mapped_column(Words(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


SOURCES: Final = ("form", "csv", "pings")
COLUMNS: Final = tuple(column.name for column in Visit.__table__.columns if column.name != "id")


def new_id() -> str:
    """An identifier for a visit that is about to be told: the same one sent twice is one visit."""
    return str(uuid.uuid4())


def log(
    records: Records,
    entries: Sequence[Entry],
    *,
    by: str,
    ids: Sequence[str] | None = None,
    source: str = "form",
    now: datetime | None = None,
) -> int:
    """
    Add visits to the records: all of them, or none.

    Parameters
    ----------
    records
        From `open_records`.
    entries
        Visits as they were told.
    by
        Name of who logs them.
    ids
        From `new_id`, one for each; one that is held already is passed over, so that a
        form sent twice, or a file read twice, counts once.
    source
        One of `SOURCES`.
    now
        The present; the clock's unless given.

    Returns
    -------
    added
        How many were not held before.

    Raises
    ------
    SelectionError
        When a visit cannot have been, naming every fault at once.
    """
    present = now or datetime.now(UTC)
    wrong = [fault for entry in entries for fault in faults(entry, now=present)]
    if wrong:
        raise SelectionError(f"Nothing was logged: {'; '.join(dict.fromkeys(wrong))}.")
    named = list(ids) if ids is not None else [new_id() for _ in entries]
    with records.session() as session:
        held = _held(session, named)
        added = 0
        for name, entry in zip(named, entries, strict=True):
            if name in held:
                continue
            held.add(name)
            added += 1
            row = Visit(id=name, source=source, logged_at=present, logged_by=by, **asdict(entry))
            session.add(row)
            note(
                session,
                "collection",
                by,
                f"Visit logged to {entry.area_name or entry.area}",
                visit=name,
                area=entry.area,
                after=_said(asdict(entry)),
            )
    return added


def change(records: Records, name: str, version: int, *, by: str, why: str, **now: object) -> None:
    """
    Put a visit right, with a reason; what it said before stays in the trail.

    Parameters
    ----------
    name, version
        Of the visit, as it was when the form was filled.
    by, why
        Neither may be empty.
    now
        Fields of `Entry` and what they should say.

    Raises
    ------
    ChangedMeanwhileError
        When somebody changed it since; nothing is overwritten.
    SelectionError
        When no reason is given, or the visit cannot have been so.
    """
    reason = _reason(why)
    with records.session() as session:
        row = expect(session, Visit, name, version)
        told = _entry(row)
        after = Entry(**{**asdict(told), **now})
        if wrong := faults(after):
            raise SelectionError(f"Nothing was changed: {'; '.join(wrong)}.")
        different = {
            field: value for field, value in asdict(after).items() if getattr(told, field) != value
        }
        if not different:
            raise SelectionError("Nothing is different; nothing was changed.")
        before = {field: getattr(told, field) for field in different}
        for field, value in different.items():
            setattr(row, field, value)
        note(
            session,
            "alteration",
            by,
            f"Visit to {row.area_name or row.area} changed",
            reason,
            visit=name,
            before=_said(before),
            after=_said(different),
        )


def withdraw(records: Records, name: str, version: int, *, by: str, why: str) -> None:
    """Have a visit no longer count; it and the reason are kept."""
    reason = _reason(why)
    with records.session() as session:
        row = expect(session, Visit, name, version)
        if row.withdrawn_at is not None:
            raise SelectionError("This visit was withdrawn already.")
        row.withdrawn_at = datetime.now(UTC)
        what = f"Visit to {row.area_name or row.area} withdrawn"
        note(session, "alteration", by, what, reason, visit=name)


def visits(
    records: Records,
    *,
    first: datetime | None = None,
    last: datetime | None = None,
    study_area: str | None = None,
    withdrawn: bool = False,
) -> pd.DataFrame:
    """
    Visits, oldest first.

    Parameters
    ----------
    first, last
        Visits that began at or after the first and before the last.
    study_area
        Only those logged in this one.
    withdrawn
        Also those that no longer count.

    Returns
    -------
    visits
        Indexed by `id`, with the fields of `Visit`; times in UTC.
    """
    wanted = select(Visit).order_by(Visit.started, Visit.id)
    if first is not None:
        wanted = wanted.where(Visit.started >= first)
    if last is not None:
        wanted = wanted.where(Visit.started < last)
    if study_area is not None:
        wanted = wanted.where(Visit.study_area == study_area)
    if not withdrawn:
        wanted = wanted.where(Visit.withdrawn_at.is_(None))
    with records.reading() as session:
        rows = [
            {"id": row.id, **{name: getattr(row, name) for name in COLUMNS}}
            for row in session.scalars(wanted)
        ]
    return _frame(rows)


def none() -> pd.DataFrame:
    """Visits of nobody: every column of `visits`, no row."""
    return _frame([])


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["id", *COLUMNS]).set_index("id")
    times = ("started", "ended", "logged_at", "withdrawn_at")
    return frame.assign(
        **{
            name: pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
            for name in times
        }
    )


def trail(records: Records, name: str) -> pd.DataFrame:
    """What happened to one visit, oldest first: `at`, `who`, `what`, `why`, `before`, `after`."""
    with records.reading() as session:
        lines = session.scalars(
            select(Audit).where(Audit.details["visit"].as_string() == name).order_by(Audit.id)
        )
        rows = [
            {
                "at": line.at,
                "who": line.who,
                "what": line.what,
                "why": line.why,
                "before": line.details.get("before", {}),
                "after": line.details.get("after", {}),
            }
            for line in lines
        ]
    return pd.DataFrame(rows, columns=["at", "who", "what", "why", "before", "after"])


def _held(session: Session, names: Iterable[str]) -> set[str]:
    """Those identifiers that are in the records already."""
    asked, held = list(names), set()
    for start in range(0, len(asked), 500):
        some = asked[start : start + 500]
        held |= set(session.scalars(select(Visit.id).where(Visit.id.in_(some))))
    return held


def _entry(row: Visit) -> Entry:
    return Entry(**{field.name: getattr(row, field.name) for field in fields(Entry)})


def _said(values: dict[str, Any]) -> dict[str, object]:
    """Values as the trail keeps them: what JSON can hold, and no outline."""
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if name != "outline"
    }


def _reason(why: str) -> str:
    if not clean(why):
        raise SelectionError("Say why: a visit is changed with a reason.")
    return why
