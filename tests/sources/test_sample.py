"""The sample is what its generator writes, and holds what was planted in it."""

import gzip
import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources import sample

# The header of a street file as data.police.uk publishes it.
PUBLISHED_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
SUMMER, WINTER = ("06", "07", "08"), ("12", "01", "02")
BY_HAND = {"README.md"}


def written(folder):
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in BY_HAND
    }


def content(path):
    # Compressed bytes depend on the zlib a Python was built with; what is in them does not.
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="module")
def rows():
    paths = [path for name, path in written(sample.SAMPLE_FOLDER).items() if name.endswith(".gz")]
    table = pd.concat([pd.read_csv(path, dtype=str) for path in paths], ignore_index=True)
    places = gpd.points_from_xy(table["Longitude"].astype(float), table["Latitude"].astype(float))
    return gpd.GeoDataFrame(table, geometry=places, crs=4326).to_crs(BRITISH_NATIONAL_GRID)


@pytest.fixture(scope="module")
def located(rows):
    return rows[rows["Longitude"].notna()]


@pytest.fixture(scope="module")
def asb(located):
    return located[located["Crime type"] == sample.ASB_TYPE]


@pytest.fixture(scope="module")
def wards():
    return gpd.read_file(sample.SAMPLE_FOLDER / "wards.geojson")


def at(table, site):
    return table[table.distance(shapely.Point(site.easting, site.northing)) <= site.radius_m]


def by_month(table):
    return table.groupby("Month").size().reindex(sample.MONTHS, fill_value=0)


def test_the_generator_writes_the_committed_sample_to_the_byte(tmp_path):
    sample.generate(tmp_path)
    ours, theirs = written(tmp_path), written(sample.SAMPLE_FOLDER)
    assert list(ours) == list(theirs)
    different = [name for name in ours if content(ours[name]) != content(theirs[name])]
    assert different == []


def test_archives_carry_no_name_and_no_time():
    for name, path in written(sample.SAMPLE_FOLDER).items():
        if name.endswith(".gz"):
            head = path.read_bytes()[:10]
            assert head[3] == 0, name
            assert head[4:8] == bytes(4), name


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in written(sample.SAMPLE_FOLDER).values()) < 4_200_000
    assert (sample.SAMPLE_FOLDER / "basemap.geojson").stat().st_size < 800_000


def test_another_seed_makes_another_county():
    one, other = sample.wards(1), sample.wards(2)
    assert [ward.code for ward in one] == [ward.code for ward in other]
    assert any(a.polygon != b.polygon for a, b in zip(one, other, strict=True))


def test_street_files_have_the_published_form(rows):
    assert sample.HEADER == PUBLISHED_HEADER
    for name, path in written(sample.SAMPLE_FOLDER).items():
        if name.endswith(".gz"):
            text = content(path).decode()
            assert text.splitlines()[0] == PUBLISHED_HEADER
            assert text.endswith("\n")
            assert "\r" not in text
            month = name.split("/")[1]
            assert {line.split(",")[1] for line in text.splitlines()[1:]} == {month}
    assert sorted(rows["Month"].unique()) == list(sample.MONTHS)
    assert rows["Context"].isna().all()


@pytest.mark.skipif("HOTSPOTS_REAL_DATA" not in os.environ, reason="needs the real data")
@pytest.mark.real
def test_the_header_is_that_of_real_files():
    for path in Path(os.environ["HOTSPOTS_REAL_DATA"]).rglob("*-street.csv"):
        with path.open(encoding="utf-8") as file:
            assert file.readline().rstrip("\r\n") == sample.HEADER


def test_nobody_can_take_it_for_real(rows, wards):
    assert set(rows["Reported by"]) == set(rows["Falls within"]) == {"Illustrative Cheshire"}
    named = rows[rows["LSOA code"].notna()]
    assert named["LSOA code"].str.fullmatch(r"S01\d{6}").all()
    assert named["LSOA name"].str.match(r"Illustrative .+ \d{3}[A-Z]$").all()
    assert wards["WD25CD"].str.fullmatch(r"X05\d{6}").all()
    assert wards["LAD25CD"].str.fullmatch(r"X06\d{6}").all()
    assert wards["LAD25NM"].str.endswith("(illustrative)").all()
    assert wards["LAD25NM"].nunique() == 4


