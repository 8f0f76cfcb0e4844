"""
One fixed grid of hexagons on the National Grid: the same everywhere, and for ever.

The grid has one size and one origin, so that a place is always in the same hexagon: two
grids laid over each other would let a reader subtract one from the other.
"""

import re
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

# About the ground that people mean by "round here"; hexagons of 760 m across.
HEXAGON_HA: Final = 50
WIDTH_M: Final = float(np.sqrt(HEXAGON_HA * 10_000 * 2 / np.sqrt(3)))
HEIGHT_M: Final = WIDTH_M * float(np.sqrt(3))
_NAME: Final = re.compile(r"H(\d{1,4})-(\d{1,4})")


def hexagon_of(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Column and row of the hexagon each coordinate lies in.

    The centres are two lattices of rectangles, one moved by half a rectangle; a point
    belongs to the nearest centre.

    Parameters
    ----------
    xy
        Easting and northing, metres, shape (n, 2).

    Examples
    --------
    >>> hexagon_of(np.array([[370_000.0, 355_000.0], [370_200.0, 355_000.0]])).tolist()
    [[974, 540], [974, 540]]
    """
    at = np.asarray(xy, dtype=np.float64).reshape(-1, 2) / (WIDTH_M, HEIGHT_M)
    even, odd = np.rint(at), np.floor(at) + 0.5
    scale = np.array([WIDTH_M, HEIGHT_M])
    far_even = (((at - even) * scale) ** 2).sum(axis=1)
    far_odd = (((at - odd) * scale) ** 2).sum(axis=1)
    centre = np.where((far_even <= far_odd)[:, None], even, odd)
    return np.asarray(np.rint(2 * centre).astype(np.int64))


def outline(steps: ArrayLike) -> NDArray[np.object_]:
    """
    Hexagons by column and row, as polygons in metres.

    Examples
    --------
    >>> float(round(shapely.area(outline([[974, 540]]))[0] / 10_000))
    50.0
    """
    centres = np.asarray(steps, dtype=np.float64).reshape(-1, 2) / 2 * (WIDTH_M, HEIGHT_M)
    turns = np.deg2rad(np.arange(6) * 60 + 30)
    corners = WIDTH_M / np.sqrt(3) * np.column_stack([np.cos(turns), np.sin(turns)])
    rings = centres[:, None, :] + corners
    return np.asarray(shapely.polygons(rings), dtype=np.object_)


def name_of(steps: ArrayLike) -> list[str]:
    """
    Names by which hexagons are written down.

    Examples
    --------
    >>> name_of([[974, 540]])
    ['H974-540']
    """
    whole = np.asarray(steps, dtype=np.int64).reshape(-1, 2)
    return [f"H{column}-{row}" for column, row in whole.tolist()]


def read_name(name: str) -> tuple[int, int] | None:
    """
    Column and row of a hexagon written down; nothing when it is no name of one.

    Only half of the pairs are hexagons: column and row are both even or both odd.

    Examples
    --------
    >>> read_name("H974-540"), read_name("H974-539"), read_name("<script>")
    ((974, 540), None, None)
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    column, row = int(found[1]), int(found[2])
    return (column, row) if column % 2 == row % 2 else None
