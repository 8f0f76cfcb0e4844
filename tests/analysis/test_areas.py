import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.areas import (
    ELSEWHERE,
    IN_NONE,
    ON_BORDER,
    REPORT_COLUMNS,
    assign,
    within,
)
from hotspots.tables import incidents as incident_table
from hotspots.tables import wards as ward_table
from tests.analysis.tables import incidents_at, square_wards


def codes(assignment):
    return assignment.code.astype("object").where(assignment.code.notna(), None).tolist()


def test_each_incident_has_the_ward_it_lies_in():
    found = assign(incidents_at([(10, 10), (1500, 10), (10, 10), None]), square_wards())
    assert codes(found) == ["W0", "W1", "W0", None]
    assert found.located == 3
    assert found.assigned == 3
    assert found.report.empty


def test_a_shared_border_goes_to_the_lower_code_and_is_listed():
    wards = square_wards()
    turned = ward_table.Wards(wards.iloc[::-1])
    xy = np.array([[1000.0, 500], [1000, 500], [999.99, 500], [1000.01, 500], [0, 0], [1000, 0]])
    for table in (wards, turned):
        found = assign(xy, table)
        assert codes(found) == ["W0", "W0", "W0", "W1", "W0", "W0"]
        listed = found.report
        assert listed["why"].tolist() == [ON_BORDER, ON_BORDER]
        assert listed["incidents"].tolist() == [2, 1]
        assert listed["ward"].tolist() == ["W0", "W0"]
        assert found.count(ON_BORDER) == 3


def test_points_in_no_ward_are_listed_with_the_nearest():
    found = assign(np.array([[-30.0, 10], [2000.5, 10], [-30, 10], [1000, 1200]]), square_wards())
    assert codes(found) == [None] * 4
    assert found.report["why"].tolist() == [IN_NONE] * 3
    assert found.report["incidents"].tolist() == [2, 1, 1]
    assert found.report["ward"].tolist() == ["W0", "W0", "W1"]
    assert found.report["distance_m"].tolist() == pytest.approx([30.0, 200.0, 0.5])
    assert found.count(IN_NONE) == 4


def test_points_in_another_forces_area_are_listed():
    wards = square_wards(authority=["A0", "A1"])
    rows = incidents_at(
        [(10, 10)] * 3 + [(1500, 10)] * 3 + [(1700, 10)],
        force=["Cheshire"] * 3 + ["Merseyside"] * 3 + ["Cheshire"],
    )
    found = assign(rows, wards)
    assert found.report[["why", "force", "ward", "incidents"]].to_numpy().tolist() == [
        [ELSEWHERE, "Cheshire", "W1", 1]
    ]
    assert found.assigned == 7


def test_rows_keep_their_index():
    rows = incidents_at([(10, 10), None, (1500, 10)])
    rows = incident_table.Incidents(rows.set_axis([7, 3, 5], axis=0))
    found = assign(rows, square_wards())
    assert found.code.index.tolist() == [7, 3, 5]
    assert found.code.loc[5] == "W1"


def test_nothing_in_nothing_out():
    found = assign(incident_table.empty(), square_wards())
    assert len(found.code) == 0
    assert isinstance(found.code.dtype, pd.CategoricalDtype)
    assert list(found.report.columns) == list(REPORT_COLUMNS)
    without = assign(incidents_at([(10, 10), None]), ward_table.empty())
    assert codes(without) == [None, None]
    assert without.count(IN_NONE) == 1
    assert without.report["distance_m"].isna().all()


def test_arguments_are_left_alone():
    rows, wards = incidents_at([(10, 10), (1000, 10)]), square_wards()
    before, wards_before = rows.copy(), wards.copy()
    assign(rows, wards)
    assert rows.equals(before)
    assert wards.equals(wards_before)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-2, 6), st.integers(-2, 6)), max_size=30))
def test_agrees_with_asking_every_ward_about_every_point(cells):
    xy = np.array(cells, dtype=float).reshape(-1, 2) * 500
    wards = square_wards(across=2, up=2)
    found = assign(xy, wards)
    for place, code in zip(xy, codes(found), strict=True):
        holding = wards.index[wards.geometry.covers(shapely.Point(*place))]
        assert code == (holding.min() if len(holding) else None)


def test_within_counts_the_outline_and_every_polygon():
    squares = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    point, polygon = within(shapely.points([[10.0, 5], [25, 5], [15, 5]]), squares)
    assert point.tolist() == [0, 0, 2]
    assert polygon.tolist() == [0, 1, 1]


def test_far_from_every_ward_no_nearest_is_named():
    found = assign(np.array([[900_000.0, 10], [-30, 10]]), square_wards())
    assert found.report["ward"].tolist() == ["W0", ""]
    assert found.report["distance_m"].isna().tolist() == [False, True]
