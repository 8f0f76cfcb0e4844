"""What residents take home: whole, safe, the same each time, and no more than is public."""

import io
import json
import math
import re
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pypdfium2
import pytest
from pptx import Presentation

from hotspots.library import Library
from hotspots.publish.disclosure import disclose
from hotspots.publish.open_data import open_data, told_otherwise, zipped
from hotspots.publish.public_areas import areas
from hotspots.publish.release import Release
from hotspots.publish.story import Story, Work
from hotspots.publish.words import Words
from hotspots.study import open_dataset
from hotspots.tables import wards as ward_table
from hotspots.views import assembly
from hotspots.views.takehome import drawing, page_html, sheet_pdf, slides_pptx
from tests.pdf_ua import ua_faults

WORDS = Words()
ADDRESS = "https://www.police.uk/report"
HOSTILE = '=<script>alert(1)</script>"#eval("1")'


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    dataset = open_dataset(Library(tmp_path_factory.mktemp("empty")))
    return disclose(dataset, today=pd.Period("2026-06", "M")).release


def story(release, code="ward:X05000017", work=()):
    return Story(release, areas(release, WORDS, everywhere="Cheshire")[code], WORDS, work)


def renamed(release, name):
    """The same release with a ward of a hostile name."""
    wards = release.wards.copy()
    wards.loc["X05000017", "name"] = name
    return Release(
        release.cells, release.quarters, ward_table.validate(wards), release.years, made_up=True
    )


def pdf_text(body):
    pages = pypdfium2.PdfDocument(body)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def slide_text(body):
    made = Presentation(io.BytesIO(body))
    return "\n".join(
        shape.text_frame.text
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )


@pytest.mark.parametrize("write", [page_html, sheet_pdf, slides_pptx])
@pytest.mark.parametrize("code", ["all", "ward:X05000061"])
def test_the_same_release_gives_the_same_bytes(release, write, code):
    told = story(release, code)
    assert write(told, report_address=ADDRESS) == write(told, report_address=ADDRESS)


@pytest.mark.parametrize("read", ["html", "pdf", "pptx"])
def test_each_says_what_the_page_says(release, read):
    told = story(release)
    text = {
        "html": lambda: page_html(told, report_address=ADDRESS).decode(),
        "pdf": lambda: pdf_text(sheet_pdf(told, report_address=ADDRESS)),
        "pptx": lambda: slide_text(slides_pptx(told, report_address=ADDRESS)),
    }[read]()
    flat = " ".join(text.split())
    for step in told.steps():
        assert step.title in flat
        assert step.big in flat
    assert ADDRESS in flat
    assert "made-up example" in flat
    assert release.identity in flat


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes


def test_the_page_fetches_nothing_and_runs_nothing(release):
    reader = _Reader()
    reader.feed(page_html(story(release), report_address=ADDRESS).decode())
    assert not reader.tags & {"script", "link", "iframe", "img", "object", "embed"}
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert [value for name, value in reader.attributes if name in {"href", "src"}] == [ADDRESS]


def test_names_are_text_wherever_they_go(release):
    hostile = story(renamed(release, HOSTILE))
    html = page_html(hostile, report_address=ADDRESS).decode()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in pdf_text(sheet_pdf(hostile, report_address=ADDRESS))
    assert HOSTILE in slide_text(slides_pptx(hostile, report_address=ADDRESS))
    table = pd.read_csv(io.BytesIO(open_data(hostile.release, WORDS)["areas.csv"]))
    assert not table["name"].str.startswith("=").any()


def test_every_area_with_a_figure_is_drawn(release):
    told = story(release, "all")
    year = told.year
    parts = assembly.ground_of_parts(release, year, WORDS)
    for ground, shade in (
        (release.wards, assembly.shade_of_wards(told)),
        (parts, assembly.shade_of_parts(release, year, WORDS)),
    ):
        picture = drawing.map_svg(ground, shade, label="A map")
        paths = re.findall(r'<path d="([^"]*)" fill="([^"]*)">', picture)
        assert len(paths) == len(ground)
        assert all(path.startswith("M") for path, _ in paths)
        shaded = sum(colour != "#FFFFFF" for _, colour in paths)
        assert shaded == sum(not math.isnan(figure) for figure in dict(shade.values).values())


