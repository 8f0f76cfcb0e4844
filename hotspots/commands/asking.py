"""Commands that ask the data what the pages ask, and give the same answers to the unit."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from hotspots.action import patrol_log
from hotspots.analysis.scorecard import HORIZON_MONTHS
from hotspots.commands.opening import opened, undecided
from hotspots.commands.options import (
    About,
    Area,
    Data,
    First,
    Last,
    Least,
    Out,
    Radius,
    Sources,
    Vintage,
)
from hotspots.periods import Period, parse_month
from hotspots.publish.formats import Outlines, Stamp, on_grid, write_outlines
from hotspots.selection import Selection
from hotspots.settings import PATROL_AREA_HA, PATROL_AREAS, RADIUS_M, data_folder
from hotspots.study import (
    Dataset,
    Found,
    Study,
    Wanted,
    answers,
    evidence,
    named_area,
    study,
)
from hotspots.study import patrol as place_patrol_areas
from hotspots.views import (
    doubles_words,
    evidence_tables,
    evidence_words,
    patrol_words,
    tables,
    where_words,
    wording,
)


def _asked(
    dataset: Dataset,
    area: str | None,
    first: str | None,
    last: str | None,
    radius: int,
    least: int | None,
    counted: tuple[list[str] | None, list[str] | None] = (None, None),
) -> Selection:
    """Options as the selection that a page would make of them."""
    unasked, choices = Selection.default(dataset.choices), dataset.choices
    sources, about = choices.counting(*counted)
    held = dataset.period_of(sources)
    last_month = parse_month(last) if last else held.last
    first_month = parse_month(first) if first else max(last_month - 11, held.first)
    return replace(
        unasked,
        area=named_area(area, choices.areas) if area else unasked.area,
        period=choices.within(Period(first_month, last_month)),
        radius_m=radius,
        min_incidents=least,
        sources=sources,
        qualifiers=about,
    )


def _stamp(dataset: Dataset, asked: Study, found: Found) -> Stamp:
    note = wording.note(dataset)
    return Stamp.of(asked.selection, dataset.choices, note=note, chosen=found.min_incidents)


def _give(
    out: Path | None, outlines: Outlines, shown: pd.DataFrame, stamp: Stamp, layer: str = "hotspots"
) -> None:
    if out is None:
        typer.echo(shown.to_string())
    else:
        write_outlines(out, outlines, stamp, layer)


def find(
    data: Data = None,
    area: Area = None,
    sources: Sources = None,
    about: About = None,
    first: First = None,
    last: Last = None,
    radius: Radius = RADIUS_M.default,
    least: Least = None,
    vintage: Vintage = None,
    out: Out = None,
) -> None:
    """Find the hotspots of an area and period: the same as the Where page, to the unit."""
    dataset = opened(data, vintage=vintage)
    counted = (sources, about)
    asked = study(dataset, _asked(dataset, area, first, last, radius, least, counted))
    found = answers.find(asked)
    there = on_grid(found.hotspots, dataset.grid)
    _give(out, there, tables.hotspots(found.hotspots), _stamp(dataset, asked, found))
    typer.echo(f"{where_words.finding_of(asked, found, dataset)}.")
    if twice := doubles_words.may_be_twice(undecided(data, dataset, asked.asb.index)):
        typer.echo(twice)
    typer.echo(_stamp(dataset, asked, found).caption)


def patrol(
    data: Data = None,
    area: Area = None,
    sources: Sources = None,
    about: About = None,
    first: First = None,
    last: Last = None,
    radius: Radius = RADIUS_M.default,
    least: Least = None,
    vintage: Vintage = None,
    count: Annotated[
        int, typer.Option(min=PATROL_AREAS.low, max=PATROL_AREAS.high, help="Patrol areas at most.")
    ] = PATROL_AREAS.default,
    size: Annotated[
        int,
        typer.Option(
            min=PATROL_AREA_HA.low, max=PATROL_AREA_HA.high, help="Size of each, hectares."
        ),
    ] = PATROL_AREA_HA.default,
    anywhere: Annotated[
        bool, typer.Option("--anywhere", help="Wherever reports are, not only round hotspots.")
    ] = False,
    out: Out = None,
) -> None:
    """Place patrol areas, changes by hand included: the same as the Patrol page, to the unit."""
    dataset = opened(data, vintage=vintage)
    counted = (sources, about)
    asked = study(dataset, _asked(dataset, area, first, last, radius, least, counted))
    found, wanted = answers.find(asked), Wanted(count, size, anywhere)
    edits = patrol_log.active(data or data_folder(), asked.selection.area)
    placed = place_patrol_areas(asked, found, edits=edits, **asdict(wanted))
    stamp = _stamp(dataset, asked, found).adding(patrol_words.patrol_asked(wanted, len(edits)))
    there = on_grid(placed, dataset.grid)
    _give(out, there, tables.patrol_areas(placed), stamp, layer="patrol areas")
    typer.echo(f"{patrol_words.patrol_finding_of(asked, placed, wanted, dataset)}.")
    typer.echo(patrol_words.PATROL_PAST.replace("**", ""))
    typer.echo(stamp.caption)


def score(
    data: Data = None,
    area: Area = None,
    train: Annotated[
        int | None, typer.Option(min=1, help="Months learnt from; 12, or half of what is held.")
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, help="Months scored.")] = HORIZON_MONTHS,
    sources: Sources = None,
    about: About = None,
) -> None:
    """Score patrol areas and simpler methods on months they had not seen."""
    dataset = opened(data)
    unasked, choices = Selection.default(dataset.choices), dataset.choices
    chosen = named_area(area, choices.areas) if area else unasked.area
    counted, qualifiers = choices.counting(sources, about)
    asked = replace(unasked, area=chosen, sources=counted, qualifiers=qualifiers)
    over = evidence.all_months(dataset, study(dataset, asked))
    card = evidence.scorecard(over, train=train, horizon=horizon)
    typer.echo(evidence_tables.scorecard(card).to_string())
    typer.echo(evidence_words.scored_over(card, over.selection.period))
    for sentence in [card.sentence(), *card.notes]:
        typer.echo(sentence)
