import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources import ons
from hotspots.tables import wards as contract
from tests.sources.written import bowtie, geojson, save, squares, zipped

BASE = squares()


def refused(*paths, vintage=None):
    with pytest.raises(SourceError) as caught:
        ons.read_many(paths, vintage)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def shapefile(folder, frame, crs="EPSG:27700"):
    path = folder / "wards.shp"
    frame.to_crs(crs).to_file(path)
    return path


def zipped_shapefile(folder, frame):
    shapefile(folder, frame)
    members = {f"sub folder/{p.name}": p.read_bytes() for p in sorted(folder.glob("wards.*"))}
    return zipped(folder, members)


def geopackage(folder, frame, crs="EPSG:4258"):
    path = folder / "wards.gpkg"
    frame.to_crs(crs).to_file(path)
    return path


def in_a_folder(folder, frame):
    (folder / "a" / "b").mkdir(parents=True)
    geojson(folder / "a" / "b", frame)
    return folder


def zipped_geojson(folder, frame):
    return zipped(folder, {"x/wards.geojson": geojson(folder, frame).read_bytes()})


def zipped_geopackage(folder, frame):
    return zipped(folder, {"wards.gpkg": geopackage(folder, frame).read_bytes()})


@pytest.mark.parametrize(
    "write",
    [
        geojson,
        lambda folder, frame: geojson(folder, frame, crs="EPSG:27700"),
        lambda folder, frame: geojson(folder, frame, crs="EPSG:3857"),
        lambda folder, frame: geojson(folder, frame, "odd {é} #1?.geojson"),
        geopackage,
        lambda folder, frame: geopackage(folder, frame, crs="EPSG:27700"),
        shapefile,
        lambda folder, frame: shapefile(folder, frame, crs="EPSG:4326"),
        zipped_shapefile,
        zipped_geojson,
        zipped_geopackage,
        in_a_folder,
    ],
)
def test_every_format_and_coordinate_system_gives_the_same_wards(tmp_path, write):
    wards, report = ons.read(write(tmp_path, BASE))
    contract.validate(wards)
    assert wards.index.to_list() == ["E05000001", "E05000002"]
    assert wards["name"].to_list() == ["Ward 1", "Ward 2"]
    assert wards["authority"].unique().tolist() == ["E06000001"]
    assert wards["authority_name"].unique().tolist() == ["Crewe"]
    assert wards["vintage"].unique().tolist() == [2025]
    assert wards["residents"].isna().all()
    assert report.rows == 2
    assert shapely.hausdorff_distance(
        wards.geometry.to_numpy(), BASE.geometry.to_numpy()
    ).max() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("year", [11, 16, 20, 24, 25, 26])
def test_the_year_is_in_the_name_of_the_column(tmp_path, year):
    wards, _ = ons.read(geojson(tmp_path, squares(year)))
    assert wards["vintage"].iloc[0] == 2000 + year


def test_names_of_columns_in_small_letters(tmp_path):
    frame = BASE.rename(columns=str.lower)
    wards, _ = ons.read(geojson(tmp_path, frame))
    assert len(wards) == 2


def test_a_shapefile_without_prj_is_recognised_by_its_numbers(tmp_path):
    for crs in ("EPSG:27700", "EPSG:4326"):
        path = shapefile(tmp_path, BASE, crs)
        path.with_suffix(".prj").unlink()
        wards, report = ons.read(path)
        assert wards.area.sum() == pytest.approx(2e6, rel=1e-3)
        assert f"{crs} was assumed" in report.notes[0]
    far = BASE.translate(xoff=5e6).to_frame("geometry").join(BASE.drop(columns="geometry"))
    path = shapefile(tmp_path, gpd.GeoDataFrame(far, crs="EPSG:27700"))
    path.with_suffix(".prj").unlink()
    assert "does not name its coordinate system" in refused(path)


