"""
What placing patrol areas costs, beside the plain way; prints a table.

    HOTSPOTS_REAL_DATA=<folder> python -m tests.speed.patrol_areas

The plain way asks a tree for the reports round every lattice node again for each area,
takes the best that leaves its neighbours room, and strikes its reports off.
"""

import numpy as np
from sklearn.neighbors import BallTree

from hotspots.analysis.coverage import candidates
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.patrol_arrangement import LATTICE_M, LEAST_HA, Demand, arrange
from hotspots.analysis.patrol_shapes import leaves_room, reach_m
from hotspots.analysis.places import gather
from hotspots.analysis.ranking import expected
from hotspots.tables.incidents import asb, coordinates, located
from tests.real.load import cheshire, national, wards
from tests.speed.measure import measure, table

SIZE_HA = 5.0


def year():
    return asb(cheshire())


def year_and_wards():
    return year(), wards()


def all_forces():
    return national()


def ours(incidents, count):
    return int(place(incidents, count=count).incidents.sum())


def twenty(incidents):
    return ours(incidents, 20)


def sixty(incidents):
    return ours(incidents, 60)


def named_and_ranked(both):
    incidents, names = both
    ranked = place(incidents, count=20, expected=expected(incidents), wards=names)
    return int(ranked.incidents.sum())


def plain(incidents, count):
    xy = coordinates(located(incidents))
    nodes = candidates(gather(xy).xy, radius_m=reach_m(SIZE_HA), lattice_m=LATTICE_M).xy
    centres, held = [], 0
    for _ in range(count):
        around = BallTree(xy).query_radius(nodes, reach_m(SIZE_HA), count_only=True)
        for best in np.argsort(-around, kind="stable"):
            if leaves_room(nodes[best], centres, size_ha=SIZE_HA, least_ha=LEAST_HA):
                break
        centres.append(nodes[best])
        held += int(around[best])
        xy = xy[np.hypot(*(xy - nodes[best]).T) > reach_m(SIZE_HA)]
    return held


def plain_twenty(incidents):
    return plain(incidents, 20)


def plain_sixty(incidents):
    return plain(incidents, 60)


def national_hundred(incidents):
    places = gather(coordinates(located(incidents)))
    demand = Demand(places.xy, places.incidents.astype(float))
    return len(arrange(demand, count=100, size_ha=SIZE_HA).centres)


ROWS = (
    ("Cheshire 2025, 20 areas", year, twenty),
    ("the plain way", year, plain_twenty),
    ("Cheshire 2025, 60 areas", year, sixty),
    ("the plain way", year, plain_sixty),
    ("20 areas, ranked and named by ward", year_and_wards, named_and_ranked),
    ("40 forces of 2025, 100 areas", all_forces, national_hundred),
)


def main():
    rows = []
    for name, prepare, run in ROWS:
        cost = measure(prepare, run)
        rows.append(
            {
                "what": name,
                "seconds": round(cost.seconds, 3),
                "peak MB": round(cost.peak_mb),
                "held": cost.said,
            }
        )
    print(table(rows))


if __name__ == "__main__":
    main()
