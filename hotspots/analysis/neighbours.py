"""
Which places lie within a radius of one another, and how many incidents that makes.

A pair exactly at the radius counts as near: squared distances are compared as 64-bit
floats, as scikit-learn's trees compare them. Pairs are listed while they are few. Where
a crowd would make them many (unsnapped addresses of one town), incidents are counted
without listing them, and what connects the crowd is found cell by cell.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from hotspots.analysis.crowds import crowd_links, nearest_pairs, pairs_at_most

# Pairs listed at most for each place, and in all: 16 bytes a pair.
PAIRS_A_PLACE: Final = 64
PAIRS: Final = 20_000_000


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """
    Places within a radius of one another.

    Attributes
    ----------
    xy
        Easting and northing of each place, metres, shape (n, 2).
    radius_m
        Radius, metres.
    pairs
        Numbers of two near places, each pair once, shape (m, 2); None where they
        would be too many to list.
    """

    xy: NDArray[np.float64]
    radius_m: float
    pairs: NDArray[np.intp] | None

    def count(self, incidents: NDArray[np.integer]) -> NDArray[np.int64]:
        """
        Incidents within the radius of each place, its own included.

        Parameters
        ----------
        incidents
            Incidents at each place, shape (n,); or of several worlds side by side,
            shape (n, worlds), from 0.

        Returns
        -------
        counts
            Same shape as `incidents`.
        """
        if not incidents.size:
            return incidents.astype(np.int64)
        if self.pairs is None:
            columns = incidents.reshape(len(self.xy), -1).T
            counted = [self._count_crowd(np.ascontiguousarray(column)) for column in columns]
            return np.stack(counted, axis=-1).reshape(incidents.shape)
        if incidents.ndim > 1:
            return np.asarray(self._matrix @ incidents, dtype=np.int64)
        # Sums of whole numbers are exact as floats up to 2^53.
        one, other = self.pairs.T
        counts = incidents.astype(np.float64)
        counts += np.bincount(one, weights=incidents[other], minlength=len(counts))
        counts += np.bincount(other, weights=incidents[one], minlength=len(counts))
        return counts.astype(np.int64)

    def links(self, chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
        """
        Near pairs that connect some of the places just as all their near pairs would.

        Parameters
        ----------
        chosen
            Which places; the others connect nothing.

        Returns
        -------
        links
            Numbers of two near places, shape (m, 2): all near pairs where these are
            listed, and fewer where they are too many.
        """
        if self.pairs is not None:
            one, other = self.pairs.T
            return np.compress(chosen[one] & chosen[other], self.pairs, axis=0)
        numbers = np.flatnonzero(chosen)
        return numbers[crowd_links(self.xy[numbers], radius_m=self.radius_m)]

    def beside(self, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """
        Places not chosen that a chosen one is near, each with its nearest.

        Parameters
        ----------
        chosen
            Which places the others are near.

        Returns
        -------
        place, beside
            Numbers of a place not chosen and of a chosen one within the radius of it. All
            that are nearest to it are among them, and others may be.
        """
        if self.pairs is None:
            others = np.flatnonzero(~chosen)
            numbers = np.flatnonzero(chosen)
            place, beside = nearest_pairs(self.xy[others], self.xy[numbers], radius_m=self.radius_m)
            return others[place], numbers[beside]
        one, other = self.pairs.T
        differ = chosen[one] != chosen[other]
        one, other = one[differ], other[differ]
        return np.where(chosen[one], other, one), np.where(chosen[one], one, other)

    @cached_property
    def _matrix(self) -> sparse.csr_array:
        """One where two listed places are near, a place and itself included."""
        size = len(self.xy)
        itself = np.arange(size)
        pairs = np.empty((0, 2), np.intp) if self.pairs is None else self.pairs
        one = np.concatenate([pairs[:, 0], pairs[:, 1], itself])
        other = np.concatenate([pairs[:, 1], pairs[:, 0], itself])
        near = np.ones(len(one), dtype=np.int64)
        return sparse.coo_array((near, (one, other)), shape=(size, size)).tocsr()

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.xy, leafsize=64)

    def _count_crowd(self, incidents: NDArray[np.integer]) -> NDArray[np.int64]:
        # A tree counts places, not incidents. A count is a sum of powers of two, so the places
        # that hold each power are counted by themselves; most hold one incident, and the later
        # trees are small.
        counts = np.zeros(len(self.xy), dtype=np.int64)
        for bit in range(int(incidents.max(initial=0)).bit_length()):
            holds = (incidents >> bit) & 1 == 1
            if not holds.any():
                continue
            tree = self._tree if holds.all() else cKDTree(self.xy[holds], leafsize=64)
            near = tree.query_ball_point(self.xy, self.radius_m, return_length=True, workers=-1)
            counts += np.asarray(near, dtype=np.int64) << bit
        return counts


def neighbourhoods(xy: NDArray[np.float64], *, radius_m: float) -> Neighbourhoods:
    """
    Places within a radius of one another.

    Parameters
    ----------
    xy
        Easting and northing of distinct places, metres, shape (n, 2).
    radius_m
        Radius, metres; a pair exactly this far apart is near.

    Examples
    --------
    >>> near = neighbourhoods(np.array([[0.0, 0], [60, 80], [60, 81]]), radius_m=100)
    >>> near.count(np.array([5, 1, 1])).tolist()
    [6, 7, 2]
    """
    if pairs_at_most(xy, radius_m=radius_m) > min(PAIRS, PAIRS_A_PLACE * len(xy)):
        return Neighbourhoods(xy, radius_m, None)
    # A plain tree is built sooner, and answers as fast where places are few around each.
    tree = cKDTree(xy, balanced_tree=False, compact_nodes=False)
    pairs = tree.query_pairs(radius_m, output_type="ndarray")
    return Neighbourhoods(xy, radius_m, pairs)
