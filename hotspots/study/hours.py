"""At which hours and on which days reports of a part of a study area happened."""

from dataclasses import dataclass

import pandas as pd

from hotspots.analysis.clock import Clock, by_day, clock
from hotspots.study.answers import part
from hotspots.study.cut import Study
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import DATE, INSTANT, WINDOW


@dataclass(frozen=True, eq=False)
class Hours:
    """
    Hours and days of one part of a study area.

    Attributes
    ----------
    clock
        By hour of operational day.
    daily
        By calendar day, of all reports of which a day is known; empty for months only.
    dated
        Reports of which only the day is known: in `daily`, not in the clock.
    """

    clock: Clock
    daily: pd.Series
    dated: int

    @property
    def known(self) -> bool:
        """Whether any report says more than its month."""
        return len(self.daily) > 0


def hours(asked: Study, subject: str, hotspots: Hotspots) -> Hours:
    """
    Hours and days of the whole area, of a ward or of a hotspot.

    Parameters
    ----------
    asked, subject, hotspots
        As for `answers.part`.
    """
    rows = part(asked, subject, hotspots)
    timed = rows.loc[rows["time_precision"].isin([INSTANT, WINDOW])]
    dated = rows.loc[rows["time_precision"].isin([INSTANT, WINDOW, DATE])]
    return Hours(
        clock=clock(timed["occurred_from"], timed["occurred_to"], untimed=len(rows) - len(timed)),
        daily=by_day(dated["occurred_from"], dated["occurred_to"]),
        dated=len(dated) - len(timed),
    )
