"""
Partners' reports in the library: one Parquet file for each source and month.

A month of a source is replaced whole, like a force's. The mapping that was used is kept in
`mappings/` of the data folder, and so is the salt of the keyed hashes, which only this
machine's user may read; without it no key can be traced to a person.
"""

import os
import secrets
from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import hotspots
from hotspots.errors import LibraryError, SourceError
from hotspots.library import months, parquet, postcodes
from hotspots.library.atomic import Change as LibraryChange
from hotspots.library.atomic import changing
from hotspots.library.journal import IMPORT, About
from hotspots.library.reports import Change, ImportReport, reports_of
from hotspots.library.store import Library
from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.sources import agencies
from hotspots.sources.agency_mapping import Mapping, checked, of_toml, to_toml
from hotspots.sources.agency_rows import MonthRead
from hotspots.sources.agency_words import OLD_SALT_BYTES, SALT_BYTES
from hotspots.sources.reports import Progress, ReadReport, count_of, listed, silent

MAPPINGS: Final = "mappings"
_SALT: Final = "salt"
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
        salt = _salt(library.folder.parent)
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


def mapping_of(folder: Path, source: str) -> Mapping | None:
    """
    Mapping that a source was last read with; None when there is none.

    Parameters
    ----------
    folder
        The data folder.
    source
        The source's name.

    Raises
    ------
    SourceError
        When it has been changed to what no mapping is.
    """
    path = folder / MAPPINGS / f"{months.slug(source)}.toml"
    with suppress(FileNotFoundError):
        return of_toml(_text(path), path.name)
    return None


def mappings(folder: Path) -> dict[str, Mapping]:
    """Mappings kept in a data folder, by the name of their source; unsound ones left out."""
    found = {}
    for path in sorted((folder / MAPPINGS).glob("*.toml")):
        with suppress(SourceError, FileNotFoundError):
            one = of_toml(_text(path), path.name)
            found[one.source] = one
    return found


def read_mapping(path: Path) -> Mapping:
    """
    Mapping of a file that a person wrote or was given.

    Raises
    ------
    SourceError
        When it is no mapping.
    """
    try:
        return of_toml(_text(path), path.name)
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.") from error


def keep_mapping(folder: Path, mapping: Mapping) -> Path:
    """Keep a mapping for the next time; where it is kept."""
    path = folder / MAPPINGS / f"{months.slug(mapping.source)}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(to_toml(mapping), encoding="utf-8")
    written.replace(path)
    return path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not a mapping: it is not text.") from error


def _salt(folder: Path) -> bytes:
    """Key of the hashes, made once for each data folder; the lock of the library is held."""
    path = folder / MAPPINGS / _SALT
    with suppress(FileNotFoundError):
        salt = path.read_bytes()
        if len(salt) not in {SALT_BYTES, OLD_SALT_BYTES}:
            raise LibraryError(
                f"{path} is damaged; put it back from a backup, or delete it and import every "
                "partner’s data again."
            )
        return salt
    path.parent.mkdir(parents=True, exist_ok=True)
    salt, written = secrets.token_bytes(SALT_BYTES), path.with_suffix(".new")
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(salt)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    return salt


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


def kept_in_words(mapping: Mapping, folder: Path) -> str:
    """Where a mapping is kept, as a sentence."""
    columns = count_of(len(mapping.columns), "column")
    place = Path(MAPPINGS) / f"{months.slug(mapping.source)}.toml"
    return f"How its {columns} were read is kept in {folder / place} for the next time."
