"""Who waits is drawn, of like rank, balanced by ward, and logged."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.action import fair_test_records, week_records
from hotspots.action.fair_test import ALTERNATE, HOLD, balance, cost, draw
from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Terms
from hotspots.action.records import Audit, open_records
from hotspots.errors import ChangedMeanwhileError, SelectionError
from tests.action.week import MONDAY, areas, lates

GROUND = areas(
    [(360_000 + 300 * i, 370_000, 20 - i) for i in range(12)],
    wards=["W1", "W2", "W1", "W2", "W3"] * 2 + ["W1", "W1"],
)


def drawn(seed=1, ground=GROUND, **asked):
    return draw(ground, **{"starts": MONDAY, "weeks": 8, "seed": seed, **asked})


def test_one_of_each_block_waits_and_the_draw_can_be_made_again():
    test = drawn()
    assert test == drawn()
    assert test != drawn(seed=2)
    assert len(test.blocks) == 6
    waits = test.held_back(MONDAY)
    assert all(sum(key in waits for key in block) == 1 for block in test.blocks)
    assert test.held_back(MONDAY + timedelta(55)) == waits
    assert test.held_back(MONDAY - timedelta(1)) == ()
    assert test.held_back(MONDAY + timedelta(56)) == ()


def test_blocks_are_of_one_ward_where_a_ward_has_enough():
    ward = dict(zip(GROUND["key"], GROUND["ward"], strict=True))
    of_one = [len({ward[key] for key in block}) == 1 for block in drawn().blocks]
    assert of_one == [True] * 6
    odd = areas([(360_000 + 300 * i, 370_000, 9 - i) for i in range(4)], wards=["W1"] * 3 + ["W2"])
    blocks = [set(block) for block in drawn(ground=odd).blocks]
    assert blocks == [{"SJ00000001", "SJ00000002"}, {"SJ00000003", "SJ00000004"}]


def test_taking_turns_gives_everyone_as_many_weeks():
    test = drawn(kind=ALTERNATE, size=3, weeks=6)
    weeks = [test.held_back(MONDAY + timedelta(7 * week)) for week in range(6)]
    for block in test.blocks:
        waited = [next(key for key in week if key in block) for week in weeks]
        assert sorted(waited.count(key) for key in block) == [2, 2, 2]


def test_the_draw_favours_nobody():
    first = np.zeros(2)
    for seed in range(400):
        for block in drawn(seed=seed).blocks:
            first[int(block[0] > block[1])] += 1
    share = first[0] / first.sum()
    # 2,400 fair draws: four standard errors.
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(2_400)


@settings(max_examples=50, deadline=None)
@given(
    count=st.integers(0, 20),
    size=st.integers(2, 4),
    seed=st.integers(0, 2**32),
    never=st.sets(st.integers(1, 20), max_size=5),
)
def test_blocks_share_nothing_and_hold_nobody_who_must_not_wait(count, size, seed, never):
    ground = areas(
        [(360_000 + 300 * i, 370_000, 20 - i) for i in range(count)],
        wards=[f"W{i % 3}" for i in range(count)],
    )
    keys = [f"SJ{number:08d}" for number in never]
    free = set(ground["key"]) - set(keys)
    if len(free) < size:
        with pytest.raises(SelectionError, match="needs at least"):
            drawn(seed, ground, size=size, never=keys)
        return
    blocks = drawn(seed, ground, size=size, never=keys).blocks
    inside = [key for block in blocks for key in block]
    assert len(inside) == len(set(inside))
    assert set(inside) <= free
    assert len(free) - len(inside) < size
    assert {len(block) for block in blocks} == {size}


def test_what_it_costs_and_how_alike_the_sides_are():
    test = drawn()
    waits = GROUND["key"].isin(test.held_back(MONDAY))
    assert cost(GROUND, test, MONDAY) == GROUND.loc[waits, "expected"].sum()
    table = balance(GROUND, test)
    assert table["areas"].tolist() == [6, 6]
    assert abs(table["expected"].diff().iloc[-1]) <= 3


@pytest.mark.parametrize("asked", [{"size": 1}, {"size": 7}, {"weeks": 0}, {"kind": "maybe"}])
def test_what_cannot_be_asked(asked):
    with pytest.raises(SelectionError, match="A fair test"):
        drawn(**asked)


@pytest.fixture
def records(tmp_path):
    return open_records(tmp_path)


def test_a_test_is_logged_read_again_and_ended_in_the_open(records):
    test = drawn(kind=HOLD)
    asked = {"study_area": "all", "by": "Insp Bell"}
    name = fair_test_records.keep_test(records, test, GROUND, why="Do visits help?", **asked)
    held = fair_test_records.running_test(records, "all", MONDAY)
    assert held == (test, name, 1)
    assert fair_test_records.running_test(records, "elsewhere", MONDAY) is None
    with pytest.raises(SelectionError, match="Another fair test runs"):
        fair_test_records.keep_test(records, drawn(seed=9), GROUND, why="again", **asked)
    table = fair_test_records.controls(records, "all")
    assert len(table) == 12
    assert table.loc[table["turn"] == 0, "area"].tolist() == list(test.held_back(MONDAY))
    assert table["outline"].str.startswith("POLYGON").all()
    with pytest.raises(ChangedMeanwhileError):
        fair_test_records.end_test(records, name, 7, by="Insp Bell", why="no officers")
    fair_test_records.end_test(records, name, 1, by="Insp Bell", why="no officers")
    assert fair_test_records.running_test(records, "all", MONDAY) is None
    assert len(fair_test_records.controls(records, "all")) == 12, "what was drawn is kept"
    with records.reading() as session:
        trail = [line.what for line in session.query(Audit).order_by(Audit.id)]
    assert trail == ["Fair test drawn: 6 areas wait from 23 November 2026", "Fair test ended early"]


@pytest.mark.parametrize("fault", [{"by": " "}, {"why": ""}])
def test_no_test_without_a_name_and_a_reason(records, fault):
    asked = {"study_area": "all", "by": "Insp Bell", "why": "Do visits help?", **fault}
    with pytest.raises(SelectionError):
        fair_test_records.keep_test(records, drawn(), GROUND, **asked)
    assert fair_test_records.controls(records, "all").empty


def test_a_plan_is_kept_whole_and_made_again_takes_its_place(records):
    asked = {"study_area": "all", "data": "abc", "by": "Sgt Ames"}
    plan = make_plan(GROUND, lates(), Terms())
    week_records.keep_plan(records, plan, GROUND, **asked)
    held = week_records.planned(records, study_area="all")
    assert held["area"].tolist() == plan.visits["key"].tolist()
    assert (held["start"] == plan.visits["starts"].dt.tz_convert("UTC")).all()
    assert held["minutes"].eq(15).all()
    fewer = make_plan(GROUND, lates(days=2), Terms())
    week_records.keep_plan(records, fewer, GROUND, why="sick", **asked)
    assert len(week_records.planned(records, study_area="all")) == len(fewer.visits)
    assert week_records.planned(records, study_area="elsewhere").empty
    late = datetime(2026, 11, 24, tzinfo=UTC)
    some = week_records.planned(records, study_area="all", first=late)
    assert 0 < len(some) < len(fewer.visits)
    with pytest.raises(SelectionError, match="nothing to keep"):
        week_records.keep_plan(records, make_plan(GROUND, (), Terms()), GROUND, **asked)
    with pytest.raises(SelectionError, match="name"):
        week_records.keep_plan(records, plan, GROUND, **{**asked, "by": ""})
    assert len(week_records.planned(records, study_area="all")) == len(fewer.visits)


def test_a_day_of_the_test_knows_its_week():
    assert drawn().week_of(date(2026, 12, 1)) == 1
