"""What a week's plan holds: its visits, the areas that have one, and those that have none."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from hotspots.action.patrols import Shift, Terms

VISITS: Final = (
    "day",
    "unit",
    "window",
    "order",
    "area",
    "key",
    "starts",
    "ends",
    "travel_min",
    "officers",
    "mode",
    "holds",
)


@dataclass(frozen=True, eq=False)
class Plan:
    """
    A week of visits.

    Attributes
    ----------
    shifts, terms
        What it was made from.
    visits
        A row for each, in order of time, with `VISITS` as columns; `travel_min` is the way
        from the unit's visit before, 0 at the start of a shift; `holds` is the reports a
        month expected in the area in the hours of the visit's window, missing where no
        hours are known.
    areas
        Indexed by number, those with a visit: `key`, `expected` (reports a month),
        `visits`, `officer_hours` (visits and ways), `per_hour` (reports a month for each
        officer-hour of the week).
    dropped
        Indexed by number, those without: `key`, `expected`, `why` (one of the constants
        of `left_out`), and for want of time `unit`, `way_min` (what it would add to the
        nearest round) and `free_min` (what that round has left).
    officer_hours, visiting_hours, travel_hours
        Paid, spent in areas, and on the way between them.
    reached
        Reports a month expected in areas with a visit; an area that has fewer visits than
        asked for counts in part.
    proved
        Whether the solver proved every choice to be the best; each is a day's, and a
        window's of a day where hours are known.
    within
        Otherwise, how far from the best the worst choice can be: a share.
    timed
        Reports a month expected in the areas in the hours of the windows in which they are
        visited; None where no hours are known.
    short
        (key, visits) of priorities and wards that could not be given what was asked.
    on_roads
        Share of the ways from one visit to the next that were measured along roads, the
        others being the straight line and its detour; None where no roads are loaded.
    """

    shifts: tuple[Shift, ...]
    terms: Terms
    visits: pd.DataFrame
    areas: pd.DataFrame
    dropped: pd.DataFrame
    officer_hours: float
    visiting_hours: float
    travel_hours: float
    reached: float
    proved: bool
    within: float
    short: tuple[str, ...]
    timed: float | None = None
    on_roads: float | None = None

    @property
    def per_officer_hour(self) -> float:
        """Reports a month reached for each officer-hour of the week."""
        return self.reached / self.officer_hours if self.officer_hours else float("nan")
