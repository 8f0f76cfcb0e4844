"""
Excel workbooks, read row by row.

A workbook is a zip file of XML. Before any of it is parsed, its size is bounded and every
part is searched for a document type, which no honest workbook has and without which no
entity can be declared. Formulas are never worked out: the value last saved is what counts.
"""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import openpyxl
import pyarrow as pa

from hotspots.errors import SourceError
from hotspots.sources.agency_guess import likeness
from hotspots.sources.reports import count_of
from hotspots.sources.street_text import TEXT
from hotspots.sources.tabular import SEARCHED, Tabular, header_row, unique
from hotspots.sources.unpacking import MAX_RATIO, cannot_read

MAX_BYTES: Final = 512 << 20
MAX_CELLS: Final = 30_000_000
_MAX_COLUMNS: Final = 200
_MAX_MEMBERS: Final = 5_000
_SMALL: Final = 1 << 20
_STEP: Final = 1 << 20
_CONTENTS: Final = "[Content_Types].xml"
_DOCTYPE: Final = b"<!doctype"
_FORMULA: Final = re.compile(rb"<(?:x:)?f[ >/]")
_MERGED: Final = re.compile(rb"<(?:x:)?mergeCell ")
_LONGEST_TAG: Final = 1_000
_MIDNIGHT: Final = time()
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def is_workbook(path: Path) -> bool:
    """Whether a zip file is a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _CONTENTS in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
        return False


def read(
    path: Path,
    *,
    columns: Collection[str] | None = None,
    rows: int | None = None,
    sheet: str = "",
) -> Tabular:
    """
    One sheet of a workbook as text; see `table_files.read_table`.

    Raises
    ------
    SourceError
        In one sentence, when it cannot be read or is not to be trusted.
    """
    notes = _checked(path)
    with path.open("rb") as stream:
        return _read(stream, path, notes, columns, rows, sheet)


def _read(  # noqa: PLR0917 - what `read` was asked
    stream: IO[bytes],
    path: Path,
    notes: list[str],
    columns: Collection[str] | None,
    rows: int | None,
    sheet: str,
) -> Tabular:
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever stands in the file, a sentence comes out
        raise _damaged(path) from error
    try:
        chosen, first = _sheet(book, sheet, path, notes)
        sheets = tuple(str(each.title) for each in book.worksheets)
        at = header_row(first)
        names = unique(first[at][:_MAX_COLUMNS])
        if at:
            notes.append(
                f"The header is row {at + 1} of sheet “{chosen.title}”; what stands above it was "
                "passed over."
            )
        kept = [n for n, name in enumerate(names) if columns is None or name in columns]
        cells: list[list[str | None]] = [[] for _ in kept]
        body = islice(_rows(chosen, path), at + 1, None if rows is None else at + 1 + rows)
        for row in body:
            for place, number in enumerate(kept):
                cells[place].append(row[number] if number < len(row) else None)
    except SourceError:
        raise
    except Exception as error:
        raise _damaged(path) from error
    finally:
        book.close()
    table = pa.table(
        {names[n]: pa.array(cells[place], TEXT) for place, n in enumerate(kept)}
        or {"column 1": pa.array([], TEXT)}
    )
    return Tabular(
        path.name,
        names,
        table,
        first_row=at + 2,
        notes=tuple(notes),
        sheet=chosen.title,
        sheets=sheets,
    )


def _checked(path: Path) -> list[str]:
    """What is to be said of a workbook, once it is known to be bounded and free of entities."""
    size, formulas, merged = 0, 0, 0
    try:
        packed = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MAX_MEMBERS:
                raise SourceError(f"{path.name} holds {len(members):,} parts; it was not opened.")
            for member in members:
                if member.flag_bits & 1:
                    raise SourceError(f"{path.name} is locked; unlock it and try again.")
                sheet = member.filename.startswith("xl/worksheets/")
                with archive.open(member) as stream:
                    for part, fresh in _searched(stream, path):
                        size += len(fresh)
                        _check_size(size, packed, path)
                        if sheet:
                            formulas += len(_FORMULA.findall(part))
                            merged += len(_MERGED.findall(part))
    except OSError as error:
        raise cannot_read(path, error) from error
    except _BROKEN as error:
        raise _damaged(path) from error
    notes = []
    if formulas:
        hold = "holds a formula" if formulas == 1 else "hold formulas"
        notes.append(
            f"{count_of(formulas, 'cell')} of {path.name} {hold}; none was worked out, and the "
            "value last saved was read."
        )
    if merged:
        notes.append(
            f"{path.name} has {count_of(merged, 'merged cell')}; each counts once, where it begins."
        )
    return notes


def _searched(stream: IO[bytes], path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Parts of a member as they may be searched, a tag never cut in two, and as they are."""
    tail = b""
    while fresh := stream.read(_STEP):
        # Without its zero bytes, text of two bytes a letter reads the same.
        part = tail + fresh.replace(b"\0", b"")
        if _DOCTYPE in part.lower():
            raise SourceError(
                f"{path.name} declares a document type, as no workbook does; it was not read."
            )
        cut = max(part.rfind(b"<"), len(part) - _LONGEST_TAG)
        tail = part[cut:]
        yield part[:cut], fresh
    yield tail, b""


