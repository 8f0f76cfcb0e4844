"""Commands that say what changed the data, undo it, and purge what is too old to keep."""

from pathlib import Path
from typing import Annotated

import typer

from hotspots.commands.judging import write_csv
from hotspots.commands.options import Data
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.library import purge as purge_months
from hotspots.library import undo as undo_change
from hotspots.library.journal import Entry
from hotspots.periods import parse_month
from hotspots.publish.formats import neutralised_csv
from hotspots.views import journal_words

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Of a change, from `journal`.")]
Why = Annotated[str, typer.Option(help="The reason, which the journal keeps.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write .csv; printed unless given.")]


def journal(data: Data = None, out: Out = None) -> None:
    """Print every change of the data: who, when, from which files, and what was left out."""
    entries = Library(data).journal()
    if out is not None:
        write_csv(out, neutralised_csv(journal_words.for_file(entries)))
    for number, row in journal_words.changes(entries).iterrows():
        parts = [row["When"], row["Who"], row["What"], row["From"], row["State"]]
        typer.echo(f"{number}\t" + "\t".join(part for part in parts if part))
    if not entries:
        typer.echo("Nothing was imported yet.")


def left_out(number: Number, data: Data = None, out: Out = None) -> None:
    """Print the rows that an import left out, and why."""
    table = journal_words.left_out(_entry(Library(data).journal(), number))
    if out is not None:
        write_csv(out, neutralised_csv(table))
        typer.echo(f"{len(table):,} lines written to {out.name}.")
        return
    for row in table.to_dict("records"):
        typer.echo(f"{row['row']}: {row['why']}")
    if table.empty:
        typer.echo(f"Change {number} left no row out.")


def undo(number: Number, why: Why, data: Data = None) -> None:
    """Undo an import: the months, wards or residents that it changed are as before it."""
    for sentence in undo_change(Library(data), number, why=why).sentences():
        typer.echo(sentence)


def purge(
    before: Annotated[str, typer.Option(metavar="YYYY-MM", help="First month that stays.")],
    why: Why,
    data: Data = None,
    source: Annotated[
        list[str] | None, typer.Option(help="A source, again for several; all unless given.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Purge without asking first.")] = False,
) -> None:
    """Delete reports older than they may be kept, for good."""
    if not yes:
        typer.confirm(f"Delete every report from before {before}, for good?", abort=True, err=True)
    done = purge_months(Library(data), parse_month(before), why=why, sources=source)
    for sentence in done.sentences():
        typer.echo(sentence)


def _entry(entries: list[Entry], number: int) -> Entry:
    for one in entries:
        if one.number == number:
            return one
    raise SelectionError(f"There is no change {number}; `python -m hotspots journal` lists them.")
