"""The command that fetches open data: a plan first, a question, then the fetch."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hotspots.commands.options import Data
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.library import fetching as library_fetching
from hotspots.library.fetch_planning import plan_fetch
from hotspots.periods import parse_month
from hotspots.settings import FETCH_MONTHS
from hotspots.sources.reports import Progress as Tell


@contextmanager
def _bar() -> Iterator[Tell]:
    """What is being fetched, on the standard error; nothing of it stays on the screen."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("asking", total=None)

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total or None, description=name)

        yield tell


def fetch(
    force: Annotated[str, typer.Argument(help="Name of the force, such as cheshire.")],
    data: Data = None,
    months: Annotated[
        int, typer.Option(min=FETCH_MONTHS.low, max=FETCH_MONTHS.high, help="How many months.")
    ] = FETCH_MONTHS.default,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYY-MM", help="Last month; the newest published."),
    ] = None,
    wards: Annotated[bool, typer.Option(help="Ward boundaries too.")] = True,
    authority: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Local authority whose wards are wanted, again for several; those that the "
            "reports lie in unless given.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Fetch without asking first.")] = False,
) -> None:
    """
    Fetch a force's newest months from data.police.uk; wards and residents from ONS and government.

    What would come, from whom and how large is said before anything is fetched. A fetch
    that was cut goes on where it ended when it is started again.
    """
    plan = plan_fetch(
        force,
        months=months,
        last=parse_month(last) if last else None,
        authorities=authority or (),
        wards=wards,
    )
    for sentence in plan.sentences():
        typer.echo(sentence)
    if not yes:
        if not sys.stdin.isatty():
            raise SelectionError(
                "Nothing was fetched: to fetch this without being asked, add --yes."
            )
        typer.confirm("Fetch it?", abort=True, err=True)
    with _bar() as tell:
        done = library_fetching.fetch(plan, Library(data), progress=tell)
    for report in done:
        for sentence in report.sentences():
            typer.echo(sentence)
