"""
Places that many incidents lie near, put together: DBSCAN in metres on weighted points.

The result equals scikit-learn's DBSCAN run on every incident (its exact distances:
`algorithm="kd_tree"`): the same core places, the same clusters of them, the same noise.
Only where scikit-learn lets the order of rows decide, a rule decides here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from hotspots.analysis.neighbours import Neighbourhoods, neighbourhoods
from hotspots.analysis.places import Places
from hotspots.settings import RADIUS_M

NOISE: Final = -1
# Neighbours looked up at a time.
_BATCH: Final = 4_000_000


@dataclass(frozen=True, eq=False)
class Clusters:
    """
    What each place belongs to.

    Attributes
    ----------
    label
        Number of the cluster of each place, from 0; -1 = noise.
    core
        Whether a place has the minimum of incidents within the radius.
    neighbourhood
        Incidents within the radius of each place, its own included.
    """

    label: NDArray[np.intp]
    core: NDArray[np.bool_]
    neighbourhood: NDArray[np.int64]

    def __len__(self) -> int:
        """Clusters found."""
        return int(self.label.max(initial=NOISE)) + 1


def cluster(
    places: Places,
    *,
    radius_m: float,
    min_incidents: int,
    near: Neighbourhoods | None = None,
) -> Clusters:
    """
    Clusters of places by density (DBSCAN).

    A place is a core place when at least `min_incidents` lie within `radius_m` of it,
    its own included. Core places within the radius of one another are in one cluster.
    Another place within the radius of a core place joins the cluster of the nearest one
    (of equally near ones, the cluster with the lower number). The rest is noise.

    Parameters
    ----------
    places
        Distinct points with their incidents.
    radius_m
        Walking radius, metres; a place exactly this far away is near.
    min_incidents
        Incidents within the radius that make a core place.
    near
        Neighbourhoods of these places at this radius, where already worked out.

    Returns
    -------
    clusters
        Numbered by incidents at their core places, most first; of equal ones, by the
        westmost core place, then the southmost.

    References
    ----------
    Ester, Kriegel, Sander & Xu (1996), A density-based algorithm for discovering
    clusters in large spatial databases with noise, KDD-96.

    Examples
    --------
    >>> from hotspots.analysis.places import gather
    >>> places = gather(np.array([[0.0, 0], [0, 0], [0, 0], [90, 0], [500, 0]]))
    >>> cluster(places, radius_m=100, min_incidents=4).label.tolist()
    [0, 0, -1]
    """
    near = near or neighbourhoods(places.xy, radius_m=radius_m)
    neighbourhood = near.count(places.incidents)
    core = neighbourhood >= min_incidents
    label = np.full(len(places), NOISE, dtype=np.intp)
    numbers = np.flatnonzero(core)
    if len(numbers):
        label[numbers] = _numbered(_components(near.links(core), core), places.incidents[numbers])
        borders, joined = _borders(near, label, core)
        label[borders] = joined
    return Clusters(label, core, neighbourhood)


def _components(links: NDArray[np.intp], core: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which core places links connect, one number for each core place."""
    rank = np.cumsum(core) - 1
    one, other = rank[links].T
    size = int(core.sum())
    graph = sparse.coo_array((np.ones(len(links), np.int8), (one, other)), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    return np.asarray(part, dtype=np.intp)


def _numbered(part: NDArray[np.intp], incidents: NDArray[np.int64]) -> NDArray[np.intp]:
    """Parts renumbered by incidents, most first; of equal ones, by their first place."""
    held = np.bincount(part, weights=incidents)
    first = np.unique(part, return_index=True)[1]
    number = np.empty(len(held), dtype=np.intp)
    number[np.lexsort((first, -held))] = np.arange(len(held))
    return number[part]


def _borders(
    near: Neighbourhoods, label: NDArray[np.intp], core: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places near a core place that are none themselves, and the cluster each joins."""
    place, beside = near.beside(core)
    gap = near.xy[place] - near.xy[beside]
    distance = np.sqrt(gap[:, 0] ** 2 + gap[:, 1] ** 2)
    order = np.lexsort((label[beside], distance, place))
    first = order[np.flatnonzero(np.diff(place[order], prepend=-1) > 0)]
    return place[first], label[beside[first]]


def _nearest(
    tree: cKDTree, xy: NDArray[np.float64], k: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Distance to, and number of, the k nearest in a tree, each of shape (n, k)."""
    far, number = tree.query(xy, k=np.arange(1, k + 1))
    return np.asarray(far), np.asarray(number, dtype=np.intp)


def k_distance(places: Places, *, k: int) -> NDArray[np.float64]:
    """
    Distance from each place within which k incidents lie, its own included.

    Parameters
    ----------
    places
        Distinct points with their incidents.
    k
        Incidents, from 1.

    Returns
    -------
    distance
        Metres, one for each place: 0 where the place alone holds k, infinite where
        there are fewer than k in all.

    Examples
    --------
    >>> from hotspots.analysis.places import gather
    >>> k_distance(gather(np.array([[0.0, 0], [0, 0], [30, 40]])), k=2).tolist()
    [0.0, 50.0]
    """
    distance = np.zeros(len(places))
    if places.incidents.sum() < k:
        return np.full(len(places), np.inf)
    rows = np.flatnonzero(places.incidents < k)
    tree = cKDTree(places.xy)
    nearest = 8
    while len(rows):
        nearest = min(nearest, k, len(places))
        batch = max(1, _BATCH // nearest)
        short = []
        for first in range(0, len(rows), batch):
            part = rows[first : first + batch]
            far, number = _nearest(tree, places.xy[part], nearest)
            enough = places.incidents[number].cumsum(axis=1) >= k
            reached = enough[:, -1]
            at = enough[reached].argmax(axis=1)
            distance[part[reached]] = far[reached, at]
            short.append(part[~reached])
        rows = np.concatenate(short)
        nearest *= 4
    return distance


def suggest_radius_m(places: Places, *, min_incidents: int) -> float:
    """
    A walking radius that the data suggest, within the bounds of the setting.

    Every incident's k-distance is drawn in rising order, both axes scaled to 0–1; the
    suggestion is the distance at the curve's knee, where it lies farthest below the
    straight line between its ends. On snapped points of a whole force the knee stands
    where the countryside begins, farther than anyone walks: the suggestion is then the
    largest radius allowed, and practice's own default is the better choice.

    Parameters
    ----------
    places
        Distinct points with their incidents.
    min_incidents
        Incidents that make a hotspot.

    Returns
    -------
    radius_m
        Metres, a whole step of the setting; its default where nothing can be drawn.

    References
    ----------
    Ester et al. (1996), section 4.2 (the sorted k-distance graph); Satopää, Albrecht,
    Irwin & Raghavan (2011), Finding a "kneedle" in a haystack, ICDCS Workshops.
    """
    distance = k_distance(places, k=min_incidents)
    order = np.argsort(distance, kind="stable")
    height = distance[order]
    if not len(height) or not np.isfinite(height[-1]) or height[-1] == height[0]:
        return float(RADIUS_M.default)
    along = np.cumsum(places.incidents[order])
    across = (along - along[0]) / max(1, along[-1] - along[0])
    up = (height - height[0]) / (height[-1] - height[0])
    knee = height[np.argmax(across - up)]
    return float(RADIUS_M.clamp(round(knee / RADIUS_M.step) * RADIUS_M.step))
