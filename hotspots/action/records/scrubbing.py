"""
What was erased, gone from the disk too, and the proof: the files searched for it.

A database that deletes a row only forgets where it is. SQLite writes over what it deletes
(`secure_delete`), but pages freed earlier and the log of the last writes may still hold it:
the file is written anew without them and the log is emptied. PostgreSQL writes its tables
anew; the log it keeps for its own recovery belongs to whoever looks after that server.
"""

import contextlib
import json
import mmap
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotspots.action.records.database import Records
from hotspots.action.records.engines import PATIENCE_S
from hotspots.errors import RecordsError
from hotspots.sources.reports import count_of

# Texts shorter than this may stand anywhere by chance.
_LETTERS: Final = 12
_WINDOW: Final = 32
_MOST: Final = 200


@dataclass(frozen=True)
class Proof:
    """
    What a search of the records' files found.

    Attributes
    ----------
    searched
        Texts looked for; None where the files are out of reach (PostgreSQL's).
    found
        Of those, texts that still stand somewhere.
    size
        Bytes that were read.
    """

    searched: int | None
    found: int
    size: int

    def sentence(self) -> str:
        """What it shows."""
        if self.searched is None:
            return (
                "The database was written anew without it; its own log and copies are for "
                "whoever looks after that server."
            )
        if not self.searched:
            return "The file was written anew without it; it held no text long enough to look for."
        if self.found:
            return (
                f"Of {count_of(self.searched, 'erased text')} {self.found} still stand in the "
                "file: another record says the same words."
            )
        return (
            f"The file was written anew and searched for {count_of(self.searched, 'erased text')}: "
            f"none stands in its {self.size:,} bytes."
        )


def scrub(records: Records, texts: Iterable[str | bytes]) -> Proof:
    """
    Write the records' files anew without what was deleted, and look for it in them.

    Parameters
    ----------
    records
        With no session open in this thread.
    texts
        What was erased; 200 of the longer ones at most are looked for.

    Raises
    ------
    RecordsError
        When somebody reads or writes for so long that the files cannot be written anew.
    """
    if records.path is None:
        _rewrite_server(records)
        return Proof(None, 0, 0)
    _rewrite_file(records.path)
    wanted = sorted(
        {one for one in texts if len(one) >= _LETTERS}, key=lambda one: (-len(one), str(one))
    )
    files = held_files(records.path)
    found = sum(any(_holds(path, one) for path in files) for one in wanted[:_MOST])
    return Proof(len(wanted[:_MOST]), found, sum(path.stat().st_size for path in files))


def held_files(path: Path) -> list[Path]:
    """The SQLite file and what stands beside it, as far as there is any."""
    return [one for one in (path, Path(f"{path}-wal"), Path(f"{path}-journal")) if one.exists()]


def windows(words: str | bytes) -> Sequence[bytes]:
    """Pieces of a text as a file may hold it, short enough that a page's end cuts few of them."""
    if isinstance(words, bytes):
        forms = {words}
    else:
        forms = {words.encode(errors="replace"), json.dumps(words)[1:-1].encode()}
    return [
        form[start : start + _WINDOW]
        for form in forms
        for start in {0, max(0, len(form) // 2 - _WINDOW // 2), max(0, len(form) - _WINDOW)}
    ]


def _holds(path: Path, words: str | bytes) -> bool:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            return any(held.find(piece) >= 0 for piece in windows(words))


def _rewrite_file(path: Path) -> None:
    busy = RecordsError(
        "What was erased is gone from the records, but others are reading them, so the file "
        "could not be written anew; erase again when they have finished."
    )
    with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        try:
            connection.execute("VACUUM")
            blocked = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise busy from error
    if blocked:
        raise busy


def _rewrite_server(records: Records) -> None:
    try:
        with records.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"SET lock_timeout = '{PATIENCE_S}s'"))
            connection.execute(text("VACUUM FULL"))
    except DBAPIError as error:
        raise RecordsError(
            "What was erased is gone from the records, but the database would not be written "
            f"anew ({type(error.orig).__name__}); ask whoever looks after it to run VACUUM FULL."
        ) from error
