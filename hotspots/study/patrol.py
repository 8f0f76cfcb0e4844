"""Where to walk in a study area: patrol areas, ordered by what months to come may hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.analysis import counts
from hotspots.analysis.hotspots import inside
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.patrol_edits import Edit
from hotspots.analysis.ranking import expected
from hotspots.errors import SelectionError
from hotspots.settings import PATROL_AREA_HA, PATROL_AREAS
from hotspots.study.answers import Found
from hotspots.study.cut import Study
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents
from hotspots.tables.patrol_areas import PatrolAreas, validate

# More than one team can hold in its head; the command line allows more.
MOST_ON_A_PAGE: Final = 60
# Ground beyond the study area that a person may still mean.
_BEYOND_M: Final = 1_000.0


@dataclass(frozen=True)
class Wanted:
    """
    The patrol areas that are asked for.

    Attributes
    ----------
    count
        At most this many.
    size_ha
        Area of a whole one, hectares.
    anywhere
        Wherever reports are, rather than inside and around hotspots.
    """

    count: int = PATROL_AREAS.default
    size_ha: int = PATROL_AREA_HA.default
    anywhere: bool = False


def patrol(
    asked: Study,
    found: Found,
    *,
    count: int,
    size_ha: float,
    edits: Sequence[Edit] = (),
    anywhere: bool = False,
) -> PatrolAreas:
    """
    Patrol areas of a study area, numbered by the reports each is expected to add.

    Parameters
    ----------
    asked, found
        The study area and its hotspots.
    count, size_ha
        At most how many, and the area of a whole one.
    edits
        Changes made by hand, oldest first.
    anywhere
        Place them wherever reports are, rather than inside and around hotspots.

    Returns
    -------
    areas
        As `hotspots.tables.patrol_areas` says; `hotspot` is filled either way.
    """
    areas = place(
        asked.located,
        count=count,
        size_ha=size_ha,
        expected=expected(asked.located, months=months_held(asked)),
        hotspots=None if anywhere else found.hotspots,
        wards=asked.wards,
        edits=edits,
    )
    if not anywhere or areas.empty or found.hotspots.empty:
        return areas
    return validate(areas.assign(hotspot=_hotspot(asked.located, areas, found.hotspots)))


def months_held(asked: Study) -> pd.PeriodIndex:
    """Months of the period with any supply: what patrol areas are ordered by."""
    return pd.PeriodIndex(asked.status.index[asked.status != counts.MISSING])


def of_area(asked: Study, geometry: BaseGeometry) -> BaseGeometry:
    """
    Geometry, once it is known to lie in or near the study area.

    Raises
    ------
    SelectionError
        When it lies elsewhere: a slip of a figure would pin an area in another county.
    """
    ground = asked.wards if len(asked.wards) else asked.located
    if len(ground) and not shapely.box(*ground.total_bounds).dwithin(geometry, _BEYOND_M):
        raise SelectionError("That place lies outside the study area.")
    return geometry


def _hotspot(incidents: Incidents, areas: PatrolAreas, hotspots: Hotspots) -> pd.Series:
    """Number of the hotspot that holds most incidents of each area; 0 = none."""
    # An area has an outline and a number too: one counting rule for both.
    both = pd.DataFrame(
        {"area": inside(incidents, Hotspots(areas)), "hotspot": inside(incidents, hotspots)}
    )
    shared = both.loc[(both > 0).all(axis=1)].groupby(["area", "hotspot"]).size()
    most = shared.groupby(level="area").idxmax().map(lambda pair: pair[1])
    return most.reindex(areas.index, fill_value=0).astype(np.int64)
