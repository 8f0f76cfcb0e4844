"""Incidents as the library keeps them: one Parquet file for each source, force and month."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspots.errors import SourceError
from hotspots.library import parquet
from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.sources.police_uk import SHOWN, SOURCE
from hotspots.sources.publishers import Publisher
from hotspots.sources.street_rows import Rows

FOLDER: Final = "incidents"
COLUMNS: Final = (
    "source",
    "force",
    "month",
    "rows",
    "asb_rows",
    "rows_without_place",
    "publisher",
    "licence",
    "url",
    "grid",
    "file",
    "sha256",
    "read_at",
    "importer",
)
# Reading waits for the disk and for decompression, which threads share well.
_READERS: Final = 4


@dataclass(frozen=True)
class Month:
    """One file of the library, and the note inside it."""

    path: Path
    note: parquet.Note

    @property
    def force(self) -> str:
        """Force's name as published."""
        return str(self.note["force"])

    @property
    def month(self) -> pd.Period:
        """Month it is of."""
        return pd.Period(self.note["month"], freq="M")

    @property
    def rows(self) -> int:
        """Rows it holds."""
        return int(self.note["rows"])


def name(force: str, month: pd.Period) -> str:
    """
    Where a month stands in the library.

    Examples
    --------
    >>> name("Devon & Cornwall Police", pd.Period("2025-01"))
    'incidents/police.uk/devon-cornwall-police/2025-01.parquet'
    """
    return f"{FOLDER}/{SOURCE}/{slug(force)}/{month}.parquet"


def slug(force: str) -> str:
    """
    Force's name as a folder's name.

    Examples
    --------
    >>> slug("../Cheshire Constabulary")
    'cheshire-constabulary'
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in force.casefold())
    return "-".join(kept.split())


def packed(rows: Rows, publisher: Publisher, **provenance: Any) -> bytes:
    """A month as the file that holds it, where it comes from included."""
    table = rows.table
    note = {
        "source": SOURCE,
        "force": rows.force,
        "month": str(rows.month),
        "rows": table.num_rows,
        "asb_rows": pc.sum(pc.equal(table["category"], ASB)).as_py() or 0,
        "rows_without_place": table["easting"].null_count,
        "publisher": publisher.publisher,
        "licence": publisher.licence,
        "url": publisher.url,
        **provenance,
    }
    return parquet.packed(table, note, plain=("crime_id",))


def held(folder: Path) -> list[Month]:
    """Every month in a library, by source, force and month."""
    found = []
    for path in (folder / FOLDER).glob("*/*/*.parquet"):
        try:
            found.append(Month(path, parquet.note_of(path)))
        except FileNotFoundError:  # removed since it was listed
            continue
    return sorted(found, key=lambda one: (one.note["source"], one.force, one.note["month"]))


def catalogue(months: Sequence[Month]) -> pd.DataFrame:
    """One row for each month: see `COLUMNS`."""
    notes = [
        {
            **one.note,
            "grid": grid_of(one.note),
            "month": one.month,
            "file": ", ".join(file["name"] for file in one.note["files"]),
            "sha256": ", ".join(file["sha256"] for file in one.note["files"]),
        }
        for one in months
    ]
    frame = pd.DataFrame(notes, columns=list(COLUMNS))
    whole = dict.fromkeys(("rows", "asb_rows", "rows_without_place"), "int64")
    words = {column: "str" for column in COLUMNS if column not in whole and column != "month"}
    return frame.astype({**whole, **words, "month": "period[M]"})


def grid_of(note: parquet.Note) -> str:
    """Metric grid of a month's places; the police's are on the National Grid, unsaid."""
    return str(note.get("grid", BRITISH_NATIONAL_GRID))


def check_grid(source: str, grid: str, stay: Iterable[Month]) -> None:
    """
    Refuse places on another metric grid than those that stay: no map holds both.

    Raises
    ------
    SourceError
        Naming both.
    """
    for one in stay:
        if (theirs := grid_of(one.note)) != grid:
            raise SourceError(
                f"{source} is in metres of {grid} and {one.note['source']}, which is loaded, in "
                f"metres of {theirs}: no map holds both. Keep it in a data folder of its own."
            )


def holdings(catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    The catalogue by source and force.

    `held` and `missing` are lists of months; missing are those between the first and the
    last that is held.
    """
    by_force = catalogue.groupby(["source", "force"], as_index=False)
    table = by_force.agg(
        held=("month", sorted),
        rows=("rows", "sum"),
        asb_rows=("asb_rows", "sum"),
        rows_without_place=("rows_without_place", "sum"),
        publisher=("publisher", "first"),
        licence=("licence", "first"),
        read_at=("read_at", "max"),
    )
    gaps = [
        [month for month in pd.period_range(held[0], held[-1], freq="M") if month not in held]
        for held in table["held"]
    ]
    table.insert(3, "missing", pd.Series(gaps, index=table.index, dtype="object"))
    return table


def read(months: Iterable[Month], category: str | None) -> list[Rows]:
    """Rows of some months, in the order given; of one category, or of all."""
    with ThreadPoolExecutor(_READERS) as pool:
        found = pool.map(lambda one: _read(one, category), months)
        return [rows for rows in found if rows is not None]


def _read(one: Month, category: str | None) -> Rows | None:
    try:
        table, note = parquet.read(one.path, list(SHOWN))
    except FileNotFoundError:  # removed since it was listed
        return None
    if category is not None:
        table = table.filter(pc.equal(table["category"], category))
    return Rows(str(note["force"]), pd.Period(note["month"], freq="M"), pa.table(table))
