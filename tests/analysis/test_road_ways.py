"""Ways along roads: known distances on a grid, never shorter than the straight line."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.road_ways import road_ways


def grid(side=6, step=100, without=()):
    """Streets of a town laid out in squares, each a line from corner to corner."""
    lines = []
    for x in range(side):
        for y in range(side):
            for over, up in ((1, 0), (0, 1)):
                ends = ((x, y), (x + over, y + up))
                if max(ends[1]) < side and ends not in without:
                    lines.append(shapely.LineString([(step * a, step * b) for a, b in ends]))
    return np.array(lines, dtype=object)


def test_a_way_through_a_grid_is_as_long_as_its_sides():
    ways = road_ways(np.array([[0.0, 0], [300, 400], [150, 0]]), grid())
    assert ways == pytest.approx(np.array([[0, 700, 150], [700, 0, 550], [150, 550, 0]]))


def test_the_way_to_the_nearest_road_is_part_of_it():
    ways = road_ways(np.array([[50.0, 30], [450, -20]]), grid())
    assert ways[0, 1] == pytest.approx(30 + 400 + 20)


def test_two_places_on_one_street_go_along_it():
    ways = road_ways(np.array([[20.0, 5], [70, -5]]), grid())
    assert ways[0, 1] == pytest.approx(5 + 50 + 5)


def test_a_closed_street_is_gone_round():
    without = [((0, 0), (1, 0))]
    ways = road_ways(np.array([[0.0, 0], [100, 0]]), grid(without=without))
    assert ways[0, 1] == pytest.approx(300)


def test_roads_cross_only_where_they_share_a_corner():
    under = shapely.LineString([(0, 0), (200, 0)])
    bridge = shapely.LineString([(100, -100), (100, 100)])
    crossing = shapely.LineString([(100, -100), (100, 0), (100, 100)])
    junction = shapely.LineString([(0, 0), (100, 0), (200, 0)])
    places = np.array([[0.0, 0], [100, 100]])
    assert np.isnan(road_ways(places, np.array([under, bridge]))[0, 1])
    assert road_ways(places, np.array([junction, crossing]))[0, 1] == pytest.approx(200)


def test_of_two_roads_between_the_same_corners_the_shorter_is_taken():
    straight = shapely.LineString([(0, 0), (100, 0)])
    round_about = shapely.LineString([(0, 0), (50, 200), (100, 0)])
    for lines in ([straight, round_about], [round_about, straight], [straight, straight]):
        ways = road_ways(np.array([[0.0, 0], [100, 0]]), np.array(lines))
        assert ways[0, 1] == pytest.approx(100)


def test_what_no_road_reaches_is_not_a_number():
    ways = road_ways(np.array([[0.0, 0], [100, 0], [9_000, 9_000]]), grid())
    assert ways[0, 1] == pytest.approx(100)
    assert np.isnan(ways[2, :2]).all()
    assert ways[2, 2] == 0
    none = road_ways(np.array([[0.0, 0], [100, 0]]), np.array([], dtype=object))
    assert np.isnan(none[0, 1])
    assert road_ways(np.empty((0, 2)), grid()).shape == (0, 0)


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.floats(-100, 700), st.floats(-100, 700)), min_size=2, max_size=6, unique=True
    ),
    closed=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=25, unique=True
    ),
)
def test_never_shorter_than_the_straight_line_and_the_same_there_and_back(places, closed):
    without = [((x, y), (x + over, y + 1 - over)) for x, y, over in closed]
    xy = np.array(places)
    ways = road_ways(xy, grid(without=without))
    straight = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    known = np.isfinite(ways)
    assert (ways[known] >= straight[known] - 1e-6).all()
    np.testing.assert_allclose(ways, ways.T)
    # With every street open no way is longer than along the two sides and to the kerb.
    whole = road_ways(xy, grid())
    sides = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    assert (whole <= sides + 4 * 200).all()
