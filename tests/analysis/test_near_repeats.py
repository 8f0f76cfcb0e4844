"""Knox's test against a loop over every pair, and against its own promise."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.near_repeats import NEAR_M, SOON_DAYS, knox_expected, near_repeats

EXAMPLES = Path(__file__).parent / "examples"


def by_loop(xy, day):
    """Every pair, one at a time."""
    counted = {}
    for i in range(len(xy)):
        for j in range(i):
            apart = float(np.hypot(*(xy[i] - xy[j])))
            days = abs(int(day[i]) - int(day[j]))
            near = next((band for band in NEAR_M if apart <= band), None)
            soon = next((band for band in SOON_DAYS if days <= band), None)
            if near is not None and soon is not None:
                counted[near, soon] = counted.get((near, soon), 0) + 1
    return counted


def made_up(seed, incidents=60, side=1_500, days=90):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, side, (incidents // 2, 2)).astype(float)
    return places[rng.integers(0, len(places), incidents)], rng.integers(0, days, incidents)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_pairs_are_those_of_a_loop(seed):
    xy, day = made_up(seed)
    table = near_repeats(xy, day, simulations=0).table
    looped = by_loop(xy, day)
    for row in table.itertuples():
        assert row.pairs == looped.get((row.near_m, row.soon_days), 0)


def test_chance_is_what_knox_multiplied_out():
    """The mean of the shuffles is near x soon / all pairs, exactly in the long run."""
    xy, day = made_up(1, incidents=200)
    found = near_repeats(xy, day, near_m=(200.0,), soon_days=(7,), simulations=999)
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    days = np.abs(day[:, None] - day[None])
    upper = np.triu(np.ones_like(days, dtype=bool), 1)
    near, soon = int((upper & (apart <= 200)).sum()), int((upper & (days <= 7)).sum())
    expected = knox_expected(near, soon, int(upper.sum()))
    assert found.table["expected"].iloc[0] == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("near", "soon", "counted", "expected"),
    [(20.0, 5, 13, 10.14381613), (10.0, 20, 13, 9.519171692), (5.0, 90, 19, 13.5988167)],
)
def test_burkitts_lymphoma_gives_what_pointpats_and_surveillance_print(
    near, soon, counted, expected
):
    """13 pairs within 20 and 5 in pointpats' documentation; all in R's surveillance::knox."""
    cases = pd.read_csv(EXAMPLES / "burkitt.csv")
    xy, day = cases[["x", "y"]].to_numpy(float), cases["t"].to_numpy(np.int64)
    found = near_repeats(xy, day, near_m=(near,), soon_days=(soon,), simulations=199)
    assert found.table["pairs"].iloc[0] == counted
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    upper = np.triu(np.ones_like(apart, dtype=bool), 1)
    close = int((upper & (apart <= near)).sum())
    same = int((upper & (np.abs(day[:, None] - day[None]) <= soon)).sum())
    assert f"{knox_expected(close, same, int(upper.sum())):.10g}" == f"{expected:.10g}"
    assert found.table["expected"].iloc[0] == pytest.approx(expected, rel=0.06)


def test_a_planted_near_repeat_is_found_in_its_band_alone():
    xy, day = made_up(2, incidents=400, side=20_000, days=360)
    rng = np.random.default_rng(3)
    again = xy[:80] + rng.uniform(-60, 60, (80, 2))
    found = near_repeats(np.vstack([xy, again]), np.append(day, day[:80] + rng.integers(1, 7, 80)))
    raised = found.raised()
    assert raised[["near_m", "soon_days"]].to_numpy().tolist() == [[100.0, 7.0]]
    assert raised["ratio"].iloc[0] > 5


def test_alarms_come_as_often_as_promised():
    alarms = 0
    for seed in range(40):
        xy, day = made_up(seed, incidents=300, side=3_000, days=180)
        alarms += not near_repeats(xy, day, simulations=99, seed=seed).raised().empty
    assert alarms <= 6


def test_nothing_in_nothing_out():
    found = near_repeats(np.empty((0, 2)), np.empty(0, dtype=np.int64), simulations=9)
    assert not found.enough
    assert found.raised().empty
    assert (found.table["pairs"] == 0).all()
