"""Minutes: what was typed is text, and the same meeting gives the same paper."""

from datetime import date
from io import BytesIO

import docx
import pypdfium2
import pytest

from hotspots.publish.minutes import minutes
from hotspots.publish.papers import Part, as_docx, as_pdf
from tests.pdf_ua import ua_faults

HOSTILE = '#sys.inputs *bold* <w:p/> $x$ "quote" \\ @label \x07 =1+1'
MINUTES = minutes(
    held_on=date(2025, 8, 10),
    place="Crewe & Nantwich",
    parts=(Part("Decisions", ("Light it by May.", HOSTILE)), Part("Tasks overdue", ())),
    note="Data 0123456789ab",
)


def test_word_holds_every_line_as_text():
    paper = docx.Document(BytesIO(as_docx(MINUTES)))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert lines[0] == "Partnership meeting, Crewe & Nantwich, 10 August 2025"
    assert lines[1:3] == ["Decisions", "Light it by May."]
    assert lines[3] == HOSTILE.replace("\x07", "")
    assert lines[4:] == ["Tasks overdue", "Nothing."]
    assert paper.sections[0].footer.paragraphs[0].text == "Data 0123456789ab"


def test_pdf_is_tagged_and_reads_nothing_as_mark_up():
    made = as_pdf(MINUTES)
    assert ua_faults(made) == []
    assert made.startswith(b"%PDF")
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded()
    assert "#sys.inputs *bold* <w:p/> $x$" in text.replace("\r\n", " ")
    assert b"/MarkInfo" in made or b"/StructTreeRoot" in made


def test_a_letter_that_no_font_has_does_not_lose_the_minutes():
    paper = minutes(date(2025, 8, 10), "Crewe", (Part("Decisions", ("Well done \U0001f389",)),), "")
    assert as_pdf(paper).startswith(b"%PDF")
    assert docx.Document(BytesIO(as_docx(paper))).paragraphs[2].text.endswith("\U0001f389")


@pytest.mark.parametrize("write", [as_docx, as_pdf])
def test_an_empty_meeting_has_minutes_too(write):
    assert write(minutes(date(2025, 8, 10), "Crewe", (), ""))
