"""
Places that hold far more than their rank allows: a station, a hospital, a stock answer.

Records without a known place are often put at one that somebody must type: the police
station that took the call, the hospital, the council's office. On a map such a place
looks like the worst hotspot of all. A real hotspot is the top of a slope; a default place
stands off it.
"""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspots.settings import FALSE_ALARM

# Busiest places whose steps make the slope.
TOP: Final = 50
# At most so many default places are looked for: more would be the slope itself.
MOST: Final = 5
# Part of the false alarms that each m may spend: a single such place is the likeliest.
_SPENT: Final = (0.5, 0.125, 0.125, 0.125, 0.125)
# A place of fewer reports, or of a smaller share, does no harm to a map.
LEAST_REPORTS: Final = 20
LEAST_SHARE: Final = 0.01
# Names under which published points and typed places stand for "where it was written down".
_NAMED: Final = re.compile(
    r"\b(police (station|office|hq|headquarters)|hospital|a ?& ?e|custody (suite|centre)|prison"
    r"|magistrates.* court|crown court|town hall|civic cent(re|er)|council offices?)\b",
    re.IGNORECASE,
)


def stands_off(reports: ArrayLike) -> NDArray[np.float64]:
    """
    Chance that the busiest places would stand so far off the slope of the next ones.

    Of places in order of their reports x₁ ≥ x₂ ≥ …, the steps Eᵢ = i ln(xᵢ / xᵢ₊₁) of a
    Pareto tail are independent and exponential with one mean (Rényi). With m of them
    suspected, E_m over the mean of the k - m steps below it follows F(2, 2(k - m)). Tails
    lighter than Pareto's make smaller top steps, so that the test then errs to silence.
    Read from the largest m down: the first m that is clear makes places 1 … m stand off.

    Parameters
    ----------
    reports
        Reports at each place, in any order.

    Returns
    -------
    p
        Of m = 1 … 5, multiplied by 2, 8, 8, 8 and 8 (Bonferroni, weighted), at most 1; not
        a number where fewer than 20 steps lie below.

    References
    ----------
    A. Rényi (1953), On the theory of order statistics, Acta Mathematica Hungarica 4.

    Examples
    --------
    >>> slope = [1000 / rank for rank in range(1, 60)]
    >>> bool(np.nanmin(stands_off(slope)) > 0.05), bool(stands_off([70000, *slope])[0] < 0.05)
    (True, True)
    """
    most = np.sort(np.asarray(reports, dtype=np.float64))[::-1][: TOP + 1]
    most = most[most > 0]
    found = np.full(MOST, np.nan)
    steps = np.arange(1, len(most)) * np.log(most[:-1] / most[1:])
    for m in range(1, MOST + 1):
        below = steps[m:]
        if len(below) >= LEAST_REPORTS and below.mean() > 0:
            p = stats.f.sf(steps[m - 1] / below.mean(), 2, 2 * len(below))
            found[m - 1] = min(1.0, float(p) / _SPENT[m - 1])
    return found


def default_places(reports: pd.Series, *, level: float = FALSE_ALARM) -> pd.DataFrame:
    """
    Places that stand off the slope, and hold enough to matter.

    Parameters
    ----------
    reports
        Reports at each place, any index.
    level
        Chance of naming any place where none stands off.

    Returns
    -------
    places
        On the index of `reports`, busiest first: `reports`, `share`, `p`.
    """
    ordered = reports.sort_values(ascending=False, kind="stable")
    p = stands_off(ordered.to_numpy())
    clear = np.flatnonzero(p <= level)
    many = int(clear[-1]) + 1 if len(clear) else 0
    top = ordered.iloc[:many]
    table = pd.DataFrame(
        {
            "reports": top.astype("int64"),
            "share": top / max(float(reports.sum()), 1.0),
            "p": np.full(many, p[many - 1] if many else np.nan),
        }
    )
    return table.loc[(table["reports"] >= LEAST_REPORTS) & (table["share"] >= LEAST_SHARE)]


def named_like_one(names: pd.Series) -> pd.Series:
    """
    Whether a place's name is one that records are put at for want of a better.

    Examples
    --------
    >>> named_like_one(pd.Series(["Police Station", "Crossway Court", "Hospital"])).tolist()
    [True, False, True]
    """
    distinct = pd.Series(names.astype("str").unique(), dtype="str")
    hits = distinct.loc[[bool(_NAMED.search(name)) for name in distinct]]
    return names.astype("str").isin(hits)
