"""
The record of what people changed about patrol areas: who, when, why, and what was undone.

One line a decision, added at the end and never rewritten. Undoing adds a line of its own,
so that the record shows both. A line that a power cut left half-written counts as never
made; the next decision closes it off and says that it did.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely

from hotspots.analysis.grid_references import grid_reference
from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import LibraryError, SelectionError
from hotspots.library.atomic import locked, make_durable

FOLDER: Final = "records"
FILE: Final = "patrol-edits.jsonl"
# A sentence names the file, and not the folder that a server keeps it in.
_NAME: Final = f"{FOLDER}/{FILE}"
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


@dataclass(frozen=True)
class _Entry:
    """One decision of a study area, and how it was undone if it was."""

    id: int
    area: str
    edit: Edit
    undone: dict[str, Any] | None


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
        Number by which it can be undone, from 1, one above the last.

    Raises
    ------
    SelectionError
        When a reason, a name or an outline is longer than a record should hold.
    LibraryError
        When the record cannot be read or written; then nothing was added.
    """
    _short(edit.reason, edit.by)
    if shapely.get_num_coordinates(edit.geometry) > MOST_CORNERS:
        raise SelectionError(
            f"The outline has more than {MOST_CORNERS:,} corners; draw it more simply."
        )
    east, north = edit.offset_m
    with _adding(folder) as (entries, add):
        number = 1 + max((entry.id for entry in entries), default=0)
        add(
            {
                "id": number,
                "kind": edit.kind,
                "geometry": shapely.to_wkt(edit.geometry, rounding_precision=2),
                "offset": [east, north],
                "reason": edit.reason.strip(),
                "by": edit.by.strip(),
                "at": edit.at.astimezone(UTC).isoformat(timespec="seconds"),
                "area": area,
            }
        )
    return number


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
    LibraryError
        When the record cannot be read or written; then nothing was added.
    """
    if not reason.strip() or not by.strip():
        raise SelectionError("Undoing a change needs a reason and a name.")
    _short(reason, by)
    with _adding(folder) as (entries, add):
        entry = next((entry for entry in entries if entry.id == number), None)
        if entry is None:
            raise SelectionError(f"There is no change {number} to undo.")
        if entry.undone is not None:
            raise SelectionError(f"Change {number} was undone already, by {entry.undone['by']}.")
        when = (at or datetime.now(UTC)).astimezone(UTC)
        add(
            {
                "revert": number,
                "reason": reason.strip(),
                "by": by.strip(),
                "at": when.isoformat(timespec="seconds"),
            }
        )


def active(folder: Path, area: str) -> tuple[Edit, ...]:
    """
    Decisions of a study area that stand, oldest first.

    Raises
    ------
    LibraryError
        When the record cannot be read: areas are never placed as if it were empty.
    """
    return tuple(
        entry.edit
        for entry in _entries(_path(folder))
        if entry.area == area and entry.undone is None
    )


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
    entries = [entry for entry in _entries(_path(folder)) if entry.area == area]
    rows = [_row(entry) for entry in reversed(entries)]
    numbers = pd.Index([entry.id for entry in reversed(entries)], name="change", dtype="int64")
    return pd.DataFrame(rows, index=numbers, columns=list(COLUMNS))


def _row(entry: _Entry) -> dict[str, object]:
    edit, undone = entry.edit, entry.undone or {}
    middle = edit.geometry.representative_point()
    return {
        "at": edit.at.isoformat(),
        "kind": edit.kind,
        "place": grid_reference(middle.x, middle.y),
        "east_m": edit.offset_m[0],
        "north_m": edit.offset_m[1],
        "area_ha": edit.geometry.area / _SQUARE_METRES_IN_HECTARE,
        "reason": edit.reason,
        "by": edit.by,
        "undone_at": undone.get("at", ""),
        "undone_by": undone.get("by", ""),
        "undone_reason": undone.get("reason", ""),
    }


def _short(*texts: str) -> None:
    if any(len(text) > MOST_LETTERS for text in texts):
        raise SelectionError(f"Keep the reason and the name under {MOST_LETTERS} letters.")


def _path(folder: Path) -> Path:
    return folder / FOLDER / FILE


def _entries(path: Path) -> list[_Entry]:
    """Decisions in the order they were made."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LibraryError(f"{_NAME} cannot be read: {error.strerror}.") from error
    facts = [_parsed(line) for line in _lines(text)]
    excused = _torn(facts)
    excused.update(*(fact["closed"] for fact in facts if fact and "closed" in fact))
    found: dict[int, dict[str, Any]] = {}
    undone: dict[int, dict[str, Any]] = {}
    for number, fact in enumerate(facts, start=1):
        if fact is None:
            if number not in excused:
                raise LibraryError(
                    f"{_NAME}: line {number} is damaged; restore the file from a copy."
                )
        elif "revert" in fact:
            undone[fact["revert"]] = fact
        elif "id" in fact:
            found[number] = fact
    return [
        _entry(fact, undone.get(fact["id"]), f"{_NAME}: line {number}")
        for number, fact in found.items()
    ]


def _lines(text: bytes) -> list[bytes]:
    """Lines of a record, the last one also where it has no end."""
    lines = text.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _torn(facts: list[dict[str, Any] | None]) -> set[int]:
    """Numbers of the lines at the end that were never written whole."""
    whole = max((n for n, fact in enumerate(facts, start=1) if fact is not None), default=0)
    return set(range(whole + 1, len(facts) + 1))


def _parsed(line: bytes) -> dict[str, Any] | None:
    """What a line holds; None where it is not a whole one."""
    try:
        fact = json.loads(line)
    except ValueError:
        return None
    return fact if isinstance(fact, dict) else None


def _entry(fact: dict[str, Any], undone: dict[str, Any] | None, where: str) -> _Entry:
    try:
        east, north = fact["offset"]
        edit = Edit(
            kind=fact["kind"],
            geometry=shapely.from_wkt(fact["geometry"]),
            reason=fact["reason"],
            by=fact["by"],
            at=datetime.fromisoformat(fact["at"]),
            offset_m=(float(east), float(north)),
        )
        return _Entry(int(fact["id"]), str(fact["area"]), edit, undone)
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError, SelectionError) as error:
        raise LibraryError(f"{where} is damaged; restore the file from a copy.") from error


class _Adder:
    """Adds lines at the end of an open record, durably."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, fact: dict[str, Any]) -> None:
        with self._path.open("ab") as file:
            file.write(self._closing() + _line(fact))
            file.flush()
            os.fsync(file.fileno())
        make_durable(self._path.parent)

    def _closing(self) -> bytes:
        """What has to come first when the last line was left half-written."""
        text = self._path.read_bytes()
        end = b"" if not text or text.endswith(b"\n") else b"\n"
        torn = _torn([_parsed(line) for line in _lines(text)])
        if not torn:
            return end
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return end + _line({"closed": sorted(torn), "at": now})


def _line(fact: dict[str, Any]) -> bytes:
    return json.dumps(fact, ensure_ascii=False, allow_nan=False).encode(errors="replace") + b"\n"


@contextmanager
def _adding(folder: Path) -> Iterator[tuple[list[_Entry], _Adder]]:
    """What is recorded, and the right to add to it, one writer at a time."""
    path = _path(folder)
    try:
        with locked(path.parent):
            yield _entries(path), _Adder(path)
    except OSError as error:
        raise LibraryError(
            f"The change could not be recorded in {_NAME}: {error.strerror}; nothing was changed."
        ) from error
