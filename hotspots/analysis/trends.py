"""
Is this more than a year ago, does it drift, and what of it is season?

Every answer says what it rests on, and "not enough to tell" is one of the answers: it
comes with the smallest change that so few reports could have shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis import breaks as steps
from hotspots.analysis.breaks import Break
from hotspots.analysis.count_tests import benjamini_hochberg, e_test, rate_ratio, smallest_change
from hotspots.analysis.counts import MISSING, PARTIAL
from hotspots.analysis.dispersion import widened
from hotspots.analysis.drift import slope
from hotspots.analysis.season import Floats, decompose, usable
from hotspots.analysis.spans import a_year, days, unit
from hotspots.periods import step_in_words
from hotspots.settings import FALSE_ALARM, MIN_COUNT_FOR_PERCENT

UP: Final = "up"
DOWN: Final = "down"
UNSURE: Final = "not enough to tell"
NOTHING: Final = "nothing to compare"
# Fewest pairs of months that a dispersion is estimated from.
LEAST_PAIRS: Final = 4


@dataclass(frozen=True, eq=False)
class Trend:
    """
    What one series of months has to say.

    Attributes
    ----------
    year
        From `against_year_before`: the verdict and what it rests on.
    slope
        From `drift.slope`.
    months
        Indexed by month: `count`, `year_before`, `ratio`, `low`, `high`, `p`, `adjusted`
        (for all months tested), `provisional`, `status`, and the `season`, `level`,
        `expected`, `remainder`, `adjusted_count`, `separable` of `season.decompose`.
    partial, missing
        Months left out because some forces, or all, did not supply them.
    notes
        Sentences a reader needs.
    """

    year: pd.Series
    slope: pd.Series
    months: pd.DataFrame
    partial: int
    missing: int
    notes: tuple[str, ...]


def trend(counts: pd.Series, status: pd.Series, *, breaks: Iterable[Break] = ()) -> Trend:
    """
    Everything the months of one series can tell.

    Parameters
    ----------
    counts
        Reports by month, or by week; all that is held, not only the period asked about.
    status
        What was supplied, from `counts.supply`.
    breaks
        Nothing is compared across them.

    Examples
    --------
    >>> months = pd.period_range("2024-01", "2025-12", freq="M")
    >>> counts = pd.Series([100] * 12 + [70] * 12, index=months)
    >>> found = trend(counts, pd.Series("held", index=months))
    >>> found.year["verdict"], round(found.year["percent"])
    ('down', -30)
    """
    given = tuple(breaks)
    months = pd.PeriodIndex(counts.index)
    known = status.reindex(months)
    frame = counts.astype("float64").to_frame(name=0)
    parts = decompose(frame[0], known, segment=steps.segments(months, given))
    beside = _month_by_month(frame, known, given)
    table = beside.assign(
        provisional=np.arange(len(months)) == len(months) - 1,
        status=known,
        **{name: parts[name] for name in ("season", "level", "expected", "remainder")},
        adjusted_count=parts["adjusted"],
        separable=parts["separable"],
    )
    return Trend(
        year=against_year_before(frame, known, breaks=given).iloc[0],
        slope=slope(frame, known, breaks=given).iloc[0],
        months=table,
        partial=int((known == PARTIAL).sum()),
        missing=int((known == MISSING).sum()),
        notes=_notes(known, given, separable=bool(parts["separable"].any())),
    )


def against_year_before(
    series: pd.DataFrame,
    status: pd.Series,
    *,
    breaks: Iterable[Break] = (),
    newest: int | None = None,
    level: float = FALSE_ALARM,
) -> pd.DataFrame:
    """
    Newest months against the same months a year before, for one or many series.

    Only months are counted that were supplied in full in both years, on one side of every
    break. E-test on the two sums over the days of their months. The dispersion is what
    the pairs of months themselves show: χ² of months x year, over its degrees of
    freedom, at least 1; p is widened for its having been estimated (Student's
    distribution). It is taken as 1 from fewer than 4 pairs.

    Parameters
    ----------
    series
        Reports, months by series.
    status
        What was supplied, from `counts.supply`.
    breaks
        Nothing is compared across them.
    newest
        How many of the last months are asked about; None = those of a year.
    level
        Chance of a false verdict on a series that did not change; for one series, not
        for the strongest of many (see `changes.what_changed`).

    Returns
    -------
    table
        Indexed by series: `verdict` ("up", "down", "not enough to tell", "nothing to
        compare"), `count`, `before`, `pairs` (months compared), `expected` (before, for
        the days of the newer months), `ratio`, `low`, `high`, `percent` (not a number when
        either count is under 50), `p`, `dispersion`, and `fall`, `rise`: the least
        ratios that could have been shown with 80% power.

    Examples
    --------
    >>> months = pd.period_range("2024-01", "2025-12", freq="M")
    >>> series = pd.DataFrame({"few": [2] * 12 + [3] * 12, "many": 300}, index=months)
    >>> table = against_year_before(series, pd.Series("held", index=months))
    >>> table[["verdict", "count", "before"]].to_numpy().tolist()
    [['not enough to tell', 36.0, 24.0], ['not enough to tell', 3600.0, 3600.0]]
    >>> table[["fall", "rise"]].round(2).to_numpy().tolist()
    [[0.35, 1.97], [0.94, 1.07]]
    """
    months = pd.PeriodIndex(series.index)
    newest = a_year(months) if newest is None else newest
    now, then = _pairs(months, series, status, tuple(breaks), newest)
    values = series.to_numpy(np.float64)
    new, old = values[now], values[then]
    k1, k2 = new.sum(axis=0), old.sum(axis=0)
    if not len(now):
        k1, k2 = (np.full(series.shape[1], np.nan) for _ in range(2))
    days1, days2 = float(days(months[now]).sum()), float(days(months[then]).sum())
    phi, freedom = _dispersion(new, old)
    exposure = {"exposure_now": days1 or 1.0, "exposure_before": days2 or 1.0}
    p = e_test(k1, k2, **exposure, dispersion=phi)
    p = widened(p, freedom)
    ratio, low, high = rate_ratio(k1, k2, **exposure, dispersion=phi)
    fall, rise = smallest_change(k2, **exposure, dispersion=phi, level=level)
    enough = np.minimum(k1, k2) >= MIN_COUNT_FOR_PERCENT
    expected = k2 * exposure["exposure_now"] / exposure["exposure_before"]
    verdict = np.select(
        [np.isnan(p), (p <= level) & (k1 > expected), (p <= level) & (k1 < expected)],
        [NOTHING, UP, DOWN],
        UNSURE,
    )
    return pd.DataFrame(
        {
            "verdict": pd.Series(verdict, index=series.columns, dtype="str"),
            "count": k1,
            "before": k2,
            "pairs": len(now),
            "expected": expected,
            "ratio": ratio,
            "low": low,
            "high": high,
            "percent": np.where(enough, 100 * (ratio - 1), np.nan),
            "p": p,
            "dispersion": phi,
            "fall": fall,
            "rise": rise,
        },
        index=series.columns,
    )


def _pairs(
    months: pd.PeriodIndex,
    series: pd.DataFrame,
    status: pd.Series,
    breaks: tuple[Break, ...],
    newest: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of newest months and of their year before, both usable, no break between."""
    used = usable(status.reindex(months)) & series.notna().all(axis=1).to_numpy()
    run = steps.segments(months, breaks).to_numpy()
    now = np.arange(max(0, len(months) - newest), len(months))
    then = months.get_indexer(months[now] - a_year(months))
    fits = (then >= 0) & used[now] & used[then] & (run[now] == run[then])
    return now[fits], then[fits]


