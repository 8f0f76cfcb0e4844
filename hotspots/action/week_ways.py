"""How long units are on their way between a week's areas, along roads where those are known."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely

from hotspots.action.patrols import Terms, travel_minutes
from hotspots.action.rounds import Ints
from hotspots.action.windows import Floats
from hotspots.tables.patrol_areas import PatrolAreas


class Ways:
    """
    Ways between areas: along roads where those were measured, else the straight line's detour.

    Parameters
    ----------
    areas, terms
        What is planned for, and on what terms.
    roads
        Metres along roads from each area to each (areas, areas), "foot" and "car"; not a
        number where there is no way; None where no roads are loaded.
    """

    def __init__(
        self, areas: PatrolAreas, terms: Terms, roads: Mapping[str, Floats] | None
    ) -> None:
        self.areas, self.terms, self.roads = areas, terms, roads or {}
        centres = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
        straight = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
        self._detour = straight * terms.detour_percent / 100
        self._known = cache(self._minutes)

    def minutes(self, mode: str) -> Ints:
        """Whole minutes from each area to each, rounded up (areas, areas)."""
        return self._known(mode)

    def _minutes(self, mode: str) -> Ints:
        metres = self._detour
        if mode in self.roads:
            metres = np.where(np.isfinite(self.roads[mode]), self.roads[mode], metres)
        minutes = travel_minutes(1.0, kmh=self.terms.kmh(mode), detour_percent=100) * metres
        return np.asarray(np.ceil(np.round(minutes, 6)), dtype=np.int64)

    def on_roads(self, visits: pd.DataFrame) -> float | None:
        """Share of the ways between a plan's visits that were measured along roads."""
        if not self.roads:
            return None
        place = {int(number): at for at, number in enumerate(self.areas.index)}
        known = [
            bool(np.isfinite(self.roads[mode][place[one], place[other]]))
            for _, rows in visits.groupby(["day", "unit"])
            for (one, other), mode in zip(
                pairwise(rows["area"].tolist()), rows["mode"].iloc[1:], strict=True
            )
        ]
        return float(np.mean(known)) if known else 1.0
