"""
Ways to choose where to go, the simple ones included, so that each can be scored.

A method sees the training months alone and answers with what it would hold of anything
that came later. All are given the same number of areas of the same size; two of them do
not choose fairly, and are there to be measured against: chance, and hindsight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sklearn.neighbors import KernelDensity

from hotspots.analysis.clustering import cluster
from hotspots.analysis.delineation import delineate
from hotspots.analysis.ground import ground
from hotspots.analysis.null_model import calibrate
from hotspots.analysis.patrol_arrangement import (
    Demand,
    arrange,
    first_holding,
    points_of,
)
from hotspots.analysis.places import Places
from hotspots.analysis.ranking import Ranking, forecast
from hotspots.settings import RADIUS_M, SEED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Cells = Callable[[Floats], Ints]

_SQUARE_METRES_IN_HECTARE: Final = 10_000
# Bandwidth of kernel densities, metres: the best of 80 to 250 m for them, on eight forces.
BANDWIDTH_M: Final = 150.0
# Worlds behind the minimum of the hotspots that are scored: enough for 5 %.
_WORLDS: Final = 99
# Cells that a density is worked out for, for each area asked for.
_LIKELY: Final = 25
# Columns and rows of a grid in one number.
_ROW: Final = 2**31


@dataclass(frozen=True, eq=False)
class Training:
    """
    What a method may see, and what it is asked for.

    Attributes
    ----------
    places
        Incidents of the training months, gathered at the points they share.
    month
        Month of each incident, counted in whole months.
    held
        Training months held, in order.
    horizon
        Months ahead that are scored.
    areas, size_ha
        How many areas may be chosen, and the area of each, hectares.
    ranking
        How the months before are weighed, for patrol areas.
    radius_m, min_incidents
        For hotspots; the minimum is chosen from the training months when None.
    recorded
        Every point at which a crime can be recorded; None = the training incidents'.
    seed
        For chance.
    """

    places: Places
    month: Ints
    held: Ints
    horizon: int
    areas: int
    size_ha: float
    ranking: Ranking
    radius_m: float = RADIUS_M.default
    min_incidents: int | None = None
    recorded: Floats | None = None
    seed: int = SEED


@dataclass(frozen=True, eq=False)
class Choice:
    """
    What a method chose.

    Attributes
    ----------
    areas
        How many areas it chose.
    area_m2
        Ground of all of them, m².
    holds
        Of each coordinate (n, 2), 1 when an area holds it; between 0 and 1 when that is
        a matter of chance.
    """

    areas: int
    area_m2: float
    holds: Callable[[Floats], Floats]


def patrol_areas(training: Training) -> Choice:
    """Ours: areas placed for maximal coverage of the reports to be expected."""
    reports = forecast(
        training.places,
        training.month,
        held=training.held,
        horizon=training.horizon,
        ranking=training.ranking,
    )
    return _placed(training.places.xy, reports, training.areas, training.size_ha)


def hindsight(later: Places, *, areas: int, size_ha: float) -> Choice:
    """The ceiling: the same areas placed on the very reports that are scored."""
    return _placed(later.xy, later.incidents.astype(np.float64), areas, size_ha)


def footprints(training: Training) -> Choice:
    """
    Hotspots as DBSCAN drew them, busiest first: no more of them, nor of their ground.

    They differ in size, so their number or their ground falls short of the others'.
    """
    places, radius_m = training.places, training.radius_m
    least = training.min_incidents
    if least is None:
        rows = places.xy[places.of_incident] if training.recorded is None else training.recorded
        least = calibrate(
            ground(rows, radius_m=radius_m).xy,
            incidents=len(places.of_incident),
            radius_m=radius_m,
            worlds=_WORLDS,
            seed=training.seed,
        ).min_incidents
    clusters = cluster(places, radius_m=radius_m, min_incidents=least)
    outlines = delineate(places, clusters, radius_m=radius_m)
    shapes = np.asarray(outlines.to_numpy(), dtype=np.object_)
    if not len(shapes):
        return Choice(0, 0.0, lambda xy: np.zeros(len(xy)))
    owner = first_holding(places.points, shapes)
    held = np.bincount(owner[owner >= 0], places.incidents[owner >= 0], len(shapes))
    ranked = shapes[np.argsort(-held, kind="stable")]
    ground_m2 = np.cumsum(shapely.area(ranked))
    allowed = training.areas * training.size_ha * _SQUARE_METRES_IN_HECTARE
    fitting = max(1, int((ground_m2 <= allowed).sum()))
    return _shapes(ranked[: min(fitting, training.areas)])


def kernel_density(training: Training) -> Choice:
    """Square cells whose centres a kernel density of the training reports is highest at."""
    places, cells = training.places, square_cells(training.size_ha)
    side = np.sqrt(training.size_ha * _SQUARE_METRES_IN_HECTARE)
    names, held = _counted(places, cells)
    steps = np.array([dx * _ROW + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1)])
    near, cell = np.unique((names[:, None] + steps).ravel(), return_inverse=True)
    # A density reaches no further than the next cell: where little is near, none is high.
    around = np.bincount(cell, np.repeat(held, len(steps)), len(near))
    likely = np.sort(np.argsort(-around, kind="stable")[: _LIKELY * training.areas])
    column = np.floor_divide(near[likely] + _ROW // 2, _ROW)
    centres = np.column_stack([column + 0.5, near[likely] - column * _ROW + 0.5]) * side
    density = KernelDensity(bandwidth=BANDWIDTH_M, kernel="epanechnikov", rtol=1e-6).fit(
        places.xy, sample_weight=places.incidents
    )
    height = density.score_samples(centres)
    best = near[likely][np.argsort(-height, kind="stable")[: training.areas]]
    return _cells(best, cells, training)


def last_count(training: Training, *, cells: Cells) -> Choice:
    """Cells of a grid with the most training reports."""
    names, held = _counted(training.places, cells)
    best = names[np.argsort(-held, kind="stable")[: training.areas]]
    return _cells(best, cells, training)


def chance(training: Training) -> Choice:
    """Cells drawn at random among those with a training report: the mean over all draws."""
    cells = square_cells(training.size_ha)
    names, _ = _counted(training.places, cells)
    part = min(1.0, training.areas / max(1, len(names)))
    drawn = min(training.areas, len(names))
    return Choice(
        drawn,
        drawn * training.size_ha * _SQUARE_METRES_IN_HECTARE,
        lambda xy: np.where(np.isin(cells(xy), names), part, 0.0),
    )


def square_cells(size_ha: float, *, offset: tuple[float, float] = (0.0, 0.0)) -> Cells:
    """
    Square grid: the cell of each coordinate.

    Parameters
    ----------
    size_ha
        Area of a cell, hectares.
    offset
        Parts of a cell by which the grid is moved east and north.

    Examples
    --------
    >>> cells = square_cells(1)
    >>> len(np.unique(cells(np.array([[0.0, 0.0], [99.0, 99.0], [100.0, 0.0]]))))
    2
    """
    side = np.sqrt(size_ha * _SQUARE_METRES_IN_HECTARE)

    def cells(xy: Floats) -> Ints:
        step = np.floor(xy / side - offset).astype(np.int64)
        return np.asarray(step[:, 0] * _ROW + step[:, 1])

    return cells


def hexagonal_cells(size_ha: float, *, offset: tuple[float, float] = (0.0, 0.0)) -> Cells:
    """
    Hexagonal grid: the cell of each coordinate.

    The centres are two lattices of rectangles, one moved by half a rectangle; a point
    belongs to the nearest centre.

    Parameters
    ----------
    size_ha
        Area of a cell, hectares.
    offset
        Parts of a rectangle by which the grid is moved east and north.

    Examples
    --------
    >>> cells = hexagonal_cells(5)
    >>> len(np.unique(cells(np.array([[0.0, 0.0], [100.0, 0.0], [130.0, 0.0]]))))
    2
    """
    # Centres of a row are as far apart as two opposite sides: area = √3/2 · width².
    width = np.sqrt(size_ha * _SQUARE_METRES_IN_HECTARE * 2 / np.sqrt(3))
    rectangle = np.array([width, width * np.sqrt(3)])

    def cells(xy: Floats) -> Ints:
        at = xy / rectangle - offset
        even, odd = np.rint(at), np.floor(at) + 0.5
        far_even = (((at - even) * rectangle) ** 2).sum(axis=1)
        far_odd = (((at - odd) * rectangle) ** 2).sum(axis=1)
        centre = np.where((far_even <= far_odd)[:, None], even, odd)
        step = (2 * centre).astype(np.int64)
        return np.asarray(step[:, 0] * _ROW + step[:, 1])

    return cells


def _placed(xy: Floats, reports: Floats, areas: int, size_ha: float) -> Choice:
    return _shapes(arrange(Demand(xy, reports), count=areas, size_ha=size_ha).shapes)


def _shapes(shapes: Shapes) -> Choice:
    return Choice(
        len(shapes),
        float(shapely.area(shapes).sum()),
        lambda xy: (first_holding(points_of(xy), shapes) >= 0).astype(np.float64),
    )


def _cells(chosen: Ints, cells: Cells, training: Training) -> Choice:
    return Choice(
        len(chosen),
        len(chosen) * training.size_ha * _SQUARE_METRES_IN_HECTARE,
        lambda xy: np.isin(cells(xy), chosen).astype(np.float64),
    )


def _counted(places: Places, cells: Cells) -> tuple[Ints, Floats]:
    """Cells that hold a report, in the order of the grid, and how many."""
    names, cell = np.unique(cells(places.xy), return_inverse=True)
    return names, np.bincount(cell, places.incidents, len(names)).astype(np.float64)
