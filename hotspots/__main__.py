"""
The command line: `python -m hotspots import PATH…`, and what else is below.

Sentences go to the standard output, progress and errors to the standard error. An error
that a reader can mend is one sentence and exit code 1; anything else is ours to mend,
and is shown whole.
"""

from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

import hotspots
from hotspots.commands import (
    agencies,
    asking,
    fetching,
    journal,
    judging,
    people,
    sharing,
    telling,
)
from hotspots.commands import records as records_commands
from hotspots.commands.opening import because, opened
from hotspots.commands.options import Data, said
from hotspots.commands.progress import progress_bar
from hotspots.commands.public import public
from hotspots.library import (
    ImportReport,
    Library,
    import_police_uk,
    import_population,
    import_roads,
    import_wards,
)
from hotspots.library.reports import in_words
from hotspots.settings import data_folder
from hotspots.sources.basemaps import import_basemap
from hotspots.sources.reports import count_of

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    name="python -m hotspots",
    help="Antisocial behaviour hotspots, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH…", help="Files, zip files and folders of them.")
]


def say(report: ImportReport) -> None:
    """Print what an import did."""
    for sentence in report.sentences():
        typer.echo(sentence)


def named(force: str, source: str) -> str:
    """Force and who published it; a partner's reports are of no one force."""
    return source if force == source else f"{force} ({source})"


def _version(asked: bool) -> None:
    if asked:
        typer.echo(hotspots.__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    why: Annotated[
        str,
        typer.Option(
            help="Why reports that are not open data are looked at; the audit trail keeps it."
        ),
    ] = "",
) -> None:
    """Antisocial behaviour hotspots, from the command line."""
    del version
    because(why)


@app.command("import")
@said
def import_(paths: Paths, data: Data = None) -> None:
    """
    Read police street files (CSV, .csv.gz, zip, folders) from data.police.uk.

    Every force's month in them replaces the one held, whole. If anything is wrong,
    nothing is changed.
    """
    with progress_bar() as tell:
        report = import_police_uk(paths, Library(data), progress=tell)
    say(report)


@app.command()
@said
def wards(
    paths: Paths,
    data: Data = None,
    vintage: Annotated[
        int | None,
        typer.Option(help="Year of the boundaries, where the files hold several.", metavar="YEAR"),
    ] = None,
) -> None:
    """
    Read ONS ward boundaries (GeoJSON, GeoPackage, shapefile, zip) of any year.

    They replace the wards of the same year in the same local authorities.
    """
    with progress_bar() as tell:
        report = import_wards(paths, Library(data), vintage=vintage, progress=tell)
    say(report)


@app.command()
@said
def population(
    paths: Paths,
    data: Data = None,
    column: Annotated[
        str | None,
        typer.Option(help="Column of residents, where several fit.", metavar="NAME"),
    ] = None,
) -> None:
    """Read residents by ward (CSV or .csv.gz with a column of ward codes)."""
    with progress_bar() as tell:
        report = import_population(paths, Library(data), column=column, progress=tell)
    say(report)


@app.command()
@said
def basemap(
    path: Annotated[Path, typer.Argument(help="OS Open Zoomstack GeoPackage, or MBTiles.")],
    data: Data = None,
) -> None:
    """Keep roads, water and green space, or background pictures, round the loaded data."""
    bounds = opened(data).bounds
    typer.echo(import_basemap(path, data or data_folder(), bounds).sentence)


@app.command()
@said
def roads(paths: Paths, data: Data = None) -> None:
    """
    Keep roads and paths round the loaded data, so that a week's ways are measured along them.

    OS Open Roads, or any lines: GeoPackage, GeoJSON, shapefile, zip. They replace those held.
    """
    with progress_bar() as tell:
        report = import_roads(paths, Library(data), bounds=opened(data).bounds, progress=tell)
    say(report)


@app.command("list")
@said
def list_(data: Data = None) -> None:
    """Print what is loaded: forces and months, held and missing, wards and residents."""
    library = Library(data)
    held = library.holdings()
    if held.empty:
        typer.echo(f"No reports are loaded in {library.folder.parent}.")
    for force in held.to_dict("records"):
        missing = f"; missing: {in_words(force['missing'])}" if force["missing"] else ""
        typer.echo(
            f"{named(force['force'], force['source'])}: {in_words(force['held'])}{missing}; "
            f"{force['rows']:,} rows, {force['asb_rows']:,} of them ASB, "
            f"{force['rows_without_place']:,} without a place; "
            f"{force['publisher']}, {force['licence']}."
        )
    for vintage, authorities in library.boundaries().groupby("vintage"):
        typer.echo(
            f"Wards of {vintage}: {authorities['wards'].sum():,} in {len(authorities):,} local "
            f"authorities; {authorities['publisher'].iloc[0]}, {authorities['licence'].iloc[0]}."
        )
    for file in library.population().to_dict("records"):
        many = count_of(file["wards"], "ward")
        typer.echo(f"Residents of {many}: {file['residents']:,.0f} ({file['file']}).")


@app.command()
@said
def areas(data: Data = None) -> None:
    """Print every study area of the loaded data, code and name."""
    for code, name in opened(data).choices.areas.items():
        typer.echo(f"{code}\t{name}")


for _command in (
    agencies.agency,
    agencies.postcodes,
    fetching.fetch,
    asking.find,
    asking.patrol,
    asking.score,
    telling.news,
    judging.quality,
    public,
    people.roles,
    journal.journal,
    journal.left_out,
    journal.undo,
    journal.purge,
    sharing.share,
    sharing.answer,
):
    app.command()(said(_command))
records_commands.add_to(app)
app.add_typer(sharing.audit, name="audit")


if __name__ == "__main__":
    app()
