"""The When page in chromium: the months play on the map without a request, and axe is content."""

import pytest

from tests.browser.test_pages import opened


@pytest.fixture
def page(watch, dashboard):
    watched = opened(watch(dashboard), "when")
    assert watched.map
    watched.settle()
    yield watched
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def test_months_play_on_the_map_and_reload_nothing(page):
    frame, asked = page.map, []
    drawn = frame.evaluate("document.querySelector('#map_div').dataset.drawn")
    total = "hotspotMap.state.points.counts.reduce((a, b) => a + b, 0)"
    every = frame.evaluate(total)
    months = frame.evaluate("hotspotMap.state.months.labels.length")
    assert frame.locator(".months .month").inner_text() == "All months"
    page.page.on("request", lambda request: asked.append(request.url))
    frame.locator(".months .play").click()
    frame.wait_for_function(f"hotspotMap.state.months.at === {months - 1}", timeout=60_000)
    frame.locator(".months").get_by_role("button", name="Play month by month").wait_for()
    sums = [
        frame.evaluate(
            f"""() => {{ const box = document.querySelector('.months input'); box.value = {at + 1};
            box.dispatchEvent(new Event('input')); return {total}; }}"""
        )
        for at in range(months)
    ]
    assert sum(sums) == every
    assert asked == [], "playing asks nobody"
    assert frame.evaluate("document.querySelector('#map_div').dataset.drawn") == drawn


def test_the_slider_is_named_and_moved_by_keyboard(page):
    slider = page.map.get_by_role("slider", name="Month")
    slider.press("ArrowRight")
    label = page.map.locator(".months .month").inner_text()
    assert slider.get_attribute("aria-valuetext") == label != "All months"
    slider.press("Home")
    assert page.map.locator(".months .month").inner_text() == "All months"
    assert page.axe() == []
