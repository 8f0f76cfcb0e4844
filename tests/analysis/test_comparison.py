"""What a place is held against."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.comparison import (
    BUFFER_M,
    COMPARABLE,
    choose,
    dispersion,
    surroundings,
    tally,
)
from hotspots.periods import Period
from tests.builders import incidents


def squares(*corners, side=100):
    return np.array([shapely.box(x, y, x + side, y + side) for x, y in corners])


SPOTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 90)),
    min_size=2,
    max_size=25,
    unique_by=lambda spot: spot[:2],
)


@given(SPOTS, st.data())
@settings(max_examples=60, deadline=None)
def test_no_control_touches_the_place_another_control_or_their_surroundings(spots, data):
    shapes = squares(*((100 * x, 100 * y) for x, y, _ in spots), side=80)
    treated = data.draw(st.integers(0, len(spots) - 1))
    taken = data.draw(st.lists(st.integers(0, len(spots) - 1), max_size=3))
    chosen = choose(shapes, [count for *_, count in spots], treated, taken=taken)
    kept = [treated, *chosen.controls.tolist()]
    assert len(set(kept)) == len(kept)
    assert not set(taken) & (set(kept) - {treated})
    assert treated not in chosen.comparable
    for i, one in enumerate(kept):
        for two in kept[i + 1 :]:
            assert shapes[one].distance(shapes[two]) >= 2 * BUFFER_M
            assert not shapes[one].buffer(BUFFER_M - 1).intersects(shapes[two].buffer(BUFFER_M))


def test_the_likest_come_first_by_count_then_ground():
    shapes = squares(*((1000 * n, 0) for n in range(5)))
    shapes[4] = shapely.box(4000, 0, 4400, 400)
    chosen = choose(shapes, [50, 50, 52, 20, 50], 0)
    assert chosen.controls.tolist() == [1, 2, 4, 3]


def test_a_place_with_no_equal_has_no_control():
    chosen = choose(squares((0, 0), (150, 0)), [30, 30], 0)
    assert not len(chosen.controls)
    assert not len(chosen.comparable)


def test_so_many_comparable_and_no_more():
    shapes = squares(*((1000 * n, 0) for n in range(60)))
    chosen = choose(shapes, [40] * 60, 3)
    assert len(chosen.comparable) == COMPARABLE


def test_surroundings_hold_no_place():
    shapes = squares((0, 0), (150, 0), (2000, 0))
    around = surroundings(shapes)
    assert not shapely.intersects(around, shapely.buffer(shapes[1], -1)).any()
    assert shapely.area(around[2]) == pytest.approx(4 * 100 * 100 + np.pi * 100**2, rel=0.01)
    assert not len(surroundings(shapes[:0]))


def test_counts_by_month_and_place():
    rows = incidents(
        [
            (50, 50, "2025-01"),
            (50, 50, "2025-01"),
            (60, 50, "2025-03"),
            (2050, 50, "2025-03"),
            (900, 900, "2025-01"),
            (None, None, "2025-02"),
        ]
    )
    table = tally(rows, squares((0, 0), (2000, 0)))
    assert list(table.index) == list(Period.parse("2025-01", "2025-03").months)
    assert table.to_numpy().tolist() == [[2, 0], [0, 0], [1, 1]]


def test_counts_of_nothing():
    table = tally(incidents([]), squares((0, 0)))
    assert table.shape == (0, 1)
    assert isinstance(table.index, pd.PeriodIndex)


@pytest.mark.parametrize("phi", [1, 3])
def test_dispersion_is_found(phi):
    rng = np.random.default_rng(1)
    size = (2, 400)
    mean = rng.uniform(20, 60, 400)
    counts = (
        rng.poisson(mean, size)
        if phi == 1
        else rng.negative_binomial(mean / (phi - 1), 1 / phi, size)
    )
    found, freedom = dispersion(counts[0], counts[1])
    assert freedom == 399
    assert found == pytest.approx(phi, rel=0.2)


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [([], [], 0), ([3], [4], 0), ([0, 0], [0, 0], 0), ([3, 4], [0, 0], 1)],
)
def test_dispersion_of_too_little(before, after, answer):
    phi, freedom = dispersion(before, after)
    assert freedom == answer
    assert (phi == 1) if answer else np.isnan(phi)
