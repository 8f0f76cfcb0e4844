"""The week as files: whole, safe, the same bytes, and read again by another library."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import fastkml
import geopandas as gpd
import gpxpy
import icalendar
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from fastkml.validator import get_schema_parser
from ical.calendar_stream import IcsCalendarStream
from lxml import etree
from python_calamine import CalamineWorkbook

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Terms
from hotspots.publish.formats import Stamp
from hotspots.publish.week_files import WRITERS, week_gpx, week_ics, week_kml, week_xlsx
from hotspots.settings import WGS84
from hotspots.tables import patrol_areas
from tests.action.week import MONDAY, areas, lates

STAMP = Stamp("Cheshire, 2025", "?area=all", "0a1b2c", "0.1", "made up")
HOSTILE = '=HYPERLINK("http://x") <b>&amp; \x07 BEGIN:VEVENT'


def ground():
    table = areas([(360_000 + 400 * i, 370_000, 5 - i) for i in range(4)])
    streets = table["streets"].copy()
    streets.loc[1] = HOSTILE
    return patrol_areas.validate(table.assign(streets=streets))


# The schema that GPX 1.1 is published with, at topografix.com/GPX/1/1/gpx.xsd.
GPX = Path(__file__).parent / "schemas" / "gpx-1.1.xsd"
AREAS = ground()
PLAN = make_plan(AREAS, lates("AB", days=2, minutes=240), Terms(visits_a_day=2, seed=3))


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_bytes_each_time(suffix):
    _, write = WRITERS[suffix]
    assert write(PLAN, AREAS, STAMP) == write(PLAN, AREAS, STAMP)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_plan_of_nothing_is_a_sound_file(suffix):
    _, write = WRITERS[suffix]
    assert write(make_plan(AREAS, (), Terms()), AREAS, STAMP)


def test_csv_has_every_visit_and_no_formula():
    body = WRITERS["csv"][1](PLAN, AREAS, STAMP).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == len(PLAN.visits)
    assert all(not row["streets"].startswith("=") for row in rows)
    assert {row["selection"] for row in rows} == {STAMP.selection}


def test_the_workbook_opens_again_and_runs_nothing():
    body = week_xlsx(PLAN, AREAS, STAMP)
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Visits", "Areas", "Left out", "About"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    visits = pd.read_excel(io.BytesIO(body), sheet_name="Visits")
    assert visits["key"].tolist() == PLAN.visits["key"].tolist()
    about = dict(pd.read_excel(io.BytesIO(body), sheet_name="About").to_numpy().tolist())
    assert about["seed"] == 3
    assert about["data"] == STAMP.data


def test_gpx_is_read_by_gpxpy_and_by_gdal():
    body = week_gpx(PLAN, AREAS, STAMP)
    book = gpxpy.parse(body.decode())
    assert [point.name for point in book.waypoints] == [f"P{n}" for n in PLAN.areas.index]
    assert sum(len(route.points) for route in book.routes) == len(PLAN.visits)
    read = pyogrio.read_dataframe(io.BytesIO(body), layer="waypoints")
    at = AREAS.loc[PLAN.areas.index].representative_point().to_crs(WGS84)
    near = gpd.GeoSeries(read.geometry.to_numpy(), crs=WGS84).to_crs(27700)
    far = near.distance(at.to_crs(27700).reset_index(drop=True))
    assert far.max() < 0.2
    assert ET.fromstring(body).tag == "{http://www.topografix.com/GPX/1/1}gpx"


def test_kml_is_read_by_fastkml_and_holds_the_same_ground():
    body = week_kml(PLAN, AREAS, STAMP)
    (document,) = fastkml.KML.from_string(body.split(b"?>", 1)[1].decode()).features
    marks = list(document.features)
    assert [mark.name for mark in marks] == [f"P{n}" for n in PLAN.areas.index]
    assert "&lt;b&gt;" in marks[0].description, "what reads it as HTML shows it as text"
    for mark, number in zip(marks, PLAN.areas.index, strict=True):
        coordinates = [ring[:2] for ring in mark.geometry.exterior.coords]
        shape = gpd.GeoSeries(
            gpd.points_from_xy(*zip(*coordinates, strict=True)), crs=WGS84
        ).to_crs(27700)
        corners = AREAS.geometry.loc[number].exterior
        assert shape.distance(corners).max() < 0.2


def test_the_calendar_has_every_shift_at_its_hours():
    body = week_ics(PLAN, AREAS, STAMP)
    book = icalendar.Calendar.from_ical(body)
    events = list(book.walk("VEVENT"))
    assert len(events) == 4, "what is typed begins no event"
    assert len({str(event["uid"]) for event in events}) == 4
    first = events[0]
    assert first.decoded("dtstart").isoformat() == f"{MONDAY.isoformat()}T15:00:00+00:00"
    assert first.decoded("dtend") - first.decoded("dtstart") == timedelta(hours=4)
    listed = sum(str(event["description"]).count(" to ") for event in events)
    assert listed >= len(PLAN.visits)


NOTHING = make_plan(AREAS, (), Terms())


@pytest.mark.parametrize("plan", [PLAN, NOTHING])
def test_gpx_and_kml_keep_their_schemas(plan):
    gpx = etree.XMLSchema(etree.parse(GPX))
    gpx.assertValid(etree.fromstring(week_gpx(plan, AREAS, STAMP)))
    kml = get_schema_parser()
    kml.assertValid(etree.fromstring(week_kml(plan, AREAS, STAMP)))
    wrong = (
        week_gpx(PLAN, AREAS, STAMP)
        .replace(b"<wpt ", b"<waypoint ")
        .replace(b"</wpt>", b"</waypoint>")
    )
    assert not gpx.validate(etree.fromstring(wrong))
    turned = week_kml(PLAN, AREAS, STAMP).replace(b"LinearRing", b"Ring")
    assert not kml.validate(etree.fromstring(turned))


def test_the_calendar_keeps_rfc_5545_in_another_library():
    body = week_ics(PLAN, AREAS, STAMP)
    events = IcsCalendarStream.calendar_from_ics(body.decode()).events
    assert len(events) == 4
    assert {event.end - event.start for event in events} == {timedelta(hours=4)}
    # What the standard asks of every line and of the file.
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    first = [line.split(b":")[0] for line in lines[:3]]
    assert first[0] == b"BEGIN"
    assert {*first[1:]} == {b"VERSION", b"PRODID"}


def test_the_workbook_opens_in_another_library():
    book = CalamineWorkbook.from_filelike(io.BytesIO(week_xlsx(PLAN, AREAS, STAMP)))
    assert book.sheet_names == ["Visits", "Areas", "Left out", "About"]
    head, *rows = book.get_sheet_by_name("Visits").to_python()
    assert "holds" not in head, "no hours are known, so nothing is said of them"
    assert [row[head.index("key")] for row in rows] == PLAN.visits["key"].tolist()
    hours = np.full((len(AREAS), 7, 24), 1 / 168)
    clocked = make_plan(AREAS, lates(days=1), Terms(), clocks=hours)
    told = CalamineWorkbook.from_filelike(io.BytesIO(week_xlsx(clocked, AREAS, STAMP)))
    head, *rows = told.get_sheet_by_name("Visits").to_python()
    held = [row[head.index("reports a month in these hours")] for row in rows]
    assert sum(held) == pytest.approx(clocked.timed)
