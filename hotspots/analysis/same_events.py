"""
Rows of which a person said, or a score suspects, that they are one event.

A row has a key that stays the same when its month is read again, so that what a person
said of it holds.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from hotspots.tables.incidents import Incidents

# What a row says, besides when and where; nothing that is kept from some readers, for whom
# a key must be the same.
_SAID: Final = ("source", "category", "street", "kind", "qualifier", "reported")


def counted_twice(tables: list[pd.DataFrame]) -> int:
    """
    Reports that pairs may count twice: reports less the events they would be.

    Three reports of one event in three sources make three pairs and two too many.
    """
    pairs = [table[["a", "b"]].to_numpy() for table in tables if len(table)]
    if not pairs:
        return 0
    flat, _ = pd.factorize(np.concatenate(pairs).ravel())
    size = int(flat.max()) + 1
    return size - len(np.unique(_events(flat.reshape(-1, 2), size)))


def row_keys(incidents: Incidents) -> pd.Series:
    """
    Name of each row that stays the same when its month is read again.

    A hash of what the row says, and its number among rows that say the same: rows that
    cannot be told apart may change places, and nothing hangs on which is which.
    """
    xy = incidents.geometry.get_coordinates().reindex(incidents.index)
    said = pd.DataFrame(
        {
            **{name: incidents[name].astype("object") for name in _SAID},
            "month": incidents["month"].array.asi8,
            "begins": hours(incidents, "occurred_from"),
            "ends": hours(incidents, "occurred_to"),
            "x": xy["x"].to_numpy(),
            "y": xy["y"].to_numpy(),
        },
        index=incidents.index,
    )
    hashed = pd.util.hash_pandas_object(said, index=False)
    number = hashed.groupby(hashed).cumcount()
    names = [f"{one:016x}-{at}" for one, at in zip(hashed, number, strict=True)]
    return pd.Series(names, index=incidents.index, dtype="str")


def extra_rows(keys: pd.Series, same: Iterable[tuple[str, str]]) -> pd.Index:
    """
    Rows that are not counted, because a person said that another row is the same event.

    Of all rows of one event the first stays.

    Parameters
    ----------
    keys
        From `row_keys`.
    same
        Pairs of keys; a pair of which a row is no longer held does nothing.

    Examples
    --------
    >>> keys = pd.Series(["p", "q", "r", "s"], index=[10, 11, 12, 13])
    >>> extra_rows(keys, [("r", "p"), ("r", "q"), ("s", "gone")]).tolist()
    [11, 12]
    """
    at = {key: number for number, key in enumerate(keys)}
    ends = [(at[a], at[b]) for a, b in same if a in at and b in at]
    if not ends:
        return keys.index[:0]
    event = _events(np.array(ends), len(keys))
    first = pd.Series(event).duplicated().to_numpy()
    return keys.index[first]


def _events(ends: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    """Number of the event of each row, when the rows of each pair are one event."""
    entries: Any = (np.ones(len(ends)), (ends[:, 0], ends[:, 1]))
    graph: Any = sparse.coo_array(entries, shape=(size, size))
    _, event = sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(event, dtype=np.int32)


def hours(incidents: Incidents, name: str) -> NDArray[np.float64]:
    """Hours since 1970 of a column of times; not a number where there is none."""
    seconds = (incidents[name] - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return np.asarray(seconds.to_numpy(np.float64, na_value=np.nan) / 3600)
