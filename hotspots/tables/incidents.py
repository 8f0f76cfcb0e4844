"""
The table of incidents: one row for each recorded report, identical rows included.

====================  =====================  =================================================
column                type                   meaning
====================  =====================  =================================================
(index)               integer, unique        the row's number in what was loaded
source                category               who recorded it ("police.uk", "Crewe council")
force                 category               police force whose area it falls in
month                 period[M]              month it was recorded for
category              category               kind ("Anti-social behaviour", "Shoplifting", …)
street                category               name of the snap point, without "On or near"
lsoa                  category               small-area code as published; kept, not trusted
occurred_from         time of Europe/London  earliest it began; missing = month only
occurred_to           time of Europe/London  latest it ended; the same for an instant; a date
                                             alone ends when its day does
time_precision        category               instant, window, date or month
place_precision       category               snap point, address, postcode or none
kind                  category or missing    what its source calls it ("Noise: music")
qualifier             category or missing    personal, nuisance or environmental
reported              category or missing    public, online, officer or sensor
vulnerable            boolean or missing     whether its source marks somebody as vulnerable
repeat_key            category or missing    same key = same caller or address; a keyed hash
geometry              Point or missing       British National Grid metres; missing = no place
====================  =====================  =================================================

A source that knows no hours, such as data.police.uk, has the columns from `occurred_from`
on as `completed` gives them.
"""

from collections.abc import Sequence
from typing import Any, Final, NewType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.tables import contract

Incidents = NewType("Incidents", gpd.GeoDataFrame)

_WHAT: Final = "Incidents"
ZONE: Final = "Europe/London"
TIME: Final = pd.DatetimeTZDtype("us", ZONE)

INSTANT: Final = "instant"
WINDOW: Final = "window"
DATE: Final = "date"
MONTH: Final = "month"
SNAP_POINT: Final = "snap point"
ADDRESS: Final = "address"
POSTCODE: Final = "postcode"
NO_PLACE: Final = "none"

# Columns that may hold these words only, in this order.
WORDS: Final = {
    "time_precision": (INSTANT, WINDOW, DATE, MONTH),
    "place_precision": (SNAP_POINT, ADDRESS, POSTCODE, NO_PLACE),
    "qualifier": ("personal", "nuisance", "environmental"),
    "reported": ("public", "online", "officer", "sensor"),
}
CATEGORIES: Final = ("source", "force", "category", "street", "lsoa", "kind", "repeat_key")
_TYPES: Final = {
    "source": "category",
    "force": "category",
    "month": "period[M]",
    "category": "category",
    "street": "category",
    "lsoa": "category",
    "occurred_from": str(TIME),
    "occurred_to": str(TIME),
    "time_precision": "category",
    "place_precision": "category",
    "kind": "category",
    "qualifier": "category",
    "reported": "category",
    "vulnerable": "boolean",
    "repeat_key": "category",
}
COLUMNS: Final = (*_TYPES, "geometry")
# Columns that `completed` cannot fill.
_PLAIN: Final = ("source", "force", "month", "category", "street", "lsoa")


