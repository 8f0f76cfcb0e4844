"""
The monthly return: what was delivered in the patrol areas, and the ASB in them.

Every number is a sum of rows that come with it. A visit belongs to the month it began in,
local time. A report belongs to one area: where outlines overlap, to the first of the
list, today's areas before those that have since moved; so that areas add up to the total.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.action.visit_entry import COUNTS
from hotspots.analysis.areas import within
from hotspots.analysis.dose import dated
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables.incidents import ZONE, Incidents
from hotspots.tables.patrol_areas import PatrolAreas

TOTAL: Final = "total"
# What each column of the return is called, and the column of its rows that it sums.
FIGURES: Final = {
    "hours": "Officer-hours",
    "patrols": "Patrols",
    "reports": "ASB reports in the area",
    **COUNTS,
}
# Columns that leave the building: no names of officers, no free text.
_VISIT: Final = ("visit", "area", "name", "began", "ended", "minutes", "officers", "hours", "mode")
_REPORT: Final = ("report", "area", "name", "month", "street", "easting", "northing")


@dataclass(frozen=True, eq=False)
class MonthlyReturn:
    """
    A month's return, with the rows behind it.

    Attributes
    ----------
    month
        As asked for.
    table
        Indexed by area key, `TOTAL` last: `name` and the columns of `FIGURES`. `reports`
        is missing where the month's reports are not loaded.
    visits, reports
        The rows: each counts once, in the area that it names.
    """

    month: pd.Period
    table: pd.DataFrame
    visits: pd.DataFrame
    reports: pd.DataFrame


def monthly_return(
    month: pd.Period,
    visits: pd.DataFrame,
    areas: PatrolAreas,
    reports: Incidents | None,
    names: dict[str, str],
) -> MonthlyReturn:
    """
    Return of one month.

    Parameters
    ----------
    month
        The month.
    visits
        From `action.visits.visits`; those of other months are left out.
    areas
        Patrol areas now: each has a row, visited or not.
    reports
        Located ASB incidents of the study area; None where the month is not loaded.
    names
        Key → name of the patrol areas now.
    """
    counted = dated(visits)
    local = counted["started"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.to_period("M")
    counted = counted.loc[local == month]
    grounds = _grounds(areas, counted, names)
    delivered = counted.groupby("area").agg(
        hours=("officer_hours", "sum"),
        patrols=("minutes", "size"),
        **{name: (name, "sum") for name in COUNTS},
    )
    table = pd.DataFrame({"name": grounds["name"]}).join(delivered)
    whole = ["patrols", *COUNTS]
    table[whole] = table[whole].fillna(0).astype("int64")
    table["hours"] = table["hours"].fillna(0.0).astype("float64")
    rows = _reports(month, reports, grounds)
    found = rows["area"].value_counts().reindex(table.index, fill_value=0)
    table["reports"] = found.astype("Int64") if reports is not None else pd.NA
    table["reports"] = table["reports"].astype("Int64")
    table = table[["name", *FIGURES]]
    total = table[list(FIGURES)].sum(min_count=0 if reports is not None else 1)
    last = pd.DataFrame([{"name": "Total", **total.to_dict()}], index=[TOTAL])
    table = pd.concat([table, last.astype(table.dtypes.to_dict())]).rename_axis("area")
    return MonthlyReturn(month, table, _visits(counted), rows)


def _grounds(areas: PatrolAreas, visits: pd.DataFrame, names: dict[str, str]) -> gpd.GeoDataFrame:
    """Areas now, then those visited that are no longer among them, as they stood last."""
    now = pd.DataFrame(
        {
            "name": [names.get(str(key), str(key)) for key in areas["key"]],
            "geometry": areas.geometry.to_numpy(),
        },
        index=pd.Index(areas["key"].astype(str), name="area"),
    )
    gone = visits.loc[~visits["area"].isin(now.index)].drop_duplicates("area", keep="last")
    outlines = [
        shapely.from_wkt(text, on_invalid="ignore") or shapely.Polygon() for text in gone["outline"]
    ]
    former = pd.DataFrame({"name": gone["area_name"].astype(str), "geometry": outlines}).set_axis(
        pd.Index(gone["area"].astype(str), name="area")
    )
    both = pd.concat([now, former.sort_index()])
    return gpd.GeoDataFrame(both, geometry="geometry", crs=BRITISH_NATIONAL_GRID)


def _reports(
    month: pd.Period, reports: Incidents | None, grounds: gpd.GeoDataFrame
) -> pd.DataFrame:
    """The month's reports inside the areas, one row each, numbered as they are loaded."""
    empty = pd.DataFrame(columns=list(_REPORT))
    if reports is None:
        return empty
    here = reports.loc[(reports["month"] == month) & reports.geometry.notna()]
    places = np.asarray(here.geometry.to_numpy())
    row, ground = within(places, np.asarray(grounds.geometry.to_numpy()))
    first = pd.Series(ground, index=row).groupby(level=0).min()
    inside = here.iloc[first.index]
    return pd.DataFrame(
        {
            "report": inside.index.astype(str),
            "area": grounds.index[first.to_numpy()].astype(str),
            "name": grounds["name"].to_numpy()[first.to_numpy()],
            "month": str(month),
            "street": inside["street"].astype(str).to_numpy(),
            "easting": np.rint(shapely.get_x(places[first.index])).astype(np.int64),
            "northing": np.rint(shapely.get_y(places[first.index])).astype(np.int64),
        },
        columns=list(_REPORT),
    ).reset_index(drop=True)


def _visits(counted: pd.DataFrame) -> pd.DataFrame:
    local = {
        name: counted[column].dt.tz_convert(ZONE).dt.strftime("%Y-%m-%d %H:%M")
        for name, column in (("began", "started"), ("ended", "ended"))
    }
    rows = counted.assign(
        visit=counted.index.astype(str),
        name=counted["area_name"],
        hours=counted["officer_hours"],
        **local,
    )
    return rows[[*_VISIT, *COUNTS]].reset_index(drop=True)
