"""
What one source sees and another does not: places strong in one's reports, weak in the other's.

Each source's reports are taken as they spread over the same wards in the same months. Were
both to see the same, a ward's reports would divide between them as all reports do. Wards
where they divide otherwise are named when chance would seldom say so among all wards.
"""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import stats

from hotspots.analysis.count_tests import benjamini_hochberg
from hotspots.settings import INTERVAL, MIN_COUNT_FOR_RATIO

# Of the wards that are named, the share that chance may have named.
FALSE_DISCOVERIES: Final = 0.05
COLUMNS: Final = ("ours", "theirs", "ratio", "low", "high", "p", "named")


def between(
    ours: pd.Series, theirs: pd.Series, *, everywhere: tuple[int, int] | None = None
) -> pd.DataFrame:
    """
    Places by how much more one source reports of them than another.

    ratio = (ours here ÷ ours everywhere) ÷ (theirs here ÷ theirs everywhere); 2 = twice as
    large a part of ours as of theirs. Its interval is the exact one of a binomial share
    (Clopper and Pearson 1934); its p-value the exact test of that share, two-sided; which
    are named, Benjamini and Hochberg (1995). Reports that come in bursts, such as one
    caller's, make both too sure.

    Parameters
    ----------
    ours, theirs
        Reports of each source, by place; on one index.
    everywhere
        Reports of each source in all; None = the sums of those given.

    Returns
    -------
    places
        On the index of `ours`, the most unlike first: see `COLUMNS`. Ratios are not given
        where both have fewer than `MIN_COUNT_FOR_RATIO` reports between them.

    Examples
    --------
    >>> found = between(pd.Series({"A": 40, "B": 60}), pd.Series({"A": 10, "B": 90}))
    >>> round(float(found.loc["A", "ratio"]), 2), bool(found.loc["A", "named"])
    (4.0, True)
    """
    a, b = ours.to_numpy(dtype=np.int64), theirs.reindex(ours.index).to_numpy(dtype=np.int64)
    total = (int(a.sum()), int(b.sum())) if everywhere is None else everywhere
    table = pd.DataFrame({"ours": a, "theirs": b}, index=ours.index)
    if not all(total):
        nothing = np.full(len(a), np.nan)
        return table.assign(ratio=nothing, low=nothing, high=nothing, p=nothing, named=False)
    both = a + b
    enough = both >= MIN_COUNT_FOR_RATIO
    share = total[0] / sum(total)
    p = np.array(
        [_p(x, n, share) if ok else np.nan for x, n, ok in zip(a, both, enough, strict=True)]
    )
    tail = (1 - INTERVAL) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(a == 0, 0.0, stats.beta.ppf(tail, a, b + 1))
        high = np.where(b == 0, 1.0, stats.beta.ppf(1 - tail, a + 1, b))
        odds = [part / (1 - part) * total[1] / total[0] for part in (a / both, low, high)]
    ratio, low, high = (np.where(enough, each, np.nan) for each in odds)
    found = table.assign(ratio=ratio, low=low, high=high, p=p, named=_named(p))
    return found.sort_values(["p", "ours"], ascending=[True, False], kind="stable")


def near(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    footprints: NDArray[np.object_],
    *,
    within_m: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Reports of each source in or near each of some footprints.

    One source gives addresses, another the nearest of a list of points that addresses share;
    the ground between is counted in, so that neither misses what is there. Where footprints
    are found from the reports of both together, which source a report is of played no part
    in choosing them, and the test of `between` holds as it does for wards.

    Parameters
    ----------
    ours, theirs
        Easting and northing of each source's reports, metres, shape (n, 2).
    footprints
        Polygons.
    within_m
        How far outside a footprint is near, metres.

    Examples
    --------
    >>> square = np.array([shapely.box(0, 0, 10, 10)])
    >>> near(np.array([[15.0, 5.0]]), np.array([[40.0, 5.0]]), square, within_m=20)
    (array([1]), array([0]))
    """
    wider = shapely.buffer(footprints, within_m)

    def counted(xy: NDArray[np.float64]) -> NDArray[np.int64]:
        points: NDArray[np.object_] = np.asarray(shapely.points(xy), dtype=object)
        of_footprint, _ = shapely.STRtree(points).query(wider, predicate="intersects")
        return np.bincount(of_footprint, minlength=len(footprints)).astype(np.int64)

    return counted(ours), counted(theirs)


def _p(count: int, both: int, share: float) -> float:
    return float(stats.binomtest(int(count), int(both), share).pvalue)


def _named(p: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which p-values stand out among all, at the share of false ones that is allowed."""
    known = np.flatnonzero(~np.isnan(p))
    named = np.zeros(len(p), dtype=bool)
    if len(known):
        named[known] = benjamini_hochberg(p[known]) <= FALSE_DISCOVERIES
    return named
