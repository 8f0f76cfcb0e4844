"""
Tries every public page as the accessibility rules ask, and writes down what was found.

    python -m tests.accessibility

What it writes, `hotspots/publish/accessibility.toml`, is what the accessibility statement
says: it is made from the last run and from nothing else.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from hotspots.action import listening
from hotspots.action.records import open_records
from hotspots.library import Library
from hotspots.publish import accessibility
from hotspots.publish.disclosure import disclose
from hotspots.publish.marking import hexagons_of
from hotspots.publish.public_areas import areas
from hotspots.publish.story import STEPS, Story
from hotspots.publish.words import Words
from hotspots.settings import SAMPLE
from hotspots.sources import basemaps
from hotspots.study import open_dataset
from hotspots.tables.wards import Wards
from hotspots.views.listen_form import picture
from hotspots.views.takehome import page_html
from tests.browser.conftest import CHROMIUM, FLAGS, LAPTOP, PROJECT, serve

# Levels A and AA of WCAG 2.0 to 2.2, as axe-core names them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ENLARGED = {"width": 320, "height": 700}
OVER = (
    "() => { const m = document.querySelector('[data-testid=stMain]') || document.documentElement;"
    " return Math.max(m.scrollWidth - m.clientWidth,"
    " document.documentElement.scrollWidth - innerWidth); }"
)


def tried(page, name):
    """One page: what axe finds, and whether it is read without scrolling sideways at 400%."""
    axe = Axe()
    for frame in page.frames:
        frame.evaluate(axe.axe_script)
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    page.set_viewport_size(ENLARGED)
    page.wait_for_timeout(1_000)
    fits = page.evaluate(OVER) <= 0
    page.set_viewport_size(LAPTOP)
    page.wait_for_timeout(500)
    return {
        "name": name,
        "rules": len(found["passes"]) + len(found["violations"]),
        "faults": [f"{one['id']}: {one['help']}" for one in found["violations"]],
        "reflows": bool(fits),
        "axe": found["testEngine"]["version"],
    }


def main():
    words = Words()
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        dataset = open_dataset(Library(folder))
        wards = Wards(dataset.wards.loc[dataset.wards["name"].str.startswith("Crewe")])
        hexagons = hexagons_of(wards, words)
        meeting = listening.open_meeting(
            open_records(folder),
            name="Crewe",
            area=" ".join(wards.index),
            hexagons=hexagons,
            picture=picture(wards, basemaps.illustrative(SAMPLE), hexagons),
            by="accessibility",
        )
        release = disclose(dataset, today=pd.Period("2026-06", "M")).release
        story = Story(release, areas(release, words)["all"], words)
        (folder / "index.html").write_bytes(page_html(story, report_address="https://police.uk"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=LAPTOP, reduced_motion="reduce")
        found = []
        with serve(PROJECT / "dashboard.py", folder, folder / "log") as server:
            page.goto(f"{server}/assembly")
            for number, step in enumerate(STEPS):
                page.locator("h1", has_text=words(f"steps.{step}")).wait_for(timeout=60_000)
                page.wait_for_timeout(3_000)
                found.append(tried(page, f"Assembly, step {number + 1}"))
                page.wait_for_timeout(1_000)
                page.keyboard.press("PageDown")
            page.goto(f"{server}/say/{meeting}")
            found.append(tried(page, "Page to answer on"))
        page.goto((folder / "index.html").as_uri())
        found.append(tried(page, "Page to take home"))
        browser.close()
    accessibility.write(found, datetime.now(UTC).date())
    print(accessibility.statement(words))


if __name__ == "__main__":
    main()
