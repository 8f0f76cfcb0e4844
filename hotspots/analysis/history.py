"""
The same place through successive months: has it long been hot, only lately, or no more?

Places are compared by area, never by point. The published list of map points was rebuilt
in July 2022 and hardly a point survived, so what an area would hold by chance is worked
out from the points of its own time, and a verdict that rests on both times says so.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from hotspots.analysis.counts import MISSING
from hotspots.analysis.ground import ground
from hotspots.analysis.patrol_arrangement import first_holding, points_of
from hotspots.periods import Period, parse_month
from hotspots.settings import RADIUS_M
from hotspots.tables.incidents import Incidents, coordinates, located

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

PERSISTENT: Final = "persistent"
EMERGING: Final = "emerging"
FORMER: Final = "former"
INTERMITTENT: Final = "intermittent"
NONE: Final = "no pattern"
VERDICTS: Final = (PERSISTENT, EMERGING, FORMER, INTERMITTENT, NONE)

# First month on the list of map points that is in use.
REBUILT: Final = parse_month("2022-07")
# One report never makes a month hot, however empty the ground.
LEAST_REPORTS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Rules:
    """
    What the verdicts mean, in shares of the months held.

    Attributes
    ----------
    hot
        Chance allowed of calling any month of an area hot that is not (Holm's rule).
    hotspot
        An area is a hotspot of a stretch when at least this share of its months is hot.
    persistent
        Least share of all months.
    recent
        Share of the months, the last ones, that counts as recent; and the least share
        of these that makes an emerging hotspot.

    References
    ----------
    Shares as in the R package sfhotspot, `hotspot_classify_params` (M. Ashby).
    """

    hot: float = 0.05
    hotspot: float = 0.1
    persistent: float = 0.8
    recent: float = 0.2


DEFAULT: Final = Rules()


def classify(
    incidents: Incidents,
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    period: Period,
    status: pd.Series | None = None,
    recorded: Incidents | None = None,
    rules: Rules = DEFAULT,
) -> pd.DataFrame:
    """
    Verdict on each area's past, with the months that carry it.

    - persistent: hot in at least 80% of the months held;
    - emerging: hot in fewer than 10% of the older months and at least 20% of the recent;
    - former: hot in at least 10% of the older months and fewer than 10% of the recent;
    - intermittent: hot in at least 10% of all months;
    - no pattern: none of these. The first that holds is the verdict.

    Parameters
    ----------
    incidents
        Incidents of one kind, of all months and the whole study area.
    areas
        Hotspots, patrol areas, or any outlines; metres.
    period
        Months looked at.
    status
        What was supplied, by month, from `counts.supply`; months that are missing are
        left out. None = a month without any incident was not supplied.
    recorded
        Crime of every kind, to know the places that can hold an incident; None = those
        that hold one of `incidents`.
    rules
        Shares behind the verdicts.

    Returns
    -------
    history
        Indexed as `areas`: `verdict`; `months_hot`, `months_held`, `recent_hot`,
        `recent_held`; `carried_by` (months that carry the verdict, as YYYY-MM, comma
        between); `last_hot` (month, or missing); `across_rebuild` (whether the months
        stand on two lists of map points).
    """
    months = by_month(
        incidents, areas, period=period, status=status, recorded=recorded, rules=rules
    )
    held = _held(pd.PeriodIndex(located(incidents)["month"]), period, status)
    flags = months["hot"].to_numpy(dtype=np.bool_).reshape(len(areas), len(held))
    recent = np.arange(len(held)) >= len(held) - max(1, int(rules.recent * len(held)))
    verdict = _verdicts(flags, recent, rules)
    last = [held[np.flatnonzero(row)[-1]] if row.any() else pd.NaT for row in flags]
    return pd.DataFrame(
        {
            "verdict": pd.Series(verdict, index=areas.index, dtype="str"),
            "months_hot": flags.sum(axis=1),
            "months_held": len(held),
            "recent_hot": flags[:, recent].sum(axis=1),
            "recent_held": int(recent.sum()),
            "carried_by": pd.Series(
                [
                    ", ".join(map(str, held[_carrying(row, recent, said)]))
                    for row, said in zip(flags, verdict, strict=True)
                ],
                index=areas.index,
                dtype="str",
            ),
            "last_hot": pd.Series(last, index=areas.index, dtype="period[M]"),
            "across_rebuild": bool((held < REBUILT).any() and (held >= REBUILT).any()),
        },
        index=areas.index,
    )


def by_month(
    incidents: Incidents,
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    period: Period,
    status: pd.Series | None = None,
    recorded: Incidents | None = None,
    rules: Rules = DEFAULT,
) -> pd.DataFrame:
    """
    Count of each area and month, what chance would make of it, and whether it is hot.

    By chance a month's incidents fall alike on all places that can hold one, so an area
    with k of K places expects k / K of the month's. A month is hot when as many reports
    or more would be rare by chance (Poisson), after Holm's correction for all months of
    the area.

    Parameters
    ----------
    incidents, areas, period, status, recorded, rules
        As for `classify`.

    Returns
    -------
    months
        Indexed by area and month held: `count`, `expected`, `p`, `hot`.

    References
    ----------
    S. Holm (1979), A simple sequentially rejective multiple test procedure,
    Scandinavian Journal of Statistics 6.
    """
    rows = located(incidents)
    month = pd.PeriodIndex(rows["month"])
    held = _held(month, period, status)
    shapes = np.asarray(areas.geometry.to_numpy(), dtype=np.object_)
    column = held.get_indexer(month)
    owner = first_holding(points_of(coordinates(rows)), shapes)
    counts = np.zeros((len(shapes), len(held)))
    inside = (owner >= 0) & (column >= 0)
    np.add.at(counts, (owner[inside], column[inside]), 1)
    total = np.bincount(column[column >= 0], minlength=len(held))
    places = located(rows if recorded is None else recorded)
    expected = total * _share_of_places(places, shapes, held)
    p = np.asarray(stats.poisson.sf(counts - 1, expected), dtype=np.float64)
    hot = (_holm(p) <= rules.hot) & (counts >= LEAST_REPORTS)
    index = pd.MultiIndex.from_product([areas.index, held], names=["number", "month"])
    return pd.DataFrame(
        {
            "count": counts.ravel().astype(np.int64),
            "expected": expected.ravel(),
            "p": p.ravel(),
            "hot": hot.ravel(),
        },
        index=index,
    )


def _held(month: pd.PeriodIndex, period: Period, status: pd.Series | None) -> pd.PeriodIndex:
    """Months of the period that were supplied."""
    supplied = month.unique() if status is None else status.index[status != MISSING]
    return period.months[period.months.isin(supplied)]


def _share_of_places(places: Incidents, shapes: Shapes, held: pd.PeriodIndex) -> Floats:
    """Share of the places that can hold an incident which lie in each area, by month."""
    share = np.zeros((len(shapes), len(held)))
    month = pd.PeriodIndex(places["month"])
    for now, then in ((held < REBUILT, month < REBUILT), (held >= REBUILT, month >= REBUILT)):
        if not now.any() or not then.any():
            continue
        xy = ground(coordinates(places)[then], radius_m=RADIUS_M.default).xy
        owner = first_holding(points_of(xy), shapes)
        inside = np.bincount(owner[owner >= 0], minlength=len(shapes))
        share[:, now] = (inside / len(xy))[:, None]
    return share


def _holm(p: Floats) -> Floats:
    """p-values of each row, corrected for all of its columns."""
    order = np.argsort(p, axis=1, kind="stable")
    ranked = np.take_along_axis(p, order, axis=1) * np.arange(p.shape[1], 0, -1)
    corrected = np.minimum(np.maximum.accumulate(ranked, axis=1), 1.0)
    back = np.empty_like(corrected)
    np.put_along_axis(back, order, corrected, axis=1)
    return back


def _verdicts(hot: NDArray[np.bool_], recent: NDArray[np.bool_], rules: Rules) -> list[str]:
    """Verdict of each row of months."""
    if not hot.shape[1]:
        return [NONE] * len(hot)
    whole = hot.mean(axis=1)
    late = hot[:, recent].mean(axis=1)
    older = hot[:, ~recent]
    early = older.mean(axis=1) if older.shape[1] else np.zeros(len(hot))
    chosen = np.select(
        [
            whole >= rules.persistent,
            (early < rules.hotspot) & (late >= rules.recent),
            (early >= rules.hotspot) & (late < rules.hotspot),
            whole >= rules.hotspot,
        ],
        VERDICTS[:4],
        NONE,
    )
    return [str(verdict) for verdict in chosen]


def _carrying(hot: NDArray[np.bool_], recent: NDArray[np.bool_], verdict: str) -> NDArray[np.bool_]:
    """Months that carry a verdict: the hot ones of the stretch it speaks of."""
    carrying = hot.copy()
    if verdict == NONE:
        carrying[:] = False
    elif verdict == EMERGING:
        carrying &= recent
    elif verdict == FORMER:
        carrying &= ~recent
    return carrying