def test_asb_has_no_identifier_and_everything_else_has_one(rows):
    is_asb = rows["Crime type"] == sample.ASB_TYPE
    assert rows.loc[is_asb, ["Crime ID", "Last outcome category"]].isna().all(axis=None)
    others = rows.loc[~is_asb, "Crime ID"]
    assert others.str.fullmatch(r"[0-9a-f]{64}").all()
    assert others.is_unique
    assert rows.loc[~is_asb, "Last outcome category"].notna().all()
    assert rows["Crime type"].nunique() == 14


def test_a_few_rows_have_no_place(rows):
    lost = rows["Longitude"].isna()
    assert 0.003 < lost.mean() < 0.005
    assert (rows.loc[lost, "Location"] == "No Location").all()
    assert rows.loc[lost, ["Latitude", "LSOA code", "LSOA name"]].isna().all(axis=None)
    assert rows.loc[~lost, "Location"].str.startswith("On or near ").all()
    assert rows.loc[~lost, "Longitude"].str.fullmatch(r"-?\d+\.\d{6}").all()


def test_identical_rows_are_there_to_be_kept(rows):
    plain = rows[rows["Crime type"] == sample.ASB_TYPE].drop(columns="geometry")
    assert 0.12 < plain.duplicated().mean() < 0.25


def test_a_few_points_hold_much_of_it(located, asb):
    every = located.groupby(["Longitude", "Latitude"]).ngroups
    counts = asb.groupby(["Longitude", "Latitude"]).size().sort_values(ascending=False)
    busiest = counts.head(int(every * 0.05)).sum() / counts.sum()
    assert 0.4 < busiest < 0.65
    assert len(counts) < 0.7 * every


def test_snap_points_stand_apart_and_have_one_name_each(located):
    points = located.drop_duplicates(["Longitude", "Latitude", "Location"])
    assert not points.duplicated(["Longitude", "Latitude"]).any()
    places = points.geometry.reset_index(drop=True)
    _, nearest = places.sindex.nearest(places, exclusive=True, return_all=False)
    apart = places.distance(places.iloc[nearest].reset_index(drop=True))
    assert apart.min() > 40
    assert 50 < apart.median() < 150


