"""What a table is that a partner sends: its columns named once each, its cells text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

# The first lines of a file that its header is looked for in.
SEARCHED: Final = 20
READ: Final = "CSV, TSV, Excel (.xlsx), GeoJSON and GeoPackage are read"
_NUMBER: Final = re.compile(r"[+-]?[\d,]*\.?\d+%?")


@dataclass(frozen=True, eq=False)
class Tabular:
    """
    One table as it stands in a file, all of it text.

    Attributes
    ----------
    name
        The file's own name.
    columns
        Every column's name, each once, in order.
    table
        The columns that were asked for.
    crs
        What its coordinates are, where the file itself says so.
    first_row
        Number of the first row below the header, as a spreadsheet counts.
    left_out
        Numbers of rows with too few or too many values, which are not in the table.
    notes
        Whole sentences on what was passed over or mended.
    sheet, sheets
        Of a workbook: the sheet that was read, and all of them.
    """

    name: str
    columns: tuple[str, ...]
    table: pa.Table
    crs: str = ""
    first_row: int = 2
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """
    Which of the first rows names the columns.

    Titles stand in few cells, and names are seldom numbers: the first row that is filled
    nearly as widely as any, with words.

    Examples
    --------
    >>> header_row([["Reports 2025", ""], ["", ""], ["Date", "Place"], ["3/1/2025", "Mill Lane"]])
    2
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widest = max(filled, default=0)
    for number, row in enumerate(rows):
        cells = [cell.strip() for cell in row if cell.strip()]
        words = sum(not _NUMBER.fullmatch(cell) for cell in cells)
        if filled[number] >= max(0.6 * widest, 1) and words >= 0.7 * len(cells):
            return number
    return 0


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """
    Names of columns, each once; one without a name is called by its place.

    Examples
    --------
    >>> unique(["Date", "", "Date "])
    ('Date', 'column 2', 'Date (2)')
    """
    found: list[str] = []
    for number, given in enumerate(names, 1):
        name = " ".join(given.replace("\ufeff", "").split())[:100] or f"column {number}"
        name = "".join(letter for letter in name if letter.isprintable())
        if name in found:
            name = next(
                f"{name} ({n})" for n in range(2, len(names) + 2) if f"{name} ({n})" not in found
            )
        found.append(name)
    return tuple(found)
