"""Plans as the map is told of them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from hotspots.action import plans, records, tasks
from hotspots.action.plan_tables import CLOSED, DRAFT, RUNNING
from hotspots.analysis.comparison import Chosen
from hotspots.periods import Period
from hotspots.study.held_against import Comparison
from hotspots.views.plan_map import plan_data, roughly

TODAY = datetime.now(UTC).date()
SHAPE = shapely.box(340_012, 366_034, 340_098, 366_130)


@pytest.fixture
def held(tmp_path):
    """Three plans, one of each status, two tasks on the one that runs."""
    kept = records.open_records(tmp_path)
    shapes = np.array([SHAPE, shapely.box(0, 0, 1, 1)])
    nothing = Chosen(np.array([1]), np.array([1]))
    found = Comparison(
        "all", Period.parse("2025-01", "2025-06"), shapes, ("A", "B"), (9, 8), nothing
    )
    with kept.session() as session:
        for key, status in (("a", DRAFT), ("b", RUNNING), ("c", CLOSED)):
            plan = plans.begin(
                session,
                who="PC Green",
                comparison=found,
                place="Bus station",
                key=key,
                data="0" * 12,
                scanning=[],
            )
            if status == RUNNING:
                for agency, due in (("Council", date(2025, 1, 1)), ("Homes", TODAY)):
                    what = {"who": "PC Green", "what": "Mend", "role": "", "agency": agency}
                    tasks.add(session, plan.id, due=due, **what)
            plan.status = status
            plan.review_on = TODAY + timedelta(days=9)
    with kept.reading() as session:
        yield plans.listed(session), tasks.table(session)
    kept.engine.dispose()


def told(held, *, exactly=True, agency=None):
    every, table = held
    shown = table.loc[table["agency"] == agency] if agency else table
    return plan_data(every, shown, TODAY, exactly=exactly)


def test_status_is_told_in_words_and_in_shape(held):
    items = told(held)["items"]
    assert [item["form"] for item in items] == [RUNNING, DRAFT, CLOSED]
    assert [item["single"] for item in items] == [False, False, True]
    assert [dict(item["facts"])["State"][:13] for item in items] == [
        "Running",
        "Being written",
        "Closed",
    ]
    assert [item["sign"] for item in items] == ["2!", "1", "3"]
    assert "2 open tasks, 1 overdue" in items[0]["label"]
    assert dict(items[0]["facts"])["Tasks"] == "2 to do"
    assert "no open task" in items[1]["summary"]


def test_only_tasks_that_the_reader_sees_are_counted(held):
    (first, *_) = told(held, agency="Homes")["items"]
    assert (first["sign"], first["summary"]) == ("2", "Running; 1 open task")


def test_who_sees_a_task_alone_sees_roughly_where():
    shape = roughly(SHAPE)
    assert shapely.get_coordinates(shapely.centroid(shape))[0] == pytest.approx([340_100, 366_100])
    assert shape.contains(shapely.centroid(SHAPE))
    moved = shapely.transform(SHAPE, lambda xy: xy + 20)
    assert roughly(moved).equals(shape), "two footprints near by give one circle"


def test_no_plan_is_no_item():
    assert plan_data([], tasks.empty(), TODAY, exactly=True)["items"] == []


def test_a_plan_lies_on_the_grid_of_its_data(held):
    every, table = held
    ours, theirs = (
        plan_data(every, table, TODAY, exactly=True, grid=grid)["items"][1]["at"]
        for grid in ("EPSG:27700", "EPSG:32618")
    )
    assert ours == pytest.approx([-2.899, 53.19], abs=0.01)
    assert theirs == pytest.approx([-76.43, 3.31], abs=0.01)
