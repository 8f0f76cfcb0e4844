"""
Files of a partner: a force's own system, a council, a landlord, a community group.

A `Mapping` says which column is what; nothing is guessed where a person can be asked. How
one table becomes months of reports is in `agency_rows`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from hotspots.errors import SourceError
from hotspots.sources.agency_guess import day_first, guess
from hotspots.sources.agency_mapping import Mapping, checked
from hotspots.sources.agency_rows import MonthRead, months_of
from hotspots.sources.files import sha256_of
from hotspots.sources.report_places import Lookup
from hotspots.sources.reports import Progress, ReadReport, count_of, silent
from hotspots.sources.table_files import read_table
from hotspots.sources.tabular import Tabular

PREVIEWED: Final = 200
_OF_SHAPE: Final = "longitude of the shape"


@dataclass(frozen=True, eq=False)
class AgencyFile:
    """One file of a source, read."""

    name: str
    sha256: str
    months: tuple[MonthRead, ...]
    report: ReadReport


def preview(path: Path, *, sheet: str = "") -> tuple[Tabular, Mapping]:
    """
    The first rows of a file, and what its columns seem to be.

    Raises
    ------
    SourceError
        When it is not a table that can be read.
    """
    first = read_table(path, rows=PREVIEWED, sheet=sheet)
    cells = {
        name: ["" if cell is None else str(cell) for cell in first.table[name].to_pylist()]
        for name in first.table.column_names
    }
    columns = guess(first.columns, cells)
    dates = [cell for role in ("begins", "ends") for cell in cells.get(columns.get(role, ""), [])]
    crs = first.crs if columns.get("east", "").startswith(_OF_SHAPE) else ""
    return first, Mapping(source="", columns=columns, day_first=day_first(dates), crs=crs)


def read_files(
    paths: Sequence[Path | str],
    mapping: Mapping,
    *,
    salt: bytes,
    postcodes: Lookup | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> Iterator[AgencyFile]:
    """
    Each file of a source, one at a time.

    Parameters
    ----------
    paths
        Files of the source.
    mapping
        Which column is what.
    salt
        Key of the hashes of callers and addresses.
    postcodes
        Where postcodes are; None = none are loaded.
    today
        Rows of days to come are left out; None = whatever their date, they are taken.
    progress
        Told before each file.

    Raises
    ------
    SourceError
        When a file is not what it should be, or no row can be used.
    """
    mapping = checked(mapping)
    usable = 0
    report = ReadReport()
    for done, path in enumerate(map(Path, paths)):
        progress(done, len(paths), path.name)
        one = _read(path, mapping, salt, postcodes, today)
        usable += one.report.rows
        report += one.report
        yield one
    if not usable:
        why = "; ".join(
            f"{count_of(found.rows, 'row')}: {reason}" for reason, found in report.left_out.items()
        )
        names = ", ".join(Path(path).name for path in paths) or "nothing"
        raise SourceError(f"No row of {names} can be used ({why or 'there is none'}).")


def _read(
    path: Path, mapping: Mapping, salt: bytes, postcodes: Lookup | None, today: date | None
) -> AgencyFile:
    wanted = {name for role, name in mapping.columns.items() if role != "text" or mapping.keep_text}
    named = mapping.columns.get("identifier", "")
    given = read_table(path, columns=wanted, plain={named}, sheet=mapping.sheet)
    missing = [f"“{name}”" for name in sorted(wanted) if name not in given.columns]
    if missing:
        raise SourceError(
            f"{path.name} has no column {', '.join(missing)}; it has "
            f"{', '.join(given.columns[:12])}. Correct the mapping."
        )
    if not mapping.crs and mapping.columns.get("east", "").startswith(_OF_SHAPE):
        mapping = replace(mapping, crs=given.crs)
    months, report = months_of(given, mapping, salt=salt, postcodes=postcodes, today=today)
    return AgencyFile(path.name, sha256_of(path), months, report)
