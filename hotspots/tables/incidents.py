"""
The table of incidents: one row for each recorded report, identical rows included.

====================  =====================  =================================================
column                type                   meaning
====================  =====================  =================================================
(index)               integer, unique        the row's number in what was loaded
source                category               who published it ("police.uk")
force                 category               police force whose area it falls in
month                 period[M]              month it was recorded for; never finer
category              category               kind ("Anti-social behaviour", "Shoplifting", …)
street                category               name of the snap point, without "On or near"
lsoa                  category               small-area code as published; kept, not trusted
geometry              Point or missing       British National Grid metres; missing = no place
====================  =====================  =================================================
"""

from typing import Final, NewType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.settings import ASB
from hotspots.tables import contract

Incidents = NewType("Incidents", gpd.GeoDataFrame)

_WHAT: Final = "Incidents"
CATEGORIES: Final = ("source", "force", "category", "street", "lsoa")
_TYPES: Final = {
    "source": "category",
    "force": "category",
    "month": "period[M]",
    "category": "category",
    "street": "category",
    "lsoa": "category",
}
COLUMNS: Final = (*_TYPES, "geometry")


def validate(frame: gpd.GeoDataFrame) -> Incidents:
    """
    Frame as trusted incidents.

    Raises
    ------
    TableError
        Naming every broken rule at once.
    """
    broken = contract.faults(_WHAT, frame, _TYPES)
    if not frame.index.is_unique:
        broken.append(f"{frame.index.duplicated().sum():,} identifiers repeat")
    broken += [
        f"{name} is {frame[name].dtype}, not category"
        for name in CATEGORIES
        if not isinstance(frame[name].dtype, pd.CategoricalDtype)
    ]
    if frame["month"].dtype != pd.PeriodDtype("M"):
        broken.append(f"month is {frame['month'].dtype}, not period[M]")
    elif frame["month"].isna().any():
        broken.append(f"{frame['month'].isna().sum():,} rows have no month")
    shapes = frame.geometry.to_numpy()
    has_place = ~shapely.is_missing(shapes)
    kinds = shapely.get_type_id(shapes[has_place])
    if (kinds != shapely.GeometryType.POINT).any():
        broken.append("some places are not points")
    elif not np.isfinite(shapely.get_coordinates(shapes[has_place])).all():
        broken.append("some coordinates are not numbers")
    contract.settle(_WHAT, broken)
    return Incidents(frame)


def empty() -> Incidents:
    """Incidents of nothing: every column, no row."""
    return validate(contract.nothing(_TYPES, pd.RangeIndex(0)))


def asb(incidents: Incidents) -> Incidents:
    """Rows recorded as antisocial behaviour."""
    return Incidents(incidents.loc[incidents["category"] == ASB])


def located(incidents: Incidents) -> Incidents:
    """Rows that have a place."""
    return Incidents(incidents.loc[~shapely.is_missing(incidents.geometry.to_numpy())])


def coordinates(incidents: Incidents) -> NDArray[np.float64]:
    """Easting and northing of located incidents, metres, shape (n, 2)."""
    return shapely.get_coordinates(incidents.geometry.to_numpy())
