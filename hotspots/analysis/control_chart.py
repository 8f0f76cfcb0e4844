"""
Which months of one series stand out from what its own past makes likely?

A u-chart: reports a day, with limits that follow the days of each month. Where months vary
more than Poisson counts would, the limits widen by Laney's σz, so that a chart of thousands
of reports does not call every month remarkable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special, stats

from hotspots.analysis import breaks as steps
from hotspots.analysis.breaks import Break
from hotspots.analysis.counts import PARTIAL
from hotspots.analysis.season import Floats, usable
from hotspots.analysis.spans import days, unit
from hotspots.settings import FALSE_ALARM

SIGMAS: Final = 3.0
# Mean range of two standard normal scores, with the digits that Laney's chart uses.
MEAN_RANGE: Final = 1.128
# Fewest months between breaks that limits are drawn from.
LEAST_MONTHS: Final = 8

ABOVE: Final = "above"
BELOW: Final = "below"
WITHIN: Final = ""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """
    Limits of each month, and the months beyond them.

    Attributes
    ----------
    months
        Indexed by month: `count`, `centre`, `low`, `high` (reports in that month; not a
        number without limits), `signal` ("above", "below" or ""), `status`, `provisional`
        (the newest month, which forces still add to).
    sigma_z
        What the limits were widened by; 1 = a plain u-chart.
    overdispersed
        Whether the dispersion test found more variation than Poisson's.
    p
        Of that test.
    false_alarm
        Chance that an unremarkable month is beyond its limits.
    notes
        Sentences a reader needs.
    """

    months: pd.DataFrame
    sigma_z: float
    overdispersed: bool
    p: float
    false_alarm: float
    notes: tuple[str, ...]


def laney_sigma_z(counts: ArrayLike, exposure: ArrayLike) -> float:
    """
    How many times further apart months lie than Poisson counts would.

    z = (u - ū) / √(ū / n) for each month's rate u = c/n; σz is the mean of |z - z before|
    over 1.128.

    Parameters
    ----------
    counts
        In order of time.
    exposure
        n of each: days, or persons, or visits.

    Returns
    -------
    sigma_z
        1 where counts vary as Poisson's; not a number with fewer than two counts, or
        none above 0.

    References
    ----------
    D. B. Laney (2002), Improved control charts for attributes, Quality Engineering 14,
    531-537.

    Examples
    --------
    >>> round(laney_sigma_z([90, 110, 95, 130], [30, 31, 30, 31]), 3)
    1.709
    """
    z = _scores(np.asarray(counts, np.float64), np.asarray(exposure, np.float64))
    return float(np.abs(np.diff(z)).mean() / MEAN_RANGE) if len(z) > 1 else float("nan")


def _scores(counts: Floats, exposure: Floats) -> Floats:
    """Distance of each rate from the mean rate, in Poisson standard deviations."""
    expected = exposure * (counts.sum() / exposure.sum()) if len(counts) else counts
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((counts - expected) / np.sqrt(expected))


def control_chart(
    counts: pd.Series,
    status: pd.Series,
    *,
    breaks: Iterable[Break] = (),
    expected: pd.Series | None = None,
    sigmas: float = SIGMAS,
) -> ControlChart:
    """
    U-chart of a series, Laney's u′ where it is over-dispersed.

    Limits: ū ± 3 σz √(ū/n), with n the days of the month, ū the mean rate of the months
    between two breaks, and σz = 1 unless Σ z² is larger than χ² with as many degrees of
    freedom as there are months less levels allows (5%, one-sided). σz is never taken below
    1. The test reads a season as over-dispersion, and so do the limits: give `expected`
    to take it out.

    Parameters
    ----------
    counts
        Reports by month, or by week.
    status
        What was supplied, from `counts.supply`; partial and missing months neither set
        limits nor signal.
    breaks
        The level is taken anew at each.
    expected
        What each month would be proportional to, such as days times the `season` of
        `season.decompose`; None = its days.
    sigmas
        Width of the limits.

    Returns
    -------
    chart
        `false_alarm` is the chance of a count beyond its limits, mean over the months: by
        the Poisson distribution, or by the negative binomial of variance σz² times the
        mean.

    Examples
    --------
    >>> months = pd.period_range("2025-01", "2025-12", freq="M")
    >>> counts = pd.Series([30, 28, 33, 29, 31, 30, 75, 27, 32, 30, 31, 29], index=months)
    >>> chart = control_chart(counts, pd.Series("held", index=months))
    >>> chart.months.index[chart.months["signal"] == "above"].strftime("%Y-%m").tolist()
    ['2025-07']
    """
    months, breaks = pd.PeriodIndex(counts.index), tuple(breaks)
    known = status.reindex(months)
    exposure = days(months) if expected is None else expected.reindex(months).to_numpy(np.float64)
    values = counts.to_numpy(np.float64)
    used = usable(known) & ~np.isnan(values) & (exposure > 0)
    run = steps.segments(months, breaks).to_numpy()
    centre, scores, ranges, levels = np.full(len(months), np.nan), [], [], 0
    for one in np.unique(run):
        inside = used & (run == one)
        if inside.sum() < LEAST_MONTHS or not values[inside].sum():
            continue
        levels += 1
        z = _scores(values[inside], exposure[inside])
        scores.append(z)
        ranges.append(np.abs(np.diff(z)))
        every = (run == one) & (exposure > 0)
        centre[every] = exposure[every] * values[inside].sum() / exposure[inside].sum()
    z = np.concatenate(scores) if scores else np.empty(0)
    p = float(stats.chi2.sf((z**2).sum(), len(z) - levels)) if len(z) > levels else float("nan")
    wide = p <= FALSE_ALARM
    sigma_z = max(1.0, float(np.concatenate(ranges).mean()) / MEAN_RANGE) if wide else 1.0
    reach = sigmas * sigma_z * np.sqrt(centre)
    low, high = np.maximum(centre - reach, 0), centre + reach
    signal = np.select([used & (values > high), used & (values < low)], [ABOVE, BELOW], WITHIN)
    table = pd.DataFrame(
        {
            "count": counts.astype("float64"),
            "centre": centre,
            "low": low,
            "high": high,
            "signal": pd.Series(signal, index=months, dtype="str"),
            "status": known,
            "provisional": np.arange(len(months)) == len(months) - 1,
        },
        index=months,
    )
    return ControlChart(
        months=table,
        sigma_z=sigma_z,
        overdispersed=wide,
        p=p,
        false_alarm=_false_alarm(centre[used], low[used], high[used], sigma_z**2),
        notes=_notes(table, used, breaks, wide=wide),
    )


def _false_alarm(centre: Floats, low: Floats, high: Floats, phi: float) -> float:
    """Mean chance of a count below its lower or above its upper limit."""
    drawn = ~np.isnan(centre)
    if not drawn.any():
        return float("nan")
    mean, fewest, most = centre[drawn], np.ceil(low[drawn]) - 1, np.floor(high[drawn])
    if phi <= 1:
        chance = np.where(fewest >= 0, special.pdtr(np.maximum(fewest, 0), mean), 0.0)
        return float((chance + special.pdtrc(most, mean)).mean())
    size = mean / (phi - 1)
    chance = np.where(fewest >= 0, special.betainc(size, np.maximum(fewest, 0) + 1, 1 / phi), 0.0)
    return float((chance + special.betaincc(size, most + 1, 1 / phi)).mean())


def _notes(
    table: pd.DataFrame, used: np.ndarray, breaks: tuple[Break, ...], *, wide: bool
) -> tuple[str, ...]:
    """Sentences on what was left out, widened and split."""
    said, ones = [], f"{unit(pd.PeriodIndex(table.index)).capitalize()}s"
    left_out = int((table["status"] == PARTIAL).sum())
    if wide:
        said.append(f"{ones} vary more than chance alone would make them; the limits allow for it.")
    if left_out:
        said.append(
            f"{ones} left out, as some forces or days of them were not supplied: {left_out}."
        )
    if (used & table["centre"].isna().to_numpy()).any() or not used.any():
        said.append(f"No limits where fewer than {LEAST_MONTHS} {ones.lower()} share a level.")
    if breaks:
        said.append(steps.in_words(breaks))
    return tuple(said)
