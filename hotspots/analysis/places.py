"""
Incidents gathered at the distinct points they share.

Published points are few and shared by many incidents, so whatever depends on where
alone is worked out once for each place and weighted by the incidents there.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.tables.incidents import Incidents, coordinates

CENTIMETRES: Final = 100
# Two coordinates are packed into one 64-bit key when their ranges leave room for it.
_ROOM: Final = 2**62


@dataclass(frozen=True, eq=False)
class Places:
    """
    Distinct points, each with the incidents it holds.

    Attributes
    ----------
    xy
        Easting and northing, metres, shape (n, 2); no two alike, ordered by easting,
        then northing.
    incidents
        Incidents at each place, from 1.
    of_incident
        Number of the place each row lies at, in the order of the rows.
    """

    xy: NDArray[np.float64]
    incidents: NDArray[np.int64]
    of_incident: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.xy)

    def count(self, rows: NDArray[np.bool_] | NDArray[np.integer]) -> NDArray[np.int64]:
        """
        Incidents at each place among some of the rows only.

        Parameters
        ----------
        rows
            A mask as long as the rows that were gathered, or numbers of rows; a number
            that stands twice counts twice.
        """
        chosen = np.bincount(self.of_incident[rows], minlength=len(self))
        return chosen.astype(np.int64, copy=False)

    @cached_property
    def points(self) -> NDArray[np.object_]:
        """Places as shapely points."""
        return np.asarray(shapely.points(self.xy), dtype=np.object_)


def gather(xy: NDArray[np.float64]) -> Places:
    """
    Distinct points of some coordinates, with the rows at each.

    Two rows share a place when both coordinates are equal exactly.

    Parameters
    ----------
    xy
        Easting and northing of each row, metres, shape (n, 2); finite.

    Examples
    --------
    >>> places = gather(np.array([[5.0, 1.0], [2.0, 9.0], [5.0, 1.0]]))
    >>> places.xy.tolist(), places.incidents.tolist(), places.of_incident.tolist()
    ([[2.0, 9.0], [5.0, 1.0]], [1, 2], [1, 0, 1])
    """
    rows = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    if not len(rows):
        return Places(rows, np.empty(0, np.int64), np.empty(0, np.intp))
    packed = _packed(rows)
    # Complex numbers sort by their real part, then by the imaginary: a pair is one key.
    # Adding zero makes -0.0 the 0.0 it equals.
    keys = np.ascontiguousarray(rows + 0.0).view(np.complex128)[:, 0] if packed is None else packed
    of_incident, distinct = pd.factorize(keys, sort=True)
    # Any row of a place stands for it: all of them are equal.
    row = np.empty(len(distinct), dtype=np.intp)
    row[of_incident] = np.arange(len(rows))
    incidents = np.bincount(of_incident, minlength=len(distinct)).astype(np.int64, copy=False)
    return Places(rows[row] + 0.0, incidents, of_incident)


def gather_incidents(incidents: Incidents) -> Places:
    """Distinct points of located incidents, with the rows at each."""
    return gather(coordinates(incidents))


def _packed(rows: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """One whole number a row, ordered as the coordinates are; None where none would be exact."""
    if not np.abs(rows).max() < _ROOM / CENTIMETRES:
        return None
    columns = []
    # One column after the other: numpy is slow along the short side of a tall table.
    for metres in np.ascontiguousarray(rows.T):
        whole = np.rint(metres * CENTIMETRES)
        if not np.array_equal(whole / CENTIMETRES, metres):
            return None
        columns.append((whole - whole.min()).astype(np.int64))
    height = int(columns[1].max()) + 1
    if (int(columns[0].max()) + 1) * height >= _ROOM:
        return None
    return np.asarray(columns[0] * height + columns[1])
