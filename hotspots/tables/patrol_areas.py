"""
The table of patrol areas: one row for each place that a patrol is asked to walk.

A hotspot says where reports gather beyond chance; a patrol area says where to walk. A
long hotspot holds several patrol areas, and a patrol area is never drawn as a hotspot.

====================  =====================  =================================================
column                type                   meaning
====================  =====================  =================================================
(index) number        integer, from 1        order of what each adds to those before it
key                   text, unique           grid reference of its centre, to 10 m: the name
                                             by which a link finds it again
incidents             integer                incidents inside it
adds                  integer                incidents it held when it was placed that no
                                             earlier one did; they sum to `incidents`
expected              float                  reports a month it is expected to add, by which
                                             it was ordered; counts a month unless ranked
share                 float, 0–1             of all located incidents of the study area
area_ha               float                  its area, hectares
ward, ward_name       text                   ward that holds most of it; empty outside wards
streets               text                   names of its points, busiest first
hotspot               integer                number of the hotspot most of it lies in, or 0
edit                  text                   "", "pinned" or "nudged": what a person changed
geometry              Polygon                its ground, British National Grid metres; none
                                             overlaps another
====================  =====================  =================================================
"""

from typing import Final, NewType

import geopandas as gpd
import pandas as pd
import shapely

from hotspots.settings import PATROL_AREA_HA
from hotspots.tables import contract

PatrolAreas = NewType("PatrolAreas", gpd.GeoDataFrame)

_WHAT: Final = "Patrol areas"
EDITS: Final = ("", "pinned", "nudged")
_TYPES: Final = {
    "key": "str",
    "incidents": "int64",
    "adds": "int64",
    "expected": "float64",
    "share": "float64",
    "area_ha": "float64",
    "ward": "str",
    "ward_name": "str",
    "streets": "str",
    "hotspot": "int64",
    "edit": "str",
}
COLUMNS: Final = (*_TYPES, "geometry")
# Ground that two neighbours may share through rounding of their common edge, m².
_ROUNDING_M2: Final = 1e-3
_SQUARE_METRES_IN_HECTARE: Final = 10_000


def validate(frame: gpd.GeoDataFrame) -> PatrolAreas:
    """
    Frame as trusted patrol areas.

    Raises
    ------
    TableError
        Naming every broken rule at once.
    """
    broken = contract.faults(_WHAT, frame, _TYPES) + contract.ranked(frame)
    shapes = frame.geometry.to_numpy()
    largest_m2 = PATROL_AREA_HA.high * _SQUARE_METRES_IN_HECTARE + _ROUNDING_M2
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON).any():
        broken.append("some are not in one piece")
    elif (shapely.area(shapes) > largest_m2).any():
        broken.append(f"some are larger than {PATROL_AREA_HA.high} ha")
    elif _overlap_m2(frame) > _ROUNDING_M2:
        broken.append("some overlap")
    contract.settle(_WHAT, broken)
    return PatrolAreas(frame)


def empty() -> PatrolAreas:
    """Patrol areas of nothing: every column, no row."""
    return validate(contract.nothing(_TYPES, pd.RangeIndex(1, 1, name="number")))


def _overlap_m2(frame: gpd.GeoDataFrame) -> float:
    """Largest ground that two of them share, m²."""
    shapes = frame.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    shared = shapely.area(shapely.intersection(shapes[one[pairs]], shapes[other[pairs]]))
    return float(shared.max(initial=0.0))
