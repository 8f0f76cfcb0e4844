"""
Places and outlines that people type or paste: grid references, coordinates, WKT, GeoJSON.

What comes out is always in British National Grid metres and inside Great Britain.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.grid import in_great_britain, to_grid

# The National Grid covers 700 km by 1,300 km from its false origin.
_EAST_M: Final = 700_000
_NORTH_M: Final = 1_300_000
_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_MOST_LETTERS: Final = 200_000
_REFERENCE: Final = re.compile(r"([A-HJ-Z]) ?([A-HJ-Z]) ?(\d{2,7}) (\d{2,7})")
_REFERENCE_IN_ONE: Final = re.compile(r"([A-HJ-Z]) ?([A-HJ-Z]) ?(\d{4,14})")
_PAIR: Final = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*,\s*|\s+)(-?\d+(?:\.\d+)?)")
_MOST_DEGREES: Final = 180.0
_LEAST_CORNERS: Final = 3
ELSEWHERE: Final = (
    "Places are typed and drawn on the British National Grid only, and these reports lie on "
    "{grid}: choose a patrol area or a hotspot."
)


def check_grid(grid: str) -> None:
    """
    Refuse what is typed or drawn beside data on another grid: it would mean another place.

    Raises
    ------
    SourceError
        When the data does not lie on the British National Grid.
    """
    if grid != BRITISH_NATIONAL_GRID:
        raise SourceError(ELSEWHERE.format(grid=grid))


def place(text: str) -> shapely.Point:
    """
    Point that a person typed.

    Parameters
    ----------
    text
        A grid reference of 4 to 14 figures (its square's middle is meant), or easting and
        northing in metres, or latitude and longitude in degrees.

    Raises
    ------
    SourceError
        When it is none of these, or not in Great Britain.

    Examples
    --------
    >>> place("SJ 4050 6632").wkt
    'POINT (340505 366325)'
    >>> place("340500, 366100").wkt
    'POINT (340500 366100)'
    >>> place("53.356089, -2.035057").wkt
    'POINT (397764.03 384356.98)'
    """
    typed = " ".join(text.split())
    if reference := _REFERENCE.fullmatch(typed.upper()):
        return _of_reference(*reference.groups())
    if reference := _REFERENCE_IN_ONE.fullmatch(typed.upper()):
        large, small, both = reference.groups()
        half = (len(both) + 1) // 2
        return _of_reference(large, small, both[:half], both[half:])
    pair = _PAIR.fullmatch(typed)
    if pair is None:
        raise SourceError(
            "That place cannot be read. Give a grid reference (SJ 4050 6632), easting and "
            "northing (340500, 366320), or latitude and longitude (53.1908, -2.8914)."
        )
    first, second = (float(number) for number in pair.groups())
    if abs(first) <= _MOST_DEGREES and abs(second) <= _MOST_DEGREES:
        # On paper latitude comes first; what comes last in files is put right.
        north, east = (first, second) if first > second else (second, first)
        xy = _from_degrees(np.array([[east, north]]))
    else:
        xy = _on_the_grid(np.array([[first, second]]))
    return shapely.Point(xy[0])


def outline(text: str) -> BaseGeometry:
    """
    Outline that a person pasted.

    Parameters
    ----------
    text
        WKT or GeoJSON with polygons, in longitude and latitude or in British National Grid
        metres; several polygons count as one outline.

    Returns
    -------
    outline
        Polygon or MultiPolygon, metres.

    Raises
    ------
    SourceError
        When it cannot be read, crosses itself, or is not in Great Britain.

    Examples
    --------
    >>> outline("POLYGON ((340000 366000, 340100 366000, 340000 366100, 340000 366000))").area
    5000.0
    """
    if len(text) > _MOST_LETTERS:
        raise SourceError("That outline is too long to paste; draw it more simply.")
    try:
        read = shapely.from_geojson if text.lstrip().startswith("{") else shapely.from_wkt
        shape = shapely.force_2d(read(text.strip()))
        parts = [part for part in _polygons(shape) if not part.is_empty]
    except (shapely.errors.ShapelyError, ValueError, RecursionError) as error:
        raise SourceError(
            "That outline cannot be read. Paste a polygon as WKT (POLYGON ((…))) or GeoJSON."
        ) from error
    if not parts:
        raise SourceError("That outline holds no polygon.")
    if not all(part.is_valid for part in parts):
        raise SourceError("That outline crosses itself; draw it again without crossing lines.")
    corners = shapely.get_coordinates(np.array(parts))
    if not np.isfinite(corners).all():
        raise SourceError("That outline has a corner that is not a number.")
    degrees = bool((np.abs(corners) <= _MOST_DEGREES).all())
    whole: BaseGeometry = shapely.union_all(np.array(parts))
    turned = shapely.transform(whole, _from_degrees if degrees else _on_the_grid)
    if not turned.is_valid or not turned.area:
        raise SourceError("That outline encloses no ground.")
    return turned


def corners(degrees: Sequence[tuple[float, float]]) -> BaseGeometry:
    """
    Outline that a person drew on a map.

    Parameters
    ----------
    degrees
        (latitude, longitude) of each corner, in order; the last joins the first.

    Raises
    ------
    SourceError
        When it has fewer than three corners, crosses itself, or is not in Great Britain.
    """
    if len(set(degrees)) < _LEAST_CORNERS:
        raise SourceError("An outline has three corners or more.")
    if not np.isfinite(degrees).all():
        raise SourceError("That outline has a corner that is not a number.")
    ring = [(longitude, latitude) for latitude, longitude in degrees]
    return outline(shapely.to_wkt(shapely.Polygon(ring), rounding_precision=-1))


def _polygons(shape: BaseGeometry | None) -> list[shapely.Polygon]:
    """Every polygon of a shape, however deep it lies."""
    if shape is None:
        return []
    if isinstance(shape, shapely.Polygon):
        return [shape]
    if not hasattr(shape, "geoms"):
        return []
    return [polygon for part in shape.geoms for polygon in _polygons(part)]


def _of_reference(large: str, small: str, across: str, up: str) -> shapely.Point:
    if len(across) != len(up):
        raise SourceError("A grid reference has as many figures for east as for north.")
    one, other = _LETTERS.index(large), _LETTERS.index(small)
    # Both letters run along rows of five from the north-west; square SV is the origin.
    east = (one % 5 - 2) * 5 + other % 5
    north = (3 - one // 5) * 5 + 4 - other // 5
    step = 10.0 ** (5 - len(across))
    metres = [
        [east * 100_000 + (int(across) + 0.5) * step, north * 100_000 + (int(up) + 0.5) * step]
    ]
    return shapely.Point(_on_the_grid(np.array(metres))[0])


def _on_the_grid(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = (xy > 0).all() and (xy[:, 0] < _EAST_M).all() and (xy[:, 1] < _NORTH_M).all()
    if not inside:
        raise SourceError("That place lies outside Great Britain.")
    return np.round(xy, 2)


def _from_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    if not in_great_britain(xy[:, 0], xy[:, 1]).all():
        raise SourceError("That place lies outside Great Britain.")
    return np.column_stack(to_grid(xy[:, 0], xy[:, 1]))
