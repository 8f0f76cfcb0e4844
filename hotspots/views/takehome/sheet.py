"""A sheet of paper: two sides, tagged for screen readers (PDF/UA-1), the same bytes each time."""

import json
from typing import Any, Final

import typst

from hotspots.publish.story import Story
from hotspots.views import assembly, assembly_tables
from hotspots.views.takehome import drawing

# Everything that comes from data reaches the page as data: nothing of it is read as mark-up.
_TEMPLATE: Final = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, date: none)
#set page(paper: "a4", margin: (x: 17mm, y: 15mm), footer: text(8pt, told.foot))
#set text(font: "Libertinus Serif", size: 11pt, lang: told.language)
#set par(leading: 0.55em, spacing: 0.75em)
#show heading.where(level: 1): set text(20pt)
#show heading.where(level: 2): set text(11pt, fill: rgb("#3D3D3D"))
#show heading.where(level: 2): set block(above: 1.1em, below: 0.35em)
#show heading.where(level: 3): set text(12pt)
#show heading.where(level: 3): set block(above: 1em, below: 0.4em)
= #told.title
#if told.made_up != "" [ #block(stroke: 1.5pt, inset: 6pt, strong(told.made_up)) ]
#for step in told.steps [
  == #step.title
  #text(15pt, weight: "bold", step.big)
  #for sentence in step.sentences [ #par(sentence) ]
  #if step.at("picture", default: none) != none [
    #figure(
      image(bytes(step.picture), format: "svg", height: step.height * 1mm, alt: step.alt),
      caption: step.caption, numbering: none, supplement: none,
    )
  ]
  #if step.at("key", default: ()).len() > 0 [
    #for one in step.key [
      #box(rect(width: 12pt, height: 7pt, stroke: 0.5pt, fill: rgb(one.colour))) #one.span #h(8pt)
    ]
  ]
  #if step.at("rows", default: ()).len() > 0 [
    #text(9pt, table(
      columns: step.head.len(), stroke: 0.4pt, inset: 4pt,
      table.header(..step.head.map(name => strong(name))), ..step.rows.flatten(),
    ))
  ]
]
#for part in told.guide [
  === #part.title
  #for sentence in part.sentences [ #par(sentence) ]
  #text(8pt, part.source)
]
#block(breakable: false, above: 1.2em, grid(
  columns: (24mm, 1fr), gutter: 5mm, align: horizon,
  image(bytes(told.code), format: "svg", width: 24mm, alt: told.address),
  [#told.scan: #told.address],
))
"""
_ROUND: Final = 5


def sheet_pdf(story: Story, *, report_address: str) -> bytes:
    """
    Sheet for one area.

    Parameters
    ----------
    story
        What is told.
    report_address
        Of the page where people report, printed as a code to scan.
    """
    told = json.dumps(_told(story, report_address))
    made = typst.compile(
        _TEMPLATE.encode(),
        format="pdf",
        sys_inputs={"told": told},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return bytes(made)


def _told(story: Story, report_address: str) -> dict[str, Any]:
    w = story.words
    steps = [_step(story, step.key) for step in story.steps()]
    foot = ""
    if story.year is not None:
        made = w("page.made_from", years=story.year, identity=story.release.identity)
        foot = f"{made} {w('page.source')}"
    read = w("guide.read_on", read=w("guide.read"))

    def part(title: str, sentences: tuple[str, ...], source: str) -> dict[str, Any]:
        return {
            "title": w(title),
            "sentences": [w(f"guide.{key}") for key in sentences],
            "source": f"{w(f'guide.{source}')}. {read}.",
        }

    return {
        "title": w("sheet.title", area=story.area.name, year=story.year or ""),
        "language": w.language,
        "made_up": w("page.made_up") if story.release.made_up else "",
        "steps": steps,
        "guide": [
            part("guide.report_title", ("report", "emergency", "after"), "report_source"),
            part("guide.review_title", ("review", "threshold"), "review_source"),
        ],
        "code": drawing.code_svg(report_address),
        "scan": w("sheet.scan"),
        "address": report_address,
        "foot": foot,
    }


def _step(story: Story, key: str) -> dict[str, Any]:
    w = story.words
    step = next(one for one in story.steps() if one.key == key)
    told: dict[str, Any] = {
        "title": step.title,
        "big": step.big,
        "sentences": list(step.sentences),
    }
    if story.year is None:
        return told
    if key == "reported" and len(story.quarters):
        caption = w("reported.quarters", area=story.quarters_area)
        told |= {
            "picture": drawing.bars_svg(story),
            "height": 42,
            "alt": f"{caption}: {_in_words(story)}",
            "caption": caption,
        }
    if key == "where":
        shade = assembly.shade_of_wards(story)
        ground = assembly.ground_round(story.release.wards, story.area)
        label = f"{w('where.wards_map')}. {shade.title}"
        table = _near(story)
        told |= {
            "picture": drawing.map_svg(
                ground, shade, label=label, around=assembly.outline_of(story)
            ),
            "height": 75,
            "alt": label,
            "caption": shade.title,
            "key": [{"colour": one.colour, "span": one.span} for one in drawing.key(shade)],
            "head": [str(name) for name in (table.index.name, *table.columns)],
            "rows": [
                [str(index), *map(str, row)]
                for index, row in zip(table.index, table.itertuples(index=False), strict=True)
            ],
        }
    if key == "doing" and story.work:
        table = assembly_tables.work(story)
        told |= {
            "head": [str(name) for name in (table.index.name, *table.columns)],
            "rows": [
                [str(index), *map(str, row)]
                for index, row in zip(table.index, table.itertuples(index=False), strict=True)
            ],
        }
    return told


def _near(story: Story) -> Any:
    """Rows of the table of wards that a sheet has room for: those round the ward asked about."""
    table = assembly_tables.wards(story)
    codes = list(story.of_area().index)
    listed = [code for code in story.compared.index if code in set(codes)]
    if story.area.ward in listed:
        at = listed.index(story.area.ward)
        listed = listed[max(0, at - _ROUND) : at + _ROUND + 1]
    else:
        listed = listed[: 2 * _ROUND]
    return table.iloc[[codes.index(code) for code in listed]]


def _in_words(story: Story) -> str:
    w = story.words
    rows = story.quarters.to_dict("records")
    names = [w(f"quarter.{row['quarter']}") for row in rows]
    return "; ".join(
        f"{name} {row['year']} {row['reports']:,}" for name, row in zip(names, rows, strict=True)
    )
