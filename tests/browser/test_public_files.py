"""What residents hold in their hands: the page they answer on, and the page they take home."""

import pandas as pd
import pytest

from hotspots.action import listening
from hotspots.action.records import open_records
from hotspots.library import Library
from hotspots.publish.disclosure import disclose
from hotspots.publish.marking import hexagons_of
from hotspots.publish.public_areas import areas
from hotspots.publish.story import Story
from hotspots.publish.words import Words
from hotspots.settings import SAMPLE
from hotspots.sources import basemaps
from hotspots.study import open_dataset
from hotspots.tables.wards import Wards
from hotspots.views.listen_form import picture
from hotspots.views.takehome import page_html
from tests.browser.conftest import PROJECT, serve

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="module")
def meeting(dataset, tmp_path_factory):
    """A meeting about Crewe on a server of its own."""
    folder = tmp_path_factory.mktemp("meeting")
    wards = Wards(dataset.wards.loc[dataset.wards["name"].str.startswith("Crewe")])
    hexagons = hexagons_of(wards, Words())
    key = listening.open_meeting(
        open_records(folder),
        name="Crewe",
        area=" ".join(wards.index),
        hexagons=hexagons,
        picture=picture(wards, basemaps.illustrative(SAMPLE), hexagons),
        by="Ann",
    )
    with serve(PROJECT / "dashboard.py", folder, folder / "server.log") as address:
        yield address, key, folder


def test_a_resident_answers_by_tapping_and_the_list_says_the_same(watch, meeting):
    address, key, folder = meeting
    watched = watch(address)
    watched.page.set_viewport_size(PHONE)
    watched.open(f"/say/{key}")
    page = watched.page
    for number in (3, 5):
        page.locator("polygon.hex").nth(number).click()
    assert page.locator("#chosen").inner_text() == "2 of 5 chosen"
    page.get_by_text("The places as a list").click()
    assert page.locator("input[name=mark]:checked").count() == 2
    assert watched.axe() == []
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0
    page.get_by_label("Better lights").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you").wait_for()
    assert watched.axe() == []
    kept = listening.answers(open_records(folder), key, listening.WAITING)
    assert [len(marks) for marks in kept["marks"]] == [2]
    assert (watched.foreign, watched.complaints) == ([], [])


def test_a_resident_answers_without_any_script(watch, meeting):
    address, key, folder = meeting
    watched = watch(address, java_script_enabled=False)
    watched.open(f"/say/{key}")
    page = watched.page
    page.get_by_text("The places as a list").press("Enter")
    page.locator("input[name=mark]").first.press("Space")
    page.get_by_label("In your own words, if you like").fill("Too dark")
    page.get_by_role("button", name="Send").press("Enter")
    page.get_by_text("Thank you").wait_for()
    kept = listening.answers(open_records(folder), key, listening.WAITING)
    assert "Too dark" in set(kept["words"])


@pytest.mark.parametrize("code", ["all", "ward:X05000033"])
def test_the_page_to_take_home_opens_from_a_file(watch, dataset, tmp_path, code):
    release = disclose(dataset, today=pd.Period("2026-06", "M")).release
    story = Story(release, areas(release, Words())[code], Words())
    file = tmp_path / "index.html"
    file.write_bytes(page_html(story, report_address="https://www.police.uk"))
    watched = watch("file://")
    watched.page.goto(file.as_uri())
    for summary in watched.page.locator("summary").all():
        summary.press("Enter")
    assert watched.axe() == []
    watched.page.set_viewport_size({"width": 320, "height": 700})
    assert watched.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert watched.requests == [file.as_uri()]
    assert watched.complaints == []
