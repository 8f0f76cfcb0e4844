"""
Cylinders on the map: a circle round every place, as high as the newest periods.

What each holds, and the strongest that do not overlap.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
# Counts are whole and far below 2**24, so single precision holds them exactly.
Counts = NDArray[np.float32]
Precision = TypeVar("Precision", np.float32, np.float64)
Integers = NDArray[np.int64]
# Chance alone may speak once in a hundred looks: at one a month, in eight years.
WARN: Final = 0.01
# Fewest incidents that can be called a gathering.
LEAST: Final = 5
# More places than this are gathered on squares, the smallest that make them few enough.
MOST_PLACES: Final = 8_000
MOST_CLUSTERS: Final = 5
COLUMNS: Final = (
    "easting",
    "northing",
    "radius_m",
    "length",
    "count",
    "expected",
    "ratio",
    "strength",
    "p",
    "recurrence",
)


@dataclass(frozen=True, eq=False)
class Scan:
    """
    The strongest cylinders, and what random worlds make of them.

    Attributes
    ----------
    clusters
        Strongest first, none overlapping another: `easting`, `northing`, `radius_m`;
        `length` (newest months or days), `count`, `expected`, `ratio`, `strength`
        (log-likelihood ratio), `p`, and `recurrence`: once in how many looks, one a month
        or one a day, chance alone would show something as strong.
    simulated
        Strength of the strongest cylinder of each random world, times `stretch`.
    cylinders
        How many were looked at.
    incidents
        How many they were looked for among.
    stretch
        By what the worlds' strengths were multiplied, 1 or more: the strongest cylinder of
        earlier periods over that of the worlds, medians.
    """

    clusters: pd.DataFrame
    simulated: Floats
    cylinders: int
    incidents: int
    stretch: float = 1.0

    def warnings(self, *, level: float = WARN) -> pd.DataFrame:
        """Clusters that chance alone shows in at most this share of looks."""
        return self.clusters.loc[self.clusters["p"] <= level]


@dataclass(frozen=True, eq=False)
class Zones:
    """Circles round every place, as rings that add up."""

    xy: Floats
    radii_m: tuple[float, ...]
    rings: tuple[sparse.csr_matrix, ...]

    @classmethod
    def of(cls, xy: Floats, radii_m: tuple[float, ...]) -> "Zones":
        """Circles of some radii, rising, round each place, metres, shape (places, 2)."""
        places = np.arange(len(xy))
        pairs = cKDTree(xy).query_pairs(radii_m[-1], output_type="ndarray")
        apart = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
        one = np.concatenate([places, pairs[:, 0], pairs[:, 1]])
        other = np.concatenate([places, pairs[:, 1], pairs[:, 0]])
        ring = np.searchsorted(radii_m, np.concatenate([np.zeros(len(xy)), apart, apart]))
        shape = (len(xy), len(xy))
        rings = [
            sparse.csr_matrix(
                (np.ones(int((ring == n).sum()), np.float32), (one[ring == n], other[ring == n])),
                shape=shape,
            )
            for n in range(len(radii_m))
        ]
        return cls(xy, radii_m, tuple(rings))

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.xy)

    def within(self, counts: NDArray[Precision]) -> list[NDArray[Precision]]:
        """What lies within each radius of each place, for each column of counts."""
        columns = np.ascontiguousarray(counts)
        inside, so_far = [], np.zeros_like(columns)
        for ring in self.rings:
            so_far = so_far + ring @ columns
            inside.append(so_far)
        return inside


def places_of(xy: Floats, smallest_m: float) -> tuple[Floats, Integers]:
    """
    Distinct places, and the place of each incident.

    Where they are more than `MOST_PLACES`, squares stand for them: an incident then counts
    where the middle of its square is, and so belongs to a circle that holds that middle.

    Parameters
    ----------
    xy
        Easting and northing of each incident, metres, shape (n, 2).
    smallest_m
        Side of the smallest squares.
    """
    places, place = np.unique(xy, axis=0, return_inverse=True)
    side = smallest_m
    while len(places) > MOST_PLACES:
        middle = (np.floor(xy / side) + 0.5) * side
        places, place = np.unique(middle, axis=0, return_inverse=True)
        side *= 2
    return places, place.ravel()


def zones_of(xy: Floats, radii_m: tuple[float, ...]) -> tuple[Zones, Integers]:
    """Circles round the distinct places, and the place of each incident."""
    places, place = places_of(xy, radii_m[0])
    return Zones.of(places, radii_m), place


def windows(rows: Integers, age: Integers, places: int, longest: int) -> Counts:
    """Incidents of each place in the newest 1, 2, … periods: places by (worlds, lengths)."""
    worlds = len(rows)
    cell = (rows * worlds + np.arange(worlds)[:, None]) * longest + age
    counted = np.bincount(cell.ravel(), minlength=places * worlds * longest)
    cells = counted.reshape(places, worlds, longest).cumsum(axis=2)
    return cells.reshape(places, worlds * longest).astype(np.float32)


def clusters_of(
    zones: Zones, strength: Floats, found: Counts, expected: Floats, simulated: Floats
) -> pd.DataFrame:
    """The strongest cylinder, the strongest that does not overlap it, and so on."""
    radii = np.array(zones.radii_m)
    rows: list[tuple[float, ...]] = []
    left = strength.copy()
    while len(rows) < MOST_CLUSTERS and left.max(initial=0) > 0:
        at = np.unravel_index(int(left.argmax()), left.shape)
        ring, place, length = (int(part) for part in at)
        count, mu = float(found[at]), float(expected[at])
        p = (1 + int((simulated >= strength[at]).sum())) / (1 + len(simulated))
        east, north = zones.xy[place].tolist()
        rows.append(
            (east, north, radii[ring], length + 1, count, mu, count / mu, left[at], p, 1 / p)
        )
        apart = np.hypot(*(zones.xy - zones.xy[place]).T)
        left[apart[None, :] <= radii[:, None] + radii[ring]] = 0
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="float64")


def nothing(incidents: int) -> Scan:
    """No cylinder, of so many incidents."""
    none = pd.DataFrame(columns=list(COLUMNS), dtype="float64")
    return Scan(none, np.empty(0), 0, incidents)
