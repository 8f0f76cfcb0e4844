"""Bringing street files into the library: every month whole, or the library as it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

import hotspots
from hotspots.errors import SourceError
from hotspots.library import boundaries, months, parquet, residents
from hotspots.library.atomic import Change as LibraryChange
from hotspots.library.atomic import changing
from hotspots.library.journal import IMPORT, About
from hotspots.library.reports import Change, ImportReport, reports_of
from hotspots.library.store import Library
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources import deprivation, ons, police_uk, population, vectors
from hotspots.sources.files import sha256_of
from hotspots.sources.publishers import known
from hotspots.sources.reports import Progress, ReadReport, count_of, listed, silent
from hotspots.sources.street_rows import Rows

_WAITING: Final = "waiting for another import to finish"


@dataclass(frozen=True)
class _Parked:
    """One file's part of a month, written beside the library."""

    force: str
    file: str
    sha256: str
    rows: int
    path: Path


def import_police_uk(
    paths: Sequence[Path | str],
    library: Library,
    *,
    publisher: str = "police_uk",
    progress: Progress | None = None,
) -> ImportReport:
    """
    Street files read into the library; each force's month in them replaces the one held.

    Parameters
    ----------
    paths
        CSV, `.csv.gz` and zip files, and folders of them, of any forces and months.
    library
        Where they go.
    publisher
        Who publishes them: a key of `data/sources.toml`.
    progress
        Told before each file.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    progress = progress or silent
    with changing(library.folder, waiting=lambda: progress(0, 0, _WAITING)) as change:
        held = months.held(library.folder)
        months.check_grid(police_uk.SOURCE, BRITISH_NATIONAL_GRID, held)
        report = ReadReport()
        parts: dict[tuple[str, pd.Period], list[_Parked]] = {}
        for one in police_uk.read_files(paths, progress=progress):
            report += one.report
            for rows in one.rows:
                packed = _packed(rows, [{"name": one.name, "sha256": one.sha256}], publisher)
                parked = _Parked(
                    rows.force, one.name, one.sha256, rows.table.num_rows, change.park(packed)
                )
                parts.setdefault((months.slug(rows.force), rows.month), []).append(parked)
        before = {months.name(one.force, one.month): one for one in held}
        changes = tuple(
            _put(change, part, month, before, publisher)
            for (_, month), part in sorted(parts.items())
        )
        files = {one.file: one.sha256 for part in parts.values() for one in part}
        about = _about(reports_of(changes), report, files.items())
        rows_of = {months.name(one.force, one.month): one.counts for one in changes}
        change.commit(about=replace(about, rows_of=rows_of))
    return ImportReport(report, months=changes)


def import_wards(
    paths: Sequence[Path | str],
    library: Library,
    *,
    vintage: int | None = None,
    publisher: str = "wards",
    progress: Progress | None = None,
) -> ImportReport:
    """
    Ward boundaries read into the library; they replace those of their authorities and year.

    Parameters
    ----------
    paths
        GeoJSON, GeoPackage, shapefiles, zip files, and folders of them.
    library
        Where they go.
    vintage
        Year of the boundaries, where the files hold several.
    publisher
        Who publishes them: a key of `data/sources.toml`.
    progress
        Told before each file.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    progress = progress or silent
    wards, report = ons.read_many(paths, vintage, progress=progress)
    year = int(wards["vintage"].iloc[0])
    sources = [layer for layer in vectors.layers(paths) if layer.name in report.files]
    provenance = _provenance(publisher, list(dict.fromkeys(layer.path for layer in sources)))
    with changing(library.folder, waiting=lambda: progress(0, 0, _WAITING)) as change:
        months.check_grid("A file of wards", BRITISH_NATIONAL_GRID, months.held(library.folder))
        before = set(boundaries.parts(library.folder, year))
        change.put(boundaries.merged(library.folder, wards, provenance), boundaries.name(year))
        change.commit(about=_about(f"wards of {year}", report, _files(provenance)))
    names = wards.drop_duplicates("authority").set_index("authority")["authority_name"]
    replaced = names.index.isin(before).sum()
    done = (
        f"Wards of {year}: {count_of(len(names), 'local authority').replace('ys', 'ies')}, "
        f"{len(names) - replaced} added and {replaced} replaced ({_few(list(names))})."
    )
    return ImportReport(report, "wards", done=(done,))


