"""Base maps are read from small files of the published formats, and from hostile ones."""

import json
import sqlite3
import struct

import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources import mbtiles
from hotspots.sources.basemaps import (
    RASTER,
    basemap_folder,
    illustrative,
    import_basemap,
    load_basemap,
)
from hotspots.sources.zoomstack import road_class

# A study area of 4 × 4 km round a made-up town.
BOUNDS = (340_000.0, 366_000.0, 344_000.0, 370_000.0)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def blob(shape, grid=27700, envelope=True):
    west, south, east, north = shape.bounds
    flags = 0b0000_0011 if envelope else 0b0000_0001
    header = b"GP" + bytes([0, flags]) + struct.pack("<i", grid)
    if envelope:
        header += struct.pack("<4d", west, east, south, north)
    return header + shapely.to_wkb(shape)


def geopackage(path, layers, *, grid=27700, tree=True):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        db.execute(
            "CREATE TABLE gpkg_geometry_columns "
            "(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER)"
        )
        for name, rows in layers.items():
            db.execute(
                f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, type TEXT, name1 TEXT, geom BLOB)"
            )
            db.execute("INSERT INTO gpkg_contents VALUES (?, 'features')", (name,))
            db.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?)", (name, grid)
            )
            if tree:
                db.execute(
                    f"CREATE VIRTUAL TABLE rtree_{name}_geom USING "
                    "rtree(id, minx, maxx, miny, maxy)"
                )
            for number, (kind, called, shape) in enumerate(rows, 1):
                db.execute(
                    f"INSERT INTO {name} VALUES (?, ?, ?, ?)", (number, kind, called, blob(shape))
                )
                if tree:
                    west, south, east, north = shape.bounds
                    db.execute(
                        f"INSERT INTO rtree_{name}_geom VALUES (?, ?, ?, ?, ?)",
                        (number, west, east, south, north),
                    )
    db.close()
    return path


def line(*places):
    return shapely.LineString(places)


LAYERS = {
    "roads_regional": [
        ("Motorway", "M1", line((330_000, 367_000), (350_000, 367_000))),
        ("A Road", "A1", line((341_000, 366_000), (341_000, 370_000))),
    ],
    "roads_local": [
        ("Local", "High Street", line((342_000, 368_000), (342_400, 368_100))),
        ("Motorway", "M1", line((330_000, 367_000), (350_000, 367_000))),
        ("Local", "Far Street", line((500_000, 200_000), (500_400, 200_100))),
    ],
    "surfacewater": [("", "", shapely.box(342_000, 366_000, 343_000, 366_500))],
    "greenspace": [
        ("", "", shapely.box(343_000, 369_000, 343_500, 369_400)),
        ("", "", shapely.box(343_000, 368_000, 343_010, 368_010)),
    ],
    "rail": [("", "", line((340_500, 366_000), (343_500, 370_000)))],
    "names": [
        ("Town", "Middlewich", shapely.Point(342_000, 368_000)),
        ("Village", "Far Away", shapely.Point(500_000, 200_000)),
        ("Sites", "A Works", shapely.Point(342_000, 368_100)),
    ],
}


@pytest.mark.parametrize("tree", [True, False])
def test_zoomstack_is_cut_to_the_study_area(tmp_path, tree):
    path = geopackage(tmp_path / "zoomstack.gpkg", LAYERS, tree=tree)
    report = import_basemap(path, tmp_path, BOUNDS)
    loaded = load_basemap(tmp_path)
    base = json.loads(loaded.layers["base"])["features"]
    kinds = [(f["properties"]["kind"], f["properties"]["class"]) for f in base]
    assert sorted(kinds) == [
        ("green", "greenspace"),
        ("rail", "rail"),
        ("road", "main"),
        ("road", "motorway"),
        ("water", "surfacewater"),
    ]
    streets = json.loads(loaded.layers["streets"])["features"]
    assert [f["properties"]["class"] for f in streets] == ["street"]
    assert len(streets[0]["geometry"]["coordinates"]) == 1, "the motorway is not drawn twice"
    assert json.loads(loaded.layers["places"])["features"] == [
        {
            "type": "Feature",
            "properties": {"name": "Middlewich", "size": 2},
            "geometry": {"type": "Point", "coordinates": [-2.86983, 53.20589]},
        }
    ]
    motorway = next(f for f in base if f["properties"]["class"] == "motorway")
    ends = [place[0] for part in motorway["geometry"]["coordinates"] for place in part]
    assert -2.96 < min(ends) < max(ends) < -2.79, "it ends a little outside the study area"
    assert "1 place names" in report.sentence


