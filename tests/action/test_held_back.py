"""What a fair test holds back, as a plan may be held against it."""

from datetime import date

import geopandas as gpd
import pytest
import shapely

from hotspots.action import records
from hotspots.action.fair_test import ALTERNATE, FairTest
from hotspots.action.fair_test_records import end_test, keep_test
from hotspots.action.held_back import waiting

STARTS = date(2026, 1, 5)


@pytest.fixture
def held(tmp_path):
    held = records.open_records(tmp_path)
    yield held
    held.engine.dispose()


def keep(held, kind="hold"):
    test = FairTest(kind, STARTS, 4, (("a", "b"), ("c", "d")), 1)
    shapes = [shapely.box(x, 0, x + 200, 200) for x in range(0, 4000, 1000)]
    areas = gpd.GeoDataFrame({"key": list("abcd")}, geometry=shapes)
    return keep_test(held, test, areas, study_area="all", by="Sgt Brown", why="Does it work")


def test_areas_that_wait_are_those_drawn_first(held):
    name = keep(held)
    found = waiting(held, "all", STARTS)
    assert (found.test, found.starts, found.ends) == (name, STARTS, date(2026, 2, 2))
    assert [shape.bounds[0] for shape in found.shapes] == [0, 2000]
    assert [shape.bounds[0] for shape in found.visited] == [1000, 3000]
    assert found.names == ("Patrol area at a", "Patrol area at c")
    assert found.holds_back(shapely.Point(100, 100))
    assert not found.drew(shapely.Point(100, 100))
    assert found.drew(shapely.Point(1100, 100))
    assert not found.holds_back(shapely.Point(1100, 100))


def test_none_waits_before_after_elsewhere_or_once_ended(held):
    assert waiting(held, "all", STARTS) is None
    name = keep(held)
    assert waiting(held, "all", date(2026, 1, 4)) is None
    assert waiting(held, "all", date(2026, 2, 2)) is None
    assert waiting(held, "elsewhere", STARTS) is None
    assert waiting(held, "all", date(2026, 2, 1)) is not None
    end_test(held, name, 1, by="Sgt Brown", why="Enough")
    assert waiting(held, "all", STARTS) is None


def test_areas_that_take_turns_hold_nothing_back_throughout(held):
    keep(held, ALTERNATE)
    assert waiting(held, "all", STARTS) is None
