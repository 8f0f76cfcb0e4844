"""Data from beyond Great Britain: drawn, exported and credited as what it is."""

import base64
import json
from dataclasses import replace

import geopandas as gpd
import gpxpy
import numpy as np
import pytest
from lxml import etree

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Terms
from hotspots.errors import SourceError
from hotspots.library import Library, import_agency, import_police_uk, import_wards
from hotspots.publish import formats
from hotspots.publish.formats import Stamp
from hotspots.publish.week_files import week_gpx, week_kml
from hotspots.selection import Selection
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.basemaps import Basemap
from hotspots.study import find, news, open_dataset, patrol, points, study
from hotspots.views import maps, when_words, wording
from hotspots.views.context import build_context
from tests import elsewhere
from tests.action.week import lates
from tests.sources.written import geojson, month_csv, save, squares
from tests.test_agency_library import MAPPING, written


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(elsewhere.city(tmp_path_factory.mktemp("city")))


@pytest.fixture(scope="module")
def found(dataset):
    return find(study(dataset, Selection.default(dataset.choices)))


def test_the_map_lies_where_the_city_is(dataset, found):
    asked = study(dataset, Selection.default(dataset.choices))
    assert dataset.grid == elsewhere.GRID
    bounds = tuple(asked.located.total_bounds.tolist())
    context = build_context(asked.wards, Basemap(), bounds_m=bounds, grid=dataset.grid)
    west, south, east, north = context.bounds
    assert west < elsewhere.MIDDLE[0] < east
    assert south < elsewhere.MIDDLE[1] < north
    (call,) = maps.layers(found.hotspots, points(asked), grid=context.grid)._children.values()
    told = json.loads(call.data)
    assert len(told["hotspots"]["items"]) == len(found.hotspots) > 0
    for packed in (told["points"]["places"], told["hotspots"]["places"]):
        places = np.frombuffer(base64.b64decode(packed), "<i4").reshape(-1, 2) / 1e6
        assert places == pytest.approx(np.broadcast_to(elsewhere.MIDDLE, places.shape), abs=0.2)


def test_files_say_the_grid_and_the_terms_of_the_city(dataset, found, tmp_path):
    note = wording.credit(dataset)
    assert note == "Reports of Elsewhere City: Terms of the City"
    assert wording.note(dataset) == f"{note}. Eastings and northings are metres of {elsewhere.GRID}"
    stamp = Stamp.of(Selection.default(dataset.choices), dataset.choices, note=note)
    there = formats.on_grid(found.hotspots, dataset.grid)
    for suffix in ("geojson", "gpkg"):
        path = tmp_path / f"spots.{suffix}"
        formats.write_outlines(path, there, stamp)
        middle = gpd.read_file(path, layer="hotspots").to_crs("EPSG:4326").union_all().centroid
        assert (middle.x, middle.y) == pytest.approx(elsewhere.MIDDLE, abs=0.1)


def test_one_library_is_on_one_grid(tmp_path):
    library = elsewhere.city(tmp_path / "data", reports=200)
    before = library.identity()
    with pytest.raises(SourceError, match="no map holds both"):
        import_agency([written(tmp_path / "ours.csv", 10)], library, mapping=MAPPING)
    assert library.identity() == before
    # A source may be put right, its own months replaced, when nothing else stays behind.
    file = tmp_path / "data" / "city.csv"
    import_agency([file], library, mapping=replace(elsewhere.MAPPING, grid="EPSG:3857"))
    assert open_dataset(Library(library.folder.parent)).grid == "EPSG:3857"


def test_home_is_the_national_grid_and_open_data(tmp_path):
    sample = open_dataset(Library(tmp_path))
    assert sample.grid == BRITISH_NATIONAL_GRID
    assert wording.credit(sample) == wording.note(sample) == wording.MADE_UP_SHORT
    assert wording.credit(replace(sample, made_up=False)) == wording.ATTRIBUTION


def test_no_ward_is_spoken_of_where_none_is_loaded(dataset):
    said = when_words.changed(news(dataset, study(dataset, Selection.default(dataset.choices))))
    assert "ward" not in said
    assert "hotspot" in said


def test_a_week_is_walked_where_the_city_is(dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    areas = patrol(asked, find(asked), count=6, size_ha=5)
    plan = make_plan(areas, lates("A", days=1), Terms(visits_a_day=2, seed=3))
    there = formats.on_grid(areas, dataset.grid)
    stamp = Stamp.of(asked.selection, dataset.choices, note=wording.credit(dataset))
    points = gpxpy.parse(week_gpx(plan, there, stamp).decode()).waypoints
    text = etree.fromstring(week_kml(plan, there, stamp)).xpath("//*[local-name()='coordinates']")
    corners = [corner.split(",") for ring in text for corner in ring.text.split()]
    assert len(points) == len(text) == len(plan.areas) > 0
    for places in ([(at.longitude, at.latitude) for at in points], corners):
        table = np.array(places, dtype=float)
        assert table == pytest.approx(np.broadcast_to(elsewhere.MIDDLE, table.shape), abs=0.2)


@pytest.mark.parametrize(
    "bring",
    [
        lambda folder, library: import_police_uk([save(folder, month_csv())], library),
        lambda folder, library: import_wards([geojson(folder, squares())], library),
    ],
    ids=["police", "wards"],
)
def test_what_is_on_the_national_grid_does_not_join_the_city(tmp_path, bring):
    library = elsewhere.city(tmp_path / "data", reports=200)
    before = library.identity()
    with pytest.raises(SourceError, match="no map holds both"):
        bring(tmp_path, library)
    assert library.identity() == before
    assert not library.vintages()
