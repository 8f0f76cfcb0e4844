"""
Did it work, in words: one verdict from a fixed list, and what it rests on.

No sentence here says that a plan brought anything about; a test keeps it so.
"""

import math
from typing import Final

import pandas as pd

from hotspots.analysis.comparison import LEAST_COMPARABLE, LEAST_CONTROLS
from hotspots.analysis.interrupted import LEAST_AFTER, LEAST_BEFORE
from hotspots.analysis.outcome import AROUND_FELL, AROUND_ROSE, ERROR, FELL, ROSE, TOO_FEW
from hotspots.periods import Period
from hotspots.study.outcome import Outcome
from hotspots.views.wording import count, percent

COMPARES: Final = (
    "This compares; it does not say what a change came from. More reports can also mean that "
    "people report more."
)
# Measured on 500 random plans each where nothing was done; see the README.
NAIVE: Final = (
    "Before and after alone says “fell” of 26% (Cheshire 2025) to 48% (Northumbria 2020–23) of "
    "places where nothing was done, so it is not what the verdict is taken from."
)
TOO_SOON: Final = "Nothing can be said yet: no month after the start is held."


def verdict(judged: pd.Series) -> str:
    """
    The verdict, from `analysis.outcome.judge`.

    Examples
    --------
    >>> row = {"verdict": FELL, "low": -19.2, "high": -3.8, "smallest_fall": 0.5}
    >>> verdict(pd.Series(row))
    'Fell more than comparable places, by 3 to 20 reports.'
    >>> verdict(pd.Series(row | {"verdict": "no evidence", "smallest_fall": 0.664}))
    'No evidence either way: this place would need a fall of 66% to show.'
    """
    said, low, high = judged["verdict"], judged["low"], judged["high"]
    if said == TOO_FEW:
        return (
            "Cannot be judged: it takes months on both sides of the start, "
            f"{LEAST_CONTROLS} controls and {LEAST_COMPARABLE} comparable places."
        )
    if said == FELL:
        return f"Fell more than comparable places, by {_between(-high, -low)} reports."
    if said == ROSE:
        return f"Rose more than comparable places, by {_between(low, high)} reports."
    if math.isnan(judged["smallest_fall"]):
        return (
            "No evidence either way: with so few reports even a fall to nothing could not be "
            "expected to show."
        )
    return (
        "No evidence either way: this place would need a fall of "
        f"{percent(judged['smallest_fall'])} to show."
    )


def _between(low: float, high: float) -> str:
    return f"{math.floor(low):,.0f} to {math.ceil(high):,.0f}"


def rests_on(came: Outcome) -> list[str]:
    """What the verdict rests on, one sentence a line."""
    held, judged = came.counts, came.judged
    if not len(came.before) or not len(came.after):
        return [TOO_SOON]
    before, after = _in_words(came.before), _in_words(came.after)
    controls = int(held["controls"])
    said = [
        (
            f"The place went from {count(held['place_before'], 'report')} in {before} to "
            f"{count(held['place_after'], 'report')} in {after}; its {count(controls, 'control')}, "
            f"chosen before the start, from {held['control_before']:,.0f} to "
            f"{held['control_after']:,.0f} together."
        ),
    ]
    if judged["verdict"] == TOO_FEW:
        return said
    said += [
        (
            f"Beside its controls that is {_more(judged['estimate'])} (95% interval "
            f"{judged['low']:+,.0f} to {judged['high']:+,.0f}; weighted displacement difference, "
            f"Wheeler & Ratcliffe 2018). Places left alone differ {held['dispersion']:.1f} times "
            "as much as chance alone would make them, and the interval allows for that; where "
            f"nothing is done it is built to be wrong in at most {percent(ERROR)} of cases."
        ),
        _untouched(judged["untouched"]),
        _around(judged),
        _level(came),
        _past(came),
    ]
    if came.recounted is not None:
        said.append(
            f"The months before now hold {count(came.recounted, 'report')} here, not the number "
            "that was frozen: the data were replaced since. What is held now is compared."
        )
    return said


def _in_words(months: pd.PeriodIndex) -> str:
    words = Period(months[0], months[-1]).in_words()
    return f"{words} ({count(len(months), 'month')})"


def _more(estimate: float) -> str:
    if round(estimate) == 0:
        return "no more and no fewer than to be expected"
    return f"{abs(estimate):,.0f} {'fewer' if estimate < 0 else 'more'} than to be expected"


def _untouched(ratio: float) -> str:
    if math.isnan(ratio):
        return ""
    return (
        "Comparable places, found in the same months and left alone, now stand at "
        f"{percent(ratio)} of what they were: so much busy places, the season and recording "
        "change of themselves."
    )


def _around(judged: pd.Series) -> str:
    if judged["around"] == AROUND_ROSE:
        return (
            "The streets within 100 m rose more than those round the controls, by "
            f"{_between(judged['around_low'], judged['around_high'])} reports: some may have moved."
        )
    if judged["around"] == AROUND_FELL:
        return (
            "The streets within 100 m fell more than those round the controls too, by "
            f"{_between(-judged['around_high'], -judged['around_low'])} reports."
        )
    return "Nothing shows that reports moved to the streets within 100 m, or left them too."


def _level(came: Outcome) -> str:
    if came.level is None:
        return (
            f"Month by month cannot be told yet: that takes {LEAST_BEFORE} months before and "
            f"{LEAST_AFTER} after, with reports in both."
        )
    one = came.level
    alike = (
        ""
        if one.drift_low <= 1 <= one.drift_high
        else " Before the start the two were already drifting apart, so read this with care."
    )
    return (
        f"Month by month, beside its controls, the place stands at {percent(one.ratio)} of what "
        f"was to be expected ({percent(one.low)} to {percent(one.high)}).{alike}"
    )


def _past(came: Outcome) -> str:
    if not came.tried:
        return "Too few earlier months are held to try the same on past dates."
    return (
        f"On {count(came.tried, 'past date')} when nothing began, “fell” would have been said at "
        f"{came.fell or 'none'}."
    )


def delivered(dose: pd.DataFrame, start: pd.Period) -> str:
    """
    Patrol that the place had since the start, from `analysis.dose.by_month`.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2025-06", "2025-07"], freq="M")
    >>> dose = pd.DataFrame({"visits": [9, 4], "officer_hours": [9.0, 1.5]}, index=months)
    >>> delivered(dose, months[1])
    'Since the start 4 visits of 1.5 officer-hours in all are logged in patrol areas here.'
    """
    since = dose.loc[dose.index >= start]
    visits = int(since["visits"].sum())
    if not visits:
        return "Since the start no visit is logged in a patrol area here."
    are = "is" if visits == 1 else "are"
    return (
        f"Since the start {count(visits, 'visit')} of {since['officer_hours'].sum():.1f} "
        f"officer-hours in all {are} logged in patrol areas here."
    )


def kinds(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Pooled plans as a reader sees them, from `analysis.pooling.pooled`."""
    return pd.DataFrame(
        {
            "Plans": table["plans"],
            "Reports beside what was to be expected": [
                f"{percent(row['ratio'])} ({percent(row['low'])} to {percent(row['high'])})"
                for _, row in table.iterrows()
            ],
        }
    ).set_axis(pd.Index([names.get(key, key) for key in table.index], name="Response"))
