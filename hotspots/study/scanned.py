"""What the early warning looks at: reports of a study area, and the period each is in."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break
from hotspots.analysis.clumps import LEAST_PAST
from hotspots.analysis.history import REBUILT
from hotspots.analysis.space_time_scan import LONGEST_DAYS, LONGEST_MONTHS
from hotspots.analysis.spans import DAYS_A_WEEK
from hotspots.study.cut import Study
from hotspots.tables.incidents import DATE, INSTANT, SNAP_POINT, WINDOW, Incidents

Ages = NDArray[np.int64]
MONTHS: Final = "months"
DAYS: Final = "days"
# Older months, and days, say little of what a place is like now.
MOST: Final = {MONTHS: 24, DAYS: 26 * DAYS_A_WEEK}
# Fewest that are enough: of days a quarter, so that each weekday has earlier ones of its own.
LEAST: Final = {MONTHS: LEAST_PAST + LONGEST_MONTHS, DAYS: 13 * DAYS_A_WEEK}
LONGEST: Final = {MONTHS: LONGEST_MONTHS, DAYS: LONGEST_DAYS}
# A Saturday is held against Saturdays.
PAST_STEP: Final = {MONTHS: 1, DAYS: DAYS_A_WEEK}
# A window longer than this does not say which day it was.
_LONGEST_WINDOW: Final = pd.Timedelta(hours=24)


@dataclass(frozen=True, eq=False)
class Scanned:
    """
    Reports with a place, and the period each is in.

    Attributes
    ----------
    rows
        Reports of the periods used.
    when
        Period of each, counted from 0.
    used
        The periods, the newest last; fewer than are enough leave it empty.
    """

    rows: Incidents
    when: Ages
    used: pd.PeriodIndex


def tells_days(asked: Study) -> bool:
    """Whether every report of a study area says its day."""
    known = asked.asb["time_precision"].isin([INSTANT, WINDOW, DATE])
    return bool(len(known) and known.all())


def scanned(over: Study, breaks: tuple[Break, ...], *, by: str) -> Scanned:
    """
    What may be compared with what is newest.

    Parameters
    ----------
    over
        The study area over all months up to the last asked about.
    breaks
        Nothing before the last of them is used.
    by
        "months" or "days".
    """
    cut = _days(over, breaks) if by == DAYS else _months(over, breaks)
    if len(cut.used) >= LEAST[by]:
        return cut
    return Scanned(Incidents(cut.rows.iloc[:0]), cut.when[:0], cut.used[:0])


def _starts(over: Study, breaks: tuple[Break, ...]) -> list[pd.Period]:
    """Months before which nothing is like now."""
    starts = [one.month for one in breaks]
    if (over.asb["place_precision"] == SNAP_POINT).any():
        # Map points were made anew: what lay within 100 m before is elsewhere since.
        starts.append(REBUILT)
    return [month for month in starts if month <= over.selection.period.last]


def _months(over: Study, breaks: tuple[Break, ...]) -> Scanned:
    known, last = over.status, over.selection.period.last
    used = pd.PeriodIndex(known.index[known == counts.HELD])
    after = max(_starts(over, breaks), default=None)
    used = used if after is None else used[used >= after]
    used = used[-MOST[MONTHS] :]
    if not len(used) or used[-1] != last:  # a newest month not supplied in full is no now
        used = used[:0]
    rows = Incidents(over.located.loc[over.located["month"].isin(used)])
    when = used.get_indexer(pd.PeriodIndex(rows["month"])).astype(np.int64)
    return Scanned(rows, when, used)


def _days(over: Study, breaks: tuple[Break, ...]) -> Scanned:
    rows = over.located
    window = rows["occurred_to"] - rows["occurred_from"]
    known = rows["time_precision"].isin([INSTANT, WINDOW, DATE])
    rows = rows.loc[(known & (window <= _LONGEST_WINDOW)).to_numpy()]
    day = pd.PeriodIndex(rows["occurred_from"].dt.tz_localize(None).dt.to_period("D"))
    gaps = over.status.index[over.status != counts.HELD] + 1
    after = max([*_starts(over, breaks), *gaps], default=over.selection.period.first)
    first = after.asfreq("D", how="start")
    last = over.selection.period.last.asfreq("D", how="end")
    inside = (day >= first) & (day <= last)
    rows, day = rows.loc[np.asarray(inside)], day[inside]
    if not len(rows):
        return Scanned(Incidents(rows), np.empty(0, dtype=np.int64), pd.PeriodIndex([], freq="D"))
    # A source that ends within its last month has its now where it ends.
    last = day.max()
    used = pd.period_range(max(first, last - (MOST[DAYS] - 1)), last, freq="D")
    kept = np.asarray(day >= used[0])
    return Scanned(Incidents(rows.loc[kept]), used.get_indexer(day[kept]).astype(np.int64), used)