def test_outlines_that_cross_themselves_are_mended_and_said(tmp_path):
    wards, report = ons.read(bowtie(tmp_path))
    assert wards.geometry.is_valid.all()
    assert (wards.area > 0).all()
    assert "1 outline crossed" in report.notes[0]
    assert "E05000001" in report.notes[0]


def test_an_unclosed_outline_is_closed(tmp_path):
    path = geojson(tmp_path, BASE)
    features = json.loads(path.read_text())
    features["features"][0]["geometry"]["coordinates"][0].pop()
    path.write_text(json.dumps(features))
    wards, _ = ons.read(path)
    assert len(wards) == 2


def test_wards_without_local_authorities_are_taken_and_said(tmp_path):
    wards, report = ons.read(geojson(tmp_path, BASE.drop(columns=["LAD25CD", "LAD25NM"])))
    assert wards["authority"].unique().tolist() == [""]
    assert "names no local authorities" in report.notes[0]


def test_authorities_of_another_year_are_taken(tmp_path):
    frame = BASE.rename(columns={"LAD25CD": "LAD24CD", "LAD25NM": "LAD24NM"})
    wards, _ = ons.read(geojson(tmp_path, frame))
    assert wards["authority"].iloc[0] == "E06000001"


def test_rows_that_are_no_wards_are_left_out_and_said(tmp_path):
    frame = squares(codes=("E05000001", "E05000002", "E05000003", "E05000004"))
    frame.loc[1, "WD25CD"] = None
    frame.loc[2, "geometry"] = None
    frame.loc[3, "geometry"] = shapely.box(9e6, 9e6, 9.1e6, 9.1e6)
    wards, report = ons.read(geojson(tmp_path, frame, crs="EPSG:27700"))
    assert wards.index.to_list() == ["E05000001"]
    assert [found.rows for found in report.left_out.values()] == [1, 1, 1]
    assert [found.examples[0] for found in report.left_out.values()] == [
        f"wards.geojson, feature {n}" for n in (2, 3, 4)
    ]


def test_an_outline_that_runs_off_the_earth_is_left_out_and_said(tmp_path):
    path = geojson(tmp_path, BASE)
    held = json.loads(path.read_text())
    ring = held["features"][1]["geometry"]["coordinates"][0]
    ring[1] = [ring[1][0], 1e19]
    path.write_text(json.dumps(held))
    wards, report = ons.read(path)
    assert wards.index.tolist() == BASE["WD25CD"].tolist()[:1]
    assert report.left_out["their outline runs off the Earth"].rows == 1


def test_pieces_of_one_ward_are_joined_and_said(tmp_path):
    frame = squares(codes=("E05000001", "E05000001"))
    wards, report = ons.read(geojson(tmp_path, frame))
    assert len(wards) == 1
    assert wards.area.iloc[0] == pytest.approx(2e6, rel=1e-3)
    assert "several pieces" in report.notes[0]


def test_a_ward_that_stands_in_two_files(tmp_path):
    one = geojson(tmp_path, BASE, "one.geojson")
    same = geojson(tmp_path, BASE, "same.geojson")
    other = geojson(tmp_path, squares(codes=("E05000002", "E05000003")), "other.geojson")
    wards, report = ons.read_many([one, same])
    assert len(wards) == 2
    assert "read once" in report.notes[0]
    assert "different outlines" in refused(one, other)


def test_two_vintages_at_once_have_to_be_chosen_from(tmp_path):
    new, old = geojson(tmp_path, BASE), geojson(tmp_path, squares(20), "old.geojson")
    said = refused(new, old)
    assert "2020 and 2025" in said
    assert "--vintage" in said
    wards, report = ons.read_many([new, old], 2020)
    assert wards["vintage"].iloc[0] == 2020
    assert "wards.geojson was left out" in report.notes[0]
    assert "no wards of 2024" in refused(new, old, vintage=2024)


