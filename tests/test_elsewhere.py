"""Data from beyond Great Britain: drawn, exported and credited as what it is."""

import base64
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest

from hotspots.errors import SourceError
from hotspots.library import Library, import_agency
from hotspots.publish import formats
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.basemaps import Basemap
from hotspots.study import find, news, open_dataset, points, study
from hotspots.views import maps, when_words, wording
from hotspots.views.context import build_context
from tests import elsewhere
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
    assert wording.credit(sample) == wording.MADE_UP_SHORT
    assert wording.credit(replace(sample, made_up=False)) == wording.ATTRIBUTION


def test_no_ward_is_spoken_of_where_none_is_loaded(dataset):
    said = when_words.changed(news(dataset, study(dataset, Selection.default(dataset.choices))))
    assert "ward" not in said
    assert "hotspot" in said
