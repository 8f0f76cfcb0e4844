"""The records that the app reads and writes."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd

from hotspots.action import roles, visits, week_records
from hotspots.action.records import Records, exist, open_records
from hotspots.analysis import dose
from hotspots.app import who
from hotspots.settings import data_folder
from hotspots.tables.patrol_areas import PatrolAreas


def opened() -> Records:
    """Records of this machine; opening them again is cheap."""
    return open_records(data_folder())


def to_write() -> Records:
    """
    Records, for someone who may log visits now: a sign-in may have ended since the page was drawn.

    Raises
    ------
    DeniedError
        When they may not.
    """
    roles.check(who.person(), "patrol")
    return opened()


def visits_here(days: int, area: str, patrol_areas: PatrolAreas) -> pd.DataFrame:
    """
    Visits of the last days as `dose.dated` has them; none where there are no records yet.

    Parameters
    ----------
    days
        Back from now.
    area, patrol_areas
        Code of the study area, and its patrol areas now: a visit is here when it was
        logged in the one or to any of the others.
    """
    if not exist(data_folder()):
        return dose.dated(visits.none())
    shifts = shifts_here(area)
    held = visits.visits(opened(), first=datetime.now(UTC) - timedelta(days=days))
    here = (held["study_area"] == area) | held["area"].isin(patrol_areas["key"])
    return dose.dated(held.loc[here], shifts)


def shifts_here(area: str) -> tuple[dose.Shift, ...]:
    """Shifts that visits of a study area count in: its newest plan's, or the usual three."""
    today = datetime.now(UTC).date()
    planned = week_records.shifts_of(opened(), area, today) if exist(data_folder()) else ()
    return planned or dose.SHIFTS


def made_before(first: date, area: str, patrol_areas: PatrolAreas) -> tuple[tuple[str, int], ...]:
    """
    Visits made in a day's week and before that day: they count towards the week's cap.

    Parameters
    ----------
    first
        First day of a plan.
    area, patrol_areas
        As for `visits_here`.

    Returns
    -------
    made
        Key of each patrol area that was visited, and how often.
    """
    monday = pd.Timestamp(first) - pd.Timedelta(days=first.weekday())
    back = (pd.Timestamp.now() - monday).days + 2  # a shift may begin the evening before
    held = visits_here(max(1, back), area, patrol_areas)
    made = held.loc[(held["week"] == monday) & (held["day"] < pd.Timestamp(first)), "area"]
    return tuple((str(key), int(count)) for key, count in made.value_counts().sort_index().items())


def planned_here(days: int, area: str) -> pd.DataFrame:
    """Visits of the last days that were planned in a study area, as far as they are due."""
    now = datetime.now(UTC)
    first = now - timedelta(days=days)
    if not exist(data_folder()):
        return week_records.none()
    return week_records.planned(opened(), study_area=area, first=first, last=now)
