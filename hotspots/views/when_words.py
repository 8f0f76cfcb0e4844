"""Sentences about months: what changed, what is season or luck, and what cannot be told."""

import math
from typing import Final

import pandas as pd

from hotspots.analysis.breaks import Break
from hotspots.analysis.changes import UP, Changes
from hotspots.analysis.space_time_scan import SIMULATIONS
from hotspots.analysis.spans import unit
from hotspots.periods import Period, month_in_words, step_in_words
from hotspots.study.changes import News
from hotspots.study.early_warning import Warned
from hotspots.views.wording import count, place, plain

INTERVAL: Final = (
    "The band is what chance alone could make of each count (95% Poisson interval): "
    "two whose bands overlap widely may not differ at all."
)
CHANGES: Final = (
    "A ward or hotspot is listed only when its newest months differ from what it held before by "
    "more than chance, and from what it would hold had it moved as the rest of the area did "
    "(E-test, Krishnamoorthy & Thomson 2004). All are tested at once and the list is corrected "
    "for how many were looked at (Benjamini & Hochberg 1995), so most unchanged places that "
    "happen to move are left out. Hotspots are those of the months before, because a hotspot "
    "found in the newest months is up by being found there."
)

WARNING: Final = (
    "Circles stand on every place that holds a report. What each held in its newest month, "
    "two months or three is compared with what its own past and the whole area's months would "
    "make of it (space-time permutation scan, Kulldorff and others 2005), and the strongest of "
    "all with the strongest of 999 random worlds, in which reports come in clumps as they did "
    "before. A place is named only when chance would show as much once in 100 months or less "
    "often. Real places vary more than any worlds do: with the months of a real year (Cheshire "
    "2025) put in random order, it still spoke in 5 of 80. A place may also gather because of one "
    "event, a new way to report, or a patrol that wrote down what it saw: go and look before "
    "acting."
)

MONTH_MAP: Final = (
    "The slider and the play button at the foot of the map change the dots alone: dots are sized "
    "by that month's reports at each map point. At the left end are all months together."
)
RATES: Final = (
    "Rates are per 1,000 residents. A town centre has few residents and many visitors: its rate "
    "says nothing of those who live there. A ward of few residents has a high or a low rate by "
    "luck alone; the steadied rate is drawn towards that of all wards as far as chance could have "
    "made it (empirical Bayes, Marshall 1991). Deprivation is not shown: no such data is loaded."
)

NO_WEEKS: Final = (
    "Counted by month: these reports give the month and no day, so no week can be told from "
    "another. Weeks are offered where a source gives days."
)


def weeks(used: int, left_out: int) -> str:
    """
    What weeks rest on.

    Examples
    --------
    >>> weeks(300, 20).split(". ")[1]
    '300 reports are in them; 20 give no week that was supplied in full'
    """
    out = (
        f"; {left_out:,} give no week that was supplied in full. Such reports have a month only, "
        "a window of more than a week, or lie at an end of what was supplied."
        if left_out
        else "."
    )
    return (
        "Weeks are those of ISO 8601, Monday to Sunday; a report counts in the week that holds "
        f"most of the time it may have happened in. {count(used, 'report')} are in them{out}"
    )


def changed(news: News) -> str:
    """What changed, as the title of the When page; that nothing did is an answer."""
    changes = news.changes
    if not changes.against:
        return "Too few months are held to say what has changed"
    if not changes.looked_at:
        return "No ward or hotspot here holds enough reports to say what has changed"
    looked = f"{changes.looked_at:,} wards and hotspots"
    months = _months(changes.months)
    if changes.table.empty:
        return f"Nothing stands out in {months}: none of {looked} changed by more than chance"
    up = int((changes.table["direction"] == UP).sum())
    down = len(changes.table) - up
    ways = [f"{n:,} {way}" for n, way in ((up, "up"), (down, "down")) if n]
    return f"Of {looked}, {' and '.join(ways)} beyond chance in {months}"


def change(name: str, row: pd.Series, changes: Changes) -> str:
    """
    One change as a sentence: how many, how many were to be expected, how sure.

    Parameters
    ----------
    name
        Of the ward or hotspot.
    row
        Of `Changes.table`.
    changes
        The rest of what was found.
    """
    by = "" if math.isnan(row["percent"]) else f" ({row['percent']:+.0f}%)"
    return (
        f"**{name}** is {row['direction']}: {count(row['count'], 'report')} in "
        f"{_months(changes.months)}, where about {row['expected']:,.0f} would be expected from "
        f"{changes.against}{by}."
    )


def names(news: News) -> dict[str, str]:
    """Name of every ward and hotspot that was looked at, by code and key."""
    spots = news.before
    hotspots = {
        str(key): f"Hotspot at {place(streets, ward)}"
        for key, streets, ward in zip(
            spots["key"], spots["streets"], spots["ward_name"], strict=True
        )
    }
    return {str(code): f"{name} ward" for code, name in news.wards.items()} | hotspots


