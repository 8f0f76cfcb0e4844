"""Places: degrees and metres told apart, axes mended, 0/0 and the rest said, postcodes last."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.errors import SourceError
from hotspots.sources import postcodes
from hotspots.sources.postcodes import Postcodes
from hotspots.sources.report_places import ADDRESS, NOWHERE, POSTCODE, check_crs, places
from hotspots.sources.word_columns import Words

# Crewe station, in metres and in degrees.
METRES, DEGREES = (371_051, 354_775), (-2.43304, 53.08905)


def column(*cells):
    return pa.chunked_array([pa.array(list(map(str, cells)), pa.string())])


def placed(pairs, **more):
    east, north = zip(*pairs, strict=True)
    return places(len(pairs), column(*east), column(*north), **more)


def reasons(found):
    return {reason: int(rows.sum()) for reason, rows in found.without.items()}


def test_metres_and_degrees_are_told_apart_row_by_row():
    found = placed([METRES, DEGREES])
    assert np.hypot(found.easting[1] - METRES[0], found.northing[1] - METRES[1]) < 100
    assert found.precision.tolist() == [ADDRESS, ADDRESS]
    assert "1 row in degrees and 1 row in metres" in found.notes[0]


def test_swapped_axes_are_mended_and_counted():
    found = placed([DEGREES, DEGREES[::-1]])
    assert found.easting[0] == found.easting[1]
    assert found.notes == ("1 row had longitude and latitude swapped; mended.",)
    york = (460_000, 452_000)
    far = placed([*[york] * 20, york[::-1], (652_000, 300_000), (300_000, 652_000)])
    assert far.easting[20] == 452_000, "nothing tells it from a place 11 km away"
    plain = (350_000, 500_000)
    turned = placed([*[plain] * 20, plain[::-1]])
    assert (turned.easting[20], turned.northing[20]) == plain
    assert turned.notes == ("1 row had easting and northing swapped; mended.",)
    north = (300_000, 700_000)
    assert placed([north, north[::-1]]).easting.tolist() == [300_000, 300_000]


def test_every_place_that_cannot_be_used_has_its_reason():
    found = placed([(0, 0), ("", ""), ("?", "n/a"), (-73.9, 40.7), ("0.0", "0"), (2, 3)])
    assert reasons(found) == {
        "their place is 0, 0": 2,
        "they say no place": 1,
        "their coordinates are no numbers": 1,
        "their coordinates are not in Great Britain": 2,
    }
    assert np.isnan(found.easting).all()
    assert set(found.precision) == {NOWHERE}


def test_thousands_parted_by_commas_are_numbers():
    assert placed([("371,051", "354,775")]).easting[0] == METRES[0]


def test_a_postcode_stands_in_and_says_so():
    known = Postcodes.of(["CW1 2BD"], [371_000.0], [355_000.0])
    codes = Words.of(column("cw12bd", "CW1  2BD", "ZZ9 9ZZ", ""))
    found = places(4, column("", 371_051, "", ""), column("", 354_775, "", ""), codes, known=known)
    assert found.precision.tolist() == [POSTCODE, ADDRESS, NOWHERE, NOWHERE]
    assert found.easting[0] == 371_000
    assert reasons(found) == {
        "their postcode is not in the loaded file": 1,
        "they say no place": 1,
    }
    assert "not at an address" in found.notes[0]
    without = places(1, postcode=Words.of(column("CW1 2BD")))
    assert list(without.without) == [
        "they have only a postcode, and no file of postcodes is loaded"
    ]


def test_elsewhere_needs_a_grid_to_stand_in():
    found = placed([(-73.9352, 40.7306)], crs="EPSG:4326", grid="EPSG:32618")
    assert 580_000 < found.easting[0] < 600_000
    assert "for testing only" in found.notes[0]
    assert np.isnan(placed([(-73.9352, 40.7306)], crs="EPSG:4326").easting[0])


@pytest.mark.parametrize("name", ["27700", "EPSG:", "EPSG:999999", "+proj=longlat", "EPSG:1e3"])
def test_what_is_no_coordinate_system_is_refused(name):
    with pytest.raises(SourceError):
        check_crs(name)


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_numbers_are_placed_in_britain_or_counted(pairs):
    found = placed(pairs)
    here = ~np.isnan(found.easting)
    assert int(here.sum()) + sum(reasons(found).values()) == len(pairs)
    assert (found.easting[here] < 800_000).all()
    assert (found.northing[here] < 1_300_000).all()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_postcodes_without_a_header_are_read_however_they_were_saved(tmp_path, encoding):
    path = tmp_path / "cw.csv"
    path.write_bytes('"CW1 2BD",10,371051,354775,"café"\n'.encode(encoding))
    assert postcodes.read([path])[0].find(["cw12bd"])[0].tolist() == [371_051]


def test_postcodes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "cw.csv"
    path.write_bytes(b'\xff\xfe"CW1 2BD",10,371051,354775\n')
    with pytest.raises(SourceError, match="is not text"):
        postcodes.read([path])
