"""
Where the level of a series steps, for a person to say why.

A step is as often a recording rule, a supply gap or a lockdown as it is behaviour. What is
found is therefore a candidate: a person names it, and from then on nothing is compared
across it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from hotspots.analysis.season import SEASON_MONTHS, Floats, Labels, fit, usable
from hotspots.analysis.spans import DAYS_A_MONTH, calendar, days, first_of
from hotspots.periods import month_in_words
from hotspots.settings import FALSE_ALARM, SEED

SIMULATIONS: Final = 499
# Fewest usable months that make a level.
LEAST_MONTHS: Final = 3
# A month this many standard deviations beyond both of its neighbours is odd, not a level.
ODD: Final = 4.0
# A step found so many months from a named one is the same step.
SAME_BREAK: Final = 2
# Median of |a - b| for two standard normal scores.
_MEDIAN_STEP: Final = 0.9539
# Months in closer step than this are contrived, and prove no step.
_LEAST: Final = 0.1


@dataclass(frozen=True)
class Break:
    """
    A step in the level of a series.

    Attributes
    ----------
    month
        First month of the new level.
    before, after
        Reports in an average month, season taken out, on either side; up to the
        neighbouring break. Not a number when a person entered the break.
    p
        Chance of a step as clear anywhere in a series without one; as above.
    name
        What a person says it was: a recording rule, a QR launch, a lockdown.
    """

    month: pd.Period
    before: float = float("nan")
    after: float = float("nan")
    p: float = float("nan")
    name: str = ""


def segments(months: pd.PeriodIndex, breaks: Iterable[Break]) -> pd.Series:
    """
    Which run between breaks each month, or week, is in.

    Returns
    -------
    segment
        Indexed by month, counted from 0.

    Examples
    --------
    >>> months = pd.period_range("2025-01", "2025-04", freq="M")
    >>> segments(months, [Break(pd.Period("2025-03", "M"))]).tolist()
    [0, 0, 1, 1]
    """
    at = np.sort(np.array([first_of(one.month, months) for one in breaks], dtype=np.int64))
    run = np.searchsorted(at, months.asi8, side="right")
    return pd.Series(run.astype(np.int64), index=months, name="segment")


def in_words(breaks: Iterable[Break]) -> str:
    """
    What a reader must know about the breaks.

    Examples
    --------
    >>> in_words([Break(pd.Period("2022-07", "M"), name="new recording rule")])
    'Nothing is compared across July 2022 (new recording rule).'
    """
    said = [
        month_in_words(one.month) + (f" ({one.name})" if one.name else "")
        for one in sorted(breaks, key=lambda one: one.month)
    ]
    return f"Nothing is compared across {', '.join(said)}." if said else ""


def together(found: Iterable[Break], named: Iterable[Break]) -> tuple[Break, ...]:
    """
    Breaks found and breaks named, in order; one found within two months of a named one is it.

    Examples
    --------
    >>> month = pd.Period("2022-07", "M")
    >>> found = [Break(month + 1, 900.0, 400.0, 0.002), Break(month + 9, 400.0, 700.0, 0.01)]
    >>> both = together(found, [Break(month, name="new rule")])
    >>> [(str(one.month), one.before, one.name) for one in both]
    [('2022-07', 900.0, 'new rule'), ('2023-04', 400.0, '')]
    """
    left, kept = {one.month: one for one in found}, {}
    for one in named:
        near = [month for month in left if abs(month.ordinal - one.month.ordinal) <= SAME_BREAK]
        same = left[near[0]] if near else one
        kept[one.month] = replace(one, before=same.before, after=same.after, p=same.p)
        left = {month: other for month, other in left.items() if month not in near}
    return tuple(both[1] for both in sorted((left | kept).items()))


def not_across(values: pd.Series, breaks: Iterable[Break], *, months: int) -> pd.Series:
    """
    Values brought from some months earlier, without those from beyond a break.

    Examples
    --------
    >>> index = pd.period_range("2025-01", "2025-03", freq="M")
    >>> kept = not_across(pd.Series(5.0, index), [Break(index[0])], months=2)
    >>> kept.tolist()
    [nan, nan, 5.0]
    """
    index = pd.PeriodIndex(values.index)
    now, then = segments(index, breaks), segments(index - months, breaks)
    return values.where(now.to_numpy() == then.to_numpy())


def find_breaks(
    counts: pd.Series,
    status: pd.Series,
    *,
    level: float = FALSE_ALARM,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
) -> tuple[Break, ...]:
    """
    Months at which the level of a series steps.

    Reports a day = level x season. For every month that could begin a new level,
    Z = (L/ℓ - R/r) / √(φ (1/ℓ + 1/r)), where L and R are what was counted on its two
    sides, up to the neighbouring breaks, and ℓ and r what one level makes of them. φ is
    Laney's: the squared median step between neighbouring Pearson residuals, over .954²;
    a step in the level hardly moves it. The largest |Z| is held against the
    largest of series drawn without the step (negative binomial, variance φ times the
    mean) and treated alike, season refitted included:
    p = (1 + #{drawn ≥ found}) / (1 + simulations). What is found is taken in, and the
    search goes on, the k-th time at level / k, until nothing more is found.

    Months that stand far beyond both neighbours (`odd_months`) are set aside first. Months
    are drawn as independent; a slow drift is found as one step or several.

    Parameters
    ----------
    counts
        Reports by month.
    status
        What was supplied, from `counts.supply`; partial and missing months are left out.
    level
        Chance of finding any break in a series without one.
    simulations, seed
        Series drawn for each step of the search.

    Returns
    -------
    breaks
        In order; none when fewer than 24 months are usable, for then a step cannot be
        told from a season.

    References
    ----------
    L. Vostrikova (1981), Detecting disorder in multidimensional random processes, Soviet
    Mathematics Doklady 24 (the search); D. B. Laney (2002), Improved control charts for
    attributes, Quality Engineering 14 (the spread).

    Examples
    --------
    >>> months = pd.period_range("2023-01", "2025-12", freq="M")
    >>> counts = pd.Series([400, 420, 380] * 5 + [200, 210, 190] * 7, index=months)
    >>> [str(one.month) for one in find_breaks(counts, pd.Series("held", index=months))]
    ['2024-04']
    """
    months = pd.PeriodIndex(counts.index)
    odd = odd_months(counts, status)
    kept = usable(status.reindex(months)) & counts.notna().to_numpy() & ~months.isin(odd)
    used = months[kept]
    if len(used) < SEASON_MONTHS:
        return ()
    values = counts.to_numpy(dtype=np.float64)[kept]
    exposure, month = days(used), calendar(used)
    rng = np.random.default_rng(seed)
    steps: list[int] = []
    chance: dict[int, float] = {}
    while True:
        run = np.searchsorted(np.array(steps, dtype=np.int64), np.arange(len(used)), side="right")
        strength, expected, spread = _scan(values[:, None], exposure, run, month)
        if not np.isfinite(strength).any():
            break
        drawn = _draw(expected[:, 0], float(spread[0]), simulations, rng)
        drawn_strength, _, _ = _scan(drawn, exposure, run, month)
        found = float(np.nanmax(strength))
        p = (1 + int((np.nanmax(drawn_strength, axis=0) >= found).sum())) / (1 + simulations)
        if p > level / (len(steps) + 1):
            break
        step = int(np.nanargmax(strength[:, 0]))
        steps = sorted([*steps, step])
        chance[step] = p
    if not steps:
        return ()
    run = np.searchsorted(np.array(steps), np.arange(len(used)), side="right")
    levels, _ = fit(values[:, None], exposure, run, month)
    height = levels[:, 0] * DAYS_A_MONTH
    return tuple(
        Break(used[step], float(height[step - 1]), float(height[step]), chance[step])
        for step in steps
    )


def _scan(
    counts: Floats, exposure: Floats, run: Labels, month: Labels
) -> tuple[Floats, Floats, Floats]:
    """|Z| of each month as the first of a new level, what is expected without it, and φ."""
    levels, factors = fit(counts, exposure, run, month)
    expected = np.maximum(levels * factors * exposure[:, None], 1e-9)
    residual = (counts - expected) / np.sqrt(expected)
    spread = np.median(np.abs(np.diff(residual, axis=0)), axis=0) / _MEDIAN_STEP
    # The fit takes part of the spread away; without that, and 1 at least, series are drawn.
    taken = len(np.unique(run)) + len(np.unique(month)) - 1
    phi = np.maximum(spread**2, _LEAST) * len(counts) / max(len(counts) - taken, 1)
    strength = np.full(counts.shape, np.nan)
    for one in np.unique(run):
        at = np.flatnonzero(run == one)
        if len(at) < 2 * LEAST_MONTHS:
            continue
        seen, due = np.cumsum(counts[at], axis=0), np.cumsum(expected[at], axis=0)
        left, right = slice(LEAST_MONTHS - 1, len(at) - LEAST_MONTHS), -1
        rest_seen, rest_due = seen[right] - seen[left], due[right] - due[left]
        gap = seen[left] / due[left] - rest_seen / rest_due
        strength[at[LEAST_MONTHS : len(at) - LEAST_MONTHS + 1]] = np.abs(gap) / np.sqrt(
            phi * (1 / due[left] + 1 / rest_due)
        )
    return strength, expected, phi


def _draw(expected: Floats, phi: float, worlds: int, rng: np.random.Generator) -> Floats:
    """Series without a step: negative binomial of variance φ times the mean."""
    shape = (len(expected), worlds)
    if phi <= 1:
        return rng.poisson(expected[:, None], shape).astype(np.float64)
    size = expected[:, None] / (phi - 1)
    return rng.negative_binomial(size, 1 / phi, shape).astype(np.float64)


def odd_months(counts: pd.Series, status: pd.Series) -> pd.PeriodIndex:
    """
    Months far above or far below both of their neighbours: a supply gap, or one great event.

    Far is more than 4 standard deviations, √(2 φ m) for months of about m reports, with φ
    as for `find_breaks` but without season. The first and the last month have one
    neighbour only and are never odd.

    Examples
    --------
    >>> months = pd.period_range("2025-01", "2025-07", freq="M")
    >>> counts = pd.Series([400, 380, 20, 390, 410, 420, 415], index=months)
    >>> odd_months(counts, pd.Series("held", index=months)).strftime("%Y-%m").tolist()
    ['2025-03']
    """
    months = pd.PeriodIndex(counts.index)
    used = usable(status.reindex(months)) & counts.notna().to_numpy()
    values = counts.to_numpy(dtype=np.float64)[used]
    if len(values) < LEAST_MONTHS:
        return months[:0]
    # Twice the square root of a Poisson count varies by 1, whatever its mean.
    score = 2 * np.sqrt(values / days(months[used]) * DAYS_A_MONTH)
    step = np.diff(score)
    spread = max(float(np.median(np.abs(step))) / _MEDIAN_STEP, 1.0)
    limit = ODD * spread * np.sqrt(2)
    alone = (step[:-1] * step[1:] < 0) & (np.minimum(np.abs(step[:-1]), np.abs(step[1:])) > limit)
    return pd.PeriodIndex(months[used][1:-1][alone])
