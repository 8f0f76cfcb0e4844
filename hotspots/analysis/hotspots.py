"""
The table of hotspots: from incidents to ranked places, each with what it holds.

One counting rule: an incident belongs to a hotspot when it lies in its footprint.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist

from hotspots.analysis.areas import within
from hotspots.analysis.clustering import cluster
from hotspots.analysis.delineation import delineate
from hotspots.analysis.grid_references import grid_reference
from hotspots.analysis.places import Places, gather, gather_incidents
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables.hotspots import COLUMNS, Hotspots, empty, validate
from hotspots.tables.incidents import Incidents, located
from hotspots.tables.wards import Wards

STREETS_NAMED: Final = 6
_SQUARE_METRES_A_HECTARE: Final = 10_000
# Figures of a grid reference, fewest first, until no two hotspots share one.
_DIGITS: Final = (4, 5, 7)


def find_hotspots(
    incidents: Incidents,
    *,
    radius_m: float,
    min_incidents: int,
    months: int,
    wards: Wards | None = None,
) -> Hotspots:
    """
    Hotspots of some incidents, ranked.

    Parameters
    ----------
    incidents
        The rows to cluster, of one kind (see `hotspots.tables.incidents.asb`); those
        without a place are left out.
    radius_m
        Walking radius, metres.
    min_incidents
        Incidents within the radius that make a hotspot.
    months
        Months held, by which incidents per month are worked out.
    wards
        Wards of one vintage, to name each hotspot's; none are named without.

    Returns
    -------
    hotspots
        As `hotspots.tables.hotspots` says: one for each cluster whose footprint holds at
        least `min_incidents`.
    """
    rows = located(incidents)
    places = gather_incidents(rows)
    clusters = cluster(places, radius_m=radius_m, min_incidents=min_incidents)
    if not len(clusters):
        return empty()
    footprints = delineate(places, clusters, radius_m=radius_m)
    shapes = np.asarray(footprints.to_numpy(), dtype=np.object_)
    place, owner = within(places.points, shapes)
    held = pd.DataFrame({"place": place, "owner": owner, "incidents": places.incidents[place]})
    held = held.sort_values(["owner", "place"])
    # A few reports around an almost empty core reach the number without being together:
    # an outline with fewer reports in it than make a hotspot would contradict itself.
    held = held.loc[held.groupby("owner")["incidents"].transform("sum") >= min_incidents]
    if held.empty:
        return empty()
    by_owner = held.groupby("owner")
    table = by_owner["incidents"].agg(incidents="sum", points="size")
    table["share"] = table["incidents"] / len(rows)
    table["per_month"] = table["incidents"] / months if months else float("nan")
    table["single_place"] = table["points"] == 1
    shapes = shapes[table.index]
    table["area_ha"] = shapely.area(shapes) / _SQUARE_METRES_A_HECTARE
    table["span_m"] = _spans(places.xy[held["place"]], held["owner"].to_numpy())
    # Places are ordered by easting, then northing: of equally busy ones, the first is kept.
    busiest = held.loc[by_owner["incidents"].idxmax(), "place"].to_numpy()
    table["key"] = _keys(places.xy[busiest])
    ward = _wards(held, places, wards)
    table["ward"] = ward.reindex(table.index, fill_value="").astype("str")
    names = pd.Series(dtype="str") if wards is None else wards["name"].astype("str")
    table["ward_name"] = names.reindex(table["ward"]).fillna("").to_numpy()
    table["streets"] = _streets(rows, places, held).reindex(table.index, fill_value="")
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=BRITISH_NATIONAL_GRID)
    frame = frame.sort_values(["incidents", "key"], ascending=[False, True])
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="number")
    return validate(frame.loc[:, list(COLUMNS)])


def inside(incidents: Incidents, hotspots: Hotspots) -> NDArray[np.int64]:
    """
    Number of the hotspot each incident lies in.

    Parameters
    ----------
    incidents
        Any incidents: other months and other categories too.
    hotspots
        The footprints to count in.

    Returns
    -------
    number
        In the order of the rows; 0 = in none, or without a place.
    """
    shapes = incidents.geometry.to_numpy()
    places = gather(shapely.get_coordinates(shapes))
    place, polygon = within(places.points, np.asarray(hotspots.geometry.to_numpy()))
    of_place = np.zeros(len(places), dtype=np.int64)
    of_place[place] = hotspots.index.to_numpy()[polygon]
    number = np.zeros(len(incidents), dtype=np.int64)
    number[~shapely.is_missing(shapes)] = of_place[places.of_incident]
    return number


def match(before: Hotspots, after: Hotspots) -> pd.Series:
    """
    Which hotspot of one table is which of another.

    Hotspots are paired one to one so that the ground they share is most in all; hotspots
    without shared ground are never paired.

    Parameters
    ----------
    before, after
        Two tables: of other months, or of other settings.

    Returns
    -------
    number_before
        Indexed as `after`: the number of the same hotspot in `before`; missing where
        it is new.

    References
    ----------
    H. W. Kuhn (1955), The Hungarian method for the assignment problem.
    """
    found = pd.Series(pd.NA, index=after.index, dtype="Int64", name="number_before")
    old, new = (np.asarray(table.geometry.to_numpy()) for table in (before, after))
    one, other = shapely.STRtree(new).query(old, predicate="intersects")
    shared = shapely.area(shapely.intersection(old[one], new[other]))
    one, other, shared = one[shared > 0], other[shared > 0], shared[shared > 0]
    # Pairing one group of overlapping hotspots never touches another group.
    size = len(old) + len(new)
    graph = sparse.coo_array((shared, (one, len(old) + other)), shape=(size, size))
    group = connected_components(graph, directed=False)[1][one]
    order = np.argsort(group, kind="stable")
    for pairs in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        olds, row = np.unique(one[pairs], return_inverse=True)
        news, column = np.unique(other[pairs], return_inverse=True)
        ground = np.zeros((len(olds), len(news)))
        ground[row, column] = shared[pairs]
        paired_old, paired_new = linear_sum_assignment(ground, maximize=True)
        real = ground[paired_old, paired_new] > 0
        numbers = before.index.to_numpy()[olds[paired_old[real]]]
        found.iloc[news[paired_new[real]]] = numbers
    return found


def _spans(xy: NDArray[np.float64], owner: NDArray[np.intp]) -> NDArray[np.float64]:
    """Longest distance between two points of each owner; rows are ordered by owner."""
    number = np.cumsum(np.diff(owner, prepend=owner[0]) > 0)
    hulls = shapely.convex_hull(shapely.multipoints(xy, indices=number))
    corners, of_hull = shapely.get_coordinates(hulls, return_index=True)
    ends = np.flatnonzero(np.diff(of_hull)) + 1
    return np.array([pdist(part).max(initial=0.0) for part in np.split(corners, ends)])


def _keys(xy: NDArray[np.float64]) -> list[str]:
    """Grid references, as short as tells each from the others."""
    finest = pd.DataFrame(
        {
            digits: [grid_reference(x, y, digits=digits) for x, y in xy.tolist()]
            for digits in _DIGITS
        }
    )
    keys = finest[_DIGITS[0]]
    for digits in _DIGITS[1:]:
        keys = keys.mask(keys.duplicated(keep=False), finest[digits])
    return keys.tolist()


def _wards(held: pd.DataFrame, places: Places, wards: Wards | None) -> pd.Series:
    """Code of the ward that holds most of each footprint's incidents; of equals, the lower."""
    if wards is None or wards.empty:
        return pd.Series(dtype="str")
    by_code = wards.sort_index()
    numbers = held["place"].to_numpy()
    point, ward = within(places.points[numbers], np.asarray(by_code.geometry.to_numpy()))
    lowest = np.flatnonzero(np.diff(point, prepend=-1) > 0)
    rows = held.iloc[point[lowest]]
    tally = rows.groupby([rows["owner"], ward[lowest]])["incidents"].sum()
    most = tally.groupby(level="owner").idxmax()
    return pd.Series([by_code.index[w] for _, w in most], index=most.index, dtype="str")


def _streets(rows: Incidents, places: Places, held: pd.DataFrame) -> pd.Series:
    """Names of each footprint's points, busiest first, then by the alphabet."""
    owner = np.full(len(places), -1, dtype=np.intp)
    owner[held["place"]] = held["owner"]
    of_row = owner[places.of_incident]
    named = pd.DataFrame({"owner": of_row, "street": rows["street"].astype("str").to_numpy()}).loc[
        of_row >= 0
    ]
    named = named.loc[named["street"].notna() & (named["street"] != "")]
    tally = named.groupby(["owner", "street"]).size().rename("incidents").reset_index()
    tally = tally.sort_values(["owner", "incidents", "street"], ascending=[True, False, True])
    return tally.groupby("owner")["street"].agg(_listed)


def _listed(names: pd.Series) -> str:
    """Names in one line, the last of many counted only."""
    more = len(names) - STREETS_NAMED
    said = "; ".join(names.iloc[:STREETS_NAMED])
    return f"{said} and {more} more" if more > 0 else said
