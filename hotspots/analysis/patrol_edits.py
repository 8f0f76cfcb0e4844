"""
Changes that people make to where patrol areas stand, each with a reason and a name.

An edit is a value. Placing applies the list of them to the same data and always gets
the same areas; leaving one out undoes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.errors import SelectionError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Edit:
    """
    One change that a person made.

    Attributes
    ----------
    kind
        "pin": an area stands here, whatever it adds. "nudge": the area centred here, or
        else the nearest within its own radius, stands a little further. "exclude": no
        area holds any of this ground (a lake, a prison, a dual carriageway).
    geometry
        A point for a pin and a nudge, a polygon for what is excluded; British National
        Grid metres.
    reason, by
        Why, and who decided; neither may be empty.
    at
        When it was decided.
    offset_m
        East and north, metres; for a nudge.

    Raises
    ------
    SelectionError
        When the shape does not fit the kind, or nobody gave a reason.
    """

    kind: Literal["nudge", "pin", "exclude"]
    geometry: BaseGeometry
    reason: str
    by: str
    at: datetime
    offset_m: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        wanted = ("Polygon", "MultiPolygon") if self.kind == "exclude" else ("Point",)
        kind = self.geometry.geom_type
        sound = self.geometry.is_valid and not self.geometry.is_empty
        if kind not in wanted or not sound or not np.isfinite(self.geometry.bounds).all():
            state = "" if sound else "broken or empty "
            raise SelectionError(
                f"To {self.kind} needs a sound {wanted[0].lower()}, not a {state}{kind.lower()}."
            )
        if not self.reason.strip() or not self.by.strip():
            raise SelectionError("A change to patrol areas needs a reason and a name.")


def revert(edits: Sequence[Edit], edit: Edit) -> tuple[Edit, ...]:
    """Edits without one of them: everything is again as if it had never been made."""
    return tuple(kept for kept in edits if kept != edit)


def pins(pinned: gpd.GeoSeries | None, edits: Sequence[Edit]) -> Floats:
    """Centres that an area must have, metres, shape (n, 2); each once, in the order asked."""
    asked = [] if pinned is None else list(shapely.centroid(pinned.to_numpy()))
    asked += [edit.geometry for edit in edits if edit.kind == "pin"]
    # To the centimetre, as incidents are: what differs by less is the same place.
    xy = np.round(shapely.get_coordinates(np.array(asked, dtype=np.object_)), 2)
    _, first = np.unique(xy, axis=0, return_index=True)
    return np.asarray(xy[np.sort(first)]).reshape(-1, 2)


def out_of_bounds(excluded: BaseGeometry | None, edits: Sequence[Edit]) -> BaseGeometry | None:
    """All ground that no area may hold; None when there is none."""
    parts = [edit.geometry for edit in edits if edit.kind == "exclude"]
    if excluded is not None and not excluded.is_empty:
        parts.append(excluded)
    if not parts:
        return None
    together: BaseGeometry = shapely.union_all(np.array(parts, dtype=np.object_))
    return together


def nudged(
    centres: Floats, edits: Sequence[Edit], *, reach_m: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """
    Centres after every nudge that still finds its area.

    Parameters
    ----------
    centres
        Where areas were placed, metres, shape (n, 2).
    edits
        Changes in the order they were made; only nudges count here.
    reach_m
        How far an area may stand from where the nudge saw it, metres.

    Returns
    -------
    centres, moved
        New centres, and which of them a person moved.
    """
    new = centres.copy()
    moved = np.zeros(len(centres), dtype=np.bool_)
    for edit in edits:
        if edit.kind != "nudge" or not len(new):
            continue
        apart = np.hypot(*(new - shapely.get_coordinates(edit.geometry)).T)
        nearest = int(apart.argmin())
        if apart[nearest] <= reach_m:
            new[nearest] = np.round(new[nearest] + edit.offset_m, 2)
            moved[nearest] = True
    return new, moved
