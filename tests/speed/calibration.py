"""
What calibration and stability cost: python -m tests.speed.calibration

199 random worlds and 100 resamples at 100 m. "Naive" is scikit-learn once for every
world or resample, on every incident; it is run on a few and multiplied. Set
HOTSPOTS_REAL_DATA to the folder of real files.
"""

import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.neighbors import NearestNeighbors

from hotspots.analysis.certainty import RESAMPLES, assess
from hotspots.analysis.concentration import against_chance
from hotspots.analysis.ground import ground
from hotspots.analysis.hotspots import find_hotspots, inside
from hotspots.analysis.null_model import calibrate
from hotspots.settings import WORLDS
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load
from tests.speed.measure import measure, megabytes, seconds, table

RADIUS_M, MIN_INCIDENTS = 100, 13
FEW = 5


def cheshire():
    rows = located(load.cheshire())
    return asb(rows), ground(coordinates(rows), radius_m=RADIUS_M)


def country():
    """Every ASB incident of forty forces; their points are the only places known."""
    rows = located(load.national())
    return rows, ground(coordinates(rows), radius_m=RADIUS_M)


def unsnapped():
    """As many incidents as Cheshire's, anywhere on 100 km² of open ground."""
    xy = np.random.default_rng(1).uniform(300_000, 310_000, (7248, 2))
    return xy, xy


def calibrated(data):
    rows, where = data
    return calibrate(where.xy, incidents=len(rows), radius_m=RADIUS_M).min_incidents


def beside_crime(data):
    rows, where = data
    asked = {"incidents": len(rows), "radius_m": RADIUS_M, "weights": where.records}
    return calibrate(where.xy, **asked).min_incidents


def calibrated_unsnapped(data):
    xy, _ = data
    where = ground(xy, radius_m=RADIUS_M)
    return calibrate(where.xy, incidents=len(xy), radius_m=RADIUS_M).min_incidents


def naive_worlds(data):
    """Strongest neighbourhood of a few worlds, every incident asked for its neighbours."""
    rows, where = data
    random = np.random.default_rng(1)
    strongest = []
    for _ in range(FEW):
        xy = where.xy[random.integers(len(where.xy), size=len(rows))]
        near = NearestNeighbors(radius=RADIUS_M, algorithm="kd_tree").fit(xy)
        strongest.append(max(map(len, near.radius_neighbors(xy, return_distance=False))))
    return max(strongest)


def found(prepare, least):
    rows, where = prepare()
    first = calibrate(where.xy, incidents=len(rows), radius_m=RADIUS_M)
    least = least or first.min_incidents
    hotspots = find_hotspots(rows, radius_m=RADIUS_M, min_incidents=least, months=12)
    return rows, hotspots, first, least


def assessed(data):
    rows, hotspots, first, least = data
    sure = assess(
        rows,
        hotspots,
        calibration=first,
        second=None,
        radius_m=RADIUS_M,
        min_incidents=least,
        months=12,
        boundary=None,
    )
    return len(sure)


def naive_resamples(data):
    """Best overlap of each hotspot in a few resamples, clustered incident by incident."""
    rows, hotspots, _, least = data
    xy, owner = coordinates(rows), inside(rows, hotspots)
    random = np.random.default_rng(1)
    returned = 0
    for _ in range(FEW):
        drawn = random.integers(len(xy), size=len(xy))
        label = DBSCAN(eps=RADIUS_M, min_samples=least, algorithm="kd_tree").fit(xy[drawn]).labels_
        for number in hotspots.index:
            mine = owner[drawn] == number
            for other in np.unique(label[mine & (label >= 0)]):
                theirs = label == other
                returned += np.sum(mine & theirs) >= 0.5 * np.sum(mine | theirs)
    return returned / FEW


def concentrated(data):
    rows, where = data
    numbers = {tuple(place): number for number, place in enumerate(where.xy.tolist())}
    at = [numbers[tuple(place)] for place in coordinates(rows).tolist()]
    counts = np.bincount(at, minlength=len(where.xy))
    return float(against_chance(counts).loc["gini", "observed"])


def main():
    rows = []

    def add(what, prepare, run, *options, times=1.0, repeat=3):
        cost = measure(prepare, run, *options, repeat=repeat)
        rows.append(
            {
                "what": what,
                "time": seconds(cost.seconds * times),
                "peak": megabytes(cost.peak_mb),
                "before": megabytes(cost.before_mb),
                "answer": cost.said,
            }
        )
        return cost.seconds * times

    ours = add("Cheshire 2025, 199 worlds", cheshire, calibrated)
    add("the same, in proportion to crime", cheshire, beside_crime)
    naive = add("the same, naive", cheshire, naive_worlds, times=WORLDS / FEW, repeat=1)
    rows.append({"what": "times faster", "time": f"{naive / ours:.0f} ×"} | _BLANK)
    ours = add("Cheshire 2025, how sure", found, assessed, cheshire, MIN_INCIDENTS)
    naive = add(
        "the same, naive, 100 resamples only",
        found,
        naive_resamples,
        cheshire,
        MIN_INCIDENTS,
        times=RESAMPLES / FEW,
        repeat=1,
    )
    rows.append({"what": "times faster", "time": f"{naive / ours:.0f} ×"} | _BLANK)
    add("Cheshire 2025, concentration", cheshire, concentrated)
    add("unsnapped, 7,248 on 100 km²", unsnapped, calibrated_unsnapped)
    add("forty forces 2025, 199 worlds", country, calibrated, repeat=1)
    add("forty forces 2025, how sure", found, assessed, country, 0, repeat=1)
    print(table(rows))


_BLANK = {"peak": "", "before": "", "answer": ""}

if __name__ == "__main__":
    main()
