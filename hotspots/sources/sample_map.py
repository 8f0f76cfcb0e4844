"""The illustrative county as GeoJSON: its areas, its place names and its base map."""

import json
from collections.abc import Iterable
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.sources.sample_places import Town, Ward, drawn_areas, drawn_lines, in_degrees
from hotspots.sources.sample_quarters import line_parts, polygon_parts
from hotspots.sources.sample_streets import LANE_TOWN, Network

# What is left out of a line when it is drawn, metres: less where people look closely.
DETAIL_M: Final = {"motorway": 10, "main": 7, "street": 11, "lane": 24, "rail": 12}
SHORTEST_DRAWN_M: Final = 80

Feature = tuple[dict[str, Any], BaseGeometry]


def features(rows: Iterable[Feature]) -> str:
    """Feature collection as text, one feature on a line; shapes are in degrees."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(shape),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, shape in rows
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def wards_of(areas: list[Ward]) -> list[Feature]:
    """Areas with the property names that the ONS gives its wards."""
    return [
        (
            {
                "WD25CD": ward.code,
                "WD25NM": ward.name,
                "LAD25CD": ward.authority_code,
                "LAD25NM": ward.authority,
            },
            ward.polygon,
        )
        for ward in areas
    ]


def places_of(named: list[Town]) -> list[Feature]:
    """Points to write the names of towns at."""
    return [
        ({"name": town.name, "size": town.size}, _degrees(shapely.Point(town.centre)))
        for town in named
    ]


def basemap(streets: Network, seed: int) -> list[Feature]:
    """Water, greens, railways and roads, in the order they are to be drawn."""
    lines, areas = drawn_lines(seed), drawn_areas(seed)
    found: list[Feature] = [
        ({"kind": row["kind"], "class": row["class"], "name": row["name"]}, _degrees(area))
        for row, area in areas
    ]
    greens = [part for green in streets.greens for part in polygon_parts(green.simplify(10))]
    found.append(({"kind": "green", "class": "park"}, _degrees(shapely.MultiPolygon(greens))))
    found += [
        (
            {"kind": row["kind"], "class": row["class"], "name": row["name"]},
            _degrees(line.simplify(DETAIL_M["rail"])),
        )
        for row, line in lines
        if row["kind"] != "road"
    ]
    found += _street_features(streets)
    for wanted in ("main", "motorway"):
        found += [
            (
                {"kind": "road", "class": wanted, "name": row["name"]},
                _degrees(line.simplify(DETAIL_M[wanted])),
            )
            for row, line in lines
            if row["class"] == wanted
        ]
    return found


def _street_features(streets: Network) -> list[Feature]:
    """Streets of one town together in one feature; lanes of the county in another."""
    by_town: dict[int, list[shapely.LineString]] = {}
    for street in streets.streets:
        if street.kind != "main":
            by_town.setdefault(street.town, []).append(street.line)
    for town, line in [*streets.links, *streets.distributors]:
        by_town[town].append(line)
    found: list[Feature] = []
    for town in sorted(by_town):
        detail = DETAIL_M["lane" if town == LANE_TOWN else "street"]
        drawn = [
            part
            for line in by_town[town]
            if line.length > SHORTEST_DRAWN_M
            for part in line_parts(line.simplify(detail))
        ]
        shape = _degrees(shapely.MultiLineString(drawn))
        found.append(({"kind": "road", "class": "street"}, shape))
    return found


def _degrees(shape: BaseGeometry) -> BaseGeometry:
    """Shape in degrees, rounded."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        shape = shapely.orient_polygons(shape)
    return in_degrees(shape)
