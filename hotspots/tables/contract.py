"""What every contract shares: its columns, its grid, and one message for all that is broken."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from hotspots.errors import TableError
from hotspots.settings import BRITISH_NATIONAL_GRID


def faults(what: str, frame: gpd.GeoDataFrame, columns: Mapping[str, str]) -> list[str]:
    """
    Rules that any table must keep: its columns and its grid.

    Parameters
    ----------
    what
        The table's name, as a sentence begins with it.
    frame
        To be checked.
    columns
        The columns it must have, besides its geometry, and their types.

    Returns
    -------
    broken
        Rules that are broken, for more to be added; empty when none is.

    Raises
    ------
    TableError
        When columns are missing: nothing more can be said then.
    """
    missing = [name for name in (*columns, "geometry") if name not in frame.columns]
    if missing:
        raise TableError(f"{what} are not sound: no column {', '.join(missing)}.")
    if frame.crs == BRITISH_NATIONAL_GRID:
        return []
    return [f"coordinates are {frame.crs}, not {BRITISH_NATIONAL_GRID}"]


def settle(what: str, broken: list[str]) -> None:
    """
    Nothing, or one error that names every broken rule.

    Raises
    ------
    TableError
        When any rule is broken.
    """
    if broken:
        raise TableError(f"{what} are not sound: {'; '.join(broken)}.")


def ranked(frame: gpd.GeoDataFrame) -> list[str]:
    """Broken rules of a table numbered by rank, each row with a grid reference of its own."""
    broken = []
    if list(frame.index) != list(range(1, len(frame) + 1)):
        broken.append("they are not numbered from 1")
    if not frame["key"].is_unique:
        broken.append("two share a grid reference")
    return broken


def nothing(columns: Mapping[str, str], index: pd.Index) -> gpd.GeoDataFrame:
    """Table of no row, with every column of its type."""
    return gpd.GeoDataFrame(
        {name: pd.Series(dtype=kind) for name, kind in columns.items()},
        geometry=gpd.GeoSeries([], crs=BRITISH_NATIONAL_GRID),
        index=index,
    )
