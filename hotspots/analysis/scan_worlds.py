"""The strongest cylinders of the data, held against the strongest of every random world."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.analysis.cylinders import Counts, Floats, Scan, Zones, clusters_of
from hotspots.analysis.scan_statistic import likelihood_ratio

SIMULATIONS: Final = 999
# A cylinder of more than this share of all incidents is no place.
MOST_SHARE: Final = 0.5
# Once so many worlds are stronger, the answer is no, and more worlds would not change it.
ENOUGH: Final = 100
# Fewer earlier periods say nothing of how strong the strongest usually is.
LEAST_EARLIER: Final = 4
_CHUNK: Final = 50


def search(
    zones: Zones,
    observed: Counts,
    expected: list[Floats],
    total: int,
    draw: Callable[[int, np.random.Generator], Counts],
    *,
    least: int,
    earlier: Floats | None = None,
    simulations: int,
    seed: int,
) -> Scan:
    """
    Strongest cylinders of the data, with their chance.

    p = (1 + #{worlds whose strongest ≥ this one}) / (1 + worlds)

    Parameters
    ----------
    zones
        Circles round the places.
    observed
        Incidents of each place in the newest 1, 2, … periods: places by lengths.
    expected
        What each cylinder is expected to hold, for each radius: places by lengths.
    total
        Incidents of all places and periods.
    draw
        As `observed` for so many random worlds: places by (worlds, lengths).
    least
        Fewest incidents of a cylinder that is looked at.
    earlier
        Strength of the strongest cylinder of earlier periods; where their median is above
        that of the worlds, the worlds are made as many times stronger.
    simulations, seed
        Random worlds; fewer are made when the answer is plainly no.

    References
    ----------
    M. Dwass (1957), Modified randomization tests for nonparametric hypotheses, Annals of
    Mathematical Statistics 28, for p.
    """
    longest = observed.shape[1]
    allowed = [_allowed(mu, total) for mu in expected]
    found = zones.within(observed)
    strength = strengths(found, expected, total, least=least)
    best, rng, drawn = float(strength.max()), np.random.default_rng(seed), [np.empty(0)]
    done = 0
    while best > 0 and done < simulations and (np.concatenate(drawn) >= best).sum() < ENOUGH:
        worlds = min(_CHUNK, simulations - done)
        cells = zones.within(draw(worlds, rng))
        most = np.zeros(worlds)
        for c, mu, ok in zip(cells, expected, allowed, strict=True):
            wide = c.reshape(zones.places, worlds, longest)
            values = likelihood_ratio(wide, mu[:, None], total=total, least=least) * ok[:, None]
            most = np.maximum(most, values.max(axis=(0, 2)))
        drawn.append(most)
        done += worlds
    simulated = np.concatenate(drawn)
    stretch = _stretch(simulated, earlier)
    simulated = simulated * stretch
    return Scan(
        clusters=clusters_of(zones, strength, np.stack(found), np.stack(expected), simulated),
        simulated=simulated,
        cylinders=int(sum(ok.sum() for ok in allowed)),
        incidents=total,
        stretch=stretch,
    )


def strengths(found: list[Counts], expected: list[Floats], total: int, *, least: int) -> Floats:
    """Strength of every cylinder: radii by places by lengths; 0 of those not looked at."""
    return np.stack(
        [
            np.where(_allowed(mu, total), likelihood_ratio(c, mu, total=total, least=least), 0)
            for c, mu in zip(found, expected, strict=True)
        ]
    )


def _stretch(simulated: Floats, earlier: Floats | None) -> float:
    """How many times as strong as the worlds' strongest cylinder that of earlier periods is."""
    if earlier is None or len(earlier) < LEAST_EARLIER or not len(simulated):
        return 1.0
    middle = float(np.median(simulated))
    return max(1.0, float(np.median(earlier)) / middle) if middle > 0 else 1.0


def _allowed(expected: Floats, total: int) -> NDArray[np.bool_]:
    return np.asarray((expected > 0) & (expected <= MOST_SHARE * total))
