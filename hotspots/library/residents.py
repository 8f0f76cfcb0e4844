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


def merged(folder: Path, new: pd.Series, provenance: dict[str, str]) -> bytes:
    """The file after some wards' residents came in; each takes the place of its ward's."""
    fresh = new.to_frame().assign(**{name: provenance[name] for name in _SOURCE})
    old = _table(folder)
    together = pd.concat([old.loc[~old.index.isin(new.index)], fresh]).sort_index()
    table = pa.table(
        {
            "code": pa.array(together.index.to_list(), pa.string()),
            "residents": pa.array(together["residents"].to_numpy(dtype="float64")),
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
        columns = {name: [] for name in ("code", "residents", *_SOURCE)}
    words = {name: pd.Series(columns[name], dtype="str") for name in _SOURCE}
    frame = pd.DataFrame({"residents": pd.Series(columns["residents"], dtype="float64"), **words})
    return frame.set_axis(pd.Index(columns["code"], name="code", dtype="str"))
