"""
How unevenly reports fall on places: Lorenz curve, Gini, share on the busiest.

A few reports on many places are bound to look concentrated: most places have none,
whatever happens. So each measure stands beside what the same reports would give if
they fell on the places at random, and only the difference is concentration.

Places are all that can hold a report (`hotspots.analysis.ground`), those without one
included; leaving them out would make every district look even.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from hotspots.analysis.worlds import draw
from hotspots.settings import INTERVAL, SEED, WORLDS

# The busiest places asked about: half of crime is commonly found on 2 to 6% of street
# segments (D. Weisburd 2015, The law of crime concentration, Criminology 53).
BUSIEST: Final = 0.05


def lorenz(counts: ArrayLike) -> pd.DataFrame:
    """
    Share of reports held by the busiest places, as ever more places are taken.

    Parameters
    ----------
    counts
        Reports at each place, places without any included.

    Returns
    -------
    curve
        From (0, 0) to (1, 1), busiest first, so that it bends upwards from the diagonal:
        `share_of_places`, `share_of_incidents`. One row for each number of reports that
        occurs: the curve is straight in between. No row when there are no reports.

    References
    ----------
    M. O. Lorenz (1905), Methods of measuring the concentration of wealth, Publications
    of the American Statistical Association 9.

    Examples
    --------
    >>> lorenz([5, 0, 3, 2, 0]).round(2).to_numpy().tolist()
    [[0.0, 0.0], [0.2, 0.5], [0.4, 0.8], [0.6, 1.0], [1.0, 1.0]]
    """
    number, places = _tally(counts)
    held = number * places
    if not held.sum():
        return pd.DataFrame({"share_of_places": [], "share_of_incidents": []}, dtype="float64")
    return pd.DataFrame(
        {
            "share_of_places": np.append(0, np.cumsum(places) / places.sum()),
            "share_of_incidents": np.append(0, np.cumsum(held) / held.sum()),
        }
    )


def gini(counts: ArrayLike) -> float:
    """
    Inequality of places: twice the area between the Lorenz curve and the diagonal.

    G = |2·∫L - 1|: 0 when all places have the same, towards 1 when one has all.

    With fewer reports than places the value is high even where reports avoid each
    other; `gini_adjusted` allows for that.

    Parameters
    ----------
    counts
        Reports at each place, places without any included.

    Returns
    -------
    share
        Between 0 and 1; not a number when there are no reports.

    References
    ----------
    C. Gini (1912), Variabilità e mutabilità.

    Examples
    --------
    >>> gini([2, 2, 2, 2]), gini([8, 0, 0, 0])
    (0.0, 0.75)
    """
    curve = lorenz(counts)
    if curve.empty:
        return float("nan")
    area = np.trapezoid(curve["share_of_incidents"], curve["share_of_places"])
    return max(0.0, float(2 * area - 1))


def gini_adjusted(counts: ArrayLike) -> float:
    """
    Inequality of places beyond what so few reports make unavoidable.

    G' = 1 - max(1, places/reports)·(1 - G): 0 when reports are spread as evenly as whole
    reports can be, one to a place. With as many reports as places or more, G' = G.

    Parameters
    ----------
    counts
        Reports at each place, places without any included.

    Returns
    -------
    share
        Between 0 and 1; not a number when there are no reports.

    References
    ----------
    W. Bernasco and W. Steenbeek (2017), More places than crimes: implications for
    evaluating the law of crime concentration at place, Journal of Quantitative
    Criminology 33; without the small-sample correction of their later R package.

    Examples
    --------
    >>> gini([1, 1, 0, 0, 0, 0, 0, 0]), gini_adjusted([1, 1, 0, 0, 0, 0, 0, 0])
    (0.75, 0.0)
    >>> round(gini_adjusted([5, 2, 1, 0, 0, 0, 0, 0, 0, 0]), 2)
    0.75
    """
    values = np.asarray(counts)
    reports = values.sum()
    if not reports:
        return float("nan")
    return max(0.0, float(1 - max(1, values.size / reports) * (1 - gini(values))))


def share_on_busiest(counts: ArrayLike, share: float = BUSIEST) -> float:
    """
    Share of reports on the busiest places.

    Parameters
    ----------
    counts
        Reports at each place, places without any included.
    share
        Which share of all places; where it is not a whole number of places, the last
        one counts in part.

    Returns
    -------
    share
        Between `share` and 1; not a number when there are no reports.

    Examples
    --------
    >>> share_on_busiest([6, 1, 1, 1, 1, 0, 0, 0, 0, 0], 0.1)
    0.6
    """
    curve = lorenz(counts)
    if curve.empty:
        return float("nan")
    return float(np.interp(share, curve["share_of_places"], curve["share_of_incidents"]))


def against_chance(
    counts: ArrayLike, *, share: float = BUSIEST, worlds: int = WORLDS, seed: int = SEED
) -> pd.DataFrame:
    """
    Each measure beside what a Poisson of the same mean would give.

    The reports are laid on the places at random, each place as likely as the next: so
    many independent Poisson counts of one mean, given their sum.

    Parameters
    ----------
    counts
        Reports at each place, places without any included.
    share
        Which share of all places is asked about.
    worlds
        Number of times the reports are laid anew.
    seed
        Same seed, same answer.

    Returns
    -------
    measures
        Indexed by `gini`, `gini_adjusted`, `share_on_busiest`: `observed`, `chance` (mean
        of the worlds), `chance_low`, `chance_high` (the middle 95% of them), and the
        `incidents` and `places` they rest on. Not numbers when there are no reports.

    Examples
    --------
    >>> against_chance([9, 1, 0, 0, 0, 0, 0, 0]).round(2).loc["gini"].tolist()
    [0.85, 0.43, 0.15, 0.62, 10.0, 8.0]
    """
    values = np.asarray(counts, dtype=np.int64)
    reports = int(values.sum())
    measures: dict[str, Callable[[ArrayLike], float]] = {
        "gini": gini,
        "gini_adjusted": gini_adjusted,
        "share_on_busiest": partial(share_on_busiest, share=share),
    }
    by_chance = np.array(
        [
            [measure(world) for measure in measures.values()]
            for some in draw(values.size, incidents=reports, worlds=worlds, seed=seed)
            for world in some.T
        ]
    )
    low, high = np.quantile(by_chance, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], axis=0)
    return pd.DataFrame(
        {
            "observed": [measure(values) for measure in measures.values()],
            "chance": by_chance.mean(axis=0),
            "chance_low": low,
            "chance_high": high,
            "incidents": reports,
            "places": values.size,
        },
        index=pd.Index(list(measures), name="measure"),
    )


def _tally(counts: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of reports that occur, highest first, and the places with each."""
    values = np.asarray(counts, dtype=np.int64)
    places = np.bincount(values)
    number = np.flatnonzero(places)[::-1]
    return number, places[number]
