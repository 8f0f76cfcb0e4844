"""What the public learns of a plan: what kind of thing, by whom and when; nothing written in it."""

import pytest

from hotspots.action import plans
from hotspots.action.responses import bundled
from hotspots.analysis.grid_references import grid_reference
from hotspots.publish.public_areas import Area
from hotspots.publish.public_work import of_area, public_work
from hotspots.publish.words import Words
from tests import builders
from tests.action.test_plans import FULL, begin, held  # noqa: F401

WORDS = Words()
WARDS = builders.wards({"E1": (370_000, 355_000, 2000), "E2": (372_000, 355_000, 2000)})
KEY = grid_reference(370_500, 355_500)


def plan(records, *, key=KEY, status="running", **written):
    with records.session() as session:
        made = begin(session, key=key, **(FULL | written))
        made.status = status


@pytest.mark.parametrize("status", ["running", "closed"])
def test_a_plan_is_told_by_kind_agency_and_month(held, status):  # noqa: F811
    plan(held, status=status)
    work = public_work(held, WARDS, bundled(), WORDS)
    assert {one.area for one in work} == {"E1"}
    names = {bundled()[key].name for key in FULL["responses"]}
    assert {one.what for one in work} == {f"{name} (Ward E1)" for name in names}
    assert {one.when for one in work} == {"January 2026"}
    said = " ".join(part for one in work for part in vars(one).values())
    for field in ("problem", "objective", "owner", "victim", "offender", "location", "reason"):
        assert FULL[field] not in said


def test_what_is_done_about_a_person_or_a_building_is_not_named(held):  # noqa: F811
    powers = [one.key for one in bundled().responses if one.kind == "power"]
    plan(held, responses=powers)
    (work,) = public_work(held, WARDS, bundled(), WORDS)
    assert work.what == f"{WORDS('doing.other')} (Ward E1)"


def test_a_plan_that_is_being_written_or_lies_elsewhere_is_not_told(held):  # noqa: F811
    plan(held, status="draft")
    plan(held, key=grid_reference(100_000, 100_000))
    plan(held, key="nowhere")
    assert public_work(held, WARDS, bundled(), WORDS) == ()


def test_each_area_has_its_own(held):  # noqa: F811
    plan(held)
    plan(held, key=grid_reference(373_000, 356_000))
    work = public_work(held, WARDS, bundled(), WORDS)
    assert len(work) == 4
    assert len(of_area(work, Area("ward:E2", "", "E06", "E2"), WARDS)) == 2
    assert len(of_area(work, Area("authority:E06", "", "E06"), WARDS)) == 4
    assert of_area(work, Area("authority:X", "", "X"), WARDS) == ()
    assert of_area(work, Area("all", ""), WARDS) == work


def test_tasks_say_who_and_by_when(held):  # noqa: F811
    from datetime import date

    from hotspots.action import tasks

    with held.session() as session:
        made = begin(session, key=KEY, **FULL)
        for agency, due in (("Council", date(2026, 2, 1)), ("Weaver Homes", date(2026, 4, 1))):
            tasks.add(
                session, made.id, who="A", what="Secret", agency=agency, role="Clerk", due=due
            )
        made.status = plans.RUNNING
    work = public_work(held, WARDS, bundled(), WORDS)
    assert {one.who for one in work} == {"Council; Weaver Homes"}
    assert {one.when for one in work} == {"April 2026"}
    assert not any("Secret" in one.what for one in work)
