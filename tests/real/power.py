"""
How large a hotspot must be to be found: python -m tests.real.power

Incidents are laid at random on the places recorded in Cheshire in 2025, and some are
planted: on one place, or on all places within the radius of one. A planted hotspot
is found when, at the default minimum, a core place lies within the radius of it. What
random incidents add to it is part of the world, as it is part of the truth.
"""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots.analysis.ground import ground
from hotspots.analysis.neighbours import neighbourhoods
from hotspots.analysis.null_model import calibrate
from hotspots.analysis.worlds import draw, strength
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load

SIZES = tuple(range(2, 27, 2))


def power(xy, *, incidents, radius_m, sizes=SIZES, worlds=200, seed=1):
    """Share of planted hotspots found, by size, on one place and on several."""
    least = calibrate(xy, incidents=incidents, radius_m=radius_m).min_incidents
    near, tree = neighbourhoods(xy, radius_m=radius_m), cKDTree(xy)
    rows = []
    for size in sizes:
        found = {"on_one_place": 0, "on_several": 0}
        elsewhere = 0
        random = np.random.default_rng([seed, size])
        for kind in found:
            centre = random.integers(len(xy), size=worlds)
            laid = draw(len(xy), incidents=incidents - size, worlds=worlds, seed=seed + size)
            counts = np.hstack(list(laid))
            for world, place in enumerate(centre):
                reach = radius_m if kind == "on_several" else 0
                around = tree.query_ball_point(xy[place], reach)
                np.add.at(counts[:, world], random.choice(around, size=size), 1)
            core = strength(near, counts) >= least
            for world, place in enumerate(centre):
                here = tree.query_ball_point(xy[place], radius_m)
                found[kind] += core[here, world].any()
                elsewhere += core[:, world].sum() > core[here, world].sum()
        rows.append(
            {"planted": size}
            | {kind: hits / worlds for kind, hits in found.items()}
            | {"alarm_elsewhere": elsewhere / (2 * worlds)}
        )
    table = pd.DataFrame(rows).set_index("planted")
    table.attrs["min_incidents"] = least
    return table


def cheshire(radius_m, **asked):
    rows = located(load.cheshire())
    where = ground(coordinates(rows), radius_m=radius_m)
    return power(where.xy, incidents=len(asb(rows)), radius_m=radius_m, **asked)


if __name__ == "__main__":
    for radius_m in (75, 100, 150, 200):
        table = cheshire(radius_m)
        print(f"\n{radius_m} m, minimum {table.attrs['min_incidents']}")
        print(table.to_string(float_format="{:.2f}".format))
