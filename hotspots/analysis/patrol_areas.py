"""
Where to walk: areas of a few hectares that together hold the most reports.

A hotspot is a finding; a patrol area is a piece of work. Areas are placed one after
another where each adds most, so that a long hotspot or a town centre becomes several and
a single place becomes one. Asking for one more never moves the earlier ones.
"""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.areas import assign
from hotspots.analysis.grid_references import grid_reference
from hotspots.analysis.patrol_arrangement import (
    LATTICE_M,
    Demand,
    arrange,
    first_holding,
    first_reached,
    points_of,
)
from hotspots.analysis.patrol_edits import Edit, out_of_bounds, pins
from hotspots.analysis.places import Places, gather_incidents
from hotspots.errors import SelectionError
from hotspots.settings import BRITISH_NATIONAL_GRID, PATROL_AREA_HA
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, coordinates, located
from hotspots.tables.patrol_areas import COLUMNS, PatrolAreas, empty, validate
from hotspots.tables.wards import Wards

Floats = NDArray[np.float64]

_STREETS_NAMED: Final = 3
_SQUARE_METRES_IN_HECTARE: Final = 10_000
# Figures of a grid reference, fewest first, until no two areas share one.
_DIGITS: Final = (4, 5, 7)


def place(
    incidents: Incidents,
    *,
    count: int | None,
    size_ha: float = PATROL_AREA_HA.default,
    expected: Demand | None = None,
    hotspots: Hotspots | None = None,
    wards: Wards | None = None,
    lattice_m: int = LATTICE_M,
    pinned: gpd.GeoSeries | None = None,
    excluded: BaseGeometry | None = None,
    edits: Sequence[Edit] = (),
) -> PatrolAreas:
    """
    Patrol areas placed for maximal coverage, numbered by what each adds.

    Parameters
    ----------
    incidents
        Incidents of the period, of one kind; those without a place are left out.
    count
        At most this many, pinned ones included; None = as many as it takes to cut every
        one of `hotspots`, and no more.
    size_ha
        Area of a whole one, hectares; where two would overlap both are cut, each to no
        less than 2 ha unless a person put them there.
    expected
        Reports a month expected at each place, from `ranking.expected`; None = as many
        as there were.
    hotspots
        Areas are placed inside and around these; None = wherever there are reports.
    wards
        To name areas by.
    lattice_m
        Centres lie on whole multiples of this, metres, unless moved by hand.
    pinned, excluded
        Centres that an area must have, and ground that none may hold; besides `edits`.
    edits
        Changes made by hand, oldest first.

    Returns
    -------
    areas
        As `hotspots.tables.patrol_areas` says; an incident on a shared outline is
        counted in the lower number only.

    Raises
    ------
    SelectionError
        When the size is outside 2 to 7 ha.
    """
    if not PATROL_AREA_HA.low <= size_ha <= PATROL_AREA_HA.high:
        raise SelectionError(
            f"A patrol area of {size_ha:g} ha is not allowed; "
            f"choose {PATROL_AREA_HA.low} to {PATROL_AREA_HA.high} ha."
        )
    rows = located(incidents)
    places = gather_incidents(rows)
    months = max(1, int(rows["month"].nunique()))
    demand = expected or Demand(places.xy, places.incidents / months)
    placed = arrange(
        demand,
        count=count,
        size_ha=size_ha,
        lattice_m=lattice_m,
        hotspots=hotspots,
        pinned=pins(pinned, edits),
        excluded=out_of_bounds(excluded, edits),
        edits=edits,
    )
    if not len(placed.centres):
        return empty()
    held = first_holding(places.points, placed.shapes)
    tally = pd.DataFrame(
        {
            "key": _keys(placed.centres),
            "incidents": _sums(held, places.incidents, len(placed.shapes)),
            "adds": _sums(
                first_reached(places.points, placed), places.incidents, len(placed.shapes)
            ),
            "expected": _sums(
                first_reached(points_of(demand.xy), placed), demand.reports, len(placed.shapes)
            ),
            "area_ha": shapely.area(placed.shapes) / _SQUARE_METRES_IN_HECTARE,
            "edit": pd.Series(placed.edit, dtype="str"),
            "hotspot": _hotspot(places, held, len(placed.shapes), hotspots),
        }
    ).set_index(pd.RangeIndex(1, len(placed.shapes) + 1, name="number"))
    tally["incidents"] = tally["incidents"].astype("int64")
    tally["adds"] = tally["adds"].astype("int64")
    tally["share"] = tally["incidents"] / max(1, len(rows))
    table = tally.join(_names(rows, held[places.of_incident], tally.index, wards))
    frame = gpd.GeoDataFrame(table, geometry=placed.shapes, crs=BRITISH_NATIONAL_GRID)
    return validate(frame.loc[:, list(COLUMNS)])


