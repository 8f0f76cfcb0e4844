"""
The map: a base that stays, and layers that change with what is asked.

`base_map` depends on the study area alone, so that a change of radius, of months or of
the chosen hotspot never rebuilds it. `layers` carries everything else as compact numbers.
Whatever comes from data (names of streets and wards) travels as JSON and is written by
the browser as text, never as mark-up.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import folium
import numpy as np
import pandas as pd
from branca.element import MacroElement
from jinja2 import Template
from shapely.geometry.base import BaseGeometry

from hotspots.settings import BRITISH_NATIONAL_GRID, MAX_POINTS_DRAWN
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import palette
from hotspots.views.context import MapContext
from hotspots.views.map_script import LocalMap, address
from hotspots.views.outlines import area_data, excluded_data, hotspot_data, millionths, packed
from hotspots.views.shading import Shade

MOST_HOTSPOTS_DRAWN: Final = 500
_LABEL: Final = "Map of hotspots. Every hotspot is also a row of the table on this page."
_MONTHS_LABEL: Final = (
    "Map of reports month by month. The tables on this page hold the months of every ward."
)
_AREAS_LABEL: Final = (
    "Map of patrol areas, over faint hotspots. Every patrol area is also a row of the table on "
    "this page."
)


def base_map(context: MapContext) -> folium.Map:
    """Map of a study area without data: outlines, names, base layers, controls."""
    west, south, east, north = context.bounds
    chart = LocalMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=9,
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        # The map's script does it, which first asks what was in view in the old room.
        trackResize=False,
        maxZoom=18,
        zoomSnap=0.25,
        zoomDelta=1,
        wheelPxPerZoomLevel=90,
    )
    chart.add_child(_Call("start", _base_data(context)))
    return chart


def layers(
    hotspots: Hotspots,
    points: pd.DataFrame,
    *,
    shade: Shade | None = None,
    selected: int | None = None,
    heat: bool = False,
    reports: bool = True,
    months: pd.DataFrame | None = None,
    areas: PatrolAreas | None = None,
    excluded: BaseGeometry | None = None,
    plans: dict[str, Any] | None = None,
    plain: str | None = None,
    drawing: Sequence[tuple[float, float]] | None = None,
    fit: bool = False,
    grid: str = BRITISH_NATIONAL_GRID,
) -> folium.FeatureGroup:
    """
    What is drawn over the base.

    Parameters
    ----------
    hotspots
        Drawn as outlines with their number; those at one place as a diamond. Beside
        patrol areas they are faint, without number, and cannot be chosen.
    points
        Columns easting, northing, incidents, street: one row a snap point; with a column
        source, one row a point of each source, which has a colour and a shape of its own.
    shade
        A figure by ward, shown as shading.
    selected
        Number of the chosen hotspot, or patrol area where those are given. When it
        changes, the map goes to it, unless it was chosen on the map.
    heat, reports
        Whether these layers are on; the reader can switch both on the map.
    months
        Points month by month, for a slider and a play button on the map: one row a point
        and month, `point` (its row in `points`), `label` (the month in words, in order) and
        `incidents`; a month without rows has one row of no point.
    areas
        Patrol areas: hatched outlines with a square label, and what the map is about.
    excluded
        Ground that people kept out, cross-hatched; beside patrol areas.
    plans
        Problem-solving plans, from `views.plan_map.plan_data`: what the map is about.
    plain
        What a map of shaded areas alone shows; it offers no other layer.
    drawing
        Corners (latitude, longitude) of an outline that the reader draws on the map; empty
        before one is drawn, None where none is to be.
    fit
        Whether the map goes to its patrol areas whenever they are others.
    grid
        Metric grid of all of this: that of the map's context.
    """
    busiest = _busiest(points)
    data = {
        "hotspots": hotspot_data(hotspots.iloc[:MOST_HOTSPOTS_DRAWN], grid),
        "areas": plans if areas is None else area_data(areas, grid),
        "excluded": None if areas is None else excluded_data(excluded, grid),
        "fit": fit,
        "drawing": None if drawing is None else {"corners": [list(at) for at in drawing]},
        "label": plain or _label(months=months is not None, areas=areas is not None),
        "plain": plain is not None,
        "points": _point_data(busiest, grid),
        "months": None if months is None else _month_data(months, busiest),
        "shade": shade.as_data() if shade else None,
        "selected": selected,
        "show": {"heat": heat, "reports": reports},
        "notes": notes(len(hotspots), points),
    }
    group = folium.FeatureGroup(name="hotspots", control=False)
    group.add_child(_Call("draw", data))
    return group


def notes(hotspots: int, points: pd.DataFrame) -> list[str]:
    """What the map leaves out, in plain words; empty when it shows everything."""
    said = []
    if len(points) > MAX_POINTS_DRAWN:
        shown = int(_busiest(points)["incidents"].sum())
        said.append(
            f"Only the {MAX_POINTS_DRAWN:,} busiest of {len(points):,} points are drawn: "
            f"{shown / points['incidents'].sum():.0%} of reports."
        )
    if hotspots > MOST_HOTSPOTS_DRAWN:
        said.append(f"Only the first {MOST_HOTSPOTS_DRAWN:,} of {hotspots:,} hotspots are drawn.")
    return said


def _label(*, months: bool, areas: bool) -> str:
    if areas:
        return _AREAS_LABEL
    return _MONTHS_LABEL if months else _LABEL


class _Call(MacroElement):
    """One call of the map's script, with its data."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.call }}({% if this.call.endswith('start') %}{{ this.parent }}, {% endif %}"
        "{{ this.data }});"
        "{% endmacro %}"
    )

    def __init__(self, verb: str, data: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Call"
        self.call = f"hotspotMap.{verb}"
        self.data = script_json(data)

    @property
    def parent(self) -> str:
        """Name by which the script knows the map."""
        return str(self._parent.get_name()) if self._parent is not None else ""


_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_UNSAFE: Final = re.compile(r"[_{}`'<>&$/]")


def script_json(data: object) -> str:
    r"""
    JSON that survives being pasted into a script, whatever its strings hold.

    Within strings, marks that HTML, templates or streamlit-folium's rewriting of names
    would read as their own are escaped as \\uXXXX.

    Examples
    --------
    >>> script_json(["</script>_a1"])
    '["\\u003c\\u002fscript\\u003e\\u005fa1"]'
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return _STRING.sub(lambda string: _UNSAFE.sub(_escaped, string.group()), text)


def _escaped(mark: re.Match[str]) -> str:
    return f"\\u{ord(mark.group()):04x}"


def _base_data(context: MapContext) -> dict[str, Any]:
    west, south, east, north = context.bounds
    tiles = context.tiles
    return {
        "area": context.area,
        "bounds": [[south, west], [north, east]],
        "label": _LABEL,
        "layers": {role: layer.address for role, layer in context.layers.items()},
        "attribution": context.attribution,
        "tiles": tiles
        and {
            "name": tiles.name,
            "url": tiles.url if tiles.host else address(tiles.url),
            "attribution": tiles.attribution,
            "minzoom": tiles.least_zoom,
            "maxzoom": tiles.most_zoom,
            "bounds": tiles.bounds
            and [[tiles.bounds[1], tiles.bounds[0]], [tiles.bounds[3], tiles.bounds[2]]],
        },
        "show": {
            "hotspots": True,
            "areas": True,
            "reports": True,
            "heat": False,
            "wards": True,
            "names": True,
            "base": True,
            "tiles": True,
        },
        "light": palette.LIGHT,
        "dark": palette.DARK,
        "shadesLight": palette.SHADES_LIGHT,
        "shadesDark": palette.SHADES_DARK,
        "heat": palette.HEAT,
    }


def _busiest(points: pd.DataFrame) -> pd.DataFrame:
    own = ["source"] if "source" in points else []
    order = ["incidents", *own, "easting", "northing"]
    ordered = points.sort_values(order, ascending=[n > 0 for n in range(len(order))], kind="stable")
    return ordered.iloc[:MAX_POINTS_DRAWN]


def _month_data(months: pd.DataFrame, points: pd.DataFrame) -> dict[str, Any]:
    """Points of each month, busiest first, as runs of one long list."""
    labels, number = pd.factorize(months["label"])[::-1]
    place = points.index.get_indexer(pd.Index(months["point"]))
    rows = pd.DataFrame({"month": number, "point": place, "count": months["incidents"].to_numpy()})
    rows = rows.loc[(rows["point"] >= 0) & (rows["count"] > 0)]
    rows = rows.sort_values(["month", "count", "point"], ascending=[True, False, True])
    many = rows["month"].value_counts().reindex(range(len(labels)), fill_value=0).to_numpy()
    return {
        "labels": [str(label) for label in labels],
        "start": packed(np.concatenate([[0], np.cumsum(many)]), "<u4"),
        "point": packed(rows["point"].to_numpy(), "<u4"),
        "count": packed(rows["count"].to_numpy(), "<u4"),
    }


def _point_data(points: pd.DataFrame, grid: str) -> dict[str, Any]:
    street, streets = pd.factorize(points["street"].astype("str"))
    places = points[["easting", "northing"]].to_numpy(dtype=float)
    whose = pd.Categorical(points["source"] if "source" in points else [""] * len(points))
    return {
        "source": packed(whose.codes, "<u4"),
        # A source's colour and shape follow from its number; those without a point are blank.
        "sources": [str(name) if name in set(whose) else "" for name in whose.categories],
        "places": packed(millionths(places, grid), "<i4"),
        "counts": packed(points["incidents"].to_numpy(), "<u4"),
        "street": packed(street, "<u4"),
        "streets": [str(name) for name in streets],
    }
