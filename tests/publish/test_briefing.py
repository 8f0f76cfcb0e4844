"""The sheet: a page each, tagged, in words, marked, the same bytes, and nothing typed is run."""

import io

import numpy as np
import pypdfium2
import pytest
import shapely
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from hotspots.publish.briefing import Briefing, Part, Sheet, briefing_pdf, marked
from hotspots.publish.paper_base import base_of
from hotspots.publish.paper_map import draw
from hotspots.settings import SAMPLE
from hotspots.sources import basemaps
from tests.pdf_ua import ua_faults

HOSTILE = '#eval("1") = *bold* $x$ <img src=x> \\ ] `raw` @ref "quoted"'
SQUARE = shapely.box(360_000, 370_000, 360_220, 370_220)
NOTHING = base_of({})


def drawn(**options):
    return draw([("P1", SQUARE)], **{"base": NOTHING, "alt": "Map of patrol area P1", **options})


def sheet(title="P1 · Mill Lane, Norton", **parts):
    table = Part("Months", (), ("Month", "Reports"), (("Jan 2025", "12"), ("Feb 2025", "7")))
    todo = Part("In 15 minutes", ("Stand where most can be seen.", "Walk it."), kind="list")
    return Sheet(
        title,
        parts.get("map", drawn()),
        parts.get("beside", (Part("What is reported", ("19 reports.",)), table)),
        parts.get("below", (todo,)),
        "http://localhost:8501/patrol?area=all",
    )


def briefing(*sheets, **changed):
    told = {
        "title": "Patrol briefing",
        "marking": "OFFICIAL",
        "made_up": "",
        "foot": "Data to December 2025 · data 0a1b2c · version 1",
        "sheets": sheets or (sheet(),),
        **changed,
    }
    return Briefing(**told)


def text(body):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(body))


