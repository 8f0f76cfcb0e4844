"""What a plan's place is compared with, settled when the plan is made, and how it came out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.analysis import counts
from hotspots.analysis.comparison import Chosen, choose, surroundings, tally
from hotspots.analysis.interrupted import Level, interrupted
from hotspots.analysis.outcome import FELL, judge, measure, placebos
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.study.answers import Found
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.tables.incidents import Incidents, located

# Outlines are kept to the centimetre: counts never turn on less.
_DECIMALS: Final = 2


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    A place and what it is held against, as they were when the plan was made.

    Attributes
    ----------
    area
        Code of the study area.
    before
        Months that the place was found in.
    shapes
        Footprints: the place first, then all others found by the same rule.
    names
        A name for each.
    reports
        Reports of each in those months, as counted then.
    chosen
        Which of them are its controls, and which are comparable.
    """

    area: str
    before: Period
    shapes: NDArray[np.object_]
    names: tuple[str, ...]
    reports: tuple[int, ...]
    chosen: Chosen

    def as_data(self) -> dict[str, Any]:
        """The same as text and numbers, to be kept."""
        return {
            "area": self.area,
            "before": [str(self.before.first), str(self.before.last)],
            "shapes": shapely.to_wkt(self.shapes, rounding_precision=_DECIMALS).tolist(),
            "names": list(self.names),
            "reports": list(self.reports),
            "controls": self.chosen.controls.tolist(),
            "comparable": self.chosen.comparable.tolist(),
        }

    @classmethod
    def of_data(cls, held: Mapping[str, Any]) -> Self:
        """What `as_data` kept."""
        return cls(
            area=held["area"],
            before=Period.parse(*held["before"]),
            shapes=np.asarray(shapely.from_wkt(held["shapes"]), dtype=np.object_),
            names=tuple(held["names"]),
            reports=tuple(held["reports"]),
            chosen=Chosen(
                np.asarray(held["controls"], dtype=np.int64),
                np.asarray(held["comparable"], dtype=np.int64),
            ),
        )


def comparison(
    asked: Study, found: Found, number: int, *, taken: NDArray[np.object_] | None = None
) -> Comparison:
    """
    What a hotspot would be held against.

    Parameters
    ----------
    asked, found
        The study area and its hotspots; they say which months are "before".
    number
        The hotspot.
    taken
        Footprints of other plans: what they touch is no comparison.
    """
    first = found.hotspots.loc[[number]]
    table = pd.concat([first, found.hotspots.drop(index=number)])
    shapes = np.asarray(table.geometry.to_numpy(), dtype=np.object_)
    busy = np.zeros(len(shapes), dtype=np.bool_)
    if taken is not None and len(taken):
        busy = shapely.intersects(shapes, shapely.union_all(taken))
        busy[0] = False
    reports = table["incidents"].to_numpy()
    return Comparison(
        area=asked.selection.area,
        before=asked.selection.period,
        shapes=shapes,
        names=tuple(
            (streets or ward or key).split("; ")[0]
            for streets, ward, key in zip(
                table["streets"], table["ward_name"], table["key"], strict=True
            )
        ),
        reports=tuple(int(count) for count in reports),
        chosen=choose(shapes, reports, 0, taken=np.flatnonzero(busy)),
    )


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    How a plan's place came out beside what it is held against.

    Attributes
    ----------
    counts, judged
        From `analysis.outcome.measure` and `judge`.
    before, after
        Months held that were compared.
    months
        Reports by month held: `place`, and `controls` (their mean).
    level
        From the interrupted series, where there are months enough.
    tried, fell
        Past dates at which nothing began, and at how many of them "fell" would have
        been said.
    recounted
        Reports of the place in the months before as the data have them now, where that
        differs from what was frozen; None where it does not.
    """

    counts: pd.Series
    judged: pd.Series
    before: pd.PeriodIndex
    after: pd.PeriodIndex
    months: pd.DataFrame
    level: Level | None
    tried: int
    fell: int
    recounted: int | None


def outcome(
    dataset: Dataset, held: Comparison, *, start: pd.Period, last: pd.Period | None = None
) -> Outcome:
    """
    A plan's outcome so far.

    Parameters
    ----------
    dataset
        Everything loaded.
    held
        What was settled when the plan was made.
    start
        First month of the response: months after the baseline and before it are in neither.
    last
        Last month to look at; the last held unless given.
    """
    rows, status = _months(dataset, held.area)
    supplied = pd.PeriodIndex(status.index[status == counts.HELD])
    if last is not None:
        supplied = supplied[supplied <= last]
    before = supplied[(supplied >= held.before.first) & (supplied <= held.before.last)]
    before = before[before < start]
    after = supplied[supplied >= start]
    places, around = tally(rows, held.shapes), tally(rows, surroundings(held.shapes))
    asked: dict[str, Any] = {"treated": 0, "chosen": held.chosen}
    row = measure(places, around, before=before, after=after, **asked)
    tried = placebos(
        places,
        around,
        start=start,
        months=(len(before), len(after)) if len(before) and len(after) else (1, 1),
        held=supplied,
        **asked,
    )
    shown = places.reindex(supplied, fill_value=0)
    of_controls = shown[held.chosen.controls.tolist()]
    level = interrupted(shown[[0, *held.chosen.controls.tolist()]], start=start)
    frozen, now = held.reports[0], int(row["place_before"])
    return Outcome(
        counts=row,
        judged=judge(pd.DataFrame([row])).iloc[0],
        before=before,
        after=after,
        months=pd.DataFrame({"place": shown[0], "controls": of_controls.mean(axis=1)}),
        level=level,
        tried=len(tried),
        fell=int((tried["verdict"] == FELL).sum()),
        recounted=now if now != frozen else None,
    )


def _months(dataset: Dataset, area: str) -> tuple[Incidents, pd.Series]:
    """ASB of a study area over every month held, and what was supplied."""
    asked = replace(
        Selection.default(dataset.choices),
        area=area,
        period=dataset.period_of(),
    )
    over = study(dataset, asked)
    return located(over.asb), over.status