def test_an_import_leaves_no_half_written_file(tmp_path):
    import_basemap(geopackage(tmp_path / "a.gpkg", LAYERS), tmp_path, BOUNDS)
    names = sorted(path.name for path in basemap_folder(tmp_path).iterdir())
    assert names == ["base.geojson", "places.geojson", "streets.geojson"]


def test_what_was_imported_stays_when_the_next_file_is_no_good(tmp_path):
    import_basemap(geopackage(tmp_path / "a.gpkg", LAYERS), tmp_path, BOUNDS)
    before = load_basemap(tmp_path).identity
    with pytest.raises(SourceError):
        import_basemap(geopackage(tmp_path / "b.gpkg", {"rail": []}, tree=False), tmp_path, BOUNDS)
    assert load_basemap(tmp_path).identity == before


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [("Motorway", "motorway"), ("Primary", "main"), ("B Road", "main"), (None, "street")],
)
def test_roads_have_three_classes(kind, drawn):
    assert road_class(kind) == drawn


def refused(path, folder, words):
    with pytest.raises(SourceError, match=words):
        import_basemap(path, folder, BOUNDS)


def test_files_that_are_not_base_maps_are_refused_in_one_sentence(tmp_path):
    refused(tmp_path / "missing.gpkg", tmp_path, "is not there")
    text = tmp_path / "text.gpkg"
    text.write_text("no database")
    refused(text, tmp_path, "neither a GeoPackage nor an MBTiles")
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    refused(broken, tmp_path, "damaged")
    other = tmp_path / "other.gpkg"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE people (name TEXT)")
    db.close()
    refused(other, tmp_path, "not a GeoPackage")
    refused(
        geopackage(tmp_path / "wgs84.gpkg", LAYERS, grid=4326), tmp_path, "British National Grid"
    )
    away = {"rail": [("", "", line((500_000, 200_000), (500_400, 200_100)))]}
    refused(geopackage(tmp_path / "away.gpkg", away), tmp_path, "nothing in or round")


def test_a_view_is_not_taken_for_a_layer(tmp_path):
    path = geopackage(tmp_path / "view.gpkg", {})
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE VIEW rail AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS id, '' AS type, zeroblob(100) AS geom FROM n"
        )
        db.execute("INSERT INTO gpkg_geometry_columns VALUES ('rail', 'geom', 'LINE', 27700)")
    db.close()
    refused(path, tmp_path, "none of OS Open Zoomstack")


def test_a_huge_shape_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("hotspots.sources.zoomstack.MOST_BYTES", 2_000)
    long = line(*[(340_000 + i, 366_000 + i % 7) for i in range(3_000)])
    path = geopackage(tmp_path / "huge.gpkg", {"rail": [("", "", long)]})
    refused(path, tmp_path, "damaged")


def test_too_many_shapes_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("hotspots.sources.zoomstack.MOST_FEATURES", 1)
    refused(geopackage(tmp_path / "a.gpkg", LAYERS), tmp_path, "smaller study area")


