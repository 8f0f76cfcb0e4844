"""Trend of one part of a study area, over all months held."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break
from hotspots.analysis.control_chart import ControlChart, control_chart
from hotspots.analysis.history import REBUILT
from hotspots.analysis.spans import days
from hotspots.analysis.trends import Trend, trend
from hotspots.periods import Period
from hotspots.study.answers import part
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.study.sources import POLICE
from hotspots.tables.hotspots import Hotspots

REBUILT_NOTE: Final = (
    "The map points that the police's reports are moved to were made anew in July 2022: across "
    "that month a hotspot, or a small ward, can seem to rise or fall because its points moved."
)


@dataclass(frozen=True, eq=False)
class Told:
    """
    What the months of one part of a study area tell.

    Attributes
    ----------
    trend
        Against a year before, drift, season.
    chart
        Months beyond what the others make likely, season taken out where it is known.
    """

    trend: Trend
    chart: ControlChart


def told(
    dataset: Dataset,
    asked: Study,
    subject: str,
    hotspots: Hotspots,
    *,
    breaks: tuple[Break, ...] = (),
) -> Told:
    """
    Trend up to the last month asked for.

    Parameters
    ----------
    dataset, asked
        The study area; earlier months are taken from all that is held.
    subject, hotspots
        As for `answers.part`.
    breaks
        Nothing is compared across them.
    """
    period = Period(dataset.period_of(asked.selection.sources).first, asked.selection.period.last)
    over = study(dataset, replace(asked.selection, period=period))
    months = counts.by_month(part(over, subject, hotspots), over.status)["count"]
    found = of_series(months, over.status, breaks=breaks)
    moved = None if subject == "area" else rebuilt(over, period)
    if moved:
        notes = (*found.trend.notes, moved)
        found = replace(found, trend=replace(found.trend, notes=notes))
    return found


def rebuilt(over: Study, period: Period) -> str:
    """That map points were made anew within a period, where reports lie on them; or nothing."""
    on_points = (over.asb["source"] == POLICE).any()
    return REBUILT_NOTE if on_points and period.first < REBUILT <= period.last else ""


def of_series(counts: pd.Series, status: pd.Series, *, breaks: tuple[Break, ...] = ()) -> Told:
    """
    Trend of a series of months or of weeks, and its chart with the season taken out.

    Parameters
    ----------
    counts, status, breaks
        As for `analysis.trends.trend`.
    """
    found = trend(counts, status, breaks=breaks)
    known = found.months
    expected = None
    if known["separable"].any():
        expected = (known["season"] * days(pd.PeriodIndex(known.index))).fillna(0.0)
    return Told(found, control_chart(counts, status, breaks=breaks, expected=expected))
