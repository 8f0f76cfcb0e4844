"""
OS Open Zoomstack, a GeoPackage of Great Britain: the part round a study area.

Read with sqlite alone, read-only, within limits: the file comes from outside, and only
plain tables of its known layers are looked at. Layers and their `type` are described at
https://docs.os.uk/os-downloads/products/maps-and-imagery-portfolio/os-open-zoomstack
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import mapping

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84

Bounds = tuple[float, float, float, float]

# One shape, and one layer, may hold no more than this; a county's streets are some 60,000.
MOST_BYTES: Final = 32_000_000
MOST_FEATURES: Final = 500_000
# Steps of sqlite's machine, in thousands, before a query is given up.
MOST_STEPS: Final = 2_000_000
DECIMALS: Final = 5
_GRID: Final = 27700
# Lines are written many to a feature: smaller files, quicker to read.
_LINES_TOGETHER: Final = 500
_HEADER: Final = 8
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)

_SIZES: Final = {
    "Capital": 1,
    "City": 1,
    "Town": 2,
    "Suburban Area": 3,
    "Village": 3,
    "Hamlet": 4,
}


@dataclass(frozen=True)
class _Source:
    layer: str
    kind: str
    tolerance_m: float
    least_m2: float = 0.0


_AREAS: Final = (
    _Source("woodland", "green", 8, 30_000),
    _Source("greenspace", "green", 5, 5_000),
    _Source("surfacewater", "water", 5, 3_000),
)
_LINES: Final = (_Source("waterlines", "water", 6), _Source("rail", "rail", 5))
# The three road layers show the same roads at three scales: main roads are taken from the
# middle one, or the coarse one, and the fine one adds the streets between them.
_MAIN_ROADS: Final = ("roads_regional", "roads_national")
_STREETS: Final = "roads_local"


def read(path: Path, bounds: Bounds) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """
    GeoJSON by role (base, streets, places), and how many things of each kind were kept.

    Raises
    ------
    SourceError
        When the file is not a sound GeoPackage of these layers.
    """
    with _opened(path) as connection:
        held = _layers(connection, path)
        base: list[dict[str, Any]] = []
        kept: dict[str, int] = {}
        for source in (*_AREAS, *_LINES):
            if source.layer not in held:
                continue
            shapes, _ = _shapes(connection, held[source.layer], bounds, ())
            features = _features(shapes, source, "")
            base += features
            kept[source.layer] = len(shapes)
        main = next((name for name in _MAIN_ROADS if name in held), None)
        streets: list[dict[str, Any]] = []
        for layer in filter(None, (main, _STREETS if _STREETS in held else None)):
            shapes, rows = _shapes(connection, held[layer], bounds, ("type",))
            classes = np.array([road_class(row[0]) for row in rows], dtype=object)
            wanted = ("street",) if main and layer == _STREETS else ("motorway", "main", "street")
            for name in wanted:
                chosen = shapes[classes == name]
                source = _Source(layer, "road", 3)
                (streets if name == "street" else base).extend(_features(chosen, source, name))
                kept[f"{name} roads"] = kept.get(f"{name} roads", 0) + len(chosen)
        places = _places(connection, held, bounds)
        kept["place names"] = len(places)
    roles = {"base": base, "streets": streets, "places": places}
    return {
        role: {"type": "FeatureCollection", "features": features}
        for role, features in roles.items()
    }, kept


def road_class(kind: object) -> str:
    """
    Class a road is drawn in, from Zoomstack's `type`.

    Examples
    --------
    >>> road_class("Motorway"), road_class("A Road"), road_class("Restricted Local Access")
    ('motorway', 'main', 'street')
    """
    text = str(kind or "").lower()
    if "motorway" in text:
        return "motorway"
    return "main" if any(word in text for word in ("primary", "a road", "b road")) else "street"


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = path.resolve().as_uri() + "?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
    except sqlite3.Error as error:
        raise SourceError(f"{path.name} cannot be opened: {error}.") from error
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        steps = iter(range(MOST_STEPS))
        connection.set_progress_handler(lambda: next(steps, None) is None, 1_000)
        yield connection
    except (sqlite3.Error, shapely.GEOSException, OverflowError) as error:
        raise SourceError(f"{path.name} is damaged, or not what it says it is: {error}.") from error
    finally:
        connection.close()


@dataclass(frozen=True)
class _Table:
    name: str
    column: str
    identity: str
    tree: str | None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _layers(connection: sqlite3.Connection, path: Path) -> dict[str, _Table]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {str(name): str(sql or "") for name, sql in rows}
    if "gpkg_geometry_columns" not in tables:
        raise SourceError(f"{path.name} is not a GeoPackage: it lists no layers of shapes.")
    known = {source.layer for source in (*_AREAS, *_LINES)}
    known |= {*_MAIN_ROADS, _STREETS, "names"}
    held = {}
    query = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
    for name, column, grid in connection.execute(query):
        layer = str(name).lower()
        # A view, or a virtual table, under a layer's name is not the published product.
        if layer not in known or not tables.get(name, "").upper().startswith("CREATE TABLE"):
            continue
        if grid != _GRID:
            raise SourceError(f"{path.name}: layer {layer} is not on the British National Grid.")
        columns = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        identity = next((str(row[1]) for row in columns if row[5]), "rowid")
        tree = f"rtree_{name}_{column}"
        indexed = "USING RTREE" in tables.get(tree, "").upper()
        held[layer] = _Table(name, column, identity, tree if indexed else None)
    if not held:
        raise SourceError(f"{path.name} holds none of OS Open Zoomstack's layers.")
    return held


def _shapes(
    connection: sqlite3.Connection, table: _Table, bounds: Bounds, columns: tuple[str, ...]
) -> tuple[NDArray[Any], list[tuple[Any, ...]]]:
    """Shapes that touch the bounds, cut to them, and the named columns of each."""
    info = connection.execute(f"PRAGMA table_info({_quoted(table.name)})").fetchall()
    existing = {str(row[1]) for row in info}
    picked = [_quoted(name) if name in existing else "NULL" for name in columns]
    query = f"SELECT {', '.join([_quoted(table.column), *picked])} FROM {_quoted(table.name)}"  # noqa: S608
    values: tuple[float, ...] = ()
    if table.tree is not None:
        query += (
            f" WHERE {_quoted(table.identity)} IN (SELECT id FROM {_quoted(table.tree)}"  # noqa: S608
            " WHERE maxx >= ? AND maxy >= ? AND minx <= ? AND miny <= ?)"
        )
        values = bounds
    found = connection.execute(query, values).fetchmany(MOST_FEATURES + 1)
    if len(found) > MOST_FEATURES:
        raise SourceError(
            f"Layer {table.name} holds more than {MOST_FEATURES:,} shapes here: "
            "choose a smaller study area."
        )
    blobs = [_well_known(row[0]) for row in found]
    shapes = shapely.force_2d(shapely.from_wkb(np.array(blobs, dtype=object), on_invalid="ignore"))
    usable = ~shapely.is_missing(shapes) & shapely.intersects(shapes, shapely.box(*bounds))
    cut = shapely.clip_by_rect(shapes[usable], *bounds)
    rows = [tuple(row[1:]) for row, fit in zip(found, usable, strict=True) if fit]
    return np.asarray(cut, dtype=object), rows


def _well_known(blob: object) -> bytes | None:
    """The shape inside a GeoPackage's binary, past its header."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < _HEADER:
        return None
    kind = (blob[3] >> 1) & 7
    if kind >= len(_ENVELOPE_BYTES):
        return None
    return blob[_HEADER + _ENVELOPE_BYTES[kind] :]


