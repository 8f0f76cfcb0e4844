"""The assembly in a browser: by keyboard alone, enlarged, still, and without a complaint."""

STEPS = [
    "What did people report?",
    "Has it changed?",
    "Where was it?",
    "What is being done?",
    "What do we not know?",
]


def opened(watched, path="/assembly?area=ward:X05000033"):
    watched.open(path)
    at_step(watched, 0)
    return watched


def at_step(watched, number):
    watched.page.locator("h1", has_text=STEPS[number]).wait_for(timeout=60_000)
    watched.settle()


def press(watched, key):
    """A key as a person presses it: once the page has been still for half a second."""
    watched.page.get_by_role("button", name="Next").wait_for()
    watched.page.wait_for_timeout(500)
    watched.page.keyboard.press(key)


def test_a_run_by_keyboard_alone(watch, dashboard):
    watched = opened(watch(dashboard))
    keys = watched.page.keyboard
    for number, key in enumerate(["ArrowRight", "PageDown", "ArrowRight", "PageDown"], start=1):
        press(watched, key)
        at_step(watched, number)
        if STEPS[number] == "Where was it?":
            assert watched.map
        assert watched.axe() == []
    for number, key in ((3, "PageUp"), (2, "ArrowLeft")):
        press(watched, key)
        at_step(watched, number)
    watched.page.get_by_role("combobox", name="Find my area").focus()
    watched.page.get_by_role("combobox", name="Find my area").fill("Warrington Cen")
    watched.page.get_by_role("option").first.wait_for()
    keys.press("Enter")
    watched.page.locator("h2", has_text="Warrington Centre").wait_for()
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def test_the_sidebar_and_its_numbers_are_not_in_the_room(watch, dashboard):
    watched = opened(watch(dashboard))
    watched.page.get_by_test_id("stSidebar").wait_for(state="hidden")
    watched.page.get_by_role("link", name="Where", exact=True).click()
    watched.page.locator("h1", has_text="hotspot").wait_for(timeout=60_000)
    watched.page.get_by_test_id("stSidebar").wait_for()


def test_on_a_projector_it_is_read_from_the_back_row(watch, dashboard):
    """Type of a fortieth of the picture's height, in words and in pictures, and a map with it."""
    watched = watch(dashboard, reduced_motion="reduce")
    watched.page.set_viewport_size({"width": 1920, "height": 1080})
    opened(watched)
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert watched.page.get_by_text("No one can be picked out").evaluate(size) >= 25
    labels = watched.page.locator("[data-testid=stVegaLiteChart] svg text")
    assert min(labels.evaluate_all(f"all => all.map({size})")) >= 20
    for number in (1, 2):
        press(watched, "PageDown")
        at_step(watched, number)
    box = watched.map.locator("#map_div").bounding_box()
    assert box["height"] > 600
    assert watched.map.locator("#map_div").evaluate("() => hotspotMap.state.whole()")
    assert watched.complaints == [], "the console is not clean"


def test_every_step_can_be_enlarged_four_times(watch, dashboard):
    watched = watch(dashboard, reduced_motion="reduce")
    watched.page.set_viewport_size({"width": 342, "height": 768})
    opened(watched)
    for number in range(len(STEPS)):
        over = watched.page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]');"
            " return Math.max(m.scrollWidth - m.clientWidth,"
            " document.documentElement.scrollWidth - innerWidth); }"
        )
        assert over <= 0, f"step {number + 1} must be read without scrolling sideways"
        if number + 1 < len(STEPS):
            press(watched, "PageDown")
            at_step(watched, number + 1)
