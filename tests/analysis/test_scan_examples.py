"""The scan statistic on published data, to the digits that SaTScan prints of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from hotspots.analysis.scan_statistic import likelihood_ratio
from hotspots.analysis.space_time_scan import permutation_scan, poisson_scan

EXAMPLES = Path(__file__).parent / "examples"
# SaTScan 9.3.1 on latitude and longitude, and 9.6 on the same degrees as if they lay on a plane:
# members of each cluster, its centre first, cases, expected, ratio, log-likelihood ratio, p.
LEUKAEMIA = {
    "sphere": (
        (
            """52 50 53 38 49 48 15 39 37 1 16 44 47 40 14 2 51 13 43 45 17 55 11 3 12 46 36 35 54
            10 5""",
            (106, 62.13, 1.71, 14.780276, 0.000087),
        ),
        ("88 87 92 86 89 91 93 85 90", (42, 21.24, 1.98, 8.287056, 0.033)),
        (
            "113 117 116 112 220 118 115 123 124 111 114 125 219 122 126 119",
            (44, 23.83, 1.85, 7.199672, 0.105),
        ),
        ("62 64 67 65", (25, 12.82, 1.95, 4.651839, 0.653)),
    ),
    "plane": (
        (
            "52 50 37 49 38 48 53 39 15 47 51 1 40 44 16 2 55 36 14 43 13 45 3 35 17 11 12 46",
            (100, 58.28, 1.72, 14.083511, 0.00015),
        ),
        ("89 88 87 84 90 86 92 85", (38, 17.79, 2.14, 9.019716, 0.016)),
        (
            """112 113 115 111 116 219 117 123 218 114 122 110 124 220 118 133 121 125 216 120 134
            217 126 139 215 132 141 140 127 142 138 131 119""",
            (64, 40.85, 1.57, 6.114140, 0.248),
        ),
        ("62 64 67 65", (25, 12.82, 1.95, 4.651839, 0.645)),
    ),
}
# SaTScan 10.1.2: members, newest days, cases, expected, ratio, p.
FEVER = (
    ("11418 11415 11419 11435 11416 11421 11451 11375 11417", 3, (4, 0.67, 5.97, 0.242)),
    ("11372", 1, (2, 0.16, 12.13, 0.575)),
    ("10472", 2, (2, 0.29, 6.81, 0.966)),
)
# Its worlds ended when 50 were stronger: 50, 119 and 200 of 207 print as these three p.
FEVER_WORLDS = 206
# A half is printed rounded up.
HUNDREDTHS = 0.005 + 1e-9


def on_the_ground(places):
    """Metres east and north of the middle, as far apart as on a sphere."""
    middle = places[["latitude", "longitude"]].mean()
    plane = f"+proj=aeqd +lat_0={middle['latitude']} +lon_0={middle['longitude']} +R=6371000"
    to_plane = Transformer.from_crs("+proj=longlat +R=6371000", plane, always_xy=True)
    return np.column_stack(to_plane.transform(places["longitude"], places["latitude"]))


def reach(xy, members):
    """Radius at which a circle round the first of some places holds the last of them."""
    return float(np.hypot(*(xy[members] - xy[members[0]]).T).max()) + 1e-9


def within(cluster, xy):
    apart = np.hypot(xy[:, 0] - cluster["easting"], xy[:, 1] - cluster["northing"])
    return set(np.flatnonzero(apart <= cluster["radius_m"]))


def assert_same_chance(p, printed, *, worlds, theirs):
    """Apart by no more than two sets of random worlds may be, three standard errors."""
    error = np.sqrt(printed * (1 - printed) * (1 / worlds + 1 / theirs))
    assert p == pytest.approx(printed, abs=3 * error + 1 / worlds)


@pytest.mark.parametrize("surface", LEUKAEMIA)
def test_leukaemia_in_new_york_clusters_as_satscan_prints(surface):
    tracts = pd.read_csv(EXAMPLES / "new_york_leukaemia.csv")
    xy = tracts[["latitude", "longitude"]].to_numpy()
    far = np.r_[0.001:0.1:0.001, 0.1:0.6:0.01]
    if surface == "sphere":
        xy, far = on_the_ground(tracts), np.r_[100:10_000:100, 10_000:60_000:1_000]
    published = [(np.array(ids.split(), int) - 1, row) for ids, row in LEUKAEMIA[surface]]
    radii = {reach(xy, members) for members, _ in published}
    # One period without residents, so that the newest holds all and space alone is scanned.
    none = np.zeros(len(tracts))
    scan = poisson_scan(
        xy,
        np.column_stack([none, tracts["cases"]]),
        np.column_stack([none, tracts["residents"]]),
        radii_m=tuple(sorted({*far.tolist(), *radii})),
        least=2,
    )
    found = scan.clusters.head(len(published)).to_dict("records")
    for (members, (cases, expected, ratio, strength, p)), ours in zip(
        published, found, strict=True
    ):
        assert within(ours, xy) == set(members)
        assert ours["count"] == cases
        assert ours["expected"] == pytest.approx(expected, abs=HUNDREDTHS)
        assert ours["ratio"] == pytest.approx(ratio, abs=HUNDREDTHS)
        assert ours["strength"] == pytest.approx(strength, abs=5e-7)
        assert_same_chance(ours["p"], p, worlds=len(scan.simulated), theirs=999)


def test_fever_in_new_york_gathers_as_satscan_prints():
    places = pd.read_csv(EXAMPLES / "new_york_fever.csv", dtype={"days": "str"})
    xy, days = on_the_ground(places), places["days"].fillna("").str.split()
    cases = np.repeat(xy, days.str.len(), axis=0)
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))[:, days.str.len() > 0]
    radii = np.unique(np.ceil(apart[apart <= 3_000] / 5)) * 5
    scan = permutation_scan(
        cases,
        days.explode().dropna().astype("int64").to_numpy() - 1,
        periods=24,
        longest=7,
        radii_m=tuple(radii[radii > 0].tolist()),
        clumps=False,
        past_step=0,
        centres=xy,
        least=2,
    )
    assert scan.incidents == 194
    found = scan.clusters.head(len(FEVER)).to_dict("records")
    for (zips, length, (count, expected, ratio, p)), ours in zip(FEVER, found, strict=True):
        inside = places["zip"].iloc[sorted(within(ours, xy))]
        assert set(inside.astype("str")) == set(zips.split())
        assert ours["length"] == length
        assert ours["count"] == count
        assert ours["expected"] == pytest.approx(expected, abs=HUNDREDTHS)
        assert ours["ratio"] == pytest.approx(ratio, abs=HUNDREDTHS)
        assert_same_chance(ours["p"], p, worlds=len(scan.simulated), theirs=FEVER_WORLDS)


def test_the_likelihood_ratio_at_its_ends():
    by_hand = 30 * np.log(30 / 10) + 970 * np.log(970 / 990)
    assert likelihood_ratio(30, 10, total=1000) == pytest.approx(by_hand)
    assert likelihood_ratio([3, 3], [3, 4], total=10).tolist() == [0, 0]
    assert likelihood_ratio(10, 2, total=10) == pytest.approx(10 * np.log(5))
    assert likelihood_ratio(1, 0, total=10) == np.inf
    assert likelihood_ratio([4, 5], 1, total=10, least=5).tolist() == [
        0,
        pytest.approx(5 * np.log(5) + 5 * np.log(5 / 9)),
    ]
