"""
The illustrative county: its towns, its outline and the areas it is divided into.

Towns stand about where the real ones do (`sample_towns.toml`); everything between
them is made up. Nothing here is copied from an official boundary.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

TOWNS_FILE: Final = Path(__file__).with_name("sample_towns.toml")
AREA_DECIMALS: Final = 5
STEP_M: Final = 160.0
# The published transformation from the grid to WGS 84, spelled out so that a grid
# shift file on one machine cannot move the sample by metres.
_TO_DEGREES: Final = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 "
    "+y_0=-100000 +ellps=airy +step +proj=push +v_3 +step +proj=cart +ellps=airy "
    "+step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 "
    "+s=-20.489 +convention=position_vector +step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Warp:
    """
    A smooth push of the plane, so that straight lines come out as drawn by hand.

    The push is a sum of sine waves; it keeps neighbours neighbours, so areas that
    shared an edge still share it.
    """

    waves: Points
    phases: Points
    amplitude_m: float

    @classmethod
    def random(cls, rng: np.random.Generator, *, wavelength_m: float, amplitude_m: float) -> "Warp":
        """Push with a typical wavelength and size."""
        turn = rng.uniform(0, 2 * np.pi, 6)
        size = 2 * np.pi / (wavelength_m * rng.uniform(0.75, 1.5, 6))
        waves = np.column_stack([np.cos(turn), np.sin(turn)]) * size[:, None]
        return cls(waves, rng.uniform(0, 2 * np.pi, (6, 2)), amplitude_m)

    def push(self, points: Points) -> Points:
        """How far each point moves, metres."""
        angle = points[:, :1] * self.waves[:, 0] + points[:, 1:] * self.waves[:, 1]
        east = np.sin(angle + self.phases[:, 0]).sum(axis=1)
        north = np.sin(angle + self.phases[:, 1]).sum(axis=1)
        return np.column_stack([east, north]) * (self.amplitude_m / 2.4)

    def __call__(self, points: Points) -> Points:
        """Points, moved."""
        return points + self.push(points)

    def undo(self, points: Points) -> Points:
        """Where points were before they were moved, to a metre or so."""
        before = points
        for _ in range(25):
            before = points - self.push(before)
        return before


@dataclass(frozen=True)
class Town:
    """One town or village; size 1 is a large town, 3 a village."""

    name: str
    centre: tuple[float, float]
    size: int
    radius_m: float
    liveliness: float


@dataclass(frozen=True)
class Site:
    """A place where reports gather: `rate` reports in an average month of 2023."""

    name: str
    kind: str
    easting: float
    northing: float
    radius_m: float
    rate: float


@dataclass(frozen=True)
class Ward:
    """One ward-like area; its polygon is in rounded degrees."""

    code: str
    name: str
    authority_code: str
    authority: str
    residents: int
    town: str
    polygon: BaseGeometry


@cache
def tables() -> dict[str, Any]:
    """Everything that was drawn by hand; read once, never changed."""
    return tomllib.loads(TOWNS_FILE.read_text(encoding="utf-8"))


def towns() -> list[Town]:
    """Towns and villages, largest first."""
    return [
        Town(row["name"], _metres(row["at"]), row["size"], row["radius_m"], row["liveliness"])
        for row in tables()["towns"]
    ]


def sites() -> list[Site]:
    """Places where reports gather in every year."""
    return [
        Site(row["name"], row["kind"], *_metres(row["at"]), row["radius_m"], row["rate"])
        for row in tables()["sites"]
    ]


def to_degrees(points: Points, *, decimals: int) -> Points:
    """Longitude and latitude of grid metres, rounded."""
    transformer = Transformer.from_pipeline(_TO_DEGREES)
    degrees = transformer.transform(points[:, 0], points[:, 1])
    rounded: Points = np.round(np.column_stack(degrees), decimals)
    return rounded


def in_degrees(shape: BaseGeometry) -> BaseGeometry:
    """Shape in rounded longitude and latitude."""
    return shapely.transform(shape, lambda points: to_degrees(points, decimals=AREA_DECIMALS))


def outline(seed: int) -> shapely.Polygon:
    """Edge of the county: the hand-drawn ring with a natural wobble, grid metres."""
    rng = np.random.default_rng([seed, 1])
    ring = shapely.segmentize(shapely.Polygon(np.array(tables()["outline"]) * 1000), STEP_M)
    for wavelength_m, amplitude_m in ((3000, 180), (900, 45)):
        warp = Warp.random(rng, wavelength_m=wavelength_m, amplitude_m=amplitude_m)
        ring = shapely.transform(ring, warp)
    return shapely.Polygon(ring)


def drawn_line(row: dict[str, Any], rng: np.random.Generator) -> shapely.LineString:
    """A road, railway or river of the tables, its corners rounded and wandering a little."""
    centres = {town.name: town.centre for town in towns()}
    points = np.array(
        [centres[stop] if isinstance(stop, str) else np.array(stop) * 1000 for stop in row["path"]]
    )
    for _ in range(3):  # Chaikin's corner cutting; the ends stay
        first, last = points[:-1], points[1:]
        cut = np.stack([0.75 * first + 0.25 * last, 0.25 * first + 0.75 * last], axis=1)
        points = np.vstack([points[:1], cut.reshape(-1, 2), points[-1:]])
    lively = row["kind"] == "water" and row["class"] == "river"
    warp = Warp.random(rng, wavelength_m=1500, amplitude_m=90 if lively else 28)
    line = shapely.segmentize(shapely.LineString(points), 150)
    return shapely.LineString(warp(shapely.get_coordinates(line)))


def drawn_lines(seed: int) -> list[tuple[dict[str, Any], shapely.LineString]]:
    """Every line of the tables with its row."""
    return [
        (row, drawn_line(row, np.random.default_rng([seed, 3, number])))
        for number, row in enumerate(tables()["lines"])
    ]


def drawn_areas(seed: int) -> list[tuple[dict[str, Any], shapely.Polygon]]:
    """Tidal water and large greens of the tables with their rows."""
    warp = Warp.random(np.random.default_rng([seed, 4]), wavelength_m=1400, amplitude_m=90)
    return [
        (row, shapely.Polygon(warp(shapely.get_coordinates(shapely.segmentize(ring, 180)))))
        for row in tables()["areas"]
        for ring in [shapely.LinearRing(np.array(row["ring"]) * 1000)]
    ]


def wards(seed: int) -> list[Ward]:
    """
    Ward-like areas that tile the county.

    Each stands round one seed point of the tables: the Voronoi cell of that point,
    drawn in a warped plane so that its edges wander as parish boundaries do. Edges
    are cut once and shared, so there is neither gap nor overlap, rounding included.
    """
    rng = np.random.default_rng([seed, 2])
    rows = [
        (name, row["authority"], residents, row["name"], *(np.array(row["at"]) * 1000 + (dx, dy)))
        for row in tables()["towns"]
        for name, dx, dy, residents in row["wards"]
    ]
    seeds = np.array([row[4:] for row in rows], dtype=np.float64)
    faces = _tessellate(seeds, outline(seed), rng)
    names = tables()["authorities"]
    order = sorted(range(len(rows)), key=lambda number: (rows[number][1], rows[number][0]))
    found = []
    for place, number in enumerate(order, start=1):
        name, authority, residents, town = rows[number][:4]
        polygon = shapely.orient_polygons(shapely.normalize(faces[number]))
        codes = f"X05{place:06d}", f"X06{authority + 1:06d}"
        found.append(Ward(codes[0], name, codes[1], names[authority], residents, town, polygon))
    return found


def _tessellate(
    seeds: Points, county: shapely.Polygon, rng: np.random.Generator
) -> list[BaseGeometry]:
    """
    One polygon round each seed, in the order of the seeds; together, the county.

    Lines are crossed and joined on the grid of rounded degrees, so that rounding
    cannot fold an area over its neighbour afterwards.
    """
    broad = Warp.random(rng, wavelength_m=5200, amplitude_m=230)
    fine = Warp.random(rng, wavelength_m=1300, amplitude_m=60)
    before = broad.undo(fine.undo(seeds))
    edges = shapely.voronoi_polygons(
        shapely.MultiPoint(before), extend_to=county.buffer(9000), only_edges=True
    )
    drawn = shapely.transform(shapely.segmentize(edges, STEP_M), lambda points: fine(broad(points)))
    edge, cuts = in_degrees(county.exterior), in_degrees(drawn)
    lines = shapely.union_all([edge, cuts], grid_size=10.0**-AREA_DECIMALS)
    within = shapely.Polygon(shapely.get_coordinates(edge))
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        if within.contains(face.representative_point())
    ]
    spots = to_degrees(seeds, decimals=AREA_DECIMALS)
    owners: dict[int, list[shapely.Polygon]] = {number: [] for number in range(len(seeds))}
    stray = []
    for face in faces:
        inside = [number for number in owners if shapely.contains_xy(face, *spots[number])]
        if inside:
            owners[inside[0]].append(face)
        else:
            stray.append(face)
    homes = {number: parts[0] for number, parts in owners.items()}
    for face in stray:  # a corner cut off by the coast goes to the area it touches most
        shared = {n: home.boundary.intersection(face.boundary).length for n, home in homes.items()}
        owners[max(shared, key=lambda number: shared[number])].append(face)
    whole = [shapely.coverage_union_all(parts) for parts in owners.values()]
    return [shapely.transform(shape, lambda at: at.round(AREA_DECIMALS)) for shape in whole]


def _metres(kilometres: list[float]) -> tuple[float, float]:
    return kilometres[0] * 1000.0, kilometres[1] * 1000.0
