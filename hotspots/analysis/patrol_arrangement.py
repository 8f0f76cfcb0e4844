"""Where patrol areas stand: from places and weights to ground that does not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.areas import within
from hotspots.analysis.coverage import Allowed, Candidates, candidates, greedy
from hotspots.analysis.patrol_edits import Edit, nudged
from hotspots.analysis.patrol_shapes import cut, footprints, leaves_room, reach_m
from hotspots.settings import PATROL_AREA_HA
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.hotspots import empty as no_hotspots

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

# Centres on 25 m foretell 3 % more than on 50 m over 18 forces; 10 m adds 1 % for six times
# the work.
LATTICE_M: Final = 25
# What an area keeps at least when it is cut: less is not worth naming …
LEAST_HA: Final = 2.0
# … and of small areas this part, so that they too may lie side by side.
_LEAST_PART: Final = 0.4
_SQUARE_METRES_IN_HECTARE: Final = 10_000


@dataclass(frozen=True, eq=False)
class Demand:
    """
    What patrol areas are placed to hold: places, each with a weight.

    Attributes
    ----------
    xy
        Easting and northing, metres, shape (n, 2).
    reports
        What each place counts for: reports a month, had or expected; not negative.
    """

    xy: Floats
    reports: Floats


@dataclass(frozen=True, eq=False)
class Arrangement:
    """
    Where patrol areas stand, in the order they were placed.

    Attributes
    ----------
    centres
        Easting and northing, metres, shape (n, 2).
    uncut
        What each would hold alone: polygons that may overlap.
    shapes
        What each holds: polygons that do not; empty where nothing is left.
    edit
        "", "pinned" or "nudged".
    """

    centres: Floats
    uncut: Shapes
    shapes: Shapes
    edit: NDArray[np.str_]

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Arrangement":
        """Some of them, in another order."""
        return Arrangement(self.centres[rows], self.uncut[rows], self.shapes[rows], self.edit[rows])


def arrange(
    demand: Demand,
    *,
    count: int | None,
    size_ha: float,
    lattice_m: int = LATTICE_M,
    hotspots: Hotspots | None = None,
    pinned: Floats | None = None,
    excluded: BaseGeometry | None = None,
    edits: Sequence[Edit] = (),
) -> Arrangement:
    """
    Where patrol areas stand, from places and weights alone: patrol areas without the table.

    Parameters
    ----------
    demand
        Places and what each counts for.
    count, size_ha, lattice_m, hotspots
        As for `patrol_areas.place`.
    pinned, excluded, edits
        Centres, shape (n, 2); ground that none may hold; of the edits, the nudges.

    Returns
    -------
    arrangement
        Ordered by what each adds to those before it; those that add nothing last.
    """
    reach = reach_m(size_ha)
    points = points_of(demand.xy)
    pin = np.empty((0, 2)) if pinned is None else pinned[:count]
    pin_ground = footprints(pin, size_ha=size_ha, excluded=excluded)
    among = candidates(demand.xy, radius_m=reach, lattice_m=lattice_m)
    if hotspots is not None:
        among = _near(among, hotspots, reach)
    if excluded is not None:
        among = _around(among, points, excluded, size_ha=size_ha)
    held = np.zeros(len(points), dtype=np.bool_)
    held[within(points, pin_ground)[0]] = True
    least_ha = min(LEAST_HA, _LEAST_PART * size_ha)
    allowed = partial(leaves_room, size_ha=size_ha, least_ha=least_ha)
    if count is None:
        found = no_hotspots() if hotspots is None else hotspots
        chosen = _cutting(found, among, demand, held=held, standing=list(pin), allowed=allowed)
    else:
        chosen = greedy(
            among,
            demand.reports,
            count=count - len(pin),
            standing=list(pin),
            held=held,
            allowed=allowed,
        )
    edit = np.array(["pinned"] * len(pin) + [""] * len(chosen), dtype="U8")
    centres, moved = nudged(np.vstack([pin, among.xy[chosen]]), edits, reach_m=reach)
    edit[moved] = "nudged"
    uncut = footprints(centres, size_ha=size_ha, excluded=excluded)
    placed = Arrangement(centres, uncut, cut(centres, uncut, size_ha=size_ha), edit)
    placed = placed.take(shapely.area(placed.shapes) > 0)
    return placed.take(_order(demand, points, placed))


def first_holding(points: Shapes, shapes: Shapes) -> NDArray[np.int64]:
    """Position of the first shape that holds each point, outlines included; -1 = none."""
    point, shape = within(points, shapes)
    first = np.full(len(points), -1, dtype=np.int64)
    lowest = np.flatnonzero(np.diff(point, prepend=-1) > 0)
    first[point[lowest]] = shape[lowest]
    return first


def _cutting(
    hotspots: Hotspots,
    among: Candidates,
    demand: Demand,
    *,
    held: NDArray[np.bool_],
    standing: Sequence[Floats],
    allowed: Allowed,
) -> NDArray[np.int64]:
    """
    Candidates that cut every hotspot, so that no area stands for more than 7 ha of it.

    Each hotspot in turn gets its ground in hectares over 7, rounded up, unless fewer
    already hold all its reports.
    """
    outlines = np.asarray(hotspots.geometry.to_numpy())
    need = np.ceil(shapely.area(outlines) / (PATROL_AREA_HA.high * _SQUARE_METRES_IN_HECTARE))
    owner = first_holding(points_of(demand.xy), outlines)
    taken: list[int] = []
    held = held.copy()
    for number in range(len(outlines)):
        weights = np.where((owner == number) & ~held, demand.reports, 0.0)
        useful = np.flatnonzero(among.holds @ weights)
        part = Candidates(among.xy[useful], among.holds[useful])
        stand = [*standing, *among.xy[taken]]
        chosen = greedy(part, weights, count=int(need[number]), standing=stand, allowed=allowed)
        taken += useful[chosen].tolist()
        held[part.holds[chosen].tocoo().col] = True
    return np.array(taken, dtype=np.int64)


def _near(among: Candidates, hotspots: Hotspots, reach: float) -> Candidates:
    """Candidates whose discs meet a hotspot."""
    tree = shapely.STRtree(hotspots.geometry.to_numpy())
    found = tree.query(points_of(among.xy), predicate="dwithin", distance=reach)[0]
    kept = np.unique(found)
    return Candidates(among.xy[kept], among.holds[kept])


def _around(
    among: Candidates, points: Shapes, excluded: BaseGeometry, *, size_ha: float
) -> Candidates:
    """Candidates with what each holds of the ground that is not excluded."""
    shapely.prepare(excluded)
    reach = reach_m(size_ha)
    met = np.flatnonzero(shapely.dwithin(excluded, points_of(among.xy), reach * 1.01))
    ground = footprints(among.xy[met], size_ha=size_ha, excluded=excluded)
    point, node = within(points, ground)
    spared = among.holds.tocoo()
    kept = ~np.isin(spared.row, met)
    row = np.concatenate([spared.row[kept], met[node]])
    column = np.concatenate([spared.col[kept], point])
    spares = sparse.csr_array((np.ones(len(row)), (row, column)), shape=among.holds.shape)
    return Candidates(among.xy, sparse.csr_array(among.holds.multiply(spares)))


def _order(demand: Demand, points: Shapes, placed: Arrangement) -> NDArray[np.int64]:
    """Positions by what each adds of what all of them hold; the useless last."""
    held = first_holding(points, placed.shapes) >= 0
    point, area = within(points, placed.uncut)
    holds = sparse.csr_array(
        (np.ones(len(point)), (area, point)), shape=(len(placed.uncut), len(points))
    )
    best = greedy(
        Candidates(placed.centres, holds), np.where(held, demand.reports, 0.0), count=None
    )
    rest = np.setdiff1d(np.arange(len(placed.uncut)), best)
    return np.concatenate([best, rest])


def first_reached(points: Shapes, placed: Arrangement) -> NDArray[np.int64]:
    """Position of the area that first reached each point that any of them holds; -1 = none."""
    held = first_holding(points, placed.shapes) >= 0
    return np.where(held, first_holding(points, placed.uncut), -1)


def points_of(xy: Floats) -> Shapes:
    """Coordinates as shapely points."""
    return np.asarray(shapely.points(xy.reshape(-1, 2)), dtype=np.object_)
