"""
The shortest way between places along roads and paths.

Lines meet where they share a corner; where they cross without one (a bridge) they do not.
A place is reached from the nearest point of a line, and the straight piece between the two
is part of the way. One-way streets are not known.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Farther from any line, a place is not on the network.
REACH_M: Final = 500.0
# Corners this near are the same.
_SAME_M: Final = 0.1
_SMALLEST_M: Final = 1e-9


def road_ways(places: Floats, lines: NDArray[np.object_], *, reach_m: float = REACH_M) -> Floats:
    """
    Metres from each place to each along lines.

    Parameters
    ----------
    places
        (n, 2), metres.
    lines
        LineStrings, metres.
    reach_m
        Farthest that a place may lie from a line.

    Returns
    -------
    metres
        (n, n), 0 on the diagonal; not a number where no way is known. Never shorter than
        the straight line.
    """
    ways = np.full((len(places), len(places)), np.nan)
    np.fill_diagonal(ways, 0.0)
    if not len(lines) or not len(places):
        return ways
    points = np.asarray(shapely.points(places))
    near, line = shapely.STRtree(lines).query_nearest(
        points, max_distance=reach_m, all_matches=False
    )
    if not len(near):
        return ways
    along = np.asarray(shapely.line_locate_point(lines[line], points[near]))
    aside = np.asarray(shapely.distance(points[near], lines[line]))
    both, metres, many, node = _pieces(lines, line, along)
    graph = coo_matrix((metres, (both[:, 0], both[:, 1])), shape=(many, many)).tocsr()
    found = np.asarray(dijkstra(graph, directed=False, indices=node))[:, node]
    held = aside[:, None] + found + aside[None, :]
    straight = np.hypot(*(places[near][:, None] - places[near][None]).transpose(2, 0, 1))
    # Corners that are nearly the same may save a hand's breadth.
    held = np.where(np.isfinite(held), np.maximum(held, straight), np.nan)
    np.fill_diagonal(held, 0.0)
    ways[np.ix_(near, near)] = held
    return ways


def _pieces(
    lines: NDArray[np.object_], line: Ints, along: Floats
) -> tuple[Ints, Floats, int, Ints]:
    """
    Pieces of lines between places where they meet, end, or are left for a place.

    Returns
    -------
    both, metres
        The two nodes that each piece joins, and its length; of several between the same
        two the shortest.
    many
        Nodes.
    node
        Node at which each place (line and distance along it) is reached.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.r_[True, owner[1:] != owner[:-1]]
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    step[first] = 0.0
    run = np.cumsum(step)
    at = run - run[first][owner]  # distance along the line; owners begin at 0 and leave none out
    _, corner, uses = np.unique(
        np.round(xy / _SAME_M).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    corner = corner.reshape(-1)
    last = np.r_[first[1:], True]
    kept = first | last | (uses[corner] > 1)
    corners = int(corner.max()) + 1
    # Each place stands on its line as a corner of its own.
    stop_line = np.concatenate([owner[kept], line])
    stop_at = np.concatenate([at[kept], along])
    stop_node = np.concatenate([corner[kept], corners + np.arange(len(line))])
    order = np.lexsort((stop_at, stop_line))
    stop_line, stop_at, stop_node = stop_line[order], stop_at[order], stop_node[order]
    joined = stop_line[1:] == stop_line[:-1]
    both = np.sort(np.column_stack([stop_node[:-1], stop_node[1:]])[joined], axis=1)
    # A matrix that holds nothing for a piece would hold no piece.
    metres = np.maximum((stop_at[1:] - stop_at[:-1])[joined], _SMALLEST_M)
    order = np.lexsort((metres, both[:, 1], both[:, 0]))
    both, metres = both[order], metres[order]
    # A matrix adds up what it is given twice; there the shorter way is meant.
    first_of = np.r_[True, (both[1:] != both[:-1]).any(axis=1)][: len(both)]
    places = (corners + np.arange(len(line))).astype(np.int64)
    return both[first_of], metres[first_of], corners + len(line), places
