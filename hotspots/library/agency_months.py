"""Partners' months of the library, read back as incidents."""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from hotspots.library import months, parquet
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import incidents as contract
from hotspots.tables.incidents import Incidents

_COLUMNS: Final = (
    "category",
    "kind",
    "street",
    "lsoa",
    "easting",
    "northing",
    "occurred_from",
    "occurred_to",
    "time_precision",
    "place_precision",
    "qualifier",
    "reported",
    "vulnerable",
    "repeat_key",
)


def to_incidents(held: Iterable[months.Month], category: str | None) -> list[Incidents]:
    """Reports of partners, one table for each month held."""
    found = (_incidents(one, category) for one in held)
    return [one for one in found if one is not None]


def forces_named(held: Iterable[months.Month]) -> dict[str, str]:
    """Source → the police force its mapping names, where it names one."""
    return {
        str(one.note["source"]): str(one.note["named_force"])
        for one in held
        if one.note.get("named_force")
    }


def _incidents(one: months.Month, category: str | None) -> Incidents | None:
    try:
        table, note = parquet.read(one.path, list(_COLUMNS))
    except FileNotFoundError:  # removed since it was listed
        return None
    if category is not None:
        table = table.filter(pc.equal(table["category"], category))
    rows = table.num_rows
    easting, northing = (
        table[column].to_numpy().astype("float64") for column in ("easting", "northing")
    )
    shapes = np.full(rows, None, dtype=object)
    placed = np.isfinite(easting)
    shapes[placed] = shapely.points(easting[placed], northing[placed])
    constant = np.zeros(rows, dtype=np.int8)
    name = pd.Index([str(note["source"])], dtype="str")
    words = ("category", "street", "lsoa", "kind", "repeat_key")
    columns: dict[str, Any] = {
        "source": pd.Categorical.from_codes(constant, name),
        "force": pd.Categorical.from_codes(constant, name),
        "month": pd.arrays.PeriodArray(np.full(rows, one.month.ordinal), dtype=pd.PeriodDtype("M")),
        **{column: _categorical(table[column]) for column in words},
        **{
            column: table[column].to_pandas().dt.tz_convert(contract.ZONE).dt.as_unit("us").array
            for column in ("occurred_from", "occurred_to")
        },
        **{column: contract.coded(column, table[column].to_numpy()) for column in contract.WORDS},
        "vulnerable": pd.array(table["vulnerable"].to_pandas(), dtype="boolean"),
    }
    frame = gpd.GeoDataFrame(
        {column: columns[column] for column in contract.COLUMNS[:-1]},
        geometry=shapes,
        crs=BRITISH_NATIONAL_GRID,
    )
    return contract.validate(frame)


def _categorical(column: pa.ChunkedArray) -> pd.Categorical:
    words = column.combine_chunks()
    codes = pc.fill_null(words.indices, -1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, pd.Index(words.dictionary.to_pylist(), dtype="str"))
