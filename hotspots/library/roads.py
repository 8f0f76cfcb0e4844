"""Roads and paths round the study area, as the library keeps them: one file, replaced whole."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from hotspots.errors import LibraryError
from hotspots.library.atomic import changing
from hotspots.library.journal import IMPORT, About
from hotspots.library.reports import ImportReport
from hotspots.library.store import Library
from hotspots.sources.files import sha256_of
from hotspots.sources.reports import Progress, ReadReport
from hotspots.sources.roads import read_roads
from hotspots.sources.vectors import layers

NAME: Final = "roads.parquet"


def import_roads(
    paths: Sequence[Path | str],
    library: Library,
    *,
    bounds: tuple[float, float, float, float],
    progress: Progress | None = None,
) -> ImportReport:
    """
    Roads and paths read into the library; they replace those held.

    Parameters
    ----------
    paths, bounds
        As for `sources.roads.read_roads`.
    library
        Where they go.
    progress
        Told once, before anything is read.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    sources = list(dict.fromkeys(layer.path for layer in layers(paths)))
    if progress:
        progress(0, len(sources), sources[0].name if sources else "")
    lines = read_roads(paths, bounds)
    sink = BytesIO()
    lines.to_parquet(sink)
    files = tuple((path.name, sha256_of(path)) for path in sources)
    with changing(library.folder) as change:
        change.put(sink.getvalue(), NAME)
        change.commit(about=About(IMPORT, "roads", files, rows=len(lines)))
    km = float(shapely.length(lines.geometry.to_numpy()).sum()) / 1_000
    walked = int((~lines["car"]).sum())
    said = f"Roads kept: {len(lines):,} lines, {km:,.0f} km, {walked:,} of them for walking only."
    names = tuple(path.name for path in sources)
    return ImportReport(ReadReport(names, rows=len(lines)), "roads", done=(said,))


def version(library: Library) -> str:
    """What tells one file of roads from another; empty where none is loaded."""
    try:
        state = (library.folder / NAME).stat()
    except FileNotFoundError:
        return ""
    return f"{state.st_mtime_ns}-{state.st_size}"


def load_roads(library: Library) -> gpd.GeoDataFrame | None:
    """Lines, metres, with `foot` and `car`: may each be so used; None where none are held."""
    if not version(library):
        return None
    try:
        return gpd.read_parquet(library.folder / NAME)
    except (OSError, ValueError) as error:
        raise LibraryError("The roads held cannot be read; load them again.") from error
