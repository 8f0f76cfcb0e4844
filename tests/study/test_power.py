"""Power by planting: what is planted large is found, what is not planted is not."""

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis import cylinders
from hotspots.analysis.cylinders import Scan
from hotspots.analysis.power import power_of_warning, strength_that_warns
from hotspots.analysis.space_time_scan import permutation_scan
from hotspots.selection import Selection
from hotspots.study import news, study
from hotspots.study.power import CHANGED, HOTSPOT, WARD, WARNING, power
from hotspots.views import palette, power_words
from tests.analysis.test_space_time_scan import made_up
from tests.study.test_hours import plain

__all__ = ["plain"]


def test_the_strength_that_warns_is_that_of_the_scan():
    rng = np.random.default_rng(1)
    for worlds in (150, 199, 999):
        simulated = rng.gamma(4, 2, worlds)
        least = strength_that_warns(Scan(pd.DataFrame(), simulated, 0, 0))
        chance = [(1 + (simulated >= at).sum()) / (1 + worlds) for at in (least, least * 0.999999)]
        assert chance[0] <= 0.01 < chance[1]
    assert strength_that_warns(Scan(pd.DataFrame(), simulated[:50], 0, 0)) == np.inf


def test_larger_gatherings_are_found_more_often_and_none_is_found_where_none_is():
    xy, when = made_up(3, places=120, incidents=1_500, side=20_000)
    place = np.unique(xy, axis=0, return_inverse=True)[1].ravel()
    planted = [np.flatnonzero(place == one) for one in range(20)]
    table = power_of_warning(
        xy, when, planted, periods=12, longest=3, sizes=(1.0, 4.0, 30.0), seed=1
    )
    assert table["found"].iloc[0] == 0
    assert table["found"].is_monotonic_increasing
    assert table["found"].iloc[-1] >= 0.9
    assert ((table["low"] <= table["found"]) & (table["found"] <= table["high"])).all()
    scan = permutation_scan(xy, when, periods=12, simulations=199, seed=1)
    assert strength_that_warns(scan) > scan.clusters["strength"].max()


def test_a_gathering_counts_as_found_where_squares_stand_for_its_places(monkeypatch):
    """In a corner of a square it lies outside the circle of 100 m round the square's middle."""
    monkeypatch.setattr(cylinders, "MOST_PLACES", 100)
    rng = np.random.default_rng(5)
    corners = rng.permutation(400)[:150]
    xy = np.repeat(np.column_stack([corners % 20, corners // 20]) * 1_600.0 + 1, 10, axis=0)
    planted = [np.arange(10 * one, 10 * one + 10) for one in range(10)]
    when = rng.integers(0, 12, len(xy))
    table = power_of_warning(xy, when, planted, periods=12, longest=3, sizes=(40.0,), seed=1)
    assert len(cylinders.places_of(xy, 100.0)[0]) <= 100
    assert table["found"].item() == 1


@pytest.fixture(scope="module")
def measured(plain):
    asked = study(plain, Selection.default(plain.choices))
    told = news(plain, asked)
    return power(plain, asked, told, breaks=told.breaks, places=4, sizes=(1.3, 8.0))


def test_both_lists_are_asked_of_wards_and_hotspots(measured):
    table = measured.table
    assert set(zip(table["measure"], table["kind"], strict=True)) == {
        (measure, kind) for measure in (CHANGED, WARNING) for kind in (WARD, HOTSPOT)
    }
    large = table.loc[table["size"] == 8, "found"]
    assert large.mean() > table.loc[table["size"] == 1.3, "found"].mean()
    assert (table["planted"] == 4).all()


def test_the_curve_has_a_table_that_says_the_same(measured):
    shown = power_words.table(measured.table)
    assert shown.shape == (4, 3)
    assert "(" in shown["8 times"].iloc[0]
    drawn = power_words.power_chart(measured.table, title="t", colors=palette.CHART_LIGHT).to_dict()
    (rows,) = drawn["datasets"].values()
    assert [row["found"] for row in rows] == measured.table["found"].tolist()
    assert "changes a size" in power_words.how(measured, "the months before")
