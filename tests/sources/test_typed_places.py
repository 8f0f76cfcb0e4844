"""What people type is read as they mean it, or refused in a sentence."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from hotspots.analysis.grid_references import grid_reference
from hotspots.errors import SourceError
from hotspots.sources import typed_places
from hotspots.sources.grid import in_great_britain
from hotspots.views.context import to_degrees

SQUARE = [[340_000, 366_000], [340_100, 366_000], [340_100, 366_100], [340_000, 366_100]]
CLOSED = [*SQUARE, SQUARE[0]]
RING = "(" + ", ".join(f"{e} {n}" for e, n in CLOSED) + ")"
LON_LAT = [[-2.90, 53.19], [-2.89, 53.19], [-2.89, 53.20], [-2.90, 53.20], [-2.90, 53.19]]
DEEP = '{"type":"GeometryCollection","geometries":[' * 3_000


@pytest.mark.parametrize(
    ("typed", "east", "north"),
    [
        ("SJ 4050 6632", 340_505, 366_325),
        (" sj40506632 ", 340_505, 366_325),
        ("SU 38700 14800", 438_700.5, 114_800.5),
        ("340500 366100", 340_500, 366_100),
        ("340500.25,366100", 340_500.25, 366_100),
        ("-2.035057, 53.356089", 397_764.03, 384_356.98),
    ],
)
def test_a_place_is_read_as_it_is_written(typed, east, north):
    found = typed_places.place(typed)
    assert (found.x, found.y) == pytest.approx((east, north))


@given(
    east=st.integers(1, 6_999_999),
    north=st.integers(1, 12_999_999),
    digits=st.sampled_from([2, 3, 4, 5, 7]),
)
def test_a_grid_reference_is_read_back_within_its_own_square(east, north, digits):
    metres = (east / 10, north / 10)
    found = typed_places.place(grid_reference(*metres, digits=digits))
    square = 10.0 ** (5 - digits)
    assert abs(found.x - metres[0]) <= square / 2 + 0.01
    assert abs(found.y - metres[1]) <= square / 2 + 0.01


NO_PLACES = (
    "",
    "here",
    "SJ46",
    "SJ 405 66321",
    "1e9, 2",
    "999999999, 5",
    "0, 0",
    "48.85, 2.35",
    "AA 1234 1234",
    "<img src=x onerror=alert(1)>",
    "NaN, NaN",
    "-5, 340000",
    "9" * 400 + ", 1",
)


@pytest.mark.parametrize("typed", NO_PLACES)
def test_what_is_no_place_here_is_refused(typed):
    with pytest.raises(SourceError):
        typed_places.place(typed)


def geojson(kind, **members):
    return json.dumps({"type": kind, **members})


@pytest.mark.parametrize(
    "pasted",
    [
        f"POLYGON ({RING})",
        f"  multipolygon (({RING}))\n",
        f"GEOMETRYCOLLECTION (POINT (1 1), POLYGON ({RING}))",
        geojson("Polygon", coordinates=[CLOSED]),
        geojson("Feature", properties={}, geometry={"type": "Polygon", "coordinates": [CLOSED]}),
        f"POLYGON Z ({RING.replace(',', ' 5,').replace(')', ' 5)')})",
    ],
)
def test_an_outline_is_read_in_any_usual_form(pasted):
    assert typed_places.outline(pasted).area == pytest.approx(10_000)


def test_an_outline_in_degrees_becomes_metres():
    found = typed_places.outline(geojson("Polygon", coordinates=[LON_LAT]))
    west, south, east, north = found.bounds
    assert (east - west, north - south) == pytest.approx((684, 1_128), abs=15)


def test_several_polygons_are_one_outline():
    other = [[e + 500, n] for e, n in CLOSED]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [r]}}
        for r in (CLOSED, other)
    ]
    found = typed_places.outline(geojson("FeatureCollection", features=features))
    assert isinstance(found, shapely.MultiPolygon)
    assert found.area == pytest.approx(20_000)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "cannot be read"),
        ("a lake", "cannot be read"),
        ("{", "cannot be read"),
        ('{"type": "Polygon"}', "cannot be read"),
        (DEEP, "cannot be read"),
        ("POINT (340000 366000)", "no polygon"),
        ("POLYGON EMPTY", "no polygon"),
        ("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", "crosses itself"),
        ("POLYGON ((340000 366000, 900000 366000, 340000 400000, 340000 366000))", "outside"),
        ("POLYGON ((2 48, 2.1 48, 2.1 48.1, 2 48))", "outside"),
        ("POLYGON ((nan 1, 2 2, 3 3, nan 1))", "cannot be read|crosses|not a number"),
        ("x" * 200_001, "too long"),
    ],
)
def test_what_is_no_outline_is_refused_in_a_sentence(pasted, said):
    with pytest.raises(SourceError, match=said):
        typed_places.outline(pasted)


@given(
    east=st.integers(200_000, 600_000),
    north=st.integers(100_000, 600_000),
    wide=st.integers(20, 3_000),
    high=st.integers(20, 3_000),
)
def test_what_is_drawn_in_degrees_is_measured_in_metres(east, north, wide, high):
    box = shapely.box(east, north, east + wide, north + high)
    inside = in_great_britain(*to_degrees(np.array([[east, north]]))[0])
    assume(bool(inside))
    drawn = to_degrees(shapely.get_coordinates(box)[:-1])
    found = typed_places.corners([(latitude, longitude) for longitude, latitude in drawn])
    # A quarter of a metre at each edge: the transformation there and back.
    assert abs(found.area - box.area) < 0.5 * (wide + high) + 1
    assert found.symmetric_difference(box).area < wide + high + 1


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ([(53.19, -2.90), (53.19, -2.89)], "three corners"),
        ([(53.19, -2.90), (53.20, -2.89), (53.19, -2.89), (53.20, -2.90)], "crosses itself"),
        ([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], "outside Great Britain"),
        ([(float("nan"), -2.90), (53.20, -2.89), (53.19, -2.89)], "crosses itself|not a number"),
    ],
)
def test_what_is_drawn_and_is_no_outline_is_refused(drawn, said):
    with pytest.raises(SourceError, match=said):
        typed_places.corners(drawn)
