"""
After one report, how much likelier is another nearby, and for how long?

Knox's test counts pairs of incidents that are near in space and in time, against what
pairs would be had the same places and the same days been paired at random. It needs days;
months would count a year's pairs as near.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots.settings import FALSE_ALARM, SEED

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# Same place, then rings: upper ends, metres; 0 is the very same point.
NEAR_M: Final = (0.0, 100.0, 200.0, 400.0)
# Upper ends, days: within a week of each other, within two, three, four.
SOON_DAYS: Final = (7, 14, 21, 28)
SIMULATIONS: Final = 199
# Fewest incidents that pairs are counted among.
LEAST: Final = 50
# A ratio that rests on fewer expected pairs than this is not named.
LEAST_EXPECTED: Final = 1.0


@dataclass(frozen=True, eq=False)
class NearRepeats:
    """
    Pairs near in space and time, beside chance.

    Attributes
    ----------
    table
        One row a band of space and of time: `near_m` and `soon_days` (upper ends),
        `pairs`, `expected` (mean of the random pairings), `ratio`, `p`, and `adjusted`:
        the chance of a band so far above its own random pairings anywhere in the table.
    incidents
        How many were paired.
    """

    table: pd.DataFrame
    incidents: int

    @property
    def enough(self) -> bool:
        """Whether there are incidents enough to say anything."""
        return self.incidents >= LEAST

    def raised(self, *, level: float = FALSE_ALARM) -> pd.DataFrame:
        """Bands with more pairs than chance pairs anywhere in the table."""
        rows = self.table
        return rows.loc[(rows["adjusted"] <= level) & (rows["expected"] >= LEAST_EXPECTED)]


def near_repeats(
    xy: Floats,
    day: Integers,
    *,
    near_m: tuple[float, ...] = NEAR_M,
    soon_days: tuple[int, ...] = SOON_DAYS,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
) -> NearRepeats:
    """
    Knox's test in bands of distance and time.

    Pairs are counted whose distance d is in (near_m before, near_m] and whose days apart
    are in (soon_days before, soon_days]; the first band of time begins with the same day,
    the first of space is the same point where it is 0. Days are shuffled among places;
    p = (1 + #{shuffles ≥ counted}) / (1 + shuffles). `adjusted` is the same for the largest
    standardised count of each shuffle, so that looking at every band is allowed for.

    Parameters
    ----------
    xy
        Easting and northing, metres, shape (n, 2).
    day
        Day of each, counted from any day.
    near_m, soon_days
        Upper ends of the bands, rising.
    simulations, seed
        Shuffles.

    References
    ----------
    E. G. Knox (1964), The detection of space-time interactions, Applied Statistics 13;
    S. D. Johnson and others (2007), Space-time patterns of risk, Journal of Quantitative
    Criminology 23 (bands and shuffles).

    Examples
    --------
    >>> xy = np.array([[0.0, 0], [0, 0], [50, 0], [5000, 0]])
    >>> found = near_repeats(xy, np.array([0, 3, 5, 0]), simulations=0)
    >>> some = found.table.loc[found.table["pairs"] > 0]
    >>> some[["near_m", "soon_days", "pairs"]].to_numpy().tolist()
    [[0.0, 7.0, 1.0], [100.0, 7.0, 2.0]]
    """
    bands = (len(near_m), len(soon_days))
    pairs = _pairs(xy, near_m)
    counted = _count(pairs, day, soon_days, bands)
    rng = np.random.default_rng(seed)
    shuffled = np.array(
        [_count(pairs, rng.permutation(day), soon_days, bands) for _ in range(simulations)]
    ).reshape(simulations, *bands)
    p = (1 + (shuffled >= counted).sum(axis=0)) / (1 + simulations)
    both = np.concatenate([counted[None], shuffled]).astype(np.float64)
    score = (both - both.mean(axis=0)) / np.maximum(both.std(axis=0), 1e-9)
    most = score[1:].reshape(simulations, counted.size).max(axis=1, initial=-np.inf)
    adjusted = (1 + (most[:, None, None] >= score[0]).sum(axis=0)) / (1 + simulations)
    expected = shuffled.mean(axis=0) if simulations else np.full(bands, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, counted / expected, np.nan)
    table = pd.DataFrame(
        {
            "near_m": np.repeat(near_m, bands[1]),
            "soon_days": np.tile(soon_days, bands[0]),
            "pairs": counted.ravel(),
            "expected": expected.ravel(),
            "ratio": ratio.ravel(),
            "p": p.ravel(),
            "adjusted": adjusted.ravel(),
        }
    )
    return NearRepeats(table, len(xy))


def knox_expected(near: int, soon: int, pairs: int) -> float:
    """
    Pairs both near and soon that chance makes: near x soon / all pairs.

    Parameters
    ----------
    near, soon
        Pairs near in space, and near in time.
    pairs
        All pairs: n(n - 1) / 2.

    Examples
    --------
    >>> round(knox_expected(25, 152, 96 * 95 // 2), 2)
    0.83
    """
    return near * soon / pairs if pairs else float("nan")


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Incidents that are near each other: one, other, and the band of their distance."""

    one: Integers
    other: Integers
    band: Integers


def _pairs(xy: Floats, near_m: tuple[float, ...]) -> _Pairs:
    found = cKDTree(xy).query_pairs(near_m[-1], output_type="ndarray") if len(xy) else _NONE
    one, other = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    apart = np.hypot(*(xy[one] - xy[other]).T)
    return _Pairs(one, other, np.asarray(np.searchsorted(near_m, apart), dtype=np.int64))


def _count(
    pairs: _Pairs, day: Integers, soon_days: tuple[int, ...], bands: tuple[int, int]
) -> Integers:
    """Pairs in each band of distance by each band of time."""
    apart = np.abs(day[pairs.one] - day[pairs.other])
    soon = np.searchsorted(soon_days, apart)
    kept = soon < bands[1]
    cell = pairs.band[kept] * bands[1] + soon[kept]
    return np.bincount(cell, minlength=bands[0] * bands[1]).reshape(bands)


_NONE = np.empty((0, 2), dtype=np.int64)
