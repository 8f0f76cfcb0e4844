"""Files say what they hold, reopen elsewhere, repeat to the byte, and run nothing."""

import csv
import io
import json

import altair as alt
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots import __version__
from hotspots.errors import LibraryError
from hotspots.periods import Period
from hotspots.publish import formats
from hotspots.publish.formats import Stamp
from hotspots.selection import Choices, Selection
from hotspots.tables import hotspots as hotspots_table
from hotspots.views import charts
from tests import builders

HOSTILE = '=HYPERLINK("http://evil","x")'
SCRIPT = "<img src=x onerror=alert(1)>"
CHOICES = Choices("0123456789ab", {"force:x": "Cheshire"}, Period.parse("2025-01", "2025-12"))
STAMP = Stamp.of(Selection.default(CHOICES), CHOICES, note="made up")
NEAR_CHESTER = {1: (340_000.0, 366_000.0, 150.0, 40), 2: (341_000.0, 366_000.0, 100.0, 30)}


@pytest.fixture
def found():
    return builders.hotspots(NEAR_CHESTER, streets=HOSTILE)


def test_csv_carries_its_stamp_in_every_row_and_runs_nothing(found):
    text = formats.outlines_csv(found, STAMP).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert [row["incidents"] for row in rows] == ["40", "30"]
    assert rows[0]["easting"] == "340075.0"
    for row in rows:
        assert row["data"] == "0123456789ab"
        assert row["version"] == __version__
        assert row["note"] == "made up"
        assert row["link"].startswith("?area=force%3Ax&from=2025-01")
        assert row["streets"] == f"'{HOSTILE}"


@given(st.text())
def test_no_cell_is_run_as_a_formula(text):
    cell = formats.neutralise(text)
    assert not str(cell).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert str(cell).endswith(text)


def test_geojson_follows_the_standard(found):
    collection = json.loads(formats.outlines_geojson(found, STAMP))
    assert collection["about"]["data"] == "0123456789ab"
    assert "crs" not in collection
    first = collection["features"][0]
    assert first["id"] == 1
    ring = shapely.LinearRing(first["geometry"]["coordinates"][0])
    assert ring.is_ccw
    longitude, latitude = ring.coords[0]
    assert -2.95 < longitude < -2.85
    assert 53.1 < latitude < 53.25
    assert all(round(value, 6) == value for value in ring.coords[0])
    back = gpd.read_file(io.BytesIO(formats.outlines_geojson(found, STAMP)))
    assert back.to_crs(27700).area.tolist() == pytest.approx([22_500, 10_000], rel=0.002)


def test_geopackage_reopens_in_british_national_grid_with_its_stamp(found, tmp_path):
    path = tmp_path / "found.gpkg"
    formats.write_outlines(path, found, STAMP)
    back = gpd.read_file(path, layer="hotspots")
    assert back.crs.to_epsg() == 27700
    assert back["incidents"].tolist() == [40, 30]
    assert back.geometry.iloc[0].equals(found.geometry.iloc[0])
    about = gpd.read_file(path, layer="about")
    assert about["data"].tolist() == ["0123456789ab"]


@pytest.mark.parametrize("suffix", sorted(formats.WRITERS))
def test_the_same_inputs_give_the_same_bytes(found, suffix):
    write = formats.WRITERS[suffix]
    assert write(found, STAMP) == write(found, STAMP)


@pytest.mark.parametrize("suffix", sorted(formats.WRITERS))
def test_no_hotspot_is_still_a_file(suffix, tmp_path):
    path = tmp_path / f"none.{suffix}"
    formats.write_outlines(path, hotspots_table.empty(), STAMP)
    assert path.stat().st_size > 0


def test_a_name_in_a_file_is_text_and_nothing_else(tmp_path):
    found = builders.hotspots(NEAR_CHESTER, streets=SCRIPT)
    collection = json.loads(formats.outlines_geojson(found, STAMP))
    assert collection["features"][0]["properties"]["streets"] == SCRIPT


def test_an_unknown_ending_is_refused_in_one_sentence(found, tmp_path):
    with pytest.raises(LibraryError, match=r"ending in \.csv, \.geojson or \.gpkg"):
        formats.write_outlines(tmp_path / "found.exe", found, STAMP)


def test_a_folder_that_is_not_there_is_named(found, tmp_path):
    with pytest.raises(LibraryError, match="cannot be written"):
        formats.write_outlines(tmp_path / "nowhere" / "found.csv", found, STAMP)


def test_charts_become_pictures_with_their_stamp():
    chart = (
        alt.Chart(pd.DataFrame({"a": [1, 2]}))
        .mark_line()
        .encode(x="a:Q")
        .properties(title=alt.TitleParams("A finding"))
    )
    specification = charts.for_print(chart, STAMP.caption)
    assert "0123456789ab" in specification["title"]["subtitle"]
    assert formats.chart_png(specification).startswith(b"\x89PNG")
    assert b"made up" in formats.chart_svg(specification)
