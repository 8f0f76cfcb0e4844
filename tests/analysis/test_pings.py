"""Simulated rounds whose truth is known, through noise, gaps, jumps and a parked car."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis import pings
from hotspots.settings import BRITISH_NATIONAL_GRID

AT = pd.Timestamp("2025-06-02 18:00", tz="Europe/London")


def areas(count=6):
    """Hexagons of 5 ha along a road, 600 m apart."""
    radius = 139
    corners = np.linspace(0, 2 * np.pi, 7)[:-1]
    shapes = [
        shapely.Polygon(
            [
                (400_000 + 600 * n + radius * np.cos(a), 350_000 + radius * np.sin(a))
                for a in corners
            ]
        )
        for n in range(count)
    ]
    keys = [f"A{n}" for n in range(count)]
    return gpd.GeoDataFrame({"geometry": shapes}, index=keys, crs=BRITISH_NATIONAL_GRID)


def track(points, unit="U1", accuracy=5.0):
    """Positions of (seconds, east, north) from the first area's middle."""
    frame = pd.DataFrame(points, columns=["s", "easting", "northing"]).astype(float)
    return pd.DataFrame(
        {
            "unit": unit,
            "at": AT + pd.to_timedelta(frame["s"], unit="s"),
            "easting": 400_000 + frame["easting"],
            "northing": 350_000 + frame["northing"],
            "accuracy_m": accuracy,
        }
    )


def walk(rng, seconds, within_m):
    """A walk of 1.4 m/s round (0, 0), second by second, that turns back at a distance."""
    here, path = np.zeros(2), []
    way = rng.uniform(0, 2 * np.pi)
    for _ in range(int(seconds)):
        way += rng.normal(0, 0.25)
        move = 1.4 * np.array([np.cos(way), np.sin(way)])
        if np.hypot(*(here + move)) > within_m:
            way = np.arctan2(*-here[::-1]) + rng.normal(0, 0.5)
            move = 1.4 * np.array([np.cos(way), np.sin(way)])
        here = here + move
        path.append(here.copy())
    return np.array(path)


def round_of(rng, *, within_m, noise_m=8.0, every_s=15):
    """A round of six areas, by car between them and on foot inside: positions, and the truth."""
    path, east = [], -300.0
    for number in range(6):
        middle = 600.0 * number
        drive = np.arange(east, middle, 10.0)  # 10 m/s along the road
        path.append(np.c_[drive, np.zeros(len(drive))])
        path.append(walk(rng, rng.uniform(600, 1200), within_m) + np.array([middle, 0]))
        east = middle + path[-1][-1, 0] - middle
    exact = np.concatenate(path)
    truth = {
        key: shapely.contains_xy(shape, exact[:, 0] + 400_000, exact[:, 1] + 350_000).sum() / 60
        for key, shape in areas().geometry.items()
    }
    at = np.arange(0, len(exact), every_s)
    told = exact[at] + rng.normal(0, noise_m, (len(at), 2))
    return np.c_[at, told], truth


def disturbed(rng, told):
    """The same positions after what radios do to them."""
    told = told[rng.random(len(told)) > 0.05]  # one in twenty never arrives
    jump = rng.choice(len(told), 5, replace=False)
    told[jump, 1:] += rng.choice([-1, 1], (5, 2)) * 5_000  # five land in another town
    return told


@pytest.mark.parametrize(("within_m", "stated"), [(100, 0.5), (140, pings.ERROR_MIN)])
def test_minutes_of_simulated_rounds_are_within_the_stated_error(within_m, stated):
    # Walks within 100 m stay inside; within 140 m they cross the edge again and again.
    errors = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        told, truth = round_of(rng, within_m=within_m)
        stays, units = pings.visits(track(disturbed(rng, told)), areas())
        assert set(stays["area"]) == set(truth), seed
        minutes = stays.groupby("area")["minutes"].sum()
        errors += [minutes[area] - true for area, true in truth.items()]
        assert units.loc["U1", "left_out"] == 5
    worst, mean = np.quantile(np.abs(errors), 0.95), np.mean(errors)
    print(f"within {within_m} m: 95% of {len(errors)} within {worst:.2f} min, mean {mean:+.2f}")
    assert len(errors) == 120
    assert worst <= stated
    assert abs(mean) < 0.25  # neither flatters nor robs


