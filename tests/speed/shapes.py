"""Seeded synthetic reports, shaped like published ones: towns, streets, stacks."""

import numpy as np

from hotspots.analysis.places import Places, gather


def snap_points(number, *, towns, side_m, seed=1):
    """Distinct snap points along streets of towns whose sizes differ widely."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, side_m, (towns, 2))
    size = rng.lognormal(0, 1, towns)
    town = rng.choice(towns, number, p=size / size.sum())
    # A town's points keep the spacing of real ones, so a larger town is wider.
    spread = 47 * np.sqrt(np.bincount(town, minlength=towns))
    along = rng.normal(size=(number, 2)) * spread[town, np.newaxis]
    street = np.round(along[:, 0] / 60) * 60
    turned = rng.random(number) < 0.5
    along[turned, 0] = street[turned]
    xy = np.unique(np.round(centre[town] + along, 2), axis=0)
    return xy + np.array([300_000.0, 200_000.0])


def stacked(incidents, points, *, seed=2):
    """Number of reports at each point: every point one, a few very many."""
    rng = np.random.default_rng(seed)
    pull = rng.pareto(1.1, points) + 1
    pull = np.minimum(pull, pull.sum() / 200)
    return 1 + rng.multinomial(incidents - points, pull / pull.sum())


def reports(incidents, points, towns, side_m, seed=1):
    """Easting and northing of every report, in no order."""
    xy = snap_points(points, towns=towns, side_m=side_m, seed=seed)
    rows = np.repeat(np.arange(len(xy)), stacked(incidents, len(xy)))
    np.random.default_rng(3).shuffle(rows)
    return xy[rows]


def gathered(incidents, points, towns, side_m, seed=1):
    """The same reports as places with their counts, the rows themselves never held."""
    xy = snap_points(points, towns=towns, side_m=side_m, seed=seed)
    counts = stacked(incidents, len(xy))
    # np.unique has put the points in the order of places.
    return Places(xy, counts.astype(np.int64), np.empty(0, np.intp))


def dense_town(incidents, side_m, seed=4):
    """Reports at addresses of one crowded town, hardly two at one point."""
    rng = np.random.default_rng(seed)
    return gather(np.round(rng.uniform(0, side_m, (incidents, 2)) + 400_000, 2))
