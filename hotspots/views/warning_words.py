"""Sentences of the early warning: what gathers now, how rare that is, how often it speaks."""

from typing import Final

import pandas as pd

from hotspots.analysis.scan_worlds import SIMULATIONS
from hotspots.periods import Period, month_in_words
from hotspots.study.early_warning import Warned
from hotspots.study.scanned import DAYS, LEAST, MONTHS
from hotspots.views.wording import count, place, plain

_HOW: Final = (
    "Circles stand on every place that holds a report. What each held in its newest {newest} is "
    "compared with what its own past and the whole area's {by} would make of it (space-time "
    "permutation scan, Kulldorff and others 2005), and the strongest of all with the strongest of "
    "999 random worlds, in which reports come in clumps as they did before, and which are made as "
    "strong as earlier {by} were. A place is named only when chance would show as much once in "
    "100 {by} or less often. {measured} A place may also gather because of one event, a new way "
    "to report, or a patrol that wrote down what it saw: go and look before acting."
)
WARNING: Final = {
    MONTHS: _HOW.format(
        newest="month, two months or three",
        by="months",
        measured=(
            "What truly gathered in one month gathers in any order: with the months of a real "
            "year put in random order it spoke in none of 40 orders (Cheshire 2025), in 5 of 111 "
            "(37 forces, 2025), and in 6 of 20 (Northumbria, June 2021 to June 2022), each time of "
            "the one gathering of June 2021 in Newcastle. With the months as they came, each asked "
            "as it then stood, it spoke in 21 of 148 looks at these 37 forces, of 13 gatherings: "
            "one is told for up to three months."
        ),
    ),
    DAYS: _HOW.format(
        newest="one to seven days",
        by="days",
        measured=(
            "What truly gathered in one week gathers in any order: with real weeks put in random "
            "order it spoke in 1 of 20 orders (assaults in Chicago, 2019) and in 3 of 20 (cars "
            "stolen in New York, 2016); with the days as they came, asked once a week, in none of "
            "54 looks."
        ),
    ),
}
_ONE: Final = {MONTHS: "month", DAYS: "day"}
_OVER: Final = {MONTHS: "one to three months", DAYS: "one to seven days"}


def warned(found: Warned) -> str:
    """Early warning in one sentence, so that nothing to report is said plainly."""
    if not found.enough:
        return _TOO_FEW[found.by]
    looked = f"{found.scan.cylinders:,} circles of 100 m to 1 km, over {_OVER[found.by]}"
    if found.places.empty:
        return (
            f"Nothing to report: {_within(found.used[-1], found.used[-1])} no place gathers "
            f"reports beyond chance and season ({looked}, were looked at)."
        )
    many = count(len(found.places), "place")
    gather = "gathers" if len(found.places) == 1 else "gather"
    return f"{many} {gather} reports beyond chance and season ({looked}, were looked at)."


_TOO_FEW: Final = {
    MONTHS: (
        "Too few months are held to say whether anything is gathering now: nine are needed, "
        "the newest supplied in full, since the last step in the level and since July 2022, "
        "when the map points that reports are moved to were made anew."
    ),
    DAYS: (
        f"Too few days are held to say whether anything is gathering now: {LEAST[DAYS]} are "
        "needed since the last step in the level, without a gap."
    ),
}


def warning(row: pd.Series) -> str:
    """
    One place that is gathering: where, how many, how rare.

    Parameters
    ----------
    row
        Of `Warned.places`; its names are data, and escaped here.
    """
    where = plain(place(row["street"], row["ward_name"]))
    by = DAYS if row["last"].freqstr == "D" else MONTHS
    return (
        f"**Round {where}**: {count(row['count'], 'report')} within {row['radius_m']:,.0f} m "
        f"{_within(row['first'], row['last'])}, where about {row['expected']:,.1f} would be "
        f"expected. {recurrence(row['recurrence'], by=by)}"
    )


def _within(first: pd.Period, last: pd.Period) -> str:
    """
    Months, or days, as they stand in a sentence.

    Examples
    --------
    >>> _within(pd.Period("2025-02-27", "D"), pd.Period("2025-03-01", "D"))
    'from 27 February to 1 March 2025'
    >>> _within(pd.Period("2025-03", "M"), pd.Period("2025-03", "M"))
    'in March 2025'
    """
    if last.freqstr != "D":
        return f"in {Period(first, last).in_words()}"
    end = f"{last.day} {month_in_words(last)}"
    if first == last:
        return f"on {end}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"from {first.day} {first.strftime('%B')}{year} to {end}"


def recurrence(looks: float, *, by: str = MONTHS) -> str:
    """
    How often chance would show as much, at one look a month or a day.

    Examples
    --------
    >>> recurrence(125.0)
    'Something as strong is expected by chance once in 125 months.'
    >>> recurrence(1000.0, by=DAYS)
    'Something as strong is expected by chance less often than once in 999 days.'
    """
    if looks >= SIMULATIONS + 1:
        return (
            "Something as strong is expected by chance less often than once in "
            f"{SIMULATIONS:,} {by}."
        )
    return f"Something as strong is expected by chance once in {looks:,.0f} {by}."


def replayed(spoke: int, looked: int, *, by: str = MONTHS) -> str:
    """
    What the same question would have said before.

    Examples
    --------
    >>> replayed(1, 12)
    'Asked in each of the 12 months before, as they then were, it would have spoken in 1.'
    """
    if not looked:
        return f"No earlier {_ONE[by]} has enough {by} before it to be asked the same question."
    return (
        f"Asked in each of the {looked} {by} before, as they then were, it would have spoken "
        f"in {spoke or 'none'}."
    )
