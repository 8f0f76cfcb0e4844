"""Wards as the library keeps them: one GeoParquet file for each vintage."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from hotspots.errors import LibraryError
from hotspots.library import parquet
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import wards as contract
from hotspots.tables.wards import Wards

FOLDER: Final = "wards"
COLUMNS: Final = (
    "vintage",
    "authority",
    "authority_name",
    "wards",
    "publisher",
    "licence",
    "url",
    "file",
    "sha256",
    "read_at",
    "importer",
)


def name(vintage: int) -> str:
    """Where the wards of a vintage stand in the library."""
    return f"{FOLDER}/{vintage}.parquet"


def vintages(folder: Path) -> list[int]:
    """Years of the boundaries held, oldest first."""
    stems = (path.stem for path in (folder / FOLDER).glob("*.parquet"))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def read(folder: Path, vintage: int) -> Wards:
    """
    Wards of one vintage, residents not yet known.

    Raises
    ------
    LibraryError
        When the vintage is not held.
    """
    try:
        table, _ = parquet.read(folder / name(vintage))
    except FileNotFoundError:
        years = ", ".join(map(str, vintages(folder))) or "none"
        raise LibraryError(
            f"No wards of {vintage} are loaded (loaded: {years}); import them with "
            "`python -m hotspots wards PATH`."
        ) from None
    index = pd.Index(table["code"].to_pylist(), name="code", dtype="str")
    words = {
        column: pd.Series(table[column].to_pylist(), index=index, dtype="str")
        for column in ("name", "authority", "authority_name")
    }
    frame = gpd.GeoDataFrame(
        words | {"vintage": vintage, "residents": np.nan},
        index=index,
        geometry=shapely.from_wkb(table["geometry"].to_numpy()),
        crs=BRITISH_NATIONAL_GRID,
    )
    return contract.validate(frame)


def parts(folder: Path, vintage: int) -> dict[str, dict[str, Any]]:
    """Provenance of a vintage held, by local authority; empty when it is not held."""
    try:
        return dict(parquet.note_of(folder / name(vintage))["parts"])
    except FileNotFoundError:
        return {}


def merged(folder: Path, new: Wards, provenance: dict[str, Any]) -> bytes:
    """
    The file of a vintage after some wards came in.

    Wards of the authorities in `new` take the place of all wards held of those
    authorities; wards of other authorities stay.
    """
    vintage = int(new["vintage"].iloc[0])
    together = gpd.GeoDataFrame(new)
    held = parts(folder, vintage)
    if held:
        old = read(folder, vintage)
        gone = old["authority"].isin(new.loc[new["authority"] != "", "authority"])
        stays = old.loc[~(gone | old.index.isin(new.index))]
        together = gpd.GeoDataFrame(pd.concat([stays, new]).sort_index(), crs=BRITISH_NATIONAL_GRID)
    fresh = set(new["authority"])
    sources = {
        str(code): {
            **(provenance if code in fresh else held[str(code)]),
            "authority_name": wards["authority_name"].iloc[0],
            "wards": len(wards),
        }
        for code, wards in together.groupby("authority")
    }
    note = {"vintage": vintage, "wards": len(together), "parts": sources}
    sink = BytesIO()
    together.drop(columns=["vintage", "residents"]).to_parquet(sink, index=True)
    return parquet.packed(pq.read_table(sink), note, plain=("geometry",))


def catalogue(folder: Path) -> pd.DataFrame:
    """One row for each vintage and local authority held: see `COLUMNS`."""
    rows = [
        {"vintage": vintage, "authority": code, **part}
        for vintage in vintages(folder)
        for code, part in sorted(parts(folder, vintage).items())
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"vintage": "int64", "wards": "int64"})
