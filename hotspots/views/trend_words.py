"""Sentences on one place's trend: against a year before, drift, months that stand out."""

import math
from typing import Final

import pandas as pd

from hotspots.analysis import spans
from hotspots.analysis.control_chart import ControlChart
from hotspots.analysis.counts import HELD
from hotspots.analysis.near_repeats import NearRepeats
from hotspots.analysis.trends import DOWN, NOTHING, UP, Trend
from hotspots.periods import step_in_words
from hotspots.settings import FALSE_ALARM
from hotspots.views.wording import count, times_as_many

# The newest months that stand out are named, so many.
_MONTHS: Final = 6


def against_year_before(year: pd.Series, unit: str = "month", *, stepped: bool = False) -> str:
    """
    Newest months against the same a year before; what could have shown when nothing did.

    Parameters
    ----------
    year
        Of `Trend.year`.
    unit
        "month" or "week".
    stepped
        Whether the year before is held, but beyond a step.

    Examples
    --------
    >>> row = {"verdict": "not enough to tell", "count": 36.0, "before": 24.0, "pairs": 12,
    ...        "low": .87, "high": 2.6, "percent": math.nan, "fall": .35, "rise": 1.97}
    >>> print(against_year_before(pd.Series(row)))
    Against the same 12 months a year before: not enough to tell (36 reports, 24 then; 0.87 to \
2.6 times as many). Counts like these could show a fall of about 65% or more, or a rise of about \
97% or more.
    """
    if year["verdict"] == NOTHING:
        if stepped:
            return (
                f"The same {unit}s a year before lie beyond a step in the level, and nothing is "
                "compared across it."
            )
        return f"The same {unit}s a year before are not held."
    pairs = unit if year["pairs"] == 1 else f"{year['pairs']:,.0f} {unit}s"
    said = f"Against the same {pairs} a year before:"
    held = f"{count(year['count'], 'report')}, {year['before']:,.0f} then"
    if year["count"] + year["before"]:
        held = f"{held}; {times_as_many(year)}"
    if year["verdict"] in {UP, DOWN}:
        return f"{said} **{year['verdict']}** beyond chance ({held})."
    could = [
        f"a {way} of about {100 * abs(ratio - 1):,.0f}% or more"
        for way, ratio in (("fall", year["fall"]), ("rise", year["rise"]))
        if not math.isnan(ratio)
    ]
    shown = f" Counts like these could show {', or '.join(could)}." if could else ""
    return f"{said} not enough to tell ({held}).{shown}"


def drift(slope: pd.Series, unit: str = "month") -> str:
    """
    Steady drift since the last step, per average month or week, and year.

    Parameters
    ----------
    slope
        Of `Trend.slope`.
    unit
        "month" or "week".

    Examples
    --------
    >>> row = {"slope": 23.6, "low": 20.0, "high": 26.0, "p": .001, "months": 36, "seasonal": True}
    >>> drift(pd.Series(row))
    'An average month gains about 24 reports each year (20 to 26), over 36 months.'
    """
    if math.isnan(slope["p"]):
        return f"Too few {unit}s since the last step to speak of a drift."
    over = f"over {slope['months']:,.0f} {unit}s"
    if slope["p"] > FALSE_ALARM:
        return f"No steady drift that chance would not make, {over}."
    way = "gains" if slope["slope"] > 0 else "loses"
    low, high = sorted((abs(slope["low"]), abs(slope["high"])))
    season = "" if slope["seasonal"] else ", season not taken out"
    return (
        f"An average {unit} {way} about {abs(slope['slope']):,.0f} reports each year "
        f"({low:,.0f} to {high:,.0f}), {over}{season}."
    )


def signals(chart: ControlChart) -> str:
    """Months or weeks that stand out from what the place's own make likely, of how many."""
    months = chart.months
    one = spans.unit(pd.PeriodIndex(months.index))
    if months["centre"].isna().all():
        return ""
    looked = int((months["centre"].notna() & months["count"].notna()).sum())
    out = months.loc[months["signal"] != ""]
    if out.empty:
        return f"None of {count(looked, one)} stands out from the others."
    which = zip(pd.PeriodIndex(out.index), out["signal"], strict=True)
    said = [f"{step_in_words(month)} ({signal})" for month, signal in which]
    more = f" and {len(said) - _MONTHS} more" if len(said) > _MONTHS else ""
    return (
        f"{one.capitalize()}s that stand out from the others: {', '.join(said[-_MONTHS:])}{more}. "
        f"{count(looked, one)} were looked at, of which chance alone would make about "
        f"{looked * chart.false_alarm:.1f} stand out."
    )


def trend(found: Trend, chart: ControlChart) -> list[str]:
    """Everything the months of one place tell, a sentence each."""
    one = spans.unit(pd.PeriodIndex(found.months.index))
    year = against_year_before(found.year, one, stepped=_both_held(found))
    slope = drift(found.slope, one)
    said = [year, slope, signals(chart), *found.notes]
    return [sentence for sentence in said if sentence]


def _both_held(found: Trend) -> bool:
    """Whether any of the newest months is held with its year before, steps or none."""
    months = pd.PeriodIndex(found.months.index)
    held = months[(found.months["status"] == HELD).to_numpy()]
    newest = months[-spans.a_year(months) :].intersection(held)
    return bool((newest - spans.a_year(months)).isin(held).any())


def repeats(found: NearRepeats) -> list[str]:
    """
    Near repeats as an inspector would say them: how near, for how long, how much likelier.

    Parameters
    ----------
    found
        Of a source that knows its days.
    """
    if not found.enough:
        return [f"Too few dated reports ({found.incidents:,}) to look for near repeats."]
    raised = found.raised()
    if raised.empty:
        none = "No near repeats: reports do not follow each other nearby, within four weeks, more"
        return [f"{none} than chance makes them ({found.incidents:,} dated reports)."]
    said = []
    for _, row in raised.iterrows():
        nearer = found.table.loc[found.table["near_m"] < row["near_m"], "near_m"].max()
        where = (
            "at the same point"
            if pd.isna(nearer)
            else f"{nearer:,.0f} to {row['near_m']:,.0f} m away"
        )
        first = found.table.loc[found.table["soon_days"] < row["soon_days"], "soon_days"].max()
        when = (
            f"within {row['soon_days']:.0f} days"
            if pd.isna(first)
            else f"{first + 1:.0f} to {row['soon_days']:.0f} days later"
        )
        said.append(
            f"After a report, another {where} {when} is **{row['ratio']:.1f} times** as frequent "
            f"as chance makes it ({row['pairs']:,.0f} pairs, {row['expected']:,.0f} expected)."
        )
    return said


REPEATS: Final = (
    "Pairs of reports near in place and time, against pairs when the same days are dealt out to "
    "the same places at random (Knox 1964, 199 shuffles); a band is named only if no band of "
    "most shuffles stands out as far. It says how soon going back is worth it, not who did it."
)
