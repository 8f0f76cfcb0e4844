"""
Did it work? One verdict on each plan, from a fixed list, with what it rests on.

A verdict never says what caused a change. It says whether a place changed by more than
places like it, chosen before the response began, and if not, how large a change would
have had to be to show.
"""

from typing import Final

import numpy as np
import pandas as pd

from hotspots.analysis.comparison import (
    LEAST_COMPARABLE,
    LEAST_CONTROLS,
    Chosen,
    dispersion,
)
from hotspots.analysis.count_tests import e_test
from hotspots.analysis.displacement import Difference, log_ratio, smallest_fall, wdd, wdq
from hotspots.analysis.synthetic import AGREES, synthetic
from hotspots.settings import INTERVAL

FELL: Final = "fell"
ROSE: Final = "rose"
NO_EVIDENCE: Final = "no evidence"
TOO_FEW: Final = "too few to compare"
VERDICTS: Final = (FELL, ROSE, NO_EVIDENCE, TOO_FEW)

# What the streets around did, beside those around the controls.
AROUND_FELL: Final = "around fell"
AROUND_ROSE: Final = "around rose"
AROUND_ALIKE: Final = "around alike"

# How often "fell", and how often "rose", may be said where nothing was done.
ERROR: Final = (1 - INTERVAL) / 2

_PAIRS: Final = ("place", "control", "around", "control_around", "comparable")
COUNTS: Final = (
    *(f"{name}_{when}" for name in _PAIRS for when in ("before", "after")),
    "controls",
    "compared",
    "months_before",
    "months_after",
    "dispersion",
    "freedom",
    "around_dispersion",
    "around_freedom",
    "synthetic_fell",
    "synthetic_rose",
)


def measure(
    places: pd.DataFrame,
    around: pd.DataFrame,
    *,
    treated: int,
    chosen: Chosen,
    before: pd.PeriodIndex,
    after: pd.PeriodIndex,
    held: pd.PeriodIndex | None = None,
) -> pd.Series:
    """
    The counts that a verdict on one plan rests on.

    Parameters
    ----------
    places, around
        Reports by month and number of the place, from `comparison.tally`: of the
        footprints, and of their surroundings.
    treated, chosen
        The place, and what it is held against.
    before, after
        Months held of the two periods; months never supplied are in neither.
    held
        Every month supplied: those before the second period make the synthetic control,
        where they are enough; none is made unless given.

    Returns
    -------
    counts
        `COUNTS`: reports of the place, of its controls, of the surroundings of either,
        and of all comparable places; how many of them; months; φ with its degrees of
        freedom, of the places and of their surroundings; and the place's p beside its
        synthetic control, not a number where there is none.
    """
    row: dict[str, float] = {}
    controls, comparable = list(chosen.controls), list(chosen.comparable)
    beyond = controls if chosen.around is None else list(chosen.around)
    parts = (
        (places, [treated]),
        (places, controls),
        (around, [treated]),
        (around, beyond),
        (places, comparable),
    )
    for name, (table, columns) in zip(_PAIRS, parts, strict=True):
        for when, months in (("before", before), ("after", after)):
            counted = table.reindex(months, fill_value=0)[columns]
            row[f"{name}_{when}"] = float(counted.to_numpy().sum())
    for name, table in (("", places), ("around_", around)):
        earlier = table.reindex(before, fill_value=0)[comparable].sum()
        later = table.reindex(after, fill_value=0)[comparable].sum()
        row[f"{name}dispersion"], row[f"{name}freedom"] = dispersion(earlier, later)
    # Surroundings differ more in size than the places do; alone they would be called too alike.
    row["around_dispersion"] = float(np.fmax(row["dispersion"], row["around_dispersion"]))
    row |= {"controls": len(controls), "compared": len(comparable)}
    row |= {"months_before": len(before), "months_after": len(after)}
    if held is not None and len(after):
        shown = places.reindex(held[held <= after[-1]], fill_value=0)
        beside = synthetic(shown[[treated, *comparable]], start=after[0])
        if beside is not None:
            row |= {"synthetic_fell": beside.fell, "synthetic_rose": beside.rose}
    return pd.Series(row, dtype="float64").reindex(list(COUNTS))


