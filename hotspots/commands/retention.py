"""The commands that say what is past its time, keep it longer, erase it, and list backups."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from hotspots.action import retention
from hotspots.action.records import Records, backups, exist, open_records
from hotspots.action.retention_piles import Pile
from hotspots.action.retention_rules import KINDS, open_rules
from hotspots.commands.options import By, Data, said, whose
from hotspots.errors import SelectionError
from hotspots.settings import data_folder

Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(KINDS)}.")]
Keys = Annotated[
    list[str] | None, typer.Argument(metavar="[KEY]...", help="Which, from `due`; all if none.")
]
Why = Annotated[str, typer.Option("--why", help="The reason, which the trail keeps.")]


def add_to(commands: typer.Typer) -> None:
    """Add these to the commands about records."""
    for name, command in (
        ("due", due),
        ("keep", keep),
        ("erase", erase),
        ("promised", promised),
        ("backups", list_backups),
    ):
        commands.command(name)(said(command))


def _today() -> date:
    return datetime.now(UTC).date()


def _held(folder: Path) -> Records | None:
    return open_records(folder) if exist(folder) else None


def due(data: Data = None) -> None:
    """Print what is past its time and waits for a decision: kind, key, what, since when."""
    folder = data or data_folder()
    found = retention.queue(_held(folder), folder, _today())
    for pile in found.waiting:
        typer.echo(f"{pile.kind}\t{pile.key}\t{pile.what}\t{pile.due}")
    for pile, kept in found.kept:
        why = " ".join(kept.why.split())
        typer.echo(f"{pile.kind}\t{pile.key}\t{pile.what}\tkept until {kept.until}: {why}")
    if not found.waiting:
        typer.echo("Nothing is past its time.")


def keep(
    kind: Kind,
    until: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Looked at again on this day.")],
    why: Why,
    keys: Keys = None,
    data: Data = None,
    by: By = None,
) -> None:
    """Keep something past its time, until a day and for a reason."""
    folder, today = data or data_folder(), _today()
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise SelectionError(f"{until} is not a day; write it as 2027-03-31.") from error
    piles = _asked(folder, kind, keys or (), today)
    retention.keep(open_records(folder), piles, until=day, who=whose(by), why=why, today=today)
    typer.echo(f"Kept until {day}: {'; '.join(pile.what for pile in piles)}.")


def erase(
    kind: Kind,
    why: Why,
    keys: Keys = None,
    data: Data = None,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking first.")] = False,
) -> None:
    """Erase what is past its time, for good; say what proves it and which backups still hold it."""
    folder, today = data or data_folder(), _today()
    piles = _asked(folder, kind, keys or (), today)
    if not yes:
        what = "; ".join(pile.what for pile in piles)
        typer.confirm(f"Erase {what}, for good?", abort=True, err=True)
    records = open_records(folder)
    for line in retention.erase(records, folder, piles, who=whose(by), why=why, today=today):
        typer.echo(line)


def promised(data: Data = None) -> None:
    """Erase what residents were told would go by now; for a machine to run every night."""
    folder = data or data_folder()
    records = _held(folder)
    done = retention.promised(records, folder, _today()) if records is not None else []
    for line in done or ("Nothing that was promised to go is left.",):
        typer.echo(line)


def list_backups(data: Data = None) -> None:
    """Print the backups that are there: made when, kept until when, and where."""
    folder = data or data_folder()
    records, rule = _held(folder), open_rules(folder)["backups"]
    made = backups.backups(records) if records is not None else []
    for one in made:
        until = one.made.date() + timedelta(days=rule.days)
        typer.echo(f"{one.made:%Y-%m-%d %H:%M}\t{until}\t{one.path}")
    if not made:
        typer.echo("This dashboard knows of no backup.")


def _asked(folder: Path, kind: str, keys: Sequence[str], today: date) -> list[Pile]:
    if kind not in KINDS:
        raise SelectionError(f"{kind} is no kind of record; it is one of {', '.join(KINDS)}.")
    found = retention.queue(_held(folder), folder, today).waiting
    piles = [pile for pile in found if pile.kind == kind and (not keys or pile.key in keys)]
    if not piles or {pile.key for pile in piles} < set(keys):
        raise SelectionError(f"{KINDS[kind][0]}: not all of that is due; `records due` lists it.")
    return piles
