"""The When page in chromium: the months play on the map without a request, and axe is content."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from hotspots import library as libraries
from hotspots.selection import Selection
from hotspots.study import open_dataset
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


def test_the_whole_area_is_seen_above_the_bar_whatever_the_room(page):
    frame = page.map
    whole = (
        "hotspotMap.state.whole() && hotspotMap.state.map.getBounds()"
        ".contains(hotspotMap.state.config.bounds)"
    )
    for size in (None, {"width": 1920, "height": 1080}, {"width": 1366, "height": 768}):
        if size:
            before = frame.locator("#map_div").bounding_box()["width"]
            page.page.set_viewport_size(size)
            frame.wait_for_function(f"hotspotMap.state.map.getSize().x !== Math.round({before})")
        frame.wait_for_function(whole)
        ground = frame.locator("#map_div").bounding_box()
        bar = frame.locator(".months").bounding_box()
        assert ground["y"] + ground["height"] <= bar["y"], "the bar covers the map"
        assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_slider_is_named_and_moved_by_keyboard(page):
    slider = page.map.get_by_role("slider", name="Month")
    slider.press("ArrowRight")
    label = page.map.locator(".months .month").inner_text()
    assert slider.get_attribute("aria-valuetext") == label != "All months"
    slider.press("Home")
    assert page.map.locator(".months .month").inner_text() == "All months"
    assert page.axe() == []


def test_three_years_play_month_by_month_without_a_stutter(watch, dashboard, tmp_path):
    """
    Every month is drawn once, in order, by the map that was there before.

    The play's own pause is cut short, so that a month that took longer to draw than the
    others would be the one that is late.
    """
    choices = open_dataset(libraries.Library(tmp_path)).choices
    link = urlencode(replace(Selection.default(choices), period=choices.period).to_query())
    watched = opened(watch(dashboard), f"when?{link}")
    frame = watched.map
    watched.settle()
    months = frame.evaluate("hotspotMap.state.months.labels.length")
    assert months == 36
    drawn = frame.evaluate("document.querySelector('#map_div').dataset.drawn")
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    frame.evaluate(
        """() => {
        const wait = window.setInterval;
        window.setInterval = (step, ms) => wait(step, ms === 700 ? 60 : ms);
        window.seen = []; window.longest = 0;
        const map = document.querySelector('#map_div');
        new MutationObserver(() => window.seen.push(Number(map.dataset.month)))
            .observe(map, { attributeFilter: ['data-month'] });
        new PerformanceObserver((list) => list.getEntries().forEach(
            (task) => { window.longest = Math.max(window.longest, task.duration); }
        )).observe({ entryTypes: ['longtask'] });
        }"""
    )
    frame.locator(".months .play").click()
    frame.wait_for_function(f"hotspotMap.state.months.at === {months - 1}", timeout=60_000)
    seen = frame.evaluate("window.seen")
    print(f"\n{months} months played; longest task {frame.evaluate('window.longest'):.0f} ms")
    assert seen == list(range(months))
    assert asked == [], "playing asks nobody"
    assert watched.foreign == []
    assert watched.complaints == []
    assert frame.evaluate("document.querySelector('#map_div').dataset.drawn") == drawn
