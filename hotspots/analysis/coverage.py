"""
Maximal coverage: where a given number of discs hold the most reports.

The candidates are the nodes of a lattice on the national grid. Each step takes the
node whose disc adds most to what the earlier ones hold, which is never worse than
1 - 1/e = 63 % of the best possible set of that size, and within a few per cent of it
on street data.

References
----------
R. Church & C. ReVelle (1974), The maximal covering location problem, Papers of the
Regional Science Association 32. G. Nemhauser, L. Wolsey & M. Fisher (1978), An analysis
of approximations for maximizing submodular set functions, Mathematical Programming 14.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Whether a disc may stand at a place beside those already standing.
Allowed = Callable[[Floats, Sequence[Floats]], bool]

# What a place at the very edge counts for less than one in the middle: too little to
# outweigh a single report, enough to settle a tie.
_HAIR = 1e-6
# Places whose nodes are looked up at a time.
_BATCH = 50_000


@dataclass(frozen=True, eq=False)
class Candidates:
    """
    Lattice nodes that could hold something, and what each would hold.

    Attributes
    ----------
    xy
        Easting and northing of each node, metres; from south-west, row by row.
    holds
        Sparse matrix, a row for each node and a column for each place: 1 where the node
        holds the place, a hair less the further they are apart, so that of equals the
        node in the middle of its reports is taken.
    """

    xy: Floats
    holds: sparse.csr_array


def candidates(places: Floats, *, radius_m: float, lattice_m: int) -> Candidates:
    """
    Every lattice node within reach of a place.

    Parameters
    ----------
    places
        Easting and northing of each place, metres, shape (n, 2).
    radius_m
        Places at most this far from a node are held by its disc, metres.
    lattice_m
        Distance between nodes, metres; nodes lie on whole multiples of it.

    Returns
    -------
    candidates
        In the order of the grid, so that ties are settled the same way every time.

    Examples
    --------
    >>> found = candidates(np.array([[0.0, 0.0]]), radius_m=50, lattice_m=50)
    >>> found.xy.tolist()
    [[0.0, -50.0], [-50.0, 0.0], [0.0, 0.0], [50.0, 0.0], [0.0, 50.0]]
    """
    parts = [
        _within_reach(places[first : first + _BATCH], radius_m=radius_m, lattice_m=lattice_m)
        for first in range(0, max(1, len(places)), _BATCH)
    ]
    place = np.concatenate([part[0] + number * _BATCH for number, part in enumerate(parts)])
    column, row = (np.concatenate([part[axis] for part in parts]) for axis in (1, 2))
    apart = np.concatenate([part[3] for part in parts])
    if not len(place):
        nothing = sparse.csr_array((0, len(places)), dtype=np.float64)
        return Candidates(np.empty((0, 2)), nothing)
    left, width = column.min(), int(np.ptp(column)) + 1
    packed = (row - row.min()) * width + (column - left)
    nodes, node = np.unique(packed, return_inverse=True)
    xy = np.column_stack([nodes % width + left, nodes // width + row.min()]) * float(lattice_m)
    near = 1 - _HAIR * (apart / radius_m) ** 2
    holds = sparse.csr_array((near, (node, place)), shape=(len(nodes), len(places)))
    return Candidates(xy, holds)


def _within_reach(
    places: Floats, *, radius_m: float, lattice_m: int
) -> tuple[Ints, Ints, Ints, Floats]:
    """Pairs of a place and a node that would hold it: place, column, row, and metres apart."""
    nearest = np.rint(places / lattice_m).astype(np.int64)
    reach = int(radius_m // lattice_m) + 1
    steps = np.arange(-reach, reach + 1)
    across, up = (part.ravel() for part in np.meshgrid(steps, steps))
    column = nearest[:, 0, None] + across
    row = nearest[:, 1, None] + up
    apart = np.hypot(column * lattice_m - places[:, 0, None], row * lattice_m - places[:, 1, None])
    place, step = np.nonzero(apart <= radius_m)
    held = (place, step)
    return place.astype(np.int64), column[held], row[held], apart[held]


def greedy(
    among: Candidates,
    weights: Floats,
    *,
    count: int | None,
    standing: Sequence[Floats] = (),
    held: NDArray[np.bool_] | None = None,
    allowed: Allowed | None = None,
) -> Ints:
    """
    Nodes that together hold the most weight, each the best addition to those before.

    Adding one more never changes the earlier ones, so coverage never falls when the
    count is raised.

    Parameters
    ----------
    among
        From `candidates`.
    weights
        What each place counts for; not negative.
    count
        At most this many; None = as long as something is worth adding.
    standing, held
        Centres of discs that stand already, and the places they hold.
    allowed
        Whether a disc may stand at a place beside those that stand.

    Returns
    -------
    nodes
        Positions in `among`, in the order taken.
    """
    left = weights.astype(np.float64) if held is None else np.where(held, 0.0, weights)
    gain = np.asarray(among.holds @ left)
    seen_from = among.holds.tocsc()
    taken: list[int] = []
    centres = list(standing)
    while len(gain) and (count is None or len(taken) < count):
        best = int(np.argmax(gain))
        # What rounding leaves behind of a gain that is used up is not a gain.
        if gain[best] <= 1e-9:  # noqa: PLR2004
            break
        if allowed is not None and not allowed(among.xy[best], centres):
            gain[best] = 0.0
            continue
        taken.append(best)
        centres.append(among.xy[best])
        _strike_off(best, left, gain, among.holds, seen_from)
    return np.array(taken, dtype=np.int64)


def _strike_off(
    node: int, left: Floats, gain: Floats, holds: sparse.csr_array, seen_from: sparse.csc_array
) -> None:
    """Take the places that a node holds out of what is left, and out of every node's gain."""
    places = holds.indices[holds.indptr[node] : holds.indptr[node + 1]]
    fresh = places[left[places] > 0]
    for place in fresh:
        span = slice(seen_from.indptr[place], seen_from.indptr[place + 1])
        gain[seen_from.indices[span]] -= seen_from.data[span] * left[place]
    left[fresh] = 0.0
    gain[node] = 0.0
