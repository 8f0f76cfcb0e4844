"""Areas and shifts for tests of plans, made by hand."""

from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import shapely

from hotspots.action.patrols import Shift
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import patrol_areas

MONDAY = date(2026, 11, 23)


def areas(places, wards=None):
    """Patrol areas of (easting, northing, expected reports a month) tuples, 200 m squares."""
    boxes = [shapely.box(x - 100, y - 100, x + 100, y + 100) for x, y, _ in places]
    wards = wards or ["W1"] * len(places)
    table = gpd.GeoDataFrame(
        {
            "key": [f"SJ{number:08d}" for number in range(1, len(places) + 1)],
            "incidents": [round(12 * expected) for *_, expected in places],
            "adds": [round(12 * expected) for *_, expected in places],
            "expected": [float(expected) for *_, expected in places],
            "share": 0.01,
            "area_ha": 4.0,
            "ward": pd.Series(wards, dtype="str").to_numpy(),
            "ward_name": [f"Ward {ward}" for ward in wards],
            "streets": [f"Mill Lane {number}" for number in range(1, len(places) + 1)],
            "hotspot": 0,
            "edit": "",
        },
        geometry=boxes,
        crs=BRITISH_NATIONAL_GRID,
        index=pd.RangeIndex(1, len(places) + 1, name="number"),
    ).astype({"ward_name": "str", "streets": "str", "key": "str", "edit": "str", "ward": "str"})
    return patrol_areas.validate(table)


def line(*expected, apart_m=1_000):
    """Areas in a row."""
    return areas([(360_000 + apart_m * i, 370_000, e) for i, e in enumerate(expected)])


def lates(units="A", days=7, *, minutes=480, officers=2, mode="car", starts=15 * 60):
    return tuple(
        Shift(MONDAY + timedelta(day), f"Lates {unit}", starts, minutes, officers, mode)
        for day in range(days)
        for unit in units
    )
