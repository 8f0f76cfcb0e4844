"""
Outlines as the map is told of them: hotspots, patrol areas, and ground kept out by hand.

Each item says what kind it is. A hotspot is a finding and a patrol area is a piece of
work; the map draws them by kind, and never one as the other.
"""

import base64
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views.context import to_degrees

HOTSPOT: Final = "hotspot"
AREA: Final = "area"
EXCLUDED: Final = "excluded"
PLAN: Final = "plan"
_TOLERANCE_M: Final = 1.5
# Letters of an outline's streets that its card has room for.
_STREETS_SHOWN: Final = 60
_BY_HAND: Final = {"pinned": "pinned by hand", "nudged": "moved by hand"}


def packed(values: NDArray[Any], kind: str) -> str:
    """Numbers as text that the map's script reads back whole."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()


def millionths(
    easting_northing: NDArray[np.float64], grid: str = BRITISH_NATIONAL_GRID
) -> NDArray[np.int32]:
    """Longitude and latitude in millionths of a degree, about a tenth of a metre."""
    return np.round(to_degrees(easting_northing, grid) * 1e6).astype("<i4")


def hotspot_data(hotspots: Hotspots, grid: str = BRITISH_NATIONAL_GRID) -> dict[str, Any]:
    """Hotspots with their words, by rank."""
    rows = hotspots.drop(columns="geometry").to_dict("records")
    items = [
        {
            "number": number,
            "sign": str(number),
            "kind": HOTSPOT,
            "key": row["key"],
            "single": bool(row["single_place"]),
            **_hotspot_words(number, row),
        }
        for number, row in zip(hotspots.index.tolist(), rows, strict=True)
    ]
    return with_items(hotspots.geometry.to_numpy(), items, grid)


def area_data(areas: PatrolAreas, grid: str = BRITISH_NATIONAL_GRID) -> dict[str, Any]:
    """Patrol areas with their words, in their order."""
    rows = areas.drop(columns="geometry").to_dict("records")
    items = [
        {
            "number": number,
            "sign": f"P{number}",
            "kind": AREA,
            "key": row["key"],
            "single": False,
            **_area_words(number, row),
        }
        for number, row in zip(areas.index.tolist(), rows, strict=True)
    ]
    return with_items(areas.geometry.to_numpy(), items, grid)


def excluded_data(
    excluded: BaseGeometry | None, grid: str = BRITISH_NATIONAL_GRID
) -> dict[str, Any]:
    """Ground that people kept out, without words."""
    parts: list[BaseGeometry] = [] if excluded is None else list(shapely.get_parts(excluded))
    shapes = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    items: list[dict[str, Any]] = [
        {"number": number, "kind": EXCLUDED, "key": "", "single": False}
        for number in range(1, len(shapes) + 1)
    ]
    return with_items(np.array(shapes, dtype=np.object_), items, grid)


def with_items(
    shapes: NDArray[Any], items: list[dict[str, Any]], grid: str = BRITISH_NATIONAL_GRID
) -> dict[str, Any]:
    """Outlines and their items, packed; each item gains its number of rings and its middle."""
    outlines = shapely.simplify(shapes, _TOLERANCE_M)
    rings, owner = shapely.get_rings(outlines, return_index=True)
    middle = to_degrees(shapely.get_coordinates(shapely.point_on_surface(outlines)), grid)
    number_of_rings = np.bincount(owner, minlength=len(outlines))
    return {
        "places": packed(millionths(shapely.get_coordinates(rings), grid), "<i4"),
        "rings": packed(shapely.get_num_coordinates(rings), "<u4"),
        "items": [
            {**item, "rings": int(count), "at": [round(float(x), 6), round(float(y), 6)]}
            for item, count, (x, y) in zip(items, number_of_rings, middle, strict=True)
        ],
    }


def _hotspot_words(number: int, row: dict[Any, Any]) -> dict[str, Any]:
    reports, short, ward = _held(row)
    kind = "one place" if row["single_place"] else f"{row['area_ha']:.1f} ha"
    return {
        "title": f"Hotspot {number}",
        "summary": f"{reports}, {short}" if short else reports,
        "label": f"Hotspot {number}: {reports}, {short or 'no street named'}, {ward}, {kind}",
        "facts": [
            ["Reports", f"{row['incidents']:,} ({row['per_month']:.1f} a month)"],
            ["Where", short or "no street named"],
            ["Ward", ward],
        ],
    }


def _area_words(number: int, row: dict[Any, Any]) -> dict[str, Any]:
    reports, short, ward = _held(row)
    where = f"mostly in hotspot {row['hotspot']}" if row["hotspot"] else "in no hotspot"
    by_hand = _BY_HAND.get(row["edit"], "")
    said = [reports, short or "no street named", ward, f"{row['area_ha']:.1f} ha", where, by_hand]
    return {
        "title": f"Patrol area P{number}",
        "summary": f"{reports}, {short}" if short else reports,
        "label": f"Patrol area {number}: {', '.join(part for part in said if part)}",
        "facts": [
            ["Reports", f"{row['incidents']:,} inside, adds {row['adds']:,}"],
            ["Where", short or "no street named"],
            ["Ward", ward],
            ["Ground", f"{row['area_ha']:.1f} ha, {where}"],
            *([["By hand", by_hand]] if by_hand else []),
        ],
    }


def _held(row: dict[Any, Any]) -> tuple[str, str, str]:
    """Reports, streets as far as there is room, and ward of an outline, in words."""
    reports = f"{row['incidents']:,} report{'' if row['incidents'] == 1 else 's'}"
    streets = str(row["streets"])
    long = len(streets) > _STREETS_SHOWN
    short = streets[:_STREETS_SHOWN].rstrip(", ;") + " …" if long else streets
    return reports, short, str(row["ward_name"]) or "no ward"
