"""Weeks of one part of a study area, where its reports say their day."""

from dataclasses import dataclass, replace

import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break, not_across
from hotspots.analysis.spans import WEEKS_A_YEAR
from hotspots.analysis.weeks import by_week, supply_by_week, week_of
from hotspots.periods import Period
from hotspots.study.answers import part
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.study.trend import Told, of_series
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import DATE, INSTANT, WINDOW, Incidents, asb

_DAYS_KNOWN = (INSTANT, WINDOW, DATE)


@dataclass(frozen=True, eq=False)
class Weeks:
    """
    ISO weeks of one part of a study area.

    Attributes
    ----------
    weeks
        Of the period asked about, as `counts.beside_year_before` gives months; the year
        before is 52 weeks before, left empty across a break.
    told
        What they and all earlier weeks held tell.
    used, left_out
        Reports of the period in the weeks, and those of which no week is known.
    """

    weeks: pd.DataFrame
    told: Told
    used: int
    left_out: int


def days_known(rows: Incidents) -> Incidents:
    """Reports that say their day."""
    return Incidents(rows.loc[rows["time_precision"].isin(_DAYS_KNOWN)])


def has_weeks(asked: Study) -> bool:
    """Whether any report of a study area says its day."""
    return bool(asked.asb["time_precision"].isin(_DAYS_KNOWN).any())


def weeks(
    dataset: Dataset,
    asked: Study,
    subject: str,
    hotspots: Hotspots,
    *,
    breaks: tuple[Break, ...] = (),
) -> Weeks:
    """
    Weeks up to the last month asked for.

    Parameters
    ----------
    dataset, asked, subject, hotspots, breaks
        As for `trend.told`.
    """
    chosen = dataset.only(asked.selection.sources)
    period = Period(dataset.period_of(asked.selection.sources).first, asked.selection.period.last)
    over = study(dataset, replace(asked.selection, period=period))
    dated = days_known(chosen.incidents)
    by_month = counts.supply(dated, period, forces=over.forces)
    status = supply_by_week(by_month, _spans(dated), period)
    rows = days_known(part(over, subject, hotspots))
    week = week_of(rows["occurred_from"], rows["occurred_to"])
    every = by_week(week, status)
    before = every["count"].set_axis(every.index + WEEKS_A_YEAR).reindex(every.index)
    every["year_before"] = not_across(before, breaks, months=WEEKS_A_YEAR)
    first, last = asked.selection.period.first.start_time, asked.selection.period.last.end_time
    # A newest week that is not whole is left out, and is not the provisional one.
    held = every.loc[: every["count"].last_valid_index()]
    index, now = pd.PeriodIndex(every.index), part(asked, subject, hotspots)
    known = week.reindex(now.index).isin(every.index[every["count"].notna()])
    return Weeks(
        weeks=every.loc[(index.end_time >= first) & (index.start_time <= last)],
        told=of_series(held["count"], held["status"], breaks=breaks),
        used=int(known.sum()),
        left_out=int((~known).sum()),
    )


def _spans(dated: Incidents) -> pd.DataFrame:
    """First and last day with a report, by source."""
    rows = asb(dated)
    start = rows["occurred_from"].dt.tz_localize(None).dt.to_period("D")
    spans = start.groupby(rows["source"].astype("str")).agg(["min", "max"])
    return pd.DataFrame({"first": spans["min"], "last": spans["max"]})
