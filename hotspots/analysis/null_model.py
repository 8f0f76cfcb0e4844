"""
What chance alone would make: the least number of incidents that is worth calling a
hotspot, and how far a hotspot stands beyond it.

DBSCAN with any fixed number finds clusters in pure noise. Here the number is chosen
from the data: in worlds where the same incidents fall at random on the places that
can hold one, how many come together within the radius, anywhere? A number that chance
reaches in at most 5% of such worlds is the default.

Two kinds of chance are asked, and never confused:

- *the same chance for every place*: is anything gathered here at all?
- *in proportion to all recorded crime*: is antisocial behaviour unusual here, or only
  crime as a whole?
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.stats import binomtest, norm

from hotspots.analysis.clustering import NOISE
from hotspots.analysis.neighbours import Neighbourhoods, neighbourhoods
from hotspots.analysis.scan_statistic import likelihood_ratio
from hotspots.analysis.worlds import draw, join, strength
from hotspots.settings import FALSE_ALARM, INTERVAL, SEED, WORLDS

# One incident is never a gathering.
LEAST: Final = 2


@dataclass(frozen=True)
class Chance:
    """
    What chance makes of a number, over all worlds, with its interval.

    Attributes
    ----------
    mean, low, high
        The mean over worlds (of a yes or no, or of a count) and its 95% interval.
    worlds
        Number of worlds it rests on.
    """

    mean: float
    low: float
    high: float
    worlds: int


@dataclass(frozen=True, eq=False)
class Calibration:
    """
    What the same incidents do in random worlds, and what follows for hotspots.

    A *neighbourhood* is the number of incidents within the radius of a place that
    holds one, its own included: the number DBSCAN compares with its minimum. A
    hotspot is as strong as the largest neighbourhood among its core places, and a
    world is as strong as its strongest hotspot could be: the largest neighbourhood
    anywhere. So in any world there is a hotspot at a minimum exactly when that
    world's strongest neighbourhood reaches it, and a hotspot of the data exists at
    the default minimum exactly when its p-value is at most `false_alarm`.

    Attributes
    ----------
    min_incidents
        Smallest number whose p-value is at most `false_alarm`; never under 2.
    strongest
        Strongest neighbourhood of each world, sorted.
    most_unusual
        Largest `likelihood_ratio` of each world, sorted; empty where every place has the
        same chance.
    xy, weights
        The places, and the crimes that their chances are in proportion to (None = the
        same chance for all).
    incidents, radius_m, false_alarm, seed
        As asked.
    """

    min_incidents: int
    strongest: NDArray[np.int64]
    most_unusual: NDArray[np.float64]
    xy: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.int64] | None = field(repr=False)
    incidents: int
    radius_m: float
    false_alarm: float
    seed: int

    @property
    def worlds(self) -> int:
        """Number of random worlds."""
        return len(self.strongest)

    def p_value(self, neighbourhood: ArrayLike) -> NDArray[np.float64]:
        """
        Chance of a neighbourhood this strong, or stronger, anywhere in the study area.

        p = (1 + #{worlds whose strongest ≥ this one}) / (1 + worlds)

        It speaks for the whole map at once: looking at many places is allowed for.

        Parameters
        ----------
        neighbourhood
            Incidents within the radius, any shape.

        References
        ----------
        B. Phipson and G. K. Smyth (2010), Permutation p-values should never be zero,
        Statistical Applications in Genetics and Molecular Biology 9.
        """
        return _p_value(np.asarray(neighbourhood, dtype=np.float64), self.strongest)

    def false_alarm_rate(self, min_incidents: int) -> Chance:
        """Share of random worlds with any hotspot at this number, exact interval."""
        alarms = int(np.count_nonzero(self.strongest >= min_incidents))
        interval = binomtest(alarms, self.worlds).proportion_ci(INTERVAL)
        return Chance(alarms / self.worlds, interval.low, interval.high, self.worlds)

    def hotspots_by_chance(self, min_incidents: int) -> Chance:
        """
        Mean number of hotspots that DBSCAN finds in a random world at this number.

        The same worlds are laid again and clustered: about as dear as the calibration.
        The interval is mean ± 1.96 standard errors, not under 0.
        """
        near = neighbourhoods(self.xy, radius_m=self.radius_m)
        chunks = _lay(self, worlds=self.worlds)
        found = np.concatenate([_hotspots(near, counts, min_incidents) for counts in chunks])
        mean = float(found.mean())
        margin = float(norm.ppf((1 + INTERVAL) / 2) * found.std(ddof=1) / math.sqrt(len(found)))
        return Chance(mean, max(0.0, mean - margin), mean + margin, self.worlds)

    def expected(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Incidents that chance puts within the radius of each point, on average.

        Parameters
        ----------
        xy
            Easting and northing, metres, shape (points, 2).
        """
        weights = np.ones(len(self.xy), dtype=np.int64) if self.weights is None else self.weights
        near = cKDTree(self.xy).query_ball_point(xy.reshape(-1, 2), self.radius_m)
        around = np.array([weights[each].sum() for each in near], dtype=np.float64)
        return np.asarray(self.incidents * around / max(1, weights.sum()))

    def p_value_here(self, neighbourhood: ArrayLike, expected: ArrayLike) -> NDArray[np.float64]:
        """
        Chance of a neighbourhood so far above what was expected at its own place.

        p = (1 + #{worlds whose most unusual ≥ this one}) / (1 + worlds)

        Where places differ in their chance, the strongest neighbourhood is always the
        town centre's, and says nothing of other places; so each is compared with what
        is expected where it stands (`likelihood_ratio`), the strongest of every world with it.

        Parameters
        ----------
        neighbourhood, expected
            Incidents within the radius, found and on average (from `expected`).
        """
        unusual = likelihood_ratio(neighbourhood, expected, total=self.incidents)
        return _p_value(unusual, self.most_unusual)


def calibrate(
    xy: NDArray[np.float64],
    *,
    incidents: int,
    radius_m: float,
    weights: NDArray[np.int64] | None = None,
    worlds: int = WORLDS,
    false_alarm: float = FALSE_ALARM,
    seed: int = SEED,
) -> Calibration:
    """
    How many incidents make a hotspot, and what chance would make of other numbers.

    Parameters
    ----------
    xy
        Easting and northing of every place that can hold an incident, metres, each
        place once (see `hotspots.analysis.ground`).
    incidents
        Located incidents in the study area and period.
    radius_m
        Walking radius, metres.
    weights
        Crimes of every kind recorded at each place, for the second question above: an
        incident falls on a place in proportion to them. None = the same chance for all.
    worlds
        Number of random worlds.
    false_alarm
        Share of random worlds that may show any hotspot.
    seed
        Same seed, same answer.

    Raises
    ------
    ValueError
        When there are too few worlds for that false alarm, or nowhere to lay incidents.

    Examples
    --------
    >>> lattice = np.stack(np.meshgrid(np.arange(20), np.arange(20)), -1).reshape(-1, 2) * 100.0
    >>> found = calibrate(lattice, incidents=400, radius_m=100)
    >>> found.min_incidents, float(found.p_value(found.min_incidents))
    (15, 0.05)
    """
    # The data are one more world: of 1 + worlds, this many may reach the minimum.
    allowed = math.floor(false_alarm * (1 + worlds) + 1e-9) - 1
    if allowed < 0:
        raise ValueError(f"{worlds} worlds cannot show a false alarm of {false_alarm}.")
    if incidents and not (len(xy) if weights is None else weights.sum()):
        raise ValueError("There is no place to lay incidents on.")
    question = Calibration(
        min_incidents=LEAST,
        strongest=np.zeros(worlds, dtype=np.int64),
        most_unusual=np.zeros(0 if weights is None else worlds),
        xy=xy,
        weights=weights,
        incidents=incidents,
        radius_m=radius_m,
        false_alarm=false_alarm,
        seed=seed,
    )
    return question if incidents == 0 else _answered(question, worlds=worlds, allowed=allowed)


def _answered(question: Calibration, *, worlds: int, allowed: int) -> Calibration:
    """The calibration with its worlds laid and looked at."""
    near = neighbourhoods(question.xy, radius_m=question.radius_m)
    expected = _expected(question, near)
    strongest, most_unusual = [], [question.most_unusual[:0]]
    for counts in _lay(question, worlds=worlds):
        strong = strength(near, counts)
        strongest.append(strong.max(axis=0))
        if expected is not None:
            unusual = likelihood_ratio(strong, expected[:, None], total=question.incidents)
            most_unusual.append(unusual.max(axis=0))
    sorted_strongest = np.sort(np.concatenate(strongest))
    return replace(
        question,
        min_incidents=max(LEAST, int(sorted_strongest[worlds - 1 - allowed]) + 1),
        strongest=sorted_strongest,
        most_unusual=np.sort(np.concatenate(most_unusual)),
    )


def _lay(question: Calibration, *, worlds: int) -> Iterator[NDArray[np.int32]]:
    return draw(
        len(question.xy),
        incidents=question.incidents,
        worlds=worlds,
        seed=question.seed,
        weights=question.weights,
    )


def _expected(question: Calibration, near: Neighbourhoods) -> NDArray[np.float64] | None:
    if question.weights is None:
        return None
    around = near.count(question.weights)
    return np.asarray(question.incidents * around / question.weights.sum())


def _hotspots(
    near: Neighbourhoods, counts: NDArray[np.int32], min_incidents: int
) -> NDArray[np.int64]:
    """Number of hotspots in each world."""
    cluster = join(near, strength(near, counts) >= min_incidents)
    # Clusters are numbered through all worlds: one of each is enough to know its world.
    _, first = np.unique(cluster, return_index=True)
    cells = first[cluster.ravel()[first] != NOISE]
    return np.bincount(cells % counts.shape[1], minlength=counts.shape[1])


def _p_value(
    found: NDArray[np.float64], worlds: NDArray[np.int64] | NDArray[np.float64]
) -> NDArray[np.float64]:
    beaten = np.searchsorted(worlds, found, side="left")
    p: NDArray[np.float64] = (1 + len(worlds) - beaten) / (1 + len(worlds))
    return p
