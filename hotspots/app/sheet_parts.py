"""What the sheets of a shift and of an area gather from everything that is known."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pandas as pd
import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from hotspots.action import plans, visits
from hotspots.action.plan_tables import STATUSES
from hotspots.action.records import exist, open_records
from hotspots.action.week_plan import Plan
from hotspots.analysis.dose import on_ground
from hotspots.analysis.hotspots import inside as holding
from hotspots.analysis.mix import location_quotients
from hotspots.app import data_store, map_store, store
from hotspots.publish.briefing import Briefing, Part, Sheet, briefing_pdf
from hotspots.publish.formats import Stamp
from hotspots.publish.paper_base import Base, base_of
from hotspots.publish.paper_map import draw
from hotspots.selection import Selection
from hotspots.settings import BRITISH_NATIONAL_GRID, SAMPLE, VISIT_MIN, data_folder
from hotspots.sources import basemaps
from hotspots.study.held_against import on_place
from hotspots.study.patrol import months_held
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, located
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import sheet_words, week_words, where_words, wording

_WEEKS: Final = 13
_WIDE_MM: Final = 182.0
_HIGH_MM: Final = 95.0
_NAMED: Final = 5


def shift_pdf(
    selection: Selection,
    plan: Plan,
    areas: PatrolAreas,
    stamped: Stamp,
    *,
    name: str,
    mark: str,
    todo: tuple[str, ...],
    link: str,
) -> bytes:
    """Briefing of a shift, by its name: a page for the shift, and one for each of its areas."""
    shift = next(one for one in plan.shifts if one.name == name)
    rows = week_words.shift_visits(plan, shift.day, shift.unit)
    numbers = list(dict.fromkeys(rows["area"]))
    under = base(selection)
    first = []
    if numbers:
        shapes = [(f"P{number}", areas.geometry.loc[number]) for number in numbers]
        alt = f"Map of the {len(numbers)} areas of the shift, north up: {_numbers(numbers)}"
        wards = store.study(selection).wards
        borders = [(str(n), w) for n, w in zip(wards["name"], wards.geometry, strict=True)]
        names = [(name, shape.representative_point()) for name, shape in borders]
        whole = draw(
            shapes,
            base=under,
            alt=alt,
            wards=borders,
            names=names,
            width_mm=_WIDE_MM,
            height_mm=_HIGH_MM,
        )
        title = f"Patrol briefing: {name}"
        first = [Sheet(title, whole, (), sheet_words.shift_parts(plan, shift, areas), link)]
    pages = [
        area_sheet(selection, areas, number, todo=todo, link=link, plan=plan) for number in numbers
    ]
    title = f"Patrol briefing: {name}"
    return briefing_pdf(briefing(selection, stamped, title, mark, (*first, *pages)))


def area_sheet(
    selection: Selection,
    areas: PatrolAreas,
    number: int,
    *,
    todo: tuple[str, ...],
    link: str,
    plan: Plan | None = None,
) -> Sheet:
    """Page of one area."""
    asked, row = store.study(selection), areas.T[number]
    ground = areas.geometry.loc[number]
    rows = located(asked.asb)
    inside = Incidents(rows.loc[holding(rows, Hotspots(areas)) == number])
    points = map_store.points(selection)
    others = [(f"P{n}", shape) for n, shape in areas.geometry.items() if n != number]
    wards = [(str(n), w) for n, w in zip(asked.wards["name"], asked.wards.geometry, strict=True)]
    title = week_words.area_name(areas, number)
    alt = (
        f"Map of patrol area {title}, north up: its outline is heavy, other patrol areas dashed, "
        "ward borders dotted; dots are map points, larger where more reports were"
    )
    drawn = draw(
        [(f"P{number}", ground)],
        base=base(selection),
        alt=alt,
        around=others,
        wards=wards,
        names=_streets(points, ground),
        points=dots(selection),
    )
    minutes = plan.terms.visit_min if plan is not None else VISIT_MIN.default
    beside = (
        *sheet_words.reported(inside, months_held(asked), row),
        sheet_words.sureness(_sure(selection, int(row["hotspot"]))),
    )
    below = (
        sheet_words.todo(todo, minutes),
        *((sheet_words.planned(plan, row["key"]),) if plan is not None else ()),
        sheet_words.other_crime(location_quotients(asked.other, ground)),
        _tried(ground, row["key"]),
        Part("What this is not", (sheet_words.NOT_A_FORECAST, wording.RECORDS_NOT_HARM)),
    )
    shown = tuple(part for part in below if part.sentences or part.rows)
    return Sheet(title, drawn, beside, shown, link)


def _streets(points: pd.DataFrame, ground: BaseGeometry) -> list[tuple[str, BaseGeometry]]:
    """Names of the busiest points inside an area."""
    xy = points[["easting", "northing"]].to_numpy()
    held = points.loc[shapely.contains_xy(ground, xy[:, 0], xy[:, 1])]
    held = held.loc[held["street"].notna()]
    busiest = held.sort_values(["incidents", "street"], ascending=[False, True]).head(_NAMED)
    return [
        (str(row["street"]), shapely.Point(row["easting"], row["northing"]))
        for row in busiest.to_dict("records")
    ]


def _sure(selection: Selection, hotspot: int) -> list[str]:
    """How sure the hotspot is that most of the area lies in, and its past."""
    if not hotspot:
        return []
    return [
        f"Most of it lies in hotspot {hotspot}.",
        where_words.certainty(store.certainty(selection, hotspot)),
        where_words.past(store.past(selection, hotspot)),
    ]


def _tried(ground: BaseGeometry, key: str) -> Part:
    """Plans about the ground of an area, and visits to it, whatever either was called then."""
    folder = data_folder()
    if not exist(folder):
        return sheet_words.tried((), 0, _WEEKS)
    records = open_records(folder)
    since = datetime.now(UTC) - timedelta(weeks=_WEEKS)
    made = visits.visits(records, first=since)
    here = on_ground(made["outline"], ground) | (made["area"] == key).to_numpy()
    with records.reading() as session:
        problems = [
            (plan.problem or plan.place, STATUSES[plan.status].lower(), plan.partners)
            for plan in plans.listed(session)
            if plan.key == key or on_place(plan.comparison, ground)
        ]
    return sheet_words.tried(problems, int(here.sum()), _WEEKS)


def briefing(
    selection: Selection, stamped: Stamp, title: str, mark: str, sheets: tuple[Sheet, ...]
) -> Briefing:
    """Sheets with what every page says: marking, banner, and what they were made from."""
    dataset = data_store.dataset(selection.vintage, role=selection.role)
    made_up = wording.MADE_UP_SHORT if dataset.made_up else ""
    foot = f"{sheet_words.data_date(months_held(store.study(selection)))} · {stamped.caption}"
    return Briefing(title, mark, made_up, foot, sheets)


def dots(selection: Selection) -> list[tuple[float, float, int]]:
    """Map points of the study area with their reports, for a map on paper."""
    points = map_store.points(selection)
    return list(zip(points["easting"], points["northing"], points["incidents"], strict=True))


def base(selection: Selection) -> Base:
    """What lies under a map on paper: nothing where the data is on another grid than the map."""
    dataset = data_store.dataset(selection.vintage, role=selection.role)
    if dataset.grid != BRITISH_NATIONAL_GRID:
        return base_of({})
    held = (
        basemaps.illustrative(SAMPLE) if dataset.made_up else basemaps.load_basemap(data_folder())
    )
    return base_of(held.layers)


def address(stamped: Stamp) -> str:
    """Address of this page, as a phone on the same network finds it."""
    here = str(st.context.url or "").split("?", maxsplit=1)[0].rstrip("/")
    return f"{here}{stamped.link}" if here else stamped.link


def _numbers(numbers: list[int]) -> str:
    return ", ".join(f"P{number}" for number in numbers)
