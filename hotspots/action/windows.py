"""
Which areas each window of a day goes to, where the hours of reports are known.

A window is worth, to each area, the reports a month that are expected in the area in the
window's hours. Windows that begin and end together are one question (`rounds`); questions
are asked in the order of what their windows hold, so that an area's few visits of a day go
to its best hours. Without hours every window is alike, and one round serves them all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.action.patrols import DAYS_A_WEEK, MINUTES_AN_HOUR, Shift, Terms
from hotspots.analysis.clock import DAY_BEGINS

Floats = NDArray[np.float64]
_HOURS_A_DAY = 24


@dataclass(frozen=True)
class Window:
    """
    One window of a shift.

    Attributes
    ----------
    shift
        Whose.
    number
        From 1.
    opens
        When, by the clock of London.
    minutes
        How long it is.
    """

    shift: Shift
    number: int
    opens: pd.Timestamp
    minutes: int

    @property
    def closes(self) -> pd.Timestamp:
        """When it is over."""
        return self.opens + pd.Timedelta(minutes=self.minutes)

    def within(self, other: "Window", gap_min: int) -> bool:
        """Whether visits in the two may come nearer to each other than a gap."""
        gap = pd.Timedelta(minutes=gap_min)
        return self.opens < other.closes + gap and other.opens < self.closes + gap


def windows_of(shifts: Iterable[Shift], terms: Terms) -> list[Window]:
    """Every window of some shifts, shift by shift."""
    return [
        Window(
            shift,
            number + 1,
            terms.begins(shift) + pd.Timedelta(minutes=number * terms.window_min(shift)),
            terms.window_min(shift),
        )
        for shift in shifts
        for number in range(terms.visits_a_day)
    ]


def shares(window: Window, clocks: Floats) -> Floats:
    """
    Share of each area's reports that happen in a window's hours of its day of the week.

    Parameters
    ----------
    window
        The window; minutes of a part of an hour count as that part.
    clocks
        (areas, 7, 24), from `analysis.area_clocks`.
    """
    times = pd.date_range(window.opens, periods=window.minutes, freq="min")
    of_day = np.asarray(times.hour, dtype=np.int64)
    day = (np.asarray(times.day_of_week, dtype=np.int64) - (of_day < DAY_BEGINS)) % DAYS_A_WEEK
    hour = (of_day - DAY_BEGINS) % _HOURS_A_DAY
    return np.asarray(clocks[:, day, hour].sum(axis=1) / MINUTES_AN_HOUR)


def together(windows: Sequence[Window], worth: Sequence[float]) -> list[list[int]]:
    """Positions of windows that begin and end alike, those that hold most first."""
    groups: dict[tuple[pd.Timestamp, int], list[int]] = {}
    for place, window in enumerate(windows):
        groups.setdefault((window.opens, window.minutes), []).append(place)
    return sorted(groups.values(), key=lambda some: (-worth[some[0]], some[0]))
