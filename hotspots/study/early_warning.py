"""What is gathering now in a study area, and how often the same question spoke in the past."""

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break, find_breaks
from hotspots.analysis.clumps import LEAST_PAST
from hotspots.analysis.history import REBUILT
from hotspots.analysis.space_time_scan import (
    LONGEST_MONTHS,
    SIMULATIONS,
    Scan,
    permutation_scan,
)
from hotspots.periods import Period
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.tables.incidents import SNAP_POINT, coordinates

Ages = NDArray[np.int64]
# Older months say little of what a place is like now.
MOST_MONTHS: Final = 24
# Past months that a replay looks at.
REPLAYED: Final = 12
_REPLAY_SIMULATIONS: Final = 199


@dataclass(frozen=True, eq=False)
class Warned:
    """
    What is gathering now.

    Attributes
    ----------
    scan
        The cylinders.
    places
        Warnings only, strongest first: the scan's columns, `street` and `ward_name` of
        most of the reports in each, `first` and `last` month.
    months
        Months compared, the newest last; too few of them leave the scan empty.
    """

    scan: Scan
    places: pd.DataFrame
    months: pd.PeriodIndex

    @property
    def enough(self) -> bool:
        """Whether enough months are held to say anything."""
        return len(self.months) >= LEAST_PAST + LONGEST_MONTHS


def early_warning(
    dataset: Dataset, asked: Study, *, breaks: tuple[Break, ...] | None = None
) -> Warned:
    """
    What is gathering in the newest months up to the last one asked for.

    Parameters
    ----------
    dataset, asked
        The study area; earlier months are taken from all that is held.
    breaks
        Nothing before the last of them is used; None = those that are found.
    """
    over = _over(dataset, asked)
    if breaks is None:
        breaks = find_breaks(counts.by_month(over.asb, over.status)["count"], over.status)
    return _warned(over, breaks, simulations=SIMULATIONS)


def replay(dataset: Dataset, asked: Study, *, breaks: tuple[Break, ...] = ()) -> tuple[int, int]:
    """
    How many of the months before would have had a warning, asked as they then were.

    Returns
    -------
    spoke, looked
        Months with a warning, of up to twelve months that could be asked.
    """
    spoke = looked = 0
    over = _over(dataset, asked)
    for back in range(1, REPLAYED + 1):
        last = over.selection.period.last - back
        if last < over.selection.period.first:
            break
        period = Period(over.selection.period.first, last)
        then = _warned(
            study(dataset, replace(over.selection, period=period)),
            tuple(one for one in breaks if one.month <= last),
            simulations=_REPLAY_SIMULATIONS,
        )
        looked += then.enough
        spoke += bool(len(then.places))
    return spoke, looked


def _over(dataset: Dataset, asked: Study) -> Study:
    """The study area over all months held up to the last one asked for."""
    held = dataset.period_of(asked.selection.sources)
    last = asked.selection.period.last
    return study(dataset, replace(asked.selection, period=Period(held.first, last)))


def _warned(over: Study, breaks: tuple[Break, ...], *, simulations: int) -> Warned:
    known = over.status
    used = pd.PeriodIndex(known.index[known == counts.HELD])
    last = over.selection.period.last
    starts = [one.month for one in breaks]
    if (over.asb["place_precision"] == SNAP_POINT).any():
        # Map points were made anew: what lay within 100 m before is elsewhere since.
        starts.append(REBUILT)
    after = max((month for month in starts if month <= last), default=None)
    used = used if after is None else used[used >= after]
    used = used[-MOST_MONTHS:]
    rows = over.located.loc[over.located["month"].isin(used)]
    when = used.get_indexer(pd.PeriodIndex(rows["month"])).astype(np.int64)
    # A newest month that was not supplied in full is no now.
    now = len(used) > 0 and used[-1] == over.selection.period.last
    if not now or len(used) < LEAST_PAST + LONGEST_MONTHS:
        used, rows, when = used[:0], rows.iloc[:0], when[:0]
    xy = coordinates(rows) if len(rows) else np.empty((0, 2))
    scan = permutation_scan(xy, when, periods=len(used), simulations=simulations)
    return Warned(scan, _named(scan.warnings(), over, rows, when), used)


def _named(warnings: pd.DataFrame, over: Study, rows: gpd.GeoDataFrame, when: Ages) -> pd.DataFrame:
    """Warnings with the street and ward that hold most of their reports, and their months."""
    names = []
    last = over.selection.period.last
    xy = shapely.get_coordinates(rows.geometry.to_numpy())
    for _, row in warnings.iterrows():
        inside = np.hypot(xy[:, 0] - row["easting"], xy[:, 1] - row["northing"]) <= row["radius_m"]
        part = rows.loc[inside & (when > when.max() - row["length"])]
        ward = over.ward.loc[part.index].mode()
        name = over.wards["name"].get(ward.iloc[0], "") if len(ward) else ""
        street = part["street"].astype("str").mode()
        names.append((str(street.iloc[0]), str(name), part["month"].min(), last))
    columns = ["street", "ward_name", "first", "last"]
    return warnings.join(pd.DataFrame(names, columns=columns, index=warnings.index))
