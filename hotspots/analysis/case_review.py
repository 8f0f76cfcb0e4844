"""
Who, and which places, have reported so often that a case review might be asked for.

The threshold is local, usually three reports in six months. Callers and addresses are
known by hashed keys where a source gives them, and never by name. A published map point
stands for at least eight addresses, or for a public place: many reports there are many
reports, and nobody's case.
"""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis.areas import within
from hotspots.analysis.places import gather_incidents
from hotspots.periods import Period
from hotspots.settings import CASE_REVIEW_MONTHS, CASE_REVIEW_REPORTS
from hotspots.tables.incidents import SNAP_POINT, Incidents, located

CALLER: Final = "caller or address"
PLACE: Final = "place"
POINT: Final = "map point"
# So much of a hashed key tells one from another on a page.
KEY_LETTERS: Final = 6
COLUMNS: Final = (
    "kind",
    "key",
    "reports",
    "vulnerable",
    "street",
    "easting",
    "northing",
    "last",
    "sources",
)


def repeats(
    incidents: Incidents,
    *,
    last: pd.Period,
    reports: int = CASE_REVIEW_REPORTS.default,
    months: int = CASE_REVIEW_MONTHS.default,
) -> pd.DataFrame:
    """
    Repeat callers and repeat places that reach the threshold, most reports first.

    Parameters
    ----------
    incidents
        ASB of any months.
    last
        Newest month that counts.
    reports, months
        The threshold: so many reports in so many months up to the last.

    Returns
    -------
    repeats
        One row each: `kind` ("caller or address", by hashed key; "place", one exact
        point; "map point", a published one), `key` (first letters of a hashed key, or
        empty), `reports`, `vulnerable` (reports whose source marks somebody as
        vulnerable), `street`, `easting`, `northing` (of the newest report with a place,
        or missing), `last` (newest month), `sources`.
    """
    span = Period(last - (months - 1), last)
    rows = incidents.loc[(incidents["month"] >= span.first) & (incidents["month"] <= span.last)]
    known = Incidents(rows.loc[rows["repeat_key"].notna()])
    placed = located(Incidents(rows.loc[rows["repeat_key"].isna()]))
    by_key = known["repeat_key"].astype("str").to_numpy()
    by_place = gather_incidents(placed).of_incident if len(placed) else np.empty(0, np.int64)
    table = pd.concat(
        [
            _counted(known, by_key, reports=reports, caller=True),
            _counted(placed, by_place, reports=reports, caller=False),
        ],
        ignore_index=True,
    )
    order = {CALLER: 0, PLACE: 1, POINT: 2}
    table["rank"] = table["kind"].map(order)
    table = table.sort_values(
        ["rank", "reports", "key", "easting", "northing"],
        ascending=[True, False, True, True, True],
        ignore_index=True,
    )
    return table.loc[:, list(COLUMNS)]


def _counted(
    rows: Incidents, group: NDArray[np.generic], *, reports: int, caller: bool
) -> pd.DataFrame:
    shapes = rows.geometry
    frame = pd.DataFrame(
        {
            "group": group,
            "reports": 1,
            "vulnerable": rows["vulnerable"].fillna(value=False).astype("int64").to_numpy(),
            "street": rows["street"].astype("str").replace("nan", "").to_numpy(),
            "easting": shapes.x.to_numpy(dtype="float64"),
            "northing": shapes.y.to_numpy(dtype="float64"),
            "last": rows["month"].array,
            "sources": rows["source"].astype("str").to_numpy(),
            "snapped": (rows["place_precision"] == SNAP_POINT).to_numpy(dtype=bool),
        }
    ).sort_values("last", kind="stable")
    grouped = frame.groupby("group", sort=True)
    table = grouped.agg(
        reports=("reports", "sum"),
        vulnerable=("vulnerable", "sum"),
        street=("street", "last"),
        easting=("easting", "last"),
        northing=("northing", "last"),
        last=("last", "last"),
        sources=("sources", lambda names: ", ".join(sorted(set(names)))),
        snapped=("snapped", "last"),
    )
    table["kind"] = CALLER if caller else np.where(table["snapped"], POINT, PLACE)
    table["key"] = [str(one)[:KEY_LETTERS] if caller else "" for one in table.index]
    table = table.astype({"last": "period[M]", "street": "str", "sources": "str", "key": "str"})
    return table.loc[table["reports"] >= reports]


def planned(table: pd.DataFrame, footprints: NDArray[np.object_]) -> NDArray[np.int64]:
    """
    Which plan's footprint each repeat lies in.

    Parameters
    ----------
    table
        From `repeats`.
    footprints
        Of plans.

    Returns
    -------
    plan
        Number of the footprint, from 0; -1 where none holds it, or its place is unknown.
    """
    found = np.full(len(table), -1, dtype=np.int64)
    known = table["easting"].notna().to_numpy()
    if not len(footprints) or not known.any():
        return found
    points = shapely.points(table.loc[known, ["easting", "northing"]].to_numpy())
    point, shape = within(np.asarray(points, dtype=np.object_), footprints)
    inside = np.full(int(known.sum()), -1, dtype=np.int64)
    inside[point[::-1]] = shape[::-1]
    found[known] = inside
    return found
