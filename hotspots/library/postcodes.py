"""Where postcodes are, as the library keeps them: one Parquet file, replaced whole."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

import hotspots
from hotspots.library import parquet
from hotspots.library.atomic import changing
from hotspots.library.journal import IMPORT, About
from hotspots.library.reports import ImportReport
from hotspots.library.store import Library
from hotspots.sources import postcodes
from hotspots.sources.files import sha256_of
from hotspots.sources.postcodes import Postcodes
from hotspots.sources.reports import Progress, listed, silent

NAME: Final = "postcodes.parquet"
_COLUMNS: Final = ["postcode", "easting", "northing"]


def import_postcodes(
    paths: Sequence[Path | str], library: Library, *, progress: Progress | None = None
) -> ImportReport:
    """
    Postcodes read into the library; they replace those held.

    Parameters
    ----------
    paths
        OS Code-Point Open or the ONS Postcode Directory: CSV files, zip files, folders.
    library
        Where they go.
    progress
        Told before each file.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    found, report = postcodes.read(paths, progress=progress or silent)
    note = {
        "rows": len(found),
        "file": ", ".join(report.files),
        "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "importer": hotspots.__version__,
    }
    table = pa.Table.from_pandas(found.table.reset_index()[_COLUMNS], preserve_index=False)
    with changing(library.folder) as change:
        change.put(parquet.packed(table, note, plain=("postcode",)), NAME)
        files = tuple((path.name, sha256_of(path)) for path in map(Path, paths) if path.is_file())
        about = About(IMPORT, "postcodes", files, rows=len(found), left_out=listed(report))
        change.commit(about=about)
    said = (
        f"{len(found):,} postcodes are loaded; reports that have no better place stand at theirs."
    )
    return ImportReport(report, "postcodes", done=(said,))


def read(folder: Path) -> Postcodes | None:
    """Postcodes of a library; None when none are loaded."""
    try:
        table, _ = parquet.read(folder / NAME)
    except FileNotFoundError:
        return None
    frame = table.to_pandas().astype({"postcode": "str"}).set_index("postcode")
    return Postcodes(frame)


def held(folder: Path) -> int:
    """How many postcodes are loaded."""
    try:
        return int(parquet.note_of(folder / NAME)["rows"])
    except FileNotFoundError:
        return 0