def test_shapes_that_cannot_be_read_are_left_out(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", LAYERS, tree=False)
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO rail VALUES (98, '', '', x'4750000100')")
        db.execute("INSERT INTO rail VALUES (99, '', '', 'text')")
    db.close()
    assert import_basemap(path, tmp_path, BOUNDS).kept["rail"] == 1


def raster(path, tiles, **metadata):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        # The published layout of many writers: `tiles` is a view over two tables.
        db.execute("CREATE TABLE images (tile_id INTEGER, tile_data BLOB)")
        db.execute("CREATE TABLE map (z INTEGER, x INTEGER, y INTEGER, tile_id INTEGER)")
        db.execute(
            "CREATE VIEW tiles AS SELECT z AS zoom_level, x AS tile_column, y AS tile_row, "
            "tile_data FROM map JOIN images USING (tile_id)"
        )
        for key, value in {"format": "png", "attribution": "A Publisher", **metadata}.items():
            db.execute("INSERT INTO metadata VALUES (?, ?)", (key, value))
        for number, (z, x, y, picture) in enumerate(tiles):
            db.execute("INSERT INTO images VALUES (?, ?)", (number, picture))
            db.execute("INSERT INTO map VALUES (?, ?, ?, ?)", (z, x, 2**z - 1 - y, number))
    db.close()
    return path


def test_mbtiles_are_cut_to_the_study_area_and_served_from_the_north(tmp_path):
    column, row = mbtiles.place_of(12, -2.87, 53.206)
    here = (12, column, row, PNG + b"here")
    away = (12, column + 300, row, PNG + b"away")
    path = raster(tmp_path / "town.mbtiles", [(0, 0, 0, PNG), here, away])
    report = import_basemap(path, tmp_path, BOUNDS)
    assert report.kept == {"pictures": 2}
    kept = basemap_folder(tmp_path) / RASTER
    assert mbtiles.picture(kept, 12, column, row) == PNG + b"here"
    assert mbtiles.picture(kept, 12, column + 300, row) is None
    assert mbtiles.picture(kept, 10**9, 0, 0) is None
    tiles = load_basemap(tmp_path).tiles
    assert tiles.host is None
    assert (tiles.least_zoom, tiles.most_zoom, tiles.attribution) == (0, 12, "A Publisher")
    with sqlite3.connect(kept) as db:
        kinds = {row[0] for row in db.execute("SELECT type FROM sqlite_master")}
    db.close()
    assert kinds == {"table"}, "nothing of the file's own making is kept"


def test_mbtiles_of_another_kind_are_refused(tmp_path):
    here = mbtiles.place_of(12, -2.87, 53.206)
    vector = raster(tmp_path / "vector.mbtiles", [(12, *here, PNG)], format="pbf")
    refused(vector, tmp_path, "vector tiles")
    script = raster(tmp_path / "svg.mbtiles", [(12, *here, b"<svg onload='alert(1)'/>")])
    refused(script, tmp_path, "not a picture")
    empty = raster(tmp_path / "empty.mbtiles", [])
    refused(empty, tmp_path, "no tile")
    assert not (basemap_folder(tmp_path) / RASTER).exists()
    assert list(basemap_folder(tmp_path).iterdir()) == []


def test_online_tiles_are_off_until_written_down(tmp_path):
    assert load_basemap(tmp_path).tiles is None
    (tmp_path / "basemap.toml").write_text(
        'tiles_url = "https://tiles.example.org/{z}/{x}/{y}.png"\nattribution = "Example"\n'
    )
    tiles = load_basemap(tmp_path).tiles
    assert (tiles.host, tiles.attribution) == ("https://tiles.example.org", "Example")


@pytest.mark.parametrize(
    "text",
    [
        "tiles_url = 3",
        'tiles_url = "https://a/{z}/{x}/{y}"',
        'tiles_url = "http://a.org/{z}/{x}/{y}"\nattribution = "A"',
        'tiles_url = "https://a.org; script-src */{z}/{x}/{y}"\nattribution = "A"',
        'tiles_url = "https://{s}.a.org/{z}/{x}/{y}"\nattribution = "A"',
        'tiles_url = "https://a.org/{z}/{x}/{y}?{secret}"\nattribution = "A"',
        "tiles_url = ",
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path, text):
    (tmp_path / "basemap.toml").write_text(text)
    with pytest.raises(SourceError, match=r"basemap\.toml"):
        load_basemap(tmp_path)


def test_the_sample_says_that_it_is_made_up(tmp_path):
    for name in ("basemap", "places"):
        (tmp_path / f"{name}.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    assert "made up" in illustrative(tmp_path).attribution
