import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspots.analysis import neighbours
from hotspots.analysis.clustering import cluster
from hotspots.analysis.delineation import delineate
from hotspots.analysis.places import gather
from hotspots.settings import BRITISH_NATIONAL_GRID
from tests.analysis.strategies import RADII, coordinates


def footprints_of(xy, radius_m, min_incidents):
    places = gather(xy)
    clusters = cluster(places, radius_m=radius_m, min_incidents=min_incidents)
    return places, clusters, delineate(places, clusters, radius_m=radius_m)


def assert_sound(places, clusters, footprints):
    shapes = footprints.to_numpy()
    assert len(shapes) == len(clusters)
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(shapes).all()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (one == other).all()
    core = shapely.points(places.xy[clusters.core])
    assert shapely.contains_properly(shapes[clusters.label[clusters.core]], core).all()


@settings(deadline=None, max_examples=300)
@given(coordinates(most=120), st.sampled_from(RADII), st.integers(1, 8))
@example(np.array([[0.0, 0], [60, 80], [120, 160], [120, 260]]), 100.0, 1)
@example(np.array([[0.0, 0], [0, 100], [100.01, 0], [100.01, 100]]), 100.0, 1)
def test_footprints_are_one_piece_and_never_meet(xy, radius_m, min_incidents):
    assert_sound(*footprints_of(xy, radius_m, min_incidents))


@settings(deadline=None, max_examples=100)
@given(coordinates(most=120), st.sampled_from(RADII), st.integers(1, 8))
def test_footprints_of_a_crowd_are_sound_too(xy, radius_m, min_incidents):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "PAIRS", -1)
        assert_sound(*footprints_of(xy, radius_m, min_incidents))


@given(st.floats(0, 2 * np.pi), st.floats(-1e-9, 1e-9))
@settings(deadline=None)
def test_two_places_at_the_radius_itself(angle, nudge):
    # Whichever side of the radius rounding puts them, they are one piece or two apart.
    apart = (150 + nudge) * np.array([np.cos(angle), np.sin(angle)])
    xy = np.array([[655_000.0, 1_200_000.0]]) + np.array([[0, 0], apart])
    assert_sound(*footprints_of(xy, 150.0, 1))


def ring(radius_m, step):
    angle = np.linspace(0, 2 * np.pi, round(2 * np.pi * radius_m / step), endpoint=False)
    return (radius_m * np.column_stack([np.cos(angle), np.sin(angle)])).round(2)


def test_a_hotspot_inside_another_stays_apart():
    xy = np.vstack([ring(300, 60), [[0.0, 0]]])
    places, clusters, footprints = footprints_of(xy, 100.0, 1)
    assert len(clusters) == 2
    assert_sound(places, clusters, footprints)
    assert shapely.get_num_interior_rings(footprints.to_numpy()).tolist() == [1, 0]


def test_a_hole_smaller_than_a_disc_is_filled():
    places, clusters, footprints = footprints_of(ring(80, 60), 100.0, 1)
    assert_sound(places, clusters, footprints)
    assert footprints.contains(shapely.Point(0, 0)).tolist() == [True]
    assert shapely.get_num_interior_rings(footprints.to_numpy()).tolist() == [0]


def test_a_lone_place_is_a_disc_of_half_the_radius():
    _, _, footprints = footprints_of(np.zeros((3, 2)), 100.0, 2)
    assert footprints.area.iloc[0] == pytest.approx(np.pi * 50**2, rel=0.01)
    assert footprints.area.iloc[0] < np.pi * 50**2


def test_nothing_leaves_no_footprint():
    _, _, footprints = footprints_of(np.empty((0, 2)), 100.0, 2)
    assert isinstance(footprints, gpd.GeoSeries)
    assert footprints.empty
    assert footprints.crs == BRITISH_NATIONAL_GRID
