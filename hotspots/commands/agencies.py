"""Commands that bring in partners' reports, and the postcodes that place them."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hotspots.commands.options import Data
from hotspots.commands.progress import progress_bar
from hotspots.library import Library, import_agency, import_postcodes
from hotspots.library.mappings import kept_in_words, mapping_of, read_mapping
from hotspots.settings import data_folder
from hotspots.sources import agencies
from hotspots.sources.agency_mapping import ROLES, Mapping, to_toml

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH…", help="Files: CSV, TSV, .xlsx, GeoJSON or GeoPackage."),
]


def agency(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Who recorded the reports.")],
    paths: Paths,
    data: Data = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Which column is what (TOML); the one kept from last time, or guessed.",
        ),
    ] = None,
    look: Annotated[
        bool,
        typer.Option("--look", help="Print the mapping that would be used; import nothing."),
    ] = False,
) -> None:
    """
    Read a partner's reports (CSV, TSV, .xlsx, GeoJSON, GeoPackage) under a name.

    Every month in them replaces that source's month, whole. If anything is wrong, nothing
    is changed. The police's own figures stay as they are.
    """
    folder = data or data_folder()
    chosen = read_mapping(mapping) if mapping else mapping_of(folder, source)
    if chosen is None:
        _, chosen = agencies.preview(paths[0])
        _say_guess(chosen)
    chosen = replace(chosen, source=source)
    if look:
        typer.echo(to_toml(chosen))
        return
    with progress_bar() as tell:
        report = import_agency(paths, Library(data), mapping=chosen, progress=tell)
    for sentence in report.sentences():
        typer.echo(sentence)
    typer.echo(kept_in_words(chosen, folder))


def postcodes(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="OS Code-Point Open or the ONS Postcode Directory."),
    ],
    data: Data = None,
) -> None:
    """Read where postcodes are (CSV or zip): they place reports that have no better place."""
    with progress_bar() as tell:
        report = import_postcodes(paths, Library(data), progress=tell)
    for sentence in report.sentences():
        typer.echo(sentence)


def _say_guess(mapping: Mapping) -> None:
    typer.echo("No mapping is kept for this source; its columns were guessed from their names:")
    for role, column in mapping.columns.items():
        typer.echo(f"  {ROLES[role]}: {column}")