def completed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Frame with every column it lacks, as a source of months and snap points has them.

    Of each row then only the month is known and no more, its place is a snap point where
    it has one, and the rest is missing.
    """
    rows = len(frame)
    placed = ~shapely.is_missing(frame.geometry.to_numpy())
    no_time = pd.Series(np.full(rows, "NaT", dtype="datetime64[us]"), dtype=TIME).array
    nothing = np.full(rows, -1, dtype=np.int8)
    no_word = pd.Categorical.from_codes(nothing, pd.Index([], dtype="str"))
    defaults: dict[str, Any] = {
        "occurred_from": no_time,
        "occurred_to": no_time,
        "time_precision": coded("time_precision", np.full(rows, 3, dtype=np.int8)),
        "place_precision": coded("place_precision", np.where(placed, 0, 3).astype(np.int8)),
        "kind": no_word,
        "qualifier": coded("qualifier", nothing),
        "reported": coded("reported", nothing),
        "vulnerable": pd.arrays.BooleanArray(np.zeros(rows, bool), np.ones(rows, bool)),
        "repeat_key": no_word,
    }
    columns = {
        name: frame[name].array if name in frame else defaults[name]
        for name in _TYPES
        if name in frame or name in defaults
    }
    whole = gpd.GeoDataFrame(columns, index=frame.index)
    return whole.set_geometry(frame.geometry)


def coded(column: str, codes: NDArray[np.int8]) -> pd.Categorical:
    """Column of `WORDS` by the place of each row's word among them; −1 = missing."""
    return pd.Categorical.from_codes(codes, pd.Index(WORDS[column], dtype="str"))


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
    broken += [
        f"{name} is not one of {', '.join(words)}"
        for name, words in WORDS.items()
        if not isinstance(frame[name].dtype, pd.CategoricalDtype)
        or tuple(frame[name].cat.categories) != words
    ]
    if frame["month"].dtype != pd.PeriodDtype("M"):
        broken.append(f"month is {frame['month'].dtype}, not period[M]")
    elif frame["month"].isna().any():
        broken.append(f"{frame['month'].isna().sum():,} rows have no month")
    broken += [
        f"{name} is {frame[name].dtype}, not {_TYPES[name]}"
        for name in ("occurred_from", "occurred_to", "vulnerable")
        if str(frame[name].dtype) != _TYPES[name]
    ]
    if not broken:
        broken += _untimely(frame)
    shapes = frame.geometry.to_numpy()
    has_place = ~shapely.is_missing(shapes)
    kinds = shapely.get_type_id(shapes[has_place])
    if (kinds != shapely.GeometryType.POINT).any():
        broken.append("some places are not points")
    elif not np.isfinite(shapely.get_coordinates(shapes[has_place])).all():
        broken.append("some coordinates are not numbers")
    contract.settle(_WHAT, broken)
    return Incidents(frame)


def _untimely(frame: gpd.GeoDataFrame) -> list[str]:
    """Broken rules of the two times and their precision."""
    precision = frame["time_precision"].cat.codes.to_numpy()
    starts, ends = frame["occurred_from"], frame["occurred_to"]
    timed = precision != WORDS["time_precision"].index(MONTH)
    has_both = (starts.notna() & ends.notna()).to_numpy()
    broken = []
    if (precision < 0).any():
        broken.append(f"{(precision < 0).sum():,} rows have no time precision")
    if (has_both != timed).any() or (starts.notna() != ends.notna()).any():
        broken.append("times do not go with their precision")
    if (ends[timed] < starts[timed]).any():
        broken.append("some end before they begin")
    return broken


def empty() -> Incidents:
    """Incidents of nothing: every column, no row."""
    first = {name: kind for name, kind in _TYPES.items() if name in _PLAIN}
    return validate(completed(contract.nothing(first, pd.RangeIndex(0))))


def joined(parts: Sequence[Incidents]) -> Incidents:
    """Incidents of several tables, one after the other, numbered from 0."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return empty()
    if len(parts) == 1:
        return Incidents(gpd.GeoDataFrame(parts[0].reset_index(drop=True)))
    columns: dict[str, Any] = {}
    for name in COLUMNS[:-1]:
        arrays = [part[name].array for part in parts]
        if name in CATEGORIES:
            columns[name] = union_categoricals(arrays, sort_categories=True)
        else:
            columns[name] = pd.concat([part[name] for part in parts], ignore_index=True).array
    shapes = np.concatenate([part.geometry.to_numpy() for part in parts])
    return validate(gpd.GeoDataFrame(columns, geometry=shapes, crs=BRITISH_NATIONAL_GRID))


def asb(incidents: Incidents) -> Incidents:
    """Rows recorded as antisocial behaviour."""
    return Incidents(incidents.loc[incidents["category"] == ASB])


def located(incidents: Incidents) -> Incidents:
    """Rows that have a place."""
    return Incidents(incidents.loc[~shapely.is_missing(incidents.geometry.to_numpy())])


def coordinates(incidents: Incidents) -> NDArray[np.float64]:
    """Easting and northing of located incidents, metres, shape (n, 2)."""
    return shapely.get_coordinates(incidents.geometry.to_numpy())
