"""Minutes of a partnership meeting, as Word and as PDF."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

import docx
import typst

_TEMPLATE: Final = """
#let held = json(bytes(sys.inputs.minutes))
#set document(title: held.title)
#set page(paper: "a4", margin: 2.2cm, footer: text(size: 8pt)[#held.note])
#set text(size: 11pt, lang: "en", region: "gb")
#show heading: set block(above: 1.2em, below: 0.6em)
= #held.title
#for part in held.parts [
  == #part.heading
  #if part.lines.len() == 0 [Nothing.]
  #for line in part.lines [- #line]
]
"""


@dataclass(frozen=True)
class Part:
    """One heading of the minutes, and its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Minutes:
    """
    What a meeting looked at and decided.

    Attributes
    ----------
    held_on
        The day.
    place
        Name of the study area.
    parts
        In the order of the agenda.
    note
        What it was made from: selection, data, version.
    """

    held_on: date
    place: str
    parts: Sequence[Part]
    note: str

    @property
    def title(self) -> str:
        """First line of the paper."""
        return f"Partnership meeting, {self.place}, {self.held_on.day} {self.held_on:%B %Y}"


def as_docx(minutes: Minutes) -> bytes:
    """Minutes for Word: headings, bullet lists, the source in the footer."""
    paper = docx.Document()
    fixed = datetime.combine(minutes.held_on, datetime.min.time(), tzinfo=UTC)
    about = paper.core_properties
    about.title, about.language, about.author = minutes.title, "en-GB", ""
    about.created = about.modified = fixed.replace(tzinfo=None)
    paper.add_heading(_plain(minutes.title), level=0)
    for part in minutes.parts:
        paper.add_heading(_plain(part.heading), level=1)
        for line in part.lines or ("Nothing.",):
            paper.add_paragraph(_plain(line), style="List Bullet")
    paper.sections[0].footer.paragraphs[0].text = _plain(minutes.note)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def as_pdf(minutes: Minutes) -> bytes:
    """Minutes as tagged PDF; what was typed travels as data and is never read as mark-up."""
    held = {
        "title": _plain(minutes.title),
        "note": _plain(minutes.note),
        "parts": [
            {"heading": _plain(part.heading), "lines": [_plain(line) for line in part.lines]}
            for part in minutes.parts
        ],
    }
    inputs = {"minutes": json.dumps(held)}
    try:
        made: bytes = typst.compile(_TEMPLATE.encode(), sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:
        # A letter that the font has not (an emoji, say) keeps a paper from the standard, and
        # must not keep a meeting from its minutes.
        made = typst.compile(_TEMPLATE.encode(), sys_inputs=inputs)
    return made


def _plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
