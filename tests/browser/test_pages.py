"""Every page as people meet it: opened by its address, clicked through, sent on as a link."""

import pytest

from hotspots.app.pages import PATHS
from tests.browser.test_map import VIEW, drawn, wait_drawn

HEADER = ROW = 35


@pytest.fixture
def page(watch, dashboard):
    watched = opened(watch(dashboard))
    yield watched
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def opened(watched, path=""):
    watched.open(f"/{path}")
    watched.page.locator("h1").first.wait_for(timeout=60_000)
    if "?" in path or path in {"", "patrol"}:
        assert watched.map
    watched.settle()
    return watched


def radius(watched):
    return watched.page.get_by_role("slider", name="Walking radius, m")


def pick_box(watched):
    return watched.page.get_by_role("combobox", name="Hotspot")


def pick_in_table(watched, number):
    table = watched.page.get_by_test_id("stDataFrame").first
    table.click(position={"x": 17, "y": HEADER + ROW * number - ROW // 2})


def pick_in_box(watched, number):
    pick_box(watched).fill(f"{number} · ")
    watched.page.get_by_role("option").first.wait_for()
    watched.page.keyboard.press("Enter")


def pick_on_map(watched, number):
    badge = watched.map.locator(".badge").filter(has_text=str(number)).first
    badge.click()


def assert_picked(watched, number):
    """The hotspot is picked out in the box, in the table, on the map, and its card is shown."""
    watched.page.locator("h3", has_text=f"{number} · ").wait_for()
    watched.map.wait_for_function(f"hotspotMap.state.selected === {number}")
    watched.settle()
    row = watched.page.locator("canvas tr[aria-selected=true] td").first
    row.wait_for(state="attached")
    assert row.text_content() == str(number)
    assert pick_box(watched).input_value().startswith(f"{number} · ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", *PATHS])
def test_a_page_opens_by_its_own_address(watch, dashboard, path, scheme):
    watched = opened(watch(dashboard, color_scheme=scheme), path)
    current = watched.page.locator("[data-testid=stTopNavLink][aria-current=page]")
    assert current.inner_text() == (path or "where").capitalize()
    assert watched.page.locator("h1").count() == 1
    assert len(watched.page.locator("h1").inner_text()) > 20
    assert "made up" in watched.page.get_by_test_id("stAlert").first.inner_text()
    assert watched.axe() == []
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def test_a_change_of_radius_redraws_and_keeps_the_view(page):
    frame = page.map
    frame.evaluate("hotspotMap.state.map.setView([53.2, -2.9], 12.5, { animate: false })")
    frame.evaluate("window.kept = 1")
    before, count, title = frame.evaluate(VIEW), drawn(page), page.page.title()
    finding = page.page.locator("h1").inner_text()
    for _ in range(10):
        radius(page).press("ArrowRight")
    page.page.get_by_text("within 150 m").first.wait_for()
    wait_drawn(page, count)
    page.settle()
    assert page.page.locator("h1").inner_text() != finding
    assert frame.evaluate(VIEW) == before
    assert frame.evaluate("window.kept") == 1, "the frame was not built anew"
    assert page.page.title() == title


@pytest.mark.parametrize("pick", [pick_in_table, pick_in_box, pick_on_map])
def test_what_is_picked_in_one_place_is_picked_in_all(page, pick):
    pick(page, 4)
    assert_picked(page, 4)
    pick_in_table(page, 2)
    assert_picked(page, 2)


def test_letting_go_of_a_hotspot_lets_go_of_it_everywhere(page):
    pick_in_table(page, 1)
    assert_picked(page, 1)
    page.page.get_by_role("button", name="Clear value").click()
    page.map.wait_for_function("hotspotMap.state.selected === null")
    page.page.locator("h3", has_text=" · ").wait_for(state="detached")
    assert "hotspot=" not in page.page.url


def test_the_address_reproduces_the_view_elsewhere(page, watch, dashboard):
    for _ in range(4):
        radius(page).press("ArrowRight")
    page.page.get_by_text("within 120 m").first.wait_for()
    page.settle()
    pick_in_table(page, 3)
    assert_picked(page, 3)
    link = page.page.url.removeprefix(f"{dashboard}/")
    elsewhere = opened(watch(dashboard), link)
    assert_picked(elsewhere, 3)
    for part in ("h1", "h3", "[data-testid=stCaptionContainer]"):
        here, there = (w.page.locator(part).first.inner_text() for w in (page, elsewhere))
        assert there == here
    assert elsewhere.page.url == page.page.url
    assert (elsewhere.foreign, elsewhere.complaints) == ([], [])


def test_a_round_through_the_pages_keeps_hotspot_and_view(page):
    pick_in_table(page, 5)
    assert_picked(page, 5)
    page.page.wait_for_timeout(1_500)
    page.map.evaluate("hotspotMap.state.map.setView([53.2, -2.9], 12.5, { animate: false })")
    before = page.map.evaluate(VIEW)
    for name in ("When", "Evidence"):
        title = page.page.locator("h1").inner_text()
        page.page.get_by_role("link", name=name, exact=True).click()
        page.page.locator("h1").filter(has_not_text=title).wait_for(timeout=60_000)
        page.settle()
    page.page.get_by_role("link", name="Where", exact=True).click()
    assert_picked(page, 5)
    after = [float(number) for number in page.map.evaluate(VIEW)]
    assert after == pytest.approx([float(number) for number in before], abs=5e-4)


def test_every_control_is_reached_by_the_tab_key(page):
    page.page.keyboard.press("Tab")
    met = []
    for _ in range(60):
        page.page.keyboard.press("Tab")
        met.append(
            page.page.evaluate(
                "() => { const e = document.activeElement;"
                " return e.getAttribute('aria-label') || e.title || e.innerText || ''; }"
            ).split("\n")[0]
        )
    order = [
        "Study area",
        "Months — start",
        "Walking radius, m",
        "Choose the number from the data",
        "Shade wards by",
        "Heat",
        "Where",
        "Data",
        "Hotspot",
        "Take it away",
    ]
    assert all(name in met for name in order), met
    places = [met.index(name) for name in order]
    assert places == sorted(places), "the order of the Tab key is that of the page"


@pytest.mark.parametrize("path", ["", *PATHS])
def test_a_page_fits_a_screen_enlarged_four_times(watch, dashboard, path):
    watched = watch(dashboard)
    watched.page.set_viewport_size({"width": 342, "height": 768})
    opened(watched, path)
    over = watched.page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]');"
        " return Math.max(m.scrollWidth - m.clientWidth,"
        " document.documentElement.scrollWidth - innerWidth); }"
    )
    assert over <= 0, "the page must be read without scrolling sideways"
    assert watched.page.locator("h1").is_visible()
