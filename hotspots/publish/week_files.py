"""
A week's plan as files: for spreadsheets, phones, maps and calendars.

Each says what it was made from. What comes from data is text and never a formula, and the
same plan gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from typing import Any, Final
from xml.etree import ElementTree as ET

import gpxpy.gpx
import icalendar
import openpyxl
import pandas as pd
import shapely
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from hotspots.action.patrols import Shift
from hotspots.action.week_plan import Plan
from hotspots.publish.formats import Stamp, neutralise, table_csv
from hotspots.settings import WGS84
from hotspots.tables.patrol_areas import PatrolAreas

KML: Final = "http://www.opengis.net/kml/2.2"
_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ZIPPED_AT: Final = (2000, 1, 1, 0, 0, 0)
_DEGREES: Final = 6
_WIDTH: Final = 22


def week_table(plan: Plan, areas: PatrolAreas) -> pd.DataFrame:
    """Every visit with the name of its area and the middle of it, metres; hours where known."""
    visits = plan.visits.rename(columns={"holds": "reports_a_month_in_these_hours"})
    if plan.timed is None:
        visits = visits.drop(columns="reports_a_month_in_these_hours")
    middle = areas.representative_point()
    of_area = pd.DataFrame(
        {
            "streets": areas["streets"],
            "ward_name": areas["ward_name"],
            "easting": middle.x.round(),
            "northing": middle.y.round(),
        }
    )
    return visits.join(of_area, on="area")


def week_csv(plan: Plan, areas: PatrolAreas, stamp: Stamp) -> bytes:
    """Visits as CSV."""
    return table_csv(week_table(plan, areas), stamp)


def week_xlsx(plan: Plan, areas: PatrolAreas, stamp: Stamp) -> bytes:
    """Visits, areas, what was left out, and what it was made from, as a workbook."""
    visits = week_table(plan, areas)
    for name in ("starts", "ends"):
        visits = visits.assign(**{name: visits[name].dt.strftime("%Y-%m-%d %H:%M")})
    about = pd.DataFrame(
        {
            "what": ["selection", "link", "data", "version", "note", "seed", "terms"],
            "is": [
                stamp.selection,
                stamp.link,
                stamp.data,
                stamp.version,
                stamp.note,
                plan.terms.seed,
                str(plan.terms),
            ],
        }
    )
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in (
        ("Visits", visits),
        ("Areas", plan.areas.reset_index()),
        ("Left out", plan.dropped.reset_index()),
        ("About", about),
    ):
        sheet = book.create_sheet(title)
        sheet.append([str(name).replace("_", " ") for name in table.columns])
        for row in table.itertuples(index=False, name=None):
            sheet.append([_cell(value) for value in row])
        sheet.freeze_panes = "A2"
        for column in range(1, len(table.columns) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    return _same_bytes(book)


def week_gpx(plan: Plan, areas: PatrolAreas, stamp: Stamp) -> bytes:
    """Areas as waypoints, each shift as a route: GPX 1.1, for a phone."""
    book = gpxpy.gpx.GPX()
    book.creator = f"ASB hotspots {stamp.version}"
    book.name = "Patrol areas of a week"
    book.description = stamp.caption
    at = _degrees(areas)
    for number in plan.areas.index.tolist():
        x, y = at[number]
        book.waypoints.append(
            gpxpy.gpx.GPXWaypoint(y, x, name=f"P{number}", description=_place(areas, number))
        )
    for shift, rows in _by_shift(plan):
        route = gpxpy.gpx.GPXRoute(name=shift.name)
        for row in rows:
            x, y = at[row["area"]]
            times = f"{row['starts']:%H:%M} to {row['ends']:%H:%M}"
            route.points.append(
                gpxpy.gpx.GPXRoutePoint(
                    y, x, name=f"P{row['area']} {row['starts']:%H:%M}", description=times
                )
            )
        book.routes.append(route)
    return book.to_xml(version="1.1").encode()


def week_kml(plan: Plan, areas: PatrolAreas, stamp: Stamp) -> bytes:
    """Outlines of the areas that are visited, with their visits in words: KML 2.2."""
    ET.register_namespace("", KML)
    root = ET.Element(f"{{{KML}}}kml")
    document = ET.SubElement(root, f"{{{KML}}}Document")
    _said(document, "name", "Patrol areas of a week")
    _said(document, "description", escape(stamp.caption))
    shapes = areas.geometry.to_crs(WGS84)
    for number in plan.areas.index.tolist():
        mark = ET.SubElement(document, f"{{{KML}}}Placemark")
        _said(mark, "name", f"P{number}")
        visits = int(plan.areas.loc[number, "visits"])
        # What reads KML takes a description for HTML.
        said = f"{_place(areas, number)}: {visits} visits this week"
        _said(mark, "description", escape(said))
        shape = ET.SubElement(mark, f"{{{KML}}}Polygon")
        polygon = shapely.orient_polygons(shapes.loc[number])
        rings = [("outerBoundaryIs", polygon.exterior)]
        rings += [("innerBoundaryIs", ring) for ring in polygon.interiors]
        for name, ring in rings:
            line = ET.SubElement(ET.SubElement(shape, f"{{{KML}}}{name}"), f"{{{KML}}}LinearRing")
            corners = shapely.get_coordinates(ring).round(_DEGREES).tolist()
            _said(line, "coordinates", " ".join(f"{x},{y}" for x, y in corners))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def week_ics(plan: Plan, areas: PatrolAreas, stamp: Stamp) -> bytes:
    """Each shift as an event that lists its visits: iCalendar, times in UTC."""
    book = icalendar.Calendar()
    book.add("prodid", f"-//ASB hotspots//{stamp.version}//EN")
    book.add("version", "2.0")
    for shift, rows in _by_shift(plan):
        event = icalendar.Event()
        lines = [
            f"{row['starts']:%H:%M} to {row['ends']:%H:%M}  P{row['area']} "
            f"{_place(areas, row['area'])}"
            for row in rows
        ]
        starts = shift.starts.tz_convert("UTC")
        name = sha256(f"{stamp.data}{shift.name}{plan.terms}".encode()).hexdigest()[:24]
        event.add("uid", f"{name}@asb-hotspots")
        event.add("dtstamp", _NO_TIME)
        event.add("dtstart", starts.to_pydatetime())
        event.add("dtend", (starts + pd.Timedelta(minutes=shift.minutes)).to_pydatetime())
        event.add("summary", f"Patrol, {shift.unit}: {len(rows)} visits")
        event.add("description", "\n".join([*lines, stamp.caption]))
        book.add_component(event)
    return bytes(book.to_ical())


WRITERS: Final = {
    "xlsx": ("Workbook (XLSX)", week_xlsx),
    "csv": ("Spreadsheet (CSV)", week_csv),
    "gpx": ("Phone or GPS (GPX)", week_gpx),
    "kml": ("Map on a phone (KML)", week_kml),
    "ics": ("Calendar (ICS)", week_ics),
}
MIMES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "ics": "text/calendar",
}


def _by_shift(plan: Plan) -> Iterator[tuple[Shift, list[dict[Any, Any]]]]:
    for shift in plan.shifts:
        mine = (plan.visits["unit"] == shift.unit) & (plan.visits["day"] == shift.day)
        rows = plan.visits.loc[mine].to_dict("records")
        if rows:
            yield shift, rows


def _degrees(areas: PatrolAreas) -> dict[int, tuple[float, float]]:
    middle = areas.representative_point().to_crs(WGS84)
    return {
        number: (round(x, _DEGREES), round(y, _DEGREES))
        for number, x, y in zip(areas.index.tolist(), middle.x, middle.y, strict=True)
    }


def _place(areas: PatrolAreas, number: int) -> str:
    row = areas.T[number]
    first = str(row["streets"]).split("; ", maxsplit=1)[0]
    named = ", ".join(part for part in (first, str(row["ward_name"])) if part)
    return "".join(letter for letter in named if letter.isprintable())


def _said(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{KML}}}{name}").text = text


def _cell(value: object) -> object:
    """What a cell may hold: numbers, and text that is no formula."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return None
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, int | float):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return neutralise(text)


def _same_bytes(book: openpyxl.Workbook) -> bytes:
    """Workbook without the time of writing."""
    book.properties.created = book.properties.modified = _NO_TIME.replace(tzinfo=None)
    written, same = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            body = old.read(entry)
            if entry.filename == "docProps/core.xml":
                body = _without_time(body)
            new.writestr(zipfile.ZipInfo(entry.filename, _ZIPPED_AT), body, zipfile.ZIP_DEFLATED)
    return same.getvalue()


def _without_time(body: bytes) -> bytes:
    root = ET.fromstring(body)  # noqa: S314 - written by ourselves a moment ago
    for node in root.iter():
        if node.tag.endswith("}modified") or node.tag.endswith("}created"):
            node.text = f"{_NO_TIME:%Y-%m-%dT%H:%M:%SZ}"
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
