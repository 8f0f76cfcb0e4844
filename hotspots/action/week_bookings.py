"""
Visits that a week's plan has booked so far: none above an area's cap, none too near another.

The plan asks day by day what each area may still have, and books what it chose (`patrol_week`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from hotspots.action.patrols import LONDON, Shift, Terms
from hotspots.action.rounds import Ints
from hotspots.action.timetable import Slot
from hotspots.action.week_plan import VISITS
from hotspots.action.windows import Floats
from hotspots.tables.patrol_areas import PatrolAreas

_TIME: Final = f"datetime64[us, {LONDON}]"
_TYPES: Final = {
    "unit": "str",
    "window": "int64",
    "order": "int64",
    "area": "int64",
    "key": "str",
    "starts": _TIME,
    "ends": _TIME,
    "travel_min": "int64",
    "officers": "int64",
    "mode": "str",
    "holds": "float64",
}


class Bookings:
    """
    What is booked, as the plan grows.

    Parameters
    ----------
    areas, terms
        What is planned for, and on what terms.
    done
        Visits already made in the week by area's key.

    Attributes
    ----------
    made
        Visits by key: booked, and with those made before.
    planned
        Visits by key that are booked.
    by_ward
        The same by ward.
    """

    def __init__(self, areas: PatrolAreas, terms: Terms, done: Mapping[str, int]) -> None:
        self.areas, self.terms = areas, terms
        self.made: Counter[str] = Counter(done)
        self.planned: Counter[str] = Counter()
        self.by_ward: Counter[str] = Counter()
        self._keys: list[str] = areas["key"].tolist()
        self._rows: list[dict[str, object]] = []
        self._busy: dict[int, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}

    def left(self, key: str) -> int:
        """Visits that an area may still have in a day."""
        return min(self.terms.visits_a_day, max(0, self.terms.cap_week - self.made[key]))

    def book(self, shift: Shift, slots: Sequence[Slot], travel: Ints, holds: Floats | None) -> None:
        """
        Visits of one shift, without those that would be too many or too near.

        Parameters
        ----------
        shift, slots
            Who goes, where and when, in order of time.
        travel
            Minutes from each area to each (areas, areas).
        holds
            Reports a month expected in each area in the hours of each window (windows, areas),
            the shift's windows first; None where no hours are known.
        """
        begins = self.terms.begins(shift)
        before: int | None = None
        for slot in slots:
            starts = begins + pd.Timedelta(minutes=slot.begins_min)
            ends = starts + pd.Timedelta(minutes=self.terms.visit_min)
            key = self._keys[slot.area]
            if self.made[key] >= self.terms.cap_week or self._too_near(slot.area, starts, ends):
                continue
            self._rows.append(
                {
                    "day": shift.day,
                    "unit": shift.unit,
                    "window": slot.window,
                    "order": slot.order,
                    "area": int(self.areas.index[slot.area]),
                    "key": key,
                    "starts": starts,
                    "ends": ends,
                    "travel_min": 0 if before is None else int(travel[before, slot.area]),
                    "officers": shift.officers,
                    "mode": shift.mode,
                    "holds": np.nan if holds is None else holds[slot.window - 1, slot.area],
                }
            )
            before = slot.area
            self.made[key] += 1
            self.planned[key] += 1
            self.by_ward[str(self.areas["ward"].iloc[slot.area])] += 1
            self._busy.setdefault(slot.area, []).append((starts, ends))

    def _too_near(self, area: int, starts: pd.Timestamp, ends: pd.Timestamp) -> bool:
        """A night shift may end where the next day's begins."""
        gap = pd.Timedelta(minutes=self.terms.spacing_min)
        return any(
            starts < other_ends + gap and other_starts < ends + gap
            for other_starts, other_ends in self._busy.get(area, [])
        )

    def table(self) -> pd.DataFrame:
        """Every visit booked, in order of time: `week_plan.VISITS`."""
        visits = pd.DataFrame(self._rows, columns=list(VISITS)).astype(_TYPES)
        return visits.sort_values(["starts", "unit"], kind="stable", ignore_index=True)
