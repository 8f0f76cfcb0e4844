"""
What is wrong with the records, one row a finding, the gravest first.

A finding is something that changes what the map shows, or what may be asked of it. A source
is held against a standard where the field has one, and otherwise against its own past.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.breaks import find_breaks, odd_months
from hotspots.analysis.exchanged import exchanged
from hotspots.analysis.finding_kinds import (
    COLUMNS,
    EXCHANGED,
    GREW,
    LATE_ROSE,
    LEAST,
    LEVEL,
    MISSING,
    MORE_ALIKE,
    NO_ASB,
    NO_DAY,
    NO_DAY_ROSE,
    NO_QUALIFIER,
    NO_WARDS,
    NOTE,
    ODD,
    OUTSIDE,
    OUTSIDE_ROSE,
    QUALIFIER_ROSE,
    SERIOUS,
    SEVERITIES,
    SHORT,
    UNPLACED,
    UNPLACED_ROSE,
    WATCH,
    finding,
)
from hotspots.analysis.late_arrivals import beside, grown, in_forces
from hotspots.analysis.own_past import risen, runs
from hotspots.analysis.quality import SUPPLIER, measures
from hotspots.analysis.row_findings import of_rows
from hotspots.analysis.season import SEASON_MONTHS
from hotspots.settings import GEOCODED
from hotspots.tables.incidents import Incidents, asb, located
from hotspots.tables.wards import Wards

# A share of reports outside the wards beyond this is more than a ragged border.
_OUTSIDE: Final = 0.02
# Reports without a qualifier beyond this, where a source gives qualifiers at all.
_UNQUALIFIED: Final = 0.1
_HALF: Final = 0.5
_Z: Final = 1.96


def quality(
    incidents: Incidents,
    ward: pd.Series,
    arrivals: pd.DataFrame | None = None,
    *,
    wards: Wards | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Every finding on the records loaded, and the counts that they rest on.

    Parameters
    ----------
    incidents
        Every row loaded, of every category.
    ward
        Code of the ward each row lies in; missing where none.
    arrivals
        What each month held when it was first read: `source`, `force`, `month`, `read`,
        `rows_first` and `rows`; None = it is not known of any.
    wards
        Outlines of the wards loaded; None = exchanged coordinates are not looked for.

    Returns
    -------
    findings
        Gravest first, then newest: `severity` (serious: do not read the map of it as it is;
        watch: read it with this in mind; note: what it cannot say), `kind`, `source`,
        `force`, `first` and `last` month, `count` rows `of` so many, `share`, `before` (the
        same share, or a level, in the source's own past; not a number without one), `place`
        with `east` and `north`, and a `key` by which a person's word on it is found again.
    months
        From `measures`; where arrivals are given, with `read` and `grew` of
        `late_arrivals.beside`.
    """
    table = measures(incidents, ward)
    reports = asb(incidents)
    rows: list[dict[str, Any]] = []
    for (source, force), part in table.groupby(level=SUPPLIER):
        months = part.droplevel([0, 1])
        months.index = pd.PeriodIndex(months.index, freq="M")
        mine = Incidents(reports.loc[(reports["source"] == source) & (reports["force"] == force)])
        rows += [
            {"source": source, "force": force, **row}
            for row in (*_of_supply(months), *_of_shares(months), *of_rows(mine, months))
        ]
    if wards is not None and len(wards):
        rows += _of_exchange(located(reports), ward, wards)
    if arrivals is not None:
        suppliers = table.reset_index()[SUPPLIER].drop_duplicates()
        arrivals = in_forces(arrivals, suppliers)
        rows += _of_arrivals(arrivals.loc[arrivals["source"].isin(suppliers["source"])])
        table = beside(table, arrivals)
    return _table(rows), table


def _of_exchange(reports: Incidents, ward: pd.Series, wards: Wards) -> Iterator[dict[str, Any]]:
    """Suppliers whose far reports come home when easting and northing change places."""
    for one in exchanged(reports, ward, wards).to_dict("records"):
        run = (one["first"], one["last"])
        row = finding(EXCHANGED, SERIOUS, run, int(one["home"]), int(one["far"]))
        yield {"source": str(one["source"]), "force": str(one["force"]), **row}


