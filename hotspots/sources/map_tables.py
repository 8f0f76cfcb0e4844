"""GeoJSON and GeoPackage as tables: their columns, and where each row's point is."""

import re
import sqlite3
import warnings
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.settings import WGS84
from hotspots.sources import vectors
from hotspots.sources.reports import count_of
from hotspots.sources.street_text import TEXT
from hotspots.sources.tabular import Tabular, unique
from hotspots.sources.unpacking import cannot_read

EAST: Final = "longitude of the shape"
NORTH: Final = "latitude of the shape"
MAX_BYTES: Final = 256 << 20
# Triggers that GeoPackages have by their standard; they keep indexes, and only on writing.
_STANDARD: Final = re.compile(
    r"(rtree_.*|gpkg_.*|fkc?[iud]_gpkg_.*|trigger_(insert|delete)_feature_count_.*)",
    re.IGNORECASE | re.DOTALL,
)


def read(path: Path, *, columns: Collection[str] | None = None, rows: int | None = None) -> Tabular:
    """
    One layer as text, its points as longitude and latitude; see `table_files.read_table`.

    Raises
    ------
    SourceError
        In one sentence, when it cannot be read or is not to be trusted.
    """
    _check(path)
    try:
        layers = vectors.layers([path])
    except ValueError as error:  # names that are no text
        raise SourceError(f"{path.name} is damaged; export it again.") from error
    layer = layers[0]
    notes = [f"{path.name} holds {len(layers)} layers; the first was read."] if layers[1:] else []
    taken = [name for name in layer.columns if columns is None or name in columns]
    try:
        frame = layer.read(taken)
        if rows is not None:
            frame = frame.iloc[:rows]
        crs = frame.crs
        shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
        areas = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != 0)
        if areas.any():
            notes.append(f"{count_of(int(areas.sum()), 'shape')} not a point; their middles count.")
            shapes = np.where(areas, shapely.centroid(shapes), shapes)
        points = frame[[]].set_geometry(list(shapes), crs=crs)
        if crs is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                points = points.to_crs(WGS84)
    except SourceError:
        raise
    except Exception as error:  # whatever stands in the file, a sentence comes out
        raise SourceError(f"{path.name} is damaged; export it again.") from error
    cells = {name: _text(frame[name]) for name in taken}
    x, y = (
        np.asarray(part)
        for part in (shapely.get_x(points.geometry), shapely.get_y(points.geometry))
    )
    cells |= {EAST: _coordinate(x), NORTH: _coordinate(y)}
    named = dict(zip(cells, unique(list(cells)), strict=True))
    table = pa.table({named[name]: column for name, column in cells.items()})
    names = unique([*layer.columns, EAST, NORTH])
    return Tabular(path.name, names, table, WGS84 if crs is not None else "", 1, (), tuple(notes))


def _check(path: Path) -> None:
    """Refuse a file that is too large, and a GeoPackage with triggers of its own."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(
                f"{path.name} is larger than {MAX_BYTES >> 20} MB; save it as CSV and try again."
            )
    except OSError as error:
        raise cannot_read(path, error) from error
    with path.open("rb") as stream:
        if stream.read(16) != b"SQLite format 3\0":
            return
    try:
        place = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(place, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            asked = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
            found = database.execute(asked).fetchmany(10_000)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} is a damaged GeoPackage; export it again.") from error
    own = [name for kind, name in found if kind == "view" or not _STANDARD.fullmatch(str(name))]
    if own:
        raise SourceError(
            f"{path.name} carries commands of its own (“{str(own[0])[:40]}”), as no table of "
            "reports needs; export the layer again."
        )


def _text(column: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(column):
        words = column.astype("str").where(column.notna(), None)
    else:
        words = column.map(lambda cell: None if cell is None or cell is pd.NA else str(cell))
        words = words.where(column.notna(), None)
    return pa.array(words.astype("object").where(words.notna(), None).tolist(), TEXT)


def _coordinate(values: NDArray[np.float64]) -> pa.Array:
    return pa.array([None if np.isnan(v) else repr(float(v)) for v in values], TEXT)
