import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from hotspots.analysis.hotspots import _keys, find_hotspots, inside, match
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import hotspots as hotspot_table
from hotspots.tables import incidents as incident_table
from tests.analysis.strategies import RADII, coordinates
from tests.analysis.tables import incidents_at, square_wards


def found(rows, *, radius_m=100, min_incidents=5, months=12, wards=None):
    return find_hotspots(
        rows, radius_m=radius_m, min_incidents=min_incidents, months=months, wards=wards
    )


def test_what_each_hotspot_holds():
    xy = [(370_452, 355_601)] * 4 + [(370_482, 355_641)] * 2 + [(370_900, 355_601)] * 9
    streets = ["Mill Lane"] * 3 + [""] + ["Bank Street"] * 2 + ["Abbey Square"] * 9
    rows = incidents_at([*xy, None, (380_000, 355_601)], street=[*streets, "Nowhere", "Far Lane"])
    wards = square_wards(side_m=500, across=3, corner=(370_000, 355_500))
    table = found(rows, wards=wards)
    assert table.index.tolist() == [1, 2]
    assert table["key"].tolist() == ["SJ70905560", "SJ70455560"]
    assert table["incidents"].tolist() == [9, 6]
    assert table["share"].tolist() == [9 / 16, 6 / 16]
    assert table["per_month"].tolist() == [0.75, 0.5]
    assert table["points"].tolist() == [1, 2]
    assert table["single_place"].tolist() == [True, False]
    assert table["span_m"].tolist() == [0.0, 50.0]
    assert table["ward"].tolist() == ["W1", "W0"]
    assert table["ward_name"].tolist() == ["Ward 1", "Ward 0"]
    assert table["streets"].tolist() == ["Abbey Square", "Mill Lane; Bank Street"]
    assert table["area_ha"].tolist() == pytest.approx(table.area.to_numpy() / 1e4)


def test_an_incident_belongs_by_where_it_lies_not_by_its_cluster():
    # 90 m west of the nearest core place: within the radius, so of its cluster, but not
    # in its footprint.
    rows = incidents_at([(0, 0)] * 6 + [(45, 0)] * 2 + [(-90, 0)])
    table = found(rows, min_incidents=8)
    assert table["incidents"].tolist() == [8]
    assert inside(rows, table).tolist() == [1] * 8 + [0]


def test_a_footprint_with_fewer_than_make_a_hotspot_is_none():
    # Seven within the radius of the one in the middle, but only one within its footprint.
    ring = [(90, 0), (-90, 0), (0, 90), (0, -90), (64, 64), (-64, -64)]
    assert found(incidents_at([(0, 0), *ring]), min_incidents=7).empty


def test_keys_grow_until_they_differ():
    assert _keys(np.array([[4.0, 0], [6, 0], [15, 0]])) == [
        "SV0000400000",
        "SV0000600000",
        "SV00010000",
    ]
    assert _keys(np.array([[4.0, 0], [4.5, 0]])) == ["SV00004000000000", "SV00004500000000"]


def test_many_streets_are_counted_not_listed():
    names = [f"Street {letter}" for letter in "HGFEDCBA"]
    rows = incidents_at([(0, 0)] * 9, street=[*names, "Street H"])
    assert found(rows)["streets"].iloc[0] == (
        "Street H; Street A; Street B; Street C; Street D; Street E and 2 more"
    )


def test_streets_without_names_are_empty():
    rows = incidents_at([(0, 0)] * 9, street=[np.nan] * 9)
    assert found(rows)["streets"].tolist() == [""]


def test_a_hotspot_outside_every_ward_has_none():
    table = found(incidents_at([(-500, -500)] * 6), wards=square_wards())
    assert table["ward"].tolist() == [""]
    assert table["ward_name"].tolist() == [""]


def test_nothing_in_nothing_out():
    for rows in (incident_table.empty(), incidents_at([None, None]), incidents_at([(0, 0)])):
        table = found(rows, wards=square_wards())
        assert table.empty
        assert_frame_equal(table, hotspot_table.empty())
        assert inside(rows, table).tolist() == [0] * len(rows)


