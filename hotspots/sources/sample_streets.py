"""
Streets of the illustrative county, and the snap points along them.

Between the quarters of a town run its distributor roads, through it the main roads of
the county; villages and hamlets hang on country lanes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from hotspots.sources.sample_places import (
    Points,
    Site,
    Town,
    Warp,
    drawn_areas,
    drawn_lines,
    outline,
    towns,
)
from hotspots.sources.sample_quarters import (
    BLOCKS_M,
    ROOM_M,
    SITE_QUARTERS,
    line_parts,
    name_lists,
    polygon_parts,
    quarter_kind,
    quarter_middles,
    street_names,
    streets_of,
    town_ground,
)

MAIN_ROAD_POINTS_M: Final = 125
LANE_POINTS_M: Final = 1300
CLOSEST_POINTS_M: Final = 48
PARK_POINTS: Final = 6
LANE_TOWN: Final = -1


@dataclass(frozen=True)
class Street:
    """One street: what it is called, what it is like, and the town it is in."""

    name: str
    kind: str
    town: int
    line: shapely.LineString


@dataclass(frozen=True)
class Network:
    """Everything that is drawn: named streets, short links between them, and greens."""

    streets: list[Street]
    links: list[tuple[int, shapely.LineString]]
    distributors: list[tuple[int, shapely.LineString]]
    greens: list[shapely.Polygon]


@dataclass(frozen=True)
class SnapPoints:
    """The places that can hold an incident, one row each."""

    coordinates: Points
    kind: NDArray[np.str_]
    street: NDArray[np.str_]
    town: NDArray[np.int64]


def network(seed: int, sites: list[Site]) -> Network:
    """Streets of every town and lane of the county; parks among the sites stay open."""
    lines, areas = drawn_lines(seed), drawn_areas(seed)
    width = {"motorway": 75, "rail": 18, "river": 28, "canal": 16}
    parks = [_blob(site, np.random.default_rng([seed, 5, n])) for n, site in enumerate(sites)]
    greens = [park for park, site in zip(parks, sites, strict=True) if site.kind == "park"]
    walls = shapely.union_all(
        [line.buffer(width[row["class"]]) for row, line in lines if row["class"] in width]
        + [area.buffer(40) for row, area in areas if row["kind"] == "water"]
        + greens
    )
    mains = [(row["name"], line) for row, line in lines if row["class"] == "main"]
    parts = [Network([], [], [], greens)]
    taken: BaseGeometry = walls
    built: BaseGeometry = shapely.Polygon()
    for number, town in enumerate(towns()):
        rng = np.random.default_rng([seed, 6, number])
        ground = town_ground(town, rng).difference(taken)
        taken = taken.union(ground.buffer(90))
        built = built.union(ground.buffer(-15))
        parts.append(_town_network(number, ground, sites, rng))
        through = _through_town(number, town, ground.buffer(40), mains)
        parts.append(Network(through, [], [], []))
    country = outline(seed).difference(built)
    lanes = _lanes(country.difference(walls), np.random.default_rng([seed, 7]))
    lanes += [
        Street(name, "lane", LANE_TOWN, part)
        for name, line in mains
        for part in line_parts(line.intersection(country))
    ]
    parts.append(Network(lanes, [], [], []))
    return Network(
        [street for part in parts for street in part.streets],
        [link for part in parts for link in part.links],
        [road for part in parts for road in part.distributors],
        [green for part in parts for green in part.greens],
    )


def snap_points(streets: Network, seed: int) -> SnapPoints:
    """Points along the streets, no two closer than `CLOSEST_POINTS_M`."""
    rng = np.random.default_rng([seed, 8])
    places, rows = [], []
    for street in streets.streets:
        gap = BLOCKS_M.get(street.kind, (0, 0, MAIN_ROAD_POINTS_M))[2]
        gap = LANE_POINTS_M if street.kind == "lane" else gap
        count = int(street.line.length / gap + rng.uniform(0.3, 0.9))
        along = (np.arange(count) + rng.uniform(0.25, 0.75, count)) / max(count, 1)
        places.append(
            np.asarray(shapely.line_interpolate_point(street.line, along, normalized=True))
        )
        rows += [(street.kind, street.name, street.town)] * count
    for green in streets.greens:
        west, south, east, north = green.bounds
        darts = np.column_stack([rng.uniform(west, east, 60), rng.uniform(south, north, 60)])
        spots = darts[shapely.contains_xy(green, darts)][:PARK_POINTS]
        places.append(np.asarray(shapely.points(spots)))
        home = int(np.argmin([shapely.Point(t.centre).distance(green) for t in towns()]))
        rows += [("park", "Park/Open Space", home)] * len(spots)
    coordinates = shapely.get_coordinates(np.concatenate(places))
    keep = _thin(coordinates, CLOSEST_POINTS_M, rng)
    kind, name, town = (np.array(column)[keep] for column in zip(*rows, strict=True))
    return SnapPoints(coordinates[keep], kind, name, town)


def _town_network(
    number: int, ground: BaseGeometry, sites: list[Site], rng: np.random.Generator
) -> Network:
    """Streets and greens of one town, quarter by quarter."""
    town = towns()[number]
    here = [
        (site, spot)
        for site in sites
        for spot in [np.array([site.easting, site.northing])]
        if ROOM_M < np.hypot(*(spot - town.centre)) < 1.2 * town.radius_m
    ]
    given = ["centre", *(SITE_QUARTERS[site.kind] for site, _ in here)]
    first = np.array([town.centre, *(spot for _, spot in here)])
    seeds = quarter_middles(town, ground, first, rng)
    warp = Warp.random(rng, wavelength_m=800, amplitude_m=42)
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(seeds), extend_to=ground.buffer(900), ordered=True
    )
    found = Network([], [], [], [])
    built = []
    for place, cell in enumerate(shapely.get_parts(cells)):
        reach = float(np.hypot(*(seeds[place] - town.centre))) / town.radius_m
        kind = quarter_kind(reach, town, rng)
        kind = given[place] if place < len(given) else kind
        patch = shapely.transform(shapely.segmentize(cell, 60), warp).intersection(ground)
        if kind == "green":
            found.greens.extend(polygon_parts(patch.buffer(-25).simplify(8))[:1])
        if kind in BLOCKS_M and not patch.is_empty:
            built.append(patch)
            lines, links = streets_of(kind, patch, rng)
            used = frozenset(street.name for street in found.streets)
            names = street_names(kind, len(lines), used, rng)
            found.streets.extend(
                Street(name, kind, number, line) for name, line in zip(names, lines, strict=True)
            )
            found.links.extend((number, link) for link in links)
    if len(built) > 1:
        edges = shapely.union_all(
            [patch.exterior for part in built for patch in polygon_parts(part)]
        )
        inner = edges.intersection(ground.buffer(-30))
        merged = shapely.line_merge(inner)
        found.distributors.extend((number, line) for line in line_parts(merged))
    return found


def _through_town(
    number: int,
    town: Town,
    ground: BaseGeometry,
    mains: list[tuple[str, shapely.LineString]],
) -> list[Street]:
    """Main roads where they pass through a town; the middle of one is its High Street."""
    middle = shapely.Point(town.centre).buffer(120 + 0.09 * town.radius_m)
    names = iter(name_lists()["centre"])
    found: list[Street] = []
    for name, line in mains:
        inside = line.intersection(ground)
        inner, outer = inside.intersection(middle), inside.difference(middle)
        found += [Street(next(names), "main", number, part) for part in line_parts(inner)]
        found += [Street(name, "main", number, part) for part in line_parts(outer)]
    return found


def _lanes(country: BaseGeometry, rng: np.random.Generator) -> list[Street]:
    """Country lanes: hamlets and villages, each joined to its relative neighbours."""
    west, south, east, north = country.bounds
    darts = np.column_stack([rng.uniform(west, east, 900), rng.uniform(south, north, 900)])
    darts = darts[shapely.contains_xy(country, darts)]
    hamlets = darts[_thin(darts, 1700, rng)]
    nodes = np.vstack([hamlets, [town.centre for town in towns()]])
    apart = np.hypot(*(nodes[:, None] - nodes[None, :]).transpose(2, 0, 1))
    warp = Warp.random(rng, wavelength_m=1300, amplitude_m=110)
    names = name_lists()["rural"]
    found = []
    for one in range(len(nodes)):
        for other in range(one + 1, len(nodes)):
            far = np.maximum(apart[one], apart[other])
            far[[one, other]] = np.inf
            if far.min() < apart[one, other]:
                continue
            straight = shapely.segmentize(shapely.LineString(nodes[[one, other]]), 190)
            line = shapely.transform(straight, warp).intersection(country)
            name = str(rng.choice(names))
            found += [Street(name, "lane", LANE_TOWN, part) for part in line_parts(line)]
    return found


def _blob(site: Site, rng: np.random.Generator) -> shapely.Polygon:
    """An uneven round of ground, three quarters of a site's radius."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = 0.78 + 0.12 * np.sin(2 * turn + rng.uniform(0, 6)) + 0.08 * np.sin(3 * turn)
    ring = np.column_stack([1.25 * np.cos(turn), 0.8 * np.sin(turn)]) * reach[:, None]
    return shapely.Polygon(ring * site.radius_m + (site.easting, site.northing))


def _thin(points: Points, closest_m: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions of points that keep their distance, chosen in random order."""
    near = KDTree(points).query_ball_point(points, closest_m)
    gone = np.zeros(len(points), dtype=bool)
    for number in rng.permutation(len(points)):
        if not gone[number]:
            gone[near[number]] = True
            gone[number] = False
            near[number] = []
    return np.flatnonzero(~gone)
