"""Chance keeps to the places that can hold an incident."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hotspots.analysis.ground import ground


def test_repeated_points_are_the_places():
    points = np.array([[0.0, 5.0], [0.0, 5.0], [70.0, 1.0], [70.0, 1.0], [9.0, 9.0]])
    where = ground(points, radius_m=100)
    assert where.snapped
    assert where.xy.tolist() == [[0.0, 5.0], [9.0, 9.0], [70.0, 1.0]]
    assert where.records.tolist() == [2, 1, 2]


def test_nothing_recorded_is_no_place():
    where = ground(np.empty((0, 2)), radius_m=100)
    assert where.xy.shape == (0, 2)
    assert where.records.shape == (0,)


@pytest.mark.parametrize(("records", "radius_m"), [(4000, 50), (4000, 200), (500, 100)])
def test_even_records_that_never_repeat_are_all_the_ground_they_cover(records, radius_m):
    xy = np.random.default_rng(4).uniform((3e5, 4e5), (3e5 + 8000, 4e5 + 5000), (records, 2))
    where = ground(xy, radius_m=radius_m)
    assert not where.snapped
    assert where.records.sum() == records
    covered_km2 = len(where.xy) * (radius_m / 2) ** 2 / 1e6
    assert 0.9 * 40 < covered_km2 < 1.05 * 40
    distance, nearest = cKDTree(where.xy).query(xy)
    assert distance.max() <= radius_m / 2 / np.sqrt(2) + 1e-6
    assert where.records[nearest].min() >= 1


def test_the_country_between_two_towns_holds_nothing():
    random = np.random.default_rng(7)
    towns = np.vstack([random.normal(centre, 400, (1500, 2)) for centre in (0, 20_000)])
    where = ground(towns, radius_m=100)
    assert not where.snapped
    middle = np.hypot(*(where.xy - 10_000).T)
    assert middle.min() > 10_000
    assert len(np.unique(where.xy, axis=0)) == len(where.xy)


def test_a_single_record_is_one_place():
    where = ground(np.array([[123.0, 456.0]]), radius_m=100)
    assert where.xy.tolist() == [[125.0, 475.0]]
    assert where.records.tolist() == [1]


def test_the_lattice_stays_bounded():
    xy = np.random.default_rng(1).uniform(0, 400_000, (3000, 2))
    assert len(ground(xy, radius_m=50).xy) < 2_500_000
