"""
What is up or down, beyond chance, beyond season, and beyond what happened everywhere?

Every ward and hotspot is tested at once, so the few that are listed have stood up to how
many were looked at. Where nothing changed the list is empty, and that is an answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis import breaks as steps
from hotspots.analysis.breaks import Break
from hotspots.analysis.count_tests import benjamini_hochberg, e_test, rate_ratio
from hotspots.analysis.counts import PARTIAL
from hotspots.analysis.dispersion import moderated_dispersion, widened
from hotspots.analysis.season import Floats, Labels, usable
from hotspots.analysis.spans import MONTHS_A_YEAR, days
from hotspots.settings import FALSE_ALARM, MIN_COUNT_FOR_PERCENT

Flags = NDArray[np.bool_]

UP: Final = "up"
DOWN: Final = "down"
# Months that count as new.
NEWEST: Final = 3
# The earlier months that stand in for a year before must be at least twice as many.
LEAST_EARLIER: Final = 6
YEAR_BEFORE: Final = "the same months a year before"
EARLIER: Final = "earlier months, in step with the study area"
_NOW, _THEN, _REST, _UNUSED = 0, 1, 2, -1
COLUMNS: Final = ("direction", "count", "expected", "ratio", "low", "high", "percent", "p")


@dataclass(frozen=True, eq=False)
class Changes:
    """
    What changed.

    Attributes
    ----------
    table
        Indexed by series, strongest first; only those listed. `direction` ("up", "down");
        `count` of the newest months; `expected` from those it is held against; `ratio` of
        the two with its interval `low`, `high`; `percent` (change, not a number when
        either count is under 50); `p`; `adjusted` (p corrected for all looked at).
    every
        The same of all series, in the order given, listed or not.
    looked_at
        How many series could be tested.
    against
        What the newest months are held against, in words; "" when nothing could be.
    months
        The newest months that were used.
    area
        How many times its own earlier count the study area stands at.
    notes
        Sentences a reader needs.
    """

    table: pd.DataFrame
    every: pd.DataFrame
    looked_at: int
    against: str
    months: pd.PeriodIndex
    area: float
    notes: tuple[str, ...]


def what_changed(
    series: pd.DataFrame,
    status: pd.Series,
    *,
    area: pd.Series | None = None,
    breaks: Iterable[Break] = (),
    newest: int = NEWEST,
    level: float = FALSE_ALARM,
) -> Changes:
    """
    Series that are up or down, strongest first.

    The newest months are held against the same months a year before. A series is listed
    when it differs from its own year before, for the days of the months, *and* from what
    it would hold had it moved as the rest of the study area did: both by the E-test, p
    the larger of the two. So neither a warm July nor a new recording rule lists every
    ward, and a ward is not down because another is up. Where no year before is held, the
    months before the newest are taken, in step with the rest of the study area, whose
    seasonal shape is thereby taken out; then only the second test can be made.

    Counts vary by φ times their mean. φ is each series' own, from how its months depart
    from series x month (Pearson, the newest months and those compared with taken each for
    themselves), drawn towards that of all series as far as its months are few.

    Parameters
    ----------
    series
        Reports, months by series: wards, hotspots, or both. They must not have been
        chosen by the months compared: a hotspot found in the newest months is up because
        it was found there.
    status
        What was supplied, from `counts.supply`; partial and missing months are left out.
    area
        Reports of the study area by month; None = the sum of all series.
    breaks
        Months before the last of them are not used.
    newest
        How many of the last months count as new.
    level
        Benjamini and Hochberg's rate: share of the list that may be false, and chance of
        any list where nothing changed.

    Returns
    -------
    changes
        With an empty table when nothing changed, or nothing could be compared.

    Examples
    --------
    >>> months = pd.period_range("2024-01", "2025-12", freq="M")
    >>> series = pd.DataFrame({f"ward {n}": 20 for n in range(30)}, index=months)
    >>> series.loc["2025-10":, "ward 7"] = 60
    >>> changes = what_changed(series, pd.Series("held", index=months))
    >>> changes.looked_at, changes.table[["direction", "count", "expected"]].to_dict("index")
    (30, {'ward 7': {'direction': 'up', 'count': 180.0, 'expected': 60.0}})
    """
    months, breaks = pd.PeriodIndex(series.index), tuple(breaks)
    counts = series.to_numpy(np.float64)
    known = status.reindex(months)
    run = steps.segments(months, breaks).to_numpy()
    used = usable(known) & ~np.isnan(counts).any(axis=1)
    used &= run == (run[-1] if len(run) else 0)
    now, then = _pairs(months, used, newest)
    against = YEAR_BEFORE if then.any() else ""
    if not then.any():
        now, then = _earlier(months, used, newest)
        against = EARLIER if then.any() else ""
    whole = counts.sum(axis=1) if area is None else area.reindex(months).to_numpy(np.float64)
    block = np.select([now, then, used], [_NOW, _THEN, _REST], _UNUSED)
    every = _compared(counts, whole, months, block, against=against)
    every["adjusted"] = benjamini_hochberg(every["p"].to_numpy())
    every.index = series.columns
    listed = every.loc[every["adjusted"] <= level]
    order = np.lexsort((-np.abs(np.log(listed["ratio"].to_numpy() + 1e-12)), listed["p"]))
    earlier = whole[then].sum() / days(months[then]).sum() if then.any() else 0.0
    ratio = whole[now].sum() / days(months[now]).sum() / earlier if earlier else float("nan")
    return Changes(
        table=listed.iloc[order],
        every=every,
        looked_at=int(every["p"].notna().sum()),
        against=against,
        months=pd.PeriodIndex(months[now]),
        area=float(ratio),
        notes=_notes(known, now, breaks, against=against, area=float(ratio)),
    )


def _pairs(months: pd.PeriodIndex, used: Flags, newest: int) -> tuple[Flags, Flags]:
    """Newest months whose year before can be used, and that year before."""
    recent = used & (np.arange(len(months)) >= len(months) - newest)
    then = used & months.isin(months[recent] - MONTHS_A_YEAR)
    return recent & months.isin(months[then] + MONTHS_A_YEAR), then


def _earlier(months: pd.PeriodIndex, used: Flags, newest: int) -> tuple[Flags, Flags]:
    """Newest months, and up to twelve months before them; none where these are too few."""
    place = np.arange(len(months))
    recent = used & (place >= len(months) - newest)
    before = used & (place < len(months) - newest)
    before &= place >= len(months) - newest - MONTHS_A_YEAR
    if not recent.any() or before.sum() < max(LEAST_EARLIER, 2 * recent.sum()):
        return np.zeros_like(used), np.zeros_like(used)
    return recent, before


def _compared(
    counts: Floats,
    whole: Floats,
    months: pd.PeriodIndex,
    block: Labels,
    *,
    against: str,
) -> pd.DataFrame:
    """Both tests of every series."""
    now, then = block == _NOW, block == _THEN
    k1, k2 = counts[now].sum(axis=0), counts[then].sum(axis=0)
    rest1, rest2 = whole[now].sum() - k1, whole[then].sum() - k2
    lone = (rest1 <= 0) | (rest2 <= 0)
    days1, days2 = days(months[now]).sum(), days(months[then]).sum()
    phi, freedom = moderated_dispersion(counts, np.minimum(block, _THEN))
    if not against:
        k1, k2 = (np.full(counts.shape[1], np.nan) for _ in range(2))
    n1, n2 = np.where(lone, days1, rest1), np.where(lone, days2, rest2)
    # What the rest of the study area did is itself a count, and adds its own luck.
    with np.errstate(divide="ignore", invalid="ignore"):
        share = n1 / (n1 + n2)
        own = 1 / ((k1 + k2) * share) + 1 / ((k1 + k2) * (1 - share))
        luck = np.where(lone | (k1 + k2 == 0), 1.0, 1 + (1 / n1 + 1 / n2) / own)
    p = e_test(k1, k2, exposure_now=n1, exposure_before=n2, dispersion=phi * luck)
    if against == YEAR_BEFORE:
        alone = e_test(k1, k2, exposure_now=days1, exposure_before=days2, dispersion=phi)
        p = np.maximum(p, alone)
        n1, n2 = np.full_like(n1, days1), np.full_like(n2, days2)
    elif against == EARLIER:
        # One series alone has no study area to be in step with: season would list it.
        p = np.where(lone, np.nan, p)
    p = widened(p, freedom)
    ratio, low, high = rate_ratio(k1, k2, exposure_now=n1, exposure_before=n2, dispersion=phi)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = k2 * n1 / n2
        percent = np.where(np.minimum(k1, k2) >= MIN_COUNT_FOR_PERCENT, 100 * (ratio - 1), np.nan)
    direction = np.where(k1 > expected, UP, np.where(k1 < expected, DOWN, ""))
    values = (pd.Series(direction, dtype="str"), k1, expected, ratio, low, high, percent, p)
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def _notes(
    known: pd.Series,
    now: Flags,
    breaks: tuple[Break, ...],
    *,
    against: str,
    area: float,
) -> tuple[str, ...]:
    """Sentences on what was compared with what."""
    said = []
    if not against:
        said.append("Too few months are held since the last break to say what changed.")
    elif now[-1]:
        said.append("The newest month is provisional: reports may still be added to it.")
    if against == EARLIER:
        said.append(
            "No year before is held, so each place is held against its own earlier months, in "
            "step with the study area; a change of the whole study area cannot be told from season."
        )
    if against == YEAR_BEFORE and np.isfinite(area):
        said.append(f"The study area as a whole stands at {area:.2f} times its year before.")
    left_out = int((known == PARTIAL).sum())
    if left_out:
        said.append(f"Months left out, as some forces did not supply them: {left_out}.")
    if breaks:
        said.append(steps.in_words(breaks))
    return tuple(said)
