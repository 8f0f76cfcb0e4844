"""The command that writes the monthly return."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from hotspots.action import patrol_log, visits
from hotspots.action.records import exist, open_records
from hotspots.commands.options import Area, Data
from hotspots.errors import LibraryError
from hotspots.library import Library
from hotspots.periods import Period, month_in_words, parse_month
from hotspots.publish.formats import Stamp
from hotspots.publish.monthly_return import TOTAL, monthly_return
from hotspots.publish.return_files import return_csv, return_xlsx
from hotspots.selection import Selection
from hotspots.settings import PATROL_AREAS, data_folder
from hotspots.study import Dataset, Found, Wanted, find, named_area, open_dataset, study
from hotspots.study import patrol as place_patrol_areas
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import visit_words, wording

_WRITERS = {".xlsx": return_xlsx, ".csv": return_csv}


def patrol_areas(
    data: Path | None, area: str | None, count: int
) -> tuple[Dataset, Selection, Found, PatrolAreas]:
    """Patrol areas of a study area as the pages have them, changes by hand included."""
    dataset = open_dataset(Library(data))
    selection = Selection.default(dataset.choices)
    if area:
        selection = replace(selection, area=named_area(area, dataset.choices.areas))
    asked = study(dataset, selection)
    found = find(asked)
    edits = patrol_log.active(data or data_folder(), selection.area)
    placed = place_patrol_areas(asked, found, edits=edits, **asdict(Wanted(count=count)))
    return dataset, selection, found, placed


def return_(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="Month of the return.")],
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .xlsx or .csv.")],
    data: Data = None,
    area: Area = None,
    count: Annotated[
        int,
        typer.Option(min=PATROL_AREAS.low, max=PATROL_AREAS.high, help="Patrol areas at most."),
    ] = PATROL_AREAS.default,
) -> None:
    """Write a month's return: visits and powers used in each patrol area, and the ASB there."""
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        raise LibraryError(f"{out.name}: write to a name ending in .xlsx or .csv.")
    wanted_month, folder = parse_month(month), data or data_folder()
    dataset, selection, found, areas = patrol_areas(data, area, count)
    held = visits.visits(open_records(folder)) if exist(folder) else visits.none()
    here = (held["study_area"] == selection.area) | held["area"].isin(areas["key"])
    reports = None
    if wanted_month in dataset.choices.period:
        then = study(dataset, replace(selection, period=Period(wanted_month, wanted_month)))
        reports = then.located if then.months_held else None
    made = monthly_return(wanted_month, held.loc[here], areas, reports, visit_words.names_of(areas))
    note = wording.note(dataset)
    stamp = Stamp.of(selection, dataset.choices, note=note, chosen=found.min_incidents)
    words = month_in_words(wanted_month)
    try:
        out.write_bytes(writer(made, stamp.adding(f"return for {words}")))
    except OSError as error:
        raise LibraryError(f"{out}: cannot be written ({error.strerror}).") from error
    total = made.table.T[TOTAL]
    typer.echo(
        f"{words}: {wording.count(int(total['patrols']), 'patrol')}, "
        f"{total['hours']:,.1f} officer-hours, in {out.name}."
    )
