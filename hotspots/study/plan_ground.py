"""What was reported on the ground of a plan."""

import numpy as np
import pandas as pd
import shapely

from hotspots.analysis import counts
from hotspots.study.cut import Study


def reported_on(asked: Study, shape: shapely.Geometry) -> tuple[pd.Series, pd.Series]:
    """
    Reports on some ground, by month and by source.

    Parameters
    ----------
    asked
        The months and the study area; reports are those its reader may see.
    shape
        The ground; its outline belongs to it.

    Returns
    -------
    by_month, by_source
        Every month held; and every source with a report there, the most first.
    """
    rows = asked.located
    there = rows.loc[shapely.intersects(shape, np.asarray(rows.geometry.to_numpy()))]
    held = pd.PeriodIndex(asked.status.index[asked.status != counts.MISSING])
    by_month = there.groupby("month").size().reindex(held, fill_value=0).astype("int64")
    by_source = there["source"].astype("str").value_counts().astype("int64")
    return pd.Series(by_month), pd.Series(by_source)
