"""Small tables for tests, built by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.tables import hotspots as hotspots_table
from hotspots.tables import incidents as incidents_table
from hotspots.tables import wards as wards_table


def incidents(rows, **columns):
    """
    Incidents of (easting, northing, month[, category[, street[, force]]]) tuples.

    Other columns go by name: `source="Council"`, `occurred_from=[…]`, `qualifier=[…]`; one
    value stands for every row.
    """
    filled = [(*row, *(ASB, "Mill Lane", "Cheshire Constabulary")[len(row) - 3 :]) for row in rows]
    frame = pd.DataFrame(filled, columns=["e", "n", "month", "category", "street", "force"])
    places = [None if row[0] is None else shapely.Point(row[:2]) for row in rows]
    table = gpd.GeoDataFrame(
        {
            "source": pd.Categorical(["police.uk"] * len(frame)),
            "force": pd.Categorical(frame["force"]),
            "month": pd.PeriodIndex(frame["month"], freq="M"),
            "category": pd.Categorical(frame["category"]),
            "street": pd.Categorical(frame["street"]),
            "lsoa": pd.Categorical(["S01"] * len(frame)),
        },
        geometry=gpd.GeoSeries(places, crs=BRITISH_NATIONAL_GRID),
    )
    return incidents_table.validate(with_columns(table, **columns))


def with_columns(table, **columns):
    """Incidents with some columns replaced, each of the contract's own type."""
    table = incidents_table.completed(table)
    for name, given in columns.items():
        values = [given] * len(table) if given is None or np.isscalar(given) else list(given)
        table[name] = _column(name, pd.Series(values, index=table.index, dtype=object))
    if "occurred_from" in columns and "occurred_to" not in columns:
        table["occurred_to"] = table["occurred_from"]
    if "occurred_from" in columns and "time_precision" not in columns:
        words = pd.Series("month", index=table.index)
        words[table["occurred_from"].notna()] = "window"
        words[table["occurred_from"] == table["occurred_to"]] = "instant"
        table["time_precision"] = _column("time_precision", words)
    return table


def _column(name, values):
    if name in ("occurred_from", "occurred_to"):
        times = pd.to_datetime(values)
        times = times.dt.tz_localize("Europe/London") if times.dt.tz is None else times
        return times.astype(incidents_table.TIME)
    if name in incidents_table.WORDS:
        return pd.Categorical(values, categories=pd.Index(incidents_table.WORDS[name]))
    return values.astype("boolean" if name == "vulnerable" else "category")


def wards(squares, *, residents=float("nan"), vintage=2025):
    """Wards of {code: (west, south, side)}, all of one authority."""
    table = gpd.GeoDataFrame(
        {
            "name": [f"Ward {code}" for code in squares],
            "authority": "E06",
            "authority_name": "Cheshire East",
            "vintage": vintage,
            "residents": float(residents),
        },
        geometry=[shapely.box(w, s, w + side, s + side) for w, s, side in squares.values()],
        crs=BRITISH_NATIONAL_GRID,
        index=pd.Index(list(squares), name="code"),
    )
    return wards_table.validate(table)


def hotspots(squares, *, streets="Mill Lane"):
    """Hotspots of {number: (west, south, side, incidents)}."""
    boxes = [shapely.box(w, s, w + side, s + side) for w, s, side, _ in squares.values()]
    table = gpd.GeoDataFrame(
        {
            "key": [f"SJ{number:08d}" for number in squares],
            "incidents": [incidents for *_, incidents in squares.values()],
            "share": 0.01,
            "per_month": [incidents / 12 for *_, incidents in squares.values()],
            "points": 3,
            "single_place": False,
            "area_ha": [box.area / 10_000 for box in boxes],
            "span_m": [side * 1.414 for _, _, side, _ in squares.values()],
            "ward": "E1",
            "ward_name": "Ward E1",
            "streets": streets,
        },
        geometry=gpd.GeoSeries(boxes, crs=BRITISH_NATIONAL_GRID).to_list(),
        crs=BRITISH_NATIONAL_GRID,
        index=pd.Index(list(squares), name="number"),
    )
    return hotspots_table.validate(table)
