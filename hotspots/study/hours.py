"""At which hours and on which days reports of a part of a study area happened."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.area_clocks import area_clocks
from hotspots.analysis.clock import Clock, by_day, clock
from hotspots.analysis.hotspots import inside
from hotspots.study.answers import part
from hotspots.study.cut import Study
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import DATE, INSTANT, WINDOW, Incidents, located
from hotspots.tables.patrol_areas import PatrolAreas


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


def hours_of_areas(asked: Study, areas: PatrolAreas) -> NDArray[np.float64] | None:
    """Hours of the week of each patrol area, as `area_clocks`; None where too few say an hour."""
    rows = located(asked.asb)
    timed = Incidents(rows.loc[rows["time_precision"].isin([INSTANT, WINDOW])])
    return area_clocks(
        timed["occurred_from"], timed["occurred_to"], inside(timed, Hotspots(areas)), areas.index
    )
