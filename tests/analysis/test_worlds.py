"""Many worlds at once give what one world at a time would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from hotspots.analysis.neighbours import Neighbourhoods, neighbourhoods
from hotspots.analysis.worlds import draw, join, strength

seeds = st.integers(0, 2**32 - 1)


def scattered(seed, size=60, side=1000):
    return np.random.default_rng(seed).uniform(0, side, (size, 2))


@pytest.mark.parametrize("weights", [None, np.arange(50)])
def test_worlds_do_not_depend_on_how_many_come_together(weights):
    asked = {"incidents": 80, "worlds": 23, "seed": 5, "weights": weights}
    whole = np.hstack(list(draw(50, **asked)))
    split = np.hstack(list(draw(50, **asked, together=7)))
    assert (whole == split).all()
    assert whole.shape == (50, 23)
    assert (whole.sum(axis=0) == 80).all()


def test_every_place_has_the_same_chance_or_the_chance_asked_for():
    even = np.hstack(list(draw(4, incidents=1000, worlds=50, seed=1)))
    assert np.abs(even.sum(axis=1) / 50_000 - 0.25).max() < 0.01
    weights = np.array([0, 1, 2, 7])
    uneven = np.hstack(list(draw(4, incidents=1000, worlds=50, seed=1, weights=weights)))
    assert np.abs(uneven.sum(axis=1) / 50_000 - weights / 10).max() < 0.01


def test_no_incidents_are_worlds_of_nothing():
    (counts,) = draw(3, incidents=0, worlds=4, seed=1)
    assert counts.tolist() == [[0] * 4] * 3


@settings(max_examples=30, deadline=None)
@given(seed=seeds, radius_m=st.sampled_from([50, 120, 250]), least=st.integers(1, 9))
def test_each_world_is_clustered_as_scikit_learn_would(seed, radius_m, least):
    xy = scattered(seed)
    near = neighbourhoods(xy, radius_m=radius_m)
    (counts,) = draw(len(xy), incidents=70, worlds=4, seed=seed)
    strong = strength(near, counts)
    cluster = join(near, strong >= least)
    for world, column in enumerate(counts.T):
        held = np.flatnonzero(column)
        reference = DBSCAN(eps=radius_m, min_samples=least).fit(
            xy[held], sample_weight=column[held]
        )
        core = np.zeros(len(xy), dtype=bool)
        core[held[reference.core_sample_indices_]] = True
        assert ((cluster[:, world] >= 0) == core).all()
        ours = cluster[held[reference.core_sample_indices_], world]
        theirs = reference.labels_[reference.core_sample_indices_]
        assert len(set(zip(ours, theirs, strict=True))) == len(set(ours)) == len(set(theirs))


def test_a_cluster_number_belongs_to_one_world():
    near = neighbourhoods(scattered(3), radius_m=200)
    (counts,) = draw(60, incidents=90, worlds=6, seed=2)
    cluster = join(near, strength(near, counts) >= 3)
    number, world = cluster[cluster >= 0], np.nonzero(cluster >= 0)[1]
    assert len(np.unique(number)) == len(np.unique(np.column_stack([number, world]), axis=0))


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_places_too_crowded_for_pairs_give_the_same(seed):
    xy = scattered(seed, size=80, side=400)
    near = neighbourhoods(xy, radius_m=60)
    crowd = Neighbourhoods(xy, 60, None)
    (counts,) = draw(80, incidents=120, worlds=3, seed=seed)
    assert (strength(near, counts) == strength(crowd, counts)).all()
    core = strength(near, counts) >= 6
    listed, unlisted = join(near, core)[core], join(crowd, core)[core]
    both = np.unique(np.column_stack([listed, unlisted]), axis=0)
    assert len(both) == len(np.unique(listed)) == len(np.unique(unlisted))
