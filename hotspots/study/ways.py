"""Ways between patrol areas along the roads that are loaded, on foot and by car."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.analysis.road_ways import road_ways
from hotspots.tables.patrol_areas import PatrolAreas

MODES: Final = ("foot", "car")
Ways = dict[str, NDArray[np.float64]]


def ways_between(areas: PatrolAreas, roads: gpd.GeoDataFrame | None) -> Ways | None:
    """
    Metres from each area's middle to each, by mode; not a number where no road leads.

    Parameters
    ----------
    areas
        Patrol areas.
    roads
        From `sources.roads`; None where none are loaded, and then there are no ways.
    """
    if roads is None:
        return None
    middles = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
    return {
        mode: road_ways(middles, roads.geometry.to_numpy()[roads[mode].to_numpy()])
        for mode in MODES
    }