def figures(body):
    """Alternative texts of every figure, from the tree that a screen reader walks."""
    found, seen = [], set()

    def walk(node):
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                return
            seen.add(node.idnum)
            node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(io.BytesIO(body)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_a_page_each_at_a4_tagged_with_language_title_and_pictures_in_words():
    body = briefing_pdf(briefing(sheet(), sheet("P2 · High Street, Norton")))
    document = pypdfium2.PdfDocument(body)
    assert len(document) == 2
    assert document[0].get_size() == pytest.approx((595.3, 841.9), abs=0.5)
    assert document.is_tagged()
    root = PdfReader(io.BytesIO(body)).trailer["/Root"]
    assert str(root["/Lang"]).startswith("en")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "Patrol briefing" in metadata
    assert figures(body).count("Map of patrol area P1") == 2
    assert all(figures(body)), "every picture is said in words"


def test_every_page_is_marked_and_says_what_it_was_made_from():
    body = briefing_pdf(briefing(sheet(), sheet(), marking="OFFICIAL-SENSITIVE", made_up="MADE UP"))
    for page in pypdfium2.PdfDocument(body):
        words = page.get_textpage().get_text_bounded()
        assert words.count("OFFICIAL-SENSITIVE") == 2
        assert "Data to December 2025" in words
        assert "MADE UP" in words
    assert "Jan 2025" in text(body)


def test_the_same_bytes_each_time():
    assert briefing_pdf(briefing()) == briefing_pdf(briefing())


def test_what_is_typed_is_text():
    hostile = sheet(
        HOSTILE,
        map=drawn(alt=HOSTILE),
        beside=(Part(HOSTILE, (HOSTILE,), (HOSTILE,), ((HOSTILE,),)),),
        below=(Part(HOSTILE, (HOSTILE,), kind="list"),),
    )
    body = briefing_pdf(briefing(hostile, title=HOSTILE, marking=HOSTILE, foot=HOSTILE))
    said = " ".join(text(body).split())
    assert said.count('#eval("1")') >= 8
    assert "*bold*" in said
    assert "`raw`" in said


def test_a_full_page_stays_one_page():
    rows = tuple((f"Month {n}", str(n), f"Month {n}", str(n)) for n in range(6))
    long = Part("What is reported", ("A sentence of some length about this place. " * 3,) * 4)
    beside = (long, Part("Months", (), ("Month", "Reports", "Month", "Reports"), rows))
    lines = tuple("Do something that takes a line to say, and then some words." for _ in range(10))
    visits = tuple((f"Day {n}", "Lates 1", "15:30, 17:50, 20:10") for n in range(7))
    below = (
        Part("In 15 minutes", lines, kind="list"),
        Part("Visits planned this week", (), ("Day", "Unit", "At"), visits),
        Part("Tried", ("A sentence of some length about this place.",) * 4),
    )
    body = briefing_pdf(briefing(sheet(beside=beside, below=below)))
    assert len(pypdfium2.PdfDocument(body)) == 1


def test_a_marking_is_never_empty():
    assert marked("  ") == "OFFICIAL"
    assert marked("official-sensitive") == "OFFICIAL-SENSITIVE"


def pixels(body, page=0):
    picture = pypdfium2.PdfDocument(body)[page].render(scale=1.5, grayscale=True)
    return np.asarray(picture.to_pil().convert("L"))


def test_the_map_can_be_read_in_grey():
    dots = [(360_110.0, 370_110.0, 9)]
    with_area = pixels(briefing_pdf(briefing(sheet(map=drawn(points=dots)))))
    assert (with_area < 30).sum() > 2_000, "outlines and words are black"
    colour = pypdfium2.PdfDocument(briefing_pdf(briefing()))[0].render(scale=1).to_pil()
    rgb = np.asarray(colour.convert("RGB")).astype(int)
    assert np.ptp(rgb, axis=2).max() <= 2, "nothing is told by colour"


def test_the_sample_s_streets_lie_under_its_areas():
    base = base_of(basemaps.illustrative(SAMPLE).layers)
    assert len(base.shapes) > 100
    name, x, y = base.places[0]
    middle = shapely.Point(x, y).buffer(400)
    made = draw([("P1", middle)], base=base, alt="")
    assert made.svg.count("<path") > 3
    assert name in {label.text for label in made.labels}


def test_the_scale_bar_is_as_long_as_it_says():
    made = drawn(width_mm=100, height_mm=50)
    assert made.scale_m / made.scale_mm == pytest.approx(
        1_000 * _ground_m(made) / 100_000, rel=1e-6
    )
    assert made.scale_mm <= 34


def _ground_m(made):
    """Metres across the map, from the outline of the area as drawn: 220 m wide."""
    path = made.svg.split('stroke-width="9"')[0].rsplit('d="M', 1)[1].split("Z")[0]
    xs = [float(pair.split(",")[0]) for pair in path.split()]
    return 220 / (max(xs) - min(xs)) * 1_000


@pytest.mark.parametrize("ratio", [(95.0, 95.0), (182.0, 95.0)])
def test_north_is_up_and_the_whole_area_is_shown(ratio):
    made = drawn(width_mm=ratio[0], height_mm=ratio[1], points=[(360_110.0, 370_215.0, 1)])
    (circle,) = [part for part in made.svg.split("<") if part.startswith("circle")]
    y = float(circle.split('cy="')[1].split('"')[0])
    assert y < ratio[1] * 10 / 2, "what lies north is nearer the top"
    (label,) = [label for label in made.labels if label.kind == "focus"]
    assert label.x_mm == pytest.approx(ratio[0] / 2, abs=0.1)
    assert label.y_mm == pytest.approx(ratio[1] / 2, abs=0.1)


def test_every_page_keeps_the_rules_of_pdf_ua():
    body = briefing_pdf(briefing(sheet(), sheet(HOSTILE)))
    assert ua_faults(body) == []
    assert ua_faults(body.replace(b"/MarkInfo", b"/MarkNone")), "an untagged file would be told"
