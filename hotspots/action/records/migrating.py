"""
The shape of the records, brought up to date when they are opened, and back when asked.

Each step stands in `hotspots/action/migrations/versions`, one after the other in a single
line. A step is taken whole or not at all, by one process at a time.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from hotspots.action.records.tables import Base
from hotspots.errors import RecordsError

_STEPS: Final = Path(__file__).parent.parent / "migrations"
# PostgreSQL's name for "one process changes the shape at a time".
_TURN: Final = 0x0A5B_A0D2
EMPTY: Final = "base"
NEWEST: Final = "head"


def steps() -> ScriptDirectory:
    """Every step there is."""
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def reached(connection: Connection) -> str | None:
    """The step that a database stands at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = NEWEST) -> None:
    """Bring a database forward to a step, the newest unless named."""
    script = steps()
    _run(connection, script, lambda rev, _: script._upgrade_revs(to, rev))  # noqa: SLF001


def downgrade(connection: Connection, to: str) -> None:
    """Take a database back to a step, or to `EMPTY`."""
    script = steps()
    _run(connection, script, lambda rev, _: script._downgrade_revs(to, rev))  # noqa: SLF001


def _run(connection: Connection, script: ScriptDirectory, wanted: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    try:
        with EnvironmentContext(Config(), script, fn=wanted) as environment:
            environment.configure(
                connection=connection,
                target_metadata=Base.metadata,
                transactional_ddl=True,
                render_as_batch=True,
            )
            environment.run_migrations()
    except CommandError as error:
        raise RecordsError(
            "The records were made by a newer version of the dashboard; install that version, "
            "or restore a backup made by this one."
        ) from error
    if connection.dialect.name == "sqlite":
        _check_links(connection.execute(text("PRAGMA foreign_key_check")).all())


def _check_links(broken: Iterable[Any]) -> None:
    for table, _, parent, _ in broken:
        raise RecordsError(
            f"Rows of {table} point at rows of {parent} that are not there; nothing was changed. "
            "Restore the records from a backup."
        )
