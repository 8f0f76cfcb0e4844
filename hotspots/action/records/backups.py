"""
Which backups there are: a list beside the records, which no restoring takes back.

What is erased from the records stays in the backups made before. So each is written down
when it is made, and is named whenever something is erased, for as long as it is there.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hotspots.action.records.database import Records
from hotspots.errors import RecordsError

_LIST: Final = "backups.json"
_BEFORE: Final = "before-restore-*.sqlite"


@dataclass(frozen=True)
class Backup:
    """A backup that was there when it was last looked for."""

    path: Path
    made: datetime


def backups(records: Records) -> list[Backup]:
    """Backups that are still where they were written, the oldest first."""
    held = [Backup(path, made) for path, made in _listed(records.folder).items() if path.is_file()]
    return sorted(held, key=lambda one: (one.made, one.path))


def write_down(records: Records, path: Path) -> None:
    """Add a backup that was just made."""
    with records.alone():
        _write(records.folder, _listed(records.folder) | {path.resolve(): datetime.now(UTC)})


def delete(records: Records, backup: Backup) -> None:
    """
    Delete a backup.

    Raises
    ------
    RecordsError
        When it cannot be deleted.
    """
    try:
        backup.path.unlink(missing_ok=True)
    except OSError as error:
        raise RecordsError(f"{backup.path} cannot be deleted: {error.strerror}.") from error
    with records.alone():
        listed = _listed(records.folder)
        listed.pop(backup.path, None)
        _write(records.folder, listed)


def _listed(folder: Path) -> dict[Path, datetime]:
    """Path and moment of each that was written down, and of those older than the list."""
    found = {
        path.resolve(): datetime.fromtimestamp(path.stat().st_mtime, UTC)
        for path in folder.glob(_BEFORE)
    }
    try:
        told = json.loads((folder / _LIST).read_text(encoding="utf-8"))
        return found | {Path(path): datetime.fromisoformat(made) for path, made in told.items()}
    except FileNotFoundError:
        return found
    except (OSError, ValueError, AttributeError) as error:
        raise RecordsError(
            f"{_LIST}, the list of backups, cannot be read; put it right, or take it away."
        ) from error


def _write(folder: Path, listed: dict[Path, datetime]) -> None:
    fresh = folder / f"{_LIST}.new"
    told = {str(path): made.isoformat() for path, made in listed.items() if path.is_file()}
    fresh.write_text(json.dumps(told, indent=1), encoding="utf-8")
    fresh.replace(folder / _LIST)
