"""
The ground of patrol areas: discs, cut along the line between any two that would overlap.

Every shape is what lies in its own disc, on its own side of the line halfway to each
other centre, and outside what was excluded. So none overlaps another, and together they
hold what the discs held.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

_SQUARE_METRES_IN_HECTARE: Final = 10_000
# A disc is drawn as a polygon of this many corners, of exactly the disc's area.
_CORNERS: Final = 64
# An incident on the line between two areas is in both by this much, whatever rounding
# does, and is counted in the lower number; what they share of it is no ground.
_HAIR_M: Final = 1e-7


def corner_m(size_ha: float) -> float:
    """
    Distance of a disc's corners from its centre, metres.

    Examples
    --------
    >>> round(corner_m(5), 1)
    126.3
    """
    turn = 2 * np.pi / _CORNERS
    return float(np.sqrt(2 * size_ha * _SQUARE_METRES_IN_HECTARE / (_CORNERS * np.sin(turn))))


def reach_m(size_ha: float) -> float:
    """
    Distance within which a disc holds everything, metres.

    Examples
    --------
    >>> round(reach_m(5), 1)
    126.1
    """
    return corner_m(size_ha) * float(np.cos(np.pi / _CORNERS))


def discs(centres: Floats, *, size_ha: float) -> Shapes:
    """Polygons of 64 corners and of exactly one size round each centre."""
    angle = 2 * np.pi * np.arange(_CORNERS) / _CORNERS
    ring = corner_m(size_ha) * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(shapely.polygons(centres.reshape(-1, 1, 2) + ring), dtype=np.object_)


def footprints(centres: Floats, *, size_ha: float, excluded: BaseGeometry | None = None) -> Shapes:
    """
    Ground of each centre's disc, uncut: without what is excluded, and in one piece.

    Parameters
    ----------
    centres
        Easting and northing, metres, shape (n, 2).
    size_ha
        Area of a whole disc, hectares.
    excluded
        Ground that no patrol area may hold: a lake, a prison, a dual carriageway.

    Returns
    -------
    footprints
        Polygons; an empty one where the centre itself is excluded. Ground that an
        excluded strip parts from the centre is left out.
    """
    shapes = discs(centres, size_ha=size_ha)
    if excluded is None or excluded.is_empty:
        return shapes
    met = shapely.intersects(shapes, excluded)
    kept = shapes.copy()
    kept[met] = _pieces(shapely.difference(shapes[met], excluded), centres[met])
    return kept


def cut(centres: Floats, uncut: Shapes, *, size_ha: float) -> Shapes:
    """
    Footprints, each cut along the line halfway to every centre it would overlap.

    Parameters
    ----------
    centres
        Easting and northing, metres, shape (n, 2). Of equal centres the first keeps all.
    uncut
        From `footprints`.
    size_ha
        Area of a whole disc, hectares.

    Returns
    -------
    cut
        Polygons of disjoint interiors, each in one piece and holding its centre.

    Examples
    --------
    >>> centres = np.array([[0.0, 0.0], [100.0, 0.0]])
    >>> west, east = cut(centres, discs(centres, size_ha=5), size_ha=5)
    >>> round(west.bounds[2], 3), round(east.bounds[0], 3), round(west.area)
    (50.0, 50.0, 37277)
    """
    cells = [_cell(n, centres, size_ha=size_ha) for n in range(len(centres))]
    shapes = shapely.intersection(uncut, np.array(cells, dtype=np.object_))
    return _pieces(np.asarray(shapes, dtype=np.object_), centres)


def leaves_room(
    centre: Floats, standing: Sequence[Floats], *, size_ha: float, least_ha: float
) -> bool:
    """
    Whether a disc can stand beside others so that each keeps enough ground.

    Parameters
    ----------
    centre
        Where one more disc would stand.
    standing
        Centres of those that stand.
    size_ha, least_ha
        Area of a whole disc, and what each must keep when cut, hectares.
    """
    if not len(standing):
        return True
    others = np.asarray(standing)
    span = 2 * corner_m(size_ha)
    near = others[np.hypot(*(others - centre).T) < span]
    if not len(near):
        return True
    crowd = np.vstack([centre, others[np.hypot(*(others - centre).T) < 2 * span]])
    ground = discs(crowd, size_ha=size_ha)
    touched = [0, *(1 + np.flatnonzero(np.hypot(*(crowd[1:] - centre).T) < span))]
    cells = [_cell(n, crowd, size_ha=size_ha) for n in touched]
    kept = shapely.area(shapely.intersection(ground[touched], np.array(cells)))
    return bool(kept.min() >= least_ha * _SQUARE_METRES_IN_HECTARE)


def _cell(number: int, centres: Floats, *, size_ha: float) -> BaseGeometry:
    """Ground nearer to one centre than to any other whose disc could meet its own."""
    own = centres[number]
    half = 2 * corner_m(size_ha)
    ring = own + half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    apart = np.hypot(*(centres - own).T)
    for other in np.flatnonzero(apart < half):
        if other == number:
            continue
        if apart[other] == 0:
            if other < number:
                return shapely.Polygon()
            continue
        ring = _on_own_side(ring, own, centres[other])
    return shapely.Polygon(ring)


def _on_own_side(ring: Floats, own: Floats, other: Floats) -> Floats:
    """Convex ring without what lies beyond the line halfway from one point to another."""
    towards = (other - own) / np.hypot(*(other - own))
    beyond = (ring - (own + other) / 2) @ towards - _HAIR_M
    beyond_next = np.roll(beyond, -1)
    inside = beyond <= 0
    crossing = inside != (beyond_next <= 0)
    gap = np.where(crossing, beyond - beyond_next, 1.0)
    meets = ring + (beyond / gap)[:, None] * (np.roll(ring, -1, axis=0) - ring)
    corners = np.stack([ring, meets], axis=1)
    return np.asarray(corners[np.column_stack([inside, crossing])])


def _pieces(shapes: Shapes, centres: Floats) -> Shapes:
    """Of each shape the piece that holds its centre; an empty polygon where none does."""
    whole = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    pieces = shapes.copy()
    points = np.asarray(shapely.points(centres), dtype=np.object_)
    for n in np.flatnonzero(~whole):
        parts = shapely.get_parts(shapes[n])
        holding = parts[shapely.covers(parts, points[n])]
        pieces[n] = holding[0] if len(holding) else shapely.Polygon()
    outside = ~shapely.covers(pieces, points)
    pieces[outside] = shapely.Polygon()
    return pieces
