"""
What changed the library, who did it and from which files, and the way back.

Before a change takes place, every file that it replaces or removes is kept beside the
journal (a second name for the same bytes: it costs no room until the file changes), and
what is about to happen is written down as pending. A process killed half-way leaves that
note; whoever opens the library next puts everything back. So a change of a hundred months
happens whole or not at all.
"""

import getpass
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hotspots.errors import LibraryError

FOLDER: Final = "journal"
_PENDING: Final = "pending"
_ENTRY: Final = "entry.json"
_BEFORE: Final = "before"
# Changes that can be undone: the files of older ones are let go.
KEPT: Final = 20

IMPORT: Final = "import"
UNDO: Final = "undo"
FORGET: Final = "forget"
PURGE: Final = "purge"
CHANGE: Final = "change"

# What asks the disk to remember a folder's names.
Durable = Callable[[Path], None]

_acting: ContextVar[str] = ContextVar("acting", default="")


@dataclass(frozen=True)
class About:
    """
    What a change is about.

    Attributes
    ----------
    action
        "import", "undo", "forget", "purge" or "change".
    what
        In a few words: "reports", "wards of 2025".
    files
        Name and sha256 of every file it came from.
    rows
        Rows that were read.
    left_out
        Reason → rows left out for it, and where they stood (10,000 at most).
    mapping
        How columns were read, where a person said so.
    undoes
        Number of the change that it undoes; 0 = none.
    why
        The reason given, where one was asked for.
    rows_of
        File of each month that came → rows it had before (−1 = it was not held) and has now.
    """

    action: str = CHANGE
    what: str = ""
    files: tuple[tuple[str, str], ...] = ()
    rows: int = 0
    left_out: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    mapping: str = ""
    undoes: int = 0
    why: str = ""
    rows_of: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """
    One change that took place.

    Attributes
    ----------
    number
        From 1, in order.
    when, who
        When (UTC), and by whom: the signed-in person, or the user of the machine.
    about
        What it is about.
    put, removed
        Names of files in the library that it wrote, and took away.
    kept
        Whether the files it replaced are still there to go back to.
    """

    number: int
    when: str
    who: str
    about: About
    put: tuple[str, ...]
    removed: tuple[str, ...]
    kept: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Every file it changed."""
        return (*self.put, *self.removed)


@contextmanager
def acting(who: str) -> Iterator[None]:
    """Have changes of this block written down as this person's."""
    token = _acting.set(who.strip())
    try:
        yield
    finally:
        _acting.reset(token)


def person() -> str:
    """Who is acting: the person named by `acting`, or the user of this machine."""
    try:
        return _acting.get() or getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


@contextmanager
def written_down(
    folder: Path, about: About, *, put: Sequence[str], removed: Sequence[str], durable: Durable
) -> Iterator[None]:
    """
    A change of the library, written down before it happens and closed when it has.

    The caller holds the library's lock. What fails, or is killed, is put back.
    """
    number = 1 + max(_numbers(folder), default=0)
    place = _place(folder, number)
    (folder / FOLDER).mkdir(exist_ok=True)
    _write(folder / FOLDER / _PENDING, number)
    try:
        _keep(folder, place, about, put, removed)
        durable(folder / FOLDER)
        yield
    except BaseException:
        put_back(folder, durable)
        raise
    (folder / FOLDER / _PENDING).unlink()
    durable(folder / FOLDER)
    if about.action == PURGE:
        _let_go(folder, (*put, *removed))
    for old in sorted(_numbers(folder))[:-KEPT]:
        shutil.rmtree(_place(folder, old) / _BEFORE, ignore_errors=True)


def _keep(
    folder: Path, place: Path, about: About, put: Sequence[str], removed: Sequence[str]
) -> None:
    """Write a change down, and keep what it is about to replace."""
    (place / _BEFORE).mkdir(parents=True, exist_ok=True)
    for name in (*put, *removed):
        if (folder / name).exists():
            kept = place / _BEFORE / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            _second_name(folder / name, kept)
    entry = {
        "number": int(place.name),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": person(),
        "about": asdict(about),
        "put": list(put),
        "removed": list(removed),
    }
    _write(place / _ENTRY, entry)


def is_pending(folder: Path) -> bool:
    """Whether a change was begun and has not been closed."""
    return (folder / FOLDER / _PENDING).exists()


def _pending(folder: Path) -> int:
    """Number of the change that was begun and never closed; 0 when there is none."""
    try:
        return int(json.loads((folder / FOLDER / _PENDING).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return 0


def put_back(folder: Path, durable: Durable) -> None:
    """Undo the change that was begun and never closed; the caller holds the lock."""
    note = folder / FOLDER / _PENDING
    number = _pending(folder)
    if not number:
        return
    place, parents = _place(folder, number), set()
    try:
        entry = json.loads((place / _ENTRY).read_text(encoding="utf-8"))
    except FileNotFoundError:  # killed before anything was changed
        entry = {"put": [], "removed": []}
    for name in (*entry["put"], *entry["removed"]):
        kept, target = place / _BEFORE / name, folder / name
        parents.add(target.parent)
        if kept.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            again = place / "again"
            again.unlink(missing_ok=True)
            _second_name(kept, again)
            again.replace(target)
        else:
            target.unlink(missing_ok=True)
    for parent in sorted(parents):
        if parent.exists():
            durable(parent)
    note.unlink()
    durable(note.parent)
    shutil.rmtree(place, ignore_errors=True)


def entries(folder: Path) -> list[Entry]:
    """Every change that took place, the newest first."""
    found, pending = [], _pending(folder)
    for number in sorted(_numbers(folder), reverse=True):
        if number == pending:
            continue
        place = _place(folder, number)
        try:
            said = json.loads((place / _ENTRY).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            continue
        found.append(_entry(said, kept=(place / _BEFORE).is_dir()))
    return found


def before(folder: Path, entry: Entry) -> dict[str, Path]:
    """Files as they were before a change, by name; a file that was not there has none."""
    place = _place(folder, entry.number) / _BEFORE
    if not place.is_dir():
        raise LibraryError(
            f"Change {entry.number} can no longer be undone: only the newest {KEPT} are kept, and "
            "nothing that was purged. Import the files again instead."
        )
    return {name: place / name for name in entry.names if (place / name).exists()}


def _entry(said: dict[str, Any], *, kept: bool) -> Entry:
    about = said["about"]
    left_out = {
        reason: (int(rows), tuple(where)) for reason, (rows, where) in about["left_out"].items()
    }
    files = tuple((str(name), str(digest)) for name, digest in about["files"])
    rows_of = {  # older entries have none
        name: (int(held), int(rows)) for name, (held, rows) in about.get("rows_of", {}).items()
    }
    return Entry(
        number=int(said["number"]),
        when=said["when"],
        who=said["who"],
        about=About(**{**about, "left_out": left_out, "files": files, "rows_of": rows_of}),
        put=tuple(said["put"]),
        removed=tuple(said["removed"]),
        kept=kept,
    )


def _let_go(folder: Path, names: Sequence[str]) -> None:
    """Delete every kept copy of files that must not be kept."""
    for number in _numbers(folder):
        for name in names:
            (_place(folder, number) / _BEFORE / name).unlink(missing_ok=True)


def _numbers(folder: Path) -> list[int]:
    places = (folder / FOLDER).glob("[0-9]*")
    return [int(place.name) for place in places if place.name.isdecimal()]


def _place(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"{number:06d}"


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # a disk without links
        shutil.copy2(path, other)


def _write(path: Path, said: object) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=True)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
