"""
Partners' reports in the library: one Parquet file for each source and month.

A month of a source is replaced whole, like a force's. What its columns were read as is in
`mappings`.
"""

from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import hotspots
from hotspots.errors import SourceError
from hotspots.library import months, parquet, postcodes
from hotspots.library.atomic import Change as LibraryChange
from hotspots.library.atomic import changing
from hotspots.library.journal import IMPORT, About
from hotspots.library.mappings import keep_mapping, salt_of
from hotspots.library.reports import Change, ImportReport, reports_of
from hotspots.library.store import Library
from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.sources import agencies
from hotspots.sources.agency_mapping import Mapping, checked, to_toml
from hotspots.sources.agency_rows import MonthRead
from hotspots.sources.reports import Progress, ReadReport, listed, silent

# Columns in which hardly a value repeats.
_PLAIN: Final = ("crime_id", "text", "easting", "northing", "occurred_from", "occurred_to")
_AT_ONCE: Final = 2
_WAITING: Final = "waiting for another import to finish"


@dataclass(frozen=True)
class _Parked:
    """One file's part of a month, written beside the library."""

    name: str
    sha256: str
    rows: int
    path: Path


def import_agency(
    paths: Sequence[Path | str],
    library: Library,
    *,
    mapping: Mapping,
    progress: Progress | None = None,
) -> ImportReport:
    """
    A partner's files read into the library; each month in them replaces the one held.

    Parameters
    ----------
    paths
        CSV, TSV, workbooks, GeoJSON and GeoPackages of one source.
    library
        Where they go.
    mapping
        Which column is what; it is kept for the next time.
    progress
        Told before each file.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    progress = progress or silent
    mapping = checked(mapping)
    mapping = replace(mapping, source=" ".join(mapping.source.split()))
    known = postcodes.read(library.folder)
    with changing(library.folder, waiting=lambda: progress(0, 0, _WAITING)) as change:
        report = ReadReport()
        parts: dict[pd.Period, list[_Parked]] = {}
        seen: dict[str, str] = {}
        salt = salt_of(library.folder.parent)
        today = datetime.now(UTC).date()
        for one in agencies.read_files(
            paths, mapping, salt=salt, postcodes=known, today=today, progress=progress
        ):
            if one.sha256 in seen:
                both = f"{one.name} and {seen[one.sha256]} are the same file; it was read once."
                report += ReadReport(notes=(both,))
                continue
            seen[one.sha256] = one.name
            report += one.report
            pack = partial(_packed, mapping, [{"name": one.name, "sha256": one.sha256}], one.report)
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for part, packed in zip(one.months, pool.map(pack, one.months), strict=True):
                    parts.setdefault(part.month, []).append(
                        _Parked(one.name, one.sha256, part.table.num_rows, change.park(packed))
                    )
        held = months.held(library.folder)
        before = {(one.note["source"], one.month): one.rows for one in held}
        _same_name(mapping, before)
        stay = [one for one in held if not _replaced(one, mapping, parts)]
        months.check_grid(mapping.source, mapping.grid or BRITISH_NATIONAL_GRID, stay)
        changes = tuple(
            Change(
                mapping.source,
                month,
                _put(change, mapping, month, parts[month], report),
                before.get((mapping.source, month)),
            )
            for month in sorted(parts)
        )
        files = tuple((name, digest) for digest, name in seen.items())
        about = About(
            IMPORT,
            reports_of(changes),
            files,
            rows=report.rows,
            left_out=listed(report),
            mapping=to_toml(mapping),
            rows_of={name(mapping.source, one.month): one.counts for one in changes},
        )
        change.commit(about=about)
    keep_mapping(library.folder.parent, mapping)
    return ImportReport(report, months=changes)


def _same_name(mapping: Mapping, before: dict[tuple[str, pd.Period], int]) -> None:
    """Refuse a name that would share its place with another source's."""
    for source, _ in before:
        if months.slug(source) == months.slug(mapping.source) and source != mapping.source:
            raise SourceError(
                f"“{mapping.source}” is too much like “{source}”, which is loaded; use that name, "
                "or a different one."
            )


def _replaced(one: months.Month, mapping: Mapping, parts: Container[pd.Period]) -> bool:
    return one.note["source"] == mapping.source and one.month in parts


def _put(
    change: LibraryChange,
    mapping: Mapping,
    month: pd.Period,
    parts: list[_Parked],
    report: ReadReport,
) -> int:
    """Have one month, joined if it came in parts, take its place at the commit."""
    place, rows = name(mapping.source, month), sum(part.rows for part in parts)
    if len(parts) == 1:
        change.put(parts[0].path, place)
    else:
        parts = sorted(parts, key=lambda part: part.name)
        table = pa.concat_tables(
            [parquet.read(part.path)[0] for part in parts], promote_options="default"
        )
        files = [{"name": part.name, "sha256": part.sha256} for part in parts]
        whole = table.unify_dictionaries().combine_chunks()
        change.put(_packed(mapping, files, report, MonthRead(month, whole)), place)
    return rows


def name(source: str, month: pd.Period) -> str:
    """
    Where a month of a source stands in the library.

    Examples
    --------
    >>> name("Crewe Town Council", pd.Period("2025-01"))
    'incidents/agency-crewe-town-council/all/2025-01.parquet'
    """
    return f"{months.FOLDER}/agency-{months.slug(source)}/all/{month}.parquet"


def _packed(
    mapping: Mapping, files: list[dict[str, str]], report: ReadReport, part: MonthRead
) -> bytes:
    table = part.table
    note: dict[str, Any] = {
        "source": mapping.source,
        "force": mapping.source,
        "named_force": mapping.force,
        "partner": mapping.kind,
        "month": str(part.month),
        "rows": table.num_rows,
        "asb_rows": pc.sum(pc.equal(table["category"], ASB)).as_py() or 0,
        "rows_without_place": table["easting"].null_count,
        "publisher": mapping.source,
        "licence": mapping.licence,
        "url": "",
        "grid": mapping.grid or BRITISH_NATIONAL_GRID,
        "files": files,
        "mapping": to_toml(mapping),
        "left_out": {reason: found.rows for reason, found in report.left_out.items()},
        "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "importer": hotspots.__version__,
    }
    return parquet.packed(table, note, plain=_PLAIN)