def test_slides_hold_real_charts_and_notes_with_the_caveats(release):
    made = Presentation(io.BytesIO(slides_pptx(story(release), report_address=ADDRESS)))
    assert len(made.slides) == 6
    charts = [s.chart for slide in made.slides for s in slide.shapes if s.has_chart]
    assert len(charts) == 3
    quarters = story(release).quarters
    drawn = [value for series in charts[0].plots[0].series for value in series.values]  # noqa: PD011
    assert sorted(drawn) == sorted(quarters["reports"])
    for slide in made.slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert WORDS("changed.records") in notes
        assert WORDS("unknown.reports") in notes


def test_the_sheet_is_two_sides_and_tagged(release):
    body = sheet_pdf(story(release), report_address=ADDRESS)
    assert ua_faults(body) == []
    assert len(pypdfium2.PdfDocument(body)) == 2
    assert pypdfium2.PdfDocument(body).is_tagged()


def test_work_and_who_does_it_stand_in_every_file(release):
    work = [Work("Better lights", "Halton Council", "March 2026", "in hand", "ward:X05000017")]
    told = story(release, work=work)
    assert b"Halton Council" in page_html(told, report_address=ADDRESS)
    assert "Halton Council" in pdf_text(sheet_pdf(told, report_address=ADDRESS))
    made = Presentation(io.BytesIO(slides_pptx(told, report_address=ADDRESS)))
    (table,) = [s.table for slide in made.slides for s in slide.shapes if s.has_table]
    assert [cell.text for cell in table.rows[1].cells][1] == "Halton Council"


def test_open_data_agrees_with_its_description(release):
    files = open_data(release, WORDS)
    described = json.loads(files["csv-metadata.json"])
    assert described["dc:identifier"] == release.identity
    for table in described["tables"]:
        frame = pd.read_csv(io.BytesIO(files[table["url"]]))
        columns = table["tableSchema"]["columns"]
        assert list(frame.columns) == [column["name"] for column in columns]
        assert not frame.duplicated(table["tableSchema"]["primaryKey"]).any()
        for column in columns:
            if column["datatype"] == "integer":
                assert pd.api.types.is_integer_dtype(frame[column["name"]])
    areas_table = pd.read_csv(io.BytesIO(files["areas.csv"]))
    assert areas_table["reports"].min() >= 10
    assert (areas_table["reports"] % 5 == 0).all()
    assert zipped(files) == zipped(files)


def test_two_releases_of_one_year_are_not_published_over_each_other(release):
    earlier = open_data(release, WORDS)["areas.csv"]
    assert told_otherwise(earlier, release, WORDS) == []
    cells = release.cells.copy()
    cells.loc[cells.index[-1], "reports"] += 5
    changed = Release(cells, release.quarters, release.wards, release.years, made_up=True)
    assert len(told_otherwise(earlier, changed, WORDS)) == 1
    fewer = Release(cells.iloc[:-1], release.quarters, release.wards, release.years, made_up=True)
    assert len(told_otherwise(earlier, fewer, WORDS)) == 1
    only = cells.loc[cells["year"] < 2025]
    added = Release(only, release.quarters, release.wards, release.years, made_up=True)
    assert told_otherwise(open_data(added, WORDS)["areas.csv"], release, WORDS) == []
    assert told_otherwise(b"anything", release, WORDS) == ["a file that is not ours"]


def test_no_file_holds_a_count_below_ten_or_a_street(release):
    told = story(release, "all")
    html = page_html(told, report_address=ADDRESS).decode()
    with zipfile.ZipFile(io.BytesIO(slides_pptx(told, report_address=ADDRESS))) as packed:
        slides = b"".join(packed.read(name) for name in packed.namelist() if ".xml" in name)
    for street in ("Parking Area", "Mill Lane", "Supermarket"):
        assert street not in html
        assert street.encode() not in slides
    counts = re.findall(r"</th><td>[^<]*</td><td>(\d+)</td>", html)
    assert counts
    assert min(map(int, counts)) >= 10