def _features(shapes: NDArray[Any], source: _Source, name: str) -> list[dict[str, Any]]:
    simple = shapely.simplify(shapes, source.tolerance_m)
    parts = shapely.get_parts(simple)
    properties = {"kind": source.kind, "class": name or source.layer}
    dimension = 2 if source in _AREAS else 1
    parts = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    if dimension == 2:  # noqa: PLR2004
        wholes = list(parts[shapely.area(parts) >= source.least_m2])
    else:
        groups = range(0, len(parts), _LINES_TOGETHER)
        wholes = [shapely.multilinestrings(parts[i : i + _LINES_TOGETHER]) for i in groups]
    return [
        {"type": "Feature", "properties": properties, "geometry": mapping(_degrees(whole))}
        for whole in wholes
    ]


def _degrees(shape: Any) -> Any:
    transformer = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)

    def move(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(transformer.transform(*places.T)), DECIMALS)

    return shapely.transform(shape, move)


def _places(
    connection: sqlite3.Connection, held: dict[str, _Table], bounds: Bounds
) -> list[dict[str, Any]]:
    if "names" not in held:
        return []
    shapes, rows = _shapes(connection, held["names"], bounds, ("type", "name1", "name"))
    return [
        {
            "type": "Feature",
            "properties": {"name": str(row[1] or row[2]), "size": _SIZES[row[0]]},
            "geometry": mapping(_degrees(shape)),
        }
        for shape, row in zip(shapes, rows, strict=True)
        if row[0] in _SIZES and (row[1] or row[2]) and shape.geom_type == "Point"
    ]
