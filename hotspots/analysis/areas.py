"""
Which area each incident lies in, worked out from where it is.

The small-area code in a file is kept but not trusted: codes change from one vintage to
the next. A point on an outline counts as inside; that is the one counting rule of maps,
tables and charts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis.places import Places, gather
from hotspots.tables.incidents import Incidents
from hotspots.tables.wards import Wards

ON_BORDER: Final = "on a border of two wards"
IN_NONE: Final = "in no ward"
ELSEWHERE: Final = "in another force's area"

# How far from a point its nearest ward is looked for, metres.
NEAREST_M: Final = 5000

REPORT_COLUMNS: Final = ("why", "easting", "northing", "incidents", "force", "ward", "distance_m")


@dataclass(frozen=True, eq=False)
class WardAssignment:
    """
    Ward of each incident, and what could not be assigned plainly.

    Attributes
    ----------
    code
        Ward code of each row, on the rows' index, category; missing where none.
    report
        One row for each place, reason and force, most incidents first: `why` ("on a
        border of two wards", "in no ward", "in another force's area"), `easting`,
        `northing`, `incidents`, `force` (empty where not known), `ward` (the code used;
        of points in no ward, the nearest) and `distance_m` to that ward (empty and missing
        where none is within 5 km).
    located
        Rows that have a place.
    """

    code: pd.Series
    report: pd.DataFrame
    located: int

    @property
    def assigned(self) -> int:
        """Rows in some ward."""
        return int(self.code.notna().sum())

    def count(self, why: str) -> int:
        """Incidents in the report for one reason."""
        return int(self.report.loc[self.report["why"] == why, "incidents"].sum())


def within(
    points: NDArray[np.object_], polygons: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Which points lie within which polygons, outlines included.

    Parameters
    ----------
    points, polygons
        Shapely points and (multi)polygons.

    Returns
    -------
    point, polygon
        Numbers of a point and of a polygon that holds it, ordered by point, then
        polygon; a point may stand several times, or not at all.

    Examples
    --------
    >>> square = np.array([shapely.box(0, 0, 10, 10)])
    >>> within(shapely.points([[5, 5], [10, 5], [11, 5]]), square)[0].tolist()
    [0, 1]
    """
    # The polygon asks and is prepared once; a point meets a polygon when this covers it.
    tree = shapely.STRtree(points)
    polygon, point = tree.query(polygons, predicate="intersects")
    order = np.lexsort((polygon, point))
    return point[order], polygon[order]


def assign(points: Incidents | NDArray[np.float64], wards: Wards) -> WardAssignment:
    """
    Ward of each incident by point in polygon.

    Parameters
    ----------
    points
        Incidents, or easting and northing in metres, shape (n, 2).
    wards
        Wards of one vintage.

    Returns
    -------
    assignment
        Of a point on a shared border, the lower ward code; of a point in no ward, none.
    """
    located, xy, index, forces = _rows(points)
    places = gather(xy)
    by_code = wards.sort_index()
    shapes = np.asarray(by_code.geometry.to_numpy(), dtype=np.object_)
    place, ward = within(places.points, shapes)
    first = np.flatnonzero(np.diff(place, prepend=-1) > 0)
    of_place = np.full(len(places), -1, dtype=np.intp)
    of_place[place[first]] = ward[first]
    on_border = np.bincount(place, minlength=len(places)) > 1
    of_row = np.full(len(index), -1, dtype=np.intp)
    of_row[located] = of_place[places.of_incident]
    code = pd.Series(
        pd.Categorical.from_codes(of_row, categories=by_code.index), index=index, name="ward"
    )
    return WardAssignment(
        code=code,
        report=_report(places, of_place, on_border, by_code, forces),
        located=len(xy),
    )


def _rows(
    points: Incidents | NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64], pd.Index, pd.Categorical]:
    """Which rows have a place, their coordinates, every row's index, the located's forces."""
    if isinstance(points, np.ndarray):
        everywhere = np.ones(len(points), dtype=np.bool_)
        nobody = pd.Categorical([None] * len(points), categories=pd.Index([], dtype="str"))
        return everywhere, points, pd.RangeIndex(len(points)), nobody
    shapes = points.geometry.to_numpy()
    located = ~shapely.is_missing(shapes)
    forces = pd.Categorical(points["force"])[located]
    return located, shapely.get_coordinates(shapes), points.index, forces


