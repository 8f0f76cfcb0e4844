"""
How sure each hotspot is: beyond chance, stable, lasting, and not cut off by a border.

Four separate questions, none of which answers another. A hotspot may be far beyond
chance and yet rest on one month; it may return in every resample because it is one
busy point; it may be real and go on beyond the border, where nothing is loaded.
"""

import math
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots.analysis.clustering import NOISE
from hotspots.analysis.hotspots import inside
from hotspots.analysis.neighbours import Neighbourhoods, neighbourhoods
from hotspots.analysis.null_model import Calibration
from hotspots.analysis.places import Places, gather_incidents
from hotspots.analysis.worlds import draw, join, strength
from hotspots.settings import SEED
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, located

# Bootstrap samples of the incidents; 100 is what Hennig (2007) uses.
RESAMPLES: Final = 100
# Below this overlap a cluster counts as dissolved (Hennig 2007).
OVERLAP: Final = 0.5
# Radius and minimum, each less a quarter, as it is, and a quarter more: all but as it is.
VARIATIONS: Final = tuple(
    varied for varied in product((0.75, 1.0, 1.25), repeat=2) if varied != (1.0, 1.0)
)
COLUMNS: Final = (
    "strongest",
    "p",
    "expected_beside_crime",
    "p_beside_crime",
    "returned",
    "resamples",
    "returned_when_varied",
    "variations",
    "months_present",
    "months",
    "near_edge",
)


