"""What is up or down in a study area: its wards, and the hotspots found before."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break, find_breaks, together
from hotspots.analysis.changes import NEWEST, Changes, what_changed
from hotspots.analysis.hotspots import inside
from hotspots.periods import Period
from hotspots.study.answers import find
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.study.gathered import gathered
from hotspots.study.trend import rebuilt
from hotspots.tables.hotspots import Hotspots

_YEAR: Final = 12


@dataclass(frozen=True, eq=False)
class News:
    """
    What changed in a study area, and what cannot be compared.

    Attributes
    ----------
    changes
        Series that are up or down; wards by code, hotspots by key.
    breaks
        Steps in the level of the whole study area, those that people named with their name;
        nothing is compared across them.
    wards
        Name of each ward that was looked at, by code.
    before
        Hotspots of the months before the newest: those could be looked at fairly.
    period, newest
        Those months, and the newest.
    series
        Reports by month of what is listed, in that order.
    new
        Hotspots of the newest months where the months before had none, from `gathered`.
    """

    changes: Changes
    breaks: tuple[Break, ...]
    wards: pd.Series
    before: Hotspots
    period: Period
    newest: Period
    series: pd.DataFrame
    new: pd.DataFrame


def news(dataset: Dataset, asked: Study, *, named: tuple[Break, ...] = ()) -> News:
    """
    What changed up to the last month asked for, over all earlier months held.

    Nothing is compared across a step that was found, or that people named.

    A hotspot found in the newest months would be up because it was found there, so
    hotspots are those of the year before the newest months.
    """
    over = _over(dataset, asked)
    period, newest = _periods(over)
    before = find(study(dataset, replace(over.selection, period=period))).hotspots
    _, area, series = all_series(dataset, asked, before)
    breaks = together(find_breaks(area, over.status), named)
    changes = what_changed(series, over.status, area=area, breaks=breaks)
    if moved := rebuilt(over, Period(period.first, newest.last)):
        changes = replace(changes, notes=(*changes.notes, moved))
    return News(
        changes=changes,
        breaks=breaks,
        wards=over.wards["name"],
        before=before,
        period=period,
        newest=newest,
        series=series[changes.table.index],
        new=gathered(dataset, over, before, newest=newest, period=period),
    )


def all_series(
    dataset: Dataset, asked: Study, hotspots: Hotspots
) -> tuple[Study, pd.Series, pd.DataFrame]:
    """
    Months of the study area, and of each of its wards and of some hotspots.

    Returns
    -------
    over, area, series
        The study area over all months held up to the last asked for; its reports by month;
        and those of wards by code and of hotspots by key, not a number where not supplied.
    """
    over = _over(dataset, asked)
    area = counts.by_month(over.asb, over.status)["count"]
    return over, area, _series(over, hotspots)


def _over(dataset: Dataset, asked: Study) -> Study:
    held, last = dataset.period_of(asked.selection.sources), asked.selection.period.last
    return study(dataset, replace(asked.selection, period=Period(held.first, last)))


def _periods(over: Study) -> tuple[Period, Period]:
    """Up to a year before the newest months, and the newest."""
    held, last = over.selection.period.first, over.selection.period.last
    before = max(held, last - NEWEST)
    return (
        Period(max(held, before - (_YEAR - 1)), before),
        Period(max(held, last - (NEWEST - 1)), last),
    )


def _series(over: Study, hotspots: Hotspots) -> pd.DataFrame:
    """Reports by month, one column a ward and one a hotspot."""
    month = over.asb["month"]
    ward = over.ward.loc[over.asb.index].astype("str")
    number = pd.Series(inside(over.asb, hotspots), index=over.asb.index)
    wards = pd.crosstab(month, ward).reindex(columns=over.wards.index, fill_value=0)
    spots = pd.crosstab(month, number).reindex(columns=hotspots.index, fill_value=0)
    spots.columns = pd.Index(hotspots["key"], dtype="str")
    both = pd.concat([wards, spots], axis=1).reindex(over.status.index)
    # A month held without a report in a place is nought there; one not held stays unknown.
    filled = both.fillna(0).astype("float64")
    filled.loc[over.status == counts.MISSING] = float("nan")
    return filled
