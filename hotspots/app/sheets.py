"""The sheets on a page: what they gather, and the buttons that print them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import pandas as pd
import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from hotspots.action import plans, responses, roles, visits
from hotspots.action.plan_tables import STATUSES
from hotspots.action.records import exist, open_records
from hotspots.action.week_plan import Plan
from hotspots.analysis.hotspots import inside as holding
from hotspots.analysis.mix import location_quotients
from hotspots.app import patrol_panels, store, who
from hotspots.publish import formats, week_files
from hotspots.publish.briefing import MARKINGS, Briefing, Part, Sheet, briefing_pdf, marked
from hotspots.publish.formats import Stamp
from hotspots.publish.paper_map import Base, base_of, draw
from hotspots.selection import Selection
from hotspots.settings import SAMPLE, VISIT_MIN, data_folder
from hotspots.sources import basemaps
from hotspots.study.patrol import months_held
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, located
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import sheet_words, week_words, where_words, wording

_WEEKS: Final = 13
_WIDE_MM: Final = 182.0
_HIGH_MM: Final = 95.0
_LETTERS: Final = 2_000
_LINES: Final = 10
_NAMED: Final = 5


def marking(key: str) -> str:
    """Marking on every page, kept for the next sheet."""
    state = st.session_state
    state.setdefault(f"{key}-marking", state.get("sheet marking", MARKINGS[0]))
    chosen = st.selectbox("Marking on every page", MARKINGS, key=f"{key}-marking")
    state["sheet marking"] = chosen
    return marked(str(chosen))


def ask(key: str) -> tuple[str, tuple[str, ...]]:
    """Marking, and what to do in a visit, as whoever prints them wants it."""
    state = st.session_state
    lines = "\n".join(sheet_words.activities(responses.open_menu(data_folder())))
    state.setdefault(f"{key}-todo", state.get("sheet todo", lines))
    chosen = marking(key)
    text = st.text_area(
        "What to do in a visit, a line each", key=f"{key}-todo", max_chars=_LETTERS, height=150
    )
    state["sheet todo"] = text
    return chosen, tuple(text.splitlines()[:_LINES])


def of_area(selection: Selection, areas: PatrolAreas, stamped: Stamp) -> None:
    """Sheet of the area that is picked out."""
    number = patrol_panels.picked(areas)
    if number is None:
        return
    with st.popover("Print a sheet"):
        mark, todo = ask("sheet")
        link = address(stamped)

        def make() -> bytes:
            sheet = _area(selection, areas, number, todo=todo, link=link)
            title = f"Patrol area {week_words.area_name(areas, number)}"
            return briefing_pdf(briefing(selection, stamped, title, mark, (sheet,)))

        made(
            f"Make the sheet of P{number}",
            make,
            asked=(number, mark, todo, link),
            name=formats.file_name(f"patrol-area-{number}", stamped, "pdf"),
            key="sheet",
        )


def made(
    label: str, make: Callable[[], bytes], *, asked: tuple[object, ...], name: str, key: str
) -> None:
    """
    A sheet, made when it is asked for and offered until something else is.

    Only a page that is drawn may look at data: a link that made it later would ask nobody
    who is at the screen.
    """
    state = st.session_state
    if not roles.may(who.person(), "take away"):
        st.caption("Your role may not take files away.")
        return
    if st.button(label, key=f"{key}-make"):
        with st.spinner("Printing…"):
            state[f"{key} made"] = (asked, make())
    held, body = state.get(f"{key} made", (None, b""))
    if held == asked:
        st.download_button(
            "Save it (PDF, A4)",
            body,
            file_name=name,
            mime="application/pdf",
            on_click="ignore",
            type="primary",
            key=f"{key}-save",
        )


def of_week(
    selection: Selection, plan: Plan, areas: PatrolAreas, stamped: Stamp, shift: str | None
) -> None:
    """Briefing of a shift, and the week as files."""
    with st.popover("Print the briefing, take the week away"):
        mark, todo = ask("brief")
        link = address(stamped)
        if shift:
            made(
                "Make the briefing of this shift",
                lambda: _shift_pdf(
                    selection,
                    plan,
                    areas,
                    stamped,
                    name=shift,
                    mark=mark,
                    todo=todo,
                    link=link,
                ),
                asked=(shift, mark, todo, link, plan.terms, plan.shifts),
                name=formats.file_name("briefing", stamped, "pdf"),
                key="brief",
            )
        if not roles.may(who.person(), "take away"):
            return
        for suffix, (label, write) in week_files.WRITERS.items():
            st.download_button(
                f"The week: {label}",
                partial(write, plan, areas, stamped),
                file_name=formats.file_name("patrol-week", stamped, suffix),
                mime=week_files.MIMES[suffix],
                on_click="ignore",
                key=f"week-file-{suffix}",
            )


def _shift_pdf(
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
    pages = [_area(selection, areas, number, todo=todo, link=link, plan=plan) for number in numbers]
    title = f"Patrol briefing: {name}"
    return briefing_pdf(briefing(selection, stamped, title, mark, (*first, *pages)))


def _area(
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
    points = store.points(selection)
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
        _tried(selection, row["key"], int(row["hotspot"])),
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


def _tried(selection: Selection, key: str, hotspot: int) -> Part:
    """Plans about the ground of an area, and visits to it."""
    folder = data_folder()
    if not exist(folder):
        return sheet_words.tried((), 0, _WEEKS)
    around = store.found(selection).hotspots.loc[hotspot, "key"] if hotspot else None
    records = open_records(folder)
    since = datetime.now(UTC) - timedelta(weeks=_WEEKS)
    made = visits.visits(records, first=since)
    with records.reading() as session:
        problems = [
            (plan.problem or plan.place, STATUSES[plan.status].lower(), plan.partners)
            for plan in plans.listed(session)
            if plan.key in {key, around}
        ]
    return sheet_words.tried(problems, int((made["area"] == key).sum()), _WEEKS)


def briefing(
    selection: Selection, stamped: Stamp, title: str, mark: str, sheets: tuple[Sheet, ...]
) -> Briefing:
    """Sheets with what every page says: marking, banner, and what they were made from."""
    dataset = store.dataset(selection.vintage, role=selection.role)
    made_up = wording.MADE_UP_SHORT if dataset.made_up else ""
    foot = f"{sheet_words.data_date(months_held(store.study(selection)))} · {stamped.caption}"
    return Briefing(title, mark, made_up, foot, sheets)


def dots(selection: Selection) -> list[tuple[float, float, int]]:
    """Map points of the study area with their reports, for a map on paper."""
    points = store.points(selection)
    return list(zip(points["easting"], points["northing"], points["incidents"], strict=True))


def base(selection: Selection) -> Base:
    """What lies under a map on paper."""
    dataset = store.dataset(selection.vintage, role=selection.role)
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
