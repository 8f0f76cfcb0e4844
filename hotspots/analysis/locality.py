"""
A locality that somebody draws: its size, the reports in it and just outside, and how much
of it the reports need.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.comparison import BUFFER_M
from hotspots.analysis.places import gather_incidents
from hotspots.tables.incidents import Incidents, located

# Ground kept round each point: a point stands for what lies round it.
MARGIN_M: Final = 30.0
# A least area that holds so many of the reports inside.
SHARE: Final = 0.9
_SQUARE_METRES_IN_HECTARE: Final = 10_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """
    What was reported in a locality.

    Attributes
    ----------
    months
        Indexed by month: `inside`, and `outside` within `width_m` of it.
    area_ha, around_ha
        Of the locality, and of the ground around it.
    span_m
        Greatest distance across it.
    width_m
        How far the ground around it reaches.
    """

    months: pd.DataFrame
    area_ha: float
    around_ha: float
    span_m: float
    width_m: float

    @property
    def inside(self) -> int:
        """Reports inside."""
        return int(self.months["inside"].sum())

    @property
    def outside(self) -> int:
        """Reports just outside."""
        return int(self.months["outside"].sum())


def evidence(
    incidents: Incidents,
    ground: BaseGeometry,
    *,
    months: pd.PeriodIndex,
    width_m: float = BUFFER_M,
) -> Evidence:
    """
    Reports of each month inside a locality and just outside it.

    Parameters
    ----------
    incidents
        Of one kind; those without a place are left out.
    ground
        The locality, metres; what lies on its outline is inside.
    months
        Months held.
    width_m
        How far "just outside" reaches.
    """
    rows = located(incidents)
    around = shapely.difference(shapely.buffer(ground, width_m), ground)
    at = rows.geometry.to_numpy()
    inside = shapely.intersects(at, ground)
    outside = shapely.intersects(at, around) & ~inside
    table = pd.DataFrame(
        {
            name: rows.loc[held].groupby("month").size().reindex(months, fill_value=0)
            for name, held in (("inside", inside), ("outside", outside))
        }
    ).astype("int64")
    return Evidence(
        table,
        ground.area / _SQUARE_METRES_IN_HECTARE,
        around.area / _SQUARE_METRES_IN_HECTARE,
        2 * float(shapely.minimum_bounding_radius(ground)),
        width_m,
    )


def least_area(
    incidents: Incidents, ground: BaseGeometry, *, share: float = SHARE, margin_m: float = MARGIN_M
) -> BaseGeometry:
    """
    A small part of a locality that still holds a share of the reports inside it.

    The outline round every point with a report is shrunk: again and again the corner is
    given up that saves most ground for each report lost, as long as the share is kept.

    Parameters
    ----------
    incidents
        Of one kind; those without a place are left out.
    ground
        The locality, metres.
    share
        Of the reports inside that it must hold, 0 to 1.
    margin_m
        Ground kept round each point.

    Returns
    -------
    part
        Within the locality; empty when no report lies in it. No proof that no smaller
        part would do.
    """
    rows = located(incidents)
    places = gather_incidents(rows)
    held = shapely.intersects(shapely.points(places.xy), ground)
    xy, reports = places.xy[held], places.incidents[held].astype(np.float64)
    needed = share * reports.sum()
    if not len(xy):
        return shapely.Polygon()
    kept = np.ones(len(xy), dtype=bool)
    while True:
        gains = _gains(xy, reports, kept, needed)
        if not gains:
            break
        kept[max(gains)[1]] = False
    return shapely.intersection(shapely.buffer(_hull(xy[kept]), margin_m), ground)


def _hull(xy: NDArray[np.float64]) -> BaseGeometry:
    hull: BaseGeometry = shapely.convex_hull(shapely.MultiPoint(xy))
    return hull


def _gains(
    xy: NDArray[np.float64], reports: NDArray[np.float64], kept: NDArray[np.bool_], needed: float
) -> list[tuple[float, int]]:
    """Ground saved for each report lost, for every corner that may be given up."""
    total = float(reports[kept].sum())
    whole = _hull(xy[kept])
    corners = {tuple(corner) for corner in shapely.get_coordinates(whole).tolist()}
    gains = []
    for place in np.flatnonzero(kept).tolist():
        if tuple(xy[place].tolist()) not in corners or total - reports[place] < needed:
            continue
        rest = kept.copy()
        rest[place] = False
        if not rest.any():
            continue
        smaller = _hull(xy[rest])
        saved = whole.area - smaller.area + MARGIN_M * (whole.length - smaller.length)
        gains.append((saved / float(reports[place]), place))
    return gains
