"""
The places that can hold an incident: what chance is laid out on.

Randomness over open fields would make every town a hotspot. Chance must keep to where
an incident can be recorded at all, and all recorded crime shows where that is.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots.analysis.places import gather

# Places are taken as listed when a further record would sooner fall on one of them than
# beside them all (I. J. Good 1953, The population frequencies of species, Biometrika 40).
LISTED: Final = 0.5
# A lattice point's column and row in one whole number.
_BITS: Final = 31
_ROW: Final = 2**_BITS - 1
# Steps to every cell whose middle is within two sides.
_STEPS: Final = np.array(
    [(dx << _BITS) + dy for dx in range(-2, 3) for dy in range(-2, 3) if dx * dx + dy * dy <= 4]  # noqa: PLR2004
)
# Lattice points aimed at, at most; beyond, the reach is shortened.
_LATTICE: Final = 2_000_000
# Among even records a reach to the fourth nearest leaves 2% of the ground uncovered.
_NEAREST: Final = 4


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Where an incident can be recorded.

    Attributes
    ----------
    xy
        Easting and northing of each place, metres, shape (places, 2).
    records
        Crimes of every kind recorded at each place.
    snapped
        Whether the places are the recorded points themselves; if not, they are a
        lattice over the ground between the records.
    """

    xy: NDArray[np.float64]
    records: NDArray[np.int64]
    snapped: bool


def ground(xy: NDArray[np.float64], *, radius_m: float) -> Ground:
    """
    Every place that can hold an incident, from all crime recorded in the study area.

    On open data each crime is moved to one of a list of map points, so the points at
    which any crime was recorded are the places. Coordinates that hardly ever repeat are
    no such list: then the places are the points of a square lattice, half a radius
    apart, over the ground that records surround: all within reach of a record, less
    what lies beyond the outermost ones (a morphological closing: gaps narrower than
    two reaches are filled, the outline is not widened). The reach is the radius, or
    the median distance from a record to the fourth nearest other, if that is longer:
    it bridges nearly all gaps among records that lie evenly, and few between towns.
    Ground that is missed makes the random worlds denser, and the minimum higher.

    Which it is, the records tell: with n records, f of them alone on their point,
    1 - f/n is the chance that the next record falls on a point already seen (Good 1953).
    At one half or more, the points are taken as they are.

    Parameters
    ----------
    xy
        Easting and northing of each recorded crime of any kind, metres, repeats included.
    radius_m
        Walking radius, metres.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [0.0, 0.0], [300.0, 0.0], [300.0, 0.0]])
    >>> where = ground(points, radius_m=100)
    >>> where.snapped, where.records.tolist()
    (True, [2, 2])
    """
    places = gather(xy)
    alone = np.count_nonzero(places.incidents == 1)
    if alone <= (1 - LISTED) * len(xy):
        return Ground(places.xy, places.incidents, snapped=True)
    side = radius_m / 2
    across = _cells_across(places.xy, radius_m=radius_m)
    # Some room below, for every step taken beyond the outermost.
    corner = np.floor(xy.min(axis=0) / (side * across)).astype(np.int64) * across - 8 * across
    held = np.floor(xy / side).astype(np.int64) - corner
    lattice = _divided(_closed(_packed(held // across)), across)
    keys, number = np.unique(_packed(held), return_counts=True)
    records = np.zeros(len(lattice), dtype=np.int64)
    records[np.searchsorted(lattice, keys)] = number
    columns = np.column_stack([lattice >> _BITS, lattice & _ROW])
    return Ground((columns + corner + 0.5) * side, records, snapped=False)


def _cells_across(places: NDArray[np.float64], *, radius_m: float) -> int:
    """Reach in radii: how many lattice points the side of a cell of ground holds."""
    known = min(_NEAREST, len(places) - 1)
    distance, _ = cKDTree(places).query(places, k=[known + 1])
    wanted = math.ceil(float(np.median(distance)) / radius_m)
    most = math.isqrt(_LATTICE // (len(_STEPS) * len(places)))
    return max(1, min(wanted, most))


def _packed(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray((cells[:, 0] << _BITS) + cells[:, 1])


def _widened(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cells within two sides of any of these, sorted."""
    return np.unique((np.unique(keys)[:, None] + _STEPS).ravel())


def _closed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cells held or enclosed: widened by two sides, then narrowed by two."""
    wide = _widened(keys)
    beyond = np.setdiff1d(_widened(wide), wide, assume_unique=True)
    return np.setdiff1d(wide, _widened(beyond), assume_unique=True)


def _divided(keys: NDArray[np.int64], across: int) -> NDArray[np.int64]:
    """Lattice points of cells that are so many points across, sorted."""
    first = ((keys >> _BITS) * across << _BITS) + (keys & _ROW) * across
    step = np.arange(across)
    return np.sort((first[:, None, None] + (step[:, None] << _BITS) + step).ravel())
