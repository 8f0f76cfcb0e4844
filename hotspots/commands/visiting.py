"""The command that logs visits from a file."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from hotspots.action import visit_entry, visits
from hotspots.action.records import open_records
from hotspots.analysis import pings
from hotspots.commands.opening import user
from hotspots.commands.options import Area, Data
from hotspots.commands.returning import patrol_areas
from hotspots.errors import LibraryError
from hotspots.settings import PATROL_AREAS, data_folder
from hotspots.sources.visit_files import MOST_BYTES, read_pings, read_visits
from hotspots.views import visit_words


def visits_(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, a visit or a position a line.")
    ],
    data: Data = None,
    area: Area = None,
    count: Annotated[
        int,
        typer.Option(min=PATROL_AREAS.low, max=PATROL_AREAS.high, help="Patrol areas at most."),
    ] = PATROL_AREAS.default,
    positions: Annotated[
        bool, typer.Option("--positions", help="The file holds where radios or phones were.")
    ] = False,
    officers: Annotated[
        int, typer.Option(min=1, max=visit_entry.MOST_OFFICERS, help="With each radio.")
    ] = 1,
    look: Annotated[
        bool, typer.Option("--look", help="Say what would be logged, and log nothing.")
    ] = False,
) -> None:
    """
    Log visits from a CSV file: all of it, or nothing.

    Columns area (its grid reference), from, to or minutes, and what else a visit says; of
    positions unit, time, and easting and northing or latitude and longitude. The same file
    again adds nothing twice.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LibraryError(f"{path.name} is larger than {MOST_BYTES >> 20} MB.")
        body = path.read_bytes()
    except OSError as error:
        raise LibraryError(f"{path}: cannot be read ({error.strerror}).") from error
    read = read_pings if positions else read_visits
    table = read(body, path.name)
    _, selection, _, areas = patrol_areas(data, area, count)
    if positions:
        stays, units = pings.visits(table, areas.set_index("key"))
        typer.echo(visit_words.followed(units))
        table = visit_entry.from_stays(stays, officers)
    entries = visit_entry.from_table(table, visit_words.grounds(areas), selection.area)
    if look:
        for entry in entries:
            when = visit_words.when(pd.Timestamp(entry.started), pd.Timestamp(entry.ended))
            typer.echo(f"{when}, {entry.area} {entry.area_name}, {entry.officers} officers")
        return
    names = [str(name) for name in table.index]
    records = open_records(data or data_folder())
    added = visits.log(
        records, entries, by=user(), ids=names, source="pings" if positions else "csv"
    )
    typer.echo(visit_words.added(added, len(entries)))
