"""Counts by month and by ward, each with its interval, and what was never supplied."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from hotspots.analysis.intervals import poisson_interval
from hotspots.periods import Period
from hotspots.tables.incidents import Incidents, asb
from hotspots.tables.wards import Wards

HELD: Final = "held"
PARTIAL: Final = "partial"
MISSING: Final = "missing"
PER_RESIDENTS: Final = 1000
STRAY: Final = 0.01


def supply(incidents: Incidents, period: Period, *, forces: Iterable[str]) -> pd.Series:
    """
    Whether each month's ASB was supplied by every force that the study area lies in.

    A force-month counts as supplied when it holds at least one ASB row: forces whose
    files stopped carrying ASB still publish their other crime. Of several sources, each
    must supply every force that it covers; a few stray rows in a neighbour's area cover
    nothing (under `STRAY` of its rows, in fewer than half of its months).

    Parameters
    ----------
    incidents
        All loaded incidents, of every category and area.
    period
        Months looked at.
    forces
        Names of the forces the study area lies in.

    Returns
    -------
    status
        Indexed by month: "held", "partial" (some forces or sources only) or "missing".
    """
    rows = asb(incidents)
    key = ["source", "force", "month"]
    tally = rows.loc[rows["force"].isin(set(forces)), key].groupby(key, observed=True).size()
    held = tally.reset_index(name="rows").astype({"source": "str", "force": "str"})
    if len(held["source"].unique()) > 1:
        held = _covered(held, rows)
    suppliers = held[["source", "force"]].drop_duplicates()
    wanted = len(suppliers) + len(set(forces) - set(suppliers["force"]))
    held_by = held.groupby("month").size().reindex(period.months, fill_value=0)
    status = np.select(
        [held_by.to_numpy() == 0, held_by.to_numpy() < wanted],
        [MISSING, PARTIAL],
        HELD,
    )
    return pd.Series(status, index=period.months, name="status")


def _covered(held: pd.DataFrame, rows: Incidents) -> pd.DataFrame:
    """Months of the forces that each source covers, without those it only strays into."""
    of_source = held["source"].map(rows["source"].astype("str").value_counts())
    spans = rows.groupby("source", observed=True)["month"].nunique()
    pair = held.groupby(["source", "force"])
    share = pair["rows"].transform("sum") / of_source
    months = pair["month"].transform("size") / held["source"].map(spans)
    return held.loc[~((share < STRAY) & (months < 1 / 2))]


def by_month(incidents: Incidents, status: pd.Series) -> pd.DataFrame:
    """
    Incidents in each month, with what chance alone could make of the count.

    Parameters
    ----------
    incidents
        The rows to count; of any length.
    status
        What was supplied, from `supply`; its index says which months.

    Returns
    -------
    months
        Indexed by month: `count`, `low`, `high` (exact Poisson interval; all three
        not a number where the month is missing) and `status`.
    """
    recorded = incidents["month"].value_counts().reindex(status.index, fill_value=0)
    counts = recorded.astype("float64").where(status != MISSING)
    low, high = poisson_interval(counts.to_numpy())
    return pd.DataFrame(
        {"count": counts, "low": low, "high": high, "status": status}, index=status.index
    )


def beside_year_before(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """
    Months with, for each, the count of the same calendar month a year earlier.

    Parameters
    ----------
    now, before
        From `by_month`; `before` covers the months a year earlier.

    Returns
    -------
    months
        `now` with `year_before` and `year_before_status` ("missing" where not held).
    """
    shifted = before.set_axis(before.index + 12).reindex(now.index)
    return now.assign(
        year_before=shifted["count"], year_before_status=shifted["status"].fillna(MISSING)
    )


def by_ward(incidents: Incidents, ward: pd.Series, wards: Wards) -> pd.DataFrame:
    """
    League of wards: counts and rates per 1,000 residents, each with its interval.

    Parameters
    ----------
    incidents
        The rows to count.
    ward
        Code of the ward each row lies in, on the same index; missing where none.
    wards
        The wards to list; those without an incident are listed with 0.

    Returns
    -------
    league
        Indexed by ward code, busiest first: `name`, `authority_name`, `count`, `low`,
        `high`, `share` (of the incidents in these wards), `residents`, `rate`,
        `rate_low`, `rate_high` (not a number where no residents are loaded).
    """
    counts = ward.loc[incidents.index].value_counts()
    table = pd.DataFrame(
        {
            "name": wards["name"],
            "authority_name": wards["authority_name"],
            "count": counts.reindex(wards.index, fill_value=0).astype("int64"),
        },
        index=wards.index,
    )
    table["low"], table["high"] = poisson_interval(table["count"].to_numpy())
    total = table["count"].sum()
    table["share"] = table["count"] / total if total else float("nan")
    table["residents"] = wards["residents"].where(wards["residents"] > 0)
    for rate, measure in {"rate": "count", "rate_low": "low", "rate_high": "high"}.items():
        table[rate] = PER_RESIDENTS * table[measure] / table["residents"]
    return table.sort_values(["count", "name"], ascending=[False, True])
