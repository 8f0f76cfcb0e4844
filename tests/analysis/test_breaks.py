"""Steps in the level are found, seasons and gaps are not steps, and levels split at a step."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from hotspots.analysis.breaks import Break, find_breaks, in_words, odd_months, segments
from hotspots.analysis.season import decompose, fit, years
from hotspots.analysis.spans import days

SEASON = 1 + 0.4 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def months(count, first="2022-01"):
    return pd.period_range(first, periods=count, freq="M")


def drawn(count, *, mean=300.0, phi=4.0, step=None, at=20, seed=1, season=SEASON):
    index = months(count)
    level = np.full(count, mean)
    if step is not None:
        level[at:] *= step
    expected = level * season[index.month - 1]
    rng = np.random.default_rng(seed)
    return pd.Series(rng.negative_binomial(expected / (phi - 1), 1 / phi), index, dtype=float)


def held(series):
    return pd.Series(np.where(series.isna(), "missing", "held"), index=series.index)


@pytest.mark.parametrize(("count", "phi"), [(24, 1.5), (36, 4.0), (60, 4.0), (36, 1.0001)])
def test_breaks_are_found_in_few_series_without_one(count, phi):
    alarms = 0
    for seed in range(150):
        series = drawn(count, phi=phi, seed=seed)
        alarms += bool(find_breaks(series, held(series), simulations=99, seed=seed))
    assert alarms <= 14  # 5%, and 2.4 standard deviations of 150 series


@pytest.mark.parametrize("step", [0.6, 1.8])
def test_a_step_is_found_where_it_is_through_a_season(step):
    true, found, extra = months(36)[20].ordinal, 0, 0
    for seed in range(30):
        series = drawn(36, step=step, seed=seed)
        breaks = find_breaks(series, held(series), simulations=199)
        near = [one for one in breaks if abs(one.month.ordinal - true) <= 1]
        found += bool(near)
        extra += len(breaks) > len(near)
        assert all(one.after / one.before == pytest.approx(step, rel=0.3) for one in near)
    assert found >= 27
    assert extra <= 5


def test_a_missing_month_and_an_odd_one_are_not_steps():
    series = drawn(36, mean=600, seed=3)
    series.iloc[14] = np.nan
    series.iloc[8] = 15
    assert odd_months(series, held(series)).tolist() == [series.index[8]]
    assert find_breaks(series, held(series)) == ()


def test_partial_months_are_left_out():
    series = drawn(36, seed=4)
    status = held(series)
    status.iloc[10:14] = "partial"
    halved = series.copy()
    halved.iloc[10:14] /= 2
    assert find_breaks(halved, status) == find_breaks(series, status)


def test_with_under_two_years_a_step_cannot_be_told_from_a_season():
    series = pd.Series([100.0] * 12 + [900.0] * 11, index=months(23))
    assert find_breaks(series, held(series)) == ()
    assert find_breaks(series.iloc[:0], held(series.iloc[:0])) == ()


def test_the_same_series_and_seed_give_the_same_breaks():
    series = drawn(36, step=0.5)
    kept = series.copy()
    assert find_breaks(series, held(series), seed=7) == find_breaks(series, held(series), seed=7)
    pd.testing.assert_series_equal(series, kept)


def test_segments_begin_at_their_break_in_any_order():
    given = [Break(pd.Period("2022-05", "M")), Break(pd.Period("2022-03", "M"), name="rule")]
    assert segments(months(6), given).tolist() == [0, 0, 1, 1, 2, 2]
    assert segments(months(3), []).tolist() == [0, 0, 0]
    assert in_words(given) == "Nothing is compared across March 2022 (rule), May 2022."
    assert in_words([]) == ""


def test_the_model_returns_what_it_was_made_of():
    index = months(33)
    level = np.where(np.arange(33) < 20, 10.0, 4.0)
    season = SEASON / SEASON.mean()
    counts = (level * season[index.month - 1] * days(index))[:, None]
    run = (np.arange(33) >= 20).astype(np.int64)
    levels, factors = fit(counts, days(index), run, index.month.to_numpy(dtype=np.int64))
    assert levels[:, 0] == pytest.approx(level)
    assert factors[:, 0] == pytest.approx(season[index.month - 1])


def test_decomposing_needs_two_years_and_copes_with_gaps():
    series = drawn(33, step=0.5)
    series.iloc[7] = np.nan
    parts = decompose(
        series, held(series), segment=segments(series.index, [Break(series.index[20])])
    )
    assert parts["separable"].all()
    assert parts.iloc[7, :5].isna().all()
    assert parts["level"].iloc[-1] / parts["level"].iloc[10] == pytest.approx(0.5, rel=0.25)
    one = decompose(series.iloc[:12], held(series.iloc[:12]))
    assert not one["separable"].any()
    assert one["season"].mean() == pytest.approx(1, abs=0.01)
    assert one[["expected", "remainder", "adjusted"]].isna().all(axis=None)
    assert not len(decompose(series.iloc[:0], held(series.iloc[:0])))


def test_years_count_back_from_the_newest_month_and_split_at_breaks():
    label = years(months(30), np.array([0] * 24 + [1] * 6))
    assert len(set(label)) == 4
    assert (np.diff(label) >= 0).all()


def test_levels_and_seasons_are_those_of_statsmodels():
    """The same model as a Poisson regression on two factors, with the days as exposure."""
    rng = np.random.default_rng(4)
    level, month = np.repeat([0, 1, 2], 12), np.tile(np.arange(1, 13), 3)
    kept = rng.permutation(36)[:33]
    kept.sort()
    level, month, long = level[kept], month[kept], rng.uniform(28, 31, 33)
    mean = np.array([2.0, 3.0, 1.5])[level] * (1 + 0.5 * np.sin(month)) * long
    counts = rng.poisson(mean).astype(float)
    levels, factors = fit(counts[:, None], long, level, month)
    x = np.column_stack([level[:, None] == np.unique(level), month[:, None] == np.arange(2, 13)])
    regression = GLM(counts, x.astype(float), family=Poisson(), exposure=long).fit(tol=1e-12)
    assert (levels * factors)[:, 0] * long == pytest.approx(regression.fittedvalues, rel=1e-6)
