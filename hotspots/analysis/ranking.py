"""
How many reports to expect at each place, from the months before.

A count over the last months is a good forecast and not the best. Three things make it
better. Each had to earn its place on forces other than those it is then scored on
(`tests/real/ranking_experiment.py` reproduces the table):

- *bursts count for less*: a month's n reports at a place count as n to the power 0.75,
  since thirty reports in one month say less about the next than three in each of ten;
- *recent months count for more*, as much as these data bear out: the part is learnt from
  the training months alone, by how well each mixture foretold their later months;
- *small counts borrow from their surroundings*: each place is drawn some way towards the
  mean of the places near it.

The same season a year before foretold less where it could be tried; more history, and
other crime in the same places, about as much. The experiment reports all three.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from hotspots.analysis.patrol_arrangement import Demand
from hotspots.analysis.places import Places, gather
from hotspots.tables.incidents import Incidents, coordinates, located

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Fewer months than this cannot show whether recent ones foretell more.
_LEAST_MONTHS: Final = 4
_STEPS: Final = 60
# Surroundings are looked up to this many times their spread.
_SPREADS: Final = 2.5


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """
    How the months before are weighed.

    Attributes
    ----------
    damping
        Power to which a place's count of one month is raised; 1 = as it is.
    half_life_months
        Age at which a recent month counts half; None = all months alike.
    recent
        Part of the forecast that follows recent months; None = learnt from the data.
    surroundings
        Weight of the mean of the surroundings beside a place's own; 0 = none.
    surroundings_m
        Spread (standard deviation) of the surroundings, metres.
    """

    damping: float = 0.75
    half_life_months: float | None = 3.0
    recent: float | None = None
    surroundings: float = 0.3
    surroundings_m: float = 120.0


DEFAULT: Final = Ranking()
COUNTS: Final = Ranking(damping=1.0, half_life_months=None, surroundings=0.0)


def expected(
    incidents: Incidents,
    *,
    months: pd.PeriodIndex | None = None,
    horizon: int = 3,
    ranking: Ranking = DEFAULT,
) -> Demand:
    """
    Reports a month to expect at each place in the months to come.

    Parameters
    ----------
    incidents
        Incidents of the months before, of one kind; those without a place are left out.
    months
        Months held, in any order; None = those that have an incident.
    horizon
        Months ahead that the forecast is for.
    ranking
        How the months before are weighed.

    Returns
    -------
    demand
        Every place with an incident, and reports a month expected there; they sum to the
        mean of the months before, so they say where, and never that there will be more.
    """
    rows = located(incidents)
    month = np.asarray(pd.PeriodIndex(rows["month"]).asi8, dtype=np.int64)
    held = np.unique(month) if months is None else np.unique(months.asi8)
    places = gather(coordinates(rows))
    return Demand(places.xy, forecast(places, month, held=held, horizon=horizon, ranking=ranking))


def forecast(
    places: Places,
    month: Ints,
    *,
    held: Ints,
    horizon: int,
    ranking: Ranking = DEFAULT,
) -> Floats:
    """
    Reports a month to expect at each place; `expected` for arrays.

    Parameters
    ----------
    places
        Incidents gathered at the points they share.
    month
        Month of each row, counted in whole months.
    held
        Months held, in order, each once.
    horizon, ranking
        As for `expected`.
    """
    if not len(places) or not len(held):
        return np.zeros(len(places))
    counts = by_month(places, month, held)
    damped = counts.copy()
    damped.data **= ranking.damping
    part = recency(counts, damped, held, horizon=horizon, ranking=ranking)
    steady, recent = _sides(damped, held, int(held[-1]) + 1, ranking.half_life_months)
    rate = (1 - part) * steady + part * recent
    if ranking.surroundings:
        near = _surroundings(places.xy, rate, spread_m=ranking.surroundings_m)
        rate = (rate + ranking.surroundings * near) / (1 + ranking.surroundings)
    return np.asarray(rate / rate.sum() * (counts.sum() / len(held)))


def by_month(places: Places, month: Ints, held: Ints) -> sparse.csr_array:
    """Incidents of each place (row) in each month held (column)."""
    column = np.searchsorted(held, month)
    known = (column < len(held)) & (held[np.minimum(column, len(held) - 1)] == month)
    ones = np.ones(int(known.sum()))
    shape = (len(places), len(held))
    return sparse.csr_array(
        sparse.coo_array((ones, (places.of_incident[known], column[known])), shape=shape)
    )


def recency(
    counts: sparse.csr_array,
    damped: sparse.csr_array,
    held: Ints,
    *,
    horizon: int,
    ranking: Ranking = DEFAULT,
) -> float:
    """
    Part of the forecast that follows recent months, 0 to 1.

    For every month of the later half of those held, the months before it make two
    forecasts of the horizon, one from all alike and one from the recent. The part is the
    mixture of the two under which the reports that came are likeliest, found by
    expectation and maximisation.

    Parameters
    ----------
    counts, damped
        Incidents of each place and month, as they are and damped.
    held
        Months, one for each column.
    horizon, ranking
        As for `expected`.

    References
    ----------
    F. Jelinek & R. Mercer (1980), Interpolated estimation of Markov source parameters
    from sparse data, Pattern Recognition in Practice.
    """
    if ranking.half_life_months is None:
        return 0.0
    if ranking.recent is not None:
        return ranking.recent
    if len(held) < _LEAST_MONTHS:
        return 0.0
    sides, came = [], []
    for origin in held[max(2, len(held) // 2) :]:
        later = (held >= origin) & (held < origin + horizon)
        both = np.column_stack(_sides(damped, held, int(origin), ranking.half_life_months))
        reports = np.asarray(counts[:, later].sum(axis=1))
        known = (reports > 0) & (both.sum(axis=1) > 0)
        sides.append(both[known])
        came.append(reports[known])
    seen, weight = np.vstack(sides), np.concatenate(came)
    if not weight.sum():
        return 0.0
    part = 0.5
    for _ in range(_STEPS):
        from_recent = part * seen[:, 1]
        share = from_recent / (from_recent + (1 - part) * seen[:, 0])
        part = float((weight * share).sum() / weight.sum())
    return part


def _sides(
    damped: sparse.csr_array, held: Ints, origin: int, half_life: float | None
) -> tuple[Floats, Floats]:
    """Where reports were before a month, all months alike and the recent; each sums to 1."""
    before = (held < origin).astype(np.float64)
    steady = np.asarray(damped @ before)
    if half_life is None:
        return steady / max(steady.sum(), 1e-12), np.zeros(len(steady))
    recent = np.asarray(damped @ (before * 0.5 ** ((origin - held) / half_life)))
    return steady / max(steady.sum(), 1e-12), recent / max(recent.sum(), 1e-12)


def _surroundings(xy: Floats, rate: Floats, *, spread_m: float) -> Floats:
    """
    Mean of the places near each, itself included, nearer ones counting for more.

    Places are first put together in cells of a quarter of the spread, so that a crowd of
    addresses costs no more than the ground it stands on.
    """
    gathered = gather(np.floor(xy / (spread_m / 4)))
    cell, size = gathered.of_incident, len(gathered)
    places = gathered.incidents.astype(np.float64)
    rates = np.bincount(cell, weights=rate, minlength=size).astype(np.float64)
    middle = np.column_stack(
        [np.bincount(cell, weights=xy[:, axis], minlength=size) / places for axis in (0, 1)]
    )
    pairs = cKDTree(middle).query_pairs(_SPREADS * spread_m, output_type="ndarray")
    one, other = pairs[:, 0], pairs[:, 1]
    apart = ((middle[one] - middle[other]) ** 2).sum(axis=1)
    weight = np.exp(-apart / (2 * spread_m**2))

    def around(amount: Floats) -> Floats:
        return np.asarray(
            amount
            + np.bincount(one, weights=weight * amount[other], minlength=size)
            + np.bincount(other, weights=weight * amount[one], minlength=size)
        )

    return np.asarray((around(rates) / around(places))[cell])
