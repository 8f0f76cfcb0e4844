"""
The dose that was delivered: minutes and officer-hours by area, shift and week.

A visit counts whole in the shift and the week it began in. A shift that runs past midnight
belongs to the day it began. Hours are local time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.tables.incidents import ZONE


@dataclass(frozen=True)
class Shift:
    """A part of the day, from one hour to another, local time."""

    name: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.name} ({self.start:02d}–{self.end:02d})"


# Three shifts of eight hours, as many forces work; a plan may bring its own.
SHIFTS: Final = (Shift("Early", 7, 15), Shift("Late", 15, 23), Shift("Night", 23, 7))
_DAY_H: Final = 24
_HOUR_MIN: Final = 60


def dated(visits: pd.DataFrame, shifts: Sequence[Shift] = SHIFTS) -> pd.DataFrame:
    """
    Visits with what they are counted by.

    Parameters
    ----------
    visits
        With `started` and `ended` (with their zone) and `officers`.
    shifts
        Parts of the day; one whose end is not after its start runs past midnight.

    Returns
    -------
    visits
        The same rows with `minutes`, `officer_hours`, `day` (of the shift's beginning),
        `week` (its Monday) and `shift` (a name, "Other" outside every shift).
    """
    local = visits["started"].dt.tz_convert(ZONE)
    hour = local.dt.hour
    shift = pd.Series("Other", index=visits.index, dtype="str")
    day = local.dt.tz_localize(None).dt.normalize()
    for one in shifts:
        long = (one.end - one.start - 1) % _DAY_H + 1
        within = (hour - one.start) % _DAY_H < long
        shift = shift.mask(within, one.name)
        day = day.mask(within & (hour < one.start), day - pd.Timedelta(days=1))
    minutes = (visits["ended"] - visits["started"]).dt.total_seconds() / _HOUR_MIN
    return visits.assign(
        minutes=minutes,
        officer_hours=minutes * visits["officers"] / _HOUR_MIN,
        day=day,
        week=day - pd.to_timedelta(day.dt.day_of_week, unit="D"),
        shift=shift,
    )


def delivered(visits: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """
    Visits, minutes and officer-hours of each group.

    Parameters
    ----------
    visits
        From `dated`.
    by
        Of `area`, `shift`, `week`, `day`.

    Returns
    -------
    dose
        Indexed by the groups: `visits`, `minutes`, `officer_hours`.
    """
    return visits.groupby(list(by), observed=True).agg(
        visits=("minutes", "size"),
        minutes=("minutes", "sum"),
        officer_hours=("officer_hours", "sum"),
    )


def by_month(visits: pd.DataFrame, place: BaseGeometry) -> pd.DataFrame:
    """
    Visits to patrol areas that share ground with a place, by month in which they began.

    Parameters
    ----------
    visits
        From `action.visits.visits`: `outline` (WKT, metres), `started`, `ended`, `officers`.
    place
        A footprint, metres.

    Returns
    -------
    dose
        Indexed by month: `visits` and `officer_hours`.
    """
    outlines = shapely.from_wkt(visits["outline"].to_numpy(dtype=object), on_invalid="ignore")
    # Areas that only touch it share no ground.
    here = dated(visits.loc[shapely.area(shapely.intersection(outlines, place)) > 0])
    month = here["day"].dt.to_period("M").rename("month")
    return here.groupby(month).agg(
        visits=("minutes", "size"), officer_hours=("officer_hours", "sum")
    )


def against_plan(
    visits: pd.DataFrame,
    planned: pd.DataFrame,
    by: Sequence[str],
    shifts: Sequence[Shift] = SHIFTS,
) -> pd.DataFrame:
    """
    What was delivered beside what was planned; a group in either is in both.

    Parameters
    ----------
    visits
        From `dated`.
    planned
        `area`, `start` (with its zone) and `minutes` of each visit planned.
    by
        As for `delivered`.

    Returns
    -------
    both
        `delivered`'s columns, `planned_visits`, `planned_minutes`, and `share`: minutes
        delivered of those planned; missing where none were.
    """
    whole = pd.to_timedelta(planned["minutes"], unit="min")
    asked = dated(
        planned.assign(started=planned["start"], ended=planned["start"] + whole, officers=1), shifts
    )
    wanted = delivered(asked, by)[["visits", "minutes"]].add_prefix("planned_")
    both = delivered(visits, by).join(wanted, how="outer").fillna(0)
    counts = ["visits", "planned_visits"]
    both[counts] = both[counts].astype("int64")
    share = both["minutes"] / both["planned_minutes"].where(both["planned_minutes"] > 0)
    return both.assign(share=share)


def since_monday(visits: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Visits, from `dated`, of the week that `now` lies in."""
    today = now.tz_convert(ZONE).tz_localize(None).normalize()
    monday = today - pd.Timedelta(days=today.day_of_week)
    return visits.loc[visits["week"] == monday]


def this_week(visits: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Dose of each area in the week that `now` lies in."""
    return delivered(since_monday(visits, now), ["area"])


def over_cap(dose: pd.DataFrame, cap_minutes: float) -> list[str]:
    """
    Areas that have had their fill: a list of where to go leaves them out.

    Examples
    --------
    >>> over_cap(pd.DataFrame({"minutes": [320.0, 45.0]}, index=["SJ1", "SJ2"]), 315)
    ['SJ1']
    """
    return [str(area) for area in dose.index[dose["minutes"] >= cap_minutes]]
