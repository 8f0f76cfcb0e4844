"""What a map is told, asserted as data; what it looks like is for the browser's tests."""

import base64
import gzip
import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from folium.elements import JSCSSMixin
from streamlit_folium import generate_leaflet_string

from hotspots.sources.basemaps import Basemap, Tiles
from hotspots.tables import hotspots as hotspots_table
from hotspots.tables import wards as wards_table
from hotspots.views import maps, palette
from hotspots.views.context import build_context
from hotspots.views.map_script import SCRIPT, STYLE, leaflet_folder
from hotspots.views.shading import Shade
from tests import builders

HOSTILE = "<img src=x onerror=alert(1)>`</script>{{'x'}}_div${1}"
WARDS = {"E1": (340_000, 366_000, 2_000), "E2": (342_000, 366_000, 2_000)}


def points(*rows):
    return pd.DataFrame(rows, columns=["easting", "northing", "incidents", "street"])


def told(element):
    """What one of our elements tells the browser, as data."""
    call = next(iter(element._children.values()))
    return json.loads(call.data)


def base_told(context):
    chart = maps.base_map(context)
    call = next(c for c in chart._children.values() if isinstance(c, maps._Call))
    return json.loads(call.data)


def context(wards=None, basemap=None):
    return build_context(
        wards if wards is not None else builders.wards(WARDS), basemap or Basemap()
    )


def layer(context, role):
    return json.loads(gzip.decompress(context.layers[role].zipped))["features"]


def all_elements(element):
    yield element
    for child in element._children.values():
        yield from all_elements(child)


def test_everything_a_map_loads_is_served_by_the_dashboard():
    chart = maps.base_map(context())
    chart.add_child(maps.layers(builders.hotspots({1: (340_000, 366_000, 100, 9)}), points()))
    linked = [e for e in all_elements(chart) if isinstance(e, JSCSSMixin)]
    assert linked
    for element in linked:
        for _, address in [*element.default_js, *element.default_css]:
            assert address.startswith("../../assets/"), f"{element._name} loads {address}"


def test_no_script_or_style_names_another_host():
    hosts = re.findall(rb"https?://[\w.]+", SCRIPT + STYLE)
    assert hosts == []
    assert (leaflet_folder() / "leaflet.js").is_file()


def test_the_base_does_not_depend_on_what_is_asked():
    wards = builders.wards(WARDS)
    first = build_context(wards, Basemap(), bounds_m=(1.0, 2.0, 3.0, 4.0))
    second = build_context(wards, Basemap(), bounds_m=(5.0, 6.0, 7.0, 8.0))
    scripts = [generate_leaflet_string(maps.base_map(c)) for c in (first, second)]
    assert scripts[0] == scripts[1]
    assert len(scripts[0]) < 5_000, "it is sent anew at every run"


def test_layers_are_named_by_their_content():
    one, same = context(), context()
    assert one.layers["wards"].name == same.layers["wards"].name
    moved = builders.wards({"E1": (340_000, 366_000, 2_010)})
    assert context(moved).layers["wards"].name != one.layers["wards"].name


def test_what_is_fetched_by_address_holds_outlines_and_names_alone():
    found = context(builders.wards(WARDS, residents=500))
    assert set(found.layers) == {"wards", "authorities"}
    for feature in layer(found, "wards"):
        assert set(feature["properties"]) == {"code", "name", "authority", "at"}


def test_wards_of_an_authority_share_one_outline():
    (authority,) = layer(context(), "authorities")
    assert authority["properties"]["name"] == "Cheshire East"
    outline = shapely.geometry.shape(authority["geometry"])
    parts = [shapely.geometry.shape(f["geometry"]) for f in layer(context(), "wards")]
    assert outline.area == pytest.approx(sum(part.area for part in parts), rel=1e-3)


def test_coordinates_are_rounded_to_about_a_metre():
    text = gzip.decompress(context().layers["wards"].zipped).decode()
    assert max(len(digits) for digits in re.findall(r"\.(\d+)", text)) <= 5


def test_a_map_of_no_wards_spans_the_reports():
    found = build_context(
        wards_table.empty(), Basemap(), bounds_m=(340_000, 366_000, 344_000, 368_000)
    )
    west, south, east, north = found.bounds
    assert found.layers == {}
    assert (west, south) == pytest.approx((-2.898, 53.187), abs=0.01)
    assert (east, north) == pytest.approx((-2.838, 53.206), abs=0.01)


def test_a_map_of_nothing_still_draws():
    nowhere = build_context(wards_table.empty(), Basemap())
    assert maps.base_map(nowhere)
    data = told(maps.layers(hotspots_table.empty(), points()))
    assert data["hotspots"]["items"] == []


