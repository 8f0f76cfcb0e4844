"""
The records: one database, opened once, written in turn.

SQLite in the data folder unless `HOTSPOTS_DATABASE_URL` names a PostgreSQL database.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from hotspots.action.records import migrating
from hotspots.action.records.audit import RecordsSession
from hotspots.action.records.engines import (
    PATIENCE_S,
    READS,
    VARIABLE,
    changing_shape,
    server_engine,
    sqlite_engine,
)
from hotspots.errors import ChangedMeanwhileError, HotspotsError, RecordsError
from hotspots.library.atomic import locked

FOLDER: Final = "records"
FILE: Final = "records.sqlite"


@event.listens_for(RecordsSession, "before_flush")
def _refuse_when_reading(session: Session, *_: Any) -> None:
    if session.info.get(READS):
        raise RuntimeError("This session only reads: write with Records.session.")


class Records:
    """
    The records of one data folder, or of one PostgreSQL database.

    Attributes
    ----------
    name
        As a sentence to the reader names them, without folders and passwords.
    engine
        SQLAlchemy's engine, for what sessions cannot do.
    path
        The SQLite file; None with PostgreSQL.
    folder
        Where the data folder keeps what belongs to the records.

    Examples
    --------
    >>> records = open_records(folder)  # doctest: +SKIP
    >>> with records.session() as session:  # doctest: +SKIP
    ...     session.add(visit)
    ...     note(session, "collection", "PC Green", "visit logged")
    """

    def __init__(self, engine: Engine, *, name: str, folder: Path, path: Path | None) -> None:
        self.engine = engine
        self.name = name
        self.folder = folder
        self.path = path
        self._reader = engine.execution_options(**{READS: True})
        self._turn = threading.Lock()
        self._whose = 0  # the thread whose turn it is

    @contextmanager
    def session(self) -> Iterator[Session]:
        """
        A session that may write: committed when the block ends, undone when it fails.

        Raises
        ------
        ChangedMeanwhileError
            When somebody else changed the same row first.
        RecordsError
            When the records cannot be read or written; then nothing was changed.
        """
        with self._my_turn(), _said(self.name), RecordsSession(self.engine) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, one state of the records, and holds nobody up."""
        with _said(self.name), RecordsSession(self._reader, info={READS: True}) as session:
            yield session

    @contextmanager
    def alone(self) -> Iterator[None]:
        """What stands beside the records in their folder, held against every other writer."""
        with locked(self.folder):
            yield

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """SQLite has one writer: threads queue here, which is fairer than its own polling."""
        if self.path is None:
            yield
            return
        if self._whose == threading.get_ident():
            raise RuntimeError("A session that writes was begun inside another.")
        if not self._turn.acquire(timeout=PATIENCE_S):
            raise RecordsError(_BUSY)
        try:
            self._whose = threading.get_ident()
            yield
        finally:
            self._whose = 0
            self._turn.release()


CHANGED: Final = (
    "Somebody else changed this while you were editing it, and nothing of yours was saved: "
    "look at what it says now, then make your change again."
)
_BUSY: Final = (
    f"The records were busy for {PATIENCE_S} seconds; nothing was saved. Save again in a moment."
)
# What PostgreSQL calls it (SQLSTATE): it could not be put in an order with others' changes, a
# deadlock, too many connections, a lock that was not to be had; and no room on the disk.
_BUSY_STATES: Final = frozenset({"40001", "40P01", "53300", "55P03"})
_FULL_STATE: Final = "53100"


@contextmanager
def _said(name: str) -> Iterator[None]:
    """What SQLAlchemy says, in one sentence."""
    try:
        yield
    except HotspotsError:
        raise
    except StaleDataError as error:
        raise ChangedMeanwhileError(CHANGED) from error
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        raise RecordsError(
            "The same thing was recorded a moment ago; look at it before you save again."
        ) from error
    except (OperationalError, PoolTimeoutError, DBAPIError) as error:
        raise RecordsError(_sentence(error, name)) from error


def _sentence(error: Exception, name: str) -> str:
    cause = getattr(error, "orig", None) or error
    said, state = str(cause).strip().lower(), str(getattr(cause, "sqlstate", None))
    if "locked" in said or state in _BUSY_STATES or isinstance(error, PoolTimeoutError):
        return _BUSY
    if "full" in said or state == _FULL_STATE:
        return f"{name} cannot grow: the disk is full. Nothing was saved; make room and save again."
    if "readonly" in said or "read-only" in said or "permission denied" in said:
        return f"{name} may not be written; ask whoever looks after this machine for permission."
    if "malformed" in said or "not a database" in said:
        return (
            f"{name} is damaged; restore it from a backup with "
            "`python -m hotspots records restore FILE`."
        )
    if "unable to open" in said:
        return f"{name} cannot be opened; check that its folder exists and may be written."
    if isinstance(error, OperationalError):
        return f"{name} cannot be reached; nothing was saved. Check that it runs, then try again."
    raise error


_opened: dict[tuple[object, ...], Records] = {}
_opening: Final = threading.Lock()


def open_records(folder: Path, url: str | None = None) -> Records:
    """
    The records, brought up to date the first time and at hand afterwards.

    Opening again costs a look at the file, so that a page may do it at every run; a file
    that was replaced is opened anew.

    Parameters
    ----------
    folder
        The data folder.
    url
        A database URL of SQLAlchemy's; `HOTSPOTS_DATABASE_URL` unless given, and SQLite in
        `records/records.sqlite` of the folder when neither is.

    Raises
    ------
    RecordsError
        When they cannot be opened, or were made by a newer version.
    """
    wanted = url or os.environ.get(VARIABLE) or ""
    with _opening:
        held = _opened.get(_identity(folder, wanted))
        if held is None:
            held = _open_server(folder, wanted) if wanted else _open_file(folder)
            _opened[_identity(folder, wanted)] = held
        return held


def exist(folder: Path, url: str | None = None) -> bool:
    """Whether there are records to read; opening them would make some."""
    return bool(url or os.environ.get(VARIABLE)) or (folder / FOLDER / FILE).exists()


def _identity(folder: Path, url: str) -> tuple[object, ...]:
    if url:
        return (folder, url)
    path = folder / FOLDER / FILE
    try:
        status = path.stat()
    except OSError:
        return (path,)
    return (path, status.st_dev, status.st_ino)


def _open_file(folder: Path) -> Records:
    path = folder / FOLDER / FILE
    name = f"{FOLDER}/{FILE}"
    engine = sqlite_engine(path)
    records = Records(engine, name=name, folder=path.parent, path=path)
    try:
        with locked(path.parent):
            _bring_up_to_date(records)
    except OSError as error:
        raise RecordsError(f"{name} cannot be opened: {error.strerror}.") from error
    return records


def _open_server(folder: Path, url: str) -> Records:
    engine = server_engine(url)
    database, host = engine.url.database or "", engine.url.host or "this machine"
    name = f"The database {database} at {host}"
    records = Records(engine, name=name, folder=folder / FOLDER, path=None)
    _bring_up_to_date(records)
    return records


def _bring_up_to_date(records: Records) -> None:
    try:
        with _said(records.name), changing_shape(records.engine) as connection:
            migrating.upgrade(connection)
    except HotspotsError:
        records.engine.dispose()
        raise
