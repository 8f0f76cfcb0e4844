"""
Tables as partners send them: CSV, TSV, workbooks, GeoJSON and GeoPackage.

Everything is hostile until read: what a file is, its first bytes say, its size is bounded
before it is unpacked, and cells are text, whatever they would like to be.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from hotspots.errors import SourceError
from hotspots.sources import delimited, files, map_tables, workbooks
from hotspots.sources.tabular import READ, Tabular

_ZIP: Final = b"PK"
_GEOPACKAGE: Final = b"SQLite format 3\0"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_table(
    path: Path,
    *,
    columns: Collection[str] | None = None,
    plain: Collection[str] = (),
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
    plain
        Those in which hardly a value repeats.
    rows
        How many rows at most, for a first look; None = all.
    sheet
        Sheet of a workbook; empty = the one that looks most like reports.

    Raises
    ------
    SourceError
        In one sentence, when it is not a table that can be read.
    """
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
    return delimited.read(data, name, columns=columns, plain=plain, rows=rows)


def _refusal(name: str) -> str | None:
    fits = name.casefold().endswith((".csv", ".tsv", ".txt"))
    return None if fits else READ
