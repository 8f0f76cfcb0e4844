"""A page that needs no server: one file with everything in it, and nothing fetched."""

from html import escape
from typing import Final

import pandas as pd

from hotspots.publish.accessibility import statement
from hotspots.publish.story import Story
from hotspots.views import assembly, assembly_tables
from hotspots.views.takehome import drawing

_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: #0B0C0C; background: #fff;
  font: 1.15rem/1.5 system-ui, "Segoe UI", sans-serif; }
h1 { font-size: clamp(1.5rem, 5vw, 2.4rem); line-height: 1.15; margin: 0.5rem 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 0; }
.big { font-size: clamp(1.35rem, 4vw, 2rem); font-weight: 700; line-height: 1.2;
  margin: 0.2rem 0 0.8rem; }
svg { max-width: 100%; height: auto; display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 1rem; min-width: 30rem; }
caption { text-align: left; font-weight: 700; padding: 0.4rem 0; }
th, td { text-align: left; padding: 0.3rem 0.7rem; border-bottom: 1px solid #767676; }
thead th { border-bottom: 2px solid #0B0C0C; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; list-style: none; padding: 0; }
.key span { display: inline-block; width: 1.4rem; height: 0.9rem; border: 1px solid #5B626B;
  margin-right: 0.4rem; vertical-align: baseline; }
.beside { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
.note { font-size: 0.95rem; color: #3D3D3D; }
.made-up { border: 3px solid #0B0C0C; padding: 0.6rem 0.9rem; font-weight: 700; }
a { color: #12436D; } a:focus-visible, summary:focus-visible, .wide:focus-visible
{ outline: 3px solid #0B0C0C; outline-offset: 2px; background: #FFDD00; }
summary { cursor: pointer; padding: 0.4rem 0; font-weight: 600; }
@media print { details { break-inside: avoid; } }
"""


def page_html(story: Story, *, report_address: str) -> bytes:
    """
    One HTML file: what the assembly's page says, for one area, with every ward in a table.

    Parameters
    ----------
    story
        What is told.
    report_address
        Of the page where people report.
    """
    w = story.words
    name = escape(w("page.heading"))
    title = f"{name}: {escape(story.area.name)}"
    made_up = f'<p class="made-up">{escape(w("page.made_up"))}</p>' if story.release.made_up else ""
    body = "".join(_step(story, step.key) for step in story.steps())
    html = (
        f'<!DOCTYPE html><html lang="{escape(w.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{title}</h1>{made_up}</header><main>{body}"
        f"{_guide(story, report_address)}</main><footer>{_foot(story)}</footer></body></html>"
    )
    return html.encode()


def _step(story: Story, key: str) -> str:
    step = next(one for one in story.steps() if one.key == key)
    words = "".join(f"<p>{escape(sentence)}</p>" for sentence in step.sentences)
    return (
        f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(step.title)}</h2>'
        f'<p class="big">{escape(step.big)}</p>{words}{_picture(story, key)}</section>'
    )


def _picture(story: Story, key: str) -> str:
    w = story.words
    if story.year is None:
        return ""
    if key == "reported" and len(story.quarters):
        caption = w("reported.quarters", area=story.quarters_area)
        return drawing.bars_svg(story) + table_html(assembly_tables.quarters(story), caption)
    if key == "where":
        return _maps(story)
    if key == "doing" and story.work:
        return table_html(assembly_tables.work(story), w("steps.doing"))
    return ""


def _maps(story: Story) -> str:
    w, year = story.words, story.year or 0
    wards = assembly.ground_round(story.release.wards, story.area)
    parts = assembly.ground_round(assembly.ground_of_parts(story.release, year, w), story.area)
    drawn = []
    for kind, ground, shade, table in (
        ("wards_map", wards, assembly.shade_of_wards(story), assembly_tables.wards(story)),
        (
            "parts_map",
            parts,
            assembly.shade_of_parts(story.release, year, w),
            assembly_tables.parts(story),
        ),
    ):
        label = f"{w(f'where.{kind}')}. {shade.title}. {w('page.table')}"
        keys = "".join(
            f'<li><span style="background:{one.colour}"></span>{escape(one.span)}</li>'
            for one in drawing.key(shade)
        )
        drawn.append(
            f"<h3>{escape(w(f'where.{kind}'))}</h3>"
            f"{drawing.map_svg(ground, shade, label=label, around=assembly.outline_of(story))}"
            f'<p class="note">{escape(shade.title)}</p><ul class="key">{keys}</ul>'
            f"<details><summary>{escape(w('page.table'))}</summary>"
            f"{table_html(table, w(f'where.{kind}'))}</details>"
        )
    return "".join(drawn)


def _guide(story: Story, report_address: str) -> str:
    w = story.words

    def said(*keys: str) -> str:
        return "".join(f"<p>{escape(w(f'guide.{key}'))}</p>" for key in keys)

    def source(*keys: str) -> str:
        told = "; ".join(w(f"guide.{key}") for key in keys)
        read = w("guide.read_on", read=w("guide.read"))
        return f'<p class="note">{escape(told)}. {escape(read)}.</p>'

    address = escape(report_address)
    return (
        f'<section aria-labelledby="guide"><h2 id="guide">{escape(w("guide.title"))}</h2>'
        f'<div class="beside"><div><h3>{escape(w("guide.what_title"))}</h3>'
        f"{said('what', 'personal', 'nuisance', 'environmental')}"
        f"{source('what_source', 'kinds_source')}</div>"
        f"<div><h3>{escape(w('guide.report_title'))}</h3>{said('report', 'emergency')}"
        f'<p><a href="{address}">{address}</a></p>{drawing.code_svg(report_address)}'
        f"{source('report_source')}<h3>{escape(w('guide.after_title'))}</h3>{said('after')}</div>"
        f"<div><h3>{escape(w('doing.powers_title'))}</h3>"
        f"{said('dispersal', 'notice', 'injunction', 'order')}{source('powers_source')}"
        f"<h3>{escape(w('guide.review_title'))}</h3>{said('review', 'threshold')}"
        f"{source('review_source')}</div></div></section>"
    )


def _foot(story: Story) -> str:
    w = story.words
    access = "".join(f"<p>{escape(sentence)}</p>" for sentence in statement(w))
    about = f"<details><summary>{escape(w('access.title'))}</summary>{access}</details>"
    if story.year is None:
        return about
    made = w("page.made_from", years=story.year, identity=story.release.identity)
    note = w("page.made_up" if story.release.made_up else "page.source")
    return f'{about}<p class="note">{escape(made)} {escape(note)}</p>'


def table_html(table: pd.DataFrame, caption: str) -> str:
    """Table with its headers, read aloud row by row."""
    head = "".join(
        f'<th scope="col">{escape(str(name))}</th>' for name in (table.index.name, *table.columns)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(str(index))}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for index, row in zip(table.index, table.itertuples(index=False), strict=True)
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
