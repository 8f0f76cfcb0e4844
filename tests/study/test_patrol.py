"""Patrol areas of a study area: counted like everything else, changed only by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shapely

from hotspots.analysis.patrol_edits import Edit
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, patrol, study
from hotspots.study.patrol import months_held, of_area
from hotspots.tables.incidents import Incidents

AT = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    dataset = open_dataset(Library(tmp_path_factory.mktemp("nothing")))
    return study(dataset, Selection.default(dataset.choices))


@pytest.fixture(scope="module")
def found(asked):
    return find(asked)


@pytest.fixture(scope="module")
def areas(asked, found):
    return patrol(asked, found, count=20, size_ha=5)


def test_each_holds_the_reports_inside_its_outline(asked, areas):
    points = asked.located.geometry
    held = [int(points.covered_by(shape).sum()) for shape in areas.geometry]
    together = int(points.covered_by(shapely.union_all(areas.geometry.to_numpy())).sum())
    assert areas["incidents"].sum() == together
    assert all(abs(a - b) <= 2 for a, b in zip(areas["incidents"], held, strict=True))
    assert areas["share"].sum() == pytest.approx(together / len(asked.located))


def test_they_lie_in_and_around_hotspots_and_are_ordered_by_what_each_is_expected_to_add(
    areas, found
):
    assert len(areas) == 20
    assert (areas["hotspot"] > 0).all()
    assert areas["hotspot"].isin(found.hotspots.index).all()
    assert areas["expected"].is_monotonic_decreasing
    assert (areas["ward_name"] != "").all()
    assert (areas["streets"] != "").all()


def test_wherever_reports_are_holds_at_least_as_much_and_still_names_hotspots(asked, found, areas):
    anywhere = patrol(asked, found, count=20, size_ha=5, anywhere=True)
    assert anywhere["expected"].sum() >= areas["expected"].sum()
    assert anywhere.loc[1, "hotspot"] == areas.loc[1, "hotspot"]


def test_excluded_ground_is_in_no_area(asked, found, areas):
    lake = areas.geometry.loc[1].buffer(10)
    edits = (Edit("exclude", lake, "a lake", "A", AT),)
    changed = patrol(asked, found, count=20, size_ha=5, edits=edits)
    assert not changed.intersects(lake.buffer(-0.01)).any()


def test_nothing_recorded_is_no_area(asked, found):
    nothing = Incidents(asked.asb.iloc[:0])
    empty = replace(asked, asb=nothing, crime=nothing)
    assert patrol(empty, found, count=20, size_ha=5).empty


def test_the_months_held_are_those_of_the_period(asked):
    assert len(months_held(asked)) == asked.months_held


def test_a_place_elsewhere_is_refused(asked):
    west, south, *_ = asked.wards.total_bounds
    assert of_area(asked, shapely.Point(west, south))
    with pytest.raises(SelectionError, match="outside the study area"):
        of_area(asked, shapely.Point(west - 5_000, south))
