"""
Base maps that a user loads: OS Open Zoomstack (GeoPackage) or raster tiles (MBTiles).

Nothing is drawn from the network unless a user writes `basemap.toml` in the data
folder, with `tiles_url` and `attribution`.
"""

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hotspots.errors import SourceError
from hotspots.sources import mbtiles, zoomstack

ILLUSTRATIVE: Final = "Illustrative data: made up"
OPEN_DATA: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0; "
    "contains OS data © Crown copyright and database right"
)
RASTER: Final = "raster.mbtiles"
SETTINGS: Final = "basemap.toml"
# Metres of ground kept beyond the study area, so that its edge is not the map's.
MARGIN_M: Final = 3_000.0
_ROLES: Final = ("base", "streets", "places")
_SQLITE: Final = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Tiles:
    """
    Background pictures, by zoom, column and row.

    Attributes
    ----------
    name
        As the layer control calls them.
    url
        With {z}, {x} and {y}: of another host, or a path on the dashboard's own server.
    attribution
        What their publisher asks to be shown.
    least_zoom, most_zoom
        Zooms that exist; closer ones are enlarged.
    bounds
        West, south, east, north in degrees, where known.
    """

    name: str
    url: str
    attribution: str
    least_zoom: int = 0
    most_zoom: int = 19
    bounds: tuple[float, float, float, float] | None = None

    @property
    def host(self) -> str | None:
        """Origin that pictures come from; nothing when they are served here."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


@dataclass(frozen=True, eq=False)
class Basemap:
    """
    What lies under the data.

    Attributes
    ----------
    layers
        GeoJSON as bytes, WGS84: `base` and `streets` with properties `kind` and `class`,
        `places` with `name` and `size` (1 is a city or large town).
    attribution
        What its publisher asks to be shown.
    tiles
        Background pictures, if any are set up.
    """

    layers: Mapping[str, bytes] = field(default_factory=dict)
    attribution: str = OPEN_DATA
    tiles: Tiles | None = None

    @property
    def identity(self) -> str:
        """12 characters that change when anything of it does: part of a cache's key."""
        digest = hashlib.sha256(repr((self.attribution, self.tiles)).encode())
        for role in sorted(self.layers):
            digest.update(role.encode() + self.layers[role])
        return digest.hexdigest()[:12]


@dataclass(frozen=True)
class BasemapReport:
    """What an import kept: how many of each thing, and one sentence for the reader."""

    kept: Mapping[str, int]
    sentence: str


def basemap_folder(data: Path) -> Path:
    """Where an imported base map is kept."""
    return data / "library" / "basemap"


def illustrative(sample: Path) -> Basemap:
    """Base map of the sample, which is as made up as its reports."""
    return Basemap(
        layers={
            "base": (sample / "basemap.geojson").read_bytes(),
            "places": (sample / "places.geojson").read_bytes(),
        },
        attribution=ILLUSTRATIVE,
    )


def version(data: Path) -> str:
    """Text that changes when another base map is imported or set up."""
    files = [data / SETTINGS, *sorted(basemap_folder(data).glob("*"))]
    stats = [path.stat() for path in files if path.is_file()]
    return repr([(stat.st_mtime_ns, stat.st_size) for stat in stats])


def load_basemap(data: Path) -> Basemap:
    """
    What a user has imported or set up; outlines alone when that is nothing.

    Raises
    ------
    SourceError
        When `basemap.toml` cannot be used.
    """
    folder = basemap_folder(data)
    files = {role: folder / f"{role}.geojson" for role in _ROLES}
    basemap = Basemap({role: path.read_bytes() for role, path in files.items() if path.is_file()})
    online = _online_tiles(data / SETTINGS)
    return replace(basemap, tiles=online or _raster_tiles(folder / RASTER))


def import_basemap(
    path: Path, data: Path, bounds: tuple[float, float, float, float]
) -> BasemapReport:
    """
    Keep the part of a base map that lies in and round a study area.

    Parameters
    ----------
    path
        An OS Open Zoomstack GeoPackage, or an MBTiles file of PNG, JPEG or WebP pictures.
    data
        The data folder, as `settings.data_folder()` says.
    bounds
        West, south, east, north of the study area, British National Grid metres.

    Raises
    ------
    SourceError
        In one sentence, when the file cannot be used; what was imported before stays.
    """
    if not path.is_file():
        raise SourceError(f"{path.name} is not there, or is not a file.")
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise SourceError(
                f"{path.name} is neither a GeoPackage nor an MBTiles file; "
                "both begin with “SQLite format 3”."
            )
    west, south, east, north = bounds
    wide = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    folder = basemap_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    if mbtiles.is_mbtiles(path):
        return _import_raster(path, folder, wide)
    layers, kept = zoomstack.read(path, wide)
    if not any(kept.values()):
        raise SourceError(f"{path.name} holds nothing in or round the study area.")
    for role in _ROLES:
        body = json.dumps(layers[role], separators=(",", ":"), ensure_ascii=False).encode()
        _write(folder / f"{role}.geojson", body)
    listed = ", ".join(f"{count:,} {name}" for name, count in kept.items() if count)
    return BasemapReport(kept, f"Base map kept from {path.name}: {listed}.")


def _import_raster(
    path: Path, folder: Path, bounds: tuple[float, float, float, float]
) -> BasemapReport:
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        count = mbtiles.copy(path, part, bounds)
        os.replace(part, folder / RASTER)  # noqa: PTH105 - the atomic step, by its own name
    finally:
        part.unlink(missing_ok=True)
    return BasemapReport({"pictures": count}, f"Base map kept from {path.name}: {count:,} tiles.")


def _write(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    os.replace(name, path)  # noqa: PTH105 - the atomic step, by its own name


def _raster_tiles(path: Path) -> Tiles | None:
    if not path.is_file():
        return None
    about = mbtiles.describe(path)
    stamp = path.stat()
    version = hashlib.sha256(repr((stamp.st_mtime_ns, stamp.st_size)).encode()).hexdigest()[:12]
    return Tiles(
        name="Background map",
        url=f"tiles/{version}/{{z}}/{{x}}/{{y}}",
        attribution=about.attribution,
        least_zoom=about.least_zoom,
        most_zoom=about.most_zoom,
        bounds=about.bounds,
    )


def _online_tiles(path: Path) -> Tiles | None:
    if not path.is_file():
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"{SETTINGS} cannot be read: {error}.") from error
    url, attribution = values.get("tiles_url"), values.get("attribution")
    if not isinstance(url, str) or not isinstance(attribution, str) or not attribution.strip():
        raise SourceError(f"{SETTINGS} needs tiles_url and attribution, both as text.")
    parts = urlsplit(url)
    secure = parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1"}
    # The host goes into the content security policy: nothing but a host may stand there.
    plain = re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", parts.netloc)
    if not (secure and plain and all(mark in url for mark in ("{z}", "{x}", "{y}"))):
        raise SourceError(
            f"tiles_url of {SETTINGS} must be https://host/… with {{z}}, {{x}}, {{y}}."
        )
    if re.search(r"\{(?![zxy]\})", url):
        raise SourceError(f"tiles_url of {SETTINGS} may hold {{z}}, {{x}} and {{y}} alone.")
    return Tiles(name="Online map", url=url, attribution=attribution)
