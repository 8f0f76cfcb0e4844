"""
Quarters of the illustrative towns, and the streets inside each.

A town is cut into quarters: small ones in the middle, larger ones outside. Inside
each, streets follow what is usual for its age: short blocks in the centre, terraces
round it, crescents and closes beyond, some works, some parks.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.sources.sample_places import Points, Town, Warp

NAMES_FILE: Final = Path(__file__).with_name("sample_names.toml")
# Between streets, between their cross streets, and between snap points, metres.
BLOCKS_M: Final = {
    "centre": (75, 120, 80),
    "terrace": (85, 190, 110),
    "crescents": (115, 230, 165),
    "estate": (105, 170, 125),
    "industry": (190, 330, 260),
}
# Streets round a place where reports gather, and the room it needs to be a quarter.
SITE_QUARTERS: Final = {
    "nightlife": "centre",
    "station": "centre",
    "retail": "estate",
    "estate": "estate",
    "park": "terrace",
    "carpark": "centre",
}
ROOM_M: Final = 170
VILLAGE: Final = 3


@cache
def name_lists() -> dict[str, Any]:
    """Words that street names are made of; read once, never changed."""
    return tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))


def town_ground(town: Town, rng: np.random.Generator) -> shapely.Polygon:
    """Built-up ground of a town: an uneven round."""
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    reach = np.ones_like(turn)
    for waves, size in ((2, 0.14), (3, 0.12), (5, 0.09), (8, 0.05)):
        reach = reach + size * np.sin(waves * turn + rng.uniform(0, 2 * np.pi))
    ring = np.column_stack([np.cos(turn), np.sin(turn)]) * (reach * town.radius_m)[:, None]
    return shapely.Polygon(ring + town.centre)


def quarter_middles(
    town: Town, ground: BaseGeometry, first: Points, rng: np.random.Generator
) -> Points:
    """Middles of the quarters: `first`, then dart throwing, closer together near the centre."""
    centre = np.array(town.centre)
    darts = centre + rng.uniform(-1.35, 1.35, (int(town.radius_m * 1.2), 2)) * town.radius_m
    darts = np.vstack([first, darts[shapely.contains_xy(ground, darts)]])
    reach = np.hypot(*(darts - centre).T)
    room = np.minimum(230 + 0.2 * reach, 620)
    kept = list(range(len(first)))
    for number, dart in enumerate(darts[len(first) :], start=len(first)):
        if all(np.hypot(*(darts[other] - dart)) >= room[number] for other in kept):
            kept.append(number)
    return darts[kept]


def quarter_kind(reach: float, town: Town, rng: np.random.Generator) -> str:
    """What a quarter is like, by its distance from the middle as a share of the radius."""
    if reach * town.radius_m < 150 + 0.11 * town.radius_m:
        return "centre"
    if town.size == VILLAGE:
        return str(rng.choice(["crescents", "terrace", "estate", "fields"], p=[0.6, 0.2, 0.1, 0.1]))
    if reach < 0.42:  # noqa: PLR2004 the Victorian ring, about two fifths of the way out
        return str(rng.choice(["terrace", "estate", "green"], p=[0.85, 0.11, 0.04]))
    outer = ["crescents", "estate", "industry", "green", "fields"]
    edge = 0.2 if reach > 0.75 else 0.03  # noqa: PLR2004 towns fray at the edge
    return str(rng.choice(outer, p=[0.7 - edge, 0.15, 0.1, 0.05, edge]))


def streets_of(
    kind: str, patch: BaseGeometry, rng: np.random.Generator
) -> tuple[list[shapely.LineString], list[shapely.LineString]]:
    """Streets of one quarter, and the short links that join them."""
    across, along, _ = BLOCKS_M[kind]
    middle = shapely.get_coordinates(patch.centroid)[0]
    reach = float(shapely.minimum_bounding_radius(patch)) + across
    turn = rng.uniform(0, np.pi)
    rows = np.arange(-reach, reach, across)
    rows = rows + rng.uniform(-0.14, 0.14, len(rows)) * across
    steps = np.arange(-reach, reach, 35.0)
    bend = 0.0 if kind in {"centre", "terrace"} else rng.choice([-1, 1]) / rng.uniform(260, 700)
    ends = np.arange(-reach, reach, along) + rng.uniform(0, along)
    cells = [(row, end + rng.uniform(-25, 25)) for row in rows[:-1] for end in ends]
    kept = rng.random(len(cells)) < (0.75 if kind in {"centre", "terrace"} else 0.5)
    ways = [np.column_stack([steps, np.full_like(steps, row)]) for row in rows]
    joins = [
        np.array([[end, row], [end, row + 1.1 * across]])
        for (row, end), keep in zip(cells, kept, strict=True)
        if keep
    ]
    local = Warp.random(rng, wavelength_m=700, amplitude_m=8 if bend == 0 else 24)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def placed(points: Points) -> shapely.LineString:
        bent = points + np.column_stack([np.zeros(len(points)), bend * points[:, 0] ** 2 / 2])
        east = bent[:, 0] * spin[0, 0] + bent[:, 1] * spin[1, 0]
        north = bent[:, 0] * spin[0, 1] + bent[:, 1] * spin[1, 1]
        return shapely.LineString(local(np.column_stack([east, north]) + middle))

    gaps = 0.06 if kind in {"centre", "terrace"} else 0.13
    ways = [part for way in ways for part in _gapped(way, gaps, rng)]
    clipped = [part for way in ways for part in line_parts(placed(way).intersection(patch))]
    links = [part for join in joins for part in line_parts(placed(join).intersection(patch))]
    return [line for line in clipped if line.length > across * 0.7], links


def _gapped(way: Points, share: float, rng: np.random.Generator) -> list[Points]:
    """A way with some stretches of a hundred metres left out, which makes closes of it."""
    open_ = np.repeat(rng.random(len(way) // 3 + 1) >= share, 3)[: len(way)]
    cuts = np.flatnonzero(np.diff(open_.astype(int))) + 1
    runs = np.split(np.arange(len(way)), cuts)
    return [way[run] for run in runs if open_[run[0]] and len(run) > 1]


def street_names(
    kind: str, count: int, used: frozenset[str], rng: np.random.Generator
) -> list[str]:
    """Names not yet used in the town; a quarter shares a theme."""
    if kind == "centre":
        pool = list(rng.permutation(name_lists()["centre"]))
    else:
        themes = name_lists()["themes"]
        theme = "works" if kind == "industry" else str(rng.choice(sorted(set(themes) - {"works"})))
        suffixes = name_lists()["suffixes"][kind]
        pool = [f"{word} {rng.choice(suffixes)}" for word in rng.permutation(themes[theme])]
    fresh = [name for name in pool if name not in used] or pool
    return [str(fresh[number % len(fresh)]) for number in range(count)]


def line_parts(shape: BaseGeometry) -> list[shapely.LineString]:
    """Lines of any shape, specks left out."""
    return [
        part
        for part in shapely.get_parts(shape)
        if part.geom_type == "LineString" and part.length > 1
    ]


def polygon_parts(shape: BaseGeometry) -> list[shapely.Polygon]:
    """Polygons of any shape, empty ones left out."""
    return [
        part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0
    ]
