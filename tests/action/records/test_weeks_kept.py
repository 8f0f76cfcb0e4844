"""Weeks and fair tests as they were decided, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from hotspots.action import fair_test_records, week_records
from hotspots.action.fair_test import draw
from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Terms
from hotspots.errors import ChangedMeanwhileError, SelectionError
from tests.action.week import MONDAY, areas, lates

GROUND = areas([(360_000 + 300 * i, 370_000, 9 - i) for i in range(6)])
TOLD = {"study_area": "all", "by": "Sgt =1+1 \x00 O'Brien"}


def test_a_plan_comes_back_as_it_was_kept(records):
    plan = make_plan(GROUND, lates("AB"), Terms())
    week_records.keep_plan(records, plan, GROUND, data="abc", why="née\nLates", **TOLD)
    held = week_records.planned(records, study_area="all")
    rows = plan.visits.sort_values("starts", kind="stable")
    assert (held["start"].to_numpy() == rows["starts"].dt.tz_convert("UTC").to_numpy()).all()
    assert sorted(held["area"]) == sorted(rows["key"])
    assert sorted(held["unit"]) == sorted(rows["unit"])
    assert held["minutes"].eq(15).all()
    assert held["officers"].eq(2).all()
    late = datetime(2026, 11, 24, tzinfo=UTC)
    some = week_records.planned(records, study_area="all", first=late)
    assert len(some) == (held["start"] >= late).sum()
    assert [str(one) for one in week_records.shifts_of(records, "all", MONDAY)] == [
        "Lates A (15–23)",
        "Lates B (15–23)",
    ]


def test_several_who_keep_a_plan_of_one_week_each_keep_it_whole_and_one_counts(records):
    plans = [make_plan(GROUND, lates(days=days), Terms()) for days in (1, 2, 3, 4)]

    def keep(plan):
        return week_records.keep_plan(records, plan, GROUND, data="abc", **TOLD)

    with ThreadPoolExecutor(len(plans)) as pool:
        names = set(pool.map(keep, plans))
    assert len(names) == len(plans)
    held = week_records.planned(records, study_area="all")
    assert len(held) in {len(plan.visits) for plan in plans}
    assert not held.duplicated(["unit", "start"]).any()


def test_two_who_end_one_fair_test_and_the_second_is_told(records):
    test = draw(GROUND, starts=MONDAY, weeks=8, seed=1)
    name = fair_test_records.keep_test(records, test, GROUND, why="Do visits help?", **TOLD)
    held, _, version = fair_test_records.running_test(records, "all", MONDAY)
    assert held == test
    with pytest.raises(SelectionError, match="Another fair test"):
        fair_test_records.keep_test(records, test, GROUND, why="again", **TOLD)
    fair_test_records.end_test(records, name, version, by="Insp Bell", why="no officers")
    with pytest.raises(ChangedMeanwhileError):
        fair_test_records.end_test(records, name, version, by="Insp Cole", why="the same")
    assert fair_test_records.running_test(records, "all", MONDAY) is None
    assert fair_test_records.controls(records, "all")["ended_at"].notna().all()
