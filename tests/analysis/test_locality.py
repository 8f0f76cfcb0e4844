"""A locality is measured, counted inside and just outside, and shrunk to what its reports need."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.locality import MARGIN_M, evidence, least_area
from tests.builders import incidents

GROUND = shapely.box(360_000, 370_000, 360_400, 370_400)
MONTHS = pd.period_range("2025-01", "2025-03", freq="M")


def at(*places, month="2025-01"):
    return incidents([(360_000 + x, 370_000 + y, month) for x, y in places])


def test_inside_just_outside_and_beyond_by_hand():
    rows = incidents(
        [
            (360_010, 370_010, "2025-01"),
            (360_400, 370_200, "2025-01"),  # on the outline: inside
            (360_450, 370_200, "2025-02"),  # 50 m outside
            (360_501, 370_200, "2025-03"),  # beyond 100 m
            (None, None, "2025-01"),
        ]
    )
    found = evidence(rows, GROUND, months=MONTHS)
    assert found.months["inside"].tolist() == [2, 0, 0]
    assert found.months["outside"].tolist() == [0, 1, 0]
    assert (found.inside, found.outside) == (2, 1)
    assert found.area_ha == 16
    assert found.span_m == pytest.approx(400 * np.sqrt(2))
    assert found.around_ha == pytest.approx((4 * 400 * 100 + np.pi * 100**2) / 10_000, rel=0.01)


def test_nothing_needs_no_ground():
    assert least_area(at(), GROUND).is_empty
    assert least_area(at((900, 900)), GROUND).is_empty


def test_one_far_report_in_twenty_is_given_up():
    crowd = [(100 + i % 5, 100 + i // 5) for i in range(19)]
    part = least_area(at(*crowd, (390, 390)), GROUND)
    assert not part.intersects(shapely.Point(360_390, 370_390))
    whole = least_area(at(*crowd, (390, 390)), GROUND, share=1.0)
    assert whole.intersects(shapely.Point(360_390, 370_390))
    assert part.area < whole.area / 4


def test_a_single_place_is_a_disc():
    part = least_area(at(*[(200, 200)] * 8), GROUND)
    assert part.area == pytest.approx(np.pi * MARGIN_M**2, rel=0.03)


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.integers(-50, 450), st.integers(-50, 450)), min_size=1, max_size=25
    ),
    share=st.sampled_from([0.5, 0.8, 0.9, 1.0]),
)
def test_the_part_lies_within_and_holds_its_share(places, share):
    rows = at(*places)
    part = least_area(rows, GROUND, share=share)
    inside = shapely.intersects(rows.geometry.to_numpy(), GROUND).sum()
    held = shapely.intersects(rows.geometry.to_numpy(), part).sum()
    assert held >= share * inside - 1e-9
    assert part.difference(GROUND.buffer(1e-6)).area < 1e-6
    assert part.area <= GROUND.area + 1e-6
    assert least_area(rows, GROUND, share=1.0).area >= part.area - 1e-6
