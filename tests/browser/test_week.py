"""The week's plan in chromium: made, made again, printed; nothing leaves, axe finds nothing."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest

PART = "The week's plan"


def opened(watch, address, part=PART, **options):
    watched = watch(address, **options).open("/patrol")
    assert watched.map
    watched.page.get_by_role("radio", name=part).click()
    return watched


def clean(watched):
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def shown(watched, text):
    watched.page.get_by_text(re.compile(text)).first.wait_for(timeout=60_000)
    watched.settle()


def test_a_week_is_planned_changed_printed_and_kept_between_parts(watch, dashboard):
    watched = opened(watch, dashboard)
    page = watched.page
    shown(watched, "336 officer-hours")
    close = watched.map.evaluate(
        "() => { const { map, numbered, whole } = window.hotspotMap.state;"
        " return [whole(), numbered.every((one) => map.getBounds().contains(one.bounds))]; }"
    )
    assert close == [False, True], "the map shows the areas of the shift, close by"
    page.get_by_label("Units").fill("2")
    page.get_by_role("button", name="Plan the week").click()
    shown(watched, "224 officer-hours")
    page.get_by_role("combobox", name="Who cannot come after all").click()
    page.get_by_role("option").nth(1).click()
    shown(watched, "208 officer-hours")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Areas", exact=True).click()
    page.get_by_text("Changes by hand").first.wait_for()
    page.get_by_role("radio", name=PART).click()
    shown(watched, "208 officer-hours")
    assert page.get_by_label("Units").input_value() == "2"
    page.get_by_text("Print the briefing, take the week away").click()
    page.get_by_role("button", name="Make the briefing of this shift").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Save it").click()
    body = Path(download.value.path()).read_bytes()
    assert len(pypdfium2.PdfDocument(io.BytesIO(body))) > 1
    clean(watched)


@pytest.mark.parametrize("scheme", ["dark"])
@pytest.mark.parametrize(
    ("part", "said"), [(PART, "336 officer-hours"), ("Dispersal", "The locality is")]
)
def test_axe_finds_nothing_serious(watch, dashboard, part, said, scheme):
    watched = opened(watch, dashboard, part, color_scheme=scheme)
    shown(watched, said)
    assert watched.axe() == []
    clean(watched)


def test_the_plan_prints_from_the_browser_without_its_forms(watch, dashboard):
    watched = opened(watch, dashboard)
    shown(watched, "336 officer-hours")
    body = watched.page.pdf(format="A4", print_background=False)
    said = "\n".join(each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(body))
    assert "336 officer-hours" in " ".join(said.split())
    assert "15:30" in said
    assert "Plan the week" not in said
    assert "Study area" not in said, "the sidebar is not printed"


def test_a_locality_is_drawn_on_the_map_and_measured(watch, dashboard):
    watched = opened(watch, dashboard, "Dispersal")
    page = watched.page
    shown(watched, "The locality is")
    page.get_by_text("Drawn on the map", exact=True).click()
    page.get_by_label("Its name, as it would be told").fill("Round the station")
    page.get_by_label("Its name, as it would be told").press("Enter")
    shown(watched, "Say where")
    frame = page.frame_locator("iframe[title^='Map']").first
    map_box = page.locator("iframe[title^='Map']").first
    frame.get_by_text("Click the corners").wait_for(timeout=30_000)
    map_box.scroll_into_view_if_needed()
    at = map_box.bounding_box()
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    for right, down in ((-40, -40), (40, -40), (40, 40), (-40, 40)):
        page.mouse.click(x + right, y + down)
    frame.get_by_text("4 corners.").wait_for()
    frame.get_by_role("button", name="Close the outline").click()
    shown(watched, "The locality is")
    first = page.get_by_text(re.compile("The locality is")).first.inner_text()
    frame.get_by_text("drag one to move it").wait_for()
    assert frame.get_by_text("4 corners").count() == 1
    # A corner is dragged outwards: the ground grows.
    corner = frame.locator(".corner").nth(2).bounding_box()
    page.mouse.move(corner["x"] + 12, corner["y"] + 12)
    page.mouse.down()
    page.mouse.move(corner["x"] + 60, corner["y"] + 60, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "said => ![...document.querySelectorAll('p')].some(p => p.innerText === said)",
        arg=first,
        timeout=60_000,
    )
    watched.settle()
    grown = page.get_by_text(re.compile("The locality is")).first.inner_text()

    def hectares(text):
        return float(re.search(r"([\d.,]+) (?:ha|hectares)", text)[1].replace(",", ""))

    assert hectares(grown) > hectares(first)
    clean(watched)
