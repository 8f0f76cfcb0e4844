"""
What the public figures count, and the ground they may be counted on.

Every report of antisocial behaviour that lies in a ward is counted once, with these
exceptions, each of them reported to the data-protection officer and to nobody else:
reports made by officers or cameras (places that are patrolled more would seem worse), and
reports beyond the ninth of one year from one address or one repeat caller. A map point of
data.police.uk is no address: its publisher lets it stand for at least eight.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.areas import assign
from hotspots.analysis.counts import HELD, supply
from hotspots.analysis.hexagons import hexagon_of
from hotspots.periods import Period
from hotspots.settings import LEAST_ADDRESSES, MOST_FROM_ONE_ADDRESS
from hotspots.study import Dataset
from hotspots.tables.incidents import Incidents, asb, located

SNAP_POINT: Final = "snap point"
_POLICE_UK: Final = "police.uk"
_PERSONAL: Final = "personal"
_NOT_PUBLIC: Final = ("officer", "sensor")
# Hexagon of what is never mapped: it counts for its ward alone.
NOWHERE: Final = (-1, -1)


@dataclass(frozen=True, eq=False)
class Counted:
    """
    Reports to be published, and the ground they may be published for.

    Attributes
    ----------
    rows
        One row a report: `ward`, `authority`, `month`, `year`, `column` and `row` of its
        hexagon (-1 where it is never mapped), `place` (a number: the point it lies at).
    ground
        One row for each point that any report, of any kind and time, lies at: `ward`,
        `column`, `row`, `addresses` (at least so many are known to be there).
    years
        Calendar years that each authority's force supplied whole: `authority`, `year`.
    left_out
        Reports of those years that are not counted, by reason.
    """

    rows: pd.DataFrame
    ground: pd.DataFrame
    years: pd.DataFrame
    left_out: dict[str, int]


def counted(dataset: Dataset, *, newest: pd.Period) -> Counted:
    """
    Reports that public figures count.

    Parameters
    ----------
    dataset
        Everything loaded.
    newest
        Newest month that may be shown; a year that ends later is not.
    """
    years = _whole_years(dataset, newest)
    reports = asb(dataset.incidents)
    ward = dataset.ward.loc[reports.index].astype("object")
    authority = ward.map(dataset.wards["authority"]).astype("object")
    month = reports["month"]
    shown = pd.MultiIndex.from_arrays([authority, month.dt.year]).isin(
        pd.MultiIndex.from_frame(years)
    )
    public = ~_text(reports, "reported").isin(_NOT_PUBLIC).to_numpy()
    of_years = month.dt.year.isin(years["year"]).to_numpy()
    kept = Incidents(reports.loc[shown & public])
    xy = np.column_stack([kept.geometry.x, kept.geometry.y]) if len(kept) else np.empty((0, 2))
    hexagon = hexagon_of(xy)
    hexagon[(_text(kept, "qualifier") == _PERSONAL).to_numpy()] = NOWHERE
    place = _places(xy)
    frame = pd.DataFrame(
        {
            "ward": ward.loc[kept.index],
            "authority": authority.loc[kept.index],
            "month": kept["month"],
            "year": kept["month"].dt.year,
            "column": hexagon[:, 0],
            "row": hexagon[:, 1],
            "place": place,
        },
        index=kept.index,
    )
    few = _within_limit(frame, snapped(kept), _text(kept, "repeat_key"))
    return Counted(
        rows=frame.loc[few],
        ground=_ground(dataset),
        years=years,
        left_out={
            "without a place, or in no ward": int((of_years & ward.isna().to_numpy()).sum()),
            "reported by an officer or a camera": int((shown & ~public).sum()),
            "beyond the ninth of one address in a year": int((~few).sum()),
        },
    )


def snapped(incidents: Incidents) -> NDArray[np.bool_]:
    """Whether each report lies at a map point that stands for several addresses."""
    said = _text(incidents, "place_precision")
    of_police_uk = (incidents["source"] == _POLICE_UK).to_numpy()
    return np.asarray(np.where(said == "", of_police_uk, said == SNAP_POINT), dtype=bool)


def _whole_years(dataset: Dataset, newest: pd.Period) -> pd.DataFrame:
    """Authorities and the years whose twelve months their force supplied."""
    held = dataset.period_of()
    months = Period(held.first, min(held.last, newest)) if newest >= held.first else None
    found = []
    for force, authorities in dataset.force_of_authority.groupby(dataset.force_of_authority):
        if months is None:
            break
        status = supply(dataset.incidents, months, forces=[str(force)])
        whole = (status == HELD).groupby(pd.PeriodIndex(status.index).year).sum()
        found += [
            (str(code), int(year))
            for year in whole.index[whole == 12]  # noqa: PLR2004
            for code in authorities.index
        ]
    return pd.DataFrame(sorted(found), columns=["authority", "year"])


def _within_limit(
    frame: pd.DataFrame, snapped: NDArray[np.bool_], repeat_key: pd.Series
) -> NDArray[np.bool_]:
    """Rows that are no more than the ninth of their address, and of their caller, in a year."""
    ordered = frame.sort_values(["month", "place"], kind="stable")
    at_address = ordered.groupby(["year", "place"]).cumcount().reindex(frame.index)
    of_caller = ordered.groupby(["year", repeat_key.loc[ordered.index]]).cumcount()
    of_caller = of_caller.reindex(frame.index)
    return np.asarray(
        (snapped | (at_address < MOST_FROM_ONE_ADDRESS))
        & ((repeat_key == "") | (of_caller < MOST_FROM_ONE_ADDRESS))
    )


def _ground(dataset: Dataset) -> pd.DataFrame:
    """Points that any report lies at, each with the addresses known to be there."""
    known = located(dataset.incidents)
    xy = np.column_stack([known.geometry.x, known.geometry.y]) if len(known) else np.empty((0, 2))
    at = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "snapped": snapped(known)})
    points = at.groupby(["x", "y"], sort=True)["snapped"].max().reset_index()
    places = points[["x", "y"]].to_numpy()
    hexagon = hexagon_of(places)
    code = assign(places, dataset.wards).code.astype("object")
    return pd.DataFrame(
        {
            "ward": code.to_numpy(),
            "column": hexagon[:, 0],
            "row": hexagon[:, 1],
            "addresses": np.where(points["snapped"], LEAST_ADDRESSES, 1),
        }
    ).dropna(subset="ward")


def _places(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    return np.asarray(np.unique(xy, axis=0, return_inverse=True)[1].ravel(), dtype=np.int64)


def _text(incidents: Incidents, column: str) -> pd.Series:
    """Column as text, empty where it is missing or was never given."""
    if column not in incidents.columns:
        return pd.Series("", index=incidents.index, dtype="object")
    return incidents[column].astype("object").fillna("")