def stepped(breaks: tuple[Break, ...]) -> str:
    """Steps in the level of the whole area, for a person to explain; empty without any."""
    said = [
        f"in {month_in_words(one.month)} (from about {one.before:,.0f} to {one.after:,.0f} a month)"
        for one in breaks
    ]
    if not said:
        return ""
    return (
        f"The level of the whole area stepped {' and '.join(said)}. Such a step is as often a "
        "change in recording or supply as in behaviour."
    )


def _months(months: pd.PeriodIndex) -> str:
    return Period(months[0], months[-1]).in_words()


def trend_finding(months: pd.DataFrame, *, name: str) -> str:
    """
    Title of a chart of months or weeks: the newest against the same a year before.

    Says that two counts differ only where their intervals do not overlap.
    """
    held = months.loc[months["count"].notna()]
    if held.empty:
        return f"{name}: nothing of this period was supplied in full"
    last = held.iloc[-1]
    one = unit(pd.PeriodIndex(months.index))
    said = f"{name}: {count(last['count'], 'report')} in {step_in_words(held.index[-1])}"
    before = last["year_before"]
    if pd.isna(before):
        return f"{said}; the same {one} a year before is not held"
    return f"{said}, {count(before, 'report')} in the same {one} a year before"


def multiples_title(drawn: int, wards: int) -> str:
    """
    Title of the small charts.

    Examples
    --------
    >>> multiples_title(18, 137)
    'The 18 busiest of 137 wards month by month, each on its own scale'
    >>> multiples_title(5, 5)
    'The 5 wards month by month, each on its own scale'
    """
    which = f"{drawn} busiest of {wards:,} wards" if drawn < wards else f"{wards} wards"
    return f"The {which} month by month, each on its own scale"


def league_title(league: pd.DataFrame) -> str:
    """
    Title of the league of wards: which could be the busiest, not only which is.

    A ward whose interval reaches into the busiest ward's interval may be as busy.
    """
    top = league.iloc[0]
    if top["count"] == 0:
        return "No ward has a report in these months"
    rivals = int((league["high"] >= top["low"]).sum()) - 1
    if rivals == 0:
        return f"{top['name']} has the most reports ({top['count']:,})"
    return (
        f"{top['name']} has the most reports ({top['count']:,}), "
        f"too near {count(rivals, 'other ward')} to rank them"
    )


def warned(found: Warned) -> str:
    """Early warning in one sentence, so that nothing to report is said plainly."""
    if not found.enough:
        return (
            "Too few months are held to say whether anything is gathering now: nine are needed, "
            "the newest supplied in full, since the last step in the level and since July 2022, "
            "when the map points that reports are moved to were made anew."
        )
    looked = f"{found.scan.cylinders:,} circles of 100 m to 1 km, over one to three months"
    if found.places.empty:
        return (
            f"Nothing to report: in {month_in_words(found.months[-1])} no place gathers reports "
            f"beyond chance and season ({looked}, were looked at)."
        )
    many = count(len(found.places), "place")
    gather = "gathers" if len(found.places) == 1 else "gather"
    return f"{many} {gather} reports beyond chance and season ({looked}, were looked at)."


def warning(row: pd.Series) -> str:
    """
    One place that is gathering: where, how many, how rare.

    Parameters
    ----------
    row
        Of `Warned.places`; its names are data, and escaped here.
    """
    where = plain(place(row["street"], row["ward_name"]))
    months = Period(row["first"], row["last"]).in_words()
    return (
        f"**Round {where}**: {count(row['count'], 'report')} within {row['radius_m']:,.0f} m in "
        f"{months}, where about {row['expected']:,.1f} would be expected. "
        f"{recurrence(row['recurrence'])}"
    )


def recurrence(looks: float) -> str:
    """
    How often chance would show as much, at one look a month.

    Examples
    --------
    >>> recurrence(125.0)
    'Something as strong is expected by chance once in 125 months.'
    >>> recurrence(1000.0)
    'Something as strong is expected by chance less often than once in 999 months.'
    """
    if looks >= SIMULATIONS + 1:
        return (
            "Something as strong is expected by chance less often than once in "
            f"{SIMULATIONS:,} months."
        )
    return f"Something as strong is expected by chance once in {looks:,.0f} months."


def replayed(spoke: int, looked: int) -> str:
    """
    What the same question would have said in the months before.

    Examples
    --------
    >>> replayed(1, 12)
    'Asked in each of the 12 months before, as they then were, it would have spoken in 1.'
    """
    if not looked:
        return "No earlier month has enough months before it to be asked the same question."
    return (
        f"Asked in each of the {looked} months before, as they then were, it would have spoken "
        f"in {spoke or 'none'}."
    )