def _report(
    places: Places,
    of_place: NDArray[np.intp],
    on_border: NDArray[np.bool_],
    wards: Wards,
    forces: pd.Categorical,
) -> pd.DataFrame:
    # One number for each place and force; the last force is "not known".
    known = len(forces.categories)
    force = np.where(forces.codes < 0, known, forces.codes).astype(np.intp)
    group, incidents = np.unique(places.of_incident * (known + 1) + force, return_counts=True)
    place, force = np.divmod(group, known + 1)
    ward = of_place[place]
    why = {
        ON_BORDER: on_border[place],
        IN_NONE: ward < 0,
        ELSEWHERE: _elsewhere(ward, force, incidents, known, wards),
    }
    rows = np.concatenate([np.flatnonzero(listed) for listed in why.values()])
    sizes = [int(listed.sum()) for listed in why.values()]
    nearest, distance = _nearest_wards(places.points[place[rows]], ward[rows], wards)
    codes = np.append(wards.index.to_numpy(dtype=object), "")
    names = np.append(np.asarray(forces.categories, dtype=object), "")
    report = pd.DataFrame(
        {
            "why": pd.Series(np.repeat(list(why), sizes), dtype="str"),
            "easting": places.xy[place[rows], 0],
            "northing": places.xy[place[rows], 1],
            "incidents": incidents[rows].astype(np.int64),
            "force": pd.Series(names[force[rows]], dtype="str"),
            "ward": pd.Series(codes[nearest], dtype="str"),
            "distance_m": distance,
        },
        columns=list(REPORT_COLUMNS),
    )
    order = ["incidents", "why", "easting", "northing", "force"]
    return report.sort_values(order, ascending=[False, *[True] * 4], ignore_index=True)


def _nearest_wards(
    points: NDArray[np.object_], ward: NDArray[np.intp], wards: Wards
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The ward each point lies in or, failing that, is nearest to, and how far it is."""
    nearest = ward.copy()
    distance = np.where(ward < 0, np.nan, 0.0)
    outside = np.flatnonzero(ward < 0)
    tree = shapely.STRtree(wards.geometry.to_numpy())
    (asked, found), far = tree.query_nearest(
        points[outside], max_distance=NEAREST_M, return_distance=True
    )
    # Several may be equally near: the lower code, as everywhere.
    order = np.lexsort((found, asked))
    answered, first = np.unique(asked[order], return_index=True)
    nearest[outside[answered]] = found[order[first]]
    distance[outside[answered]] = far[order[first]]
    return nearest, distance


def _elsewhere(
    ward: NDArray[np.intp],
    force: NDArray[np.intp],
    incidents: NDArray[np.integer],
    known: int,
    wards: Wards,
) -> NDArray[np.bool_]:
    """Where a force's incidents lie in a local authority that is mostly another force's."""
    if not known:
        return np.zeros(len(ward), dtype=np.bool_)
    authority, names = pd.factorize(wards["authority"])
    placed = (ward >= 0) & (force < known)
    tally = np.zeros((len(names), known), dtype=np.int64)
    np.add.at(tally, (authority[ward[placed]], force[placed]), incidents[placed])
    # Of equally many, the first name: categories are in the order of the alphabet.
    own = tally.argmax(axis=1)
    elsewhere = placed.copy()
    elsewhere[placed] = own[authority[ward[placed]]] != force[placed]
    return elsewhere