def _check_size(size: int, packed: int, path: Path) -> None:
    if size > MAX_BYTES or (size > _SMALL and size > MAX_RATIO * packed):
        raise SourceError(f"{path.name} unpacks to far more than a workbook does; it was not read.")


def _sheet(book: Any, wanted: str, path: Path, notes: list[str]) -> tuple[Any, list[list[str]]]:
    """The sheet that is asked for, or that looks most like reports, and its first rows."""
    names = list(book.sheetnames)
    if wanted and wanted not in names:
        raise SourceError(
            f"{path.name} has no sheet “{wanted}”; it has {', '.join(names[:8]) or 'none'}."
        )
    looked: list[tuple[int, int, Any, list[list[str]]]] = []
    for number, name in enumerate([wanted] if wanted else names[:50]):
        sheet = book[name]
        if not hasattr(sheet, "iter_rows"):  # a sheet that is a chart
            continue
        first = [[cell or "" for cell in row] for row in islice(_rows(sheet, path), SEARCHED)]
        if first and any(any(row) for row in first):
            looked.append((likeness(first[header_row(first)]), -number, sheet, first))
    if not looked:
        raise SourceError(f"{path.name} holds no table; check that it is the right file.")
    *_, chosen, first = max(looked, key=lambda each: each[:2])
    others = [name for name in names if name != chosen.title]
    if others and not wanted:
        many = f"{count_of(len(others), 'other sheet')} of {path.name}"
        verb = "was" if len(others) == 1 else "were"
        notes.append(f"{many} {verb} passed over ({', '.join(others[:4])}).")
    return chosen, first


def _rows(sheet: Any, path: Path) -> Iterator[list[str | None]]:
    """Rows as text, whatever the sheet says of its own size."""
    sheet.reset_dimensions()
    seen = 0
    for row in sheet.iter_rows(values_only=True):
        seen += len(row) + 1
        if seen > MAX_CELLS:
            raise SourceError(f"{path.name} holds more than {MAX_CELLS:,} cells; save it as CSV.")
        yield [_text(cell) for cell in row[:_MAX_COLUMNS]]


def _text(cell: Any) -> str | None:  # noqa: PLR0911 - one return for each kind of cell
    if cell is None:
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        whole = cell.replace(microsecond=0, tzinfo=None)
        return whole.isoformat(" ") if whole.time() != _MIDNIGHT else whole.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004
        return str(int(cell))
    return str(cell)


def _damaged(path: Path) -> SourceError:
    return SourceError(f"{path.name} is a damaged workbook; open it in Excel and save it again.")
