import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from hotspots.analysis import places as module
from hotspots.analysis.places import gather
from tests.analysis.strategies import coordinates


@given(coordinates())
def test_places_are_the_distinct_points_in_order(xy):
    places = gather(xy)
    expected = np.unique(xy, axis=0)
    assert np.array_equal(places.xy, expected.reshape(-1, 2))
    assert np.array_equal(places.xy[places.of_incident], xy)
    assert np.array_equal(places.incidents, np.bincount(places.of_incident, minlength=len(places)))


@given(
    npst.arrays(
        np.float64,
        st.tuples(st.integers(1, 20), st.just(2)),
        elements=st.sampled_from([0.0, -0.0, 1e-9, 0.1 + 0.2, 0.3, 1e300, -1e300, 5e-324, 1e17]),
    )
)
def test_equality_is_exact_whatever_the_numbers(xy):
    places = gather(xy)
    assert len(places) == len({(x, y) for x, y in xy.tolist()})
    assert np.array_equal(places.xy[places.of_incident], xy)
    assert not np.signbit(places.xy[places.xy == 0]).any()


def test_coordinates_to_the_centimetre_are_packed():
    assert module._packed(np.array([[655_999.99, 1_299_999.99], [0.0, 0.01]])) is not None
    assert module._packed(np.array([[0.001, 0.0]])) is None


def test_nothing_is_no_place():
    places = gather(np.empty((0, 2)))
    assert len(places) == 0
    assert places.xy.shape == (0, 2)
    assert places.incidents.dtype == np.int64
    assert len(places.count(np.empty(0, dtype=bool))) == 0


def test_counts_of_some_rows():
    places = gather(np.array([[5.0, 1], [2, 9], [5, 1], [5, 1]]))
    assert places.count(np.array([True, False, False, True])).tolist() == [0, 2]
    assert places.count(np.array([1, 1, 0])).tolist() == [2, 1]
    assert places.incidents.tolist() == [1, 3]


def test_arguments_are_left_alone():
    xy = np.array([[5.0, -0.0], [2, 9]])
    before = xy.copy()
    gather(xy)
    assert np.array_equal(xy, before)
    assert np.signbit(xy[0, 1])


@given(coordinates(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(xy, random):
    rows = list(range(len(xy)))
    random.shuffle(rows)
    one, other = gather(xy), gather(xy[rows])
    assert np.array_equal(one.xy, other.xy)
    assert np.array_equal(one.incidents, other.incidents)
    assert pd.Series(one.of_incident[rows]).equals(pd.Series(other.of_incident))
