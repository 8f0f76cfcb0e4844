"""
The table of wards: one row for each ward of one vintage.

====================  =====================  =================================================
column                type                   meaning
====================  =====================  =================================================
(index) code          text, unique           ward code as ONS publishes it
name                  text                   ward name
authority             text                   local authority's code
authority_name        text                   local authority's name
vintage               integer                year of the boundaries
residents             float                  usual residents; not a number when not loaded
geometry              (Multi)Polygon, valid  British National Grid metres
====================  =====================  =================================================
"""

from typing import Final, NewType

import geopandas as gpd
import pandas as pd
import shapely

from hotspots.tables import contract

Wards = NewType("Wards", gpd.GeoDataFrame)

_WHAT: Final = "Wards"
_TYPES: Final = {
    "name": "str",
    "authority": "str",
    "authority_name": "str",
    "vintage": "int64",
    "residents": "float64",
}
COLUMNS: Final = (*_TYPES, "geometry")
_AREAS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def validate(frame: gpd.GeoDataFrame) -> Wards:
    """
    Frame as trusted wards.

    Raises
    ------
    TableError
        Naming every broken rule at once.
    """
    broken = contract.faults(_WHAT, frame, _TYPES)
    if not frame.index.is_unique:
        repeated = frame.index[frame.index.duplicated()].unique()[:3]
        broken.append(f"codes repeat ({', '.join(map(str, repeated))})")
    if len(frame["vintage"].unique()) > 1:
        broken.append("two vintages stand in one table")
    shapes = frame.geometry.to_numpy()
    if not pd.Series(shapely.get_type_id(shapes)).isin(_AREAS).all():
        broken.append("some wards are not areas")
    elif not shapely.is_valid(shapes).all():
        broken.append("some outlines cross themselves")
    contract.settle(_WHAT, broken)
    return Wards(frame)


def empty() -> Wards:
    """Wards of nothing: every column, no row."""
    return validate(contract.nothing(_TYPES, pd.Index([], name="code", dtype="str")))