def test_points_travel_as_numbers_busiest_first():
    rows = points((342_000.0, 368_000.0, 3, "A Street"), (341_000.0, 367_000.0, 9, "B Street"))
    data = told(maps.layers(hotspots_table.empty(), rows))["points"]
    places = np.frombuffer(base64.b64decode(data["places"]), "<i4").reshape(-1, 2) / 1e6
    assert places[1] == pytest.approx([-2.8698, 53.2059], abs=1e-3)
    assert np.frombuffer(base64.b64decode(data["counts"]), "<u4").tolist() == [9, 3]
    named = np.frombuffer(base64.b64decode(data["street"]), "<u4")
    assert [data["streets"][i] for i in named] == ["B Street", "A Street"]


def test_only_the_busiest_points_are_drawn_and_the_map_says_so(monkeypatch):
    monkeypatch.setattr(maps, "MAX_POINTS_DRAWN", 2)
    rows = points(*[(340_000.0 + i, 366_000.0, i + 1, "A Street") for i in range(4)])
    data = told(maps.layers(hotspots_table.empty(), rows))
    assert np.frombuffer(base64.b64decode(data["points"]["counts"]), "<u4").tolist() == [4, 3]
    assert data["notes"] == ["Only the 2 busiest of 4 points are drawn: 70% of reports."]


def test_an_outline_travels_whole():
    data = told(maps.layers(builders.hotspots({1: (340_000, 366_000, 100, 9)}), points()))
    lengths = np.frombuffer(base64.b64decode(data["hotspots"]["rings"]), "<u4")
    assert lengths.tolist() == [5]
    (item,) = data["hotspots"]["items"]
    assert (item["number"], item["rings"], item["single"]) == (1, 1, False)
    assert item["label"] == "Hotspot 1: 9 reports, Mill Lane, Ward E1, 1.0 ha"


def test_names_cannot_become_mark_up_or_script():
    wards = builders.wards(WARDS)
    wards["name"] = HOSTILE
    hotspots = builders.hotspots({1: (340_000, 366_000, 100, 9)}, streets=HOSTILE)
    group = maps.layers(
        hotspots,
        points((340_000.0, 366_000.0, 9, HOSTILE)),
        shade=Shade(HOSTILE, {HOSTILE: 3.0}),
    )
    chart = maps.base_map(context(wards, Basemap(attribution=HOSTILE)))
    group.add_to(chart)
    script = generate_leaflet_string(chart)
    for mark in ("<img", "</script", "`", "{{", "${1}", "_div$"):
        assert mark not in script
    data = told(group)
    assert data["points"]["streets"] == [HOSTILE]
    assert data["shade"]["title"] == HOSTILE, "and yet every name arrives as it was"


def test_shading_gives_each_ward_a_class_and_its_figure_in_words():
    data = Shade("Reports", {"E1": 1, "E2": 2, "E3": float("nan")}).as_data()
    assert data == {
        "title": "Reports",
        "labels": ["1", "2"],
        "classes": {"E1": 0, "E2": 1},
        "texts": {"E1": "1", "E2": "2"},
    }


@pytest.mark.parametrize("decimals", [0, 1])
def test_shading_never_has_more_than_five_classes_and_covers_every_value(decimals):
    values = {str(i): float(v) for i, v in enumerate(np.random.default_rng(3).gamma(1, 40, 200))}
    data = Shade("Reports", values, decimals=decimals).as_data()
    assert len(data["labels"]) <= 5
    assert set(data["classes"].values()) == set(range(len(data["labels"])))
    ordered = sorted(values, key=values.get)
    steps = [data["classes"][code] for code in ordered]
    assert steps == sorted(steps), "more is never lighter"


def test_tiles_of_our_own_are_reached_by_a_relative_address():
    ours = Tiles("Background map", "tiles/abc/{z}/{x}/{y}", "A Publisher", 5, 12)
    theirs = Tiles("Online map", "https://tiles.example.org/{z}/{x}/{y}.png", "Example")
    assert base_told(context(basemap=Basemap(tiles=ours)))["tiles"]["url"].startswith(
        "../../tiles/"
    )
    assert base_told(context(basemap=Basemap(tiles=theirs)))["tiles"]["url"] == theirs.url


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_marks_and_words_stand_out_from_the_ground(colours):
    for name in ("hotspot", "area", "point", "authority", "selected"):
        assert contrast(colours[name], colours["land"]) >= 3, name
    for name in ("text", "faint"):
        assert contrast(colours[name], colours["land"]) >= 4.5, name
    assert contrast(colours["on hotspot"], colours["hotspot"]) >= 4.5
    assert contrast(colours["on area"], colours["area"]) >= 4.5
