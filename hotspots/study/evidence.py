"""How far a study area's hotspots can be trusted: scored, calibrated, compared, dated."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis import concentration as concentrations
from hotspots.analysis.history import classify
from hotspots.analysis.places import gather_incidents
from hotspots.analysis.scorecard import HORIZON_MONTHS, TRAIN_MONTHS, Scorecard, score
from hotspots.settings import ASB
from hotspots.study.answers import Found, certainty, find
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.tables.incidents import coordinates, located

# Radii that practice uses, from the Birmingham trial's square to the widest of the trials.
RADII_M: Final = (75, 100, 150, 200)
# Back in this share of resamples reads as stable; Hennig (2007) calls 0.85 highly stable.
STABLE: Final = 0.9
# Fewer origins than this say little: then the training is cut to half of what is held.
_FEW_ORIGINS: Final = 3


def all_months(dataset: Dataset, asked: Study) -> Study:
    """The same study area over every month that is held."""
    return study(
        dataset, replace(asked.selection, period=dataset.period_of(asked.selection.sources))
    )


def scorecard(over: Study, *, train: int | None = None, horizon: int = HORIZON_MONTHS) -> Scorecard:
    """
    How well areas chosen from earlier months foretold later ones.

    Parameters
    ----------
    over
        A study area over all months held, from `all_months`.
    train, horizon
        Months before and after each origin; None = 12 before, or half of what is held
        where 12 would leave too few origins to say anything.
    """
    if train is None:
        enough = over.months_held >= TRAIN_MONTHS + horizon + _FEW_ORIGINS
        train = TRAIN_MONTHS if enough else max(1, over.months_held // 2)
    return score(
        over.asb,
        train=train,
        horizon=horizon,
        study_area_m2=over.ground_m2,
        status=over.status,
        recorded=coordinates(located(over.crime)),
        radius_m=over.selection.radius_m,
        min_incidents=over.selection.min_incidents,
    )


def at_radii(asked: Study, radii_m: Iterable[int] = RADII_M) -> pd.DataFrame:
    """
    What the number chosen from the data, and the hotspots, are at other walking radii.

    Returns
    -------
    radii
        Indexed by `radius_m`: `min_incidents`, `false_alarm`, `false_alarm_low`,
        `false_alarm_high` (share of random worlds with any hotspot), `hotspots`,
        `single_places`, `share` (of reports), `p_lowest` (hotspots at the lowest p that
        the worlds can show), `stable` (back in at least 90% of resamples).
    """
    rows = {}
    for radius_m in radii_m:
        part = replace(
            asked, selection=replace(asked.selection, radius_m=radius_m, min_incidents=None)
        )
        found = find(part)
        sure = certainty(part, found)
        alarm = found.calibration.false_alarm_rate(found.min_incidents)
        lowest = 1 / (1 + found.calibration.worlds)
        rows[radius_m] = {
            "min_incidents": found.min_incidents,
            "false_alarm": alarm.mean,
            "false_alarm_low": alarm.low,
            "false_alarm_high": alarm.high,
            "hotspots": len(found.hotspots),
            "single_places": int(found.hotspots["single_place"].sum()),
            "share": found.share,
            "p_lowest": int((sure["p"] <= lowest).sum()),
            "stable": int((sure["returned"] >= STABLE * sure["resamples"]).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("radius_m")


def concentration(asked: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    How gathered the reports are on places that can hold one.

    Returns
    -------
    measures, curve
        From `analysis.concentration`: `against_chance` and `lorenz`.
    """
    counts = _reports_by_place(asked)
    return concentrations.against_chance(counts), concentrations.lorenz(counts)


def _reports_by_place(asked: Study) -> NDArray[np.int64]:
    """Reports at each point where any crime was recorded, points without any included."""
    crime = located(asked.crime)
    places = gather_incidents(crime)
    reports = (crime["category"] == ASB).to_numpy()
    return np.bincount(places.of_incident, weights=reports, minlength=len(places)).astype(np.int64)


def history(over: Study, found: Found) -> pd.DataFrame:
    """Verdict on each hotspot's past over all months held, from `analysis.history`."""
    return classify(
        over.asb,
        found.hotspots,
        period=over.selection.period,
        status=over.status,
        recorded=over.crime,
    )
