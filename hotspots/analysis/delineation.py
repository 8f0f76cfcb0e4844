"""
Footprints: the ground of each cluster, as one piece that meets no other.

A footprint is a disc of half the radius round every core place, joined by a thin link
where two discs only just meet.

Why no two footprints meet (ε is the radius, 2h the width of a link)
    Core places of two clusters are more than ε apart, or they would be in one cluster.

    - Disc and disc: each reaches ε/2 less a micrometre, so they stay apart.
    - Disc and link: the link's ends lie at most ε apart and both more than ε from the
      disc's centre, so the centre lies more than √(ε² - (ε/2)²) = 0.866 ε from the link's
      middle line. They stay apart while h < 0.366 ε.
    - Link and link: were two middle lines to cross, they would be the diagonals of a
      quadrilateral. Two opposite sides of it are together shorter than its diagonals,
      that is at most 2 ε; yet all sides are longer than ε. So they do not cross, and are
      nearest at an end of one: again more than 0.866 ε. They stay apart while
      h < 0.433 ε.

    With h = 0.1 ε there is room to spare.

Why holes smaller than a disc are filled
    Where discs surround a scrap of ground, a hole is left that nobody would walk round.
    Another footprint inside such a hole would hold a whole disc, so in a hole smaller
    than a disc there is none. Larger holes stay: another hotspot may lie in them.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import minimum_spanning_tree

from hotspots.analysis.clustering import Clusters
from hotspots.analysis.neighbours import neighbourhoods
from hotspots.analysis.places import Places
from hotspots.settings import BRITISH_NATIONAL_GRID

# Corners of a quarter circle; a disc is drawn inside its circle, never beyond.
_CORNERS: Final = 8
# Half the width of a link, as a part of the radius.
_LINK: Final = 0.1
# Two discs this far apart, as a part of the radius, overlap by enough to need no link:
# inscribed discs meet along any line while their centres are within cos(π/32) = 0.995.
_OVERLAP: Final = 0.95
# Keeps discs of two clusters apart when their centres are a hair more than the radius apart.
_HAIR_M: Final = 1e-6


def delineate(places: Places, clusters: Clusters, *, radius_m: float) -> gpd.GeoSeries:
    """
    Footprint of each cluster.

    Parameters
    ----------
    places, clusters
        Distinct points, and what each belongs to at this radius.
    radius_m
        Walking radius that the clusters were made with, metres.

    Returns
    -------
    footprints
        One polygon for each cluster, by its number; it contains all core places of the
        cluster, and meets no other footprint.

    Examples
    --------
    >>> from hotspots.analysis.clustering import cluster
    >>> from hotspots.analysis.places import gather
    >>> places = gather(np.array([[0.0, 0], [0, 0], [100, 0], [900, 0], [900, 0]]))
    >>> clusters = cluster(places, radius_m=100, min_incidents=2)
    >>> delineate(places, clusters, radius_m=100).area.round().tolist()
    [15627.0, 7804.0]
    """
    core = np.flatnonzero(clusters.core)
    xy, label = places.xy[core], clusters.label[core]
    links = _links(xy, radius_m)
    discs = shapely.buffer(shapely.points(xy), radius_m / 2 - _HAIR_M, quad_segs=_CORNERS)
    bridges = shapely.buffer(shapely.linestrings(xy[links]), radius_m * _LINK, cap_style="flat")
    shapes = np.concatenate([discs, bridges])
    owner = np.concatenate([label, label[links[:, 0]]])
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=len(clusters)))
    parts = np.split(shapes[order], ends[:-1]) if len(clusters) else []
    united = [part[0] if len(part) == 1 else shapely.union_all(part) for part in parts]
    footprints = _filled(
        np.array(united, dtype=np.object_),
        smallest=float(shapely.area(shapes[:1]).sum()),
    )
    return gpd.GeoSeries(
        footprints,
        index=pd.RangeIndex(len(clusters), name="cluster"),
        crs=BRITISH_NATIONAL_GRID,
    )


def _links(xy: NDArray[np.float64], radius_m: float) -> NDArray[np.intp]:
    """Near pairs of core places that a footprint needs a link between, shape (m, 2)."""
    near = neighbourhoods(xy, radius_m=radius_m)
    pairs = near.links(np.ones(len(xy), dtype=np.bool_))
    gap = xy[pairs[:, 0]] - xy[pairs[:, 1]]
    length = np.hypot(gap[:, 0], gap[:, 1])
    graph = sparse.coo_array((length, pairs.T), shape=(len(xy), len(xy)))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    thin = tree.data > _OVERLAP * radius_m
    return np.column_stack([tree.coords[0][thin], tree.coords[1][thin]]).astype(np.intp)


def _filled(footprints: NDArray[np.object_], *, smallest: float) -> NDArray[np.object_]:
    """Footprints without their holes smaller than a disc."""
    holed = np.flatnonzero(shapely.get_num_interior_rings(footprints) > 0)
    filled = footprints.copy()
    for number in holed:
        rings = shapely.get_rings(footprints[number])
        large = shapely.area(shapely.polygons(rings[1:])) >= smallest
        filled[number] = shapely.polygons(rings[0], rings[1:][large])
    return filled
