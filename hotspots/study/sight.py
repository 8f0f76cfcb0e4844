"""
What one reader may see of a dataset: which sources, where, how exactly and in which columns.

What a reader may not see is taken out before anything is worked out, so that no map, table,
file or cache made for them can hold it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis.areas import assign
from hotspots.errors import DeniedError
from hotspots.settings import OPEN_SOURCES
from hotspots.study.cut import inside
from hotspots.study.dataset import Dataset
from hotspots.study.doubles import Pair, counted_once
from hotspots.tables import incidents as table
from hotspots.tables.incidents import Incidents

# Columns of a report that may be kept from a reader; the others are needed to count it.
FIELDS: Final = (
    "street",
    "lsoa",
    "occurred_from",
    "occurred_to",
    "kind",
    "qualifier",
    "reported",
    "vulnerable",
    "repeat_key",
)
_TIMES: Final = {"occurred_from", "occurred_to"}
_WORDLESS: Final = ("street", "lsoa")


@dataclass(frozen=True)
class Grant:
    """
    Some reports, as one reader may see them.

    Attributes
    ----------
    sources
        Whose reports; None = everybody's.
    hidden
        Columns that stand empty.
    square_m
        Side of the square that each place is moved to the middle of, metres; 0 = as recorded.
    areas
        Study areas the reports must lie in, as codes of a selection; None = anywhere.
    """

    sources: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    square_m: int = 0
    areas: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether what is granted is shown as it was recorded."""
        return not self.hidden and not self.square_m

    @property
    def words(self) -> str:
        """Text that differs exactly when what is granted does."""
        parts = (self.sources, self.hidden, self.areas)
        named = [None if part is None else sorted(part) for part in parts]
        return repr((*named, self.square_m))


@dataclass(frozen=True)
class Sight:
    """
    What one reader may see; a report is seen as the first grant that covers it says.

    Examples
    --------
    >>> Sight((Grant(),)).words == EVERYTHING.words
    True
    """

    grants: tuple[Grant, ...]

    @property
    def words(self) -> str:
        """Text that differs exactly when what may be seen does: part of a cache key."""
        return "; ".join(grant.words for grant in self.grants)


EVERYTHING: Final = Sight((Grant(),))
OPEN_DATA: Final = Sight((Grant(OPEN_SOURCES),))


def seen(dataset: Dataset, sight: Sight, same: Iterable[Pair] = ()) -> Dataset:
    """
    Dataset as a reader may see it; the same one when nothing is kept from them.

    Its identity says that something was kept back, so that a link between two readers who
    see different data tells them so.

    Parameters
    ----------
    dataset
        Everything loaded.
    sight
        What the reader may see.
    same
        Pairs of reports that a person said are one event. Of such a pair a reader who may
        see one report sees that one, whichever it is.

    Raises
    ------
    DeniedError
        When nothing of it may be seen.
    """
    pairs = list(same)
    whole = _with_both(dataset) if pairs else dataset
    granted = _first_grant(whole, sight)
    used = np.unique(granted)
    if len(granted) and used[0] >= 0 and all(sight.grants[n].whole for n in used):
        return dataset
    if not (granted >= 0).any():
        raise DeniedError("None of the reports that are loaded may be shown to you.")
    visible = Incidents(whole.incidents.loc[granted >= 0])
    once = counted_once(visible, pairs).index
    held = _as_granted(whole.incidents, pd.Series(granted, index=whole.incidents.index), sight)
    incidents = _without_unused(held.loc[once]) if len(once) < len(held) else held
    sources = set(held["source"].cat.categories)
    told = f"{dataset.identity} {sight.words}"
    return replace(
        dataset,
        identity=hashlib.sha256(told.encode()).hexdigest()[: len(dataset.identity)],
        incidents=incidents,
        held=held,
        assignment=assign(incidents, dataset.wards),
        catalogue=_of(dataset.catalogue, sources),
        holdings=_of(dataset.holdings, sources),
    )


def _with_both(dataset: Dataset) -> Dataset:
    return replace(dataset, incidents=dataset.held, assignment=assign(dataset.held, dataset.wards))


def _of(frame: pd.DataFrame, sources: set[str]) -> pd.DataFrame:
    return frame.loc[frame["source"].isin(sources)].reset_index(drop=True)


def _first_grant(dataset: Dataset, sight: Sight) -> NDArray[np.int64]:
    """Place of the first grant that covers each report; −1 = it may not be seen."""
    granted = np.full(len(dataset.incidents), -1)
    for number in reversed(range(len(sight.grants))):
        grant = sight.grants[number]
        covered = np.ones(len(granted), dtype=bool)
        if grant.sources is not None:
            covered &= dataset.incidents["source"].isin(grant.sources).to_numpy()
        if grant.areas is not None:
            covered &= _in_areas(dataset, grant.areas)
        granted[covered] = number
    return granted


def _in_areas(dataset: Dataset, areas: frozenset[str]) -> NDArray[np.bool_]:
    """Rows inside any of some study areas; one that is not loaded holds none."""
    covered = np.zeros(len(dataset.incidents), dtype=bool)
    for area in areas & set(dataset.choices.areas):
        covered |= inside(dataset, area).to_numpy()
    return covered


def _as_granted(incidents: Incidents, granted: pd.Series, sight: Sight) -> Incidents:
    parts = [_part(incidents.loc[granted == n], grant) for n, grant in enumerate(sight.grants)]
    rows = pd.concat([part for part in parts if len(part)]).sort_index()
    return _without_unused(gpd.GeoDataFrame(rows, geometry="geometry", crs=incidents.crs))


def _without_unused(rows: gpd.GeoDataFrame) -> Incidents:
    """Incidents whose categories hold no name of what was taken out."""
    whole = table.completed(rows)
    for name in table.CATEGORIES:
        words = whole[name].astype("category").cat.remove_unused_categories()
        whole[name] = words.cat.set_categories(sorted(words.cat.categories))
    return table.validate(whole)


def _part(rows: gpd.GeoDataFrame, grant: Grant) -> pd.DataFrame:
    shown = pd.DataFrame(rows).astype(dict.fromkeys(table.CATEGORIES, "object"))
    if grant.square_m:
        shown["geometry"] = _in_squares(rows, grant.square_m)
        placed = ~shapely.is_missing(rows.geometry.to_numpy())
        shown["place_precision"] = table.coded(
            "place_precision", np.where(placed, 0, 3).astype(np.int8)
        )
    hidden = set(grant.hidden)
    for name in hidden & set(_WORDLESS):
        shown[name] = ""
    if hidden & _TIMES:
        hidden |= _TIMES
        shown["time_precision"] = table.coded("time_precision", np.full(len(rows), 3, np.int8))
    nothing: dict[str, Any] = {
        name: table.completed(rows.drop(columns=[name]))[name] for name in hidden - set(_WORDLESS)
    }
    return shown.assign(**nothing)


def _in_squares(rows: gpd.GeoDataFrame, side: int) -> gpd.GeoSeries:
    def middle(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((np.floor(places / side) + 0.5) * side)

    moved = shapely.transform(rows.geometry.to_numpy(), middle)
    return gpd.GeoSeries(moved, index=rows.index, crs=rows.crs)
