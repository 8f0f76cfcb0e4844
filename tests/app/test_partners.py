"""The Partners page on the sample, as data: plans, tasks, the meeting and the menu."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from hotspots.action import attachments, plan_reviews, plans, records, roles, tasks
from hotspots.action.fair_test import FairTest
from hotspots.action.fair_test_records import keep_test
from hotspots.action.records import Audit
from hotspots.analysis import case_review
from hotspots.app import alerts, store, who
from hotspots.errors import SelectionError
from hotspots.library import Library
from hotspots.periods import Period
from hotspots.publish import case_review as case_review_pack
from hotspots.publish import papers
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, study
from hotspots.study.held_against import Comparison, comparison

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil)"
MARK_UP = re.compile(r"(?<!\\)<img|(?<!\\)\[x")
TODAY = datetime.now(UTC).date()
FULL = {
    "problem": "Groups at the bus station are reported by passengers.",
    "objective": "From 8 reports a month to 5 by December.",
    "owner": "Sgt Brown",
    "partners": "Council",
    "victim": HOSTILE,
    "offender": "Two groups of young people",
    "location": "A shelter without any light",
    "responses": ["patrol"],
    "reason": "The shelter is dark and unwatched",
    "measured_by": "Reports",
    "review_on": TODAY,
}


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("nothing")))


@pytest.fixture(scope="module")
def held(dataset):
    last = dataset.choices.period.last
    asked = replace(Selection.default(dataset.choices), period=Period(last - 11, last - 6))
    early = study(dataset, asked)
    return comparison(early, find(early), 1)


@pytest.fixture
def running(data, held):
    """A plan that runs and is due for review today, with a task that is late."""
    with records.open_records(data).session() as session:
        plan = plans.begin(
            session,
            who="PC Green",
            comparison=held,
            place=f"Market Street {HOSTILE}"[:60],
            key="SJ00000001",
            data="0" * 12,
            scanning=[HOSTILE],
            written=FULL,
        )
        tasks.add(
            session,
            plan.id,
            who="PC Green",
            what=HOSTILE,
            agency="Council",
            role="Officer",
            due=date(2025, 1, 1),
        )
        month = str(held.before.last + 1)
        plans.start(session, plan.id, plan.version, who="PC Green", month=month)
        return plan.id


def page():
    from dataclasses import replace

    from hotspots.app import controls, data_store, who
    from hotspots.app.pages import partners

    dataset = data_store.dataset(controls.vintage())
    selection = controls.ask(dataset.choices, has_residents=True)
    partners.show(replace(selection, role=who.person().key))


def opened(**state):
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def view(name):
    return opened(**{"partners view": name})


def said(app):
    kinds = (app.title, app.markdown, app.caption, app.info, app.error, app.success, app.table)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def text(app, label):
    return next(e for kind in (app.text_input, app.text_area) for e in kind if e.label == label)


def test_without_records_looking_makes_none(data):
    app = opened()
    assert app.title[0].value == "No plan has been started yet"
    assert "A plan begins with a hotspot" in said(app)
    for name in ("Tasks", "Meeting", "Responses"):
        view(name)
    assert not (data / "records").exists()


def test_a_plan_is_made_of_a_hotspot_under_a_name(data):
    app = opened()
    choose = next(box for box in app.selectbox if box.label == "Hotspot")
    press(app, "Make the plan")
    assert "Choose a hotspot first" in said(app)
    choose = next(box for box in app.selectbox if box.label == "Hotspot")
    choose.set_value(1)
    press(app, "Make the plan")
    assert "Give your name" in said(app)
    app.text_input(key="plan-who").set_value("PC Green")
    app.run()
    press(app, "Make the plan")
    assert app.title[0].value.startswith("Plan 1 ")
    assert "**Wanted:** One person owns it" in said(app)
    assert next(b for b in app.button if b.label == "Start the response").disabled
    text(app, "Owner").set_value("Sgt Brown")
    press(app, "Save")
    assert "**Wanted:** One person owns it" not in said(app)
    with records.open_records(data).reading() as session:
        (plan,) = plans.listed(session)
        assert (plan.owner, plan.made_by) == ("Sgt Brown", "PC Green")
        assert any("reports" in line for line in plan.scanning)


def test_a_running_plan_shows_its_verdict_and_closes_only_with_words(running, data):
    app = opened(**{"plan open": running, "planner": "Insp White"})
    body = said(app)
    assert "either way" in body or "comparable places, by" in body
    assert "does not say what a change came from" in body.replace("\\", "")
    text(app, "What was done, and what came of it").set_value("Lamps were mended.")
    press(app, "Save the assessment")
    press(app, "Close the plan")
    assert "cannot close without" in said(app)
    text(app, "Supervisor’s review, in words").set_value(
        "The plan was kept to and what came of it is fairly told."
    )
    press(app, "Close the plan")
    assert "Review by Insp White" in said(app)
    with records.open_records(data).reading() as session:
        (plan,) = plans.listed(session)
        assert plan.status == "closed"
        assert plan.verdict


def test_each_review_is_kept_with_its_verdict_and_shown_in_a_row(running, data):
    app = opened(**{"plan open": running, "planner": "Sgt Brown"})
    press(app, "Keep this review")
    assert "Say in a sentence" in said(app)
    for words in ("Too early to tell.", HOSTILE):
        text(app, "What this review came to").set_value(words)
        press(app, "Keep this review")
        assert "verdict of today is kept" in said(app)
    with records.open_records(data).reading() as session:
        kept = plan_reviews.of_plan(session, running)
    assert [row.said for row in kept] == ["Too early to tell.", HOSTILE]
    assert all(row.verdict == kept[0].verdict and row.figures["judged"] for row in kept)
    shown = next(table.value for table in app.table if "Said" in table.value)
    assert len(shown) == 2
    assert not MARK_UP.search(str(shown["Said"].iloc[1]))


def test_a_plan_is_held_against_areas_that_a_fair_test_holds_back(data, dataset):
    asked = study(dataset, Selection.default(dataset.choices))
    spots = find(asked).hotspots
    plain = comparison(asked, find(asked), 1)
    wait, go = plain.shapes[plain.chosen.controls[:4]], plain.shapes[plain.chosen.comparable[5:9]]
    shapes = np.concatenate([wait, go])
    areas = gpd.GeoDataFrame({"key": list("abcdefgh")}, geometry=shapes)
    test = FairTest("hold", TODAY, 8, tuple(zip("abcd", "efgh", strict=True)), 1)
    kept = records.open_records(data)
    area = Selection.default(dataset.choices).area
    keep_test(kept, test, areas, study_area=area, by="Sgt Brown", why="Does patrol help")
    app = opened(planner="PC Green")
    assert any("that a fair test holds back" in box.label for box in app.checkbox)
    # A plan in an area that waits would break the test.
    number = spots.index[[spots.geometry[n].equals(wait[0]) for n in spots.index]][0]
    next(box for box in app.selectbox if box.label == "Hotspot").set_value(int(number))
    press(app, "Make the plan")
    assert "would break the test" in said(app)
    app.checkbox(key="new-by-draw").uncheck()
    press(app, "Make the plan")
    assert "would break the test" in said(app), "whatever it would be compared with"
    app.checkbox(key="new-by-draw").check()
    next(box for box in app.selectbox if box.label == "Hotspot").set_value(1)
    press(app, "Make the plan")
    assert "that a fair test holds back" in said(app)
    with kept.reading() as session:
        (plan,) = plans.listed(session)
    held = Comparison.of_data(plan.comparison)
    assert held.draw is not None
    assert {held.names[n] for n in held.chosen.controls} == {f"Patrol area at {k}" for k in "abcd"}


def test_a_task_moves_on_the_board(running, data):
    app = view("Tasks")
    app.text_input(key="plan-who").set_value("Ann Reed")
    app.run()
    assert "Overdue" in said(app)
    next(box for box in app.selectbox if box.label == "Status of task 1").set_value("done")
    app.run()
    assert "Task 1 is moved" in said(app)
    with records.open_records(data).reading() as session:
        assert tasks.table(session)["status"].tolist() == ["done"]
    app.radio(key="task-view").set_value("List").run()
    assert not app.exception
    assert len(app.table) >= 1


def test_the_meeting_has_what_is_due_late_and_decided(running, data):
    app = view("Meeting")
    assert app.title[0].value.startswith("1 plan running; 1 plan due for review; 1 task open, 1")
    body = said(app)
    assert "was due 01 January" in body
    app.text_input(key="plan-who").set_value("Chair")
    app.run()
    text(app, "What was decided").set_value("Light it by May.")
    press(app, "Record the decision")
    assert "Light it by May" in said(app).replace("\\", "")
    press(app, f"Open plan {running}")
    assert app.title[0].value.startswith("Plan 1 ")
    assert "decided" in said(app)


def test_repeats_name_points_as_points_and_a_plan_where_there_is_one(running):
    app = view("Repeats")
    body = said(app)
    assert "reach this number" in body
    assert "published map point" in body
    assert "nobody’s case" in body
    app.number_input(key="repeat-reports").set_value(20)
    app.run()
    assert not app.exception
    assert "reach this number" in said(app)


def test_a_risk_is_recorded_with_its_next_review(running, data):
    app = opened(**{"plan open": running, "planner": "Sgt Brown"})
    text(app, "What it rests on").set_value("")
    press(app, "Record the assessment")
    assert "without anybody" in said(app)
    text(app, "What it rests on").set_value(HOSTILE)
    press(app, "Record the assessment")
    assert "**Risk:** Standard, assessed on" in said(app)
    assert not any(MARK_UP.search(element.value) for element in app.markdown)
    with records.open_records(data).reading() as session:
        (risk,) = plans.risks(session, running)
        assert risk.next_review > TODAY


def test_the_menu_names_who_what_and_source():
    body = said(view("Responses"))
    assert "not an order to follow" in body
    assert len(view("Responses").table) == 8


def test_what_is_typed_is_never_mark_up(running):
    for app in (opened(**{"plan open": running}), view("Tasks"), view("Meeting"), opened()):
        for element in app.markdown:
            assert not MARK_UP.search(element.value)
        assert not any(MARK_UP.search(element.value) for element in app.title)


def test_two_weeks_ahead_is_what_a_digest_sees():
    assert timedelta(days=14) == tasks.AHEAD


def signed_in(monkeypatch, role, agency=""):
    person = roles.Person("A. Clerk", role, agency)
    monkeypatch.setattr(who, "person", lambda: person)


@pytest.fixture
def two_agencies(running, data):
    with records.open_records(data).session() as session:
        tasks.add(
            session,
            running,
            who="PC Green",
            what="Letter to tenants",
            agency="Weaver Homes",
            role="",
            due=TODAY,
        )
    return running


def test_a_partner_sees_its_own_tasks_and_nothing_of_what_was_known(two_agencies, monkeypatch):
    signed_in(monkeypatch, roles.PARTNER, "Weaver Homes")
    app = opened(**{"plan open": two_agencies})
    body = said(app)
    assert "Letter to tenants" in body
    assert "img src" not in body.split("**Tasks**")[1], "another agency's task"
    for kept in ("comparable places", "either way", "Scanning", "Compared with"):
        assert kept not in body
    assert not app.get("vega_lite_chart")
    assert not app.get("arrow_vega_lite_chart")
    assert {button.label for button in app.button} == {"All plans", "Add", "Add this file"}
    assert "Council" not in said(view("Tasks"))
    board = view("Tasks")
    next(box for box in board.selectbox if box.label == "Status of task 2").set_value("done")
    board.run()
    assert "Task 2 is moved" in said(board)


def repeat(kind, at, reports=5, vulnerable=0):
    """One repeat over the threshold, as the analysis gives it."""
    told = {"kind": kind, "key": "f3a91c", "reports": reports, "vulnerable": vulnerable}
    told |= {"street": HOSTILE, "easting": at.x, "northing": at.y, "sources": "Calls"}
    return told | {"last": pd.Period("2025-12", "M")}


def raise_at(monkeypatch, *rows):
    found = pd.DataFrame(rows, columns=list(case_review.COLUMNS))
    monkeypatch.setattr(store, "repeats", lambda *_: found)


def test_repeats_over_the_threshold_raise_an_alert_on_the_plan_of_their_ground(
    running, data, held, monkeypatch
):
    inside, far = held.shapes[0].representative_point(), shapely.Point(1, 1)
    raise_at(
        monkeypatch,
        repeat(case_review.CALLER, inside, vulnerable=2),
        repeat(case_review.PLACE, inside),
        repeat(case_review.PLACE, far),
        repeat(case_review.POINT, inside, reports=60),
    )
    app = opened(**{"plan open": running, "planner": "Sgt Brown"})
    (warning,) = [element.value for element in app.warning]
    assert "1 caller or address and 1 exact place with 3 or more reports in 6 months" in warning
    assert "In 1 a source marks somebody as vulnerable" in warning
    assert "1 caller or address and 1 exact place" in said(view("Meeting"))
    signed_in(monkeypatch, roles.PARTNER, "Council")
    theirs = opened(**{"plan open": running})
    assert not theirs.warning
    assert "case review" not in said(theirs).lower()


def test_a_pack_is_made_only_on_the_record_and_counts_without_naming(
    running, data, held, monkeypatch
):
    raise_at(monkeypatch, repeat(case_review.CALLER, held.shapes[0].representative_point()))
    kept = case_review_pack.pack
    packs = []
    monkeypatch.setattr(
        case_review_pack, "pack", lambda *a, **k: packs.append(kept(*a, **k)) or packs[-1]
    )
    opened(**{"plan open": running, "planner": "Sgt Brown"})
    with records.open_records(data).reading() as session:
        assert not [line for line in session.scalars(select(Audit)) if line.kind == "disclosure"]
    lines = "\n".join(line for part in packs[-1].parts for line in part.lines)
    assert "f3a91c" not in lines
    assert "1 caller or address with 3 or more reports" in lines
    assert "Council: " in lines
    assert alerts._disclosed(running, packs[-1], papers.as_pdf, "Sgt Brown").startswith(b"%PDF")
    with record_lines(data) as (line,):
        assert (line.who, line.kind) == ("Sgt Brown", "disclosure")
        assert "section 104" in line.why
    with pytest.raises(SelectionError, match="Give your name"):
        alerts._disclosed(running, packs[-1], papers.as_pdf, "")


@contextmanager
def record_lines(data):
    """Lines of the trail about packs."""
    with records.open_records(data).reading() as session:
        yield [line for line in session.scalars(select(Audit)) if "pack made" in line.what]


def test_a_repeat_without_a_plan_offers_one(dataset, monkeypatch):
    asked = study(dataset, Selection.default(dataset.choices))
    spot = find(asked).hotspots.geometry[2].representative_point()
    raise_at(monkeypatch, repeat(case_review.CALLER, spot), repeat(case_review.PLACE, spot))
    app = view("Repeats")
    assert "No open plan is about 2 callers" in app.warning[0].value
    press(app, "Plan for hotspot 2")
    box = next(box for box in app.selectbox if box.label == "Hotspot")
    assert box.value == 2


def on_the_map(app):
    """What the browser is told of the map."""
    return "".join(str(part.proto) for part in app.get("component_instance"))


def test_plans_and_tasks_stand_on_the_map_too(two_agencies):
    app = opened(**{"plan-view": "Map"})
    told = on_the_map(app)
    assert "Due for review" in told
    assert "2 open tasks, 1 overdue" in told
    assert "<img" not in told
    assert next(b for b in app.button if b.label == "Open the plan").disabled
    app.session_state["plan picked on the map"] = two_agencies
    app.run()
    press(app, "Open the plan")
    assert app.title[0].value.startswith("Plan 1 ")
    tasks_map = opened(**{"partners view": "Tasks", "task-view": "Map"})
    assert "2 open tasks" in on_the_map(tasks_map)


def test_a_partner_sees_on_the_map_its_own_tasks_and_roughly_where(two_agencies, monkeypatch):
    signed_in(monkeypatch, roles.PARTNER, "Weaver Homes")
    app = opened(**{"plan-view": "Map"})
    told = on_the_map(app)
    assert "1 open task" in told
    assert "overdue" not in told.split("open task")[1][:12], "of another agency"
    assert "roughly where" in said(app)
    signed_in(monkeypatch, roles.PARTNER, "Somebody else")
    assert not opened(**{"plan-view": "Map"}).get("component_instance")


def test_files_are_seen_by_whose_task_they_belong_to(two_agencies, data, monkeypatch):
    with records.open_records(data).session() as session:
        for task, name in ((1, "lamps"), (2, "letter"), (None, HOSTILE)):
            content, what = f"Of {name}".encode(), f"{name}.txt"
            attachments.add(session, two_agencies, content, name=what, who="PC Green", task=task)
    app = opened(**{"plan open": two_agencies, "planner": "Sgt Brown"})
    assert "lamps.txt" in said(app).replace("\\", "")
    assert not any(MARK_UP.search(element.value) for element in app.markdown)
    press(app, "Add this file")
    assert "Choose a file first" in said(app)
    press(app, "Remove")
    assert "lamps.txt" not in said(app).replace("\\", "")
    signed_in(monkeypatch, roles.PARTNER, "Weaver Homes")
    theirs = opened(**{"plan open": two_agencies})
    assert "letter.txt" in said(theirs).replace("\\", "")
    assert "img src=x" not in said(theirs).split("**Tasks**")[1]
    assert "Remove" not in {button.label for button in theirs.button}


def test_a_partner_without_a_task_sees_no_plan(two_agencies, monkeypatch):
    signed_in(monkeypatch, roles.PARTNER, "Somebody else")
    app = opened(**{"plan open": two_agencies})
    assert app.title[0].value == "No plan has been started yet"
    assert "Market Street" not in said(app) + said(view("Meeting")) + said(view("Tasks"))


def test_an_officer_works_but_does_not_write_or_close(two_agencies, monkeypatch):
    signed_in(monkeypatch, roles.OFFICER)
    app = opened(**{"plan open": two_agencies})
    labels = {button.label for button in app.button}
    assert "Add" in labels
    assert not labels & {"Close the plan", "Save the assessment", "Give this task"}
    assert "Make the plan" not in {button.label for button in opened().button}
    assert not app.text_input or all(box.label != "Your name" for box in app.text_input)
