"""Rows of street files as the library keeps them: a table for each force and month."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from hotspots.sources.street_columns import codes, compact

COLUMNS: Final = (
    "crime_id",
    "reported_by",
    "easting",
    "northing",
    "street",
    "lsoa",
    "category",
    "outcome",
    "context",
)


@dataclass(frozen=True, eq=False)
class Rows:
    """
    Rows of one force and month, in the order they were published.

    Attributes
    ----------
    force, month
        What they are of.
    table
        `COLUMNS`, as Arrow; easting and northing are null where there is no place.
    """

    force: str
    month: pd.Period
    table: pa.Table


def divided(
    table: pa.Table,
    months: pa.DictionaryArray,
    forces: pa.DictionaryArray,
    sound: NDArray[np.bool_],
) -> tuple[Rows, ...]:
    """
    Table cut by force and month, in the order of their names.

    Parameters
    ----------
    table
        `COLUMNS`, a row for each report.
    months, forces
        Of each row; months are written as 2025-03.
    sound
        Which rows to keep, in their order; each has a month and a force.
    """
    names, dates = forces.dictionary.to_pylist(), months.dictionary.to_pylist()
    key = codes(forces).astype(np.int64) * len(dates) + codes(months)
    kept = np.flatnonzero(sound)
    keys = np.unique(key[kept])
    if len(keys) == 1 and len(kept) == len(table):
        force, month = divmod(int(keys[0]), len(dates))
        return (Rows(names[force], pd.Period(dates[month], freq="M"), table),)
    order = kept[np.argsort(key[kept], kind="stable")]
    starts = np.searchsorted(key[order], keys)
    ends = [*starts[1:], len(order)]
    divided = []
    for one, start, end in zip(keys, starts, ends, strict=True):
        force, month = divmod(int(one), len(dates))
        part = compact(table.take(pa.array(order[start:end])))
        divided.append(Rows(names[force], pd.Period(dates[month], freq="M"), part))
    return tuple(sorted(divided, key=lambda rows: (rows.force, rows.month)))
