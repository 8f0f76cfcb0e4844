"""How much likelier another report is near one, and soon after, where a source knows its days."""

import numpy as np

from hotspots.analysis.near_repeats import NearRepeats, near_repeats
from hotspots.study.cut import Study
from hotspots.tables.incidents import DATE, INSTANT, WINDOW, coordinates

# A window longer than this does not say which day it was.
_LONGEST_H = 24
# Pairs grow with the square of the incidents; the newest are looked at.
MOST: int = 20_000


def repeats(asked: Study) -> NearRepeats | None:
    """
    Near repeats of a study area; None where its reports say no more than their month.

    Of more than 20,000 reports the newest are looked at.
    """
    rows = asked.located
    rows = rows.loc[rows["time_precision"].isin([INSTANT, WINDOW, DATE])]
    hours = (rows["occurred_to"] - rows["occurred_from"]).dt.total_seconds() / 3_600
    rows = rows.loc[(hours <= _LONGEST_H).to_numpy()].sort_values("occurred_from").iloc[-MOST:]
    if not len(rows):
        return None
    local = rows["occurred_from"].dt.tz_localize(None).dt.to_period("D")
    return near_repeats(coordinates(rows), local.astype("int64").to_numpy(np.int64))
