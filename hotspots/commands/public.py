"""The command that writes everything public into a folder, and the officer's report beside it."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from hotspots.action.records import exist, open_records
from hotspots.action.responses import open_menu
from hotspots.commands.options import Area, Data
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.publish.disclosure import disclose
from hotspots.publish.open_data import AREAS, open_data, told_otherwise
from hotspots.publish.protection import protection
from hotspots.publish.public_areas import areas, find_area
from hotspots.publish.public_work import of_area, public_work
from hotspots.publish.story import Story
from hotspots.publish.words import ENGLISH, Words
from hotspots.settings import PUBLIC_DELAY_MONTHS, data_folder, report_address
from hotspots.study import open_dataset
from hotspots.views.takehome import page_html, sheet_pdf, slides_pptx


def public(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the public files go.", file_okay=False)
    ],
    data: Data = None,
    area: Area = None,
    language: Annotated[str, typer.Option(help="Language of the words.")] = ENGLISH,
    delay: Annotated[
        int,
        typer.Option(
            min=PUBLIC_DELAY_MONTHS.low,
            max=PUBLIC_DELAY_MONTHS.high,
            help="Whole months since a year ended before it is shown.",
        ),
    ] = PUBLIC_DELAY_MONTHS.default,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Write over a release of the same year with other figures."),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what was hidden and why, for the data-protection officer alone.",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """
    Write what the public may have: a page that needs no server, a sheet, slides, open data.

    Whole years alone are shown, and nothing from which a count below ten could be worked out.
    """
    words = Words(language)
    if report is not None and report.resolve().is_relative_to(out.resolve()):
        raise SelectionError(f"{report}: it holds true counts; write it outside {out}.")
    disclosed = disclose(
        open_dataset(Library(data)),
        today=pd.Timestamp.now().to_period("M"),
        delay_months=delay,
    )
    known = areas(disclosed.release, words)
    found = find_area(area, known, {}) if area else next(iter(known.values()))
    if found is None:
        raise SelectionError(
            f"“{area}” is no ward or local authority of the loaded data; "
            "`python -m hotspots areas` lists them."
        )
    wards, folder = disclosed.release.wards, data or data_folder()
    begun = (
        public_work(open_records(folder), wards, open_menu(folder), words) if exist(folder) else ()
    )
    story = Story(disclosed.release, found, words, of_area(begun, found, wards))
    if story.year is None:
        raise SelectionError(words("page.nothing"))
    address = report_address()
    files = {
        "index.html": page_html(story, report_address=address),
        "sheet.pdf": sheet_pdf(story, report_address=address),
        "slides.pptx": slides_pptx(story, report_address=address),
        **open_data(disclosed.release, words),
    }
    earlier = out / AREAS
    if earlier.exists() and not replace:
        differ = told_otherwise(earlier.read_bytes(), disclosed.release, words)
        if differ:
            raise SelectionError(
                f"{out} holds a release with other figures for {len(differ):,} areas "
                f"({', '.join(differ[:3])}). Whoever has both can subtract them: ask the "
                "data-protection officer, then add --replace."
            )
    out.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (out / name).write_bytes(body)
        typer.echo(f"{name}: {len(body):,} bytes")
    typer.echo(words("page.made_from", years=story.year, identity=disclosed.release.identity))
    if report is not None:
        report.write_text(protection(disclosed).text(), encoding="utf-8")
        typer.echo(f"{report}: not for publication.")
