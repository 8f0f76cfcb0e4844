"""
What people changed about patrol areas: who, when, why, and what was undone.

Kept in the records. Undoing a decision keeps it, and says who undid it and why; the audit
trail has a line for both. Decisions that an earlier version kept in a file of its own are
taken over once, with their numbers where those are free.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely
from sqlalchemy import Float, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots.action import patrol_log_file
from hotspots.action.records import (
    Base,
    Moment,
    Records,
    Versioned,
    Words,
    clean,
    exist,
    note,
    open_records,
)
from hotspots.action.records.database import FOLDER
from hotspots.analysis.grid_references import grid_reference
from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import LibraryError, SelectionError
from hotspots.library.atomic import locked

# What a person can type in a form, and no more: a record is read at every run.
MOST_LETTERS: Final = 500
MOST_CORNERS: Final = 2_000

COLUMNS: Final = (
    "at",
    "kind",
    "place",
    "east_m",
    "north_m",
    "area_ha",
    "reason",
    "by",
    "undone_at",
    "undone_by",
    "undone_reason",
)
_SQUARE_METRES_IN_HECTARE: Final = 10_000
_IMPORTED: Final = ".imported"


class PatrolEdit(Versioned, Base):
    """One decision in the records."""

    __tablename__ = "patrol_edits"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    area: Mapped[str] = mapped_column(Words(100), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    geometry: Mapped[str] = mapped_column(Text)
    east_m: Mapped[float] = mapped_column(Float(53))
    north_m: Mapped[float] = mapped_column(Float(53))
    reason: Mapped[str] = mapped_column(Words(MOST_LETTERS))
    by: Mapped[str] = mapped_column(Words(MOST_LETTERS))
    at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by: Mapped[str | None] = mapped_column(Words(MOST_LETTERS))
    undone_reason: Mapped[str | None] = mapped_column(Words(MOST_LETTERS))


def record(folder: Path, area: str, edit: Edit) -> int:
    """
    Add a decision to the record.

    Parameters
    ----------
    folder
        The data folder.
    area
        Code of the study area that it is about.
    edit
        The decision; its time is written in UTC.

    Returns
    -------
    id
        Number by which it can be undone, from 1.

    Raises
    ------
    SelectionError
        When a reason, a name or an outline is longer than a record should hold, or nothing
        that can be seen is left of a reason or a name.
    RecordsError
        When the record cannot be read or written; then nothing was added.
    """
    _short(edit.reason, edit.by)
    # What is left of them must still say something: a change refuses to be without.
    edit = replace(edit, reason=clean(edit.reason), by=clean(edit.by))
    if shapely.get_num_coordinates(edit.geometry) > MOST_CORNERS:
        raise SelectionError(
            f"The outline has more than {MOST_CORNERS:,} corners; draw it more simply."
        )
    with _opened(folder).session() as session:
        row = _row_of(area, edit)
        session.add(row)
        session.flush()
        what = f"Patrol areas changed by hand: {edit.kind}"
        facts = {"patrol_edit": row.id, "area": area, "geometry": row.geometry}
        note(session, "alteration", edit.by, what, edit.reason, **facts)
        return row.id


def revert(folder: Path, number: int, *, reason: str, by: str, at: datetime | None = None) -> None:
    """
    Undo a decision; the record keeps both.

    Parameters
    ----------
    folder
        The data folder.
    number
        From `record`.
    reason, by
        Why, and who undoes it; neither may be empty.
    at
        When; now unless given.

    Raises
    ------
    SelectionError
        When there is no such decision, it is undone already, or nobody gave a reason.
    RecordsError
        When the record cannot be read or written; then nothing was added.
    """
    if not clean(reason) or not clean(by):
        raise SelectionError("Undoing a change needs a reason and a name.")
    _short(reason, by)
    with _opened(folder).session() as session:
        row = session.get(PatrolEdit, number)
        if row is None:
            raise SelectionError(f"There is no change {number} to undo.")
        if row.undone_at is not None:
            raise SelectionError(f"Change {number} was undone already, by {row.undone_by}.")
        row.undone_at = at or datetime.now(UTC)
        row.undone_by, row.undone_reason = by, reason
        what = f"Change {number} of patrol areas undone"
        note(session, "alteration", by, what, reason, patrol_edit=number, area=row.area)


def active(folder: Path, area: str) -> tuple[Edit, ...]:
    """
    Decisions of a study area that stand, oldest first.

    Raises
    ------
    RecordsError, LibraryError
        When the record cannot be read: areas are never placed as if it were empty.
    """
    return tuple(_edit(row) for row in _rows(folder, area) if row.undone_at is None)


def history(folder: Path, area: str) -> pd.DataFrame:
    """
    Every decision of a study area, undone ones too, newest first.

    Returns
    -------
    history
        Indexed by `change`, the number of the decision: `at` (UTC), `kind`, `place` (grid
        reference, to 10 m), `east_m`, `north_m` (of a nudge), `area_ha` (of excluded
        ground), `reason`, `by`; `undone_at`, `undone_by` and `undone_reason`, empty
        while it stands.
    """
    rows = _rows(folder, area)[::-1]
    numbers = pd.Index([row.id for row in rows], name="change", dtype="int64")
    return pd.DataFrame([_facts(row) for row in rows], index=numbers, columns=list(COLUMNS))


def _opened(folder: Path) -> Records:
    """The records, once they hold what an earlier version kept in a file of its own."""
    records = open_records(folder)
    if _old(folder).exists():
        _take_over(folder, records)
    return records


def _rows(folder: Path, area: str) -> list[PatrolEdit]:
    if not exist(folder) and not _old(folder).exists():
        return []
    wanted = select(PatrolEdit).where(PatrolEdit.area == area).order_by(PatrolEdit.id)
    with _opened(folder).reading() as session:
        rows = list(session.scalars(wanted))
        session.expunge_all()
    return rows


def _old(folder: Path) -> Path:
    return folder / FOLDER / patrol_log_file.FILE


def _take_over(folder: Path, records: Records) -> None:
    """
    Add what the old file holds, and set the file aside.

    Begun again after a crash it adds nothing twice: a decision that is held already is
    known by all that it says.
    """
    path = _old(folder)
    try:
        with locked(path.parent):
            entries = patrol_log_file.entries(path)
            with records.session() as session:
                added = sum(_take(session, entry) for entry in entries)
                if added:
                    what = f"{added} changes of patrol areas taken over from {path.name}"
                    note(session, "collection", "the dashboard", what)
            if path.exists():
                path.replace(path.with_name(path.name + _IMPORTED))
    except OSError as error:
        raise LibraryError(
            f"{FOLDER}/{path.name} could not be taken over: {error.strerror}."
        ) from error


def _take(session: Session, entry: patrol_log_file.Entry) -> bool:
    """One decision of the old file added, under its own number where that is free."""
    row = _row_of(entry.area, entry.edit)
    if entry.undone is not None:
        row.undone_at = datetime.fromisoformat(entry.undone["at"])
        row.undone_by, row.undone_reason = entry.undone["by"], entry.undone["reason"]
    alike = select(PatrolEdit).where(
        PatrolEdit.area == row.area, PatrolEdit.at == row.at, PatrolEdit.kind == row.kind
    )
    told = (row.geometry, clean(row.reason), clean(row.by))
    if any((held.geometry, held.reason, held.by) == told for held in session.scalars(alike)):
        return False
    if session.get(PatrolEdit, entry.id) is None and session.get_bind().dialect.name == "sqlite":
        row.id = entry.id  # PostgreSQL counts by itself, and would meet this number again
    session.add(row)
    session.flush()
    return True


def _row_of(area: str, edit: Edit) -> PatrolEdit:
    east, north = edit.offset_m
    return PatrolEdit(
        area=area,
        kind=edit.kind,
        geometry=shapely.to_wkt(edit.geometry, rounding_precision=2),
        east_m=float(east),
        north_m=float(north),
        reason=edit.reason,
        by=edit.by,
        at=edit.at.astimezone(UTC).replace(microsecond=0),
    )


def _edit(row: PatrolEdit) -> Edit:
    try:
        return Edit(
            kind=row.kind,  # type: ignore[arg-type]
            geometry=shapely.from_wkt(row.geometry),
            reason=row.reason,
            by=row.by,
            at=row.at,
            offset_m=(row.east_m, row.north_m),
        )
    except (shapely.errors.ShapelyError, SelectionError) as error:
        raise LibraryError(
            f"Change {row.id} of patrol areas is damaged; restore the records from a backup."
        ) from error


def _facts(row: PatrolEdit) -> dict[str, Any]:
    edit = _edit(row)
    middle = edit.geometry.representative_point()
    return {
        "at": row.at.isoformat(),
        "kind": row.kind,
        "place": grid_reference(middle.x, middle.y),
        "east_m": row.east_m,
        "north_m": row.north_m,
        "area_ha": edit.geometry.area / _SQUARE_METRES_IN_HECTARE,
        "reason": row.reason,
        "by": row.by,
        "undone_at": row.undone_at.isoformat(timespec="seconds") if row.undone_at else "",
        "undone_by": row.undone_by or "",
        "undone_reason": row.undone_reason or "",
    }


def _short(*texts: str) -> None:
    if any(len(text) > MOST_LETTERS for text in texts):
        raise SelectionError(f"Keep the reason and the name under {MOST_LETTERS} letters.")
