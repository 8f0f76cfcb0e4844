"""Engines of the two databases that records are kept in, and what each needs to be safe."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from hotspots.errors import RecordsError

VARIABLE: Final = "HOTSPOTS_DATABASE_URL"
# How long a writer waits for its turn before it says that it could not have one.
PATIENCE_S: Final = 60
# Option of a connection that only reads.
READS: Final = "hotspots_only_reads"
_SQLITE: Final = "sqlite"


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
        reads = connection.get_execution_options().get(READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def server_engine(url: str) -> Engine:
    """
    An engine for a PostgreSQL database, whose readers see one state of it.

    Raises
    ------
    RecordsError
        When the address is not of one.
    """
    engine = create_engine(_parsed(url), pool_pre_ping=True, pool_timeout=PATIENCE_S)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(READS):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


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
