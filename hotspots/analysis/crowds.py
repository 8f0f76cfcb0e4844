"""
What connects a crowd of places, without listing its pairs.

The ground is cut into square cells whose diagonal is the radius: all places of one cell
are near one another. Only cells next to one another need looking at, and one near pair
between two cells connects all that they hold.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

# Distances worked out at a time.
_BATCH: Final = 2_000_000
# Above this many distances between two cells, a tree finds the nearest pair sooner.
_TREE: Final = 50_000
# Cells are smaller than the rule by this part, so that rounding never stretches a diagonal
# beyond the radius.
_MARGIN: Final = 1e-6


@dataclass(frozen=True, eq=False)
class _Cells:
    """Places by square cell: those of cell c are `order[start[c]:start[c] + size[c]]`."""

    key: NDArray[np.int64]
    order: NDArray[np.intp]
    start: NDArray[np.intp]
    size: NDArray[np.intp]
    width: int

    @classmethod
    def cut(cls, xy: NDArray[np.float64], *, side_m: float) -> Self:
        """Cells of a side, numbered by column, then row, with a margin against wrapping."""
        # One column after the other: numpy is slow along the short side of a tall table.
        x, y = np.ascontiguousarray(xy.T)
        column = np.floor((x - x.min()) / side_m).astype(np.int64)
        row = np.floor((y - y.min()) / side_m).astype(np.int64)
        width = int(row.max()) + 5
        keys = column * width + row
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        start = np.flatnonzero(np.diff(ordered, prepend=-1) > 0)
        return cls(ordered[start], order, start, np.diff(start, append=len(keys)), width)

    def of_order(self) -> NDArray[np.intp]:
        """Cell of each place, in the cells' own order."""
        return np.repeat(np.arange(len(self.key)), self.size)

    def beside(self, reach: int) -> NDArray[np.intp]:
        """Every two cells at most so many columns and rows apart, shape (m, 2)."""
        found = []
        for across in range(reach + 1):
            for up in range(-reach if across else 1, reach + 1):
                wanted = self.key + across * self.width + up
                place = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
                one = np.flatnonzero(self.key[place] == wanted)
                found.append(np.column_stack([one, place[one]]))
        return np.concatenate(found)


def pairs_at_most(xy: NDArray[np.float64], *, radius_m: float) -> int:
    """
    An upper bound of the near pairs among some places, from cells as wide as the radius.

    About three times the pairs there are, where places lie evenly.
    """
    if not len(xy):
        return 0
    cells = _Cells.cut(xy, side_m=radius_m)
    one, other = cells.beside(1).T
    size = cells.size.astype(np.float64)
    return int((size * (size - 1) / 2).sum() + (size[one] * size[other]).sum())


def crowd_links(xy: NDArray[np.float64], *, radius_m: float) -> NDArray[np.intp]:
    """
    Near pairs that connect places just as all their near pairs would.

    Parameters
    ----------
    xy
        Easting and northing of distinct places, metres, shape (n, 2).
    radius_m
        Radius, metres; a pair exactly this far apart is near.

    Returns
    -------
    links
        Numbers of two near places, shape (m, 2); at most a few for each place.
    """
    if not len(xy):
        return np.empty((0, 2), dtype=np.intp)
    cells = _Cells.cut(xy, side_m=radius_m / np.sqrt(2) * (1 - _MARGIN))
    cell = cells.of_order()
    same = np.flatnonzero(cell[1:] == cell[:-1])
    links = [np.column_stack([cells.order[same], cells.order[same + 1]])]
    pairs = _reachable(xy, cells, cells.beside(2), radius_m)
    # In a crowd, places at facing edges of two cells nearly always meet: try those first.
    link = _facing(xy, cells, pairs)
    met = _near(xy, link, radius_m)
    links.append(link[met])
    joined = pairs[met]
    pairs = _apart(pairs, joined, len(cells.key))
    members = (cells.order, cells.start, cells.size)
    work = cells.size[pairs[:, 0]] * cells.size[pairs[:, 1]]
    pairs, work = pairs[np.argsort(work, kind="stable")], np.sort(work)
    while len(pairs):
        batch = max(1, int(np.searchsorted(np.cumsum(work), _BATCH, side="right")))
        now, found = _meeting(xy, pairs[:batch], members, radius_m)
        links.append(found)
        joined = np.concatenate([joined, now])
        pairs = _apart(pairs[batch:], joined, len(cells.key))
        work = cells.size[pairs[:, 0]] * cells.size[pairs[:, 1]]
    return np.concatenate(links)


