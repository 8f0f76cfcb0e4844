"""Residents by ward code as the library keeps them: one file, each row with its source."""

from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from hotspots.library import parquet

NAME: Final = "population/residents.parquet"
_SOURCE: Final = ("publisher", "licence", "url", "file", "sha256", "read_at")


def read(folder: Path) -> pd.Series:
    """Residents by ward code; empty when none are held."""
    return _table(folder)["residents"]


def deprivation(folder: Path) -> pd.Series:
    """Mean decile of deprivation by ward code; wards without one left out."""
    return _table(folder)["deprivation"].dropna()


def merged(
    folder: Path,
    new: pd.Series,
    provenance: dict[str, str],
    *,
    deprivation: pd.Series | None = None,
) -> bytes:
    """
    The file after some wards' residents came in; each takes the place of its ward's.

    What is known of a ward's deprivation stays where nothing new of it comes in.
    """
    fresh = new.to_frame().assign(**{name: provenance[name] for name in _SOURCE})
    old = _table(folder)
    known = old["deprivation"].reindex(fresh.index)
    if deprivation is not None:
        known = deprivation.reindex(fresh.index).fillna(known)
    fresh["deprivation"] = known.astype("float64")
    together = pd.concat([old.loc[~old.index.isin(new.index)], fresh]).sort_index()
    table = pa.table(
        {
            "code": pa.array(together.index.to_list(), pa.string()),
            "residents": pa.array(together["residents"].to_numpy(dtype="float64")),
            "deprivation": pa.array(together["deprivation"].to_numpy(dtype="float64")),
            **{name: pa.array(together[name].to_list(), pa.string()) for name in _SOURCE},
        }
    )
    return parquet.packed(table, {"wards": len(together)}, provenance=_SOURCE)


def catalogue(folder: Path) -> pd.DataFrame:
    """One row for each file of residents that is still in use."""
    frame = _table(folder).reset_index()
    return frame.groupby(list(_SOURCE), as_index=False).agg(
        wards=("code", "size"), residents=("residents", "sum")
    )


def _table(folder: Path) -> pd.DataFrame:
    try:
        columns = parquet.read(folder / NAME)[0].to_pydict()
    except FileNotFoundError:
        columns = {name: [] for name in ("code", "residents", "deprivation", *_SOURCE)}
    words = {name: pd.Series(columns[name], dtype="str") for name in _SOURCE}
    # A file kept before deprivation was read has none.
    numbers = {
        name: pd.Series(columns.get(name, [None] * len(columns["code"])), dtype="float64")
        for name in ("residents", "deprivation")
    }
    frame = pd.DataFrame({**numbers, **words})
    return frame.set_axis(pd.Index(columns["code"], name="code", dtype="str"))
