"""
Tables as partners send them: CSV, TSV, workbooks, GeoJSON and GeoPackage.

Everything is hostile until read: what a file is, its first bytes say, its size is bounded
before it is unpacked, and cells are text, whatever they would like to be.
"""

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from hotspots.errors import SourceError
from hotspots.sources import files
from hotspots.sources.street_text import TEXT, WORDS, decoded

# The first lines of a file that its header is looked for in.
SEARCHED: Final = 20
_MAX_COLUMNS: Final = 500
_LOOKED_AT: Final = 1 << 18
_NUMBER: Final = re.compile(r"[+-]?[\d,]*\.?\d+%?")
_ZIP: Final = b"PK"
_GEOPACKAGE: Final = b"SQLite format 3\0"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
READ: Final = "CSV, TSV, Excel (.xlsx), GeoJSON and GeoPackage are read"


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
    """

    name: str
    columns: tuple[str, ...]
    table: pa.Table
    crs: str = ""
    first_row: int = 2
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(
    path: Path,
    *,
    columns: Collection[str] | None = None,
    rows: int | None = None,
    sheet: str = "",
) -> Tabular:
    """
    Table of one file.

    Parameters
    ----------
    path
        The file; a `.gz`, or a zip file with one table in it, is unpacked in memory.
    columns
        The columns that are wanted; None = all.
    rows
        How many rows at most, for a first look; None = all.
    sheet
        Sheet of a workbook; empty = the one that looks most like reports.

    Raises
    ------
    SourceError
        In one sentence, when it is not a table that can be read.
    """
    from hotspots.sources import map_tables, workbooks

    head = files.head(path)
    if head.startswith(_ZIP) and workbooks.is_workbook(path):
        return workbooks.read(path, columns=columns, rows=rows, sheet=sheet)
    if head.startswith(_OLD_EXCEL):
        raise SourceError(f"{path.name} is an old or locked Excel file; save it as .xlsx or CSV.")
    if head.startswith(_GEOPACKAGE) or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return map_tables.read(path, columns=columns, rows=rows)
    with files.opened([path], _refusal) as listing:
        if len(listing.found) != 1:
            many = "several tables" if listing.found else "no table"
            raise SourceError(f"{path.name} holds {many}; unpack it and choose one. {READ}.")
        name, data = listing.found[0].name, listing.found[0].read()
    return _of_csv(data, name, columns, rows)


def _refusal(name: str) -> str | None:
    fits = name.casefold().endswith((".csv", ".tsv", ".txt"))
    return None if fits else f"{READ}"


def _of_csv(data: bytes, name: str, columns: Collection[str] | None, rows: int | None) -> Tabular:
    if b"\0" in data[:_LOOKED_AT] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{name} is not a table; {READ}.")
    text, notes = decoded(data, name)
    if rows is not None:
        text = text[:_LOOKED_AT].rsplit(b"\n", 1)[0] + b"\n" if len(text) > _LOOKED_AT else text
    first, delimiter = _first_lines(text, name)
    cells = [cells for _, cells in first]
    at = header_row(cells)
    names = unique(cells[at])
    if at:
        notes.append(
            f"The header is row {first[at][0]} of {name}; what stands above it was passed over."
        )
    table, left_out = csv_table(
        text, name, header=names, skip=first[at][0], delimiter=delimiter, columns=columns
    )
    if rows is not None:
        table = table.slice(0, rows)
    return Tabular(name, names, table, "", first[at][0] + 1, tuple(left_out), tuple(notes))


def csv_table(
    data: bytes,
    name: str,
    *,
    header: Sequence[str] | None = None,
    skip: int = 0,
    delimiter: str = ",",
    columns: Collection[str] | None = None,
) -> tuple[pa.Table, list[int]]:
    """
    Columns of a CSV file as text, and the numbers of rows with too few or too many values.

    Parameters
    ----------
    data
        What stands in the file, as UTF-8: see `street_text.decoded`.
    name
        Its name, for what is said of it.
    header
        Names of the columns; None = the first line's.
    skip
        Lines to pass over, where names are given.
    delimiter
        What parts the columns.
    columns
        The columns that are wanted; None = all.

    Raises
    ------
    SourceError
        When it is not a table.
    """
    if header is None:
        first, delimiter = _first_lines(data, name)
        header, skip = unique(first[0][1]), first[0][0]
    elif not skip and len(header) < (width := data[:_LOOKED_AT].split(b"\n")[0].count(b",") + 1):
        header = unique([*header, *[""] * (width - len(header))])
    wanted = [each for each in header if columns is None or each in columns]
    ragged: list[int] = []
    open_quotes: list[int] = []

    def leave_out(row: arrow_csv.InvalidRow) -> str:
        unclosed = "\n" in row.text.strip() and row.text.count('"') % 2
        (open_quotes if unclosed else ragged).append(row.number or 0)
        return "skip"

    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data if data.endswith((b"\n", b"\r")) else data + b"\n"),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=len(data) + 1024,
                column_names=header,
                skip_rows=skip,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=b'"' in data,
                ignore_empty_lines=False,
                invalid_row_handler=leave_out,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, WORDS),
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({each: pa.array([], TEXT) for each in wanted}), ragged
        said = str(error).splitlines()[0].rstrip(".")
        raise SourceError(f"{name} cannot be read as a table: {said}.") from error
    if open_quotes:
        raise SourceError(
            f"{name}, row {open_quotes[0]:,}, opens a quotation mark that is never closed; mend "
            "it, or save the file again."
        )
    return table, ragged


def _first_lines(text: bytes, name: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The first rows with something in them, each with its line's number, and the delimiter."""
    start = text[:_LOOKED_AT].decode(errors="replace")
    lines = [line for line in start.splitlines()[:SEARCHED] if line.strip()]
    delimiter = max(
        (",", ";", "\t", "|"), key=lambda each: max((x.count(each) for x in lines), default=0)
    )
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells[: _MAX_COLUMNS + 1]))
            if len(rows) == SEARCHED:
                break
    except csv.Error as error:
        if not rows:
            raise SourceError(f"{name} is not a table; {READ}.") from error
    if not rows or max(len(cells) for _, cells in rows) > _MAX_COLUMNS:
        fault = f"has more than {_MAX_COLUMNS} columns" if rows else "holds no cell with words"
        raise SourceError(f"{name} {fault}; it is no table of reports.")
    return rows, delimiter


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
