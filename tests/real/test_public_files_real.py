"""Cheshire 2025 as files: every figure in them is one of the release's, and no other."""

import io
import re

import pandas as pd
import pytest
from pptx import Presentation

from hotspots.publish.disclosure import disclose
from hotspots.publish.open_data import open_data
from hotspots.publish.public_areas import areas
from hotspots.publish.release import could_be
from hotspots.publish.story import Story
from hotspots.publish.words import Words
from hotspots.views.takehome import page_html, slides_pptx
from tests.real import load
from tests.real.test_disclosure_real import TODAY, dataset_of

pytestmark = load.real
WORDS = Words()


@pytest.fixture(scope="module")
def disclosed():
    return disclose(dataset_of(load.cheshire()), today=TODAY)


def stories(release):
    """All of it, a council, and wards shown whole, in pieces, and not at all."""
    known = areas(release, WORDS)
    wards = release.of_wards(2025)
    hidden = wards.index[wards["reports"].isna()][0]
    busiest = wards["reports"].idxmax()
    codes = ["all", "authority:E06000049", f"ward:{hidden}", f"ward:{busiest}"]
    return [Story(release, known[code], WORDS) for code in codes]


def published(release):
    """Every count that is public: cells, sums of a ward's cells, quarters, and their sums."""
    wards = release.of_wards(2025)["reports"].dropna()
    counts = {*release.cells["reports"], *wards.astype(int), *release.quarters["reports"]}
    for table in (release.quarters, release.cells):
        counts |= {int(table["reports"].sum()), *table.groupby("authority")["reports"].sum()}
    counts |= {*release.quarters.groupby("quarter")["reports"].sum()}
    return {int(count) for count in counts}


def test_open_data_is_the_release_and_nothing_else(disclosed):
    release = disclosed.release
    table = pd.read_csv(io.BytesIO(open_data(release, WORDS)["areas.csv"]))
    assert sorted(table["reports"]) == sorted(release.cells["reports"])
    low, high = could_be(table["reports"].to_numpy(float))
    assert (table["least"] == low).all()
    assert (table["most"] == high).all()


def test_every_count_of_the_page_to_take_home_is_public(disclosed):
    release = disclosed.release
    allowed = published(release)
    for story in stories(release):
        html = page_html(story, report_address="https://www.police.uk").decode()
        told = [int(n.replace(",", "")) for n in re.findall(r"[Aa]bout ([\d,]{2,}) reports", html)]
        bars = re.findall(r'text-anchor="middle">([\d,]+)</text>', html)
        cells = re.findall(r'<th scope="row">[^<]*</th><td>([\d,]+)</td><td>\d', html)
        for count in (*told, *(int(n.replace(",", "")) for n in (*bars, *cells))):
            assert count in allowed
        assert bars


def test_every_value_of_the_slides_is_public(disclosed):
    release = disclosed.release
    allowed = published(release)
    for story in stories(release):
        made = Presentation(io.BytesIO(slides_pptx(story, report_address="https://police.uk")))
        charts = [s.chart for slide in made.slides for s in slide.shapes if s.has_chart]
        for chart in charts[:2]:
            values = {int(v) for one in chart.plots[0].series for v in one.values}  # noqa: PD011
            assert values <= allowed


def test_a_hidden_ward_is_in_no_file_with_a_figure(disclosed):
    release = disclosed.release
    wards = release.of_wards(2025)
    hidden = set(wards.index[wards["reports"].isna()])
    assert hidden
    table = pd.read_csv(io.BytesIO(open_data(release, WORDS)["areas.csv"]))
    assert not set(table["ward"].dropna()) & hidden
    names = set(wards.loc[list(hidden), "name"])
    html = page_html(stories(release)[0], report_address="https://www.police.uk").decode()
    for name in names:
        row = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', html)
        assert row is not None
        assert not re.search(r"<td>[\d,.]+", row[1])
