"""
What a place is held against: places like it, chosen before anything is done.

A place is looked at because it was busy, and busy places fall of themselves: the worst of
one half-year are on average less bad in the next. So a place is compared only with places
picked in the same way, of like rank and size, which fall of themselves as much.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from hotspots.analysis.areas import within
from hotspots.analysis.places import gather_incidents
from hotspots.tables.incidents import Incidents, located

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

# Streets within so much of a place may take what is driven from it, metres: the buffer of
# Operation Savvy.
BUFFER_M: Final = 100.0
# A place is held against so many; more cost likeness, fewer cost sureness.
CONTROLS: Final = 5
LEAST_CONTROLS: Final = 2
# How much alike places move is measured on so many of like rank, and on no fewer.
COMPARABLE: Final = 30
LEAST_COMPARABLE: Final = 6


@dataclass(frozen=True, eq=False)
class Chosen:
    """
    What one place is held against.

    Attributes
    ----------
    controls
        Places it is compared with, likest first.
    comparable
        Places of like rank, the controls among them, on which it is measured how much
        places that are left alone depart from each other.
    around
        Places whose surroundings those of the place are compared with, as many as there
        are controls; the controls themselves unless given.
    """

    controls: Ints
    comparable: Ints
    around: Ints | None = None


def surroundings(shapes: Shapes, *, width_m: float = BUFFER_M) -> Shapes:
    """
    Ground within some metres of each place, without any of the places.

    Parameters
    ----------
    shapes
        Footprints, metres.
    width_m
        How far the surroundings reach.
    """
    if not len(shapes):
        return shapes
    around = shapely.buffer(shapes, width_m)
    return np.asarray(shapely.difference(around, shapely.union_all(shapes)), dtype=np.object_)


def tally(incidents: Incidents, shapes: Shapes) -> pd.DataFrame:
    """
    Reports of each month in each shape; outlines belong to the shape.

    Parameters
    ----------
    incidents
        Of one kind, of any months; those without a place are left out.
    shapes
        Footprints or surroundings, metres.

    Returns
    -------
    counts
        Every month from the first report to the last by number of the shape.
    """
    rows = located(incidents)
    month = pd.PeriodIndex(rows["month"])
    if not len(rows):
        nothing = pd.PeriodIndex([], freq="M", name="month")
        return pd.DataFrame(0, index=nothing, columns=range(len(shapes)), dtype="int64")
    months = pd.period_range(month.min(), month.max(), freq="M", name="month")
    places = gather_incidents(rows)
    column = months.get_indexer(month)
    held = np.zeros((len(months), len(places)), dtype=np.int64)
    np.add.at(held, (column, places.of_incident), 1)
    point, owner = within(places.points, shapes)
    counts = np.zeros((len(months), len(shapes)), dtype=np.int64)
    np.add.at(counts.T, owner, held.T[point])
    return pd.DataFrame(counts, index=months, columns=range(len(shapes)))


def choose(
    shapes: Shapes,
    before: ArrayLike,
    treated: int,
    *,
    controls: int = CONTROLS,
    taken: ArrayLike = (),
    buffer_m: float = BUFFER_M,
) -> Chosen:
    """
    Controls of a place, from what was known before the response began.

    The likest are those whose count differs least, in standard errors of a count,
    2 |√a - √b|, and whose ground differs least, one point each doubling. None is near
    enough to the place, or to another control, for their surroundings to meet.

    Parameters
    ----------
    shapes
        Places found by one rule over the same months, the treated one among them.
    before
        Reports of each in those months.
    treated
        Number of the place among them, from 0.
    controls
        At most so many.
    taken
        Numbers of places where something else is being done.
    buffer_m
        Width of the surroundings.

    Examples
    --------
    >>> squares = np.array([shapely.box(x, 0, x + 100, 100) for x in range(0, 3000, 500)])
    >>> choose(squares, [40, 90, 38, 41, 12, 30], 0, controls=2).controls.tolist()
    [3, 2]
    """
    count = np.asarray(before, dtype=np.float64)
    ground = np.maximum(shapely.area(shapes), 1.0)
    apart = shapely.distance(shapes[treated], shapes) >= 2 * buffer_m
    apart[treated] = False
    apart[np.asarray(taken, dtype=np.int64)] = False
    unlike = 2 * np.abs(np.sqrt(count) - np.sqrt(count[treated]))
    unlike = unlike + np.abs(np.log2(ground / ground[treated]))
    order = np.argsort(unlike, kind="stable")
    order = order[apart[order]]
    kept: list[int] = []
    for one in order.tolist():
        if all(shapely.distance(shapes[one], shapes[two]) >= 2 * buffer_m for two in kept):
            kept.append(one)
        if len(kept) == controls:
            break
    return Chosen(np.asarray(kept, dtype=np.int64), order[:COMPARABLE].astype(np.int64))


def dispersion(before: ArrayLike, after: ArrayLike) -> tuple[float, float]:
    """
    How much more places that are left alone depart from each other than chance makes them.

    Each place's two counts are held against its share of the two totals: φ is Pearson's
    X² over its degrees of freedom, 1 where places differ by no more than Poisson counts.

    Parameters
    ----------
    before, after
        Reports of comparable places.

    Returns
    -------
    dispersion, freedom
        φ, from 1, and its degrees of freedom; with fewer than two places that hold any
        report, not a number and 0.

    Examples
    --------
    >>> phi, freedom = dispersion([10, 20, 30], [20, 10, 30])
    >>> round(phi, 3), freedom
    (3.333, 2.0)
    """
    counts = np.stack([np.asarray(part, dtype=np.float64) for part in (before, after)])
    counts = counts[:, counts.sum(axis=0) > 0]
    freedom = counts.shape[1] - 1
    if freedom < 1:
        return float("nan"), 0.0
    if (counts.sum(axis=1) == 0).any():
        return 1.0, float(freedom)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    phi = ((counts - expected) ** 2 / expected).sum() / freedom
    return max(1.0, float(phi)), float(freedom)
