"""How a plan's place came out beside what it is compared with."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hotspots.analysis import counts
from hotspots.analysis.comparison import surroundings, tally
from hotspots.analysis.interrupted import Level, interrupted
from hotspots.analysis.outcome import FELL, judge, measure, placebos
from hotspots.analysis.synthetic import Synthetic, synthetic
from hotspots.selection import Selection
from hotspots.study.cut import study
from hotspots.study.dataset import Dataset
from hotspots.study.held_against import Comparison
from hotspots.tables.incidents import Incidents, located


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
    level, synthetic
        From the interrupted series, and from the synthetic control, where there are
        months enough.
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
    synthetic: Synthetic | None
    tried: int
    fell: int
    recounted: int | None

    @property
    def enough(self) -> bool:
        """Whether there is a month on both sides of the start."""
        return bool(len(self.before) and len(self.after))

    def as_data(self) -> dict[str, Any]:
        """Its figures as text and numbers, to be kept; what is not a number is None."""
        parts = {
            "counts": self.counts.to_dict(),
            "judged": self.judged.to_dict(),
            "level": self.level and asdict(self.level),
            "synthetic": self.synthetic and asdict(self.synthetic),
            "tried": self.tried,
            "fell": self.fell,
            "before": [str(month) for month in self.before],
            "after": [str(month) for month in self.after],
        }
        return {name: _kept(part) for name, part in parts.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _kept(part) for name, part in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


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
    row = measure(places, around, before=before, after=after, held=supplied, **asked)
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
    beside = synthetic(shown[[0, *held.chosen.comparable.tolist()]], start=start)
    frozen, now = held.reports[0], int(row["place_before"])
    return Outcome(
        counts=row,
        judged=judge(pd.DataFrame([row])).iloc[0],
        before=before,
        after=after,
        months=pd.DataFrame({"place": shown[0], "controls": of_controls.mean(axis=1)}),
        level=level,
        synthetic=beside,
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
