"""What else is recorded in a place, against the mix of the whole study area."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats
from shapely.geometry.base import BaseGeometry

from hotspots.analysis.areas import within
from hotspots.analysis.places import gather_incidents
from hotspots.settings import INTERVAL, MIN_COUNT_FOR_RATIO
from hotspots.tables.incidents import Incidents, located

COLUMNS: Final = ("inside", "study_area", "share_inside", "share_area", "lq", "lq_low", "lq_high")


def location_quotients(
    all_crime: Incidents, footprint: BaseGeometry, *, coverage: float = INTERVAL
) -> pd.DataFrame:
    """
    How much more of each category is recorded in a footprint than its usual share.

    LQ = (n / N) / (a / A), with n of a category among the N incidents inside, and a among
    the A located incidents of the study area. 1 = the usual share, 2 = twice it.

    Parameters
    ----------
    all_crime
        Incidents of every category in the study area; those without a place are left
        out of both mixes.
    footprint
        Ground looked at, British National Grid metres.
    coverage
        Of the interval, between 0 and 1.

    Returns
    -------
    quotients
        Indexed by category, most frequent inside first: `inside`, `study_area`,
        `share_inside`, `share_area`, `lq` and its interval `lq_low`, `lq_high` (exact
        binomial interval of the share inside; the study area's mix is taken as known).
        The last three are missing where `inside` is below the least count for a ratio.

    References
    ----------
    Brantingham & Brantingham (1997), Mapping crime for analytic purposes: location
    quotients, counts and rates. Clopper & Pearson (1934), Biometrika 26.
    """
    rows = located(all_crime)
    places = gather_incidents(rows)
    point, _ = within(places.points, np.array([footprint], dtype=np.object_))
    is_inside = np.isin(places.of_incident, point)
    kinds = rows["category"].cat.remove_unused_categories()
    area = kinds.value_counts()
    inside = kinds.loc[is_inside].value_counts().reindex(area.index, fill_value=0)
    table = pd.DataFrame({"inside": inside, "study_area": area}).astype("int64")
    table["share_inside"] = table["inside"] / max(1, len(kinds.loc[is_inside]))
    table["share_area"] = table["study_area"] / max(1, len(kinds))
    n, total = table["inside"].to_numpy(), int(table["inside"].sum())
    tail = (1 - coverage) / 2
    enough = n >= MIN_COUNT_FOR_RATIO
    low = stats.beta.ppf(tail, n, total - n + 1)
    high = np.where(n < total, stats.beta.ppf(1 - tail, n + 1, np.maximum(total - n, 1)), 1.0)
    shares = {"lq": table["share_inside"].to_numpy(), "lq_low": low, "lq_high": high}
    for name, share in shares.items():
        table[name] = np.where(enough, share / table["share_area"], np.nan)
    table.index = pd.Index(table.index.astype("str"), name="category")
    ordered = table.sort_index().sort_values("inside", ascending=False, kind="stable")
    return ordered.loc[:, list(COLUMNS)]
