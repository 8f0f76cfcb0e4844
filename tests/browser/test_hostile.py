"""Names that would be mark-up, formulas or scripts, and files that are none, by upload."""

import csv
import io
import json
import random
import zipfile

import pytest

from tests.browser.conftest import PROJECT, serve
from tests.browser.test_pages import opened, pick_box, pick_in_table

STREETS = (
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil")',
    "**bold** $x^2$ :material/delete: ![i](http://evil.test/i.png)",
    "_a1_ {{7*7}} `tick` </script>",
)
WARDS = (
    "<script>alert(1)</script>",
    "`tick _a1 {{7*7}} <b>b</b>",
    "[x](javascript:alert(1)) **bold** $x^2$ :material/delete:",
    "www.evil.test :red[x] a@evil.test -> http://evil.test/",
)
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
WEST, SOUTH, SIDE = -2.95, 53.15, 0.05
JOINER = "\u2060"


def corners(number):
    return WEST + SIDE * (number % 2), SOUTH + SIDE * (number // 2)


def reports():
    """A street file: forty reports gathered on each hostile street, and many scattered ones."""
    chance = random.Random(7)
    rows = []
    for number, street in enumerate(STREETS):
        west, south = corners(number)
        for i in range(40 - number):
            spot = (west + 0.02 + 0.0003 * (i % 3), south + 0.02)
            rows.append((*spot, street, "Anti-social behaviour"))
    for i in range(400):
        spot = (WEST + 2 * SIDE * chance.random(), SOUTH + 2 * SIDE * chance.random())
        rows.append((*spot, "Mill Lane", ("Anti-social behaviour", "Drugs")[i % 2]))
    text = io.StringIO()
    lines = csv.writer(text)
    text.write(f"{HEADER}\n")
    for easting, northing, street, kind in rows:
        force = "Cheshire Constabulary"
        place = (f"{easting:.6f}", f"{northing:.6f}", f"On or near {street}")
        lines.writerow(("", "2025-06", force, force, *place, "", "", kind, "", ""))
    return text.getvalue().encode()


def wards():
    features = []
    for number, name in enumerate(WARDS):
        w, s = corners(number)
        ring = [[w, s], [w + SIDE, s], [w + SIDE, s + SIDE], [w, s + SIDE], [w, s]]
        codes = {"WD25CD": f"E0500900{number}", "WD25NM": name}
        features.append(
            {
                "type": "Feature",
                "properties": codes | {"LAD25CD": "E06000050", "LAD25NM": "<i>Council</i>"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(watched, box, name, content):
    watched.settle()
    form = watched.page.get_by_test_id("stForm").filter(has_text=box)
    form.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    form.get_by_test_id("stFileChip").wait_for()
    form.get_by_role("button", name="Import").click()


def said(watched, text):
    watched.page.get_by_test_id("stAlert").filter(has_text=text).first.wait_for(timeout=60_000)


def shown(locator):
    return locator.inner_text().replace(JOINER, "")


def holds(watched, text):
    """Wait until some element of the page holds a name as it was typed."""
    watched.page.wait_for_function(
        "name => document.body.innerText.replaceAll('\\u2060', '').includes(name)", arg=text
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with serve(PROJECT / "dashboard.py", folder, folder / "server.log") as address:
        yield address


@pytest.fixture
def page(watch, hostile):
    watched = watch(hostile)
    watched.page.on("dialog", lambda dialog: watched.complaints.append(dialog.message))
    opened(watched, "data")
    if "Made-up" in watched.page.locator("h1").inner_text():
        upload(watched, "Ward boundaries", "wards.geojson", wards())
        said(watched, "4 wards")
        upload(watched, "Police street files", "2025-06-cheshire-street.csv", reports())
        said(watched, "rows")
        watched.page.locator("h1").filter(has_not_text="Made-up").wait_for()
    yield watched
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "something ran, or was asked for"
    assert watched.page.locator("img[src=x], img[src*=evil], a[href*=evil]").count() == 0
    assert watched.page.locator("a[href*=script]").count() == 0


def test_names_are_text_on_the_map_in_box_card_and_tables(page):
    opened(page)
    assert page.map.locator("path.hotspot").count() == len(STREETS)
    for number, (street, ward) in enumerate(zip(STREETS, WARDS, strict=True), 1):
        pick_in_table(page, number)
        page.map.wait_for_function(f"hotspotMap.state.selected === {number}")
        heading = page.page.locator("h3", has_text=f"{number} · ")
        heading.wait_for()
        assert shown(heading) == f"{number} · {street}, {ward}"
        assert pick_box(page).input_value() == f"{number} · {street}, {ward}"
        label = page.map.locator(f"path.hotspot[data-hotspot='{number}']")
        assert street[:50] in label.get_attribute("aria-label")
        cells = page.page.locator("canvas").first.locator("td").all_text_contents()
        assert ward in cells, "streets may stand outside what is in view"
        page.page.get_by_role("button", name="Clear value").click()
        heading.wait_for(state="detached")
    page.page.get_by_text("The hotspots as a plain table").click()
    for name in (*STREETS, *WARDS):
        holds(page, name)
    assert page.map.locator("img[src=x], script:not([src]):has-text('alert(1)')").count() == 0


@pytest.mark.parametrize("number", range(len(WARDS)))
def test_a_ward_of_any_name_is_a_title_a_caption_and_a_choice(page, number):
    name = WARDS[number]
    opened(page, f"?area=ward:E0500900{number}&from=2025-06&to=2025-06")
    assert page.page.get_by_role("combobox", name="Study area").input_value().startswith(name)
    caption = page.page.get_by_test_id("stCaptionContainer").first
    assert shown(caption).startswith(name)
    for link in ("When", "Evidence"):
        page.page.get_by_role("link", name=link, exact=True).click()
        page.page.locator(f"[aria-current=page]:has-text('{link}')").wait_for()
        page.settle()
        holds(page, name)
    opened(page, f"?area=ward:E0500900{number}&from=2025-06&to=2025-06&min=500")
    assert shown(page.page.locator("h1")).startswith(f"No hotspot in {name}")


def downloaded(watched, label):
    with watched.page.expect_download() as waiting:
        watched.page.get_by_role("button", name=label).click()
    return waiting.value.path().read_bytes()


def test_what_is_taken_away_holds_the_names_and_runs_nothing(page):
    opened(page)
    page.page.get_by_role("button", name="Take it away").click()
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "CSV").decode("utf-8-sig"))))
    first = [row["streets"].removeprefix("'").split("; Mill Lane")[0] for row in rows]
    assert first == list(STREETS)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    features = json.loads(downloaded(page, "GeoJSON"))["features"]
    assert [feature["properties"]["ward_name"] for feature in features] == list(WARDS)


def test_no_table_can_leave_without_its_stamp(page):
    """Streamlit's own export has no stamp, and writes formulas as formulas."""
    opened(page)
    page.page.get_by_test_id("stDataFrame").first.hover()
    assert page.page.get_by_role("button", name="Search").first.is_visible()
    assert page.page.get_by_role("button", name="Download as CSV").count() == 0


def test_nonsense_in_a_link_is_said_as_text(page):
    opened(page, "?radius=![x](http://evil.test/x.png)&area=**<b>bold</b>**")
    holds(page, "![x](http://evil.test/x.png)")


def cut_zip():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2025-06/2025-06-cheshire-street.csv", reports())
    return whole.getvalue()[:-200]


BROKEN = {
    "cut.zip": cut_zip,
    "2025-07-cheshire-street.csv": f"{HEADER}\n".encode,
    "2025-08-cheshire-street.csv": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_sentence_and_loses_nothing(page, name):
    title = page.page.locator("h1").inner_text()
    upload(page, "Police street files", name, BROKEN[name]())
    said(page, name)
    alerts = page.page.get_by_test_id("stAlert").all_inner_texts()
    assert len(alerts) == 1
    message = alerts[0].replace("error\n", "").strip()
    assert message.endswith(".")
    assert len(message) < 250
    assert "Traceback" not in message
    opened(page, "data")
    assert page.page.locator("h1").inner_text() == title
    assert page.page.get_by_test_id("stTable").first.inner_text().count("June 2025") == 1
