"""What one source sees and another does not: named seldom by chance, and when it is so."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspots.analysis.between_sources import COLUMNS, FALSE_DISCOVERIES, between, near

WARDS = [f"W{n}" for n in range(60)]


def drawn(rng, shares, ours=800, theirs=2000, tilt=None):
    there = shares if tilt is None else shares * tilt
    return (
        pd.Series(rng.multinomial(ours, there / there.sum()), index=WARDS),
        pd.Series(rng.multinomial(theirs, shares), index=WARDS),
    )


def test_chance_names_a_place_as_seldom_as_it_says():
    rng = np.random.default_rng(1)
    any_named = []
    for _ in range(300):
        shares = rng.dirichlet(np.ones(60))
        any_named.append(between(*drawn(rng, shares))["named"].any())
    # Where nothing differs, any name is false: at most 5% of worlds may have one.
    assert stats.binomtest(sum(any_named), 300, FALSE_DISCOVERIES, "greater").pvalue > 0.01


def test_a_place_that_only_one_sees_is_named_first():
    rng = np.random.default_rng(2)
    shares, tilt = np.full(60, 1 / 60), np.ones(60)
    tilt[7], tilt[9] = 5, 0.0
    found = between(*drawn(rng, shares, tilt=tilt))
    assert found.index[0] == "W7"
    assert found.loc[["W7", "W9"], "named"].all()
    assert found.loc["W7", "low"] > 2
    assert found.loc["W9", "ratio"] == 0
    assert list(found.columns) == list(COLUMNS)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    shares, tilt = np.full(60, 1 / 60), np.ones(60)
    tilt[0] = 3
    true = 3 * 60 / 62
    held = [
        found.loc["W0", "low"] <= true <= found.loc["W0", "high"]
        for found in (between(*drawn(rng, shares, tilt=tilt)) for _ in range(300))
    ]
    assert np.mean(held) > 0.93


def test_the_other_way_round_is_the_inverse():
    rng = np.random.default_rng(4)
    ours, theirs = drawn(rng, np.full(60, 1 / 60))
    one, other = between(ours, theirs), between(theirs, ours).reindex(WARDS)
    one = one.reindex(WARDS)
    assert one["ratio"].to_numpy() == pytest.approx(1 / other["ratio"].to_numpy())
    assert one["named"].tolist() == other["named"].tolist()


def test_hotspots_found_blind_to_the_source_are_named_as_seldom_as_chance_allows():
    """Places chosen by the reports of both, labels drawn afterwards: wherever, whatever the mix."""
    rng = np.random.default_rng(5)
    any_named, ever_told = 0, 0
    for _ in range(300):
        xy = rng.normal(rng.uniform(0, 5_000, (40, 2))[rng.choice(40, 1_500)], 40)
        busy = pd.DataFrame(xy // 250).value_counts().head(15).index.to_frame().to_numpy() * 250
        squares = shapely.box(busy[:, 0], busy[:, 1], busy[:, 0] + 250, busy[:, 1] + 250)
        mine = rng.permutation(np.arange(1_500) < 300)
        counts = near(xy[mine], xy[~mine], squares, within_m=50)
        found = between(*map(pd.Series, counts), everywhere=(300, 1_200))
        any_named += found["named"].any()
        ever_told += found["ratio"].notna().sum()
    assert ever_told > 3_000
    assert stats.binomtest(any_named, 300, FALSE_DISCOVERIES, "greater").pvalue > 0.01


def test_near_counts_what_lies_within_the_distance_and_each_footprint_for_itself():
    squares = shapely.box([0, 15], [0, 0], [10, 25], [10, 10])
    ours = np.array([[5.0, 5.0], [12.5, 5.0], [200.0, 5.0]])
    here, there = near(ours, np.empty((0, 2)), squares, within_m=5)
    assert (here.tolist(), there.tolist()) == ([2, 1], [0, 0])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20))
def test_any_counts_give_a_row_each(pairs):
    ours = pd.Series([a for a, _ in pairs], dtype="int64")
    theirs = pd.Series([b for _, b in pairs], dtype="int64")
    found = between(ours, theirs)
    assert sorted(found.index) == list(range(len(pairs)))
    few = (found["ours"] + found["theirs"]) < 10
    assert found.loc[few, "ratio"].isna().all()
    assert not found.loc[few, "named"].any()
    known = found["ratio"].notna()
    assert (found.loc[known, "low"] <= found.loc[known, "ratio"] + 1e-9).all()
    assert (found.loc[known, "ratio"] <= found.loc[known, "high"] + 1e-9).all()
