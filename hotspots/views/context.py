"""
What a map shows of the place itself: outlines, names, base layers, written once as GeoJSON.

These are the parts of a map that do not change with what is asked. The browser fetches
each by an address made from its content. They hold only what every reader may see.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.sources.basemaps import Basemap, Tiles
from hotspots.tables.wards import Wards
from hotspots.views.map_script import address

# Outlines keep their form to about this many metres; five decimals are about one.
TOLERANCE_M: Final = 12.0
DECIMALS: Final = 5
# England and Wales, for a map of nothing.
NOWHERE: Final = (-5.8, 49.9, 1.8, 55.9)
LAYERS: Final = "layers"
# Said behind the name of a ward that a pointer rests on.
WARD: Final = " ward"


@dataclass(frozen=True)
class Layer:
    """One file that the browser fetches: its name, made from its content, and its bytes."""

    name: str
    zipped: bytes

    @property
    def address(self) -> str:
        """Address, as the map's frame sees it."""
        return address(LAYERS, self.name)


@dataclass(frozen=True, eq=False)
class MapContext:
    """
    The unchanging part of a map.

    Attributes
    ----------
    area
        Short name made from the wards shown: a view is remembered under it.
    bounds
        West, south, east, north in degrees.
    layers
        Files by role: authorities, wards, base, streets, places.
    tiles
        Background pictures, if any are set up.
    attribution
        Shown in the map's corner.
    grid
        Metric grid of what is drawn over it.
    """

    area: str
    bounds: tuple[float, float, float, float]
    layers: dict[str, Layer]
    tiles: Tiles | None
    attribution: str
    grid: str = BRITISH_NATIONAL_GRID


@lru_cache(maxsize=4)
def _to_degrees(grid: str) -> Transformer:
    return Transformer.from_crs(grid, WGS84, always_xy=True)


def to_degrees(
    easting_northing: NDArray[np.float64], grid: str = BRITISH_NATIONAL_GRID
) -> NDArray[np.float64]:
    """Longitude and latitude of coordinates on a metric grid, shape (n, 2) both."""
    if not len(easting_northing):
        return np.empty((0, 2))
    east, north = easting_northing[:, 0], easting_northing[:, 1]
    longitude, latitude = _to_degrees(grid).transform(east, north)
    return np.column_stack([longitude, latitude])


def build_context(
    wards: Wards,
    basemap: Basemap,
    *,
    bounds_m: tuple[float, float, float, float] | None = None,
    noun: str = WARD,
    grid: str = BRITISH_NATIONAL_GRID,
) -> MapContext:
    """
    Outlines and names of a study area, with what lies under them.

    Parameters
    ----------
    wards
        Wards of the study area; may be empty.
    basemap
        From `sources.basemaps`.
    bounds_m
        West, south, east, north in metres, used when there are no wards.
    noun
        Said behind the name of what a pointer rests on.
    grid
        Metric grid of `bounds_m` and of what will be drawn; wards are on the National Grid.
    """
    layers = {}
    if len(wards):
        outlines = _simplified(wards)
        layers["wards"] = _layer(_ward_features(wards, outlines, noun))
        layers["authorities"] = _layer(_authority_features(wards, outlines))
        box, of_box = shapely.box(*wards.total_bounds), BRITISH_NATIONAL_GRID
    elif bounds_m is not None:
        box, of_box = shapely.box(*bounds_m), grid
    else:
        box, of_box = None, grid
    for role, body in basemap.layers.items():
        layers.setdefault(role, _layer_of(body))
    corners = to_degrees(shapely.get_coordinates(box), of_box) if box is not None else None
    west, south, east, north = (
        (*corners.min(axis=0), *corners.max(axis=0)) if corners is not None else NOWHERE
    )
    # With wards, the extent of the reports must not tell: another month is the same area.
    shown = sorted(wards.index) if len(wards) else bounds_m
    identity = hashlib.sha256(repr(shown).encode()).hexdigest()[:12]
    return MapContext(
        area=identity,
        bounds=(float(west), float(south), float(east), float(north)),
        layers=layers,
        tiles=basemap.tiles,
        attribution=basemap.attribution,
        grid=grid,
    )


def _simplified(wards: Wards) -> NDArray[Any]:
    # Neighbours keep their shared border in common: no slivers and no gaps.
    shapes = shapely.coverage_simplify(wards.geometry.to_numpy(), TOLERANCE_M)
    return np.array([_without_slivers(shape) for shape in shapely.make_valid(shapes)])


def _ward_features(wards: Wards, outlines: NDArray[Any], noun: str) -> Iterable[dict[str, Any]]:
    places = _label_places(outlines)
    rows = zip(wards.index, wards["name"], wards["authority_name"], strict=True)
    for (code, name, authority), outline, at in zip(rows, outlines, places, strict=True):
        properties = {"code": code, "name": name, "authority": authority, "at": at}
        if noun != WARD:
            properties["title"] = f"{name}{noun}"
        yield _feature(outline, properties)


def _authority_features(wards: Wards, outlines: NDArray[Any]) -> Iterable[dict[str, Any]]:
    frame = gpd.GeoDataFrame({"name": wards["authority_name"].to_numpy()}, geometry=outlines)
    for code, rows in frame.groupby(wards["authority"].to_numpy()):
        whole = shapely.union_all(rows.geometry.to_numpy(), grid_size=1.0)
        outline = _without_slivers(whole)
        (at,) = _label_places(np.array([outline]))
        yield _feature(outline, {"code": code, "name": rows["name"].iloc[0], "at": at})


def _without_slivers(outline: BaseGeometry, least_m2: float = 50_000.0) -> BaseGeometry:
    areas = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    pieces = sorted(areas, key=shapely.area, reverse=True)
    parts = []
    for number, part in enumerate(pieces):
        if number and part.area < least_m2:
            break
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= least_m2]
        parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.MultiPolygon(parts)


def _label_places(outlines: NDArray[Any]) -> list[list[float]]:
    points = shapely.point_on_surface(outlines)
    places = to_degrees(shapely.get_coordinates(points))
    return [[round(float(x), DECIMALS), round(float(y), DECIMALS)] for x, y in places]


def _feature(outline: BaseGeometry, properties: dict[str, Any]) -> dict[str, Any]:
    degrees = shapely.transform(outline, to_degrees)
    rounded = shapely.transform(degrees, lambda places: np.round(places, DECIMALS))
    geometry = mapping(rounded)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _layer(features: Iterable[dict[str, Any]]) -> Layer:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return _layer_of(json.dumps(collection, separators=(",", ":")).encode())


@lru_cache(maxsize=16)
def _layer_of(body: bytes) -> Layer:
    name = hashlib.sha256(body).hexdigest()[:24] + ".geojson"
    return Layer(name, gzip.compress(body, 6, mtime=0))