def _sums(owner: NDArray[np.int64], weights: NDArray[np.generic], count: int) -> Floats:
    """Sum of the weights of each owner; -1 owns nothing."""
    owned = owner >= 0
    sums = np.bincount(owner[owned], weights=weights[owned], minlength=count)
    return sums.astype(np.float64, copy=False)


def _keys(centres: Floats) -> list[str]:
    """Grid references, as short as tells each from the others."""
    finest = [
        pd.Series([grid_reference(x, y, digits=digits) for x, y in centres.tolist()])
        for digits in _DIGITS
    ]
    keys = finest[0]
    for finer in finest[1:]:
        keys = keys.mask(keys.duplicated(keep=False), finer)
    return keys.tolist()


def _hotspot(
    places: Places, held: NDArray[np.int64], count: int, hotspots: Hotspots | None
) -> NDArray[np.int64]:
    """Number of the hotspot that holds most incidents of each area; 0 = none."""
    if hotspots is None or hotspots.empty:
        return np.zeros(count, dtype=np.int64)
    of_place = first_holding(places.points, np.asarray(hotspots.geometry.to_numpy()))
    both = (held >= 0) & (of_place >= 0)
    shared = np.zeros((count, len(hotspots)))
    np.add.at(shared, (held[both], of_place[both]), places.incidents[both])
    most = hotspots.index.to_numpy()[shared.argmax(axis=1)]
    return np.where(shared.max(axis=1) > 0, most, 0)


def _names(
    rows: Incidents, held: NDArray[np.int64], numbers: pd.Index, wards: Wards | None
) -> pd.DataFrame:
    """Ward that holds most of each area, and its points' names, busiest first."""
    owned = held >= 0
    inside = Incidents(rows.loc[owned])
    owner = held[owned] + 1
    streets = _most(owner, inside["street"].astype("str"), numbers, _STREETS_NAMED)
    if wards is None or wards.empty:
        nothing = pd.Series("", index=numbers, dtype="str")
        return pd.DataFrame({"ward": nothing, "ward_name": nothing, "streets": streets})
    code = assign(coordinates(inside), wards).code
    ward = _most(owner, code.astype("str"), numbers, 1)
    name = ward.map(wards["name"]).fillna("").astype("str")
    return pd.DataFrame({"ward": ward, "ward_name": name, "streets": streets})


def _most(owner: NDArray[np.int64], value: pd.Series, numbers: pd.Index, count: int) -> pd.Series:
    """Commonest values of each owner, in one line; of equals the first by the alphabet."""
    rows = pd.DataFrame({"owner": owner, "value": value.to_numpy()})
    rows = rows.loc[rows["value"].notna() & (rows["value"] != "")]
    tally = rows.groupby(["owner", "value"]).size().rename("rows").reset_index()
    tally = tally.sort_values(["owner", "rows", "value"], ascending=[True, False, True])
    first = tally.groupby("owner").head(count)
    joined = first.groupby("owner")["value"].agg("; ".join)
    return joined.reindex(numbers).fillna("").astype("str")
