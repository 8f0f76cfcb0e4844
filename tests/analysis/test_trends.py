"""A trend says what it rests on, and says so when that is too little."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspots.analysis.breaks import Break
from hotspots.analysis.drift import slope
from hotspots.analysis.trends import (
    DOWN,
    NOTHING,
    UNSURE,
    UP,
    against_year_before,
    trend,
)

SEASON = 1 + 0.4 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def months(count, last="2025-12"):
    return pd.period_range(end=last, periods=count, freq="M")


def drawn(count, *, mean=20.0, phi=1.0, series=1, seed=1, now=1.0):
    index = months(count)
    expected = mean * SEASON[index.month - 1][:, None] * np.ones(series)
    expected[-12:] *= now
    rng = np.random.default_rng(seed)
    values = (
        rng.poisson(expected) if phi == 1 else rng.negative_binomial(expected / (phi - 1), 1 / phi)
    )
    return pd.DataFrame(values.astype(float), index)


def held(series):
    return pd.Series("held", index=series.index)


def test_a_year_is_compared_by_the_e_test_over_its_days():
    series = pd.DataFrame({"a": [0.0] * 22 + [3.0, 7.0], "b": [2.0] * 12 + [1.0] * 12}, months(24))
    table = against_year_before(series, held(series), newest=2)
    assert table.loc["a", ["count", "before", "pairs", "verdict"]].tolist() == [10, 0, 2, UP]
    expected = stats.poisson_means_test(2, 61, 4, 61).pvalue
    assert table.loc["b", "p"] == pytest.approx(expected)
    assert table.loc["b", "verdict"] == UNSURE


@pytest.mark.parametrize(("phi", "mean"), [(1, 4), (1, 60), (2.5, 20)])
def test_verdicts_on_unchanged_series_are_rarely_wrong(phi, mean):
    still = drawn(24, phi=phi, mean=mean, series=2000)
    wrong = against_year_before(still, held(still))["verdict"] != UNSURE
    assert 0.01 < wrong.mean() < 0.06


def test_the_smallest_change_it_promises_is_found_in_four_of_five():
    rise = float(against_year_before(drawn(24), held(drawn(24)))["rise"].iloc[0])
    up = drawn(24, series=2000, now=rise)
    assert 0.68 < (against_year_before(up, held(up))["verdict"] == UP).mean() < 0.9


def test_no_bare_percentage_when_either_count_is_small():
    series = pd.DataFrame({"few": [3.0] * 12 + [9.0] * 12, "many": [9.0] * 12 + [5.0] * 12})
    series = series.set_axis(months(24))
    table = against_year_before(series.round(), held(series))
    assert math.isnan(table.loc["few", "percent"])
    assert table.loc["few", "verdict"] == UP
    assert table.loc["many", "percent"] < -40


def test_missing_and_partial_months_leave_their_pair_out():
    series, status = drawn(24, series=3), held(drawn(24))
    series.iloc[3] = np.nan
    status.iloc[[3, 20]] = ["missing", "partial"]
    spoiled = series.copy()
    spoiled.iloc[20] = 0
    table = against_year_before(series, status)
    assert (table["pairs"] == 10).all()
    pd.testing.assert_frame_equal(table, against_year_before(spoiled, status))
    pd.testing.assert_frame_equal(slope(series, status), slope(spoiled, status))


def test_a_leap_february_is_a_day_longer():
    series = pd.DataFrame({"a": [290.0] + [0.0] * 11 + [280.0]}, months(13, last="2025-02"))
    table = against_year_before(series, held(series), newest=1)
    assert table.loc["a", "ratio"] == pytest.approx(1)
    assert table.loc["a", "p"] == 1


def test_nothing_is_compared_across_a_break():
    series = drawn(24, series=2)
    given = [Break(series.index[-4], name="new rule")]
    table = against_year_before(series, held(series), breaks=given)
    assert (table["pairs"] == 8).all()
    assert table["count"].tolist() == series.iloc[12:20].sum().tolist()
    late = against_year_before(series, held(series), breaks=given, newest=3)
    assert (late["verdict"] == NOTHING).all()
    assert late[["count", "ratio", "p", "percent"]].isna().all(axis=None)
    drift = slope(series, held(series), breaks=given)
    assert (drift["months"] == 4).all()
    assert drift["p"].isna().all()
    one = trend(series[0], held(series), breaks=iter(given))
    assert any("new rule" in note for note in one.notes)
    assert one.months["p"].notna().sum() == 8


def test_drift_is_told_from_season_with_two_years():
    still = drawn(36, mean=200, series=400)
    drift = slope(still, held(still))
    assert drift["seasonal"].all()
    assert (drift["p"] <= 0.05).mean() < 0.07
    index = months(36)
    growing = still * (1 + 0.02 * np.arange(36))[:, None]
    found = slope(growing, held(growing))
    assert (found["p"] <= 0.05).mean() > 0.9
    assert found["slope"].median() == pytest.approx(0.02 * 12 * 200, rel=0.15)
    assert ((found["low"] < 48) & (found["high"] > 48)).mean() > 0.8
    assert not slope(still.loc[index[-12:]], held(still)).loc[0, "seasonal"]


def test_one_series_gets_everything_by_month():
    series = drawn(30, mean=80)[0]
    series.iloc[5] = np.nan
    status = held(series)
    status.iloc[[5, 9]] = ["missing", "partial"]
    found = trend(series, status)
    table = found.months
    assert table.index.equals(series.index)
    assert (found.missing, found.partial) == (1, 1)
    assert table["provisional"].tolist() == [False] * 29 + [True]
    assert (
        table["year_before"].iloc[17:].isna().tolist()
        == [True] + [False] * 3 + [True] + [False] * 8
    )
    assert (table["adjusted"].dropna() >= table["p"].dropna()).all()
    assert table["separable"].all()
    assert math.isnan(table["expected"].iloc[5])
    assert any("provisional" in note for note in found.notes)
    assert any("gaps, not zeros" in note for note in found.notes)


def test_one_year_has_an_index_but_no_season():
    series = drawn(12, mean=80)[0]
    found = trend(series, held(series))
    assert found.year["verdict"] == NOTHING
    assert found.months["season"].notna().all()
    assert found.months["remainder"].isna().all()
    assert not found.slope["seasonal"]
    assert any("Under two years" in note for note in found.notes)


def test_nothing_in_is_nothing_out():
    empty = drawn(24).iloc[:0]
    assert trend(empty[0], held(empty)).year["verdict"] == NOTHING
    none = drawn(24).iloc[:, :0]
    full = against_year_before(drawn(24), held(drawn(24)))
    assert against_year_before(none, held(none)).columns.equals(full.columns)
    assert len(slope(none, held(none))) == 0


def test_a_fall_is_called_a_fall():
    down = drawn(24, mean=50, now=0.5)
    assert against_year_before(down, held(down)).loc[0, "verdict"] == DOWN