def _dispersion(new: Floats, old: Floats) -> tuple[Floats, Floats]:
    """χ² of months x year over its degrees of freedom, and these; 1 where they are few."""
    pairs, wide = new.shape
    if pairs < LEAST_PAIRS:
        return np.ones(wide), np.full(wide, np.inf)
    both = new + old
    total = np.maximum(both.sum(axis=0), 1e-12)
    square = np.zeros(wide)
    for part in (new, old):
        expected = both * part.sum(axis=0) / total
        square += np.where(
            expected > 0, (part - expected) ** 2 / np.maximum(expected, 1e-12), 0
        ).sum(axis=0)
    freedom = np.maximum((both > 0).sum(axis=0) - 1, 1).astype(np.float64)
    return np.maximum(square / freedom, 1.0), freedom


def _month_by_month(
    frame: pd.DataFrame, status: pd.Series, breaks: tuple[Break, ...]
) -> pd.DataFrame:
    """Each month of one series beside its own year before."""
    months = pd.PeriodIndex(frame.index)
    now, then = _pairs(months, frame, status, breaks, len(months))
    values = frame[0].to_numpy(np.float64)
    new, old = values[now], values[then]
    phi = float(_dispersion(new[:, None], old[:, None])[0][0])
    long, longer = days(months[now]), days(months[then])
    p = e_test(new, old, exposure_now=long, exposure_before=longer, dispersion=phi)
    ratio, low, high = rate_ratio(
        new, old, exposure_now=long, exposure_before=longer, dispersion=phi
    )
    columns = {"year_before": old, "ratio": ratio, "low": low, "high": high, "p": p}
    columns["adjusted"] = benjamini_hochberg(p)
    beside = pd.DataFrame(columns, index=months[now]).reindex(months)
    beside.insert(0, "count", frame[0])
    return beside


def _notes(status: pd.Series, breaks: tuple[Break, ...], *, separable: bool) -> tuple[str, ...]:
    """Sentences on gaps, breaks, season and the newest month."""
    said, one = [], unit(pd.PeriodIndex(status.index))
    if len(status):
        newest = step_in_words(status.index[-1])
        said.append(
            f"{newest[0].upper()}{newest[1:]} is provisional: reports may still be added to it."
        )
    gaps, partial = int((status == MISSING).sum()), int((status == PARTIAL).sum())
    if gaps:
        said.append(f"{one.capitalize()}s not supplied (gaps, not zeros): {gaps}.")
    if partial:
        why = "as some forces or days of them were not supplied"
        said.append(f"{one.capitalize()}s left out, {why}: {partial}.")
    if not separable:
        said.append("Under two years are held, so season and drift cannot be told apart.")
    if breaks:
        said.append(steps.in_words(breaks))
    return tuple(said)
