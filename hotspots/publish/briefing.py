"""
The sheet: a page for a shift and a page for each area, as PDF that a screen reader reads.

PDF/UA-1 (tagged, with a title, a language and every picture in words), black on white,
the same bytes each time. Whatever comes from data or was typed reaches the page as data:
nothing of it is read as mark-up.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import segno
import typst

from hotspots.publish.paper_map import PaperMap

MARKINGS: Final = ("OFFICIAL", "OFFICIAL-SENSITIVE")
_LONGEST_ADDRESS: Final = 1_500
_TEMPLATE: Final = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, date: none)
#set page(
  paper: "a4", margin: (x: 14mm, top: 17mm, bottom: 19mm),
  header: text(9pt, weight: "bold", align(center, told.marking)),
  footer: context text(7pt)[#told.foot #h(1fr) #told.marking ·
    page #counter(page).display() of #counter(page).final().first()],
)
#set text(font: "Libertinus Serif", size: 9.5pt, lang: "en", region: "GB")
#set par(leading: 0.5em, spacing: 0.6em)
#show heading.where(level: 1): set text(17pt)
#show heading.where(level: 1): set block(below: 0.5em)
#show heading.where(level: 2): set text(10.5pt)
#show heading.where(level: 2): set block(above: 0.85em, below: 0.35em)
#let drawn(map) = figure(
  box(width: map.width_mm * 1mm, height: map.height_mm * 1mm, {
    image(bytes(map.svg), format: "svg", width: 100%, alt: map.alt)
    for label in map.labels {
      let size = if label.kind == "focus" { 11pt } else { 8pt }
      let weight = if label.kind == "focus" { "bold" } else { "regular" }
      let style = if label.kind == "place" { "italic" } else { "normal" }
      place(top + left, dx: label.x_mm * 1mm - 20mm, dy: label.y_mm * 1mm - 2mm,
        box(width: 40mm, align(center, box(fill: white.transparentize(15%), outset: 0.6pt,
          text(size, weight: weight, style: style, label.text)))))
    }
    place(bottom + left, dx: 2mm, dy: -2mm, box(fill: white, inset: 1.2mm, stack(spacing: 0.8mm,
      text(7pt, if map.scale_m < 1000 [#map.scale_m m] else [#calc.quo(map.scale_m, 1000) km]),
      rect(width: map.scale_mm * 1mm, height: 1.2mm, fill: black, stroke: none))))
    place(top + right, dx: -2mm, dy: 2mm, box(fill: white, inset: 1mm, align(center,
      stack(spacing: 0.6mm, text(8pt, weight: "bold", "N"),
        polygon(fill: black, (0mm, 5mm), (1.6mm, 0mm), (3.2mm, 5mm), (1.6mm, 3.8mm))))))
  }),
  caption: text(7.5pt, map.alt), numbering: none, supplement: none,
)
#let banner = if told.made_up != "" [
  #block(stroke: 1.5pt, inset: 4pt, width: 100%, strong(told.made_up))
]
#let listing(head, rows) = table(
  columns: head.len(), stroke: 0.4pt, inset: 3.2pt,
  table.header(..head.map(name => strong(name))), ..rows.flatten(),
)
#for (number, sheet) in told.sheets.enumerate() [
  #if number > 0 { pagebreak() }
  = #sheet.title
  #banner
  #grid(columns: (sheet.map.width_mm * 1mm, 1fr), column-gutter: 5mm,
    drawn(sheet.map),
    [#for part in sheet.beside [
      == #part.title
      #for sentence in part.sentences [ #par(sentence) ]
      #if part.head.len() > 0 { text(8pt, listing(part.head, part.rows)) }
    ]])
  #let whole(part) = [
    == #part.title
    #if part.kind == "list" [ #for sentence in part.sentences [ - #sentence ] ] else [
      #for sentence in part.sentences [ #par(sentence) ]
    ]
    #if part.head.len() > 0 { text(8.5pt, listing(part.head, part.rows)) }
  ]
  #let narrow(part) = part.rows.len() > 0 and part.sentences.len() == 0
  #let tables = sheet.below.filter(narrow)
  #for part in sheet.below.filter(part => not narrow(part) and part.kind == "list") { whole(part) }
  #if tables.len() > 0 {
    grid(columns: (auto,) * calc.min(2, tables.len()), column-gutter: 6mm, ..tables.map(whole))
  }
  #for part in sheet.below.filter(part => not narrow(part) and part.kind != "list") { whole(part) }
  #v(1fr)
  #grid(columns: (24mm, 1fr), column-gutter: 4mm, align: horizon,
    image(bytes(sheet.code), format: "svg", width: 22mm, alt: "Code to scan: " + sheet.link),
    text(8pt)[#told.scan #linebreak() #sheet.link])
]
"""


@dataclass(frozen=True)
class Part:
    """A heading, what is said under it, and a table where there is one; kind: text or list."""

    title: str
    sentences: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """One page: its map, what stands beside and below it, and the page of the dashboard."""

    title: str
    map: PaperMap
    beside: tuple[Part, ...]
    below: tuple[Part, ...]
    link: str


@dataclass(frozen=True)
class Briefing:
    """
    Sheets that are handed out together.

    Attributes
    ----------
    title
        Of the document.
    marking
        Classification, at the head and foot of every page.
    made_up
        A banner on the sample; empty on real data.
    foot
        What it was made from, the data's date and the version.
    """

    title: str
    marking: str
    made_up: str
    foot: str
    sheets: tuple[Sheet, ...]


def briefing_pdf(briefing: Briefing) -> bytes:
    """The sheets as PDF/UA-1."""
    told: dict[str, Any] = asdict(briefing)
    for sheet in told["sheets"]:
        sheet["code"] = code_svg(sheet["link"])
    told["scan"] = "Scan to open this place in the dashboard:"
    made = typst.compile(
        _TEMPLATE.encode(),
        format="pdf",
        sys_inputs={"told": json.dumps(told)},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return bytes(made)


def code_svg(link: str) -> str:
    """A QR code as SVG."""
    picture = io.BytesIO()
    segno.make(link[:_LONGEST_ADDRESS], error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, border=2
    )
    return picture.getvalue().decode()


def marked(words: str) -> str:
    """
    A classification as it is printed.

    Examples
    --------
    >>> marked(" official ")
    'OFFICIAL'
    """
    return " ".join(words.split()).upper()[:60] or MARKINGS[0]


def page_of(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts that say something."""
    return tuple(part for part in parts if part.sentences or part.rows)
