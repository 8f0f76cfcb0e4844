"""
MBTiles: background pictures in one sqlite file, by zoom, column and row.

A file from outside is never served as it is. Its pictures are copied, those of the
study area alone, into a file of our own making, so that no view or trigger comes along.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from math import asinh, floor, isfinite, pi, radians, tan
from pathlib import Path
from typing import Final

from pyproj import Transformer

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84

MOST_ZOOM: Final = 18
MOST_TILES: Final = 1_000_000
MOST_BYTES: Final = 2_000_000
MOST_STEPS: Final = 2_000_000
_FORMATS: Final = {"png", "jpg", "jpeg", "webp"}
_LATITUDE: Final = 85.0


@dataclass(frozen=True)
class About:
    """What an MBTiles file says of itself."""

    attribution: str
    least_zoom: int
    most_zoom: int
    bounds: tuple[float, float, float, float] | None


def media_type(picture: bytes) -> str | None:
    r"""
    Kind of picture, by its first bytes; nothing for any other content.

    Examples
    --------
    >>> media_type(b"\x89PNG\r\n\x1a\n...."), media_type(b"<svg onload=...>")
    ('image/png', None)
    """
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    return None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection


def is_mbtiles(path: Path) -> bool:
    """Whether a sqlite file has the two tables of an MBTiles file."""
    try:
        with closing(_connect(path)) as connection:
            names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise SourceError(f"{path.name} is damaged: {error}.") from error
    return {"metadata", "tiles"} <= names and "gpkg_contents" not in names


def describe(path: Path) -> About:
    """
    Attribution, zooms and bounds, from a file's metadata.

    Raises
    ------
    SourceError
        When it holds no pictures, or pictures of no known kind.
    """
    try:
        with closing(_connect(path)) as connection:
            rows = connection.execute("SELECT name, value FROM metadata LIMIT 1000").fetchall()
    except sqlite3.Error as error:
        raise SourceError(f"{path.name} is damaged: {error}.") from error
    values = {str(name): str(value) for name, value in rows}
    kind = values.get("format", "").lower()
    if kind in {"pbf", "mvt"}:
        raise SourceError(
            f"{path.name} holds vector tiles; load OS Open Zoomstack as a GeoPackage instead, "
            "or an MBTiles file of pictures."
        )
    if kind not in _FORMATS:
        raise SourceError(f"{path.name} holds {kind or 'unnamed'} tiles, not PNG, JPEG or WebP.")
    return About(
        attribution=values.get("attribution", ""),
        least_zoom=_zoom(values.get("minzoom"), 0),
        most_zoom=_zoom(values.get("maxzoom"), MOST_ZOOM),
        bounds=_bounds(values.get("bounds", "")),
    )


def _zoom(text: str | None, otherwise: int) -> int:
    return min(MOST_ZOOM, int(text)) if text is not None and text.isdigit() else otherwise


def _bounds(text: str) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    sound = all(map(isfinite, (west, south, east, north))) and west < east and south < north
    return (west, south, east, north) if sound else None


def copy(path: Path, target: Path, bounds: tuple[float, float, float, float]) -> int:
    """
    Copy the pictures that touch `bounds` (grid metres) into a new file; how many they are.

    Raises
    ------
    SourceError
        When there are none, too many, or something that is not a picture.
    """
    about = describe(path)
    target.unlink(missing_ok=True)
    steps = iter(range(MOST_STEPS))
    zooms: set[int] = set()
    count = 0
    try:
        with closing(_connect(path)) as source, closing(sqlite3.connect(target)) as copied:
            source.set_progress_handler(lambda: next(steps, None) is None, 1_000)
            copied.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
            copied.execute(
                "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, "
                "tile_row INTEGER, tile_data BLOB, "
                "PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID"
            )
            for zoom, column, row, picture in _pictures(source, bounds):
                if not isinstance(picture, bytes) or media_type(picture) is None:
                    raise SourceError(f"{path.name} holds a tile that is not a picture.")
                count += 1
                if count > MOST_TILES:
                    raise SourceError(f"{path.name} holds over {MOST_TILES:,} tiles here.")
                zooms.add(zoom)
                copied.execute(
                    "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, row, picture)
                )
            if not count:
                raise SourceError(f"{path.name} holds no tile in or round the study area.")
            west, south, east, north = _degrees(bounds)
            values = {
                "format": "png",
                "attribution": about.attribution,
                "minzoom": str(min(zooms)),
                "maxzoom": str(max(zooms)),
                "bounds": f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}",
            }
            copied.executemany("INSERT INTO metadata VALUES (?, ?)", values.items())
            copied.commit()
    except (sqlite3.Error, OverflowError) as error:
        raise SourceError(f"{path.name} is damaged: {error}.") from error
    return count


def _pictures(
    source: sqlite3.Connection, bounds: tuple[float, float, float, float]
) -> Iterator[tuple[int, int, int, object]]:
    west, south, east, north = _degrees(bounds)
    for zoom in range(MOST_ZOOM + 1):
        left, top = place_of(zoom, west, north)
        right, bottom = place_of(zoom, east, south)
        last = 2**zoom - 1
        yield from source.execute(
            "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles WHERE zoom_level = ? "
            "AND tile_column BETWEEN ? AND ? AND tile_row BETWEEN ? AND ?",
            (zoom, left, right, last - bottom, last - top),
        )


def _degrees(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    transformer = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*bounds)
    return west, south, east, north


def place_of(zoom: int, longitude: float, latitude: float) -> tuple[int, int]:
    """
    Column and row, counted from the north-west, of the tile that holds a place.

    Examples
    --------
    >>> place_of(0, -2.9, 53.2), place_of(10, -2.9, 53.2)
    ((0, 0), (503, 332))
    """
    angle = radians(max(-_LATITUDE, min(_LATITUDE, latitude)))
    size = 2**zoom
    column = floor((longitude + 180) / 360 * size)
    row = floor((1 - asinh(tan(angle)) / pi) / 2 * size)
    return max(0, min(size - 1, column)), max(0, min(size - 1, row))


def picture(path: Path, zoom: int, column: int, row: int) -> bytes | None:
    """One tile, its row counted from the north as web maps do; nothing where there is none."""
    if not 0 <= zoom <= MOST_ZOOM or not path.is_file():
        return None
    # MBTiles counts rows from the south.
    try:
        with closing(_connect(path)) as connection:
            found = connection.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? "
                "AND tile_row = ?",
                (zoom, column, 2**zoom - 1 - row),
            ).fetchone()
    except (sqlite3.Error, OverflowError):
        return None
    return bytes(found[0]) if found and isinstance(found[0], bytes) else None
