"""
Cheshire's first six months become a plan; six more come, and the review has its verdict.

Three people work on it at once, each signed in at a provider of OpenID Connect: an inspector,
a clerk of the council, who sees its own task alone, and the inspector's supervisor.
"""

import re

import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.action.records import Audit, broken_at, open_records
from tests import oidc
from tests.browser.conftest import PROJECT, free_port, serve
from tests.browser.test_sign_in import sign_in
from tests.real.load import folder as real_data
from tests.real.load import real

pytestmark = real

# A picture from elsewhere, a script and a formula, as what somebody typed.
NOT_THEIRS = ("Letter to tenants", "Patrol on Fridays", "People who pass in the evening", "=1+1")
HOSTILE = "=1+1 <img src=x onerror=alert(1)> ![x](https://evil.invalid/x.png)"

PEOPLE = {
    "green": ("Insp Green", '"supervisor"'),
    "reed": ("Ann Reed", '{ role = "partner", agency = "Council" }'),
    "white": ("Ch Insp White", '"supervisor"'),
}


def run(*arguments):
    done = CliRunner().invoke(command_line, [str(part) for part in arguments])
    assert done.exit_code == 0, done.output


def months(folder, first, last):
    names = [f"2025-{month:02}" for month in range(first, last + 1)]
    run("import", "--data", folder, *(real_data() / "police_uk" / name for name in names))


