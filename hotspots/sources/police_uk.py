"""
Street-level crime and antisocial behaviour, as data.police.uk publishes it.

>>> incidents, report = read("2025-01-cheshire-street.csv")  # doctest: +SKIP
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources import files
from hotspots.sources.publishers import known
from hotspots.sources.reports import Progress, ReadReport, count_of, silent
from hotspots.sources.street_csv import parse
from hotspots.sources.street_rows import Rows
from hotspots.tables import incidents as contract
from hotspots.tables.incidents import Incidents

SOURCE: Final = "police.uk"
# Columns that become the table of incidents.
SHOWN: Final = ("category", "street", "lsoa", "easting", "northing")

_STREET: Final = "-street.csv"
# Two files of one month that share more of their rows than this are two editions of it.
_SAME: Final = 0.6


@dataclass(frozen=True, eq=False)
class FileRead:
    """
    One street file, read.

    Attributes
    ----------
    name, sha256
        Its own name, and the hash of its text as published (unpacked).
    rows
        Its rows, by force and month.
    report
        What was left out of it, and why.
    """

    name: str
    sha256: str
    rows: tuple[Rows, ...]
    report: ReadReport


def read(path: Path | str) -> tuple[Incidents, ReadReport]:
    """
    Incidents of one path: a CSV, a `.csv.gz`, a zip file, or a folder of them.

    Raises
    ------
    SourceError
        In one sentence, when nothing can be read or a file is not what it should be.
    """
    return read_many([path])


def read_many(
    paths: Sequence[Path | str], *, progress: Progress = silent
) -> tuple[Incidents, ReadReport]:
    """
    Incidents of several paths, ordered by force, month and row; see `read`.

    Raises
    ------
    SourceError
        As `read`; also when two files hold different editions of one month.
    """
    report = ReadReport()
    parts: dict[tuple[str, pd.Period], list[tuple[str, pa.Table]]] = {}
    for one in read_files(paths, progress=progress):
        report += one.report
        for rows in one.rows:
            parts.setdefault((rows.force, rows.month), []).append((one.name, rows.table))
    ordered = [
        Rows(force, month, joined(parts[force, month], force, month))
        for force, month in sorted(parts)
    ]
    return to_incidents(ordered), report


def read_files(paths: Sequence[Path | str], *, progress: Progress = silent) -> Iterator[FileRead]:
    """
    Each street file under some paths, one at a time.

    A file with the same text as an earlier one is read once. An item without rows
    carries only what is to be said.

    Raises
    ------
    SourceError
        When a file is not what it should be, or there is none.
    """
    any_row = False
    with files.opened(paths, _refusal) as listing:
        for one in _each(listing, progress):
            any_row = any_row or bool(one.rows)
            yield one
        progress(len(listing.found), len(listing.found), "")
        if not any_row:
            raise SourceError(_nothing(paths, listing))
        notes = [
            f"{count_of(number, 'file')} passed over: {reason}."
            for reason, number in listing.passed_over.items()
        ]
        yield _remark(*notes)


def _each(listing: files.Listing, progress: Progress) -> Iterator[FileRead]:
    seen: dict[str, str] = {}
    for done, found in enumerate(listing.found):
        progress(done, len(listing.found), found.name)
        if reason := _other_kind(found.name):
            yield _remark(f"{found.name} was passed over: {reason}.")
            continue
        data = found.read()
        digest = sha256(data).hexdigest()
        if digest in seen:
            both = {found.where: None, seen[digest]: None}
            yield _remark(f"{' and '.join(both)}: the same file twice; it was read once.")
            continue
        seen[digest] = found.where
        reading = parse(data, found.name)
        yield FileRead(found.name, digest, reading.rows, reading.report)


def _remark(*notes: str) -> FileRead:
    return FileRead("", "", (), ReadReport(notes=notes))


def joined(parts: Sequence[tuple[str, pa.Table]], force: str, month: pd.Period) -> pa.Table:
    """
    One month's rows from the files it was divided over, in the order of their names.

    Raises
    ------
    SourceError
        When two of the files are editions of the same month rather than parts of it.
    """
    if len(parts) == 1:
        return parts[0][1]
    ordered = sorted(parts, key=lambda part: part[0])
    seen: list[tuple[str, set[object]]] = []
    for name, table in ordered:
        keys = _keys(table)
        for other, others in seen:
            shared = len(keys & others) / min(len(keys), len(others))
            if name == other or shared > _SAME:
                raise SourceError(
                    f"{month} of {force} stands in {other} and, differently, in "
                    f"{name if name != other else 'another file of that name'}; "
                    "import only the one to be kept."
                )
        seen.append((name, keys))
    return pa.concat_tables([table for _, table in ordered]).unify_dictionaries()


def to_incidents(rows: Iterable[Rows]) -> Incidents:
    """
    Rows of several forces and months as one table of incidents, in the order given.

    Parameters
    ----------
    rows
        Tables with at least the columns `SHOWN`.
    """
    parts = [part for part in rows if part.table.num_rows]
    if not parts:
        return contract.empty()
    lengths = [part.table.num_rows for part in parts]
    table = pa.concat_tables([part.table.select(SHOWN) for part in parts]).unify_dictionaries()
    publisher = known()["police_uk"].source
    columns = {
        "source": _repeated([publisher] * len(parts), lengths),
        "force": _repeated([part.force for part in parts], lengths),
        "month": pd.arrays.PeriodArray(
            np.repeat([part.month.ordinal for part in parts], lengths), dtype=pd.PeriodDtype("M")
        ),
        "category": table["category"].to_pandas(),
        "street": table["street"].to_pandas(),
        "lsoa": table["lsoa"].to_pandas(),
    }
    frame = gpd.GeoDataFrame(columns, geometry=_points(table), crs=BRITISH_NATIONAL_GRID)
    return contract.validate(contract.completed(frame))


def _points(table: pa.Table) -> NDArray[np.object_]:
    """Places of rows, each distinct one made once; None where there is none."""
    easting, northing = (table[name].to_numpy() for name in ("easting", "northing"))
    placed = np.isfinite(easting)
    distinct, which = np.unique(easting[placed] + 1j * northing[placed], return_inverse=True)
    shapes = np.full(len(easting), None, dtype=object)
    shapes[placed] = np.asarray(shapely.points(distinct.real, distinct.imag))[which]
    return shapes


def _repeated(names: list[str], lengths: list[int]) -> pd.Series:
    categories = pd.Index(sorted(set(names)), dtype="str")
    places = np.array([categories.get_loc(name) for name in names], dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(np.repeat(places, lengths), categories))


def _keys(table: pa.Table) -> set[object]:
    """What tells rows apart, each once: identifiers where there are any, else the rest."""
    identifiers = table["crime_id"].drop_null()
    if len(identifiers):
        return set(identifiers.to_pylist())
    rest = [table[name].to_pylist() for name in ("easting", "northing", "street", "category")]
    return set(zip(*rest, strict=True))


def _other_kind(name: str) -> str | None:
    name = name.casefold()
    if name.endswith("-outcomes.csv"):
        return "it holds outcomes, and only street files are read"
    if name.endswith("-stop-and-search.csv"):
        return "it holds stop and search, and only street files are read"
    return None


def _refusal(name: str) -> str | None:
    if reason := _other_kind(name):
        return reason
    return None if name.casefold().endswith(_STREET) else "its name does not end in “-street.csv”"


def _nothing(paths: Sequence[Path | str], listing: files.Listing) -> str:
    where = ", ".join(str(path) for path in paths)
    if listing.found:
        first = listing.found[0]
        reason = _other_kind(first.name)
        if reason:
            return f"There is nothing to read in {first.where}: {reason}."
        return f"{first.where} holds a header and no row; there is nothing to read."
    return (
        f"There is no street file in {where or 'nothing'}; from data.police.uk, take the "
        "files whose names end in “-street.csv”."
    )
