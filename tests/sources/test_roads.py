"""Files of roads as people have them: kept round the study area, who may use what, or refused."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.library import Library, undo
from hotspots.library.roads import import_roads, load_roads, version

BOUNDS = (360_000.0, 370_000.0, 362_000.0, 372_000.0)


def links(**columns):
    lines = [
        shapely.LineString([(360_000 + 500 * i, 370_000), (360_500 + 500 * i, 370_000)])
        for i in range(4)
    ]
    return gpd.GeoDataFrame(columns, geometry=lines, crs=27700)


def open_roads(path):
    """The layout of OS Open Roads: links and nodes as layers of one GeoPackage."""
    table = links(
        id=list("abcd"),
        road_classification=["Motorway", "A Road", "Unclassified", "Unknown"],
        road_function=["Motorway", "A Road", "Local Road", "Secondary Access Road"],
        form_of_way=["Dual Carriageway", "Single Carriageway", "Single Carriageway", "Path"],
    )
    table.to_file(path, layer="road_link", driver="GPKG")
    nodes = gpd.GeoDataFrame({"id": ["n"]}, geometry=[shapely.Point(360_000, 370_000)], crs=27700)
    nodes.to_file(path, layer="road_node", driver="GPKG")
    return path


def test_os_open_roads_are_kept_with_who_may_use_them(tmp_path):
    library = Library(tmp_path / "data")
    report = import_roads([open_roads(tmp_path / "oproad.gpkg")], library, bounds=BOUNDS)
    assert report.sentences()[:2] == [
        "Read 1 file: 4 lines.",
        "Roads kept: 4 lines, 2 km, 1 of them for walking only.",
    ]
    held = load_roads(library)
    assert held["foot"].tolist() == [False, True, True, True]
    assert held["car"].tolist() == [True, True, True, False]
    assert held.crs.to_epsg() == 27700


def test_geojson_in_degrees_comes_to_the_same_place(tmp_path):
    path = tmp_path / "paths.geojson"
    links(highway=["footway", "residential", None, "steps"]).to_crs(4326).to_file(path)
    import_roads([path], Library(tmp_path), bounds=BOUNDS)
    held = load_roads(Library(tmp_path))
    assert held["car"].tolist() == [False, True, True, False]
    assert held["foot"].all()
    first = shapely.get_coordinates(held.geometry.iloc[0])[0]
    assert np.hypot(*(first - [360_000, 370_000])) < 0.5


def test_what_lies_far_away_is_left_out_and_a_new_file_replaces_the_old(tmp_path):
    library = Library(tmp_path / "data")
    import_roads([open_roads(tmp_path / "oproad.gpkg")], library, bounds=BOUNDS)
    before = version(library)
    far = links().assign(name="x")
    far["geometry"] = [*far.geometry.iloc[:1], *far.geometry.iloc[1:].translate(200_000, 0)]
    far.to_file(tmp_path / "one.shp")
    assert import_roads([tmp_path / "one.shp"], library, bounds=BOUNDS).read.rows == 1
    assert version(library) != before
    assert len(load_roads(library)) == 1
    newest, first = library.journal()
    assert (newest.about.what, [name for name, _ in newest.about.files]) == ("roads", ["one.shp"])
    undo(library, newest.number, why="the wrong town")
    assert len(load_roads(library)) == 4
    undo(library, first.number, why="no roads at all")
    assert load_roads(library) is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (links().assign(geometry=lambda t: t.centroid), "no lines"),
        (links().assign(geometry=lambda t: t.translate(200_000, 0)), "None of its lines"),
    ],
)
def test_a_file_without_roads_here_is_refused_and_the_old_one_stays(tmp_path, table, said):
    library = Library(tmp_path / "data")
    import_roads([open_roads(tmp_path / "oproad.gpkg")], library, bounds=BOUNDS)
    before = version(library)
    table.to_file(tmp_path / "wrong.gpkg", driver="GPKG")
    with pytest.raises(SourceError, match=said):
        import_roads([tmp_path / "wrong.gpkg"], library, bounds=BOUNDS)
    assert version(library) == before
    assert load_roads(Library(tmp_path / "nothing")) is None


def test_a_spoilt_file_of_roads_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"SQLite format 3\0 and nothing more")
    with pytest.raises(SourceError, match="damaged"):
        import_roads([tmp_path / "x.gpkg"], Library(tmp_path), bounds=BOUNDS)
