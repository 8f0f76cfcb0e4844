"""The real files, read here without the application's own readers, so as to check them too."""

import os
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.tables import incidents as incident_table
from hotspots.tables import wards as ward_table

FOLDER = os.environ.get("HOTSPOTS_REAL_DATA")

real = [
    pytest.mark.real,
    pytest.mark.skipif(FOLDER is None, reason="HOTSPOTS_REAL_DATA names no folder"),
]


def folder():
    return Path(FOLDER)


def incidents_of(rows):
    """Street-file rows as incidents; coordinates to the centimetre."""
    to_grid = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)
    placed = rows["Longitude"].notna() & rows["Latitude"].notna()
    easting, northing = to_grid.transform(
        rows.loc[placed, "Longitude"].to_numpy(), rows.loc[placed, "Latitude"].to_numpy()
    )
    points = gpd.GeoSeries([None] * len(rows), crs=BRITISH_NATIONAL_GRID)
    points[placed.to_numpy()] = gpd.points_from_xy(np.round(easting, 2), np.round(northing, 2))
    kind = (
        rows["Crime type"]
        if "Crime type" in rows
        else pd.Series("Anti-social behaviour", rows.index)
    )
    frame = gpd.GeoDataFrame(
        {
            "source": pd.Categorical(["police.uk"] * len(rows)),
            "force": rows["Falls within"].astype("category").array,
            "month": pd.PeriodIndex(rows["Month"].astype("str"), freq="M"),
            "category": kind.astype("category").array,
            "street": rows["Location"]
            .astype("str")
            .str.removeprefix("On or near ")
            .astype("category")
            .array,
            "lsoa": rows["LSOA code"].astype("category").array,
        },
        geometry=points.to_numpy(),
        crs=BRITISH_NATIONAL_GRID,
    )
    return incident_table.validate(incident_table.completed(frame))


@cache
def cheshire(year="2025"):
    """Every row of Cheshire's street files of one year."""
    files = sorted(folder().glob(f"police_uk/{year}-*/*-cheshire-street.csv"))
    return incidents_of(pd.concat(map(pd.read_csv, files), ignore_index=True))


@cache
def northumbria():
    """Every row of Northumbria's street files, May 2020 to February 2023, one month missing."""
    files = sorted(folder().glob("police_uk/*/*-northumbria-street.csv.gz"))
    return incidents_of(pd.concat(map(pd.read_csv, files), ignore_index=True))


@cache
def national():
    """Every ASB row of 2025 that forty forces published."""
    return incidents_of(pd.read_parquet(folder() / "national_asb_2025.parquet"))


@cache
def wards(pattern="boundaries/ward_E060*.geojson", year=25):
    """Wards of Cheshire's four authorities."""
    files = sorted(folder().glob(pattern))
    frame = pd.concat([gpd.read_file(file) for file in files]).to_crs(BRITISH_NATIONAL_GRID)
    frame["geometry"] = frame.geometry.make_valid()
    table = gpd.GeoDataFrame(
        {
            "name": frame[f"WD{year}NM"].to_numpy(),
            "authority": frame[f"LAD{year}CD"].to_numpy(),
            "authority_name": frame[f"LAD{year}NM"].to_numpy(),
            "vintage": 2000 + year,
            "residents": np.nan,
        },
        geometry=frame.geometry.to_numpy(),
        index=pd.Index(frame[f"WD{year}CD"], name="code"),
        crs=BRITISH_NATIONAL_GRID,
    )
    return ward_table.validate(table)
