"""
The monthly return as a workbook and as CSV.

In the workbook, the sheet "Check" adds the rows up again with the spreadsheet's own
formulas, and shows how far each figure is from its rows: nothing but noughts. The same
return gives the same bytes.
"""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hotspots.periods import month_in_words
from hotspots.publish.formats import Stamp, neutralise, table_csv
from hotspots.publish.monthly_return import FIGURES, TOTAL, MonthlyReturn

# A workbook's own times, and its zip members': one fixed time keeps bytes equal.
_NO_TIME: Final = datetime(2000, 1, 1)  # noqa: DTZ001
_ZIP_TIME: Final = (2000, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_RETURN, _VISITS, _REPORTS, _CHECK = "Return", "Visits", "Reports", "Check"
_HOW: Final = (
    "Hours are officer-hours: minutes of each visit times officers, over 60.",
    "A visit belongs to the month in which it began, local time.",
    "A report belongs to one area: where outlines overlap, to the first of the list.",
    "Reports are those recorded at a map point inside the outline, whoever made them.",
    "That visits were made does not show that they worked.",
)


def return_csv(made: MonthlyReturn, stamp: Stamp) -> bytes:
    """The return's table as CSV; its rows are in the workbook."""
    return table_csv(_named(made.table), stamp)


def return_xlsx(made: MonthlyReturn, stamp: Stamp) -> bytes:
    """The return as a workbook: Return, Visits, Reports, Check, About."""
    book = Workbook()
    book.properties.creator = "ASB hotspots"
    book.properties.title = f"Monthly return, {month_in_words(made.month)}"
    book.properties.created = _NO_TIME
    first = book.active
    book.remove(first)  # type: ignore[arg-type]
    _table(book.create_sheet(_RETURN), _named(made.table).reset_index())
    _table(book.create_sheet(_VISITS), made.visits.rename(columns=FIGURES))
    _table(book.create_sheet(_REPORTS), made.reports)
    _check(book.create_sheet(_CHECK), made)
    about = pd.DataFrame(
        [
            ("Month", month_in_words(made.month)),
            ("Made from", stamp.selection),
            ("Link", stamp.link),
            ("Data", stamp.data),
            ("Version", stamp.version),
            ("Note", stamp.note),
            *(("How it counts", sentence) for sentence in _HOW),
        ],
        columns=["What", "It says"],
    )
    _table(book.create_sheet("About"), about)
    return _saved(book)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={"name": "Name", **FIGURES}).rename_axis("Area")


def _table(sheet: Worksheet, rows: pd.DataFrame) -> None:
    sheet.append([str(name) for name in rows.columns])
    for row in rows.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(rows.columns, start=1):
        longest = max([len(str(v)) for v in rows[name]] + [min(len(str(name)), 16)], default=8)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, longest + 2)


def _cell(value: object) -> object:
    """A value that a workbook can hold and no spreadsheet will run."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, str):
        return neutralise("".join(c for c in value if c >= " " or c in "\t\n"))
    return value.item() if hasattr(value, "item") else value


def _check(sheet: Worksheet, made: MonthlyReturn) -> None:
    """Each figure less the sum of its rows, as a formula."""
    sheet.append(["Area", *FIGURES.values()])
    visits = {str(name): get_column_letter(n) for n, name in enumerate(made.visits.columns, 1)}
    loaded = bool(made.table["reports"].notna().all())
    last = max(2, len(made.visits) + 1), max(2, len(made.reports) + 1)
    for line, area in enumerate(made.table.index, start=2):
        cells: list[object] = [neutralise(str(area))]
        for column, figure in enumerate(FIGURES, start=3):
            here = f"{_RETURN}!{get_column_letter(column)}{line}"
            whose = f"{_RETURN}!$A{line}"
            areas = f"{_VISITS}!$B$2:$B${last[0]}"
            if figure == "reports":
                if not loaded:
                    cells.append("not loaded")
                    continue
                rows = f"{_REPORTS}!$B$2:$B${last[1]}"
                total, one = f"COUNTA({rows})", f"COUNTIF({rows},{whose})"
            elif figure == "patrols":
                total, one = f"COUNTA({areas})", f"COUNTIF({areas},{whose})"
            else:
                letter = visits[figure]
                rows = f"{_VISITS}!${letter}$2:${letter}${last[0]}"
                total, one = f"SUM({rows})", f"SUMIF({areas},{whose},{rows})"
            cells.append(f"=ROUND({here}-{total if area == TOTAL else one},6)")
        sheet.append(cells)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _saved(book: Workbook) -> bytes:
    """The workbook's bytes, without the time of saving."""
    drawn, fixed = BytesIO(), BytesIO()
    book.save(drawn)
    with zipfile.ZipFile(drawn) as old, zipfile.ZipFile(fixed, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", data)
            told = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            told.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(told, data)
    return fixed.getvalue()
