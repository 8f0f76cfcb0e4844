import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from hotspots.analysis import crowds, neighbours
from hotspots.analysis.clustering import cluster, k_distance, suggest_radius_m
from hotspots.analysis.neighbours import Neighbourhoods, neighbourhoods
from hotspots.analysis.places import gather
from hotspots.settings import RADIUS_M
from tests.analysis.strategies import RADII, coordinates


def reference(xy, radius_m, min_incidents):
    """scikit-learn on every incident, at its exact distances."""
    return DBSCAN(eps=radius_m, min_samples=min_incidents, algorithm="kd_tree").fit(xy)


def same_parts(one, other):
    """Whether two labellings put the same rows together."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def assert_equals_scikit_learn(xy, radius_m, min_incidents, near=None):
    places = gather(xy)
    found = cluster(places, radius_m=radius_m, min_incidents=min_incidents, near=near)
    expected = reference(xy, radius_m, min_incidents)
    core = np.zeros(len(xy), dtype=bool)
    core[expected.core_sample_indices_] = True
    label = found.label[places.of_incident]
    assert np.array_equal(found.core[places.of_incident], core)
    assert same_parts(label[core], expected.labels_[core])
    assert np.array_equal(label == -1, expected.labels_ == -1)
    return places, found


radii = st.sampled_from(RADII)
minimums = st.integers(1, 12)


@settings(deadline=None, max_examples=300)
@given(coordinates().filter(len), radii, minimums)
@example(np.zeros((1, 2)), 50.0, 1)
@example(np.array([[0.0, 0], [60, 80], [120, 160], [120, 260]]), 100.0, 2)
@example(np.array([[655_999.99, 0.01], [655_899.99, 0.01]]), 100.0, 2)
def test_equals_scikit_learn_on_every_incident(xy, radius_m, min_incidents):
    assert_equals_scikit_learn(xy, radius_m, min_incidents)


@settings(deadline=None, max_examples=300)
@given(coordinates(most=120).filter(len), radii, minimums, st.sampled_from([0, 3, 10**6]))
def test_a_crowd_equals_scikit_learn_too(xy, radius_m, min_incidents, tree_from):
    crowd = Neighbourhoods(gather(xy).xy, radius_m, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crowds, "_TREE", tree_from)
        patch.setattr(crowds, "_BATCH", 50)
        assert_equals_scikit_learn(xy, radius_m, min_incidents, near=crowd)


@settings(deadline=None)
@given(coordinates(), radii, st.integers(0, 2**32 - 1))
def test_both_ways_of_counting_agree_with_arithmetic(xy, radius_m, seed):
    places = gather(xy)
    incidents = np.random.default_rng(seed).integers(0, 9, (len(places), 3))
    gap = places.xy[:, None] - places.xy[None]
    expected = (gap[..., 0] ** 2 + gap[..., 1] ** 2 <= radius_m**2) @ incidents
    for near in (
        neighbourhoods(places.xy, radius_m=radius_m),
        Neighbourhoods(places.xy, radius_m, None),
    ):
        assert np.array_equal(near.count(incidents), expected)
        assert np.array_equal(near.count(incidents[:, 0]), expected[:, 0])
        assert near.count(incidents).dtype == np.int64


@settings(deadline=None)
@given(coordinates(), radii)
def test_pairs_are_never_more_than_the_bound(xy, radius_m):
    places = gather(xy)
    pairs = neighbourhoods(places.xy, radius_m=radius_m).pairs
    assert pairs is None or len(pairs) <= crowds.pairs_at_most(places.xy, radius_m=radius_m)


def test_a_crowd_is_not_listed():
    xy = np.unique(np.random.default_rng(1).uniform(0, 300, (3000, 2)).round(2), axis=0)
    assert neighbourhoods(xy, radius_m=150).pairs is None
    assert_equals_scikit_learn(xy, 150, 900)


def test_two_crowds_just_out_of_reach_stay_apart():
    rng = np.random.default_rng(2)
    left = rng.uniform(0, 60, (600, 2)).round(2)
    right = left + np.array([160.01, 0])
    xy = np.unique(np.vstack([left, right]).round(2), axis=0)
    assert neighbourhoods(xy, radius_m=100).pairs is None
    _, found = assert_equals_scikit_learn(xy, 100, 20)
    assert len(found) == (1 if (right[:, 0].min() - left[:, 0].max()) <= 100 else 2)


@settings(deadline=None)
@given(coordinates(), radii, minimums)
def test_border_places_join_the_nearest_core_place(xy, radius_m, min_incidents):
    places = gather(xy)
    for near in (None, Neighbourhoods(places.xy, radius_m, None)):
        found = cluster(places, radius_m=radius_m, min_incidents=min_incidents, near=near)
        for number in np.flatnonzero(~found.core):
            gap = places.xy[found.core] - places.xy[number]
            square = gap[:, 0] ** 2 + gap[:, 1] ** 2
            if not (square <= radius_m**2).any():
                assert found.label[number] == -1
                continue
            nearest = np.sqrt(square) == np.sqrt(square.min())
            assert found.label[number] == found.label[found.core][nearest].min()


def test_a_border_place_between_two_joins_the_lower_number():
    stacks = np.repeat([[0.0, 0], [200, 0]], [5, 6], axis=0)
    places = gather(np.vstack([stacks, [[100.0, 0]]]))
    found = cluster(places, radius_m=100, min_incidents=6)
    # Of 6 and of 7 within the radius: both are core places, and so the middle one is as well.
    assert len(found) == 1
    found = cluster(gather(np.vstack([stacks[1:], [[100.0, 0]]])), radius_m=100, min_incidents=5)
    assert len(found) == 1
    apart = np.repeat([[0.0, 0], [60, 80], [200, 0], [260, 80]], 5, axis=0)
    middle = [[130.0, 0]]
    found = cluster(gather(np.vstack([apart, middle])), radius_m=100, min_incidents=10)
    assert len(found) == 2
    assert found.label.tolist() == [0, 0, 1, 1, 1]


def test_numbers_follow_incidents_then_the_west():
    stacks = np.repeat([[0.0, 0], [1000, 0], [2000, 500], [2000, 0]], [5, 9, 7, 7], axis=0)
    found = cluster(gather(stacks), radius_m=100, min_incidents=5)
    assert found.label.tolist() == [3, 0, 1, 2]
    assert found.neighbourhood.tolist() == [5, 9, 7, 7]


@settings(deadline=None)
@given(coordinates(), radii, minimums, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(xy, radius_m, min_incidents, random):
    rows = list(range(len(xy)))
    random.shuffle(rows)
    one = cluster(gather(xy), radius_m=radius_m, min_incidents=min_incidents)
    other = cluster(gather(xy[rows]), radius_m=radius_m, min_incidents=min_incidents)
    assert np.array_equal(one.label, other.label)


def test_nothing_makes_no_cluster():
    found = cluster(gather(np.empty((0, 2))), radius_m=100, min_incidents=2)
    assert len(found) == 0
    assert found.label.dtype == np.intp
    assert found.neighbourhood.dtype == np.int64
    crowd = Neighbourhoods(np.empty((0, 2)), 100, None)
    assert crowd.count(np.empty((0, 2), dtype=np.int64)).shape == (0, 2)
    assert crowd.links(np.empty(0, dtype=bool)).shape == (0, 2)


@settings(deadline=None)
@given(coordinates().filter(len), st.integers(1, 30))
def test_k_distance_is_that_of_every_incident(xy, k):
    places = gather(xy)
    found = k_distance(places, k=k)
    if len(xy) < k:
        assert np.isinf(found).all()
        return
    gap = places.xy[:, None] - xy[None]
    every = np.sort(np.sqrt(gap[..., 0] ** 2 + gap[..., 1] ** 2), axis=1)
    assert np.array_equal(found, every[:, k - 1])


def test_k_distance_of_nothing():
    assert len(k_distance(gather(np.empty((0, 2))), k=5)) == 0


def test_suggested_radius_is_the_scale_of_the_crowds():
    # 40 crowds of 30 reports within about 80 m, and reports scattered over 20 km.
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 20_000, (40, 2))
    crowded = np.repeat(centres, 30, axis=0) + rng.uniform(-80, 80, (1200, 2))
    places = gather(np.vstack([crowded, rng.uniform(0, 20_000, (800, 2))]).round(2))
    suggested = suggest_radius_m(places, min_incidents=20)
    assert RADIUS_M.low <= suggested <= 150
    assert suggested % RADIUS_M.step == 0


@settings(deadline=None)
@given(coordinates(), st.integers(1, 30))
def test_suggested_radius_keeps_the_bounds(xy, min_incidents):
    suggested = suggest_radius_m(gather(xy), min_incidents=min_incidents)
    assert RADIUS_M.low <= suggested <= RADIUS_M.high


def test_suggested_radius_of_nothing_is_the_default():
    assert suggest_radius_m(gather(np.empty((0, 2))), min_incidents=20) == RADIUS_M.default


def test_a_bound_that_would_not_fit_is_never_listed():
    assert neighbours.PAIRS * 16 < 4e8
