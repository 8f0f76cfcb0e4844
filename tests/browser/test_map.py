"""The map in chromium: it draws, stays put, answers mouse and keyboard, and asks nobody."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.browser.conftest import serve

PAGE = Path(__file__).parent / "page_of_a_map.py"
VIEW = """() => { const map = hotspotMap.state.map;
  return [map.getCenter().lat, map.getCenter().lng, map.getZoom()].map(n => n.toFixed(4)); }"""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    with serve(PAGE, folder, folder / "server.log") as address:
        yield address


@pytest.fixture
def watched(watch, server):
    page = watch(server).open()
    assert page.map
    yield page
    assert page.foreign == [], "a request left the machine"
    assert page.complaints == [], "the console is not clean"


def shown(watched, text):
    watched.page.get_by_text(re.compile(text)).first.wait_for()


def drawn(watched):
    return int(watched.map.evaluate("document.querySelector('#map_div').dataset.drawn"))


def wait_drawn(watched, before):
    watched.map.wait_for_function(
        f"Number(document.querySelector('#map_div').dataset.drawn) > {before}"
    )


def choose_in_table(watched, number):
    box = watched.page.get_by_label("Selected hotspot")
    box.fill(str(number))
    box.press("Enter")
    shown(watched, f"Chosen: {number}")


def test_it_draws_wards_points_and_hotspots(watched):
    frame = watched.map
    state = "hotspotMap.state"
    assert frame.evaluate(f"{state}.layers.wards.length") == 12
    assert frame.evaluate(f"{state}.points.x.length") == 72
    assert frame.locator("path.hotspot").count() == 4
    assert frame.locator(".badge-single").count() >= 1, "one place has a shape of its own"
    assert frame.locator("img, .leaflet-marker-icon").count() <= 8, "points are not elements"
    painted = frame.evaluate(
        "[...document.querySelectorAll('canvas.sheet')].map(canvas => canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data.some(value => value))"
    )
    assert painted.count(True) >= 4
    assert frame.locator(".legend").inner_text().startswith("Legend")
    assert frame.locator(".leaflet-control-scale-line").count() == 2


def test_the_policy_is_in_force(watched):
    policies = {}
    watched.page.on(
        "response",
        lambda answer: policies.update({answer.url: answer.headers.get("content-security-policy")}),
    )
    watched.page.reload()
    assert watched.map
    assert len(policies) > 10
    assert all(policy and "default-src 'self'" in policy for policy in policies.values())
    page_policy = next(p for url, p in policies.items() if url.rstrip("/") == watched.server)
    assert "unsafe-eval" not in page_policy


def test_a_change_of_radius_keeps_the_view(watched):
    frame = watched.map
    frame.evaluate("hotspotMap.state.map.setView([53.2, -2.85], 14.5, { animate: false })")
    frame.evaluate("window.kept = 1")
    before, count = frame.evaluate(VIEW), drawn(watched)
    size = frame.evaluate(
        "hotspotMap.state.hotspots[0].span[2] - hotspotMap.state.hotspots[0].span[0]"
    )
    watched.page.get_by_role("slider").press("ArrowRight")
    wait_drawn(watched, count)
    assert frame.evaluate(VIEW) == before
    assert frame.evaluate("window.kept") == 1, "the frame was not built anew"
    wider = frame.evaluate(
        "hotspotMap.state.hotspots[0].span[2] - hotspotMap.state.hotspots[0].span[0]"
    )
    assert wider == pytest.approx(1.5 * size, rel=0.05)


def test_the_frame_never_collapses_while_it_is_redrawn(watched):
    watched.page.evaluate(
        """() => { window.heights = []; const look = () => {
          const frame = document.querySelector('iframe[src*=streamlit_folium]');
          window.heights.push(frame ? frame.getBoundingClientRect().height : 0);
          requestAnimationFrame(look); }; look(); }"""
    )
    for _ in range(2):
        count = drawn(watched)
        watched.page.get_by_role("slider").press("ArrowRight")
        wait_drawn(watched, count)
    watched.settle()
    heights = watched.page.evaluate("window.heights")
    assert min(heights) == max(heights) == 480


def test_shading_comes_and_goes_in_place(watched):
    before, count = watched.map.evaluate(VIEW), drawn(watched)
    watched.page.get_by_text("Shade wards").click()
    wait_drawn(watched, count)
    assert watched.map.locator(".legend .swatch").count() == 5
    assert watched.map.evaluate(VIEW) == before


def test_a_click_on_a_hotspot_selects_it_on_the_page_and_moves_nothing(watched):
    before = watched.map.evaluate(VIEW)
    watched.map.locator(".badge", has_text="1").first.click()
    shown(watched, "Clicked: 1. Chosen: 1")
    assert watched.page.get_by_label("Selected hotspot").input_value() == "1"
    watched.map.locator(".card", has_text="Hotspot 1").wait_for()
    assert watched.map.evaluate(VIEW) == before
    assert watched.map.locator("path.hotspot.is-selected").count() == 1
    # The same hotspot again, after another was chosen in the table, is a new click.
    choose_in_table(watched, 3)
    watched.map.locator(".card .close").click()
    watched.page.wait_for_timeout(1_200)
    watched.map.evaluate("hotspotMap.state.fit(false)")
    watched.map.locator(".badge", has_text="1").first.click()
    shown(watched, "Clicked: 1. Chosen: 1")


def test_a_choice_in_the_table_brings_the_map_there(watched):
    choose_in_table(watched, 4)
    watched.map.wait_for_function(
        "() => { const state = hotspotMap.state; return state.selected === 4"
        " && state.map.getBounds().contains(state.chosen().bounds) && state.map.getZoom() >= 14; }"
    )
    assert watched.map.evaluate("window.hotspotMap.state.chosen().single")


def test_panning_and_zooming_never_run_the_page(watched):
    shown(watched, "Runs: ")
    watched.settle()
    before = watched.page.get_by_text(re.compile("^Runs: ")).inner_text()
    watched.map.locator(".zoom-in").click()
    watched.map.locator(".east").click()
    watched.map.evaluate("hotspotMap.state.map.panBy([40, 40])")
    watched.map.locator("#map_div").click(position={"x": 300, "y": 30})
    watched.page.wait_for_timeout(1_500)
    assert watched.page.get_by_text(re.compile("^Runs: ")).inner_text() == before


def test_the_view_and_the_layers_outlive_a_change_of_page(watched):
    watched.map.evaluate("hotspotMap.state.map.setView([53.2, -2.85], 14.5, { animate: false })")
    watched.map.locator(".layers summary").click()
    watched.map.get_by_label("Heat").check()
    before = watched.map.evaluate(VIEW)
    watched.page.get_by_role("link", name="Other").click()
    shown(watched, "Nothing to see")
    watched.page.get_by_role("link", name="Map").click()
    shown(watched, "Runs: ")
    assert watched.map.evaluate(VIEW) == before
    assert watched.map.evaluate("hotspotMap.state.show.heat") is True


def test_hostile_names_are_shown_as_text(watched):
    watched.page.on("dialog", lambda dialog: watched.complaints.append(dialog.message))
    frame = watched.map
    frame.locator("path.hotspot").first.hover(force=True)
    tip = frame.locator(".tip")
    tip.wait_for()
    assert "<img src=x onerror=alert(1)>`{{1}}" in tip.inner_text()
    at = frame.evaluate(
        "() => { const { map, layers } = hotspotMap.state; const ward = layers.wardNames[0];"
        " const size = 256 * 2 ** map.getZoom(); const origin = map.getPixelBounds().min;"
        " return { x: ward.x * size - origin.x, y: ward.y * size - origin.y + 12 }; }"
    )
    frame.locator("#map_div").hover(position=at)
    frame.wait_for_function("document.querySelector('.tip').innerText.includes('<img src=x')")
    assert frame.locator("img[src=x]").count() == 0
    assert "<img" in frame.locator("path.hotspot").first.get_attribute("aria-label")


def test_the_keyboard_reaches_every_hotspot(watched):
    frame = watched.map
    assert frame.locator("path.hotspot[tabindex='0']").count() == 1, "one stop of the Tab key"
    first = frame.locator("path.hotspot[data-hotspot='1']")
    assert first.get_attribute("role") == "button"
    assert first.get_attribute("aria-label").startswith("Hotspot 1: 39 reports")
    first.focus()
    watched.page.keyboard.press("ArrowRight")
    watched.page.keyboard.press("ArrowRight")
    assert frame.evaluate("document.activeElement.dataset.hotspot") == "3"
    watched.page.keyboard.press("Enter")
    shown(watched, "Chosen: 3")
    frame.wait_for_function("document.activeElement.classList.contains('card')")
    assert "Hotspot 3" in frame.locator(".card").inner_text()
    watched.page.keyboard.press("Escape")
    assert frame.evaluate("document.activeElement.dataset.hotspot") == "3"
    watched.page.keyboard.press("Escape")
    assert frame.evaluate("document.activeElement.id") == "map_div"


def test_the_focus_stays_on_a_hotspot_while_its_outline_changes(watched):
    frame = watched.map
    frame.locator("path.hotspot[data-hotspot='2']").focus()
    count = drawn(watched)
    frame.evaluate(
        "() => { const data = structuredClone(hotspotMap.state.data);"
        " data.hotspots.items[1].summary = 'changed'; hotspotMap.draw(data); }"
    )
    assert drawn(watched) == count + 1
    assert frame.evaluate("document.activeElement.dataset.hotspot") == "2"


def test_buttons_are_large_enough_and_named(watched):
    frame = watched.map
    targets = "button:visible, summary:visible, .leaflet-marker-icon:visible"
    for element in frame.locator(targets).all():
        box = element.bounding_box()
        assert min(box["width"], box["height"]) >= 24, element.evaluate("e => e.outerHTML")
    names = [b.get_attribute("aria-label") for b in frame.locator(".moves button").all()]
    assert names == ["Zoom in", "Zoom out", "North", "West", "Whole area", "East", "South"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(watch, server, scheme):
    watched = watch(server, color_scheme=scheme).open()
    frame = watched.map
    assert frame.evaluate("document.documentElement.dataset.theme") == scheme
    frame.locator(".layers summary").click()
    frame.locator(".badge").first.click()
    frame.locator(".card").wait_for()
    watched.settle()
    assert watched.axe() == []
    title = watched.page.locator("iframe[src*=streamlit_folium]").get_attribute("title")
    assert "table" in title
    assert "table" in frame.locator("#map_div").get_attribute("aria-label")


def test_motion_is_left_out_for_those_who_ask(watch, server):
    watched = watch(server, reduced_motion="reduce").open()
    frame = watched.map
    frame.evaluate(
        "() => { window.frames_of_motion = 0;"
        " hotspotMap.state.map.on('zoomanim', () => (window.frames_of_motion += 1)); }"
    )
    choose_in_table(watched, 4)
    frame.wait_for_function("hotspotMap.state.map.getZoom() >= 14")
    assert frame.evaluate("window.frames_of_motion") == 0


def tiles_of_our_own(folder):
    library = folder / "library" / "basemap"
    library.mkdir(parents=True)
    with sqlite3.connect(library / "raster.mbtiles") as db:
        db.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        db.execute("INSERT INTO metadata VALUES ('format', 'png'), ('attribution', 'A Publisher')")
        db.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
    db.close()


def test_background_pictures_come_from_the_dashboard_itself(watch, tmp_path):
    tiles_of_our_own(tmp_path)
    with serve(PAGE, tmp_path, tmp_path / "server.log") as address:
        watched = watch(address).open()
        assert watched.map.get_by_text("A Publisher").count() == 1
        watched.map.locator("img.leaflet-tile-loaded").first.wait_for(state="attached")
        assert any("/tiles/" in url for url in watched.requests)
        assert (watched.foreign, watched.complaints) == ([], [])


def test_tiles_that_do_not_come_are_given_up_quietly(watch, tmp_path):
    (tmp_path / "basemap.toml").write_text(
        'tiles_url = "https://tiles.invalid/{z}/{x}/{y}.png"\nattribution = "Nobody"\n'
    )
    with serve(PAGE, tmp_path, tmp_path / "server.log") as address:
        watched = watch(address).open()
        watched.map.get_by_text("Background tiles could not be loaded").wait_for()
        assert watched.foreign, "they were asked for, since the user set them up"
        assert all(url.startswith("https://tiles.invalid/") for url in watched.foreign)
        assert not any("Content Security Policy" in text for text in watched.complaints)
        assert watched.map.get_by_text("Nobody").count() == 0
        assert watched.map.locator("path.hotspot").count() == 4
