"""The commands that share with partners, take their answers, and read the audit trail."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from hotspots.action import sharing
from hotspots.action.records import broken_at, exist, is_blank, last_hash, newest, open_records
from hotspots.commands.opening import opened
from hotspots.commands.options import By, Data, said, whose
from hotspots.errors import DeniedError, RecordsError, SelectionError
from hotspots.publish.formats import neutralise
from hotspots.settings import data_folder
from hotspots.views.trail_words import ERASED as ERASED_WORDS

audit = typer.Typer(help="Read the audit trail, and see whether it is whole.", no_args_is_help=True)


@audit.command()
@said
def verify(data: Data = None) -> None:
    """See whether every line of the trail follows from the one before it."""
    folder = data or data_folder()
    if not exist(folder):
        typer.echo("There are no records yet, and so no trail.")
        return
    with open_records(folder).reading() as session:
        if number := broken_at(session):
            raise RecordsError(
                f"The audit trail is broken at line {number}: it was changed behind the "
                "dashboard's back. Compare it with a backup from before."
            )
        typer.echo(f"The audit trail is whole; its newest line is {last_hash(session)}.")


@audit.command("list")
@said
def list_(
    data: Data = None,
    kind: Annotated[str | None, typer.Option(help="Only lines of this kind.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Only lines of this person.")] = None,
    most: Annotated[int, typer.Option(min=1, help="So many of the newest lines.")] = 50,
) -> None:
    """Print the newest lines of the trail: number, when, kind, who, what and why."""
    folder = data or data_folder()
    if not exist(folder):
        typer.echo("There are no records yet, and so no trail.")
        return
    with open_records(folder).reading() as session:
        for line in reversed(newest(session, most=most, kind=kind, by=by)):
            what = ERASED_WORDS if is_blank(line) else line.what
            parts = (line.id, f"{line.at:%Y-%m-%d %H:%M:%S}Z", line.kind, line.who, what)
            # One line each, whatever it quotes: nobody can write a line of the trail by hand.
            told = (" ".join(str(part).split()) for part in (*parts, line.why))
            typer.echo("\t".join(told).rstrip())


def share(
    agency: Annotated[str, typer.Argument(help="Agency, as agreements.toml names it.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file to write.")],
    data: Data = None,
    by: By = None,
) -> None:
    """Write what an agreement in force lets a partner have; the audit trail says so."""
    folder, day = data or data_folder(), datetime.now(UTC).date()
    agreements = [each for each in sharing.read_agreements(folder) if each.agency == agency]
    held = sharing.in_force(tuple(agreements), agency, day)
    if not held:
        raise DeniedError(f"No agreement with {agency} is in force; {sharing.FILE} lists them.")
    if path.exists():
        raise SelectionError(f"{path} exists; name a file that does not.")
    dataset = opened(data)
    tables = [sharing.extract(dataset, each, day=day) for each in held]
    text = "\n".join(
        f"# For {each.recipient}, {agency}; {each.basis}; until {each.expires}; not to be passed on"
        for each in held
    )
    # The trail first: a file that nobody wrote down must not exist.
    with open_records(folder).session() as session:
        for each, table in zip(held, tables, strict=True):
            sharing.disclosed(session, each, len(table), who=whose(by), data=dataset.identity)
    whole = pd.concat(tables, ignore_index=True).map(neutralise)
    path.write_text(f"{text}\n{whole.to_csv(index=False)}", encoding="utf-8")
    typer.echo(f"{len(whole):,} reports for {agency} are in {path}.")


def answer(
    agency: Annotated[str, typer.Argument(help="Agency whose answer it is.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: columns task and status.")],
    data: Data = None,
    by: By = None,
) -> None:
    """Bring in a partner's answer: what became of its own tasks, all of them or none."""
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, comment="#")
    except (ValueError, UnicodeDecodeError) as error:
        raise SelectionError(f"{path.name} is not a CSV file with a header.") from error
    with open_records(data or data_folder()).session() as session:
        moved = sharing.answered(session, table, agency=agency, who=whose(by))
    typer.echo(f"{len(table):,} tasks of {agency} were answered; {moved:,} of them changed.")
