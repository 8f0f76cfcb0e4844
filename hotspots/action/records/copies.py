"""
Backups: one SQLite file, whichever database the records are in.

A backup is taken from one state of the records while others go on writing. Restoring puts
everything back as it was and adds one line to the trail that says so; what stood before is
kept beside the records first. A backup of PostgreSQL can be restored into SQLite and the
other way round, which is how a force moves from one to the other.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from hotspots.action.records import audit, backups, migrating
from hotspots.action.records.database import Records
from hotspots.action.records.engines import changing_shape, check_file, sqlite_engine
from hotspots.action.records.everything import tables
from hotspots.errors import RecordsError
from hotspots.library.atomic import make_durable

_ROWS: Final = 500


def backup(records: Records, path: Path) -> Path:
    """
    Write everything in the records to one file, whole or not at all.

    Raises
    ------
    RecordsError
        When the file exists already, or cannot be written.
    """
    if path.exists():
        raise RecordsError(f"{path} exists; name a file that does not.")
    with _beside(path) as draft:
        if records.path is not None:
            _copy_pages(records.path, draft)
        else:
            with _shaped(draft) as engine, records.reading() as source, engine.begin() as target:
                _copy_rows(source.connection(), target)
        if fault := check_file(draft):
            raise RecordsError(f"The backup did not come out whole ({fault}); make it again.")
        draft.replace(path)
        make_durable(path.parent)
    backups.write_down(records, path)
    return path


def restore(records: Records, path: Path, *, by: str) -> Path:
    """
    Put the records back as a backup holds them.

    Parameters
    ----------
    records
        What is replaced, whole or not at all.
    path
        From `backup`, of this version or an older one.
    by
        Who does it; the trail of the restored records says so.

    Returns
    -------
    before
        Backup of what stood before, beside the records.

    Raises
    ------
    RecordsError
        When the file is no whole backup; then nothing was changed.
    """
    if not path.is_file():
        raise RecordsError(f"{path} is not there.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "restored.sqlite"
        shutil.copyfile(path, copy)
        _make_current(copy, path)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        before = backup(records, records.folder / f"before-restore-{stamp}.sqlite")
        if records.path is not None:
            _copy_pages(copy, records.path)
        else:
            with _engine(copy) as engine, engine.connect() as source:
                _replace_rows(source, records.engine)
    with records.session() as session:
        audit.note(session, "alteration", by, f"Records restored from {path.name}")
    return before


def check(records: Records) -> list[str]:
    """What is wrong with the records, one sentence each; empty when they are whole."""
    said = []
    if records.path is not None and (fault := check_file(records.path)):
        said.append(f"{records.name} is damaged ({fault}); restore it from a backup.")
        return said
    with records.reading() as session:
        line = audit.broken_at(session)
    if line is not None:
        said.append(f"The audit trail was altered behind the dashboard's back at line {line}.")
    return said


def _make_current(copy: Path, path: Path) -> None:
    """A copy of a backup in today's shape, once it is known to be one."""
    refusal = f"{path.name} is not a whole backup of the records; nothing was changed."
    if check_file(copy) is not None:
        raise RecordsError(refusal)
    with _engine(copy) as engine:
        if not inspect(engine).has_table("audit"):
            raise RecordsError(refusal)
        with changing_shape(engine) as connection:
            migrating.upgrade(connection)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place to write in the folder of a file, gone afterwards."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".incoming-") as folder:
            yield Path(folder) / "backup.sqlite"
    except OSError as error:
        raise RecordsError(f"{path} cannot be written: {error.strerror}.") from error


@contextlib.contextmanager
def _engine(path: Path) -> Iterator[Engine]:
    engine = sqlite_engine(path)
    try:
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def _shaped(path: Path) -> Iterator[Engine]:
    """An empty file in today's shape."""
    with _engine(path) as engine:
        with changing_shape(engine) as connection:
            migrating.upgrade(connection)
        yield engine


def _copy_pages(source: Path, target: Path) -> None:
    """SQLite's own copy of one state of a file into another, in one transaction of it."""
    with (
        contextlib.closing(sqlite3.connect(source)) as one,
        contextlib.closing(sqlite3.connect(target, timeout=60)) as other,
    ):
        try:
            one.backup(other)
        except sqlite3.Error as error:
            raise RecordsError(f"The records could not be copied: {error}.") from error


def _copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table, parents first."""
    for table in tables().sorted_tables:
        rows = source.execute(select(table).order_by(*table.primary_key.columns))
        own = [key.parent for key in table.foreign_keys if key.column.table is table]
        later = []
        for some in rows.mappings().partitions(_ROWS):
            told = [dict(row) for row in some]
            # A row may name one that comes after it: such names are filled in at the end.
            later += [
                {f"_{name}": row[name] for name in _names(table, own)}
                for row in told
                if any(row[column.name] is not None for column in own)
            ]
            unlinked = dict.fromkeys(column.name for column in own)
            target.execute(insert(table), [row | unlinked for row in told])
        if later:
            which = [column == bindparam(f"_{column.name}") for column in table.primary_key]
            links: dict[str, Any] = {column.name: bindparam(f"_{column.name}") for column in own}
            target.execute(update(table).where(*which).values(links), later)


def _names(table: Table, own: list[Column[Any]]) -> list[str]:
    return [column.name for column in (*table.primary_key.columns, *own)]


def _replace_rows(source: Connection, engine: Engine) -> None:
    """Rows of a PostgreSQL database replaced in one transaction, its trail's guard let by."""
    try:
        with engine.begin() as target:
            every = tables().sorted_tables
            quote = engine.dialect.identifier_preparer.quote
            names = ", ".join(quote(table.name) for table in every)
            target.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
            target.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
            for table in reversed(every):
                target.execute(table.delete())
            _copy_rows(source, target)
            target.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
            for table in every:
                _count_on(target, table)
    except DBAPIError as error:
        raise RecordsError(
            f"The database refused the backup ({type(error.orig).__name__}); nothing was changed."
        ) from error


def _count_on(connection: Connection, table: Table) -> None:
    """Have numbers that PostgreSQL gives go on after the highest restored."""
    quote = connection.dialect.identifier_preparer.quote
    for column in table.primary_key.columns:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": quote(table.name), "column": column.name},
        )
        if sequence:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))  # noqa: FBT003
