"""The When page in chromium: the months play on the map without a request, and axe is content."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from hotspots import library as libraries
from hotspots.selection import Selection
from hotspots.study import open_dataset
from tests import elsewhere
from tests.browser.conftest import PROJECT, serve
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


def test_what_changed_and_what_is_new_open_on_their_own(page, watch, dashboard):
    link = page.page.get_by_role("link", name="See this ward by itself")
    with page.page.context.expect_page() as tab:
        link.click()
    tab.value.get_by_role("heading", level=1).wait_for()
    assert "area=ward" in tab.value.url
    tab.value.get_by_text("Crewe Station (ward in", exact=False).first.wait_for()
    tab.value.close()
    watched = opened(watch(dashboard), "when?from=2024-10&to=2025-09")
    new = watched.page.get_by_text("New and returning hotspots: 1 new")
    new.click()
    where = watched.page.get_by_role("link", name="See it on Where").last
    where.wait_for()
    watched.settle()
    assert watched.axe() == []
    with watched.page.context.expect_page() as tab:
        where.click()
    tab.value.get_by_role("heading", name="Wool Lane").wait_for()
    tab.value.close()


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
        window.same = hotspotMap.state.map;
        let last = performance.now();
        window.gap = 0;
        const frame = (now) => {
            window.gap = Math.max(window.gap, now - last);
            last = now;
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        }"""
    )
    frame.locator(".months .play").click()
    frame.wait_for_function(f"hotspotMap.state.months.at === {months - 1}", timeout=60_000)
    frame.get_by_role("button", name="Play month by month").wait_for()
    seen, longest, gap = (frame.evaluate(f"window.{name}") for name in ("seen", "longest", "gap"))
    print(f"\n{months} months played; longest task {longest:.0f} ms, widest gap {gap:.0f} ms")
    assert seen == list(range(months))
    assert frame.evaluate("hotspotMap.state.months.timer") is None
    assert frame.evaluate("window.same === hotspotMap.state.map"), "the map was built anew"
    assert asked == [], "playing asks nobody"
    assert watched.foreign == []
    assert watched.complaints == []
    assert frame.evaluate("document.querySelector('#map_div').dataset.drawn") == drawn


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The dashboard on reports that are known to the minute, beyond Great Britain."""
    folder = tmp_path_factory.mktemp("city")
    elsewhere.city(folder)
    with serve(PROJECT / "dashboard.py", folder, folder / "server.log") as address:
        yield address


def with_a_reason(watched, path):
    """A page of restricted reports, the reason for looking given."""
    watched.open(f"/{path}")
    watched.page.get_by_role("combobox", name="Why do you need to see them?").click()
    watched.page.keyboard.press("Enter")
    watched.page.locator("h1", has_text="Before you look").wait_for(state="detached")
    watched.page.get_by_role("heading", name="Beside other crime").wait_for(timeout=60_000)
    assert watched.map
    watched.settle()
    return watched


def choose(watched, group, option):
    group = watched.page.get_by_role("radiogroup", name=group)
    group.get_by_text(option, exact=True).click()
    watched.settle()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view_of_dated_reports(watch, city, scheme):
    watched = with_a_reason(watch(city, color_scheme=scheme), "when")
    for title in ("Near repeats", "Early warning", "Hours and days"):
        assert watched.page.get_by_role("heading", name=title).count() == 1
    for summary in watched.page.get_by_test_id("stExpander").locator("summary").all():
        summary.click()
    watched.settle()
    assert watched.axe() == []
    choose(watched, "Count by", "Weeks (Monday to Sunday)")
    watched.page.get_by_text("These weeks as a table").click()
    choose(watched, "Look at the newest", "Months")
    assert watched.axe() == []
    assert (watched.foreign, watched.complaints) == ([], [])


def test_what_was_gathered_before_is_asked_to_the_last_day(watch, city):
    """The replay by days ends, says what it found, and can be asked again."""
    watched = with_a_reason(watch(city), "when")
    watched.page.get_by_text("How this was looked for").click()
    ask = watched.page.get_by_role("button", name="Ask the same of the days before")
    ask.click()
    watched.page.get_by_text(re.compile(r"in each of the \d+ days before")).wait_for(
        timeout=120_000
    )
    watched.settle()
    assert ask.is_enabled()
    assert (watched.foreign, watched.complaints) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_changes_were_planted(watch, dashboard, tmp_path, scheme):
    # A ward: a force is asked ten times as much, and has the same page.
    choices = open_dataset(libraries.Library(tmp_path)).choices
    ward = next(area for area in choices.areas if area.startswith("ward:"))
    watched = watch(dashboard, color_scheme=scheme).open(f"/evidence?area={ward}")
    watched.page.locator("h1").first.wait_for(timeout=60_000)
    watched.page.get_by_role("button", name="Plant changes in these data").click()
    watched.page.get_by_text("changes a size, each at one place").wait_for(timeout=120_000)
    watched.settle()
    assert watched.axe() == []
    assert (watched.foreign, watched.complaints) == ([], [])


# What the Tab key stops at, and whether more than a tint of its ground shows that it does.
STOP = """async () => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const round = [here.firstElementChild, here];
    for (let i = 0; i < 4; i++) round.push(round[round.length - 1].parentElement);
    const drawn = () => JSON.stringify(round.filter(Boolean).map((part) => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(part);
        return [outlineStyle === 'none' || outlineWidth, boxShadow, borderColor];
    }));
    const drawnSoon = () => new Promise((done) => setTimeout(() => done(drawn()), 40));
    const focused = await drawnSoon();
    const own = getComputedStyle(here);
    const ring = own.outlineStyle !== 'none' || own.boxShadow !== 'none';
    here.blur();
    // A ring round the control itself, or whatever of it and round it is drawn otherwise.
    const shown = ring || focused !== await drawnSoon();
    here.focus();
    const lines = (here.closest('label') || here).innerText.trim().split('\\n');
    // An icon is a word of its font, in small letters.
    const said = lines.find((line) => !/^[a-z_]*$/.test(line));
    const name = here.getAttribute('aria-label') || here.title || said;
    return [name, shown || here.tagName === 'IFRAME'];
}"""


def test_every_control_is_reached_by_the_tab_key_and_shows_it(watch, city):
    watched = with_a_reason(watch(city, reduced_motion="reduce"), "when")
    page = watched.page
    page.get_by_role("link", name="When", exact=True).focus()
    met = []
    for _ in range(90):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        met.append(stop)
    names = [name for name, _ in met]
    order = [
        "Patrol",
        "All 11 places that were looked at",
        "Steps in the level",
        "Days",
        "How this was looked for, and how often it would have spoken before",
        "Send it on",
        "Count for",
        "Months",
        "Take it away",
        "These months as a table",
        "Map of reports month by month; the table on this page lists the same",
        "These hours as a table",
        "These days as a table",
        "All distances and times as a table",
    ]
    assert [name for name in order if name not in names] == [], names
    places = [names.index(name) for name in order]
    assert places == sorted(places), "the order of the Tab key is that of the page"
    assert [name for name, shown in met if not shown] == []


def test_a_chart_is_saved_by_the_keyboard_alone(watch, city):
    watched = with_a_reason(watch(city), "when")
    page = watched.page
    for suffix, opens in (("png", b"\x89PNG"), ("svg", b"<svg")):
        away = page.get_by_role("button", name="Take it away").first
        away.focus()
        page.keyboard.press("Enter")
        save = page.get_by_role("button", name=f"Picture ({suffix.upper()})")
        save.wait_for()
        while save.evaluate("here => document.activeElement !== here"):
            page.keyboard.press("Tab")
        with page.expect_download() as saved:
            page.keyboard.press("Enter")
        assert saved.value.suggested_filename.endswith(f".{suffix}")
        assert saved.value.path().read_bytes().startswith(opens)
        page.keyboard.press("Escape")
        save.wait_for(state="detached")
    page.get_by_text("These months as a table").focus()
    assert (watched.foreign, watched.complaints) == ([], [])