def assess(
    incidents: Incidents,
    hotspots: Hotspots,
    *,
    calibration: Calibration,
    second: Calibration | None,
    radius_m: float,
    min_incidents: int,
    months: int,
    boundary: shapely.Polygon | shapely.MultiPolygon | None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """
    How sure each hotspot is.

    A hotspot *returns* when the incidents inside one cluster of the other sample, or of
    the other settings, and those inside the hotspot overlap by at least half: shared
    incidents over all incidents of either (Jaccard). Half is where Hennig calls a
    cluster dissolved, and the least at which two clusters can never both claim to be
    the hotspot. Incidents are compared rather than ground, because they are what is
    counted; and Jaccard rather than the share of the smaller, because a hotspot that
    is swallowed by one five times its size has not come back.

    Parameters
    ----------
    incidents
        The rows that were clustered.
    hotspots
        What `find_hotspots` made of them at this radius and minimum.
    calibration
        What chance makes of the same incidents where every place has the same chance.
    second
        The same in proportion to all recorded crime; None = not asked.
    radius_m, min_incidents
        What the hotspots were found with.
    months
        Months held.
    boundary
        Ground that the loaded data cover; wider than the study area where its
        neighbours were loaded and clustered with it. None = no border is known.
    resamples
        Bootstrap samples: as many incidents, each drawn from all of them anew.
    seed
        Same seed, same answer.

    Returns
    -------
    certainty
        Indexed as `hotspots`:

        - `strongest`: largest neighbourhood among its places (incidents within the radius);
        - `p`: chance of one this strong anywhere, where every place has the same chance;
        - `expected_beside_crime`: incidents within the radius of its strongest place, were
          they in proportion to all recorded crime; not a number when not asked;
        - `p_beside_crime`: chance of one this far above that expectation anywhere;
        - `returned`, `resamples`: in how many bootstrap samples it came back, of how many;
        - `returned_when_varied`, `variations`: at how many of the settings in `VARIATIONS`;
        - `months_present`, `months`: months with an incident in it, of those held;
        - `near_edge`: whether the border is within the radius of its footprint.

    References
    ----------
    C. Hennig (2007), Cluster-wise assessment of cluster stability, Computational
    Statistics & Data Analysis 52.
    """
    rows = located(incidents)
    places = gather_incidents(rows)
    of_row = inside(rows, hotspots)
    owner = np.zeros(len(places), dtype=np.int64)
    owner[places.of_incident] = of_row
    near = neighbourhoods(places.xy, radius_m=radius_m)
    table = pd.DataFrame(index=hotspots.index)
    table = table.join(_beyond_chance(places, owner, near, calibration, second))
    table["p"] = calibration.p_value(table["strongest"].to_numpy())
    stable = np.zeros(len(hotspots), dtype=np.int64)
    half = neighbourhoods(places.xy, radius_m=radius_m / 2)
    for counts in draw(
        len(places),
        incidents=len(rows),
        worlds=resamples,
        seed=seed,
        weights=places.incidents,
    ):
        stable += _returns(
            counts, owner, hotspots, near=near, half=half, min_incidents=min_incidents
        ).sum(axis=1)
    table["returned"], table["resamples"] = stable, resamples
    table["returned_when_varied"] = _returned_when_varied(
        places, owner, hotspots, radius_m=radius_m, min_incidents=min_incidents
    )
    table["variations"] = len(VARIATIONS)
    present = rows["month"].groupby(of_row).nunique()
    table["months_present"] = present.reindex(table.index, fill_value=0).astype("int64")
    table["months"] = months
    footprints = np.asarray(hotspots.geometry.to_numpy(), dtype=np.object_)
    edge = shapely.Point() if boundary is None else boundary.boundary
    table["near_edge"] = shapely.dwithin(footprints, edge, radius_m)
    return table[list(COLUMNS)]


def _beyond_chance(
    places: Places,
    owner: NDArray[np.int64],
    near: Neighbourhoods,
    calibration: Calibration,
    second: Calibration | None,
) -> pd.DataFrame:
    """Strongest neighbourhood of each hotspot, and what chance makes of it."""
    held = np.flatnonzero(owner)
    strong = near.count(places.incidents)[held]
    frame = pd.DataFrame({"owner": owner[held], "strongest": strong})
    frame["p"] = calibration.p_value(strong)
    frame["expected_beside_crime"] = frame["p_beside_crime"] = float("nan")
    if second is not None:
        expected = second.expected(places.xy[held])
        frame["expected_beside_crime"] = expected
        frame["p_beside_crime"] = second.p_value_here(strong, expected)
    least = frame.groupby("owner")["p_beside_crime"].min()
    frame = frame.sort_values("strongest", kind="stable").drop_duplicates("owner", keep="last")
    return frame.set_index("owner").assign(p_beside_crime=least)


def _returned_when_varied(
    places: Places,
    owner: NDArray[np.int64],
    hotspots: Hotspots,
    *,
    radius_m: float,
    min_incidents: int,
) -> NDArray[np.int64]:
    """At how many of the varied settings each hotspot returns."""
    counts = places.incidents.astype(np.int32)[:, np.newaxis]
    returned = np.zeros(len(hotspots), dtype=np.int64)
    for part in sorted({part for part, _ in VARIATIONS}):
        near = neighbourhoods(places.xy, radius_m=part * radius_m)
        half = neighbourhoods(places.xy, radius_m=part * radius_m / 2)
        for least in [least for radius, least in VARIATIONS if radius == part]:
            returned += _returns(
                counts,
                owner,
                hotspots,
                near=near,
                half=half,
                min_incidents=math.ceil(least * min_incidents),
            )[:, 0]
    return returned


def _returns(
    counts: NDArray[np.int32],
    owner: NDArray[np.int64],
    hotspots: Hotspots,
    *,
    near: Neighbourhoods,
    half: Neighbourhoods,
    min_incidents: int,
) -> NDArray[np.bool_]:
    """Whether each hotspot returns, by hotspot and world."""
    worlds = counts.shape[1]
    cluster = _footprints(half, join(near, strength(near, counts) >= min_incidents))
    # Incidents of each hotspot in each world, of each cluster, and of both together.
    of_hotspot = np.zeros((len(hotspots) + 1, worlds), dtype=np.int64)
    owned = np.flatnonzero(owner)
    np.add.at(of_hotspot, owner[owned], counts[owned])
    place, world = np.nonzero((cluster != NOISE) & (counts > 0))
    number, held = cluster[place, world], counts[place, world]
    of_cluster = np.bincount(number, weights=held)
    world_of = np.zeros(len(of_cluster), dtype=np.intp)
    world_of[number] = world
    shared = owner[place] > 0
    meeting = owner[place][shared] * len(of_cluster) + number[shared]
    meetings, meeting = np.unique(meeting, return_inverse=True)
    both = np.bincount(meeting, weights=held[shared], minlength=len(meetings))
    hotspot, number = np.divmod(meetings, max(1, len(of_cluster)))
    world = world_of[number]
    either = of_hotspot[hotspot, world] + of_cluster[number] - both
    # A cluster whose footprint holds fewer than make a hotspot is none (`find_hotspots`).
    back = (both >= OVERLAP * either) & (of_cluster[number] >= min_incidents)
    returned = np.zeros((len(hotspots) + 1, worlds), dtype=np.bool_)
    returned[hotspot[back], world[back]] = True
    return returned[1:]


def _footprints(half: Neighbourhoods, cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Cluster in whose footprint each place lies: within half the radius of a core place.

    Core places that are both within half the radius of a place are within the radius of
    each other, so of one cluster.
    """
    footprint = cluster.copy()
    if half.pairs is not None:
        reached = np.logical_or.reduce(cluster != NOISE, axis=1)
        left, right = half.pairs[:, 0], half.pairs[:, 1]
        some = reached[left] | reached[right]
        left, right = left[some], right[some]
        for one, other in ((left, right), (right, left)):
            link, world = np.nonzero((cluster[one] != NOISE) & (cluster[other] == NOISE))
            footprint[other[link], world] = cluster[one[link], world]
        return footprint
    for column, found in zip(cluster.T, footprint.T, strict=True):
        core = np.flatnonzero(column != NOISE)
        if len(core):
            distance, nearest = cKDTree(half.xy[core]).query(half.xy)
            within = distance <= half.radius_m
            found[within] = column[core[np.asarray(nearest)[within]]]
    return footprint
