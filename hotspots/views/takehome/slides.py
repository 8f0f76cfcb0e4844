"""Slides for a meeting: five, with charts that can be edited and notes that say the caveats."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any, Final

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Emu, Inches, Pt

from hotspots.publish.story import Step, Story
from hotspots.views import assembly_tables, palette

_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_INK: Final = RGBColor(0x0B, 0x0C, 0x0C)
_SHOWN: Final = 10
# More letters than this are set smaller beside a picture; pieces of work a slide has room for.
_LONG: Final = 320
_WORK: Final = 6
# Office files stamp the time of writing; one fixed time keeps bytes equal.
_NO_TIME: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a time of no place
_STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def slides_pptx(story: Story, *, report_address: str) -> bytes:
    """
    Slides for one area: one a step, and one on how to report.

    Parameters
    ----------
    story
        What is told.
    report_address
        Of the page where people report.
    """
    w = story.words
    made = Presentation()
    made.slide_width, made.slide_height = _WIDE, _HIGH
    properties = made.core_properties
    properties.title = w("sheet.title", area=story.area.name, year=story.year or "")
    properties.author = ""
    properties.language = w.language
    properties.created = properties.modified = _NO_TIME
    for step in story.steps():
        _slide(made, story, step)
    last = Step(
        "report",
        w("guide.report_title"),
        w("guide.report"),
        (
            w("guide.emergency"),
            w("guide.online", address=report_address),
            w("guide.review"),
            w("guide.threshold"),
        ),
    )
    _slide(made, story, last)
    out = io.BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _slide(made: Any, story: Story, step: Step) -> None:
    w = story.words
    slide = made.slides.add_slide(made.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = _box(0.6, 0.75, 12.1, 1.35)
    _write(title.text_frame, [step.big], size=36, bold=True)
    _text(slide, step.title, 0.6, 0.35, 12.1, size=20)
    drawn = _chart(slide, story, step.key) or _work(slide, story, step.key)
    width = 5.2 if drawn else 12.1
    frame = _text(slide, "", 0.6, 2.25, width, size=22, height=4.4)
    long = sum(map(len, step.sentences)) > _LONG
    _write(frame, list(step.sentences), size=(16 if long else 20) if drawn else 24)
    foot = w("page.made_up") if story.release.made_up else w("page.source")
    if story.year is not None:
        made_from = w("page.made_from", years=story.year, identity=story.release.identity)
        foot = f"{made_from} {foot}"
    _text(slide, foot, 0.6, 6.95, 12.1, size=11)
    notes = [w("sheet.notes"), *step.sentences, w("changed.records"), w("reported.trust")]
    notes += [w("unknown.reports"), w("unknown.harm"), foot]
    slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(notes))


def _chart(slide: Any, story: Story, key: str) -> bool:
    """A real chart beside the words, where there is one; whether there is."""
    w = story.words
    if story.year is None:
        return False
    if key in {"reported", "changed"} and len(story.quarters):
        wide = story.quarters.pivot_table(
            index="quarter", columns="year", values="reports", aggfunc="sum"
        )
        data = CategoryChartData(number_format="#,##0")
        data.categories = [w(f"quarter.{q}") for q in wide.index]
        for year in wide.columns:
            data.add_series(str(year), [int(n) for n in wide[year]])
        title = w("reported.quarters", area=story.quarters_area)
        _draw(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, data, title, numbers=True)
        return True
    if key == "where" and len(story.compared):
        listed = _listed(story)
        data = CategoryChartData(number_format="0")
        data.categories = [str(name) for name in listed["name"]]
        data.add_series(w("table.place"), [float(n) for n in listed["first"]])
        data.add_series(w("where.ranks"), [float(n) for n in listed["last"] - listed["first"]])
        chart = _draw(slide, XL_CHART_TYPE.BAR_STACKED, data, w("where.ranks"), numbers=False)
        # The first part only moves the bar to where its range begins.
        chart.plots[0].series[0].format.fill.background()
        chart.has_legend = False
        chart.category_axis.reverse_order = True
        return True
    return False


def _work(slide: Any, story: Story, key: str) -> bool:
    """What is being done as a table, where any is recorded; whether there is."""
    if key != "doing" or not story.work:
        return False
    table = assembly_tables.work(story).head(_WORK).reset_index()
    frame = slide.shapes.add_table(len(table) + 1, len(table.columns), *_box(6.1, 2.2, 6.7, 0.6))
    rows = [list(map(str, table.columns)), *(list(map(str, row)) for row in table.to_numpy())]
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            _write(frame.table.cell(number, place).text_frame, [cell], size=14, bold=not number)
            if not number:
                for run in frame.table.cell(0, place).text_frame.paragraphs[0].runs:
                    run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    return True


def _listed(story: Story) -> pd.DataFrame:
    listed = story.compared
    if story.area.ward in listed.index:
        at = list(listed.index).index(story.area.ward)
        return listed.iloc[max(0, at - _SHOWN // 2) : at + _SHOWN // 2 + 1]
    return listed.loc[listed.index.isin(story.of_area().index)].head(_SHOWN)


def _draw(slide: Any, kind: Any, data: Any, title: str, *, numbers: bool) -> Any:
    frame = slide.shapes.add_chart(kind, *_box(6.1, 2.2, 6.7, 4.6), data)
    frame.name = title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", title)  # noqa: SLF001 - no other way
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(14), _INK
    chart.has_title = True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(16)
    chart.has_legend = len(chart.plots[0].series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xCF, 0xCF, 0xCA)
    colours = [palette.CHART_LIGHT["before"], palette.CHART_LIGHT["now"]]
    series = list(chart.plots[0].series)
    for one, colour in zip(series, colours[-len(series) :], strict=True):
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    chart.plots[0].has_data_labels = numbers
    if numbers:
        chart.plots[0].data_labels.number_format = "#,##0"
        chart.plots[0].data_labels.number_format_is_linked = False
        chart.plots[0].data_labels.font.size = Pt(14)
    chart.plots[0].gap_width = 60
    return chart


def _text(
    slide: Any, text: str, left: float, top: float, width: float, *, size: int, height: float = 0.4
) -> Any:
    frame = slide.shapes.add_textbox(*_box(left, top, width, height)).text_frame
    _write(frame, [text], size=size)
    return frame


def _write(frame: Any, sentences: list[str], *, size: int, bold: bool = False) -> None:
    frame.word_wrap = True
    for number, sentence in enumerate(sentences):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        line.text = _CONTROL.sub(" ", sentence)
        line.space_after = Pt(8)
        for run in line.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _INK
    frame.paragraphs[0].alignment = 1  # to the left


# XML has no way to write these.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


def _box(left: float, top: float, width: float, height: float) -> tuple[Emu, Emu, Emu, Emu]:
    return Inches(left), Inches(top), Inches(width), Inches(height)


def _timeless(packed: bytes) -> bytes:
    """Office file without the time it was written at, its workbooks included."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            body = read.read(name)
            if name.endswith(".xlsx"):
                body = _timeless(body)
            elif name == "docProps/core.xml":
                body = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", body)
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            write.writestr(entry, body)
    return out.getvalue()
