"""
The records: one database, opened once, written in turn.

SQLite in the data folder unless `HOTSPOTS_DATABASE_URL` names a PostgreSQL database.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from hotspots.action.records import migrating
from hotspots.action.records.audit import RecordsSession
from hotspots.errors import ChangedMeanwhileError, HotspotsError, RecordsError
from hotspots.library.atomic import locked

FOLDER: Final = "records"
FILE: Final = "records.sqlite"
VARIABLE: Final = "HOTSPOTS_DATABASE_URL"
# How long a writer waits for its turn before it says that it could not have one.
PATIENCE_S: Final = 60
_READS: Final = "hotspots_only_reads"
_SQLITE: Final = "sqlite"


@event.listens_for(RecordsSession, "before_flush")
def _refuse_when_reading(session: Session, *_: Any) -> None:
    if session.info.get(_READS):
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
        self._reader = engine.execution_options(**{_READS: True})
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
        with _said(self.name), RecordsSession(self._reader, info={_READS: True}) as session:
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
    said = str(getattr(error, "orig", None) or error).strip().lower()
    if "locked" in said or isinstance(error, PoolTimeoutError):
        return _BUSY
    if "full" in said:
        return f"The disk is full: nothing was saved in {name}; make room and save again."
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
    parsed = _parsed(url)
    engine = create_engine(parsed, pool_pre_ping=True, pool_timeout=PATIENCE_S)
    _begin_reading(engine)
    name = f"The database {parsed.database or ''} at {parsed.host or 'this machine'}"
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


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise RecordsError(
            f"{VARIABLE} is not a database address; it looks like "
            "postgresql://user:password@host/database."
        ) from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise RecordsError(
            f"{VARIABLE} names {parsed.get_backend_name()}; the records are kept in PostgreSQL, "
            "or in the data folder when it is not set."
        )
    return parsed.set(drivername="postgresql+psycopg")


def sqlite_engine(path: Path) -> Engine:
    """An engine for a SQLite file that keeps to whole transactions and to foreign keys."""
    engine = create_engine(URL.create(_SQLITE, database=str(path)), pool_timeout=PATIENCE_S)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed
        for pragma in (
            f"busy_timeout = {1000 * PATIENCE_S}",
            "journal_mode = WAL",
            "synchronous = FULL",  # what is saved survives a power cut
            "foreign_keys = ON",
            "recursive_triggers = ON",  # so that REPLACE cannot pass the trail's triggers
            "secure_delete = ON",  # what is deleted is written over
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer half-way may find the records changed under it.
        reads = connection.get_execution_options().get(_READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _begin_reading(engine: Engine) -> None:
    """Have what only reads see one state of a PostgreSQL database."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_READS):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


@contextmanager
def changing_shape(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction; SQLite's foreign keys wait until a table is rebuilt."""
    file = engine.dialect.name == _SQLITE
    with engine.connect() as connection:
        if file:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            if file:
                raw.execute("PRAGMA foreign_keys = ON")


def check_file(path: Path) -> str | None:
    """What SQLite finds wrong with a file; None when it is whole."""
    engine = sqlite_engine(path)
    try:
        with engine.connect() as connection:
            said = connection.execute(text("PRAGMA integrity_check")).scalar()
    except DBAPIError as error:
        return str(error.orig)
    finally:
        engine.dispose()
    return None if said == "ok" else str(said)
