"""A case review pack counts, asks and is marked; it names nobody."""

from datetime import date
from io import BytesIO

import docx
import pandas as pd
import pypdfium2
import pytest

from hotspots.action import tasks
from hotspots.analysis.case_review import CALLER, COLUMNS, PLACE
from hotspots.publish.case_review import MARKING, QUESTIONS, Case, pack
from hotspots.publish.papers import as_docx, as_pdf

KEY = "f3a91c"
STREET = "Elm Grove"


def repeat(kind, reports, vulnerable=0):
    told = {"kind": kind, "key": KEY, "reports": reports, "vulnerable": vulnerable}
    told |= {"street": STREET, "easting": 1.0, "northing": 1.0, "sources": "Calls"}
    return told | {"last": pd.Period("2025-12", "M")}


def case(**asked):
    repeats = [repeat(CALLER, 5, 2), repeat(CALLER, 3), repeat(PLACE, 4)]
    months = pd.period_range("2025-10", "2025-12", freq="M")
    task: dict = dict.fromkeys(tasks.COLUMNS)
    task |= {"agency": "Council", "what": "Mend the lamps", "due": date(2025, 1, 1)}
    told = {
        "plan": 3,
        "place": "Bus station, Crewe",
        "problem": "Groups gather.",
        "objective": "From 8 to 5 by June.",
        "repeats": pd.DataFrame(repeats, columns=list(COLUMNS)),
        "reports": 3,
        "months": 6,
        "by_month": pd.Series([4, 0, 1], index=months),
        "sources": pd.Series({"Calls": 4, "police.uk": 1}),
        "responses": ["Lighting"],
        "tasks": pd.DataFrame([task | {"status": "to do", "overdue": True}]),
        "decided": ["1 May 2025: Light it."],
        "verdicts": [],
        "risk": "",
        "older": 0,
    }
    return Case(**told | asked)


def text(**asked):
    paper = pack(case(**asked), made_on=date(2026, 1, 5), note="Data 0123456789ab")
    return paper, "\n".join(line for part in paper.parts for line in part.lines)


def test_what_was_reported_is_counted():
    paper, said = text()
    assert paper.title == "ASB case review pack, plan 3, Bus station, Crewe"
    assert "5 reports on the plan’s ground in October to December 2025." in said
    assert "October 2025 4, November 2025 0, December 2025 1" in said
    assert "2 callers or addresses with 3 or more reports in 6 months; the most, 5." in said
    assert "1 exact place with 3 or more" in said
    assert "In 1 of them a source marks somebody as vulnerable" in said
    assert "Council: Mend the lamps (overdue, was due 1 January 2025)" in said
    assert "one is due now" in said
    assert set(QUESTIONS) < set(said.splitlines())


def test_nobody_and_no_key_is_named():
    _, said = text()
    assert KEY not in said
    assert STREET not in said


def test_nothing_known_is_said_as_nothing():
    none = pd.DataFrame(columns=list(COLUMNS))
    _, said = text(repeats=none, tasks=tasks.empty(), by_month=pd.Series(dtype="int64"))
    assert "No month is held." in said
    assert "No callers or addresses with 3 or more" in said
    assert "No agency has an open task." in said


def test_the_law_is_told_from_its_section_with_the_number_as_local():
    _, said = text()
    assert "Section 104" in said
    assert "or as many as the published review procedures say" in said


@pytest.mark.parametrize("risk", ["", "High, assessed on 1 May 2025."])
def test_both_papers_are_marked_and_can_be_read_aloud(risk):
    paper, _ = text(risk=risk)
    page = docx.Document(BytesIO(as_docx(paper))).sections[0]
    assert page.header.paragraphs[0].text == MARKING
    assert MARKING in page.footer.paragraphs[0].text
    made = as_pdf(paper)
    assert b"/StructTreeRoot" in made
    first = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded()
    assert first.count(MARKING) == 2
    assert as_pdf(paper) == made
