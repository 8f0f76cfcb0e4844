"""A plan from a hotspot to its closing: what it must say, and what it cannot do before."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import select

from hotspots.action import plans, records, tasks
from hotspots.action.plan_checks import checks
from hotspots.action.plan_reviews import Standing, of_plan, review
from hotspots.action.plan_tables import CLOSED, DRAFT, RUNNING, Plan
from hotspots.action.plan_templates import BLANKS, templates
from hotspots.action.records import Audit
from hotspots.action.responses import bundled
from hotspots.analysis.comparison import Chosen
from hotspots.errors import ChangedMeanwhileError, SelectionError
from hotspots.periods import Period
from hotspots.study.held_against import Comparison

TODAY = datetime.now(UTC).date()
FULL = {
    "problem": "Groups at the bus station are reported by passengers.",
    "objective": "From 8 reports a month to 5 by December.",
    "owner": "Sgt Brown",
    "partners": "Cheshire East Council; Plus Dane Housing",
    "victim": "Passengers in the evening",
    "offender": "Two groups of young people",
    "location": "A shelter without any light",
    "responses": ["lighting", "patrol"],
    "reason": "The shelter is dark and unwatched",
    "measured_by": "Reports in the footprint, beside its controls",
    "review_on": date(2026, 1, 10),
}
STANDING = Standing("No evidence either way.", "2025-12", "0" * 12, {"judged": {"low": None}})
REVIEW = "The plan was kept to and what came of it is fairly told."


def comparison(controls=5, comparable=10):
    shapes = np.array([shapely.box(x, 0, x + 100, 100) for x in range(0, 12_000, 1000)])
    return Comparison(
        area="all",
        before=Period.parse("2025-01", "2025-06"),
        shapes=shapes,
        names=tuple(f"Street {n}" for n in range(12)),
        reports=(48, *range(50, 39, -1)),
        chosen=Chosen(np.arange(1, 1 + controls), np.arange(1, 1 + comparable)),
    )


def begin(session, key="SJ12", who="PC Green", **written):
    return plans.begin(
        session,
        who=who,
        comparison=comparison(),
        place="Bus station, Crewe",
        key=key,
        data="0" * 12,
        scanning=["48 reports."],
        written=written,
    )


@pytest.fixture
def held(tmp_path):
    held = records.open_records(tmp_path)
    yield held
    held.engine.dispose()


@pytest.fixture
def number(held):
    """A plan that is fully specified."""
    with held.session() as session:
        plan = begin(session, **FULL)
        tasks.add(
            session,
            plan.id,
            who="PC Green",
            what="Mend the lamp",
            agency="Council",
            role="",
            due=date(2025, 8, 1),
        )
        return plan.id


def read(held, number):
    with held.reading() as session:
        return session.get(Plan, number)


def started(held, number):
    plan = read(held, number)
    with held.session() as session:
        plans.start(session, number, plan.version, who="Sgt Brown", month="2025-07")
    return read(held, number)


def trail(held):
    with held.reading() as session:
        return [line.what for line in session.scalars(select(Audit).order_by(Audit.id))]


def test_a_plan_keeps_what_it_is_compared_with(held, number):
    plan = read(held, number)
    kept = Comparison.of_data(plan.comparison)
    assert kept.as_data() == comparison().as_data()
    assert (plan.status, plan.made_by) == (DRAFT, "PC Green")
    assert trail(held)[0] == f"plan {number} made: Bus station, Crewe"


def test_one_open_plan_a_place(held, number):
    said = f"Plan {number} is about this place"
    with pytest.raises(SelectionError, match=said), held.session() as session:
        begin(session)
    with held.session() as session:
        begin(session, key="SJ13")


def test_nobody_makes_no_plan(held):
    with pytest.raises(SelectionError, match="name"), held.session() as session:
        begin(session, who=" ")
    with held.reading() as session:
        assert plans.listed(session) == []


def test_a_full_plan_meets_every_check_and_an_empty_one_few(held, number):
    with held.session() as session:
        empty = begin(session, key="SJ13").id
    assert all(check.holds for check in checks(read(held, number)))
    assert [c.sentence for c in checks(read(held, empty)) if c.holds] == [
        "The baseline is frozen: 48 reports in January to June 2025.",
        "It is compared with 5 places of like rank, chosen before the response began.",
    ]


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"problem": "One thing. And another thing."}, "one sentence"),
        ({"problem": ""}, "one sentence"),
        ({"objective": "Make it better"}, "names a number"),
        ({"owner": ""}, "owns it"),
        ({"partners": ""}, "partners"),
        ({"offender": "Unknown"}, "victim, offender and place"),
        ({"responses": []}, "response is chosen"),
        ({"reason": "because"}, "response is chosen"),
        ({"review_on": None}, "reviewed"),
        ({"measured_by": ""}, "measured by"),
    ],
)
def test_it_cannot_start_until_it_is_fully_specified(held, number, lacking, said):
    plan = read(held, number)
    with held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", **lacking)
    with pytest.raises(SelectionError, match=said):
        started(held, number)
    assert read(held, number).status == DRAFT


def test_too_few_comparable_places_or_no_task_keep_it_from_starting(held, number):
    with held.session() as session:
        plan = session.get(Plan, number)
        plan.comparison = comparison(controls=1).as_data()
    with pytest.raises(SelectionError, match="too few here"):
        started(held, number)
    with held.session() as session:
        plan = begin(session, key="SJ14", **FULL).id
    with pytest.raises(SelectionError, match="at least one task"):
        started(held, plan)


@pytest.mark.parametrize("month", ["2025-06", "2025-01"])
def test_a_response_begins_after_what_it_is_measured_against(held, number, month):
    plan = read(held, number)
    with pytest.raises(SelectionError, match="measured against"), held.session() as session:
        plans.start(session, number, plan.version, who="Sgt Brown", month=month)


def test_once_started_what_it_is_measured_by_stays(held, number):
    plan = started(held, number)
    assert (plan.status, plan.start_month) == (RUNNING, "2025-07")
    with pytest.raises(SelectionError, match="has started"), held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", objective="From 8 to 7")
    with held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", assessment="Lamps lit.")
    assert read(held, number).assessment == "Lamps lit."


def closing(held, number, **asked):
    plan = read(held, number)
    told = {"who": "Insp White", "standing": STANDING, "review": REVIEW} | asked
    with held.session() as session:
        plans.close(session, number, plan.version, **told)


def test_it_cannot_close_without_an_honest_answer(held, number):
    with pytest.raises(SelectionError, match="not running"):
        closing(held, number)
    plan = started(held, number)
    with pytest.raises(SelectionError, match="assessment"):
        closing(held, number)
    with held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", assessment="Lamps lit.")
    for lacking, said in (
        ({"review": "Fine."}, "review of at least 8 words"),
        ({"standing": Standing("")}, "verdict"),
        ({"who": " sgt brown "}, "not its owner"),
        ({"who": "Sgt\u200b Brown\u200b"}, "not its owner"),
        ({"review": "Fine." + " \u200b" * 9}, "review of at least 8 words"),
    ):
        with pytest.raises(SelectionError, match=said):
            closing(held, number, **lacking)
    closing(held, number)
    plan = read(held, number)
    assert (plan.status, plan.reviewed_by, plan.review) == (CLOSED, "Insp White", REVIEW)
    with pytest.raises(SelectionError, match="closed"), held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", assessment="More")
    with held.session() as session:
        begin(session)


def test_two_who_edit_one_plan_do_not_overwrite_each_other(held, number):
    seen = read(held, number).version
    with held.session() as session:
        plans.write(session, number, seen, who="PC Green", owner="Sgt Black")
    with pytest.raises(ChangedMeanwhileError), held.session() as session:
        plans.write(session, number, seen, who="PC Gray", owner="Sgt White")
    assert read(held, number).owner == "Sgt Black"


def test_a_change_says_what_changed_and_no_change_says_nothing(held, number):
    before = len(trail(held))
    plan = read(held, number)
    with held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", owner=plan.owner)
    assert len(trail(held)) == before
    with held.session() as session:
        plans.write(session, number, plan.version, who="PC Green", owner="Sgt Black")
    assert trail(held)[-1] == f"plan {number} changed: owner"


def test_comments_and_decisions_are_only_added(held, number):
    with held.session() as session:
        plans.say(session, number, who="PC Green", text="Lamp ordered.")
        plans.say(session, number, who="Chair", text="Review in May.", kind=plans.DECIDED)
    assert [(c.kind, c.text) for c in read(held, number).comments] == [
        ("said", "Lamp ordered."),
        ("decided", "Review in May."),
    ]
    with pytest.raises(SelectionError, match="Write"), held.session() as session:
        plans.say(session, number, who="PC Green", text="  ")
    with pytest.raises(SelectionError, match="no longer"), held.session() as session:
        plans.say(session, 99, who="PC Green", text="Hello")


def test_risk_is_assessed_with_dates_and_kept_beside_the_last(held, number):
    asked = {
        "who": "PC Green",
        "basis": "Repeat reports from one place",
        "next_review": TODAY + timedelta(days=30),
        "keep_until": TODAY + timedelta(days=365),
    }
    with held.session() as session:
        plans.assess_risk(session, number, level="medium", **asked)
        plans.assess_risk(session, number, level="high", **asked)
    with held.reading() as session:
        assert [risk.level for risk in plans.risks(session, number)] == ["high", "medium"]
    for change, said in (
        ({"level": "red"}, "level"),
        ({"level": "high", "basis": " "}, "rests on"),
        ({"level": "high", "next_review": TODAY}, "after today"),
        ({"level": "high", "keep_until": TODAY}, "after today"),
    ):
        with pytest.raises(SelectionError, match=said), held.session() as session:
            plans.assess_risk(session, number, **asked | change)


def test_risk_past_its_retention_is_queued(held, number):
    asked = {"who": "PC Green", "level": "high", "basis": "Unlike any other text here"}
    soon, late = TODAY + timedelta(days=10), TODAY + timedelta(days=400)
    with held.session() as session:
        plans.assess_risk(session, number, next_review=soon, keep_until=soon, **asked)
        plans.assess_risk(session, number, next_review=soon, keep_until=late, **asked)
    then = soon + timedelta(days=1)
    with held.reading() as session:
        assert [risk.keep_until for risk in plans.past_keeping(session, today=then)] == [soon]
        assert plans.past_keeping(session, today=soon) == []


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.key)
def test_templates_ask_and_leave_their_blanks(held, template):
    assert all(key in bundled() for key in template.responses)
    assert all(text.endswith("?") for text in (template.victim, template.offender))
    assert "PLACE" in template.problem
    assert BLANKS[1] in template.objective
    with held.session() as session:
        plan = begin(session, problem=template.problem, objective=template.objective)
        sentences = [c.sentence for c in checks(plan) if not c.holds]
    assert "The objective can be measured: it names a number." in sentences


def test_every_review_is_kept_and_shown_beside_the_next(held, number):
    with pytest.raises(SelectionError, match="runs"), held.session() as session:
        review(session, number, STANDING, who="PC Green", said="Too soon")
    started(held, number)
    for standing, said, why in (
        (Standing(""), "Too soon", "no month after the start"),
        (STANDING, "  ", "in a sentence"),
    ):
        with pytest.raises(SelectionError, match=why), held.session() as session:
            review(session, number, standing, who="PC Green", said=said)
    first = Standing("No evidence either way.", "2025-09", "a" * 12, {"tried": 3})
    second = Standing("Fell more than comparable places.", "2025-12", "b" * 12, {"tried": 5})
    for one in (first, second):
        with held.session() as session:
            review(session, number, one, who="Sgt Brown", said="Go on.")
    with held.session() as session:
        plan = session.get(Plan, number)
        plans.write(session, number, plan.version, who="PC Green", assessment="Lamps lit.")
    closing(held, number)
    with held.reading() as session:
        kept = of_plan(session, number)
        said = [line.what for line in session.scalars(select(Audit)) if "reviewed" in line.what]
    assert [row.verdict for row in kept] == [first.verdict, second.verdict, STANDING.verdict]
    assert [row.data for row in kept] == ["a" * 12, "b" * 12, "0" * 12]
    assert [row.closing for row in kept] == [False, False, True]
    assert kept[1].figures == {"tried": 5}
    assert len(said) == 3
    with pytest.raises(SelectionError, match="runs"), held.session() as session:
        review(session, number, STANDING, who="PC Green", said="Once more")
