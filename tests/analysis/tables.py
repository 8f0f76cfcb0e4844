"""Small sound tables to test with."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.tables import incidents as incident_table
from hotspots.tables import wards as ward_table


def incidents_at(xy, *, street="High Street", category=ASB, force="Cheshire", month="2025-01"):
    """One incident at each coordinate; None instead of a coordinate leaves it without a place."""
    size = len(xy)
    points = [None if place is None else shapely.Point(*place) for place in xy]

    def column(value):
        return pd.Categorical([value] * size if isinstance(value, str) else value)

    frame = gpd.GeoDataFrame(
        {
            "source": column("police.uk"),
            "force": column(force),
            "month": pd.PeriodIndex([month] * size, freq="M"),
            "category": column(category),
            "street": column(street),
            "lsoa": column(""),
        },
        geometry=points,
        crs=BRITISH_NATIONAL_GRID,
    )
    return incident_table.validate(incident_table.completed(frame))


def square_wards(side_m=1000, across=2, up=1, *, corner=(0, 0), authority=None):
    """Square wards in columns from the corner: W0, W1, …"""
    cells = [(column, row) for column in range(across) for row in range(up)]
    shapes = [
        shapely.box(
            corner[0] + column * side_m,
            corner[1] + row * side_m,
            corner[0] + (column + 1) * side_m,
            corner[1] + (row + 1) * side_m,
        )
        for column, row in cells
    ]
    codes = [f"W{number}" for number in range(len(cells))]
    frame = gpd.GeoDataFrame(
        {
            "name": [f"Ward {number}" for number in range(len(cells))],
            "authority": authority or ["A0"] * len(cells),
            "authority_name": ["Authority"] * len(cells),
            "vintage": np.full(len(cells), 2025),
            "residents": np.full(len(cells), 1000.0),
        },
        geometry=shapes,
        index=pd.Index(codes, name="code"),
        crs=BRITISH_NATIONAL_GRID,
    )
    return ward_table.validate(frame)
