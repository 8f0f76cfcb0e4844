"""
Many worlds at once: the same places, other numbers of incidents on each.

A world is one column of whole numbers, incidents at each place. The places never
move, so their neighbourhoods are searched for once; what a thousand worlds would
give DBSCAN is then a few products of matrices.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from hotspots.analysis.clustering import NOISE
from hotspots.analysis.neighbours import Neighbourhoods

# Places times worlds held at a time: bounds the memory.
_CELLS = 2_000_000


def draw(
    places: int,
    *,
    incidents: int,
    worlds: int,
    seed: int,
    weights: NDArray[np.int64] | None = None,
    together: int | None = None,
) -> Iterator[NDArray[np.int32]]:
    """
    Worlds in which each incident falls on a place by chance, apart from all others.

    Parameters
    ----------
    places
        Number of places.
    incidents
        Incidents laid in each world.
    worlds
        Number of worlds.
    seed
        Same seed, same worlds, however many are handed out together.
    weights
        Chance of each place, up to a factor; None = the same for all.
    together
        Worlds handed out at a time; None = as many as memory allows.

    Yields
    ------
    counts
        Incidents by place (rows) and world (columns), some worlds at a time.

    Examples
    --------
    >>> (counts,) = draw(3, incidents=10, worlds=2, seed=1)
    >>> counts.sum(axis=0).tolist()
    [10, 10]
    """
    random = np.random.default_rng(seed)
    chances = None if weights is None or not incidents else weights / weights.sum()
    batch = together or max(1, _CELLS // max(places, incidents, 1))
    for first in range(0, worlds, batch):
        number = min(batch, worlds - first)
        if chances is None:
            fallen = random.integers(max(places, 1), size=(number, incidents))
            cells = fallen * number + np.arange(number)[:, None]
            tally = np.bincount(cells.ravel(), minlength=places * number)
            counts = tally.reshape(places, number)
        else:
            counts = random.multinomial(incidents, chances, size=number).T
        yield np.ascontiguousarray(counts, dtype=np.int32)


def strength(near: Neighbourhoods, counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """
    Incidents within the radius of each place that holds one; 0 at the others.

    DBSCAN asks how many incidents lie within the radius *of an incident*, itself
    included: a place without one is never asked.

    Parameters
    ----------
    near
        Neighbourhoods of the places.
    counts
        Incidents by place and world.

    Examples
    --------
    >>> from hotspots.analysis.neighbours import neighbourhoods
    >>> near = neighbourhoods(np.array([[0.0, 0], [50, 0], [300, 0]]), radius_m=100)
    >>> strength(near, np.array([[4, 0], [1, 3], [0, 2]], dtype=np.int32)).tolist()
    [[5, 0], [5, 3], [0, 2]]
    """
    return near.count(counts) * (counts > 0)


def join(near: Neighbourhoods, core: NDArray[np.bool_]) -> NDArray[np.int64]:
    """
    Cluster of each core place in each world.

    Core places within the radius of one another share a cluster, as do those that
    a chain of such steps connects.

    Parameters
    ----------
    near
        Neighbourhoods of the places.
    core
        Whether a place is core, by place and world.

    Returns
    -------
    cluster
        Numbered from 0 through all worlds, so that a number belongs to one world;
        -1 where the place is not core. Same shape as `core`.

    Examples
    --------
    >>> from hotspots.analysis.neighbours import neighbourhoods
    >>> near = neighbourhoods(np.array([[0.0, 0], [50, 0], [300, 0]]), radius_m=100)
    >>> join(near, np.array([[True, False], [True, True], [True, True]])).tolist()
    [[0, -1], [0, 1], [2, 3]]
    """
    node = np.full(core.shape, NOISE, dtype=np.int64)
    nodes = int(np.count_nonzero(core))
    node[core] = np.arange(nodes)
    one, other, world = _links(near, core)
    graph = sparse.coo_array(
        (np.ones(len(world), dtype=np.int8), (node[one, world], node[other, world])),
        shape=(nodes, nodes),
    )
    node[core] = connected_components(graph, directed=False)[1]
    return node


def _links(
    near: Neighbourhoods, core: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Two near core places and their world, for every such pair that is needed."""
    if near.pairs is not None:
        ever = np.logical_or.reduce(core, axis=1)
        one, other = near.pairs[ever[near.pairs].all(axis=1)].T
        link, world = np.nonzero(core[one] & core[other])
        return one[link], other[link], world
    links = [near.links(column) for column in np.ascontiguousarray(core.T)]
    world = np.repeat(np.arange(len(links)), [len(each) for each in links])
    one, other = np.concatenate([*links, np.empty((0, 2), dtype=np.intp)]).T
    return one, other, world
