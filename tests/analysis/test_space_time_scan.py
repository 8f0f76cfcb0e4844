"""Cylinders against a loop over them, worlds against their own promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.cylinders import LEAST
from hotspots.analysis.space_time_scan import RADII_M, permutation_scan, poisson_scan


def strongest_by_loop(xy, when, periods, longest, radii):
    """Kulldorff's statistic, one cylinder at a time."""
    total, best = len(xy), (0.0, None)
    places = sorted({tuple(place) for place in xy.tolist()})
    for east, north in places:
        apart = np.hypot(xy[:, 0] - east, xy[:, 1] - north)
        for radius in radii:
            for length in range(1, longest + 1):
                late = when >= periods - length
                c = int(((apart <= radius) & late).sum())
                mu = (apart <= radius).sum() * late.sum() / total
                if c < LEAST or c <= mu or mu > total / 2:
                    continue
                strength = c * np.log(c / mu)
                if c < total:
                    strength += (total - c) * np.log((total - c) / (total - mu))
                if strength > best[0] + 1e-9:
                    best = strength, (east, north, radius, length, c, mu)
    return best


def made_up(seed, *, places=40, incidents=300, periods=12, side=3_000):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, side, (places, 2)).astype(float)
    return points[rng.integers(0, places, incidents)], rng.integers(0, periods, incidents)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(5, 14))
def test_the_strongest_cylinder_is_that_of_a_loop(seed, longest, periods):
    xy, when = made_up(seed, periods=periods)
    scan = permutation_scan(xy, when, periods=periods, longest=longest, simulations=9)
    strength, cylinder = strongest_by_loop(xy, when, periods, longest, RADII_M)
    if cylinder is None:
        assert scan.clusters.empty
        return
    first = scan.clusters.iloc[0]
    assert first["strength"] == pytest.approx(strength, rel=1e-6)
    assert first["count"] == pytest.approx(round(first["ratio"] * first["expected"]), abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_and_a_move_of_the_map_change_nothing(seed):
    xy, when = made_up(seed)
    order = np.random.default_rng(seed).permutation(len(xy))
    one = permutation_scan(xy, when, periods=12, simulations=0)
    other = permutation_scan(xy[order] + 5_000, when[order], periods=12, simulations=0)
    assert other.clusters["strength"].to_numpy() == pytest.approx(
        one.clusters["strength"].to_numpy()
    )


def test_poisson_cylinders_against_hand_counts():
    counts = np.full((9, 6), 4.0)
    counts[4, 4:] = 20
    xy = np.array([[x, y] for x in range(3) for y in range(3)]) * 5_000.0
    scan = poisson_scan(xy, counts, np.ones((9, 6)), simulations=99)
    first, total = scan.clusters.iloc[0], counts.sum()
    mu = total * 2 / 54
    assert first[["easting", "northing", "length", "count"]].tolist() == [5000, 5000, 2, 40]
    assert first["expected"] == pytest.approx(mu)
    by_hand = 40 * np.log(40 / mu) + (total - 40) * np.log((total - 40) / (total - mu))
    assert first["strength"] == pytest.approx(by_hand, rel=1e-6)
    assert first["p"] == 0.01


def test_a_gathering_is_found_where_and_when_it_was_planted():
    xy, when = made_up(3, places=200, incidents=1_500, side=20_000)
    planted = np.repeat(xy[:1], 20, axis=0)
    scan = permutation_scan(
        np.vstack([xy, planted]), np.append(when, [10, 11] * 10), periods=12, seed=1
    )
    warning = scan.warnings().iloc[0]
    assert np.hypot(*(warning[["easting", "northing"]] - xy[0])) <= warning["radius_m"]
    assert warning["length"] == 2
    assert warning["recurrence"] == pytest.approx(1 / warning["p"])
    assert warning["p"] <= 0.01


def test_a_season_that_all_places_share_warns_of_nothing():
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 20_000, (150, 2))
    season = np.linspace(0.5, 4, 12) / np.linspace(0.5, 4, 12).sum()
    xy = points[rng.integers(0, 150, 1_500)]
    scan = permutation_scan(xy, rng.choice(12, 1_500, p=season), periods=12, simulations=199)
    assert scan.warnings().empty


def test_alarms_come_as_often_as_promised_where_nothing_gathers():
    alarms = 0
    for seed in range(60):
        xy, when = made_up(seed, places=60, incidents=400, side=8_000)
        scan = permutation_scan(xy, when, periods=12, simulations=99, seed=seed)
        alarms += not scan.warnings(level=0.1).empty
    assert 1 <= alarms <= 13, "one in ten is promised: 6 of 60, give or take"


def test_reports_that_come_in_clumps_are_allowed_for():
    """Every disturbance makes four reports: five times as many alarms by pairing reports alone."""
    alarms = {True: 0, False: 0}
    for seed in range(30):
        xy, when = made_up(seed, places=300, incidents=500, side=20_000)
        xy, when = np.repeat(xy, 4, axis=0), np.repeat(when, 4)
        for clumps in alarms:
            scan = permutation_scan(
                xy, when, periods=12, simulations=99, clumps=clumps, past_step=0, seed=seed
            )
            alarms[clumps] += not scan.warnings(level=0.05).empty
    assert alarms[False] >= 20
    assert alarms[True] <= alarms[False] / 4


def test_the_same_seed_gives_the_same_answer():
    xy, when = made_up(7)
    one, other = (permutation_scan(xy, when, periods=12, simulations=50) for _ in range(2))
    assert one.simulated.tolist() == other.simulated.tolist()
    assert one.clusters.equals(other.clusters)


@pytest.mark.parametrize("periods", [0, 1])
def test_nothing_in_nothing_out(periods):
    scan = permutation_scan(np.empty((0, 2)), np.empty(0, dtype=np.int64), periods=periods)
    assert scan.clusters.empty
    assert scan.warnings().empty
    assert scan.cylinders == 0