@pytest.fixture
def folder(tmp_path):
    months(tmp_path, 1, 6)
    run("wards", "--data", tmp_path, *sorted(real_data().glob("boundaries/ward_*.geojson")))
    roles = [f'"{name}@a.example" = {role}' for name, (_, role) in PEOPLE.items()]
    (tmp_path / "roles.toml").write_text("[people]\n" + "\n".join(roles), encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(folder, tmp_path):
    people = {
        key: {"email": f"{key}@a.example", "email_verified": True, "name": name}
        for key, (name, _) in PEOPLE.items()
    }
    port = free_port()
    with oidc.provider(people) as provider:
        options = ("--secrets.files", str(oidc.secrets_file(tmp_path, provider, port)))
        log = tmp_path / "server.log"
        with serve(PROJECT / "dashboard.py", folder, log, port=port, options=options) as address:
            yield address


def fill(page, label, text):
    box = page.get_by_label(label, exact=True).first
    box.fill(text)
    box.press("Tab")


def choose(page, label, text):
    page.get_by_role("combobox", name=re.compile(label)).first.click()
    page.get_by_role("option", name=re.compile(text)).first.click()


def shown(page, text):
    page.get_by_text(re.compile(text)).first.wait_for()


def press(watched, name):
    watched.settle()
    watched.page.get_by_role("button", name=name).first.click()
    watched.settle()


def to_partners(watched):
    watched.page.locator("h1").first.wait_for(timeout=60_000)
    watched.settle()
    watched.page.get_by_role("link", name="Partners", exact=True).click()
    watched.settle()
    return watched


def written(page):
    fill(page, "What is to be reached, with a number", "From 9 reports a month to 6 by December.")
    fill(page, "Owner", "Sgt Brown")
    fill(page, "Partners", "Council; housing association")
    fill(page, "Victim", "People who pass in the evening")
    fill(page, "Offender", HOSTILE)
    fill(page, "Place", "Shelter and no lighting")
    choose(page, "Responses", "Foot patrol")
    page.keyboard.press("Escape")
    fill(page, "Why this should work here", "The place is dark and unwatched")


def give(watched, what, agency):
    page = watched.page
    watched.settle()
    if not page.get_by_label("What is to be done", exact=True).first.is_visible():
        page.get_by_text("Give a task").first.click()
    fill(page, "What is to be done", what)
    fill(page, "Agency", agency)
    press(watched, "Give this task")
    shown(page, re.escape(f"{what} — {agency}"))


def on_the_map(partner):
    """From the board to the plan on the map, picked out by keyboard and opened."""
    assert partner.axe() == []
    partner.page.get_by_text("Map", exact=True).first.click()
    partner.settle()
    mark = partner.page.frame_locator("iframe").first.locator("[data-plan='1']")
    assert "1 open task" in mark.get_attribute("aria-label")
    mark.press("Enter")
    shown(partner.page, r"^Plan 1 ·")
    assert partner.axe() == []
    press(partner, "Open the plan")
    shown(partner.page, "Said and decided")


def a_file(watched, tmp_path):
    """A file goes in, a program is refused, and what comes out is only ever saved."""
    page = watched.page
    watched.settle()
    page.get_by_text("Files (0)").first.click()
    for name, content, answer in (
        ("run.pdf", b"MZ\x90\x00", "This kind of file is not kept"),
        ("<img src=x>.html", b"Lamps mended.", "The file is added"),
    ):
        (tmp_path / name).write_bytes(content)
        page.locator("input[type=file]").first.set_input_files(tmp_path / name)
        page.get_by_text(name).first.wait_for()
        press(watched, "Add this file")
        shown(page, answer)
    assert watched.axe() == []
    if not page.get_by_role("button", name="Save", exact=True).first.is_visible():
        page.get_by_text("Files (1)").first.click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save", exact=True).first.click()
    assert coming.value.suggested_filename == "_img src=x_.txt"
    assert coming.value.path().read_bytes() == b"Lamps mended."


def begun(officer):
    """A plan on the first hotspot, with tasks to three agencies, and its response begun."""
    assert officer.map
    choose(officer.page, "^Hotspot", "^1 ·")
    officer.settle()
    officer.page.get_by_text("Plan what to do here").click()
    shown(officer.page, "Start a plan on a hotspot")
    choose(officer.page, "Kind of problem", "Groups of young people")
    press(officer, "Make the plan")
    shown(officer.page, "Fully specified")
    assert officer.page.get_by_role("button", name="Start the response").is_disabled()
    written(officer.page)
    press(officer, "Save")
    for what, agency in (
        ("Mend the lamps", "Council"),
        ("Letter to tenants", "Housing association"),
        ("Patrol on Fridays", "Police"),
    ):
        give(officer, what, agency)
    press(officer, "Start the response")
    shown(officer.page, "The response has started")
    shown(officer.page, "Nothing can be said yet")


def is_theirs_alone(partner):
    """Its own task, and nothing of anybody else's, nor of what the police wrote."""
    theirs = partner.page.locator("body").inner_text()
    assert "Mend the lamps" in theirs
    assert not [text for text in NOT_THEIRS if text in theirs]


def reviewed(boss, tmp_path):
    """The verdict, the supervisor's review, and the plan closed."""
    boss.page.get_by_text("Meeting", exact=True).first.click()
    boss.settle()
    press(boss, "Open plan 1")
    shown(boss.page, "Assessment: did it work")
    a_file(boss, tmp_path)
    verdict = boss.page.get_by_text(
        re.compile("No evidence either way|more than comparable places")
    ).first
    verdict.wait_for()
    said = verdict.inner_text()
    fill(boss.page, "What was done, and what came of it", "Lamps were mended in August.")
    press(boss, "Save the assessment")
    shown(boss.page, r"^Saved\.")
    fill(boss.page, "Supervisor’s review, in words", "Fine.")
    press(boss, "Close the plan")
    shown(boss.page, "cannot close without")
    fill(
        boss.page,
        "Supervisor’s review, in words",
        "The plan was kept to, and what came of it is fairly told here.",
    )
    press(boss, "Close the plan")
    shown(boss.page, "The plan is closed")
    assert said in boss.page.locator("body").inner_text()
    assert boss.axe() == []


def signed_in(watch, address, name):
    """Somebody's page, and only what it asks for and says once they are signed in."""
    watched = sign_in(watch(address).open("/"), name)
    watched.settle()
    watched.requests.clear()
    watched.complaints.clear()
    return watched


@pytest.mark.timeout(300)
def test_a_hotspot_becomes_a_plan_and_the_review_has_its_verdict(watch, folder, address, tmp_path):
    officer = signed_in(watch, address, "green")
    begun(officer)

    # A partner, meanwhile, moves the council's task on the board.
    partner = to_partners(signed_in(watch, address, "reed"))
    partner.page.get_by_text("Tasks", exact=True).first.click()
    partner.settle()
    choose(partner.page, "Status of task 1", "Doing")
    shown(partner.page, "Task 1 is moved")
    is_theirs_alone(partner)
    on_the_map(partner)
    is_theirs_alone(partner)

    # Six more months arrive; the supervisor reviews.
    months(folder, 7, 12)
    boss = to_partners(signed_in(watch, address, "white"))
    reviewed(boss, tmp_path)
    for watched in (officer, partner, boss):
        assert watched.foreign == [], "a request left the machine"
        assert watched.complaints == [], "the console is not clean"
        assert watched.page.locator("img[src='x']").count() == 0
    with open_records(folder).reading() as session:
        assert broken_at(session) is None
        did = {(line.who.split(" (")[0], line.what) for line in session.query(Audit)}
    names = {key: name for key, (name, _) in PEOPLE.items()}
    assert (names["reed"], "task 1: to do to doing") in did
    assert (names["white"], "plan 1 closed") in did
    assert {what for who, what in did if who == names["green"]} >= {"plan 1 started: 2025-07"}
