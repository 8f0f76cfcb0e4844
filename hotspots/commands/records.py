"""The commands that look after the records: backup, restore, check, and what may go."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hotspots.action.records import copies as made
from hotspots.action.records import exist, open_records
from hotspots.action.retention import queue
from hotspots.commands import retention, returning, visiting
from hotspots.commands.options import By, Data, said, whose
from hotspots.errors import RecordsError
from hotspots.settings import data_folder

app = typer.Typer(
    help="Back the records up, put a backup back, see whether they are whole, and what is due.",
    no_args_is_help=True,
)


def add_to(commands: typer.Typer) -> None:
    """Add these, and `return`, to the commands of the whole."""
    retention.add_to(app)
    commands.add_typer(app, name="records")
    commands.command("return")(said(returning.return_))
    commands.command("visits")(said(visiting.visits_))


@app.command()
@said
def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; it may not exist.")],
    data: Data = None,
) -> None:
    """Write everything in the records to one file, while others go on working."""
    folder = data or data_folder()
    if not exist(folder):
        raise RecordsError("There are no records yet, so nothing to back up.")
    made.backup(open_records(folder), path)
    typer.echo(f"The records are backed up in {path}, {path.stat().st_size:,} bytes.")


@app.command()
@said
def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    data: Data = None,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking first.")] = False,
) -> None:
    """Put the records back as a backup holds them; what stood before is kept beside them."""
    folder = data or data_folder()
    records = open_records(folder)
    if not yes:
        typer.confirm("Replace everything in the records by this backup?", abort=True, err=True)
    before = made.restore(records, path, by=whose(by))
    typer.echo(f"The records are as {path.name} holds them. What stood before: {before}.")
    if back := queue(records, folder, datetime.now(UTC).date()).waiting:
        typer.echo(f"Past its time, and perhaps erased before: {'; '.join(p.what for p in back)}.")


@app.command()
@said
def check(data: Data = None) -> None:
    """See whether the records are whole and their audit trail is unbroken."""
    folder = data or data_folder()
    wrong = made.check(open_records(folder)) if exist(folder) else []
    if wrong:
        raise RecordsError(" ".join(wrong))
    typer.echo("The records are whole." if exist(folder) else "There are no records yet.")