def judge(plans: pd.DataFrame) -> pd.DataFrame:
    """
    Verdict on each plan.

    "Fell" and "rose" are said when the interval of the WDD of the place, its variance
    multiplied by φ of comparable places, lies wholly below or above 0, and, where there
    are months enough for a synthetic control, the place ranks beside it in the outer
    quarter of places left alone, on the same side. The second can only take a verdict back:
    where nothing was done either is said in at most `ERROR` of cases.

    Parameters
    ----------
    plans
        One row each, of `COUNTS`.

    Returns
    -------
    verdicts
        On the same index: `verdict`; `estimate`, `se`, `low`, `high` (reports of the
        after period); the same of the surroundings (`around_…`) and of both together
        (`total_…`); `around` (what the surroundings did); `wdq`; `published_low`,
        `published_high` (the interval with φ = 1); `p_before_after` (the E-test of the
        place alone, which knows no comparison); `smallest_fall`; `untouched` (how many
        times their own before the comparable places stand at); `log`, `log_variance` (for
        pooling); `withheld` (whether a synthetic control took the verdict back).
    """
    pair = {name: (plans[f"{name}_before"], plans[f"{name}_after"]) for name in _PAIRS}
    months = plans["months_before"].clip(lower=1), plans["months_after"].clip(lower=1)
    phi = plans["dispersion"].fillna(1), plans["around_dispersion"].fillna(1)
    t = plans["freedom"].clip(lower=1), plans["around_freedom"].clip(lower=1)
    k = plans["controls"].clip(lower=1)
    local = wdd(
        pair["place"],
        pair["control"],
        controls=k,
        months=months,
        dispersion=phi[0],
        freedom=t[0],
    )
    around = wdd(
        pair["around"],
        pair["control_around"],
        controls=k,
        months=months,
        dispersion=phi[1],
        freedom=t[1],
    )
    published = wdd(pair["place"], pair["control"], controls=k, months=months)
    log, variance = log_ratio(pair["place"], pair["control"], dispersion=phi[0])
    earlier, later = pair["comparable"]
    table = _spread(local, "") | _spread(around, "around_") | _together(local, around)
    table |= {
        "wdq": wdq(pair["place"], pair["around"], pair["control"]),
        "published_low": published.low,
        "published_high": published.high,
        "p_before_after": e_test(
            pair["place"][1],
            pair["place"][0],
            exposure_now=months[1],
            exposure_before=months[0],
        ),
        "smallest_fall": smallest_fall(
            pair["place"][0],
            pair["control"],
            controls=k,
            months=months,
            dispersion=phi[0],
            freedom=t[0],
        ),
        "untouched": (later / months[1]) / (earlier / months[0]).where(earlier > 0),
        "log": log,
        "log_variance": variance,
    }
    judged = pd.DataFrame({name: np.asarray(part) for name, part in table.items()}, plans.index)
    few = (plans["controls"] < LEAST_CONTROLS) | (plans["compared"] < LEAST_COMPARABLE)
    few |= (plans["months_before"] < 1) | (plans["months_after"] < 1)
    # A comparison with "not a number" does not hold: without a synthetic control nothing is taken.
    fell = (judged["high"] < 0) & ~(plans["synthetic_fell"] > AGREES)
    rose = (judged["low"] > 0) & ~(plans["synthetic_rose"] > AGREES)
    verdict = np.select([few, fell, rose], VERDICTS[3:] + VERDICTS[:2], NO_EVIDENCE)
    judged.insert(0, "verdict", verdict)
    moved = (judged["high"] < 0) | (judged["low"] > 0)
    judged["withheld"] = moved & (judged["verdict"] == NO_EVIDENCE)
    judged["around"] = np.select(
        [few, judged["around_high"] < 0, judged["around_low"] > 0],
        [AROUND_ALIKE, AROUND_FELL, AROUND_ROSE],
        AROUND_ALIKE,
    )
    return judged


def _spread(one: Difference, name: str) -> dict[str, object]:
    return {
        f"{name}estimate": one.estimate,
        f"{name}se": one.se,
        f"{name}low": one.low,
        f"{name}high": one.high,
    }


def _together(local: Difference, around: Difference) -> dict[str, object]:
    """The place and its surroundings as one, each with its own spread."""
    estimate = local.estimate + around.estimate
    se = np.hypot(local.se, around.se)
    reach = np.hypot(local.high - local.estimate, around.high - around.estimate)
    return _spread(Difference(estimate, se, estimate - reach, estimate + reach), "total_")


def placebos(
    places: pd.DataFrame,
    around: pd.DataFrame,
    *,
    treated: int,
    chosen: Chosen,
    start: pd.Period,
    months: tuple[int, int],
    held: pd.PeriodIndex,
) -> pd.DataFrame:
    """
    Verdicts on the same place at past dates when nothing began.

    Parameters
    ----------
    places, around, treated, chosen
        As for `measure`.
    start
        First month of the response; no window reaches it.
    months
        Length of the periods before and after.
    held
        Months supplied; a window that misses one is not tried.

    Returns
    -------
    verdicts
        From `judge`, indexed by the first month that stood for a start; empty where no
        window of these lengths lies before the response.
    """
    rows = {}
    earlier = held[held < start]
    for first in earlier:
        before = pd.period_range(first - months[0], first - 1, freq="M")
        after = pd.period_range(first, first + months[1] - 1, freq="M")
        if before.isin(held).all() and after.isin(earlier).all():
            rows[first] = measure(
                places,
                around,
                treated=treated,
                chosen=chosen,
                before=before,
                after=after,
                held=earlier,
            )
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COUNTS), dtype="float64")
    return judge(table)
