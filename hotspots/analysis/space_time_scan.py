"""
Is something gathering now, at one place, that the past of that place does not explain?

Cylinders stand on the map: a circle round a place, as high as the newest one, two or
three months (or days). The cylinder that holds most above its expectation is held against
the strongest of worlds in which the same incidents kept their places and their months,
but in no particular pairing. That allows for busy places, for the season and for looking
everywhere at once; that one disturbance makes several reports is allowed for as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from hotspots.analysis.clumps import deal, squares_of
from hotspots.settings import SEED

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# From one map point to a neighbourhood that a walk of a quarter of an hour crosses.
RADII_M: Final = (100.0, 200.0, 350.0, 500.0, 750.0, 1000.0)
# Newest months, or days, that a cylinder may reach back.
LONGEST_MONTHS: Final = 3
LONGEST_DAYS: Final = 7
SIMULATIONS: Final = 999
# Chance alone may speak once in a hundred looks: at one a month, in eight years.
WARN: Final = 0.01
# Fewest incidents that can be called a gathering.
LEAST: Final = 5
# A cylinder of more than this share of all incidents is no place.
MOST_SHARE: Final = 0.5
# More places than this are gathered on squares, the smallest that make them few enough.
MOST_PLACES: Final = 8_000
# Once so many worlds are stronger, the answer is no, and more worlds would not change it.
ENOUGH: Final = 100
MOST_CLUSTERS: Final = 5
_CHUNK: Final = 50
COLUMNS: Final = (
    "easting",
    "northing",
    "radius_m",
    "length",
    "count",
    "expected",
    "ratio",
    "strength",
    "p",
    "recurrence",
)


@dataclass(frozen=True, eq=False)
class Scan:
    """
    The strongest cylinders, and what random worlds make of them.

    Attributes
    ----------
    clusters
        Strongest first, none overlapping another: `easting`, `northing`, `radius_m`;
        `length` (newest months or days), `count`, `expected`, `ratio`, `strength`
        (log-likelihood ratio), `p`, and `recurrence`: once in how many looks, one a month
        or one a day, chance alone would show something as strong.
    simulated
        Strength of the strongest cylinder of each random world.
    cylinders
        How many were looked at.
    incidents
        How many they were looked for among.
    """

    clusters: pd.DataFrame
    simulated: Floats
    cylinders: int
    incidents: int

    def warnings(self, *, level: float = WARN) -> pd.DataFrame:
        """Clusters that chance alone shows in at most this share of looks."""
        return self.clusters.loc[self.clusters["p"] <= level]


def permutation_scan(
    xy: Floats,
    when: Integers,
    *,
    periods: int,
    longest: int = LONGEST_MONTHS,
    radii_m: tuple[float, ...] = RADII_M,
    clumps: bool = True,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
) -> Scan:
    """
    Prospective space-time permutation scan: incidents alone, no population.

    A cylinder of circle z and newest d periods expects μ = n(z) N(d) / N, where n(z) is
    what its circle held in all periods and N(d) what all places held in those d. Its
    strength, where c > μ, is c ln(c/μ) + (N - c) ln((N - c)/(N - μ)). Worlds pair the same
    places with the same periods at random; p = (1 + #{worlds ≥ found}) / (1 + worlds).

    Kulldorff's worlds pair incident by incident, as if each came alone. Reports do not: so
    here squares of 200 m and of 1 km have good and bad months, as many and as good or bad
    as the earlier months had (`clumps`). On real months put in random order his worlds
    warn several times as often as they say.

    Parameters
    ----------
    xy
        Easting and northing of each incident, metres, shape (n, 2).
    when
        Period of each, counted from 0; the newest is `periods` - 1.
    periods
        Periods looked at, those without an incident included.
    longest
        How many of the newest periods a cylinder may hold.
    radii_m
        Radii of the circles, rising.
    clumps
        Whether worlds allow for reports that come together; False = Kulldorff's own.
    simulations, seed
        Random worlds; fewer are made when the answer is plainly no.

    Returns
    -------
    scan
        Without clusters when there is nothing to look at.

    References
    ----------
    M. Kulldorff (2001), Prospective time periodic geographical disease surveillance using
    a scan statistic, Journal of the Royal Statistical Society A 164; M. Kulldorff and
    others (2005), A space-time permutation scan statistic for disease outbreak detection,
    PLoS Medicine 2.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> xy = np.repeat(rng.uniform(0, 10_000, (100, 2)), 12, axis=0)
    >>> when = np.tile(np.arange(12), 100)
    >>> outbreak = np.repeat(xy[:1], 15, axis=0)
    >>> scan = permutation_scan(
    ...     np.vstack([xy, outbreak]), np.append(when, [11] * 15), periods=12
    ... )
    >>> scan.warnings()[["length", "count"]].to_numpy().tolist()
    [[1.0, 16.0]]
    """
    longest = min(longest, periods - 1)
    if longest < 1 or not len(xy):
        return _nothing(len(xy))
    zones, place = _zones(xy, radii_m)
    age = periods - 1 - when
    recent = np.sort(age[age < longest])
    total = len(xy)
    held = np.bincount(place, minlength=zones.places).astype(np.float64)[:, None]
    each = np.bincount(recent, minlength=longest)
    expected = [circle * np.cumsum(each) / total for circle in zones.within(held)]
    squares = squares_of(xy, when, periods=periods, longest=longest) if clumps else []

    def draw(worlds: int, rng: np.random.Generator) -> Floats:
        chosen = deal(each, squares, total, worlds, rng)
        return _windows(place[chosen], recent, zones.places, longest)

    observed = _windows(place[age < longest][None], age[age < longest], zones.places, longest)
    return _search(zones, observed, expected, total, draw, simulations=simulations, seed=seed)


def poisson_scan(
    xy: Floats,
    counts: Floats,
    baseline: Floats,
    *,
    longest: int = LONGEST_MONTHS,
    radii_m: tuple[float, ...] = RADII_M,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
) -> Scan:
    """
    Prospective space-time scan against a known baseline: Kulldorff's Poisson model.

    As `permutation_scan`, but a cylinder expects its share of the baseline, and worlds
    spread the same number of incidents over places and periods in proportion to it.

    Parameters
    ----------
    xy
        Easting and northing of each place, metres, shape (places, 2); no two alike.
    counts, baseline
        Incidents, and what they would be in proportion to (residents, other crime, earlier
        years), places by periods, the newest last.
    longest, radii_m, simulations, seed
        As for `permutation_scan`.

    Examples
    --------
    >>> counts = np.full((9, 6), 4.0)
    >>> counts[4, 5] = 30
    >>> xy = np.array([[x, y] for x in range(3) for y in range(3)]) * 1000.0
    >>> scan = poisson_scan(xy, counts, np.ones((9, 6)))
    >>> scan.clusters[["easting", "northing", "count"]].iloc[0].tolist()
    [1000.0, 1000.0, 30.0]
    """
    longest, total = min(longest, counts.shape[1] - 1), int(counts.sum())
    if longest < 1 or not total or baseline.sum() <= 0:
        return _nothing(total)
    zones = _Zones.of(xy, radii_m)
    share = baseline / baseline.sum()
    late = slice(counts.shape[1] - longest, None)
    observed = np.cumsum(counts[:, late][:, ::-1], axis=1)
    expected = zones.within(np.cumsum(share[:, late][:, ::-1], axis=1) * total)
    chances = np.append(share[:, late][:, ::-1].ravel(), max(0.0, 1 - share[:, late].sum()))

    def draw(worlds: int, rng: np.random.Generator) -> Floats:
        drawn = rng.multinomial(total, chances, worlds)[:, :-1]
        cells = drawn.reshape(worlds, len(xy), longest).cumsum(axis=2).transpose(1, 0, 2)
        return np.ascontiguousarray(cells.reshape(len(xy), -1), dtype=np.float64)

    return _search(zones, observed, expected, total, draw, simulations=simulations, seed=seed)


@dataclass(frozen=True, eq=False)
class _Zones:
    """Circles round every place, as rings that add up."""

    xy: Floats
    radii_m: tuple[float, ...]
    rings: tuple[sparse.csr_matrix, ...]

    @classmethod
    def of(cls, xy: Floats, radii_m: tuple[float, ...]) -> "_Zones":
        places = np.arange(len(xy))
        pairs = cKDTree(xy).query_pairs(radii_m[-1], output_type="ndarray")
        apart = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
        one = np.concatenate([places, pairs[:, 0], pairs[:, 1]])
        other = np.concatenate([places, pairs[:, 1], pairs[:, 0]])
        ring = np.searchsorted(radii_m, np.concatenate([np.zeros(len(xy)), apart, apart]))
        shape = (len(xy), len(xy))
        rings = [
            sparse.csr_matrix(
                (np.ones(int((ring == n).sum()), np.float32), (one[ring == n], other[ring == n])),
                shape=shape,
            )
            for n in range(len(radii_m))
        ]
        return cls(xy, radii_m, tuple(rings))

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.xy)

    def within(self, counts: Floats) -> list[Floats]:
        """What lies within each radius of each place, for each column of counts."""
        columns = np.ascontiguousarray(counts, dtype=np.float32)
        inside, so_far = [], np.zeros_like(columns)
        for ring in self.rings:
            so_far = so_far + ring @ columns
            inside.append(so_far)
        return inside


def _zones(xy: Floats, radii_m: tuple[float, ...]) -> tuple[_Zones, Integers]:
    """Circles round the distinct places, and the place of each incident."""
    places, place = np.unique(xy, axis=0, return_inverse=True)
    side = radii_m[0]
    while len(places) > MOST_PLACES:
        middle = (np.floor(xy / side) + 0.5) * side
        places, place = np.unique(middle, axis=0, return_inverse=True)
        side *= 2
    return _Zones.of(places, radii_m), place.ravel()


def _windows(rows: Integers, age: Integers, places: int, longest: int) -> Floats:
    """Incidents of each place in the newest 1, 2, … periods: places by (worlds, lengths)."""
    worlds = len(rows)
    cell = (rows * worlds + np.arange(worlds)[:, None]) * longest + age
    counted = np.bincount(cell.ravel(), minlength=places * worlds * longest)
    cells = counted.reshape(places, worlds, longest).cumsum(axis=2)
    return cells.reshape(places, worlds * longest).astype(np.float64)


def _search(
    zones: _Zones,
    observed: Floats,
    expected: list[Floats],
    total: int,
    draw: Callable[[int, np.random.Generator], Floats],
    *,
    simulations: int,
    seed: int,
) -> Scan:
    """Strongest cylinders of the data, held against the strongest of every random world."""
    longest = observed.shape[1]
    allowed = [(mu > 0) & (mu <= MOST_SHARE * total) for mu in expected]
    found = zones.within(observed)
    strength = np.stack(
        [
            np.where(ok, _strength(c, mu, total), 0)
            for c, mu, ok in zip(found, expected, allowed, strict=True)
        ]
    )
    best, rng, drawn = float(strength.max()), np.random.default_rng(seed), [np.empty(0)]
    done = 0
    while best > 0 and done < simulations and (np.concatenate(drawn) >= best).sum() < ENOUGH:
        worlds = min(_CHUNK, simulations - done)
        cells = zones.within(draw(worlds, rng))
        most = np.zeros(worlds)
        for c, mu, ok in zip(cells, expected, allowed, strict=True):
            wide = c.reshape(zones.places, worlds, longest)
            values = _strength(wide, mu[:, None], total) * ok[:, None]
            most = np.maximum(most, values.max(axis=(0, 2)))
        drawn.append(most)
        done += worlds
    simulated = np.concatenate(drawn)
    return Scan(
        clusters=_clusters(zones, strength, np.stack(found), np.stack(expected), simulated),
        simulated=simulated,
        cylinders=int(sum(ok.sum() for ok in allowed)),
        incidents=total,
    )


def _strength(count: NDArray[np.floating], expected: Floats, total: int) -> Floats:
    """Log-likelihood ratio of each cylinder; 0 for fewer than expected, or than 5."""
    least = np.maximum(expected, LEAST - 1)
    above = count > least
    c, mu = count[above].astype(np.float64), np.broadcast_to(expected, count.shape)[above]
    values = np.zeros(count.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(c < total, (total - c) * np.log((total - c) / (total - mu)), 0)
        values[above] = c * np.log(c / mu) + rest
    return values


def _clusters(
    zones: _Zones, strength: Floats, found: Floats, expected: Floats, simulated: Floats
) -> pd.DataFrame:
    """The strongest cylinder, the strongest that does not overlap it, and so on."""
    radii = np.array(zones.radii_m)
    rows: list[tuple[float, ...]] = []
    left = strength.copy()
    while len(rows) < MOST_CLUSTERS and left.max(initial=0) > 0:
        at = np.unravel_index(int(left.argmax()), left.shape)
        ring, place, length = (int(part) for part in at)
        count, mu = float(found[at]), float(expected[at])
        p = (1 + int((simulated >= strength[at]).sum())) / (1 + len(simulated))
        east, north = zones.xy[place].tolist()
        rows.append(
            (east, north, radii[ring], length + 1, count, mu, count / mu, left[at], p, 1 / p)
        )
        apart = np.hypot(*(zones.xy - zones.xy[place]).T)
        left[apart[None, :] <= radii[:, None] + radii[ring]] = 0
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="float64")


def _nothing(incidents: int) -> Scan:
    none = pd.DataFrame(columns=list(COLUMNS), dtype="float64")
    return Scan(none, np.empty(0), 0, incidents)
