"""Hotspots of the newest months on ground where the months before had none."""

from dataclasses import replace
from typing import Final

import pandas as pd
import shapely

from hotspots.analysis.changes import LEAST_EARLIER
from hotspots.analysis.hotspots import inside
from hotspots.periods import Period
from hotspots.study.answers import find
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.tables import hotspots as hotspots_table
from hotspots.tables.hotspots import Hotspots

COLUMNS: Final = ("key", "streets", "ward_name", "incidents", "before", "returned")


def gathered(
    dataset: Dataset, over: Study, before: Hotspots, *, newest: Period, period: Period
) -> pd.DataFrame:
    """
    Hotspots of the newest months that share no ground with a hotspot of the months before.

    Each is found by the rule of every hotspot, in its own months. A place is found where
    reports gathered, so that some are new by chance: whether one is beyond its own past is
    what the early warning asks.

    Parameters
    ----------
    dataset, over
        The data, and the study area over all months held.
    before, period
        Hotspots of the months before, and these months.
    newest
        The newest months.

    Returns
    -------
    new
        Most reports first: `key`, `streets`, `ward_name`, `incidents` (in the newest
        months), `before` (on the same ground, in the months before), `returned` (whether
        the ground shares some with a hotspot of the months before those). Empty when fewer
        than six months lie before.
    """
    if len(period) < LEAST_EARLIER or newest.first <= period.last:
        return pd.DataFrame(columns=list(COLUMNS))
    now = _found(dataset, over, newest)
    new = Hotspots(now.loc[~_shares(now, before)])
    held = over.selection.period.first
    earlier = (
        _found(dataset, over, Period(held, period.first - 1))
        if held < period.first
        else hotspots_table.empty()
    )
    month = over.located["month"]
    number = pd.Series(inside(over.located, new), index=month.index)
    counted = number.loc[(month >= period.first) & (month <= period.last)].value_counts()
    table = pd.DataFrame(new[["key", "streets", "ward_name", "incidents"]])
    return table.assign(
        before=counted.reindex(new.index, fill_value=0), returned=_shares(new, earlier)
    )


def _found(dataset: Dataset, over: Study, period: Period) -> Hotspots:
    return find(study(dataset, replace(over.selection, period=period))).hotspots


def _shares(some: Hotspots, others: Hotspots) -> pd.Series:
    """Whether each shares ground with any of the others."""
    ground = shapely.union_all(others.geometry.to_numpy())
    shared = shapely.area(shapely.intersection(some.geometry.to_numpy(), ground))
    return pd.Series(shared > 0, index=some.index)
