"""Papers of headings and lines that people take away, as Word and as PDF a screen reader reads."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

import docx
import typst

_TEMPLATE: Final = """
#let held = json(bytes(sys.inputs.paper))
#set document(title: held.title, date: none)
#set page(
  paper: "a4", margin: 2.2cm,
  header: if held.marking != "" { align(center, text(size: 9pt, weight: "bold", held.marking)) },
  footer: context text(size: 8pt)[#held.note #if held.marking != "" [· #held.marking]
    #h(1fr) #counter(page).display() of #counter(page).final().first()],
)
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
    """One heading, and its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """
    A paper to take away.

    Attributes
    ----------
    title
        Its first line.
    made_on
        The day.
    parts
        In order.
    note
        What it was made from: selection, data, version.
    marking
        Its protective marking, at the head and foot of every page; none unless given.
    """

    title: str
    made_on: date
    parts: Sequence[Part]
    note: str
    marking: str = ""


# What turns a paper into a file.
Writer = Callable[[Paper], bytes]


def as_docx(paper: Paper) -> bytes:
    """For Word: headings, bullet lists, the source in the footer, the marking in both."""
    written = docx.Document()
    fixed = datetime.combine(paper.made_on, datetime.min.time(), tzinfo=UTC)
    about = written.core_properties
    about.title, about.language, about.author = paper.title, "en-GB", ""
    about.created = about.modified = fixed.replace(tzinfo=None)
    written.add_heading(_plain(paper.title), level=0)
    for part in paper.parts:
        written.add_heading(_plain(part.heading), level=1)
        for line in part.lines or ("Nothing.",):
            written.add_paragraph(_plain(line), style="List Bullet")
    page = written.sections[0]
    page.header.paragraphs[0].text = _plain(paper.marking)
    page.footer.paragraphs[0].text = _plain(" · ".join(filter(None, (paper.note, paper.marking))))
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def as_pdf(paper: Paper) -> bytes:
    """As tagged PDF; what was typed travels as data and is never read as mark-up."""
    held = {
        "title": _plain(paper.title),
        "note": _plain(paper.note),
        "marking": _plain(paper.marking),
        "parts": [
            {"heading": _plain(part.heading), "lines": [_plain(line) for line in part.lines]}
            for part in paper.parts
        ],
    }
    inputs = {"paper": json.dumps(held)}
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