def import_population(
    paths: Sequence[Path | str],
    library: Library,
    *,
    column: str | None = None,
    publisher: str = "population",
    progress: Progress | None = None,
) -> ImportReport:
    """
    Residents by ward read into the library; they replace those of the same ward codes.

    A table of small areas is added up by ward; its deciles of deprivation are kept with it.

    Parameters
    ----------
    paths
        CSV and `.csv.gz` files.
    library
        Where they go.
    column
        Name of the column of residents, where several fit.
    publisher
        Who publishes them: a key of `data/sources.toml`.
    progress
        Told before each file.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    progress = progress or silent
    report = ReadReport()
    read, deprived = [], []
    for done, path in enumerate(map(Path, paths)):
        progress(done, len(paths), path.name)
        series, found = population.read_with_report(path, column=column)
        report += found
        read.append((path, series))
        deprived.append(deprivation.read(path, column=column))
    if not read:
        raise SourceError("Name a CSV file of residents by ward.")
    together = pd.concat([series for _, series in read])
    if not together.index.is_unique:
        code = together.index[together.index.duplicated()][0]
        raise SourceError(f"Ward {code} stands in two of the files; import one at a time.")
    context = pd.concat(deprived)
    with changing(library.folder, waiting=lambda: progress(0, 0, _WAITING)) as change:
        provenance = _provenance(publisher, [path for path, _ in read])
        whole = residents.merged(library.folder, together, provenance, deprivation=context)
        change.put(whole, residents.NAME)
        change.commit(about=_about("residents", report, _files(provenance)))
    said = [f"{together.sum():,.0f} residents in {count_of(len(together), 'ward')}."]
    if len(context):
        said.append(f"Deprivation, as context beside rates, of {count_of(len(context), 'ward')}.")
    if library.vintages():
        known_wards = int(together.index.isin(library.wards().index).sum())
        said.append(f"{known_wards:,} of these wards are among the newest boundaries loaded.")
    return ImportReport(report, "population", done=tuple(said))


def _about(what: str, report: ReadReport, files: Iterable[tuple[str, str]]) -> About:
    return About(IMPORT, what, tuple(files), rows=report.rows, left_out=listed(report))


def _files(provenance: dict[str, str]) -> list[tuple[str, str]]:
    return list(zip(provenance["file"].split(", "), provenance["sha256"].split(", "), strict=False))


def _few(names: Sequence[str]) -> str:
    shown = [name or "none named" for name in names[:6]]
    return ", ".join(shown) + (" …" if len(names) > len(shown) else "")


def _provenance(publisher: str, paths: Sequence[Path]) -> dict[str, str]:
    source = known()[publisher]
    return {
        "publisher": source.publisher,
        "licence": source.licence,
        "url": source.url,
        "file": ", ".join(path.name for path in paths),
        "sha256": ", ".join(sha256_of(path) for path in paths),
        "read_at": _now(),
        "importer": hotspots.__version__,
    }


def _put(
    change: LibraryChange,
    parts: list[_Parked],
    month: pd.Period,
    before: dict[str, months.Month],
    publisher: str,
) -> Change:
    """Have one month, joined if it came in parts, take its place at the commit."""
    force = parts[0].force
    place = months.name(force, month)
    held = before.get(place)
    if len(parts) == 1:
        change.put(parts[0].path, place)
        rows = parts[0].rows
    else:
        tables = [(part.file, parquet.read(part.path)[0]) for part in parts]
        table = police_uk.joined(tables, force, month)
        files = [{"name": part.file, "sha256": part.sha256} for part in parts]
        files.sort(key=lambda file: file["name"])
        change.put(_packed(Rows(force, month, table), files, publisher), place)
        rows = table.num_rows
    return Change(force, month, rows, held.rows if held else None)


def _packed(rows: Rows, files: list[dict[str, str]], publisher: str) -> bytes:
    return months.packed(
        rows,
        known()[publisher],
        files=files,
        read_at=_now(),
        importer=hotspots.__version__,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
