"""
Did it work, in words: one verdict from a fixed list, and what it rests on.

No sentence here says that a plan brought anything about; a test keeps it so.
"""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd

from hotspots.action.plan_reviews import PlanReview
from hotspots.analysis.comparison import LEAST_COMPARABLE, LEAST_CONTROLS
from hotspots.analysis.interrupted import LEAST_AFTER, LEAST_BEFORE
from hotspots.analysis.outcome import AROUND_FELL, AROUND_ROSE, ERROR, FELL, ROSE, TOO_FEW
from hotspots.analysis.synthetic import AGREES, LEAST_DONORS
from hotspots.analysis.synthetic import LEAST_AFTER as LEAST_MONTHS_AFTER
from hotspots.analysis.synthetic import LEAST_BEFORE as LEAST_MONTHS_BEFORE
from hotspots.periods import Period, month_in_words, parse_month
from hotspots.study.held_against import Draw, Waiting
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
KEPT: Final = (
    "Kept as it stands, with its figures, the newest month and the data’s identity; a later review "
    "stands beside it and replaces nothing."
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


def breaks(waiting: Waiting) -> str:
    """Why no plan is made in an area that a fair test holds back."""
    return (
        f"A fair test holds this area back by the draw until {waiting.ends:%d %B %Y}: a plan here "
        "would break the test. End the test first on the Patrol page, or choose another hotspot."
    )


def reviews(kept: Sequence[PlanReview]) -> pd.DataFrame:
    """Every verdict that was kept of a plan, the first one first."""
    return pd.DataFrame(
        {
            "Verdict": [row.verdict for row in kept],
            "Months up to": [month_in_words(parse_month(row.last_month)) for row in kept],
            "Said": [row.said for row in kept],
            "By": [f"{row.who}{', closing' if row.closing else ''}" for row in kept],
            "Data": [row.data for row in kept],
        },
        index=pd.Index([f"{row.at.day} {row.at:%b %Y}" for row in kept], name="Reviewed"),
    )


def rests_on(came: Outcome, draw: Draw | None = None) -> list[str]:
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
            f"{_chosen(draw)}, from {held['control_before']:,.0f} to "
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
        _synthetic(came),
        _waited(came, draw),
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


def _chosen(draw: Draw | None) -> str:
    if draw is None:
        return "chosen before the start"
    return "held back by the draw of a fair test and chosen by nobody"


def _waited(came: Outcome, draw: Draw | None) -> str:
    if draw is None or came.after[-1].end_time.date() < draw.ends:
        return ""
    return (
        f"The fair test held the controls back until {draw.ends:%d %B %Y} only: in later months "
        "something may have been done there too, which would hide a fall here."
    )


def _synthetic(came: Outcome) -> str:
    one = came.synthetic
    if one is None:
        return (
            f"A synthetic control takes {LEAST_MONTHS_BEFORE} months before, {LEAST_MONTHS_AFTER} "
            f"after and {LEAST_DONORS} comparable places with reports before: there are fewer."
        )
    p, side = (one.fell, "low") if one.difference < 0 else (one.rose, "high")
    power = (
        "With so few reports not even a fall to nothing would be expected to rank so."
        if math.isnan(one.smallest_fall)
        else f"A fall of {percent(one.smallest_fall)} would rank so in four of five cases."
    )
    taken = (
        " Here it is more, so no verdict is taken from the interval above."
        if came.judged["withheld"]
        else ""
    )
    return (
        f"A synthetic control, {one.used} of {count(one.donors, 'comparable place')} mixed to move "
        f"as this one did each month before, led to expect {one.expected:,.0f} reports; there were "
        f"{one.seen:,.0f}. Of those places and this one, {percent(p)} ended as {side} beside a "
        f"mixture of their own (Abadie, Diamond & Hainmueller 2010). “Fell” or “rose” is said only "
        f"where that is at most {percent(AGREES)}.{taken} {power}"
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
