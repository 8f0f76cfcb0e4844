"""The light page that residents answer on: plain HTML, a map to tap, and the same as a list."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer

from hotspots.action.listening import KEPT_DAYS
from hotspots.action.resident_answer import (
    MOST_MARKS,
    MOST_PRIORITIES,
    MOST_WORDS,
    PRIORITIES,
)
from hotspots.analysis.hexagons import outline, read_name
from hotspots.publish.words import Words
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.sources.basemaps import Basemap
from hotspots.tables.wards import Wards

_WIDE: Final = 800
_ROADS: Final = {"main": 2.0, "motorway": 3.5}

_HERE: Final = Path(__file__).parent / "listen"
SCRIPT: Final = (_HERE / "form.js").read_bytes()
_STYLE: Final = (_HERE / "form.css").read_text(encoding="utf-8")


def picture(wards: Wards, basemap: Basemap, hexagons: Mapping[str, str]) -> str:
    """
    Map that can be tapped, drawn once for a meeting.

    Parameters
    ----------
    wards
        The wards it is about.
    basemap
        Roads, water and names under them, where any is loaded.
    hexagons
        Those that can be marked, with their names.
    """
    shapes = outline([read_name(name) or (0, 0) for name in hexagons])
    west, south, east, north = shapely.total_bounds(shapes)
    scale = _WIDE / (east - west)
    height = round((north - south) * scale)

    def at(coordinates: Any) -> str:
        moved = (np.asarray(coordinates, dtype=np.float64) - (west, north)) * (scale, -scale)
        return " ".join(f"{x:.0f},{y:.0f}" for x, y in moved.tolist())

    drawn = [_ground(basemap, (west, south, east, north), at)]
    for ward, shape in zip(wards["name"], wards.geometry, strict=True):
        for ring in shapely.get_rings(shapely.get_parts(shapely.simplify(shape, 20))):
            corners = at(shapely.get_coordinates(ring))
            drawn.append(
                f'<polygon points="{corners}" fill="none" stroke="#5B626B" stroke-width="2"/>'
            )
        middle = at(shapely.get_coordinates(shapely.point_on_surface(shape))).replace(",", '" y="')
        drawn.append(
            f'<text x="{middle}" text-anchor="middle" font-size="32" font-weight="600" '
            f'fill="#0B0C0C" stroke="#fff" stroke-width="4" paint-order="stroke">'
            f"{escape(str(ward))}</text>"
        )
    drawn += [
        f'<polygon id="map-{name}" class="hex" points="{at(shapely.get_coordinates(shape)[:-1])}">'
        f"<title>{escape(label)}</title></polygon>"
        for (name, label), shape in zip(hexagons.items(), shapes, strict=True)
    ]
    return f'<svg viewBox="0 0 {_WIDE} {height}" aria-hidden="true">{"".join(drawn)}</svg>'


def _ground(basemap: Basemap, bounds: tuple[float, float, float, float], at: Any) -> str:
    """Main roads and names of places within the map."""
    to_grid = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)
    box, drawn = shapely.box(*bounds), []
    for role in ("base", "places"):
        body = basemap.layers.get(role)
        for feature in json.loads(body)["features"] if body else []:
            shape = shapely.geometry.shape(feature["geometry"])
            properties = feature["properties"]
            width = _ROADS.get(str(properties.get("class")))
            if role == "base" and width is None:
                continue
            moved = shapely.intersection(
                shapely.transform(shape, lambda d: np.column_stack(to_grid.transform(*d.T))), box
            )
            for part in shapely.get_parts(moved):
                if part.geom_type == "LineString":
                    drawn.append(
                        f'<polyline points="{at(shapely.get_coordinates(part))}" fill="none" '
                        f'stroke="#B3B3AE" stroke-width="{width}"/>'
                    )
                elif part.geom_type == "Point" and not part.is_empty:
                    place = at(shapely.get_coordinates(part)).replace(",", '" y="')
                    name = escape(str(properties.get("name", "")))
                    drawn.append(f'<text x="{place}" font-size="26" fill="#3D3D3D">{name}</text>')
    return "".join(drawn)


def form(
    words: Words,
    *,
    name: str,
    drawn: str,
    hexagons: Mapping[str, str],
    passed: str,
    script: str,
    problem: str = "",
) -> str:
    """
    Page with the form.

    Parameters
    ----------
    words
        Of the language.
    name
        Of the meeting.
    drawn
        The map, from `picture`.
    hexagons
        Those that can be marked, with their names.
    passed
        From `form_passes.new_pass`.
    script
        Address of the script that joins the map to the list.
    problem
        What was wrong with what was sent, if anything.
    """
    w = words

    def box(kind: str, value: str, label: str) -> str:
        return (
            f'<label><input type="checkbox" name="{kind}" value="{escape(value)}">'
            f"{escape(label)}</label>"
        )

    places = "".join(box("mark", key, label) for key, label in hexagons.items())
    wishes = "".join(box("priority", key, w(f"priorities.{key}")) for key in PRIORITIES)
    said = f'<p class="said" role="alert">{escape(problem)}</p>' if problem else ""
    chosen = escape(w("listen.chosen", count="#", most=MOST_MARKS))
    return _page(
        w,
        name,
        f"{said}<p>{escape(w('listen.consent', days=KEPT_DAYS))}</p>"
        f'<form method="post"><input type="hidden" name="pass" value="{escape(passed)}">'
        f"<fieldset><legend>{escape(w('listen.marks'))}</legend>"
        f"<p>{escape(w('listen.marks_help', most=MOST_MARKS))}</p>{drawn}"
        f'<p id="chosen" aria-live="polite" data-text="{chosen}"></p>'
        f"<details><summary>{escape(w('listen.list'))}</summary>{places}</details></fieldset>"
        f"<fieldset><legend>{escape(w('listen.priorities'))}</legend>"
        f"<p>{escape(w('listen.priorities_help', most=MOST_PRIORITIES))}</p>{wishes}</fieldset>"
        f'<fieldset><legend><label for="words">{escape(w("listen.words"))}</label></legend>'
        f'<textarea id="words" name="words" rows="3" maxlength="{MOST_WORDS}"></textarea>'
        f'<p class="note">{escape(w("listen.words_help", most=MOST_WORDS))}</p></fieldset>'
        f"<button>{escape(w('listen.send'))}</button></form>"
        f'<script src="{escape(script)}" defer></script>',
    )


def message(words: Words, name: str, said: str) -> str:
    """Page that says one thing."""
    return _page(words, name, f'<p class="said" role="status">{escape(said)}</p>')


def _page(words: Words, name: str, body: str) -> str:
    title = escape(words("listen.title", area=name))
    return (
        f'<!DOCTYPE html><html lang="{escape(words.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>'
        f'<body data-most="{MOST_MARKS}"><main><h1>{title}</h1>{body}</main></body></html>'
    )
