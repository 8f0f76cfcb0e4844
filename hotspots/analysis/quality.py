"""
How good each source's records are, month by month: counts of what is there and what lacks.

Everything is counted on reports of antisocial behaviour, for that is what is mapped, and
by supplier: one source in one police force's area. What is made of the counts is in
`quality_findings`.
"""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis.places import gather
from hotspots.settings import ASB
from hotspots.tables.incidents import INSTANT, MONTH, WINDOW, Incidents

SUPPLIER: Final = ["source", "force"]
MEASURES: Final = (
    "rows",
    "asb",
    "located",
    "outside",
    "month_only",
    "timed",
    "qualified",
    "identical",
    "seen",
    "late",
)


def measures(incidents: Incidents, ward: pd.Series) -> pd.DataFrame:
    """
    What each supplier's months hold.

    Parameters
    ----------
    incidents
        Every row loaded, of every category.
    ward
        Code of the ward each row lies in, on the same index; missing where none.

    Returns
    -------
    months
        Indexed by source, force and month: `rows` (of every category), `asb`, and of
        the ASB rows `located`, `outside` (located, in no loaded ward), `month_only` (no
        day known), `timed` (an instant or a window known), `qualified` (personal, nuisance
        or environmental), `identical` (like another row of the month in place, street and
        kind, beyond the first), `seen` (at a point used in an earlier month), `late` (that
        happened two calendar months or more before the month they were recorded for).
    """
    labels = {name: incidents[name].astype("str") for name in SUPPLIER}
    every = pd.DataFrame({**labels, "month": incidents["month"]})
    rows = every.groupby([*SUPPLIER, "month"]).size().rename("rows")
    mine = incidents["category"] == ASB
    reports = Incidents(incidents.loc[mine])
    frame = every.loc[mine].assign(asb=1, **_facts(reports, ward.loc[reports.index]))
    counted = frame.groupby([*SUPPLIER, "month"])[list(MEASURES[1:])].sum()
    table = rows.to_frame().join(counted).fillna(0)
    return table[list(MEASURES)].astype("int64")


def row_kinds(reports: Incidents) -> NDArray[np.intp]:
    """Number of each row; rows alike in supplier, place, street and kind share it."""
    place = place_numbers(reports)
    codes = [pd.factorize(reports[name])[0] for name in (*SUPPLIER, "street", "category")]
    return _joint([place, *codes])


def place_numbers(reports: Incidents) -> NDArray[np.intp]:
    """Number of the point each row lies at; -1 without a place."""
    shapes = reports.geometry.to_numpy()
    located = ~shapely.is_missing(shapes)
    number = np.full(len(reports), -1, dtype=np.intp)
    number[located] = gather(shapely.get_coordinates(shapes)).of_incident
    return number


def _facts(reports: Incidents, ward: pd.Series) -> dict[str, NDArray[np.bool_]]:
    """Yes or no of each report, by the name of the measure it adds to."""
    place, kind = place_numbers(reports), row_kinds(reports)
    month = reports["month"].array.asi8
    located = place >= 0
    precision = reports["time_precision"]
    within = pd.DataFrame({"kind": kind, "month": month})
    return {
        "located": located,
        "outside": located & ward.isna().to_numpy(),
        "month_only": (precision == MONTH).to_numpy(),
        "timed": precision.isin([INSTANT, WINDOW]).to_numpy(),
        "qualified": reports["qualifier"].notna().to_numpy(),
        "identical": within.duplicated().to_numpy(),
        "seen": located & _seen_before(reports, place, month),
        "late": _late(reports, month),
    }


def _seen_before(
    reports: Incidents, place: NDArray[np.intp], month: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the same supplier used the row's point in an earlier month."""
    supplier = _joint([pd.factorize(reports[name])[0] for name in SUPPLIER])
    frame = pd.DataFrame({"supplier": supplier, "place": place, "month": month})
    first = frame.groupby(["supplier", "place"])["month"].transform("min")
    return np.asarray(first.to_numpy() < month)


def _late(reports: Incidents, month: NDArray[np.int64]) -> NDArray[np.bool_]:
    happened = reports["occurred_to"]
    known = happened.notna().to_numpy()
    at = (happened.dt.year * 12 + happened.dt.month).to_numpy(np.float64, na_value=np.nan)
    recorded = month + 1970 * 12 + 1
    return known & (recorded - np.where(known, at, recorded) >= 2)  # noqa: PLR2004


def _joint(columns: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """One number for each distinct combination of the columns' numbers."""
    joint = columns[0] + 1
    for column in columns[1:]:
        joint, _ = pd.factorize(joint * (int(column.max(initial=-1)) + 2) + column + 1)
    return np.asarray(joint, dtype=np.intp)