def test_a_gap_counts_for_nothing_and_is_said():
    rows = [(s, 0, 0) for s in range(0, 301, 15)] + [(s, 10, 0) for s in range(900, 1201, 15)]
    stays, units = pings.visits(track(rows), areas())
    assert stays["minutes"].tolist() == [5, 5]
    assert units.loc["U1", "in_gaps"] == 10
    assert units.loc["U1", "followed"] == 10


@pytest.mark.parametrize(("minutes", "counted"), [(29, [29]), (31, []), (600, [])])
def test_a_parked_car_is_no_visit(minutes, counted):
    rng = np.random.default_rng(1)
    rows = [(s, *rng.normal(0, 5, 2)) for s in range(0, minutes * 60 + 1, 30)]
    stays, units = pings.visits(track(rows), areas())
    assert stays["minutes"].round(1).tolist() == counted
    assert units.loc["U1", "parked"] == (0 if counted else minutes)


def test_a_visit_on_foot_beside_a_parked_car_counts():
    parked = track([(s, 0, 0) for s in range(0, 3601, 30)], unit="car")
    rng = np.random.default_rng(2)
    walked = walk(rng, 901, 90)[::15]
    on_foot = track([(15 * n, *xy) for n, xy in enumerate(walked)], unit="radio")
    stays, _ = pings.visits(pd.concat([parked, on_foot]), areas())
    assert stays["unit"].tolist() == ["radio"]
    assert stays["minutes"].iloc[0] == pytest.approx(15, abs=0.5)


def test_passing_through_is_no_visit_and_a_step_outside_ends_none():
    drive = [(s, -400 + 13 * s, 0) for s in range(0, 61, 5)]
    assert pings.visits(track(drive), areas(1))[0].empty
    step = [(s, 0, 0) for s in range(0, 301, 15)]
    step += [(315, 200, 0), (330, 200, 0)]
    step += [(s, 0, 0) for s in range(345, 646, 15)]
    (stay,) = pings.visits(track(step), areas(1))[0].to_dict("records")
    assert (stay["ended"] - stay["started"]).total_seconds() == 645
    assert 10 < stay["minutes"] < 10.75


def test_a_position_that_admits_to_be_coarse_is_left_out():
    rows = track([(s, 0, 0) for s in range(0, 601, 30)])
    rows.loc[5, ["easting", "accuracy_m"]] = [400_400.0, 300.0]
    stays, units = pings.visits(rows, areas(1))
    assert stays["minutes"].tolist() == [10]
    assert units.loc["U1", "left_out"] == 1


def test_nothing_gives_nothing():
    stays, units = pings.visits(track([]), areas())
    assert stays.empty
    assert units.empty
    assert list(stays.columns) == ["unit", "area", "started", "ended", "minutes"]
    assert pings.visits(track([(0, 0, 0)]), areas())[0].empty


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 4000), st.integers(-400, 800), st.integers(-400, 400)),
        min_size=1,
        max_size=60,
    ),
    st.randoms(use_true_random=False),
)
def test_no_minute_is_made_and_the_order_of_rows_is_nothing(points, random):
    rows = track(points)
    stays, units = pings.visits(rows, areas(2))
    facts = units.loc["U1"]
    assert stays["minutes"].sum() <= facts["followed"] - facts["parked"] + 1e-6
    assert (stays["minutes"] * 60 >= pings.PASSING_S - 1e-6).all()
    assert facts["positions"] == len(points)
    if len({s for s, *_ in points}) == len(points):
        mixed = rows.sample(frac=1, random_state=random.randrange(10**6))
        pd.testing.assert_frame_equal(pings.visits(mixed, areas(2))[0], stays)
