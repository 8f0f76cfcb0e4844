"""
A map for paper: vectors from the dashboard's own base layer, readable in grey.

Told apart by line and tone alone: streets are grey lines, water is a light tone, the area
has a heavy outline, its neighbours a dashed one, the ward a dotted one. Nothing is asked
of the network. What is written on the map is placed by whoever prints it, as text.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.publish.paper_base import Base

ToPaper = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# Pixels of the picture for each millimetre on paper.
_FINE: Final = 10
# What lies round an area is shown with it: this much of its span, and no less ground.
_ROUND: Final = 0.45
_LEAST_M: Final = 500.0
_SCALES_M: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_ROADS: Final = {"motorway": 1.6, "main": 1.3, "street": 0.8}
_TONES: Final = {"water": "#DADADA", "green": "#F0F0F0"}
# Streets are drawn at their full width on maps no wider than this.
_STREETS_M: Final = 1_500.0
_LONGEST: Final = 28
# About how wide a letter and how high a line is, millimetres.
_SIZES_MM: Final = {"focus": (2.4, 4.6), "around": (1.6, 3.4), "place": (1.5, 3.4)}
# Where a label may stand: on its place, or beside it, in widths and heights of its own.
_BESIDE: Final = (
    (0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 2), (0, -2),
    (1, 2), (-1, 2),
)  # fmt: skip


@dataclass(frozen=True)
class Label:
    """Text on the map: millimetres from its left and upper edge, and how heavy it is."""

    x_mm: float
    y_mm: float
    text: str
    kind: str


@dataclass(frozen=True)
class PaperMap:
    """
    A map as it is printed.

    Attributes
    ----------
    svg
        The picture, without text.
    width_mm, height_mm
        Its size on paper.
    labels
        What is written on it.
    scale_m, scale_mm
        Length of the scale bar on the ground and on paper.
    alt
        The map in words.
    """

    svg: str
    width_mm: float
    height_mm: float
    labels: tuple[Label, ...]
    scale_m: int
    scale_mm: float
    alt: str


def draw(
    focus: Sequence[tuple[str, BaseGeometry]],
    *,
    base: Base,
    alt: str,
    around: Sequence[tuple[str, BaseGeometry]] = (),
    wards: Sequence[tuple[str, BaseGeometry]] = (),
    points: Sequence[tuple[float, float, int]] = (),
    names: Sequence[tuple[str, BaseGeometry]] = (),
    width_mm: float = 95.0,
    height_mm: float = 95.0,
) -> PaperMap:
    """
    A map of some areas, north up.

    Parameters
    ----------
    focus
        Label and outline of what the map is about, metres.
    base
        What lies under it.
    alt
        The map in words, for those who cannot see it.
    around, wards
        Neighbours (dashed) and wards (dotted), with their labels.
    points
        Easting, northing and reports of map points.
    names
        What is written at places of the ground, the most needed first, where there is room.
    width_mm, height_mm
        Size on paper.
    """
    view = _view([shape for _, shape in focus], width_mm / height_mm)
    west, _, east, north = view.bounds
    scale = width_mm / (east - west)

    def to_paper(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return (xy - (west, north)) * (scale * _FINE, -scale * _FINE)

    def path(shape: BaseGeometry) -> str:
        return _path(shapely.transform(shape, to_paper))

    parts = [f'<path d="{path(shape)}" {style}/>' for shape, style in _under(base, view)]
    parts += [
        f'<path d="{path(shapely.intersection(shape.boundary, view))}" fill="none" '
        'stroke="#767676" stroke-width="3" stroke-dasharray="2 8" stroke-linecap="round"/>'
        for _, shape in wards
    ]
    parts += [
        f'<path d="{path(shapely.intersection(shape, view))}" fill="none" stroke="#3D3D3D" '
        'stroke-width="5" stroke-dasharray="16 10"/>'
        for _, shape in around
        if shape.intersects(view)
    ]
    parts += [
        f'<path d="{path(shape)}" fill="#000000" fill-opacity="0.06" stroke="#000000" '
        'stroke-width="9" stroke-linejoin="round"/>'
        for _, shape in focus
    ]
    parts += _dots(points, view, to_paper)
    wide, high = width_mm * _FINE, height_mm * _FINE
    paper = f'<rect width="{wide:.0f}" height="{high:.0f}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}">{paper} fill="#FFFFFF"/>{"".join(parts)}'
        f'{paper} fill="none" stroke="#000000" stroke-width="4"/></svg>'
    )
    length = _bar(width_mm / scale)
    return PaperMap(
        svg,
        width_mm,
        height_mm,
        _labels(focus, around, [*names, *_named(base, view)], view, to_paper),
        length,
        length * scale,
        alt,
    )


def _view(shapes: Sequence[BaseGeometry], ratio: float) -> shapely.Polygon:
    """Ground that is shown, in the form of the paper."""
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=np.object_))
    across = max((east - west) * (1 + _ROUND), _LEAST_M)
    up = max((north - south) * (1 + _ROUND), _LEAST_M)
    across, up = max(across, up * ratio), max(up, across / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    shown: shapely.Polygon = shapely.box(x - across / 2, y - up / 2, x + across / 2, y + up / 2)
    return shown


def _under(base: Base, view: shapely.Polygon) -> list[tuple[BaseGeometry, str]]:
    """Base layer inside the view: tones first, then lines, each with its style."""
    if not len(base.shapes):
        return []
    # Streets of a whole town would run together into one tone.
    fine = min(1.0, _STREETS_M / (view.bounds[2] - view.bounds[0]))
    inside = np.sort(shapely.STRtree(base.shapes).query(view, predicate="intersects"))
    seen = []
    for number in inside.tolist():
        kind, class_ = base.kinds[number]
        shape = shapely.intersection(base.shapes[number], view)
        if shape.is_empty:
            continue
        if shape.geom_type.endswith("Polygon"):
            seen.append((0, shape, f'fill="{_TONES.get(kind, "#F7F7F7")}" stroke="none"'))
            continue
        if kind == "road":
            width = max(1.0, _ROADS.get(class_, 0.8) * _FINE * (fine if class_ == "street" else 1))
            seen.append((2, shape, f'fill="none" stroke="#A6A6A6" stroke-width="{width:.0f}"'))
        elif kind == "rail":
            style = 'fill="none" stroke="#5B626B" stroke-width="6" stroke-dasharray="20 6"'
            seen.append((3, shape, style))
        elif kind == "water":
            seen.append((1, shape, 'fill="none" stroke="#D0D0D0" stroke-width="14"'))
    return [(shape, style) for _, shape, style in sorted(seen, key=lambda one: one[0])]


def _dots(
    points: Sequence[tuple[float, float, int]],
    view: shapely.Polygon,
    to_paper: ToPaper,
) -> list[str]:
    inside = [point for point in points if view.contains(shapely.Point(point[:2]))]
    if not inside:
        return []
    xy = to_paper(np.array([point[:2] for point in inside], dtype=np.float64))
    return [
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{6 + 4 * math.sqrt(reports):.0f}" fill="#3D3D3D" '
        'fill-opacity="0.75" stroke="#FFFFFF" stroke-width="3"/>'
        for (x, y), (*_, reports) in zip(xy.tolist(), inside, strict=True)
    ]


def _labels(
    focus: Sequence[tuple[str, BaseGeometry]],
    around: Sequence[tuple[str, BaseGeometry]],
    names: Sequence[tuple[str, BaseGeometry]],
    view: shapely.Polygon,
    to_paper: ToPaper,
) -> tuple[Label, ...]:
    """What is written, most needed first; what finds no room beside it is left out."""
    wanted = [
        *((text, shape.representative_point(), "focus") for text, shape in focus),
        *((text, shape.representative_point(), "around") for text, shape in around),
        *((text, shape, "place") for text, shape in names),
    ]
    inner = view.buffer(-(view.bounds[2] - view.bounds[0]) * 0.04)
    taken: list[shapely.Polygon] = []
    labels = []
    for text, point, kind in wanted:
        if not inner.contains(point):
            continue
        ((x, y),) = to_paper(shapely.get_coordinates(point)).tolist()
        written = text[:_LONGEST]
        wide, high = _SIZES_MM[kind]
        for right, down in _BESIDE:
            at_x = x / _FINE + right * (wide * len(written) + 1.5) / 2
            at_y = y / _FINE + (down + (0.7 if kind == "place" else 0)) * high
            half = wide * len(written) / 2
            box = shapely.box(at_x - half, at_y - high / 2, at_x + half, at_y + high / 2)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                labels.append(Label(round(at_x, 2), round(at_y, 2), written, kind))
                break
    return tuple(labels)


def _named(base: Base, view: shapely.Polygon) -> list[tuple[str, BaseGeometry]]:
    points = [(name, shapely.Point(x, y)) for name, x, y in base.places]
    return [(name, point) for name, point in points if view.contains(point)]


def _bar(width_m: float) -> int:
    """Length of a scale bar of about a quarter of the map, metres."""
    return max((m for m in _SCALES_M if m <= width_m / 3), default=_SCALES_M[0])


def _path(shape: BaseGeometry) -> str:
    """Outline or line as the `d` of an SVG path, in whole pixels."""
    pieces = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            corners = shapely.get_coordinates(ring)
            if len(corners) < 2:  # noqa: PLR2004
                continue
            points = " ".join(f"{x:.0f},{y:.0f}" for x, y in corners.tolist())
            pieces.append(f"M{points}{'Z' if part.geom_type == 'Polygon' else ''}")
    return "".join(pieces)
