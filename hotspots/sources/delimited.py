"""Tables whose values a comma, a semicolon, a tab or a bar parts."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from hotspots.errors import SourceError
from hotspots.sources.street_text import TEXT, WORDS, decoded
from hotspots.sources.swallowed_rows import row_number, swallowing, took_rows
from hotspots.sources.tabular import READ, SEARCHED, Tabular, header_row, unique

_MAX_COLUMNS: Final = 500
_LOOKED_AT: Final = 1 << 18


def read(
    data: bytes,
    name: str,
    *,
    columns: Collection[str] | None = None,
    plain: Collection[str] = (),
    rows: int | None = None,
) -> Tabular:
    """
    Table of a file's bytes, unpacked; see `table_files.read_table`.

    Raises
    ------
    SourceError
        When it is not a table.
    """
    if b"\0" in data[:_LOOKED_AT] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{name} is not a table; {READ}.")
    text, notes = decoded(data, name)
    if rows is not None:
        text = text[:_LOOKED_AT].rsplit(b"\n", 1)[0] + b"\n" if len(text) > _LOOKED_AT else text
    first, delimiter = _first_lines(text, name)
    cells = [cells for _, cells in first]
    at = header_row(cells)
    names = unique(_as_wide_as_rows(cells[at], cells[at + 1 :]))
    if at:
        notes.append(
            f"The header is row {first[at][0]} of {name}; what stands above it was passed over."
        )
    table, left_out = csv_table(
        text,
        name,
        header=names,
        skip=first[at][0],
        delimiter=delimiter,
        columns=columns,
        plain=plain,
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
    plain: Collection[str] = (),
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
    plain
        Those in which hardly a value repeats, which no dictionary makes smaller.

    Raises
    ------
    SourceError
        When it is not a table.
    """
    if header is None:
        first, delimiter = _first_lines(data, name)
        header, skip = unique(first[0][1]), first[0][0]
    header = header if skip else _as_wide_as_data(header, data)
    wanted = [each for each in header if columns is None or each in columns]
    ragged: list[int] = []
    open_quotes: list[int] = []

    def leave_out(row: arrow_csv.InvalidRow) -> str:
        (open_quotes if took_rows(row.text, len(header), delimiter) else ragged).append(
            row.number or 0
        )
        return "error" if row.number is None else "skip"

    def parsed(names: Sequence[str], *, threads: bool) -> pa.Table:
        return arrow_csv.read_csv(
            pa.BufferReader(data if data.endswith((b"\n", b"\r")) else data + b"\n"),
            read_options=arrow_csv.ReadOptions(
                use_threads=threads,
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
                column_types={
                    each: WORDS if each in wanted and each not in plain else TEXT for each in names
                },
                include_columns=names,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )

    try:
        try:
            table = parsed(wanted, threads=True)
        except pa.ArrowInvalid:
            if not (ragged or open_quotes):
                raise
            # Only a single thread knows the number of a row that is not whole.
            ragged.clear()
            open_quotes.clear()
            table = parsed(wanted, threads=False)
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({each: pa.array([], TEXT) for each in wanted}), ragged
        said = str(error).splitlines()[0].rstrip(".")
        raise SourceError(f"{name} cannot be read as a table: {said}.") from error
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if not open_quotes and lines > skip + table.num_rows + len(ragged):
        # Cells have lines of their own, which may be rows, also in columns that nobody wants.
        known = tuple(ragged)
        rest = parsed(_beside(header, wanted), threads=False)
        ragged[:] = known
        open_quotes += [
            row_number(place + skip + 1, ragged)
            for place in swallowing((rest, table), header, delimiter)
        ]
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


def _as_wide_as_data(header: Sequence[str], data: bytes) -> Sequence[str]:
    """Header of a file that has none of its own, with a name for every column."""
    width = data[:_LOOKED_AT].split(b"\n")[0].count(b",") + 1
    return unique([*header, *[""] * (width - len(header))]) if len(header) < width else header


def _beside(header: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Columns that are not wanted, and the first."""
    return [each for each in header if each not in wanted or each == header[0]]


def _as_wide_as_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[str]:
    """Header made as wide as most rows, where it is only blank cells at their ends that differ."""
    wide = Counter(map(len, rows)).most_common(1)
    if not wide or wide[0][0] == len(header):
        return header
    width = wide[0][0]
    over = [cell for row in rows if len(row) == width for cell in row[len(header) :]]
    if any(cell.strip() for cell in (*over, *header[width:])):
        return header
    return [*header[:width], *[""] * (width - len(header))]
