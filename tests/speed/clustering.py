"""
What clustering and placing in wards cost: python -m tests.speed.clustering

Exact DBSCAN at 150 m and 20 incidents. "Naive" is scikit-learn on every incident, and a
plain spatial join of every row; neither is run where it would not fit in memory. Set
HOTSPOTS_REAL_DATA to measure on real files as well.
"""

import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sklearn.cluster import DBSCAN

from hotspots.analysis.areas import assign
from hotspots.analysis.clustering import cluster
from hotspots.analysis.delineation import delineate
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.places import gather
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables.incidents import asb
from tests.real import load
from tests.speed.measure import measure, megabytes, seconds, table
from tests.speed.shapes import dense_town, gathered, reports

RADIUS_M, MIN_INCIDENTS = 150, 20
CORNER = np.array([300_000.0, 200_000.0])
FORCE_SIDE_M, COUNTRY_SIDE_M = 60_000, 500_000


def every_incident(xy):
    found = DBSCAN(eps=RADIUS_M, min_samples=MIN_INCIDENTS, algorithm="kd_tree").fit(xy)
    return len(found.core_sample_indices_)


def weighted(places):
    found = DBSCAN(eps=RADIUS_M, min_samples=MIN_INCIDENTS, algorithm="kd_tree")
    return len(found.fit(places.xy, sample_weight=places.incidents).core_sample_indices_)


def ours_from_rows(xy):
    return ours(gather(xy))


def ours(places):
    found = cluster(places, radius_m=RADIUS_M, min_incidents=MIN_INCIDENTS)
    return int(found.core.sum())


def with_footprints(places):
    found = cluster(places, radius_m=RADIUS_M, min_incidents=MIN_INCIDENTS)
    return len(delineate(places, found, radius_m=RADIUS_M))


def gathered_rows(*options):
    return gather(reports(*options))


def row(what, one, naive=None):
    return {
        "what": what,
        "seconds": seconds(one.seconds),
        "peak": megabytes(one.peak_mb),
        "naive": seconds(naive and naive.seconds),
        "naive peak": megabytes(naive and naive.peak_mb),
        "times faster": f"{naive.seconds / one.seconds:,.0f}" if naive else "",
    }


def synthetic():
    force = (60, FORCE_SIDE_M)
    for name, options in {
        "50k on 9k points": (50_000, 9_000, *force),
        "500k on 12.6k points": (500_000, 12_600, *force),
    }.items():
        naive = measure(reports, every_incident, *options)
        yield row(f"{name}, from rows", measure(reports, ours_from_rows, *options, repeat=9), naive)
        yield row(f"{name}, gathered", measure(gathered_rows, ours, *options, repeat=9), naive)
        yield row(
            f"{name}, gathered, against scikit-learn weighted",
            measure(gathered_rows, ours, *options, repeat=9),
            measure(gathered_rows, weighted, *options),
        )
    country = (700, COUNTRY_SIDE_M)
    for name, options in {
        "660k on 229k, national": (660_000, 229_000, *country),
        "5M on 0.5M, national": (5_000_000, 500_000, *country),
        "25M on 0.72M, national": (25_000_000, 720_000, *country),
    }.items():
        yield row(
            f"{name}, gathered, against scikit-learn weighted",
            measure(gathered, ours, *options),
            measure(gathered, weighted, *options, repeat=1),
        )
        yield row(f"{name}, with footprints", measure(gathered, with_footprints, *options))
    yield row(
        "5M on 0.5M, from rows", measure(reports, ours_from_rows, 5_000_000, 500_000, *country)
    )
    yield row(
        "25M on 0.72M, from rows",
        measure(reports, ours_from_rows, 25_000_000, 720_000, *country, repeat=1),
    )
    for side_m in (20_000, 4_500):
        naive = measure(dense_town, weighted, 500_000, side_m, repeat=1) if side_m > 5000 else None
        yield row(
            f"500k addresses on {side_m / 1000:g} km square, against scikit-learn",
            measure(dense_town, ours, 500_000, side_m, repeat=1),
            naive,
        )


def real_asb(name):
    return asb(getattr(load, name)())


def cheshire_tables(rows_of):
    return (rows_of(load.cheshire()), load.wards())


def every_row(incidents):
    return incidents


def table_of_cheshire(tables):
    found = find_hotspots(tables[0], radius_m=100, min_incidents=20, months=12, wards=tables[1])
    return len(found)


def table_of_country(incidents):
    return len(find_hotspots(incidents, radius_m=100, min_incidents=20, months=12))


def assigned(tables):
    return assign(*tables).assigned


def plain_join(tables):
    incidents, wards = tables
    found = gpd.sjoin(incidents, wards[["geometry"]], how="left", predicate="intersects")
    return int(found["code"].notna().sum())


def made_up_tables(incidents, points):
    """Reports of one force, and 137 wards with outlines of about 300 corners each."""
    xy = reports(incidents, points, 60, FORCE_SIDE_M)
    rng = np.random.default_rng(5)
    seats = shapely.multipoints(rng.uniform(0, FORCE_SIDE_M, (137, 2)) + CORNER)
    around = shapely.buffer(shapely.convex_hull(shapely.multipoints(xy)), 1000)
    cells = shapely.get_parts(shapely.voronoi_polygons(seats, extend_to=around))
    cells = shapely.segmentize(shapely.intersection(cells, around), 100)
    wards = gpd.GeoDataFrame(
        {"authority": "A"},
        geometry=cells,
        index=pd.Index([f"W{n:03d}" for n in range(len(cells))], name="code"),
        crs=BRITISH_NATIONAL_GRID,
    )
    frame = gpd.GeoDataFrame(
        {"force": pd.Categorical(["A"] * len(xy))},
        geometry=shapely.points(xy),
        crs=BRITISH_NATIONAL_GRID,
    )
    return frame, wards


def placing():
    for name, options in {
        "50k rows in 137 wards": (50_000, 9_000),
        "500k rows in 137 wards": (500_000, 12_600),
    }.items():
        naive = measure(made_up_tables, plain_join, *options)
        yield row(name, measure(made_up_tables, assigned, *options), naive)


def real():
    yield row(
        "Cheshire 2025, whole table", measure(cheshire_tables, table_of_cheshire, asb, repeat=9)
    )
    yield row("40 forces 2025, whole table", measure(real_asb, table_of_country, "national"))
    yield row(
        "80,955 real rows in 137 wards",
        measure(cheshire_tables, assigned, every_row),
        measure(cheshire_tables, plain_join, every_row),
    )


def main():
    print(table(list(synthetic())), flush=True)
    print(table(list(placing())), flush=True)
    if load.FOLDER:
        print(table(list(real())), flush=True)


if __name__ == "__main__":
    sys.exit(main())
