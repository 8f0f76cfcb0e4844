"""Where things can happen: the snap points of the illustrative county, and what stands there."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.sources.sample_places import Site, Ward, to_degrees
from hotspots.sources.sample_streets import SnapPoints

CRIMES_FILE: Final = Path(__file__).with_name("sample_crimes.toml")
POINT_DECIMALS: Final = 6
# How quickly the points of a site fall off from its busiest: one place, or all of a park.
STEEPNESS: Final = {"carpark": 5.0, "park": 0.7}
AREAS_PER_RESIDENT: Final = 1 / 1700


@dataclass(frozen=True)
class Ground:
    """Where things happen: snap points with the small area and the site of each."""

    points: SnapPoints
    degrees: NDArray[np.float64]
    labels: NDArray[np.str_]
    area_codes: NDArray[np.str_]
    area_names: NDArray[np.str_]
    site: NDArray[np.int64]
    share: NDArray[np.float64]


@cache
def crimes() -> dict[str, Any]:
    """What is recorded and where; read once, never changed."""
    return tomllib.loads(CRIMES_FILE.read_text(encoding="utf-8"))


def ground_of(points: SnapPoints, areas: list[Ward], everywhere: list[Site], seed: int) -> Ground:
    """Snap points of the county, each in one ward, with what stands there."""
    rng = np.random.default_rng([seed, 10])
    degrees = to_degrees(points.coordinates, decimals=POINT_DECIMALS)
    tree = shapely.STRtree([ward.polygon for ward in areas])
    found, home = tree.query(shapely.points(degrees), predicate="within")
    dropped = rng.random(len(found)) < np.where(points.kind[found] == "crescents", 0.5, 0.3)
    middles = np.array([(site.easting, site.northing) for site in everywhere])
    reach = np.array([site.radius_m for site in everywhere])
    apart = np.hypot(*(points.coordinates[:, None] - middles[None, :]).transpose(2, 0, 1))
    near = (apart <= reach).any(axis=1)
    keep, home = found[~dropped | near[found]], home[~dropped | near[found]]
    apart = apart[keep] / reach
    site = np.where(apart.min(axis=1) <= 1, apart.argmin(axis=1), -1)
    share = _shares(site, apart.min(axis=1), everywhere, rng)
    chosen = SnapPoints(
        points.coordinates[keep], points.kind[keep], points.street[keep], points.town[keep]
    )
    codes, names = _small_areas(chosen.coordinates, home, areas)
    labels = _labels(chosen, site, share, everywhere, rng)
    return Ground(chosen, degrees[keep], labels, codes, names, site, share)


def _shares(
    site: NDArray[np.int64],
    apart: NDArray[np.float64],
    everywhere: list[Site],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Share of its site that falls on each point: a few take most, near the middle first."""
    share = np.zeros(len(site))
    for number in np.unique(site[site >= 0]):
        members = np.flatnonzero(site == number)
        order = np.argsort(apart[members] + rng.uniform(0, 0.5, len(members)))
        steep = STEEPNESS.get(everywhere[number].kind, 1.0)
        weight = 1 / np.arange(1, len(members) + 1) ** steep
        share[members[order]] = weight / weight.sum()
    return share


def _labels(
    points: SnapPoints,
    site: NDArray[np.int64],
    share: NDArray[np.float64],
    everywhere: list[Site],
    rng: np.random.Generator,
) -> NDArray[np.str_]:
    """Name of each point as published: its street, or what stands there."""
    labels = points.street.astype("<U48")
    chance = rng.random(len(labels))
    for kind, stands in crimes()["scattered"].items():
        low = 0.0
        for name, wide in stands.items():
            labels[(points.kind == kind) & (chance >= low) & (chance < low + wide)] = name
            low += wide
    for number, place in enumerate(everywhere):
        members = np.flatnonzero(site == number)
        busiest = members[np.argsort(-share[members], kind="stable")]
        landmarks = crimes()["landmarks"][place.kind]
        for point, name in zip(busiest, landmarks, strict=False):
            labels[point] = name or labels[point]
    return labels


def _small_areas(
    coordinates: NDArray[np.float64], home: NDArray[np.int64], areas: list[Ward]
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Code and name of the made-up small area of each point: slices of its ward."""
    codes = np.full(len(home), "", dtype="<U9")
    names = np.full(len(home), "", dtype="<U60")
    next_code, seen = 1, dict.fromkeys((ward.town for ward in areas), 0)
    for number, ward in enumerate(areas):
        seen[ward.town] += 1
        members = np.flatnonzero(home == number)
        middle = coordinates[members].mean(axis=0)
        turn = np.arctan2(*(coordinates[members] - middle).T[::-1]) / (2 * np.pi) + 0.5
        count = max(2, round(ward.residents * AREAS_PER_RESIDENT))
        part = np.minimum((turn * count).astype(int), count - 1)
        for piece in range(count):
            chosen = members[part == piece]
            codes[chosen] = f"S01{next_code:06d}"
            letter = chr(ord("A") + piece)
            names[chosen] = f"Illustrative {ward.town} {seen[ward.town]:03d}{letter}"
            next_code += 1
    return codes, names
