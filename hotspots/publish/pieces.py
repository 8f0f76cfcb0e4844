"""Pieces of wards on one grid of hexagons: their ground, their addresses, what they are called."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.hexagons import outline
from hotspots.tables.wards import Wards

_SIDES: Final = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
# Nearer to a ward's middle than this part of its half-width, a piece is in its middle.
_MIDDLE: Final = 0.4


class Pieces:
    """
    Pieces of wards on the hexagon grid that hold any point, and the addresses in each.

    Parameters
    ----------
    ground
        A row for each place: `ward`, `column` and `row` of its hexagon, `addresses` at it.
    wards
        Wards whose pieces they are.
    """

    def __init__(self, ground: pd.DataFrame, wards: Wards) -> None:
        self.wards = wards
        keys = ["ward", "column", "row"]
        self.addresses = ground.groupby(keys)["addresses"].sum()
        self.pieces = {
            str(ward): [(int(c), int(r)) for _, c, r in rows.index]
            for ward, rows in self.addresses.groupby(level="ward")
        }

    def addresses_in(self, ward: str, pieces: list[tuple[int, int]]) -> int:
        """Addresses known to be in some pieces (column and row of the grid) of a ward."""
        return int(sum(self.addresses.loc[(ward, *piece)] for piece in pieces))

    @cached_property
    def shapes(self) -> dict[tuple[str, tuple[int, int]], BaseGeometry]:
        """Outline of each piece, clipped to its ward."""
        keys = [(ward, piece) for ward, pieces in self.pieces.items() for piece in pieces]
        hexagons = outline([piece for _, piece in keys])
        within = self.wards.loc[[ward for ward, _ in keys]].geometry.to_numpy()
        clipped = shapely.intersection(hexagons, within)
        return {key: areas_of(shape) for key, shape in zip(keys, clipped, strict=True)}


def named(whole: BaseGeometry, shapes: list[BaseGeometry]) -> tuple[list[str], list[int]]:
    """Side of its ward that each piece lies on, and a number (from 1) where several share it."""
    sides = [side_of(whole, shapely.centroid(shape)) for shape in shapes]
    numbers = [
        sides[: i + 1].count(side) if sides.count(side) > 1 else 0 for i, side in enumerate(sides)
    ]
    return sides, numbers


def side_of(whole: BaseGeometry, at: shapely.Point) -> str:
    """Side of an area that a point lies on: "n", "ne" and so on, or "middle"."""
    middle, reach = shapely.centroid(whole), float(np.sqrt(shapely.area(whole)) / 2)
    east, north = at.x - middle.x, at.y - middle.y
    if np.hypot(east, north) < _MIDDLE * reach:
        return "middle"
    return _SIDES[round(float(np.arctan2(north, east)) / (np.pi / 4)) % len(_SIDES)]


def areas_of(shape: BaseGeometry) -> BaseGeometry:
    """Shape without the lines and points that clipping leaves."""
    return shapely.MultiPolygon(list(_polygons(shape)))


def _polygons(shape: BaseGeometry) -> Iterator[shapely.Polygon]:
    parts: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(shape))
    for part in parts:
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield part
