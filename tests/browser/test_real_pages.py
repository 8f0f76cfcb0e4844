"""A force's real year in the browser: drawn, counted alike everywhere, and answered in time."""

import json
import time
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app as command_line
from hotspots.library import Library
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, study
from tests.browser.conftest import PROJECT, serve
from tests.browser.test_map import VIEW, drawn, wait_drawn
from tests.browser.test_pages import opened, radius
from tests.real.load import folder as real_data
from tests.real.load import real

pytestmark = real
# What a person waits for without losing the thread, on an idle machine; tests share theirs.
SOON_S = 4


def run(*arguments):
    done = CliRunner().invoke(command_line, [str(part) for part in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cheshire")
    run("import", "--data", folder, *sorted(real_data().glob("police_uk/2025-*")))
    run("wards", "--data", folder, *sorted(real_data().glob("boundaries/ward_*.geojson")))
    residents = real_data() / "population" / "cheshire_ward24_bestfit_pop_census2021.csv"
    run("population", "--data", folder, residents)
    return folder


@pytest.fixture(scope="module")
def cheshire(folder):
    with serve(PROJECT / "dashboard.py", folder, folder / "server.log") as address:
        yield address


@pytest.fixture
def page(watch, cheshire):
    watched = opened(watch(cheshire))
    yield watched
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def test_the_first_screen_holds_the_real_year(page):
    assert page.page.locator("h1").inner_text().split()[1:3] == ["hotspots", "hold"]
    assert page.page.get_by_text("made up").count() == 0, "the banner is the sample's alone"
    state = "hotspotMap.state"
    assert page.map.evaluate(f"{state}.layers.wards.length") == 137
    assert page.map.evaluate(f"{state}.points.x.length") > 3_000
    assert page.map.get_by_text("Open Government Licence").count() == 1
    assert page.axe() == []


def test_page_command_line_and_python_count_the_same(page, folder, tmp_path):
    dataset = open_dataset(Library(folder))
    found = find(study(dataset, Selection.default(dataset.choices))).hotspots
    out = tmp_path / "found.geojson"
    run("find", "--data", folder, "--out", out)
    features = json.loads(out.read_text())["features"]
    assert len(features) == len(found) > 20
    assert page.page.locator("h1").inner_text().startswith(f"{len(found)} hotspots hold")
    assert page.map.evaluate("hotspotMap.state.hotspots.length") == len(found)
    rows = page.page.locator("canvas table").first.get_attribute("aria-rowcount")
    assert int(rows) == len(found) + 1
    page.page.get_by_text("The hotspots as a plain table").click()
    table = page.page.get_by_test_id("stTable").filter(visible=True)
    table.wait_for()
    counts = table.locator("tbody tr td:nth-of-type(1)").all_inner_texts()
    assert [int(text) for text in counts] == found["incidents"].tolist()
    assert [f["properties"]["incidents"] for f in features] == found["incidents"].tolist()


def test_a_change_of_radius_is_soon_drawn_and_moves_nothing(page):
    frame = page.map
    frame.evaluate("hotspotMap.state.map.setView([53.19, -2.89], 14, { animate: false })")
    frame.evaluate("window.kept = 1")
    before, waits = frame.evaluate(VIEW), []
    for _ in range(3):
        count, start = drawn(page), time.monotonic()
        radius(page).press("ArrowRight")
        wait_drawn(page, count)
        waits.append(time.monotonic() - start)
        page.settle()
    assert frame.evaluate(VIEW) == before
    assert frame.evaluate("window.kept") == 1, "the frame was not built anew"
    assert min(waits) < SOON_S, waits


@pytest.mark.parametrize("path", ["when", "evidence", "data"])
def test_every_page_answers_for_the_real_year(watch, cheshire, path):
    watched = opened(watch(cheshire), path)
    assert any(letter.isdigit() for letter in watched.page.locator("h1").inner_text())
    assert watched.page.get_by_test_id("stException").count() == 0
    assert (watched.foreign, watched.complaints) == ([], [])
    assert watched.axe() == []


def test_a_quiet_ward_says_so_and_is_still_drawn(watch, cheshire, folder):
    dataset = open_dataset(Library(folder))
    default = Selection.default(dataset.choices)
    counts = study(dataset, default).ward.value_counts(ascending=True)
    wards = (replace(default, area=f"ward:{code}") for code in counts.index)
    quiet = next(ward for ward in wards if find(study(dataset, ward)).hotspots.empty)
    watched = opened(watch(cheshire), f"?area={quiet.area}")
    title = watched.page.locator("h1").inner_text()
    assert title.startswith("No hotspot in")
    assert "bunched" in title
    watched = opened(watch(cheshire), f"?area={quiet.area}&min=400")
    title = watched.page.locator("h1").inner_text()
    assert "400 reports do not gather anywhere" in title, "chance is not what decided"
    assert watched.map.evaluate("hotspotMap.state.hotspots.length") == 0
    assert (watched.foreign, watched.complaints) == ([], [])
