"""Sentences about months: what changed, what is season or luck, and what cannot be told."""

from typing import Final

import pandas as pd

from hotspots.analysis.breaks import Break
from hotspots.analysis.changes import UP, Changes
from hotspots.analysis.spans import unit
from hotspots.periods import Period, month_in_words, step_in_words
from hotspots.study.changes import News
from hotspots.views.wording import count, place, plain, times_as_many

INTERVAL: Final = (
    "The band is what chance alone could make of each count (95% Poisson interval): "
    "two whose bands overlap widely may not differ at all."
)
CHANGES: Final = (
    "A place is listed only when its newest months differ from what it held before by "
    "more than chance, and from what it would hold had it moved as the rest of the area did "
    "(E-test, Krishnamoorthy & Thomson 2004). All are tested at once and the list is corrected "
    "for how many were looked at (Benjamini & Hochberg 1995), so most unchanged places that "
    "happen to move are left out. Hotspots are those of the months before, because a hotspot "
    "found in the newest months is up by being found there."
)

MONTH_MAP: Final = (
    "The slider and the play button under the map change the dots alone: dots are sized "
    "by that month's reports at each map point. At the left end are all months together."
)
RATES: Final = (
    "Rates are per 1,000 residents. A town centre has few residents and many visitors: its rate "
    "says nothing of those who live there. A ward of few residents has a high or a low rate by "
    "luck alone; the steadied rate is drawn towards that of all wards as far as chance could have "
    "made it (empirical Bayes, Marshall 1991)."
)
DEPRIVATION: Final = (
    "Deprivation is the mean decile of the ward's small areas in the Index of Multiple "
    "Deprivation, each weighted by its residents: 1 is the most deprived tenth of the country's "
    "small areas, 10 the least. It stands here as context and explains nothing: it describes "
    "those who live in a ward, not those who pass through it or those who are reported, nothing "
    "here is adjusted for it, and people report more in some places than in others."
)
NO_DEPRIVATION: Final = (
    "Deprivation is not shown: no table of small areas with its deciles is loaded."
)

NO_OTHER_CRIME: Final = (
    "Whether all crime moved alike cannot be told: no other kind of report is loaded here."
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
        since = f" since the step in {month_in_words(news.breaks[-1].month)}" if news.breaks else ""
        return f"Too few months are held{since} to say what has changed"
    if not changes.looked_at:
        what = "ward or hotspot" if len(news.wards) else "hotspot"
        return f"No {what} here holds enough reports to say what has changed"
    looked = count(changes.looked_at, "hotspot")
    if len(news.wards):
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
    return (
        f"**{name}** is {row['direction']}: {count(row['count'], 'report')} in "
        f"{_months(changes.months)}, where about {row['expected']:,.0f} would be expected from "
        f"{changes.against} ({times_as_many(row)})."
    )


NEW: Final = (
    "A hotspot of the newest months that shares no ground with one of the months before is new; "
    "one that shares some with a hotspot of still earlier months has come back. Each is found "
    "where reports gathered, so some are new by chance alone: whether a place is beyond its own "
    "past is what the early warning asks."
)


def new_title(news: News) -> str:
    """How many hotspots are new and how many have come back, of the newest months."""
    back = int(news.new["returned"].sum())
    parts = [
        f"{many:,} {way}" for many, way in ((len(news.new) - back, "new"), (back, "back")) if many
    ]
    return f"New and returning hotspots: {', '.join(parts) or 'none'}"


def new_hotspot(row: pd.Series, news: News) -> str:
    """One hotspot of the newest months where the months before had none; its name is data."""
    way = "Back" if row["returned"] else "New"
    where = plain(place(row["streets"], row["ward_name"]))
    return (
        f"**{way}: {where}**: {count(row['incidents'], 'report')} in {news.newest.in_words()}, and "
        f"{count(row['before'], 'report')} on the same ground in {news.period.in_words()}."
    )


def repeats(cases: int, points: int, *, reports: int, months: int) -> str:
    """
    Repeats that reach the case-review threshold, counted.

    Examples
    --------
    >>> repeats(2, 40, reports=3, months=6)
    'Repeats, 3 reports or more in 6 months: 2 callers, addresses or exact places; 40 map points.'
    """
    named = count(cases, "caller, address or exact place", "callers, addresses or exact places")
    return (
        f"Repeats, {reports} reports or more in {months} months: {named}; "
        f"{count(points, 'map point')}."
    )


def names(news: News) -> dict[str, str]:
    """Name of every ward and hotspot that was looked at, by code and key."""
    spots = news.before
    hotspots = {
        str(key): f"Hotspot at {place(streets, ward) if streets or ward else key}"
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
    listed = " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))
    return (
        f"The level of the whole area stepped {listed}. Such a step is as often a "
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
