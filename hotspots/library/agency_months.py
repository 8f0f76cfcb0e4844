"""Partners' months of the library, read back as incidents."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from hotspots.library import months, parquet
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.sources.agency_mapping import of_toml
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


def to_incidents(held: Iterable[months.Month], category: str | None) -> Incidents:
    """Reports of partners, in the order of the months given."""
    tables: list[pa.Table] = []
    names: list[str] = []
    ordinals: list[int] = []
    for one in held:
        with suppress(FileNotFoundError):  # removed since it was listed
            table, note = parquet.read(one.path, list(_COLUMNS))
            if category is not None:
                table = table.filter(pc.equal(table["category"], category))
            tables.append(table)
            names.append(str(note["source"]))
            ordinals.append(one.month.ordinal)
    if not tables:
        return contract.empty()
    lengths = [table.num_rows for table in tables]
    whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    return _incidents(whole, _named(names, lengths), np.repeat(ordinals, lengths))


def forces_named(held: Iterable[months.Month]) -> dict[str, str]:
    """Source → the police force its mapping names, where it names one."""
    return {
        str(one.note["source"]): str(one.note["named_force"])
        for one in held
        if one.note.get("named_force")
    }


def with_text(held: Iterable[months.Month]) -> tuple[str, ...]:
    """Sources whose mapping had their free text kept, by name."""
    kept = {str(one.note["source"]) for one in held if _is_kept(one.note)}
    return tuple(sorted(kept))


def free_text(held: Iterable[months.Month]) -> pd.DataFrame:
    """
    Free text of some months, one row for each of their rows, in their order.

    It is no column of incidents, so that no map, table, export or cache of them can hold it.
    Who may read it is asked in `action.roles`, and every reading is for the caller to note.

    Returns
    -------
    rows
        `month`, and `text`; missing where there is none.
    """
    parts = [pd.DataFrame({"month": [], "text": []})]
    for one in held:
        table, _ = parquet.read(one.path)
        no_text = pa.nulls(table.num_rows, pa.string())
        text = table["text"] if "text" in table.column_names else no_text
        parts.append(pd.DataFrame({"month": one.month, "text": text.to_pandas().astype("object")}))
    return pd.concat(parts, ignore_index=True).astype({"month": "period[M]", "text": "str"})


def _is_kept(note: Mapping[str, Any]) -> bool:
    said = str(note.get("mapping", ""))
    return bool(said) and of_toml(said, "the mapping").keep_text


def _named(names: list[str], lengths: list[int]) -> pd.Categorical:
    words = sorted(set(names))
    codes = np.repeat([words.index(name) for name in names], lengths)
    return pd.Categorical.from_codes(codes.astype(np.int16), pd.Index(words, dtype="str"))


def _incidents(table: pa.Table, source: pd.Categorical, month: NDArray[np.int64]) -> Incidents:
    easting, northing = (
        table[column].to_numpy().astype("float64") for column in ("easting", "northing")
    )
    shapes = np.full(table.num_rows, None, dtype=object)
    placed = np.isfinite(easting)
    shapes[placed] = shapely.points(easting[placed], northing[placed])
    words = ("category", "street", "lsoa", "kind", "repeat_key")
    columns: dict[str, Any] = {
        "source": source,
        "force": source.copy(),
        "month": pd.arrays.PeriodArray(month, dtype=pd.PeriodDtype("M")),
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