def _of_arrivals(arrivals: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Suppliers whose months grew after they were first read."""
    for one in grown(arrivals).to_dict("records"):
        row = finding(GREW, WATCH, (one["first"], one["last"]), int(one["late"]), int(one["rows"]))
        yield {"source": str(one["source"]), "force": str(one["force"]), **row}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    filled = [{"share": np.nan, "before": np.nan, "place": "", **row} for row in rows]
    frame = pd.DataFrame(filled, columns=list(COLUMNS))
    frame["key"] = [
        "|".join(
            [row["source"], row["force"], row["kind"], str(row["first"])]
            + ([_at_place(row)] if row["place"] else [])
        )
        for row in frame.to_dict("records")
    ]
    frame = frame.astype(COLUMNS)
    rank = frame["severity"].map({name: number for number, name in enumerate(SEVERITIES)})
    newest = -frame["last"].array.asi8
    order = np.lexsort((frame["key"].to_numpy(dtype=str), newest, rank.to_numpy()))
    return frame.iloc[order].reset_index(drop=True)


def _at_place(row: dict[Any, Any]) -> str:
    return row["place"] if np.isnan(row["east"]) else f"{row['east']:.0f},{row['north']:.0f}"


def _of_supply(months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Months that are not there, stand alone, or begin another level."""
    held = pd.PeriodIndex(months.index)
    every = pd.period_range(held[0], held[-1], freq="M")
    for first, last in runs(every.difference(held), every):
        yield finding(MISSING, WATCH, (first, last), (last - first).n + 1, len(every))
    without = held[months["asb"] == 0]
    if len(without) < len(held):
        for first, last in runs(without, held):
            yield finding(NO_ASB, SERIOUS, (first, last), (last - first).n + 1, len(held))
    series = months["asb"].reindex(every).astype("float64")
    known = series.fillna(0) > 0
    status = pd.Series(np.where(known, counts.HELD, counts.MISSING), index=every)
    usual = series[known].median()
    for month in odd_months(series.where(known), status):
        yield finding(ODD, WATCH, (month, month), int(_at(series, month)), 0, before=float(usual))
    if known.sum() < SEASON_MONTHS:
        yield finding(SHORT, NOTE, (held[0], held[-1]), int(known.sum()), SEASON_MONTHS)
    for one in find_breaks(series.where(known), status):
        share = one.after / one.before if one.before else np.nan
        row = finding(LEVEL, WATCH, (one.month, one.month), round(one.after), 0, before=one.before)
        yield {**row, "share": share}


def _of_shares(months: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Shares beyond a standard, and shares out of line with the source's own past."""
    n = months["asb"]
    unplaced = n - months["located"]
    yield from _beyond(UNPLACED, SERIOUS, unplaced, n, 1 - GEOCODED)
    yield from _rose(UNPLACED_ROSE, unplaced, n)
    total, inside = months["located"].sum(), (months["located"] - months["outside"]).sum()
    if total and inside < _HALF * total:
        outside = int(total - inside)
        yield finding(NO_WARDS, NOTE, (months.index[0], months.index[-1]), outside, int(total))
    else:
        yield from _beyond(OUTSIDE, WATCH, months["outside"], months["located"], _OUTSIDE)
        yield from _rose(OUTSIDE_ROSE, months["outside"], months["located"])
    yield from _lacking(NO_DAY, NO_DAY_ROSE, months["month_only"], n)
    unqualified = n - months["qualified"]
    yield from _lacking(NO_QUALIFIER, QUALIFIER_ROSE, unqualified, n)
    yield from _rose(MORE_ALIKE, months["identical"], n)
    yield from _rose(LATE_ROSE, months["late"], n)


def _lacking(
    kind: str, kind_rose: str, lacking: pd.Series, n: pd.Series
) -> Iterator[dict[str, Any]]:
    """One note where a source never gives something; where it does, what fell away."""
    first, last, some = n.index[0], n.index[-1], int(n.sum())
    if not some:
        return
    if lacking.sum() == some:
        yield finding(kind, NOTE, (first, last), some, some)
        return
    if kind == NO_QUALIFIER and lacking.sum() > _UNQUALIFIED * some:
        yield finding(kind, WATCH, (first, last), int(lacking.sum()), some)
    yield from _rose(kind_rose, lacking, n)


def _beyond(
    kind: str, severity: str, part: pd.Series, whole: pd.Series, most: float
) -> Iterator[dict[str, Any]]:
    """Runs of months whose share is beyond a standard; grave only where chance is ruled out."""
    enough = (whole >= LEAST) & (part > most * whole)
    for first, last in runs(pd.PeriodIndex(part.index[enough]), pd.PeriodIndex(part.index)):
        k, n = int(part[first:last].sum()), int(whole[first:last].sum())
        certain = k / n - _Z * np.sqrt(most * (1 - most) / n) > most
        yield finding(kind, severity if certain else WATCH, (first, last), k, n)


def _rose(kind: str, part: pd.Series, whole: pd.Series) -> Iterator[dict[str, Any]]:
    """Runs of months whose share is out of line with those before them."""
    table = risen(part, whole.where(whole >= LEAST, 0))
    flagged = pd.PeriodIndex(part.index[table["risen"]])
    for first, last in runs(flagged, pd.PeriodIndex(part.index)):
        k, n = int(part[first:last].sum()), int(whole[first:last].sum())
        yield finding(kind, WATCH, (first, last), k, n, before=_at(table["before"], first))


def _at(series: pd.Series, month: pd.Period) -> float:
    return float(series.reindex([month]).iloc[0])