def test_columns_have_the_types_of_the_contract():
    table = found(incidents_at([(0, 0)] * 6), wards=square_wards())
    assert table.dtypes.astype(str).to_dict() == hotspot_table.empty().dtypes.astype(str).to_dict()
    assert table.crs == BRITISH_NATIONAL_GRID
    assert table.index.name == "number"


@settings(deadline=None)
@given(coordinates(), st.sampled_from(RADII), st.integers(2, 8), st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_the_order_of_rows(xy, radius_m, min_incidents, random):
    rows = incidents_at(list(map(tuple, xy)), street=[f"Street {n % 5}" for n in range(len(xy))])
    order = list(range(len(xy)))
    random.shuffle(order)
    one = found(rows, radius_m=radius_m, min_incidents=min_incidents)
    other = found(
        incident_table.Incidents(rows.iloc[order]), radius_m=radius_m, min_incidents=min_incidents
    )
    assert_frame_equal(one, other)
    assert match(one, other).tolist() == one.index.tolist()


@settings(deadline=None)
@given(coordinates(), st.sampled_from(RADII), st.integers(2, 8))
def test_counts_are_those_of_the_footprints(xy, radius_m, min_incidents):
    rows = incidents_at([*map(tuple, xy), None])
    table = found(rows, radius_m=radius_m, min_incidents=min_incidents)
    number = inside(rows, table)
    assert number[-1] == 0
    counted = pd.Series(number[number > 0]).value_counts().reindex(table.index, fill_value=0)
    assert counted.tolist() == table["incidents"].tolist()
    for hotspot, shape in table.geometry.items():
        assert shape.covers(shapely.points(xy)).sum() == table.loc[hotspot, "incidents"]


def hotspots_of(*boxes):
    frame = hotspot_table.empty()
    rows = [
        {name: frame[name].dtype.type() for name in frame.columns if name != "geometry"}
        | {"key": f"K{n}", "geometry": shapely.box(*box)}
        for n, box in enumerate(boxes)
    ]
    index = pd.RangeIndex(1, len(boxes) + 1, name="number")
    return hotspot_table.Hotspots(
        gpd.GeoDataFrame(rows, index=index, geometry="geometry", crs=BRITISH_NATIONAL_GRID)
    )


def test_matching_shares_out_the_most_ground():
    # The first would take the wide one on its own, but then the second would have none.
    before = hotspots_of((0, 0, 10, 10), (10, 0, 14, 10))
    after = hotspots_of((4, 0, 14, 10), (0, 0, 4, 10), (50, 0, 60, 10))
    matched = match(before, after)
    # 6 + 0 by taking the widest alone, 4 + 4 by sharing.
    assert matched.iloc[0] == 2
    assert matched.iloc[1] == 1
    assert matched.iloc[2] is pd.NA


def test_matching_survives_a_small_change_of_radius():
    rng = np.random.default_rng(5)
    centres = rng.uniform(0, 8000, (12, 2))
    xy = np.repeat(centres, 30, axis=0) + rng.normal(0, 30, (360, 2))
    rows = incidents_at(list(map(tuple, xy.round(2))))
    before, after = found(rows, min_incidents=15), found(rows, radius_m=105, min_incidents=15)
    matched = match(before, after)
    for number, old in matched.dropna().items():
        assert after.geometry[number].intersects(before.geometry[old])
    assert matched.notna().all()
    assert matched.is_unique


def test_touching_is_not_sharing():
    before, after = hotspots_of((0, 0, 10, 10)), hotspots_of((10, 0, 20, 10))
    assert match(before, after).isna().all()


def test_matching_nothing():
    some = hotspots_of((0, 0, 10, 10))
    assert match(hotspot_table.empty(), some).isna().tolist() == [True]
    assert match(some, hotspot_table.empty()).empty
    assert match(hotspot_table.empty(), hotspot_table.empty()).dtype == "Int64"


def test_arguments_are_left_alone():
    rows, wards = incidents_at([(0, 0)] * 6 + [(500, 0)]), square_wards()
    before, wards_before = rows.copy(), wards.copy()
    found(rows, wards=wards)
    assert rows.equals(before)
    assert wards.equals(wards_before)
