"""What is gathering now in a study area, and how often the same question spoke in the past."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.breaks import Break, find_breaks
from hotspots.analysis.cylinders import Scan, places_of
from hotspots.analysis.scan_worlds import SIMULATIONS
from hotspots.analysis.space_time_scan import RADII_M, permutation_scan
from hotspots.periods import Period
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.study.scanned import (
    DAYS,
    LEAST,
    LONGEST,
    MONTHS,
    PAST_STEP,
    Scanned,
    scanned,
    tells_days,
)
from hotspots.tables.incidents import ZONE, Incidents, coordinates

# Past months, and days, that a replay looks at.
REPLAYED: Final = {MONTHS: 12, DAYS: 14}
_REPLAY_SIMULATIONS: Final = 199


@dataclass(frozen=True, eq=False)
class Warned:
    """
    What is gathering now.

    Attributes
    ----------
    scan
        The cylinders.
    places
        Warnings only, strongest first: the scan's columns, `street` and `ward_name` of
        most of the reports in each, `first` and `last` month or day.
    used
        Months or days compared, the newest last; too few of them leave the scan empty.
    by
        "months" or "days".
    """

    scan: Scan
    places: pd.DataFrame
    used: pd.PeriodIndex
    by: str = MONTHS

    @property
    def enough(self) -> bool:
        """Whether enough months or days are held to say anything."""
        return len(self.used) >= LEAST[self.by]


def early_warning(
    dataset: Dataset,
    asked: Study,
    *,
    breaks: tuple[Break, ...] | None = None,
    by: str | None = None,
) -> Warned:
    """
    What is gathering in the newest months, or days, up to the last month asked for.

    Parameters
    ----------
    dataset, asked
        The study area; earlier months are taken from all that is held.
    breaks
        Nothing before the last of them is used; None = those that are found.
    by
        "months" or "days"; None = days where every report says its day.
    """
    over = over_all(dataset, asked)
    if breaks is None:
        breaks = find_breaks(counts.by_month(over.asb, over.status)["count"], over.status)
    return _warned(over, breaks, by=by or usual(asked), simulations=SIMULATIONS)


def usual(asked: Study) -> str:
    """Days where every report of a study area says its day, months otherwise."""
    return DAYS if tells_days(asked) else MONTHS


def replay(
    dataset: Dataset, asked: Study, *, breaks: tuple[Break, ...] = (), by: str | None = None
) -> tuple[int, int]:
    """
    How many of the months, or days, before would have had a warning, asked as they then were.

    Returns
    -------
    spoke, looked
        Looks with a warning, of up to twelve months or 14 days that could be asked.
    """
    spoke = looked = 0
    over, by = over_all(dataset, asked), by or usual(asked)
    for back in range(1, REPLAYED[by] + 1):
        then = _then(dataset, over, breaks, back=back, by=by)
        if then is None:
            break
        looked += then.enough
        spoke += bool(len(then.places))
    return spoke, looked


def _then(
    dataset: Dataset, over: Study, breaks: tuple[Break, ...], *, back: int, by: str
) -> Warned | None:
    """What would have been said so many months or days before; None before anything is held."""
    if by == DAYS:
        rows = over.located
        cut = scanned(over, breaks, by=by)
        if back >= len(cut.used):
            return None
        kept = rows["occurred_from"] < cut.used[-back].start_time.tz_localize(ZONE)
        earlier = replace(over, asb=Incidents(rows.loc[kept]))
        return _warned(earlier, breaks, by=by, simulations=_REPLAY_SIMULATIONS)
    last = over.selection.period.last - back
    if last < over.selection.period.first:
        return None
    period = Period(over.selection.period.first, last)
    before = study(dataset, replace(over.selection, period=period))
    known = tuple(one for one in breaks if one.month <= last)
    return _warned(before, known, by=by, simulations=_REPLAY_SIMULATIONS)


def over_all(dataset: Dataset, asked: Study) -> Study:
    """The study area over all months held up to the last one asked for."""
    held = dataset.period_of(asked.selection.sources)
    last = asked.selection.period.last
    return study(dataset, replace(asked.selection, period=Period(held.first, last)))


def _warned(over: Study, breaks: tuple[Break, ...], *, by: str, simulations: int) -> Warned:
    cut = scanned(over, breaks, by=by)
    xy = coordinates(cut.rows) if len(cut.rows) else np.empty((0, 2))
    scan = permutation_scan(
        xy,
        cut.when,
        periods=len(cut.used),
        longest=LONGEST[by],
        past_step=PAST_STEP[by],
        simulations=simulations,
    )
    return Warned(scan, _named(scan.warnings(), over, cut), cut.used, by)


def _named(warnings: pd.DataFrame, over: Study, cut: Scanned) -> pd.DataFrame:
    """Warnings with the street and ward that hold most of their reports, and their periods."""
    names = []
    places, place = places_of(coordinates(cut.rows), RADII_M[0])
    for _, row in warnings.iterrows():
        apart = np.hypot(places[:, 0] - row["easting"], places[:, 1] - row["northing"])
        inside = (apart <= row["radius_m"])[place]
        first = len(cut.used) - int(row["length"])
        part = cut.rows.loc[inside & (cut.when >= first)]
        ward = over.ward.loc[part.index].mode()
        name = over.wards["name"].get(ward.iloc[0], "") if len(ward) else ""
        street = part["street"].astype("str").mode()
        names.append((str(street.iloc[0]), str(name), cut.used[first], cut.used[-1]))
    columns = ["street", "ward_name", "first", "last"]
    return warnings.join(pd.DataFrame(names, columns=columns, index=warnings.index))