def test_two_vintages_in_one_file_have_to_be_chosen_from(tmp_path):
    frame = BASE.assign(WD24CD=["E05000009", "E05000008"], WD24NM=["Old 9", "Old 8"])
    path = geojson(tmp_path, frame)
    assert "2024 and 2025" in refused(path)
    wards, _ = ons.read(path, 2024)
    assert wards["name"].to_list() == ["Old 8", "Old 9"]


def test_wards_among_other_boundaries_of_a_folder(tmp_path):
    geojson(tmp_path, BASE)
    geojson(tmp_path, BASE.rename(columns={"WD25CD": "LSOA21CD"}), "lsoa.geojson")
    wards, report = ons.read(tmp_path)
    assert len(wards) == 2
    assert "lsoa.geojson was left out: it holds no ward codes." in report.notes


def test_a_file_without_ward_codes(tmp_path):
    said = refused(geojson(tmp_path, BASE.rename(columns={"WD25CD": "LSOA21CD"})))
    assert "no column of ward codes such as WD25CD" in said
    assert "LSOA21CD" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not GeoJSON"),
        (b"{", "is damaged"),
        (b"WD25CD,WD25NM\nE05,x\n", "is not GeoJSON"),
        (b"<OGRVRTDataSource></OGRVRTDataSource>", "is not GeoJSON"),
        (b"SQLite format 3\0 and no more", "is damaged"),
        (b'{"type":"FeatureCollection","features":[]}', "no column of ward codes"),
        (b"PK\x03\x04", "is not a zip file"),
    ],
)
def test_files_that_are_no_boundaries(tmp_path, data, said):
    assert said in refused(save(tmp_path, data, "wards.geojson"))


def test_a_file_that_would_have_other_files_opened_is_refused(tmp_path):
    geojson(tmp_path, BASE)
    pipeline = {
        "type": "gdal_streamed_alg",
        "command_line": f"gdal vector pipeline ! read {tmp_path}/wards.geojson",
    }
    path = save(tmp_path, json.dumps(pipeline).encode(), "pipe.geojson")
    assert "is damaged" in refused(path)
    assert "is damaged" in refused(zipped(tmp_path, {"pipe.geojson": path.read_bytes()}))


def test_swapped_axes_are_outside_the_united_kingdom(tmp_path):
    frame = BASE.to_crs("EPSG:4326")
    flipped = frame.set_geometry(shapely.transform(frame.geometry, np.fliplr), crs="EPSG:4326")
    path = tmp_path / "flipped.geojson"
    flipped.to_file(path)
    assert "outside the United Kingdom" in refused(path)


def test_a_shapefile_whose_coordinate_system_is_no_text(tmp_path):
    shapefile(tmp_path, BASE)
    projection = tmp_path / "wards.prj"
    projection.write_bytes(projection.read_bytes()[:7] + b"\x80" + projection.read_bytes()[7:])
    assert "is damaged" in refused(tmp_path / "wards.shp")


def test_half_a_shapefile(tmp_path):
    path = shapefile(tmp_path, BASE)
    path.with_suffix(".shx").unlink()
    path.with_suffix(".dbf").unlink()
    refused(path)
    assert "is not GeoJSON" in refused(save(tmp_path, b"x", "wards.dbf"))
    assert "ends in .shp" in refused(save(tmp_path, b"\0\0\x27\x0a", "wards.shx"))


def test_a_bomb_and_a_name_that_leaves_its_folder(tmp_path):
    bomb = b'{"type":"FeatureCollection","features":[]' + b" " * (32 << 20) + b"}"
    assert "times its size" in refused(zipped(tmp_path, {"wards.geojson": bomb}))
    out = zipped(tmp_path, {"../wards.geojson": geojson(tmp_path, BASE).read_bytes()})
    assert "no file of boundaries" in refused(out)


def test_nothing_there(tmp_path):
    assert "There is no file or folder" in refused(tmp_path / "nowhere.geojson")
    assert "no file of boundaries" in refused(tmp_path)
    assert "is not a file" in refused("/dev/zero")
