"""Planted doubles are found, chance is not called a double, and nothing is merged unasked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.double_scores import HOURS, METRES, NEAR_H, NEAR_M, levels, scored
from hotspots.analysis.doubles import SUSPECT, doubles
from hotspots.analysis.same_events import counted_twice, extra_rows, row_keys
from hotspots.tables import incidents as contract
from tests.builders import incidents
from tests.two_sources import two_sources


def found(**wanted):
    table, planted = two_sources(**wanted)
    (one,) = doubles(table)
    return one, set(zip(one.pairs["a"], one.pairs["b"], strict=True)), planted


def test_planted_doubles_are_found_and_little_else():
    hits = listed = planted = 0
    for seed in range(10):
        _, pairs, true = found(seed=seed)
        hits, listed, planted = hits + len(pairs & true), listed + len(pairs), planted + len(true)
    assert hits >= 0.8 * planted
    assert hits >= 0.85 * listed


def test_the_probability_says_how_many_are_true():
    said = true = 0.0
    for seed in range(10):
        one, pairs, planted = found(seed=seed)
        said, true = said + one.pairs["probability"].sum(), true + len(pairs & planted)
    assert said == pytest.approx(true, rel=0.15)


def test_without_doubles_hardly_any_is_suspected():
    alarms = sum(found(doubles=0, seed=seed)[0].twice > 0 for seed in range(40))
    assert alarms <= 2


def test_days_alone_find_doubles_only_where_places_tell_them_apart():
    sparse, pairs, planted = found(known_to="date", spots=3000)
    assert len(pairs & planted) >= 0.6 * len(planted)
    assert (sparse.pairs["hours"] <= 24).all()
    dense, _, _ = found(known_to="date", spots=5, police=1500, council=1200)
    assert dense.twice == 0


def test_reports_of_a_month_are_too_weak_to_pair_and_it_is_said():
    table, _ = two_sources()
    table["occurred_from"] = table["occurred_from"].where(table["source"] == "council")
    table["occurred_to"] = table["occurred_from"]
    (one,) = doubles(table)
    assert one.twice == 0
    assert one.too_weak == (0, 600)
    assert "police.uk" in one.why_not
    few = two_sources(weeks=4)[0]
    assert "fewer than 6 weeks" in doubles(few)[0].why_not


def test_one_source_has_no_doubles():
    assert doubles(incidents([(0, 0, "2025-01")] * 5)) == []
    assert doubles(contract.empty()) == []


def test_every_report_is_in_one_pair_at_most_and_close():
    one, _, _ = found(hours=6.0)
    assert one.pairs["a"].is_unique
    assert one.pairs["b"].is_unique
    assert (one.pairs["metres"] <= NEAR_M).all()
    assert (one.pairs["hours"] <= NEAR_H).all()
    assert (one.pairs["probability"] >= SUSPECT).all()
    assert (one.pairs["weight"].diff().dropna() <= 0).all()


def test_the_order_of_rows_changes_nothing():
    table, _ = two_sources()
    mixed = table.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(doubles(table)[0].pairs, doubles(mixed)[0].pairs)


def test_the_same_rows_keep_their_keys_and_twins_are_told_apart():
    table, _ = two_sources(police=50, council=50, doubles=5)
    keys = row_keys(table)
    assert keys.is_unique
    later = table.iloc[10:].set_axis(range(1000, 1090))
    assert row_keys(later).tolist() == keys.iloc[10:].tolist()
    twins = incidents([(1.0, 2.0, "2025-01")] * 3)
    assert len(set(row_keys(twins))) == 3


part = st.tuples(
    st.floats(0, 400), st.floats(0, 400), st.floats(0, 200), st.sampled_from([0.0, 2.0, 24.0])
)


def table_of(parts):
    frame = pd.DataFrame(parts, columns=["x", "y", "begins", "width"], dtype="float64")
    return frame.assign(ends=frame["begins"] + frame["width"], category="ASB", qualifier=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(part, min_size=1, max_size=8), st.lists(part, min_size=1, max_size=8))
def test_levels_hold_what_they_say(one, other):
    one, other = table_of(one), table_of(other)
    i, j = (side.ravel() for side in np.indices((len(one), len(other))))
    near = levels(one, other, i, j)
    assert (near["metres"] <= np.array(METRES)[near["metres_level"]]).all()
    assert (near["hours"] <= np.array(HOURS)[near["hours_level"]]).all()
    back = levels(other, one, j, i)
    pd.testing.assert_series_equal(near["hours"], back["hours"])
    pd.testing.assert_series_equal(near["metres"], back["metres"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=60),
    st.integers(0, 5),
)
def test_weights_and_probabilities_agree(rows, moves):
    names = ["metres_level", "hours_level", "kind_level"]
    near = pd.DataFrame(rows, columns=names, dtype="int64")
    scores = scored(near, [near.iloc[::2]] * moves)
    assert np.isfinite(scores.weight).all()
    assert ((scores.probability >= 0) & (scores.probability <= 1)).all()
    order = np.argsort(scores.weight)
    assert (np.diff(scores.probability[order]) >= -1e-12).all()
    assert scores.u.sum() == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_merging_leaves_one_row_of_each_event(ends):
    keys = pd.Series([str(number) for number in range(10)])
    pairs = [(str(a), str(b)) for a, b in ends]
    gone = extra_rows(keys, pairs)
    assert set(gone) == set(extra_rows(keys, pairs[::-1]))
    table = pd.DataFrame(ends, columns=["a", "b"], dtype="int64")
    assert len(gone) == counted_twice([table])
    for a, b in ends:
        assert a in gone or b in gone or a == b
