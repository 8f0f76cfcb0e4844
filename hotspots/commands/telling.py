"""What changed, on the command line: the same as the When page, ready to be sent."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hotspots.action.named_breaks import named_breaks
from hotspots.action.records import exist, open_records
from hotspots.commands.opening import opened
from hotspots.commands.options import Area, Data, Last, Vintage
from hotspots.errors import LibraryError
from hotspots.periods import Period, parse_month
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import named_area, study
from hotspots.study import news as what_changed
from hotspots.study.early_warning import early_warning
from hotspots.views import morning, wording


def news(
    data: Data = None,
    area: Area = None,
    last: Last = None,
    vintage: Vintage = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it to a file ending in .txt or .html."),
    ] = None,
) -> None:
    """Tell what changed and what gathers now, or that nothing does: for a morning's e-mail."""
    if out is not None and out.suffix not in {".txt", ".html"}:
        raise LibraryError(f"{out.name}: write to a name ending in .txt or .html.")
    dataset = opened(data, vintage=vintage)
    asked_for = Selection.default(dataset.choices)
    if area:
        asked_for = replace(asked_for, area=named_area(area, dataset.choices.areas))
    if last:
        month = parse_month(last)
        first = max(month - 11, dataset.choices.period.first)
        asked_for = replace(asked_for, period=dataset.choices.within(Period(first, month)))
    asked, folder = study(dataset, asked_for), data or data_folder()
    named = named_breaks(open_records(folder), asked.wider) if exist(folder) else ()
    found = what_changed(dataset, asked, named=tuple(one.as_break() for one in named))
    note = wording.credit(dataset)
    told = morning.message(
        found,
        early_warning(dataset, asked, breaks=found.breaks),
        Stamp.of(asked_for, dataset.choices, note=note),
    )
    if out is None:
        typer.echo(told.as_text())
        return
    text = told.as_html() if out.suffix == ".html" else told.as_text()
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LibraryError(f"{out}: cannot be written ({error.strerror}).") from error
    typer.echo(f"{told.title}. Written to {out}.")
