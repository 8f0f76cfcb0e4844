"""Sentences about hours and days: when, in how much of the week, and resting on what."""

from typing import Final

import pandas as pd

from hotspots.analysis.clock import DAYS, LONGEST_H, WIDE_H, Clock
from hotspots.settings import FALSE_ALARM, MIN_COUNT_FOR_PERCENT
from hotspots.study.hours import Hours
from hotspots.views.wording import count, percent, plain, times_as_many

RULE: Final = (
    "Each report counts one. Where it is only known that it happened between two times, the one "
    "is spread evenly over them (aoristic weights, Ratcliffe 2000); times are those of the clock "
    "on the wall, and a night when the clocks change has 23 or 25 hours. A day runs from 06:00 to "
    "05:59, so that Friday night's small hours are Friday's. A peak is the run of at least 2 "
    "hours on one or more days running, 8 hours a week at most, that holds most; it is named only "
    "when so many would seldom gather anywhere in a week without peaks. A run chosen for holding "
    "most holds a little less the next time."
)
MONTHS_ONLY: Final = (
    "**No hours here.** These reports give the month and nothing finer, so no day and no hour is "
    "shown. To see when in the week, ask the force or the council for an extract in which each "
    "report has the earliest and the latest time at which it happened (two columns, or one where "
    "it was seen), and import it on the Data page."
)

METHODS: Final = (
    "How well each way of reading a window gives the hour, tried as Ashby and Bowers (2013) did: "
    "20,000 assaults in Chicago known to the minute were each hidden in a real window of a car "
    "stolen in New York, and their clock was made again. The share of reports that ends up in a "
    "wrong cell, net, is what counts: less is better. No way gets it right from such windows; "
    "weights get it least wrong."
)
DAY_LISTS: Final = (
    "School terms, paydays, match days, events: a CSV with the columns name, from and to, days "
    "as 2025-03-01. A list is kept for everybody who opens this page, until it is removed; one of "
    "the same file name takes its place. No names of people, please."
)


def methods() -> pd.DataFrame:
    """Ways to read a window beside each other: share of reports put wrong, as measured."""
    rows = {
        "Start of the window": (0.154, 0.184),
        "Middle": (0.193, 0.221),
        "End": (0.265, 0.287),
        "Spread evenly over it (used here)": (0.149, 0.174),
    }
    # A tenth of a percent tells the first and the last apart.
    shown = {way: [f"{100 * share:.1f}%" for share in shares] for way, shares in rows.items()}
    heads = ["In a wrong hour of the day", "In a wrong hour of the week"]
    return pd.DataFrame.from_dict(shown, orient="index", columns=heads).rename_axis("Taken as")


def finding(found: Clock, *, name: str) -> str:
    """
    Title of the clock: the first peak, or that there is none.

    Parameters
    ----------
    found
        The clock.
    name
        Of the place.
    """
    if found.peaks.empty:
        return f"{name}: no hours of the week stand out ({count(found.used, 'report')})"
    return f"{name}: {peak(found.peaks.iloc[0])}"


def peak(row: pd.Series) -> str:
    """
    One peak: hours, share and interval, and of how much of the week.

    Examples
    --------
    >>> row = {"first_day": "Fri", "days": 2, "first_hour": 20, "hours": 4}
    >>> peak(pd.Series(row | {"share": .38, "low": .31, "high": .45, "of_week": 8 / 168}))
    'Fri to Sat 20:00–00:00: 38% of reports (31% to 45%), in 4.8% of the week'
    """
    first = DAYS.index(row["first_day"])
    last = DAYS[(first + int(row["days"]) - 1) % len(DAYS)]
    days = row["first_day"] if row["days"] == 1 else f"{row['first_day']} to {last}"
    start = int(row["first_hour"])
    end = (start + int(row["hours"])) % 24
    return (
        f"{days} {start:02d}:00–{end:02d}:00: {percent(row['share'])} of reports "
        f"({percent(row['low'])} to {percent(row['high'])}), in {percent(row['of_week'])} of the "
        "week"
    )


def rests_on(found: Hours) -> str:
    """What the clock rests on: how many reports, how many of them with wide windows."""
    clock = found.clock
    said = [f"It rests on {count(clock.used, 'report')}"]
    if clock.wide:
        few = clock.used < MIN_COUNT_FOR_PERCENT
        of_which = f"{clock.wide:,}" if few else percent(clock.wide / clock.used)
        said.append(
            f"{of_which} of which are known only to within more than {WIDE_H} hours, and blur it"
        )
    out = [
        f"{count(many, 'report')} {why}"
        for many, why in (
            (found.dated, "with a day only"),
            (clock.untimed - found.dated, "with a month only"),
            (clock.too_long, f"with a window over {LONGEST_H} hours"),
        )
        if many
    ]
    left = f" Left out: {'; '.join(out)}." if out else ""
    return f"{', '.join(said)}.{left}"


def special(name: str, row: pd.Series) -> str:
    """
    Special days beside others like them.

    Examples
    --------
    >>> row = {"days": 8, "count": 60, "expected": 40, "ratio": 1.5, "low": 1.1, "high": 2,
    ...        "p": .01, "percent": 50}
    >>> print(special("Bank holidays", pd.Series(row)))
    **Bank holidays** (8 days): 60 reports, where other days like them hold 40: more (+50%, 95% \
interval +10% to +100%).
    """
    if pd.isna(row["ratio"]):
        return f"**{plain(name)}**: no other days to hold them against."
    way = "more" if row["ratio"] > 1 else "fewer"
    verdict = way if row["p"] <= FALSE_ALARM else "not enough to tell"
    return (
        f"**{plain(name)}** ({count(row['days'], 'day')}): {count(row['count'], 'report')}, where "
        f"other days like them hold {row['expected']:,.0f}: {verdict} "
        f"({times_as_many(row)})."
    )
