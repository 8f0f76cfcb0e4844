"""
Visits that were made: where, from when to when, by how many, what was seen and done.

A visit keeps the outline of its area as it stood then, so that it can be counted again
when areas have moved. It is changed or withdrawn with a reason and never taken away; the
audit trail holds what it said before.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
from sqlalchemy import CheckConstraint, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots.action.records import Audit, Base, Moment, Records, Versioned, Words, expect, note
from hotspots.errors import SelectionError

# What a monthly return counts, besides hours and patrols.
COUNTS: Final = {
    "arrests": "Arrests",
    "searches": "Searches",
    "warnings": "Informal warnings",
    "cpw": "Community protection warnings",
    "cpn": "Community protection notices",
    "dispersals": "Dispersal directions",
    "other_powers": "Other ASB powers",
}
MODES: Final = {"foot": "On foot", "car": "By car", "cycle": "By cycle"}
MOST_OFFICERS: Final = 50
MOST_OF_ANYTHING: Final = 500
LONGEST: Final = timedelta(hours=12)
# A clock that runs a little fast is forgiven; a visit that has yet to happen is not.
AHEAD: Final = timedelta(minutes=10)
FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LETTERS: Final = {"seen": 1_000, "done": 1_000, "area_name": 200, "unit": 40}
_MOST_OUTLINE: Final = 100_000
# Unknown areas that a sentence names.
_NAMED: Final = 5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    One visit as somebody tells it.

    Attributes
    ----------
    area, area_name
        Key of the patrol area (grid reference of its centre) and its name then.
    outline
        Its ground then, as WKT in British National Grid metres; may be empty.
    study_area
        Code of the study area it was placed in.
    started, ended
        With their zone.
    officers
        How many; a visit of 15 minutes by two is half an officer-hour.
    mode
        One of `MODES`.
    unit
        Call sign or team; nobody's name.
    seen, done
        In words.
    arrests, searches, warnings, cpw, cpn, dispersals, other_powers
        How many of each were made in the visit.
    """

    area: str
    area_name: str
    outline: str = ""
    study_area: str
    started: datetime
    ended: datetime
    officers: int = 1
    mode: str = "foot"
    unit: str = ""
    seen: str = ""
    done: str = ""
    arrests: int = 0
    searches: int = 0
    warnings: int = 0
    cpw: int = 0
    cpn: int = 0
    dispersals: int = 0
    other_powers: int = 0


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


def from_table(
    table: pd.DataFrame, areas: Mapping[str, tuple[str, str]], study_area: str
) -> list[Entry]:
    """
    Visits of a file as they can be logged.

    Parameters
    ----------
    table
        `area`, `started`, `ended`, and any other fields of `Entry`.
    areas
        Key → name and outline (WKT) of the patrol areas now.
    study_area
        Code of the study area they were placed in.

    Raises
    ------
    SelectionError
        When an area is not among them.
    """
    keys = table["area"].str.upper().str.replace(" ", "")
    if unknown := sorted(set(table["area"][~keys.isin(list(areas))])):
        raise SelectionError(
            f"{', '.join(unknown[:_NAMED])}: not among the patrol areas now. An area is named by "
            f"its grid reference, such as {next(iter(areas), 'SJ40506632')}. Nothing was logged."
        )
    told = [field.name for field in fields(Entry) if field.name in table.columns]
    entries = []
    for key, row in zip(keys, table[told].to_dict("records"), strict=True):
        name, outline = areas[key]
        facts: dict[str, Any] = {
            str(field): value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
            for field, value in row.items()
        }
        facts |= {"area": key, "area_name": name, "outline": outline, "study_area": study_area}
        entries.append(Entry(**facts))
    return entries


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


def faults(entry: Entry, *, now: datetime | None = None) -> list[str]:
    """Why a visit cannot have been as it is told; empty when it can."""
    present = now or datetime.now(UTC)
    wrong = []
    if not entry.area.strip():
        wrong.append("a visit needs an area")
    if entry.started.tzinfo is None or entry.ended.tzinfo is None:
        wrong.append("a visit's times need their zone")
    elif entry.ended <= entry.started:
        wrong.append("a visit ends after it starts")
    elif entry.ended - entry.started > LONGEST:
        wrong.append("a visit lasts 12 hours at most")
    elif entry.ended > present + AHEAD:
        wrong.append("a visit is logged once it is made, not before")
    elif entry.started < FIRST_DAY:
        wrong.append("a visit was made in this century")
    if not 1 <= entry.officers <= MOST_OFFICERS:
        wrong.append(f"a visit is made by 1 to {MOST_OFFICERS} officers")
    if entry.mode not in MODES:
        wrong.append(f"a visit is made by one of {', '.join(MODES)}")
    wrong += [
        f"{words.lower()} are 0 to {MOST_OF_ANYTHING}"
        for name, words in COUNTS.items()
        if not 0 <= getattr(entry, name) <= MOST_OF_ANYTHING
    ]
    wrong += [
        f"“{name.replace('_', ' ')}” holds {most:,} letters at most"
        for name, most in _LETTERS.items()
        if len(getattr(entry, name)) > most
    ]
    if len(entry.outline) > _MOST_OUTLINE:
        wrong.append("an outline has too many corners")
    return wrong


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
    if not why.strip():
        raise SelectionError("Say why: a visit is changed with a reason.")
    return why