def nearest_pairs(
    xy: NDArray[np.float64], others: NDArray[np.float64], *, radius_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Each place with those of some others that are nearest to it, within the radius.

    Parameters
    ----------
    xy, others
        Easting and northing, metres, shapes (n, 2) and (m, 2).
    radius_m
        Radius, metres; a pair exactly this far apart is near.

    Returns
    -------
    place, other
        Numbers of a place and of another: all that are equally near, and perhaps more.
    """
    tree = cKDTree(others)
    rows = np.arange(len(xy))
    found = [np.empty((0, 2), dtype=np.intp)]
    k = 2
    while len(rows) and len(others):
        # The tree looks strictly below its bound; the exact comparison follows.
        bound = radius_m * (1 + _MARGIN)
        answer = tree.query(xy[rows], k=np.arange(1, k + 1), distance_upper_bound=bound)
        far, number = np.asarray(answer[0]), np.asarray(answer[1], dtype=np.intp)
        place = np.repeat(rows, k)[np.isfinite(far.ravel())]
        found.append(np.column_stack([place, number[np.isfinite(far)]]))
        # Where the last is as near as the first, more may be: look farther.
        rows = rows[(far[:, -1] <= far[:, 0] * (1 + _MARGIN)) & np.isfinite(far[:, -1])]
        k *= 2
    link = np.concatenate(found)
    gap = xy[link[:, 0]] - others[link[:, 1]]
    place, other = link[gap[:, 0] ** 2 + gap[:, 1] ** 2 <= radius_m * radius_m].T
    return place, other


def _reachable(
    xy: NDArray[np.float64], cells: _Cells, pairs: NDArray[np.intp], radius_m: float
) -> NDArray[np.intp]:
    """Those pairs of cells whose places' own boxes come within the radius."""
    ordered = xy[cells.order]
    low = np.minimum.reduceat(ordered, cells.start, axis=0)
    high = np.maximum.reduceat(ordered, cells.start, axis=0)
    one, other = pairs.T
    gap = np.maximum(0, np.maximum(low[one] - high[other], low[other] - high[one]))
    return np.compress(gap[:, 0] ** 2 + gap[:, 1] ** 2 <= radius_m * radius_m, pairs, axis=0)


def _facing(xy: NDArray[np.float64], cells: _Cells, pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each two cells the place of each that lies farthest towards the other, nearly."""
    cell = cells.of_order()
    x, y = xy[cells.order].T
    last = cells.start + cells.size - 1
    directions = np.array([[1, 0], [0, 1], [1, 1], [1, -1]])
    lowest, highest = [], []
    for across, up in directions:
        ranked = cells.order[np.lexsort((across * x + up * y, cell))]
        lowest.append(ranked[cells.start])
        highest.append(ranked[last])
    one, other = pairs.T
    way = xy[cells.order[cells.start[other]]] - xy[cells.order[cells.start[one]]]
    along = way @ (directions / np.linalg.norm(directions, axis=1)[:, np.newaxis]).T
    best = np.abs(along).argmax(axis=1)
    forward = along[np.arange(len(best)), best] > 0
    low, high = np.column_stack(lowest), np.column_stack(highest)
    at_one = np.where(forward, high[one, best], low[one, best])
    at_other = np.where(forward, low[other, best], high[other, best])
    return np.column_stack([at_one, at_other])


def _meeting(
    xy: NDArray[np.float64],
    pairs: NDArray[np.intp],
    members: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]],
    radius_m: float,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of cells that hold a near pair of places, and one such pair for each."""
    order, start, size = members
    work = size[pairs[:, 0]] * size[pairs[:, 1]]
    joined, links = [pairs[:0]], [pairs[:0]]
    for number in np.flatnonzero(work > _TREE):
        one, other = (order[start[c] : start[c] + size[c]] for c in pairs[number])
        _, nearest = cKDTree(xy[other]).query(xy[one])
        link = np.column_stack([one, other[nearest]])
        near = link[_near(xy, link, radius_m)][:1]
        joined.append(pairs[number][np.newaxis][: len(near)])
        links.append(near)
    small = pairs[work <= _TREE]
    each = max(1, _BATCH // int(work[work <= _TREE].max(initial=1)))
    for first in range(0, len(small), each):
        batch = small[first : first + each]
        one, other = batch.T
        area = size[one] * size[other]
        pair = np.repeat(np.arange(len(batch)), area)
        turn = np.arange(len(pair)) - np.repeat(np.cumsum(area) - area, area)
        at_one = order[start[one][pair] + turn // size[other][pair]]
        at_other = order[start[other][pair] + turn % size[other][pair]]
        link = np.column_stack([at_one, at_other])
        hits = np.flatnonzero(_near(xy, link, radius_m))
        met, first_hit = np.unique(pair[hits], return_index=True)
        joined.append(batch[met])
        links.append(link[hits[first_hit]])
    return np.concatenate(joined), np.concatenate(links)


def _near(xy: NDArray[np.float64], link: NDArray[np.intp], radius_m: float) -> NDArray[np.bool_]:
    gap = xy[link[:, 0]] - xy[link[:, 1]]
    return np.asarray(gap[:, 0] ** 2 + gap[:, 1] ** 2 <= radius_m * radius_m)


def _apart(pairs: NDArray[np.intp], joined: NDArray[np.intp], cells: int) -> NDArray[np.intp]:
    """Those pairs of cells that nothing connects yet."""
    met = sparse.coo_array((np.ones(len(joined), np.int8), joined.T), shape=(cells, cells))
    _, part = connected_components(met, directed=False)
    return np.compress(part[pairs[:, 0]] != part[pairs[:, 1]], pairs, axis=0)
