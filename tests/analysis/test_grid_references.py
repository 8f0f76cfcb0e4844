import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analysis.grid_references import grid_reference


@pytest.mark.parametrize(
    ("easting", "northing", "digits", "expected"),
    [
        (438_700, 114_800, 5, "SU3870014800"),
        (651_409, 313_177, 5, "TG5140913177"),
        (370_450, 355_600, 4, "SJ70455560"),
        (216_600, 771_200, 4, "NN16607120"),
        (0, 0, 5, "SV0000000000"),
        (440_000, 1_140_000, 4, "HU40004000"),
        (300_000, 1_000_000, 4, "HY00000000"),
        (530_034, 180_381, 3, "TQ300803"),
        (370_452.57, 355_600.09, 7, "SJ7045257" + "5560009"),
        (370_459.99, 355_609.99, 4, "SJ70455560"),
        (700_000, 0, 4, "E700000N0"),
        (-0.01, 5, 5, "EM1N5"),
    ],
)
def test_known_places(easting, northing, digits, expected):
    assert grid_reference(easting, northing, digits=digits) == expected


@given(st.integers(0, 69_999_999), st.integers(0, 129_999_999))
def test_the_finest_reference_tells_every_centimetre(east_cm, north_cm):
    reference = grid_reference(east_cm / 100, north_cm / 100, digits=7)
    letters, east, north = reference[:2], reference[2:9], reference[9:]
    assert int(east) == east_cm % 10_000_000
    assert int(north) == north_cm % 10_000_000
    assert letters.isalpha()
    assert "I" not in letters
    assert grid_reference(east_cm / 100, north_cm / 100) == f"{letters}{east[:4]}{north[:4]}"
