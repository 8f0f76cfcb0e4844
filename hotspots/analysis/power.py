"""
How large must a change be for these data to show it? Changes are planted, and looked for.

A list that is empty may mean that nothing changed, or that so few reports could not have
shown it. So a place that is in the data is given some times its usual reports in the newest
months, and what is asked of the real data is asked of these.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.breaks import Break
from hotspots.analysis.changes import NEWEST, what_changed
from hotspots.analysis.cylinders import WARN, Floats, Integers, Scan, places_of
from hotspots.analysis.intervals import share_interval
from hotspots.analysis.space_time_scan import RADII_M, permutation_scan
from hotspots.settings import SEED

# Times a place's usual reports.
SIZES: Final = (1.3, 1.5, 2.0, 3.0, 5.0)
# Places planted for each size.
PLANTED: Final = 30
_SIMULATIONS: Final = 199


def power_of_changes(
    series: pd.DataFrame,
    status: pd.Series,
    planted: Sequence[str],
    *,
    area: pd.Series | None = None,
    breaks: Iterable[Break] = (),
    sizes: tuple[float, ...] = SIZES,
    seed: int = SEED,
) -> pd.DataFrame:
    """
    Share of changes planted at one series that `changes.what_changed` lists as up.

    In each of the newest months the series gains a Poisson number of reports of mean
    (size - 1) times its mean month; the study area gains them too.

    Parameters
    ----------
    series, status, area, breaks
        As for `what_changed`.
    planted
        Series to plant at, one at a time; repeats are planted anew.
    sizes
        Times the usual.

    Returns
    -------
    power
        One row a size: `size`, `found` (share), `low`, `high` (95%), `planted` (how many).

    Examples
    --------
    >>> months = pd.period_range("2024-01", "2025-12", freq="M")
    >>> series = pd.DataFrame({f"ward {n}": 20 for n in range(30)}, index=months)
    >>> held = pd.Series("held", index=months)
    >>> power_of_changes(series, held, ["ward 7"] * 5, sizes=(1.0, 3.0))["found"].tolist()
    [0.0, 1.0]
    """
    rng, given, rows = np.random.default_rng(seed), tuple(breaks), []
    newest = series.index[-NEWEST:]
    whole = series.sum(axis=1) if area is None else area
    for size in sizes:
        hits = 0
        for name in planted:
            more = rng.poisson((size - 1) * series[name].mean(), len(newest))
            with_more, area_more = series.astype("float64"), whole.astype("float64")
            with_more.loc[newest, name] += more
            area_more.loc[newest] += more
            table = what_changed(with_more, status, area=area_more, breaks=given).table
            hits += int(name in table.index[table["direction"] == "up"])
        rows.append(_row(size, hits, len(planted)))
    return pd.DataFrame(rows)


def power_of_warning(
    xy: Floats,
    when: Integers,
    planted: Sequence[Integers],
    *,
    periods: int,
    longest: int,
    past_step: int = 1,
    newest: int = 1,
    sizes: tuple[float, ...] = SIZES,
    seed: int = SEED,
) -> pd.DataFrame:
    """
    Share of gatherings planted at one place that the early warning names there.

    The newest periods gain a Poisson number of reports of mean (size - 1) times what the
    place usually holds in so many; each lies where a report of the place lies. A few
    reports more do not change what random worlds show, so the strength that warns is
    that of the data as they are.

    Parameters
    ----------
    xy, when, periods, longest, past_step
        As for `permutation_scan`.
    planted
        Rows of the reports of each place to plant at.
    newest
        Periods that gain: 1 month, or 7 days.
    sizes
        Times the usual.

    Returns
    -------
    power
        As `power_of_changes`.
    """
    base = permutation_scan(
        xy,
        when,
        periods=periods,
        longest=longest,
        past_step=past_step,
        simulations=_SIMULATIONS,
        seed=seed,
    )
    least, rng, rows = strength_that_warns(base), np.random.default_rng(seed), []
    for size in sizes:
        hits = 0
        for place in planted:
            many = rng.poisson((size - 1) * len(place) * newest / periods)
            at = xy[rng.choice(place, many)]
            late = periods - 1 - rng.integers(0, newest, many)
            with_more = np.vstack([xy, at])
            scan = permutation_scan(
                with_more,
                np.append(when, late),
                periods=periods,
                longest=longest,
                clumps=False,
                past_step=0,
                simulations=0,
            )
            places, held_at = places_of(with_more, RADII_M[0])
            hits += many > 0 and _covers(scan.clusters, least, places[held_at[len(xy) :]])
        rows.append(_row(size, hits, len(planted)))
    return pd.DataFrame(rows)


def strength_that_warns(scan: Scan, *, level: float = WARN) -> float:
    """
    Least strength of a cylinder that is warned of; infinite where the worlds are too few.

    Examples
    --------
    >>> none = pd.DataFrame()
    >>> round(strength_that_warns(Scan(none, np.arange(199.0), 0, 0)), 6)
    197.0
    """
    above = int(level * (1 + len(scan.simulated)) + 1e-9) - 1
    if above < 0:
        return float("inf")
    ordered = np.sort(scan.simulated)[::-1]
    # As strong as so many worlds may be; stronger than the next.
    return float(np.nextafter(ordered[above], np.inf)) if above < len(ordered) else 0.0


def _covers(clusters: pd.DataFrame, least: float, at: NDArray[np.float64]) -> bool:
    """Whether a cylinder that warns holds some of the reports planted."""
    for _, row in clusters.loc[clusters["strength"] >= least].iterrows():
        apart = np.hypot(at[:, 0] - row["easting"], at[:, 1] - row["northing"])
        if (apart <= row["radius_m"]).any():
            return True
    return False


def _row(size: float, hits: int, planted: int) -> dict[str, float]:
    low, high = share_interval(hits, planted)
    share = hits / planted if planted else float("nan")
    return {
        "size": size,
        "found": share,
        "low": float(low),
        "high": float(high),
        "planted": planted,
    }
