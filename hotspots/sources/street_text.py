"""The text of a street file: decoded, its header understood, its rows cut into columns."""

import re
from dataclasses import dataclass
from typing import Final, Self

import pyarrow as pa
from pyarrow import csv

from hotspots.errors import SourceError
from hotspots.sources.swallowed_rows import row_number, swallowing

NEEDED: Final = ("Month", "Falls within", "Longitude", "Latitude", "Crime type")
OPTIONAL: Final = (
    "Crime ID",
    "Reported by",
    "Location",
    "LSOA code",
    "Last outcome category",
    "Context",
)
TEXT: Final = pa.string()
WORDS: Final = pa.dictionary(pa.int32(), pa.string())

# Every postcode there ever was makes 2.7 million; even blank lines cost memory.
MAX_LINES: Final = 5_000_000
_LONGEST_HEADER: Final = 10_000
TAKE: Final = "take street files as data.police.uk publishes them."


def decoded(data: bytes, name: str) -> tuple[bytes, list[str]]:
    """Text as UTF-8, whatever it was saved as."""
    if not data or data.isspace():
        raise SourceError(f"{name} is empty; download it again.")
    if max(data.count(b"\n"), data.count(b"\r")) > MAX_LINES:
        raise SourceError(
            f"{name} has more than {MAX_LINES:,} lines, and was not read; send it in parts, such "
            "as a file a year."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16").encode(), []
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{name} is not text; download it again, or save it as CSV."
            ) from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data[: 1 << 16]:
        raise SourceError(f"{name} is not text; download it again, or save it as CSV.")
    if data.lstrip()[:1] == b"<":
        raise SourceError(f"{name} is a web page, not a table; download the CSV file itself.")
    try:
        data.decode()
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError(
                f"{name} is neither UTF-8 nor Latin-1 text (line {line:,}); save it as UTF-8."
            ) from error
        return text.encode(), [f"{name} is not UTF-8; it was read as Latin-1 (Windows-1252)."]
    return data, []


def read_table(text: bytes, name: str) -> tuple[pa.Table, list[int]]:
    """Columns of ours as text, and the numbers of rows with too few or too many values."""
    header = _Header.of(text, name)
    try:
        return _read(text, header, pa.float64(), name)
    except pa.ArrowInvalid:  # a coordinate that is no number: read them as text
        pass
    try:
        return _read(text, header, TEXT, name)
    except pa.ArrowInvalid as error:
        said = str(error).splitlines()[0].rstrip(".")
        raise SourceError(f"{name} cannot be read as a table: {said}.") from error


@dataclass(frozen=True)
class _Header:
    """The delimiter, a name for every column, and the columns that are of use."""

    delimiter: str
    names: tuple[str, ...]
    kept: tuple[str, ...]

    @classmethod
    def of(cls, text: bytes, name: str) -> Self:
        line = _first_line(text).decode(errors="replace")
        if len(line) > _LONGEST_HEADER:
            raise SourceError(f"{name} has no header; {TAKE}")
        delimiter = max((",", ";", "\t"), key=line.count)
        ours = {column.casefold(): column for column in (*NEEDED, *OPTIONAL)}
        given = [word.strip().strip('"').casefold() for word in line.split(delimiter)]
        names = [ours.get(word, f"{word} in column {n}") for n, word in enumerate(given)]
        missing = [f"“{column}”" for column in NEEDED if column not in names]
        if missing:
            raise SourceError(f"{name} has no column {', '.join(missing)}; {TAKE}")
        kept = tuple(column for column in ours.values() if column in names)
        twice = [column for column in kept if names.count(column) > 1]
        if twice:
            raise SourceError(f"{name} has two columns “{twice[0]}”; remove one and try again.")
        return cls(delimiter, tuple(names), kept)


def _first_line(text: bytes) -> bytes:
    return re.split(rb"[\r\n]", text[: _LONGEST_HEADER + 1], maxsplit=1)[0]


def _read(
    text: bytes, header: _Header, coordinate: pa.DataType, name: str
) -> tuple[pa.Table, list[int]]:
    ragged: list[int] = []
    unclosed: list[int] = []

    def leave_out(row: csv.InvalidRow) -> str:
        (unclosed if "\n" in row.text else ragged).append(row.number)
        return "skip"

    special = {"Crime ID": TEXT, "Longitude": coordinate, "Latitude": coordinate}
    table = csv.read_csv(
        pa.BufferReader(text if text.endswith((b"\n", b"\r")) else text + b"\n"),
        read_options=csv.ReadOptions(
            use_threads=False,
            block_size=len(text) + 1024,
            column_names=header.names,
            skip_rows=1,
        ),
        parse_options=csv.ParseOptions(
            delimiter=header.delimiter,
            newlines_in_values=b'"' in text,
            ignore_empty_lines=False,
            invalid_row_handler=leave_out,
        ),
        convert_options=csv.ConvertOptions(
            column_types={column: special.get(column, WORDS) for column in header.kept},
            include_columns=header.kept,
            null_values=[""],
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    if not unclosed and lines > 1 + table.num_rows + len(ragged):
        unclosed = _rows_in_cells(table, header, ragged)
    if unclosed:
        raise SourceError(
            f"{name}, row {unclosed[0]:,}, opens a quotation mark that is never closed; "
            "mend it, or download the file again."
        )
    return table, ragged


def _rows_in_cells(table: pa.Table, header: _Header, ragged: list[int]) -> list[int]:
    """Numbers of rows with a cell that took other rows in; where the first column is kept."""
    words = [name for name in header.kept if not pa.types.is_floating(table[name].type)]
    if header.names[0] not in words:
        return []
    places = swallowing([table.select(words)], header.names, header.delimiter)
    return [row_number(place + 2, ragged) for place in places[:1]]
