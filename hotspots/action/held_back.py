"""Areas that a fair test holds back, as what a plan may be held against."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely

from hotspots.action.fair_test import HOLD
from hotspots.action.fair_test_records import controls
from hotspots.action.records import Records
from hotspots.study.held_against import Waiting


def waiting(records: Records, study_area: str, day: date) -> Waiting | None:
    """
    Areas that a fair test holds back from a day to its end, for a plan to be held against.

    Returns
    -------
    waiting
        None where no test runs, or areas take turns so that none waits throughout.
    """
    held = controls(records, study_area)
    ends = [s + timedelta(weeks=n) for s, n in zip(held["starts"], held["weeks"], strict=True)]
    runs = [
        kind == HOLD and pd.isna(ended) and starts <= day < end
        for kind, ended, starts, end in zip(
            held["kind"], held["ended_at"], held["starts"], ends, strict=True
        )
    ]
    rows = held.assign(ends=ends).loc[np.array(runs, dtype=bool)]
    if rows.empty:
        return None
    first = rows.iloc[0]
    shapes = np.asarray(shapely.from_wkt(rows["outline"]), dtype=np.object_)
    waits = rows["turn"].to_numpy() == 0
    return Waiting(
        test=first["test"],
        starts=first["starts"],
        ends=first["ends"],
        shapes=shapes[waits],
        names=tuple(f"Patrol area at {key}" for key in rows.loc[waits, "area"]),
        visited=shapes[~waits],
    )
