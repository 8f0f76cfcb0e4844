"""The Patrol page in chromium: areas and hotspots are told apart, and a change is followed."""

import re

import pytest

from tests.browser.conftest import PROJECT, serve

# A picture from elsewhere, a script and a formula, as one reason.
HOSTILE = "=1+1 <img src=x onerror=alert(1)> ![x](https://evil.invalid/x.png)"


@pytest.fixture
def own(tmp_path):
    """A dashboard with a record of its own."""
    with serve(PROJECT / "dashboard.py", tmp_path, tmp_path / "server.log") as address:
        yield address


def opened(watch, address, **options):
    watched = watch(address, **options).open("/patrol")
    assert watched.map
    watched.settle()
    return watched


def clean(watched):
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def drawn(watched):
    return int(watched.map.evaluate("document.querySelector('#map_div').dataset.drawn"))


def keys(watched):
    return watched.map.evaluate("hotspotMap.state.numbered.map(outline => outline.key)")


def shown(watched, text):
    watched.page.get_by_text(re.compile(text)).first.wait_for()


def test_areas_and_hotspots_are_two_kinds(watch, dashboard):
    watched = opened(watch, dashboard)
    frame = watched.map
    assert watched.page.get_by_role("heading", level=1).inner_text().startswith("20 patrol areas")
    assert frame.locator("path.area").count() == 20
    assert frame.locator("path.hotspot").count() == 0, "hotspots cannot be chosen here"
    assert frame.locator("path.hotspot-faint").count() > 20
    assert frame.locator("path.area").first.get_attribute("fill") == "url(#hatch-area)"
    assert frame.locator("pattern#hatch-area line").count() == 1
    legend = frame.locator(".legend").evaluate("box => box.textContent")
    assert "Patrol area: where to walk" in legend
    assert "Hotspot: where reports gather" in legend
    badges = frame.locator(".leaflet-marker-icon.badge-area").all_inner_texts()
    assert badges
    assert all(text.startswith("P") for text in badges)
    frame.locator(".layers summary").click()
    frame.get_by_label("Patrol areas", exact=True).uncheck()
    assert frame.locator("path.area").count() == 0
    assert frame.locator("path.hotspot-faint").count() > 20
    frame.get_by_label("Patrol areas", exact=True).check()
    assert frame.locator("path.area").count() == 20
    assert "Patrol areas" in frame.locator(".layers").inner_text()
    clean(watched)


def test_the_where_page_knows_nothing_of_patrol_areas(watch, dashboard):
    watched = watch(dashboard).open("/")
    frame = watched.map
    assert frame.locator("path.area").count() == 0
    frame.locator(".layers summary").click()
    assert not frame.get_by_label("Patrol areas", exact=True).is_visible()
    clean(watched)


def test_the_keyboard_reaches_every_area(watch, dashboard):
    watched = opened(watch, dashboard)
    frame = watched.map
    first = frame.locator("path.area[data-area='1']")
    assert first.get_attribute("tabindex") == "0"
    assert first.get_attribute("role") == "button"
    assert first.get_attribute("aria-label").startswith("Patrol area 1: ")
    first.focus()
    watched.page.keyboard.press("ArrowRight")
    watched.page.keyboard.press("Enter")
    frame.wait_for_function("document.activeElement.classList.contains('card')")
    assert "Patrol area P2" in frame.locator(".card").inner_text()
    watched.page.get_by_role("heading", name=re.compile("^P2 · ")).wait_for()
    clean(watched)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(watch, dashboard, scheme):
    watched = opened(watch, dashboard, color_scheme=scheme)
    watched.map.locator("path.area[data-area='1']").focus()
    watched.page.keyboard.press("Enter")
    watched.page.get_by_role("heading", name=re.compile("^P1 · ")).wait_for()
    watched.settle()
    assert watched.axe() == []
    clean(watched)


def test_a_change_by_form_moves_the_map_and_is_listed_and_undone(watch, own):
    watched = opened(watch, own)
    page, before = watched.page, keys(watched)
    page.on("dialog", lambda dialog: watched.complaints.append(dialog.message))
    place = watched.map.evaluate("hotspotMap.state.numbered[0].at")
    page.get_by_text("Exclude: no area holds this ground").click()
    page.get_by_label("A circle round").fill(f"{place[1]}, {place[0]}")
    page.get_by_label("Reason").first.fill(HOSTILE)
    page.get_by_label("Your name").first.fill("Sgt <b>Ames</b>")
    count = drawn(watched)
    page.get_by_role("button", name="Record this change").click()
    shown(watched, "Change 1 is recorded")
    watched.map.wait_for_function(
        f"Number(document.querySelector('#map_div').dataset.drawn) > {count}"
    )
    watched.settle()
    assert keys(watched) != before
    assert watched.map.locator("path.excluded").count() == 1
    row = page.get_by_role("row", name=re.compile("No area holds"))
    said = row.inner_text().replace("\u2060", "")  # joiners keep addresses from becoming links
    assert HOSTILE in said
    assert row.locator("img, b, a").count() == 0, "what is typed is text"
    assert "1 change by hand" in page.locator("[data-testid=stCaptionContainer]").first.inner_text()

    page.get_by_label("Reason").last.fill("drained")
    page.get_by_label("Your name").last.fill("Insp Bell")
    page.get_by_role("button", name="Undo this change").click()
    shown(watched, "Change 1 is undone")
    watched.map.wait_for_function("hotspotMap.state.data.excluded.items.length === 0")
    watched.settle()
    assert keys(watched) == before
    clean(watched)
