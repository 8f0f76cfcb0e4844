"""Patrol areas: none overlaps, none is too large, and one more never holds less."""

from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import optimize

from hotspots.analysis.coverage import candidates, greedy
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.patrol_arrangement import Demand, arrange
from hotspots.analysis.patrol_edits import Edit, revert
from hotspots.analysis.patrol_shapes import cut, discs, leaves_room, reach_m
from hotspots.errors import SelectionError, TableError
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import patrol_areas as table
from tests.analysis.tables import incidents_at, square_wards

AT = datetime(2026, 1, 5, tzinfo=UTC)
# Multiples of 25 m leave no point between a disc and the polygon it is drawn as.
TOWN = npst.arrays(
    np.int64, st.tuples(st.integers(1, 80), st.just(2)), elements=st.integers(0, 40)
).map(lambda steps: steps * 25.0 + [370_000.0, 360_000.0])


def change(kind, geometry, **more):
    return Edit(kind, geometry, reason="A new playground", by="Insp. Shaw", at=AT, **more)


def overlap_m2(areas):
    union = shapely.area(shapely.union_all(areas.geometry.to_numpy()))
    return areas.geometry.area.sum() - union


def cluster_of(centre, count, *, spread=40.0, seed=1):
    return np.asarray(centre) + np.random.default_rng(seed).normal(0, spread, (count, 2))


@settings(max_examples=60, deadline=None)
@given(TOWN, st.integers(1, 12), st.sampled_from([2.0, 3.5, 5.0, 7.0]))
def test_areas_never_overlap_and_never_exceed_their_size(xy, count, size_ha):
    areas = place(incidents_at(xy), count=count, size_ha=size_ha)
    assert 1 <= len(areas) <= count
    assert areas.area_ha.max() <= size_ha + 1e-9
    assert areas.area_ha.min() >= min(2.0, 0.4 * size_ha) - 1e-9
    assert overlap_m2(areas) < 1e-3
    assert (areas.geometry.geom_type == "Polygon").all()
    assert areas.geometry.is_valid.all()
    assert areas.adds.sum() == areas.incidents.sum()
    assert areas.adds.is_monotonic_decreasing
    assert areas.incidents.sum() <= len(xy)


@settings(max_examples=60, deadline=None)
@given(TOWN, st.integers(1, 10))
def test_coverage_never_falls_when_an_area_is_added(xy, count):
    incidents = incidents_at(xy)
    fewer, more = (place(incidents, count=number) for number in (count, count + 1))
    assert more.incidents.sum() >= fewer.incidents.sum()
    assert list(more.key[: len(fewer)]) == list(fewer.key)


@settings(max_examples=40, deadline=None)
@given(TOWN.filter(lambda xy: len(xy) <= 40), st.integers(1, 3))
def test_the_exact_best_is_never_beaten_and_nearly_reached(xy, count):
    among = candidates(xy, radius_m=reach_m(5), lattice_m=50)
    nodes, rows = among.holds.shape
    # Maximal covering: a row counts when a chosen node holds it.
    cost = np.r_[np.zeros(nodes), -np.ones(rows)]
    reached = np.hstack([(among.holds.toarray().T > 0), -np.eye(rows)])
    best = optimize.milp(
        cost,
        integrality=np.r_[np.ones(nodes), np.zeros(rows)],
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(reached, lb=0),
            optimize.LinearConstraint(np.r_[np.ones(nodes), np.zeros(rows)], ub=count),
        ],
    )
    chosen = greedy(among, np.ones(rows), count=count)
    held = (among.holds[chosen].sum(axis=0) > 0).sum()
    exact = round(-best.fun)
    assert (1 - np.exp(-1)) * exact <= held <= exact
    areas = place(incidents_at(xy), count=count, lattice_m=50)
    assert areas.incidents.sum() <= exact


