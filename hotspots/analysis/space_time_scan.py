"""
Is something gathering now, at one place, that the past of that place does not explain?

Cylinders stand on the map: a circle round a place, as high as the newest one, two or
three months (or days). The cylinder that holds most above its expectation is held against
the strongest of worlds in which the same incidents kept their places and their months,
but in no particular pairing. That allows for busy places, for the season and for looking
everywhere at once; that one disturbance makes several reports is allowed for as well, and
so is what neither explains: how strong the strongest cylinder of each earlier month was.
"""

from typing import Final

import numpy as np

from hotspots.analysis.clumps import deal, squares_of
from hotspots.analysis.cylinders import (
    LEAST,
    Counts,
    Floats,
    Integers,
    Scan,
    Zones,
    nothing,
    windows,
    zones_of,
)
from hotspots.analysis.scan_worlds import SIMULATIONS, search, strengths
from hotspots.settings import SEED

# From one map point to a neighbourhood that a walk of a quarter of an hour crosses.
RADII_M: Final = (100.0, 200.0, 350.0, 500.0, 750.0, 1000.0)
# Newest months, or days, that a cylinder may reach back.
LONGEST_MONTHS: Final = 3
LONGEST_DAYS: Final = 7
# Earlier periods that are asked what the newest is asked: at most so many, spread evenly.
MOST_EARLIER: Final = 48


def permutation_scan(
    xy: Floats,
    when: Integers,
    *,
    periods: int,
    longest: int = LONGEST_MONTHS,
    radii_m: tuple[float, ...] = RADII_M,
    clumps: bool = True,
    past_step: int = 1,
    centres: Floats | None = None,
    least: int = LEAST,
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
    as the earlier months had (`clumps`). Real places vary more than even such worlds do. So
    each earlier month is asked what the newest is asked, and where its strongest cylinder
    is stronger than that of the worlds (medians), the worlds' are made as many times
    stronger. With the months of a real year in random order, where 1% is promised, his
    worlds warned in 26 of 40 orders of Cheshire's 2025, and clumps alone in 12 of 111 orders
    of 37 forces; with the past as well it is 0 of 40 and 5 of 111, some of them real
    gatherings, which stay gatherings in any order (`tests.real.false_alarms`).

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
        Whether worlds allow for reports that come together; False, and `past_step` 0, are
        Kulldorff's own.
    past_step
        Earlier periods that show how strong the strongest cylinder usually is: every so many
        back from the newest; 7 for days; 0 = none.
    centres
        Places that circles stand on as well, metres, shape (m, 2); None = circles stand on
        the places of incidents alone.
    least
        Fewest incidents of a cylinder that is looked at; SaTScan's own is 2.
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
        return nothing(len(xy))
    zones, place = zones_of(xy if centres is None else np.vstack([xy, centres]), radii_m)
    place = place[: len(xy)]
    age = periods - 1 - when
    recent = np.sort(age[age < longest])
    total = len(xy)
    held = np.bincount(place, minlength=zones.places).astype(np.float64)[:, None]
    each = np.bincount(recent, minlength=longest)
    expected = [circle * np.cumsum(each) / total for circle in zones.within(held)]
    squares = squares_of(xy, when, periods=periods, longest=longest) if clumps else []

    def draw(worlds: int, rng: np.random.Generator) -> Counts:
        chosen = deal(each, squares, total, worlds, rng)
        return windows(place[chosen], recent, zones.places, longest)

    observed = windows(place[age < longest][None], age[age < longest], zones.places, longest)
    earlier = np.empty(0)
    if past_step and simulations:
        earlier = earlier_strengths(
            zones, place, when, periods=periods, longest=longest, step=past_step, least=least
        )
    return search(
        zones,
        observed,
        expected,
        total,
        draw,
        least=least,
        earlier=earlier,
        simulations=simulations,
        seed=seed,
    )


def earlier_strengths(
    zones: Zones,
    place: Integers,
    when: Integers,
    *,
    periods: int,
    longest: int,
    step: int,
    least: int = LEAST,
) -> Floats:
    """
    Strength of the strongest cylinder of earlier periods, each asked what the newest is.

    Periods are taken as a ring, so that each has as many others to be held against as the
    newest has. Windows that reach into the newest `longest` periods are not asked.

    Parameters
    ----------
    zones, place, when, periods, longest
        Circles, the place and the period of each incident, and how far cylinders reach back.
    step
        Ask every so many periods back from the newest: 1, or 7 for days, so that a Saturday
        is held against Saturdays.
    least
        Fewest incidents of a cylinder that is looked at.
    """
    held = np.bincount(place, minlength=zones.places).astype(np.float64)[:, None]
    circles, total = zones.within(held), len(place)
    back = np.arange(step, periods - longest + 1, step)
    back = back[back >= longest]
    if len(back) > MOST_EARLIER:
        back = back[np.linspace(0, len(back) - 1, MOST_EARLIER).round().astype(np.int64)]
    found = np.zeros(len(back))
    for n, ago in enumerate(back):
        age = (periods - 1 - ago - when) % periods
        late = age < longest
        each = np.cumsum(np.bincount(age[late], minlength=longest))
        cells = windows(place[late][None], age[late], zones.places, longest)
        expected = [circle * each / total for circle in circles]
        found[n] = strengths(zones.within(cells), expected, total, least=least).max(initial=0)
    return found


def poisson_scan(
    xy: Floats,
    counts: Floats,
    baseline: Floats,
    *,
    longest: int = LONGEST_MONTHS,
    radii_m: tuple[float, ...] = RADII_M,
    least: int = LEAST,
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
    longest, radii_m, least, simulations, seed
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
        return nothing(total)
    zones = Zones.of(xy, radii_m)
    share = baseline / baseline.sum()
    late = slice(counts.shape[1] - longest, None)
    observed = np.cumsum(counts[:, late][:, ::-1], axis=1).astype(np.float32)
    expected = zones.within(np.cumsum(share[:, late][:, ::-1], axis=1) * total)
    chances = np.append(share[:, late][:, ::-1].ravel(), max(0.0, 1 - share[:, late].sum()))

    def draw(worlds: int, rng: np.random.Generator) -> Counts:
        drawn = rng.multinomial(total, chances, worlds)[:, :-1]
        cells = drawn.reshape(worlds, len(xy), longest).cumsum(axis=2).transpose(1, 0, 2)
        return np.ascontiguousarray(cells.reshape(len(xy), -1), dtype=np.float32)

    return search(
        zones, observed, expected, total, draw, least=least, simulations=simulations, seed=seed
    )