def test_the_readme_says_what_is_there(rows, wards):
    text = (sample.SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")
    for site in sample.PLANTED:
        assert f"{site.name} | {site.easting:.0f}, {site.northing:.0f}" in text
    count = (rows["Crime type"] == sample.ASB_TYPE).sum()
    residents = pd.read_csv(sample.SAMPLE_FOLDER / "population.csv")["residents"].sum()
    for figure in (len(rows), count, residents, len(wards)):
        assert f"{figure:,}" in text
    for name in written(sample.SAMPLE_FOLDER):
        assert name.split("/")[0] in text


def test_some_labels_are_generic(asb):
    generic = asb["Location"].str.removeprefix("On or near ").isin(
        ["Parking Area", "Supermarket", "Shopping Area", "Nightclub", "Park/Open Space",
         "Petrol Station", "Sports/Recreation Area", "Bus/Coach Station"]
    )  # fmt: skip
    assert 0.12 < generic.mean() < 0.25


def test_summer_is_busier_than_winter(rows):
    monthly = by_month(rows[rows["Crime type"] == sample.ASB_TYPE])
    for year in ("2023", "2024", "2025"):
        one = monthly[monthly.index.str.startswith(year)]
        assert one.idxmax()[-2:] in {"07", "08"}
        assert one.max() > 1.7 * one.min()
    assert 550 < monthly.mean() < 680
    assert monthly.index[monthly.argmin()][-2:] == "12"


def test_every_rate_falls_at_the_break(asb):
    planted = pd.concat([at(asb, site) for site in sample.PLANTED]).index
    monthly = by_month(asb.drop(planted))
    spring = slice(3, 12)  # April to December, before and after
    ratio = monthly.iloc[12:24].iloc[spring].sum() / monthly.iloc[0:12].iloc[spring].sum()
    assert ratio == pytest.approx(sample.BREAK_FACTOR, abs=0.06)
    assert sample.MONTHS.index(sample.BREAK_MONTH) == 15


def test_the_new_hotspot_is_new_and_has_drugs(located, asb):
    monthly = by_month(at(asb, sample.NEW_HOTSPOT))
    before = monthly[monthly.index < sample.NEW_FROM]
    after = monthly[monthly.index >= sample.NEW_FROM]
    assert before.mean() < 1.5
    assert after.mean() > 12
    assert after.iloc[-1] > after.iloc[0]
    lately = located[(located["Month"] >= sample.NEW_FROM) & (located["Crime ID"].notna())]
    here = (at(lately, sample.NEW_HOTSPOT)["Crime type"] == "Drugs").mean()
    assert here > 3 * (lately["Crime type"] == "Drugs").mean()


def test_the_fading_hotspot_fades(asb):
    yearly = by_month(at(asb, sample.FADING_HOTSPOT)).to_numpy().reshape(3, 12).sum(axis=1)
    assert yearly[0] > 150
    assert yearly[0] > yearly[1] > yearly[2]
    assert yearly[2] < 0.15 * yearly[0]


def test_the_summer_hotspot_is_a_summer_one(asb):
    here = at(asb, sample.SUMMER_HOTSPOT)["Month"].str[-2:]
    assert here.isin(SUMMER).mean() > 0.5
    assert here.isin(WINTER).mean() < 0.1


def test_the_on_off_hotspot_comes_and_goes(asb):
    monthly = by_month(at(asb, sample.ON_OFF_HOTSPOT)).to_numpy()
    on = np.isin(np.arange(len(monthly)) % sample.ON_EVERY_MONTHS, sample.ON_MONTHS)
    assert monthly[on].min() > monthly[~on].max()


def test_one_place_is_stacked(asb):
    here = at(asb, sample.STACKED_PLACE)
    counts = here.groupby(["Longitude", "Latitude", "Location"]).size()
    assert counts.max() > 0.9 * counts.sum()
    assert counts.max() == asb.groupby(["Longitude", "Latitude"]).size().max()
    assert counts.idxmax()[2] == "On or near Parking Area"


def test_wards_tile_the_county(wards):
    for shapes in (wards.geometry, wards.to_crs(BRITISH_NATIONAL_GRID).geometry):
        assert shapes.is_valid.all()
        assert shapely.coverage_is_valid(shapes.array)
        whole = shapely.union_all(shapes.array)
        assert whole.geom_type == "Polygon"
        assert not whole.interiors
    assert (wards.geom_type == "Polygon").all()
    assert 70 <= len(wards) <= 95
    assert wards["WD25CD"].is_unique
    assert wards["WD25NM"].is_unique


def test_every_located_row_is_in_exactly_one_ward(located, wards):
    joined = gpd.sjoin(located.to_crs(4326), wards, predicate="within")
    assert len(joined) == len(located)
    assert joined.index.is_unique
    assert set(joined["WD25CD"]) == set(wards["WD25CD"])


def test_every_ward_has_residents(wards):
    residents = pd.read_csv(sample.SAMPLE_FOLDER / "population.csv")
    assert list(residents.columns) == ["ward_code", "ward_name", "residents"]
    assert list(residents["ward_code"]) == list(wards["WD25CD"])
    assert list(residents["ward_name"]) == list(wards["WD25NM"])
    assert residents["residents"].between(3_000, 12_000).all()


def test_the_map_has_what_a_map_needs():
    base = gpd.read_file(sample.SAMPLE_FOLDER / "basemap.geojson")
    assert set(base["kind"]) == {"road", "rail", "water", "green"}
    assert set(base.loc[base["kind"] == "road", "class"]) == {"motorway", "main", "street"}
    assert base.is_valid.all()
    places = gpd.read_file(sample.SAMPLE_FOLDER / "places.geojson")
    assert set(places["size"]) == {1, 2, 3}
    assert {"Chester", "Crewe", "Warrington", "Macclesfield"} <= set(places["name"])


def test_geojson_has_five_decimals_and_no_crs():
    for name in ("wards", "basemap", "places"):
        text = (sample.SAMPLE_FOLDER / f"{name}.geojson").read_text(encoding="utf-8")
        document = json.loads(text, parse_float=str)
        assert set(document) == {"type", "features"}
        for feature in document["features"]:
            flat = json.dumps(feature["geometry"]["coordinates"]).split('"')[1::2]
            assert max(len(number.split(".")[1]) for number in flat) <= 5
