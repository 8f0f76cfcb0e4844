"""
The dose that was delivered: minutes and officer-hours by area, shift and week.

A visit counts whole in the shift and the week it began in. A shift that runs past midnight
belongs to the day it began. Hours are local time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.tables.incidents import ZONE

_DAY_H: Final = 24
_HOUR_MIN: Final = 60


@dataclass(frozen=True)
class Shift:
    """
    A part of the day, local time.

    Attributes
    ----------
    name
        As people call it.
    start, end
        Hours after midnight, with their part; one that ends no later than it starts runs
        past midnight.

    Examples
    --------
    >>> str(Shift("Late", 15, 23)), str(Shift("Evenings", 17.5, 2))
    ('Late (15–23)', 'Evenings (17:30–02)')
    """

    name: str
    start: float
    end: float

    def __str__(self) -> str:
        return f"{self.name} ({_clock(self.start)}–{_clock(self.end)})"

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start) % _DAY_H or float(_DAY_H)


def _clock(hours: float) -> str:
    hour, minute = divmod(round(hours * _HOUR_MIN), _HOUR_MIN)
    return f"{hour:02d}:{minute:02d}" if minute else f"{hour:02d}"


# Three shifts of eight hours, as many forces work; a plan brings its own.
SHIFTS: Final = (Shift("Early", 7, 15), Shift("Late", 15, 23), Shift("Night", 23, 7))


def dated(visits: pd.DataFrame, shifts: Sequence[Shift] = SHIFTS) -> pd.DataFrame:
    """
    Visits with what they are counted by.

    Parameters
    ----------
    visits
        With `started` and `ended` (with their zone) and `officers`.
    shifts
        Parts of the day. Where several hold an hour, a visit counts in the one that its
        `unit` is named after (Lates 2: Lates), otherwise in the last of them.

    Returns
    -------
    visits
        The same rows with `minutes`, `officer_hours`, `day` (of the shift's beginning),
        `week` (its Monday) and `shift` (a name, "Other" outside every shift).
    """
    local = visits["started"].dt.tz_convert(ZONE)
    hour = local.dt.hour + local.dt.minute / _HOUR_MIN
    unit = visits["unit"] if "unit" in visits else pd.Series("", index=visits.index, dtype="str")
    unit = unit.astype("str").str.casefold()
    shift = pd.Series("Other", index=visits.index, dtype="str")
    day = local.dt.tz_localize(None).dt.normalize()
    began = day
    # First by the hour alone, then by whose unit it was.
    for one, named in [*((one, False) for one in shifts), *((one, True) for one in shifts)]:
        within = (hour - one.start) % _DAY_H < one.hours
        if named:
            within &= unit.str.startswith(one.name.casefold())
        shift = shift.mask(within, one.name)
        before = hour < one.start
        day = day.mask(within & before, began - pd.Timedelta(days=1)).mask(within & ~before, began)
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


def on_ground(outlines: pd.Series, place: BaseGeometry) -> NDArray[np.bool_]:
    """
    Which outlines (WKT, metres) share ground with a place; what only touches it does not.

    Examples
    --------
    >>> some = pd.Series(["POLYGON ((0 0, 2 0, 2 2, 0 0))", "POLYGON ((5 0, 7 0, 7 2, 5 0))", ""])
    >>> on_ground(some, shapely.box(1, 0, 5, 5)).tolist()
    [True, False, False]
    """
    shapes = shapely.from_wkt(outlines.to_numpy(dtype=object), on_invalid="ignore")
    return np.asarray(shapely.area(shapely.intersection(shapes, place)) > 0)


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
    here = dated(visits.loc[on_ground(visits["outline"], place)])
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
