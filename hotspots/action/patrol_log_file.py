"""
The file that changes by hand were kept in before the records held them; only ever read.

One line a decision, in JSON. A line that a power cut left half-written counts as never
made; the line after it says that it was closed off.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import shapely

from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import LibraryError, SelectionError

FILE: Final = "patrol-edits.jsonl"
# A sentence names the file, and not the folder that a server keeps it in.
_NAME: Final = f"records/{FILE}"


@dataclass(frozen=True)
class Entry:
    """One decision of a study area, and how it was undone if it was."""

    id: int
    area: str
    edit: Edit
    undone: dict[str, Any] | None


def entries(path: Path) -> list[Entry]:
    """
    Decisions in the order they were made; none where there is no file.

    Raises
    ------
    LibraryError
        When the file cannot be read: it is never taken for an empty one.
    """
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


def _entry(fact: dict[str, Any], undone: dict[str, Any] | None, where: str) -> Entry:
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
        return Entry(int(fact["id"]), str(fact["area"]), edit, undone)
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError, SelectionError) as error:
        raise LibraryError(f"{where} is damaged; restore the file from a copy.") from error
