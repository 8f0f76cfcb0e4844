"""
The table of hotspots: one row for each, numbered by rank.

====================  =====================  =================================================
column                type                   meaning
====================  =====================  =================================================
(index) number        integer, from 1        rank by incidents, then by grid reference
key                   text, unique           grid reference of its busiest point, to 10 m:
                                             the name by which a link finds it again
incidents             integer                incidents inside the footprint
share                 float, 0–1             of all located incidents of the study area
per_month             float                  incidents per month held
points                integer                distinct points inside the footprint
single_place          bool                   all of it lies on one point: a place, not an area
area_ha               float                  area of the footprint, hectares
span_m                float                  longest distance between two of its points, metres
ward, ward_name       text                   ward that holds most of it; empty outside wards
streets               text                   names of its points, busiest first
geometry              Polygon                footprint, British National Grid metres
====================  =====================  =================================================
"""

from typing import Final, NewType

import geopandas as gpd
import pandas as pd

from hotspots.tables import contract

Hotspots = NewType("Hotspots", gpd.GeoDataFrame)

_WHAT: Final = "Hotspots"
_TYPES: Final = {
    "key": "str",
    "incidents": "int64",
    "share": "float64",
    "per_month": "float64",
    "points": "int64",
    "single_place": "bool",
    "area_ha": "float64",
    "span_m": "float64",
    "ward": "str",
    "ward_name": "str",
    "streets": "str",
}
COLUMNS: Final = (*_TYPES, "geometry")


def validate(frame: gpd.GeoDataFrame) -> Hotspots:
    """
    Frame as trusted hotspots.

    Raises
    ------
    TableError
        Naming every broken rule at once.
    """
    broken = contract.faults(_WHAT, frame, _TYPES) + contract.ranked(frame)
    if not frame["incidents"].is_monotonic_decreasing:
        broken.append("they are not ranked by incidents")
    contract.settle(_WHAT, broken)
    return Hotspots(frame)


def empty() -> Hotspots:
    """Hotspots of nothing: every column, no row."""
    return validate(contract.nothing(_TYPES, pd.RangeIndex(1, 1, name="number")))
