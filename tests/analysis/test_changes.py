"""A list of changes is short: empty where nothing changed, and never fooled by season."""

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.breaks import Break
from hotspots.analysis.changes import EARLIER, YEAR_BEFORE, what_changed
from hotspots.analysis.control_chart import control_chart

WARDS = 137
SEASON = 1 + 0.35 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def months(count, last="2025-12"):
    return pd.period_range(end=last, periods=count, freq="M")


def world(count, *, phi=1.4, seed=1, wards=WARDS, factor=1.0):
    """Wards of 0.3 to 40 reports a month under one season, as in Cheshire."""
    rng = np.random.default_rng(seed)
    means = np.exp(np.linspace(np.log(0.3), np.log(40), wards))
    index = months(count)
    expected = SEASON[index.month - 1][:, None] * means * factor
    drawn = (
        rng.poisson(expected) if phi == 1 else rng.negative_binomial(expected / (phi - 1), 1 / phi)
    )
    return pd.DataFrame(drawn, index, [f"W{n:03d}" for n in range(wards)])


def held(series):
    return pd.Series("held", index=series.index)


@pytest.mark.parametrize("count", [12, 15, 24, 36])
@pytest.mark.parametrize("phi", [1, 1.4, 3])
def test_where_nothing_changed_the_list_is_empty(count, phi):
    lists = [
        len(what_changed(world(count, phi=phi, seed=seed), held(world(count))).table) > 0
        for seed in range(60)
    ]
    assert sum(lists) <= 7  # 5%, and 2.4 standard deviations of 60 drawings


def test_shuffled_months_give_an_empty_list():
    still, rng = world(24, phi=2), np.random.default_rng(5)
    some = [
        len(what_changed(still.iloc[rng.permutation(24)].set_axis(still.index), held(still)).table)
        for _ in range(200)
    ]
    assert np.mean(np.array(some) > 0) <= 0.05


@pytest.mark.parametrize("count", [12, 24])
@pytest.mark.parametrize(("size", "direction"), [(3.0, "up"), (0.1, "down")])
def test_a_planted_change_is_found_and_named(count, size, direction):
    found = 0
    for seed in range(20):
        series = world(count, seed=seed)
        rng = np.random.default_rng(seed)
        series.iloc[-3:, 130] = rng.poisson(SEASON[-3:] * 31 * size)
        changes = what_changed(series, held(series))
        if "W130" in changes.table.index:
            found += 1
            row = changes.table.loc["W130"]
            assert row["direction"] == direction
            assert row["low"] < row["ratio"] < row["high"]
            assert row["p"] <= row["adjusted"] <= 0.05
    assert found >= 17


def test_the_strongest_comes_first_and_every_series_is_kept():
    series = world(24)
    series.iloc[-3:, 120] *= 3
    series.iloc[-3:, 135] *= 4
    changes = what_changed(series, held(series))
    assert changes.table["p"].is_monotonic_increasing
    assert changes.table.index[0] == "W135"
    assert changes.every.index.equals(series.columns)
    assert changes.looked_at <= WARDS
    assert changes.against == YEAR_BEFORE
    assert changes.months.equals(series.index[-3:])


def test_what_happens_everywhere_lists_no_ward_but_is_said():
    series = world(24)
    series.iloc[-12:] *= 3
    changes = what_changed(series, held(series))
    assert changes.table.empty
    assert changes.area == pytest.approx(3, rel=0.2)
    assert any("as a whole" in note for note in changes.notes)


def test_a_ward_is_not_down_because_another_is_up():
    series = world(24, wards=4, factor=3)
    series.iloc[-3:, 3] *= 6
    changes = what_changed(series, held(series))
    assert changes.table.index.tolist() == ["W003"]


def test_without_a_year_before_season_is_the_study_areas_own():
    series = world(12, factor=4, seed=2)
    changes = what_changed(series, held(series))
    assert changes.against == EARLIER
    assert changes.table.empty
    total = changes.every["count"].sum()
    assert changes.every["expected"].sum() == pytest.approx(total, rel=0.03)
    assert any("No year before" in note for note in changes.notes)


def test_one_series_alone_needs_its_year_before():
    one = world(24, factor=3)[["W136"]]
    up = one.copy()
    up.iloc[-3:] *= 4
    assert what_changed(up, held(up)).table.index.tolist() == ["W136"]
    short = what_changed(up.iloc[-12:], held(up.iloc[-12:]))
    assert short.looked_at == 0
    assert short.table.empty


def test_nothing_is_compared_across_a_break():
    series = world(24)
    series.iloc[-5:, :] = series.iloc[-5:, :] * 2
    series.iloc[-5:, 130] *= 3
    step = Break(series.index[-5], name="recording rule")
    changes = what_changed(series, held(series), breaks=[step])
    assert changes.against == ""
    assert changes.looked_at == 0
    assert changes.every["p"].isna().all()
    assert any("recording rule" in note for note in changes.notes)
    before = what_changed(world(24), held(world(24)), breaks=[Break(series.index[6])])
    assert before.against == YEAR_BEFORE
    assert what_changed(series, held(series), breaks=[Break(series.index[-12])]).against == EARLIER


def test_missing_and_partial_months_are_compared_with_nothing():
    series = world(24).astype(float)
    status = held(series)
    status.iloc[-2], status.iloc[-13] = "partial", "missing"
    series.iloc[-13] = np.nan
    spoiled = series.copy()
    spoiled.iloc[-2] = 0
    changes, same = what_changed(series, status), what_changed(spoiled, status)
    pd.testing.assert_frame_equal(changes.every, same.every)
    # December has no December before it, and November is partial: October is left.
    assert changes.months.tolist() == [series.index[-3]]
    assert any("some forces" in note for note in changes.notes)


def test_no_bare_percentage_on_few_reports():
    every = what_changed(world(24), held(world(24))).every
    few = (every["count"] < 50) | (every["expected"] < 50)
    assert every.loc[few, "percent"].isna().all()
    assert every.loc[~few, "percent"].notna().all()


def test_nothing_in_is_nothing_out_with_the_same_columns():
    full = what_changed(world(24), held(world(24)))
    for empty in (world(24).iloc[:, :0], world(24).iloc[:0], world(1)):
        changes = what_changed(empty, held(empty))
        assert changes.table.empty
        assert changes.table.columns.equals(full.table.columns)
        assert changes.looked_at == 0


def test_arguments_are_left_as_they_were():
    series, status = world(24), held(world(24))
    kept = series.copy(), status.copy()
    what_changed(series, status, area=series.sum(axis=1))
    pd.testing.assert_frame_equal(series, kept[0])
    pd.testing.assert_series_equal(status, kept[1])
    assert control_chart(series["W130"], status).months.index.equals(series.index)


def test_hotspots_stand_beside_the_study_areas_own_reports():
    series = world(24)
    inside = series.iloc[:, -5:] // 2
    both = pd.concat([series, inside.add_prefix("H")], axis=1)
    changes = what_changed(both, held(both), area=series.sum(axis=1))
    assert len(changes.every) == WARDS + 5
    assert changes.area == pytest.approx(1, rel=0.15)