@settings(max_examples=40, deadline=None)
@given(TOWN, st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(xy, seed):
    shuffled = np.random.default_rng(seed).permutation(xy)
    one, other = (place(incidents_at(rows), count=5) for rows in (xy, shuffled))
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_a_single_place_becomes_one_area():
    areas = place(incidents_at([(370_000, 360_000)] * 30), count=20)
    assert len(areas) == 1
    assert areas.incidents.tolist() == [30]
    assert areas.area_ha.tolist() == pytest.approx([5.0])


def test_a_long_chain_becomes_several_areas_side_by_side():
    chain = np.column_stack([np.arange(370_000, 371_000, 20), np.full(50, 360_000)])
    incidents = incidents_at(np.repeat(chain, 4, axis=0))
    hotspots = find_hotspots(incidents, radius_m=100, min_incidents=10, months=12)
    assert len(hotspots) == 1
    assert hotspots.area_ha[1] > 7
    areas = place(incidents, count=None, hotspots=hotspots)
    assert len(areas) == np.ceil(hotspots.area_ha[1] / 7)
    assert areas.area_ha.max() <= 5 + 1e-9
    assert (areas.hotspot == 1).all()
    assert place(incidents, count=20, hotspots=hotspots).incidents.sum() == 200


def test_every_hotspot_is_cut_and_a_small_one_beside_a_large_one_has_its_own():
    xy = np.vstack(
        [
            cluster_of((370_000, 360_000), 300, spread=120),
            cluster_of((370_600, 360_000), 25, spread=20, seed=2),
        ]
    ).round()
    incidents = incidents_at(xy)
    hotspots = find_hotspots(incidents, radius_m=75, min_incidents=10, months=12)
    areas = place(incidents, count=None, hotspots=hotspots)
    met = gpd.sjoin(areas, hotspots[["geometry"]].rename_axis("spot"), predicate="intersects")
    needed = np.ceil(hotspots.area_ha / 7)
    assert (met.groupby("spot").size().reindex(hotspots.index, fill_value=0) >= needed).all()


def test_without_hotspots_there_is_nothing_to_cut():
    incidents = incidents_at(cluster_of((370_000, 360_000), 20))
    assert place(incidents, count=None).empty


def test_areas_stand_only_inside_and_around_hotspots():
    xy = np.vstack([np.full((30, 2), 370_000.0), np.full((3, 2), 375_000.0)])
    incidents = incidents_at(xy)
    hotspots = find_hotspots(incidents, radius_m=100, min_incidents=10, months=12)
    assert len(place(incidents, count=5)) == 2
    near = place(incidents, count=5, hotspots=hotspots)
    assert near.incidents.tolist() == [30]
    assert near.hotspot.tolist() == [1]


def test_an_incident_on_a_shared_outline_counts_once_in_the_lower_number():
    west, east, middle = (370_000.0, 360_000.0), (370_100.0, 360_000.0), (370_050.0, 360_000.0)
    pinned = gpd.GeoSeries.from_xy([west[0], east[0]], [west[1]] * 2, crs=BRITISH_NATIONAL_GRID)
    incidents = incidents_at([west] * 5 + [east] * 3 + [middle])
    areas = place(incidents, count=2, pinned=pinned)
    assert areas.incidents.tolist() == [6, 3]
    assert shapely.covers(areas.geometry.to_numpy(), shapely.Point(middle)).all()


def test_areas_are_named_by_ward_and_street():
    xy = [(370_100.0, 360_500.0)] * 5 + [(371_900.0, 360_500.0)] * 3
    street = ["Mill Lane"] * 3 + ["Bridge Street"] * 2 + ["High Street"] * 3
    wards = square_wards(corner=(370_000, 360_000))
    areas = place(incidents_at(xy, street=street), count=2, wards=wards)
    assert areas.ward.tolist() == ["W0", "W1"]
    assert areas.ward_name.tolist() == wards["name"].tolist()
    assert areas.streets.tolist() == ["Mill Lane; Bridge Street", "High Street"]
    unnamed = place(incidents_at(xy), count=2)
    assert unnamed.ward.tolist() == ["", ""]


def test_an_area_goes_where_reports_are_expected_not_only_where_they_were():
    incidents = incidents_at([(370_000, 360_000)] * 9 + [(372_000, 360_000)] * 2)
    demand = Demand(np.array([[370_000.0, 360_000], [372_000.0, 360_000]]), np.array([0.5, 3.0]))
    areas = place(incidents, count=2, expected=demand)
    assert areas.incidents.tolist() == [2, 9]
    assert areas.expected.tolist() == [3.0, 0.5]


def test_a_pin_stands_and_what_it_holds_is_not_held_twice():
    incidents = incidents_at([(370_000, 360_000)] * 9 + [(372_000, 360_000)] * 2)
    pin = change("pin", shapely.Point(371_000, 361_000))
    areas = place(incidents, count=2, edits=[pin])
    assert areas.edit.tolist() == ["", "pinned"]
    assert areas.incidents.tolist() == [9, 0]
    assert areas.geometry[2].centroid.distance(pin.geometry) < 0.01
    twice = place(incidents, count=5, edits=[pin, pin])
    assert (twice.edit == "pinned").sum() == 1


def test_a_nudge_moves_its_area_and_no_other_and_can_be_taken_back():
    incidents = incidents_at([(370_000, 360_000)] * 9 + [(372_000, 360_000)] * 2)
    before = place(incidents, count=2)
    nudge = change("nudge", before.geometry[1].centroid, offset_m=(30.0, -20.0))
    after = place(incidents, count=2, edits=[nudge])
    assert after.edit.tolist() == ["nudged", ""]
    moved = before.geometry[1].centroid.distance(after.geometry[1].centroid)
    assert moved == pytest.approx(np.hypot(30, 20))
    assert after.geometry[2].equals(before.geometry[2])
    undone = place(incidents, count=2, edits=revert([nudge], nudge))
    pd.testing.assert_frame_equal(pd.DataFrame(undone), pd.DataFrame(before))
    lost = change("nudge", shapely.Point(0, 0), offset_m=(30.0, 0.0))
    assert (place(incidents, count=2, edits=[lost]).edit == "").all()


def test_no_area_holds_excluded_ground():
    xy = cluster_of((370_000, 360_000), 200, spread=90)
    lake = shapely.Point(370_000, 360_000).buffer(50)
    road = shapely.box(369_000, 360_100, 371_000, 360_130)
    areas = place(incidents_at(xy), count=6, excluded=lake, edits=[change("exclude", road)])
    ground = shapely.union_all(areas.geometry.to_numpy())
    assert ground.intersection(lake.union(road)).area < 1e-6
    assert (areas.geometry.geom_type == "Polygon").all()
    # A dual carriageway is not walked across.
    assert not any(
        shape.bounds[1] < 360_100 and shape.bounds[3] > 360_130 for shape in areas.geometry
    )
    assert areas.adds.sum() == areas.incidents.sum()
    everything = shapely.box(300_000, 300_000, 400_000, 400_000)
    assert place(incidents_at(xy), count=6, excluded=everything).empty


def test_two_hands_may_not_make_areas_overlap():
    points = gpd.GeoSeries.from_xy([370_000, 370_010, 370_000], [360_000] * 3)
    areas = place(incidents_at(cluster_of((370_000, 360_000), 50)), count=4, pinned=points)
    assert overlap_m2(areas) < 1e-3
    assert (areas.edit == "pinned").sum() == 2


@pytest.mark.parametrize("size_ha", [1.9, 7.1])
def test_a_size_nobody_can_walk_is_refused_in_words(size_ha):
    with pytest.raises(SelectionError, match="choose 2 to 7 ha"):
        place(incidents_at([(370_000, 360_000)]), count=1, size_ha=size_ha)


@pytest.mark.parametrize(
    ("kind", "geometry", "says"),
    [
        ("pin", shapely.box(0, 0, 1, 1), "To pin needs a sound point, not a polygon"),
        ("exclude", shapely.Point(0, 0), "To exclude needs a sound polygon, not a point"),
        ("exclude", shapely.Polygon(), "not a broken or empty polygon"),
    ],
)
def test_an_edit_of_the_wrong_shape_is_refused_in_words(kind, geometry, says):
    with pytest.raises(SelectionError, match=says):
        change(kind, geometry)


def test_an_edit_without_a_reason_is_refused():
    with pytest.raises(SelectionError, match="a reason and a name"):
        Edit("pin", shapely.Point(0, 0), reason=" ", by="Insp. Shaw", at=AT)


def test_nothing_in_nothing_out():
    areas = place(incidents_at([]), count=20)
    assert areas.empty
    assert list(areas.columns) == list(table.COLUMNS)
    assert (areas.dtypes == table.empty().dtypes).all()
    assert place(incidents_at([None, None]), count=20).empty


def test_the_table_has_the_types_of_its_contract():
    areas = place(incidents_at([(370_000, 360_000)] * 3), count=1)
    assert (areas.dtypes == table.empty().dtypes).all()


def test_broken_rules_are_named_at_once():
    areas = place(incidents_at([(370_000, 360_000)] * 9 + [(372_000, 360_000)]), count=2)
    broken = gpd.GeoDataFrame(areas.copy())
    broken.geometry = [shapely.box(0, 0, 300, 300)] * 2
    broken = broken.set_crs(BRITISH_NATIONAL_GRID, allow_override=True)
    broken.index = pd.RangeIndex(2)
    with pytest.raises(TableError, match="not numbered from 1; some are larger than 7 ha"):
        table.validate(broken)
    overlapping = gpd.GeoDataFrame(areas.copy())
    overlapping.geometry = [areas.geometry[1]] * 2
    with pytest.raises(TableError, match="some overlap"):
        table.validate(overlapping)
    with pytest.raises(TableError, match="no column adds"):
        table.validate(areas.drop(columns="adds"))


def test_neighbours_are_cut_along_the_line_between_them():
    centres = np.array([[0.0, 0.0], [100.0, 0.0], [50.0, 120.0]])
    shapes = cut(centres, discs(centres, size_ha=5), size_ha=5)
    assert shapes[0].bounds[2] <= 50 + 1e-6
    whole = shapely.area(shapely.union_all(discs(centres, size_ha=5)))
    assert shapely.area(shapes).sum() == pytest.approx(whole, rel=1e-4)


def test_room_is_left_for_those_that_stand():
    ring = [np.array([100 * np.cos(a), 100 * np.sin(a)]) for a in np.arange(6) * np.pi / 3]
    assert leaves_room(ring[0], [], size_ha=5, least_ha=2)
    assert leaves_room(ring[0], [ring[3]], size_ha=5, least_ha=2)
    assert not leaves_room(np.zeros(2), ring, size_ha=5, least_ha=2)


def test_weights_alone_are_enough():
    placed = arrange(Demand(np.array([[0.0, 0.0]]), np.array([1.0])), count=3, size_ha=5)
    assert placed.centres.shape == (1, 2)
