"""Repeat callers and places over the threshold; a map point is nobody's case."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.case_review import CALLER, COLUMNS, PLACE, POINT, planned, repeats
from hotspots.tables import incidents as table
from tests.builders import incidents

JUNE = pd.Period("2025-06", "M")


def reports(rows, *, keys=None, precision="address", vulnerable=None):
    frame = incidents(rows)
    frame["place_precision"] = (
        frame["place_precision"].astype("str").astype(frame["place_precision"].dtype)
    )
    frame["place_precision"] = pd.Categorical(
        [precision] * len(frame), categories=frame["place_precision"].cat.categories
    )
    frame["repeat_key"] = pd.Categorical(keys or [None] * len(frame))
    frame["vulnerable"] = pd.array(vulnerable or [False] * len(frame), dtype="boolean")
    return table.Incidents(frame)


def test_three_in_six_months_at_one_place():
    rows = [(5, 5, "2025-01"), (5, 5, "2025-04"), (5, 5, "2025-06"), (9, 9, "2025-06")]
    found = repeats(reports(rows, vulnerable=[False, True, True, True]), last=JUNE)
    assert list(found.columns) == list(COLUMNS)
    (one,) = found.to_dict("records")
    assert (one["kind"], one["reports"], one["vulnerable"]) == (PLACE, 3, 2)
    assert (one["easting"], one["northing"], one["last"]) == (5, 5, JUNE)


@pytest.mark.parametrize(("first", "count"), [("2025-01", 1), ("2024-12", 0)])
def test_the_window_is_so_many_months_up_to_the_last(first, count):
    rows = [(5, 5, first), (5, 5, "2025-05"), (5, 5, "2025-06"), (5, 5, "2025-07")]
    assert len(repeats(reports(rows), last=JUNE)) == count


def test_a_caller_is_known_by_a_part_of_the_hash_alone_and_across_places():
    rows = [(5, 5, "2025-05"), (800, 5, "2025-06"), (None, None, "2025-06")]
    (one,) = repeats(reports(rows, keys=["abcdef0123456789"] * 3), last=JUNE).to_dict("records")
    assert (one["kind"], one["key"], one["reports"]) == (CALLER, "abcdef", 3)
    assert one["easting"] == 800, "the newest that has a place"


def test_a_published_point_is_named_as_one_and_stands_last():
    rows = [(5, 5, "2025-06")] * 9
    points = reports(rows, precision="snap point")
    assert repeats(points, last=JUNE)["kind"].tolist() == [POINT]
    both = table.Incidents(
        pd.concat([points, reports([(7, 7, "2025-06")] * 3)], ignore_index=True).pipe(
            lambda frame: frame.assign(repeat_key=pd.Categorical([None] * len(frame)))
        )
    )
    assert repeats(both, last=JUNE)["kind"].tolist() == [PLACE, POINT]


@given(st.integers(2, 6), st.integers(1, 8))
@settings(max_examples=30, deadline=None)
def test_the_threshold_is_the_one_asked_for(least, held):
    found = repeats(reports([(5, 5, "2025-06")] * held), last=JUNE, reports=least)
    assert len(found) == (held >= least)


def test_nothing_repeats_in_nothing():
    found = repeats(reports([]), last=JUNE)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_the_plan_that_holds_a_repeat():
    rows = [(5, 5, "2025-06")] * 3 + [(500, 5, "2025-06")] * 4
    found = repeats(reports(rows), last=JUNE)
    boxes = np.array([shapely.box(900, 0, 950, 50), shapely.box(0, 0, 10, 10)])
    assert planned(found, boxes).tolist() == [-1, 1]
    assert planned(found, boxes[:0]).tolist() == [-1, -1]
