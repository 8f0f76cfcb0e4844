"""Options that several commands take, and how a command says what went wrong."""

import getpass
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

from hotspots.errors import HotspotsError
from hotspots.settings import MIN_INCIDENTS, RADIUS_M

P = ParamSpec("P")
T = TypeVar("T")

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Where imported data is kept; HOTSPOTS_DATA, or the project's data/, unless given.",
        file_okay=False,
    ),
]

By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who does it; this account unless given.")
]

Area = Annotated[
    str | None, typer.Option(help="Name or code of a study area; the first unless given.")
]
First = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="First month.")]
Last = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month.")]
Radius = Annotated[
    int, typer.Option(min=RADIUS_M.low, max=RADIUS_M.high, help="Walking radius, metres.")
]
Least = Annotated[
    int | None,
    typer.Option(
        "--min",
        min=MIN_INCIDENTS.low,
        max=MIN_INCIDENTS.high,
        help="Reports that make a hotspot; chosen from the data unless given.",
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help="A source that is counted; may be repeated. The police's unless given."
    ),
]
About = Annotated[
    list[str] | None,
    typer.Option(
        "--about",
        help="personal, nuisance, environmental or unsaid; may be repeated. All unless given.",
    ),
]
Vintage = Annotated[
    int | None, typer.Option("--wards", metavar="YEAR", help="Year of the ward boundaries.")
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write .csv, .geojson or .gpkg; print them unless given."),
]


def said(command: Callable[P, T]) -> Callable[P, T]:
    """Show an error that is worded for a reader as its one sentence, with exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except HotspotsError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            typer.echo(f"{where}{error.strerror}; nothing was changed.", err=True)
            raise typer.Exit(1) from error

    return run


def whose(by: str | None) -> str:
    """Name for the trail: the one given, or the account that runs the command."""
    return by or getpass.getuser()
