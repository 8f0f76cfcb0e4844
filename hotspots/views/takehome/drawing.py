"""Pictures of what is public as SVG: a shaded map with its key, bars, and a code to scan."""

import io
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import numpy as np
import segno
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.publish.story import Story
from hotspots.tables.wards import Wards
from hotspots.views import palette
from hotspots.views.shading import Shade

# Outlines keep their form to about this many metres; pixels of a picture.
_TOLERANCE_M: Final = 40.0
# How much of what lies round an area is shown with it.
_ROUND_M: Final = 2500.0
_WIDTH: Final = 900
_TALLEST: Final = 720
_UNSHADED: Final = "#FFFFFF"
_EDGE: Final = "#5B626B"


@dataclass(frozen=True)
class Key:
    """One class of a shaded map: its colour and what it spans."""

    colour: str
    span: str


def key(shade: Shade) -> list[Key]:
    """Classes of a shaded map, few to many."""
    labels: Any = shade.as_data()["labels"]
    return [Key(palette.SEQUENTIAL[i], str(span)) for i, span in enumerate(labels)]


def map_svg(ground: Wards, shade: Shade, *, label: str, around: BaseGeometry | None = None) -> str:
    """
    Areas in up to five shades of one hue.

    Parameters
    ----------
    ground
        Areas to draw.
    shade
        Their figures; an area without one is white.
    label
        What the picture is, for those who cannot see it.
    around
        One area that the picture is about: outlined, with what lies round it.
    """
    data = shade.as_data()
    classes, texts = _by_code(data["classes"]), _by_code(data["texts"])
    shapes = shapely.coverage_simplify(ground.geometry.to_numpy(), _TOLERANCE_M)
    seen = shapes
    if around is not None:
        seen = np.array([shapely.box(*shapely.buffer(around, _ROUND_M).bounds)])
    west, south, east, north = shapely.total_bounds(seen)
    scale = min(_WIDTH / (east - west), _TALLEST / (north - south))
    width, height = round((east - west) * scale), round((north - south) * scale)
    parts = []
    for code, name, shape in zip(ground.index, ground["name"], shapes, strict=True):
        step = classes.get(str(code))
        colour = _UNSHADED if step is None else palette.SEQUENTIAL[int(step)]
        figure = f": {texts[str(code)]}" if str(code) in texts else ""
        path = _path(shape, west, north, scale)
        title = f"<title>{escape(str(name))}{escape(figure)}</title>"
        parts.append(f'<path d="{path}" fill="{colour}">{title}</path>')
    if around is not None:
        path = _path(shapely.simplify(around, _TOLERANCE_M / 3), west, north, scale)
        parts.append(f'<path d="{path}" fill="none" stroke="#0B0C0C" stroke-width="3"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(label)}" '
        f'stroke="{_EDGE}" stroke-width="0.7" stroke-linejoin="round" fill-rule="evenodd">'
        f"{''.join(parts)}</svg>"
    )


def bars_svg(story: Story) -> str:
    """Quarters as bars with their numbers."""
    w, table = story.words, story.quarters
    years = sorted(set(table["year"]))
    colours = [palette.CHART_LIGHT["before"], palette.CHART_LIGHT["now"]][-len(years) :]
    most = max(1, int(table["reports"].max()))
    parts = []
    for row in table.to_dict("records"):
        place = years.index(row["year"])
        x = 20 + (row["quarter"] - 1) * 220 + place * 95
        height = 260 * row["reports"] / most
        wide = 90 if len(years) > 1 else 180
        parts.append(
            f'<rect x="{x}" y="{300 - height:.1f}" width="{wide}" height="{height:.1f}" '
            f'fill="{colours[place]}"/>'
            f'<text x="{x + wide / 2}" y="{290 - height:.1f}" font-size="22" font-weight="700" '
            f'text-anchor="middle">{row["reports"]:,}</text>'
        )
    names = "".join(
        f'<text x="{110 + (q - 1) * 220}" y="328" font-size="19" text-anchor="middle">'
        f"{escape(w(f'quarter.{q}'))}</text>"
        for q in range(1, 5)
    )
    told = "".join(
        f'<rect x="{20 + 120 * i}" y="350" width="18" height="18" fill="{colours[i]}"/>'
        f'<text x="{46 + 120 * i}" y="366" font-size="19">{year}</text>'
        for i, year in enumerate(years)
    )
    label = escape(w("reported.quarters", area=story.quarters_area))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 380" width="900" height="380" '
        f'role="img" aria-label="{label}" font-family="sans-serif" fill="#0B0C0C">'
        f"{''.join(parts)}{names}{told}</svg>"
    )


def code_svg(address: str) -> str:
    """Address as a code that a telephone reads."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=4, border=4, xmldecl=False, title=address, light="white"
    )
    return out.getvalue().decode()


def _by_code(figures: Any) -> dict[str, Any]:
    return dict(figures)


def _path(shape: Any, west: float, north: float, scale: float) -> str:
    drawn = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners: NDArray[np.float64] = shapely.get_coordinates(ring)
        points = np.round((corners - (west, north)) * (scale, -scale), 1)
        drawn.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points[:-1].tolist()) + "Z")
    return "".join(drawn)
