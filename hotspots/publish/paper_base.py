"""The dashboard's own base layer as shapes on the grid, to be printed under a map."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84


@dataclass(frozen=True, eq=False)
class Base:
    """What lies under the data: shapes on the grid, their kind and class; names of places."""

    shapes: NDArray[np.object_]
    kinds: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, float, float], ...]


def base_of(layers: Mapping[str, bytes]) -> Base:
    """Base layers of `sources.basemaps.Basemap`, on the grid."""
    return _base(layers.get("base", b""), layers.get("streets", b""), layers.get("places", b""))


@lru_cache(maxsize=2)
def _base(base: bytes, streets: bytes, places: bytes) -> Base:
    shapes: list[BaseGeometry] = []
    kinds: list[tuple[str, str]] = []
    for body in (base, streets):
        for feature in _features(body):
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            about = feature.get("properties") or {}
            for part in shapely.get_parts(shape):
                shapes.append(part)
                kinds.append((str(about.get("kind", "")), str(about.get("class", ""))))
    named = [
        (str(feature["properties"].get("name", "")), *feature["geometry"]["coordinates"][:2])
        for feature in _features(places)
    ]
    at = gpd.GeoSeries([shapely.Point(x, y) for _, x, y in named], crs=WGS84)
    on_grid = shapely.get_coordinates(at.to_crs(BRITISH_NATIONAL_GRID).to_numpy())
    return Base(
        gpd.GeoSeries(shapes, crs=WGS84).to_crs(BRITISH_NATIONAL_GRID).to_numpy(),
        tuple(kinds),
        tuple(
            (name, float(x), float(y)) for (name, *_), (x, y) in zip(named, on_grid, strict=True)
        ),
    )


def _features(body: bytes) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads(body)["features"] if body else []
    return held
