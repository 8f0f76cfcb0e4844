"""Counts carry their interval; a month that was never supplied is not a zero."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspots.analysis import counts
from hotspots.analysis.intervals import poisson_interval
from hotspots.periods import Period
from tests import builders

PERIOD = Period.parse("2025-01", "2025-04")
CHESHIRE = "Cheshire Constabulary"


@pytest.fixture
def incidents():
    return builders.incidents(
        [(0.0, 0.0, "2025-01")] * 4
        + [(0.0, 0.0, "2025-03")] * 9
        + [(0.0, 0.0, "2025-02", "Drugs")] * 5
        + [(900.0, 0.0, "2025-01", "Anti-social behaviour", "Mill Lane", "Merseyside Police")]
    )


def test_a_month_without_any_asb_row_was_not_supplied(incidents):
    status = counts.supply(incidents, PERIOD, forces=[CHESHIRE])
    assert status.tolist() == ["held", "missing", "held", "missing"]


def test_a_month_held_by_some_forces_only_is_partial(incidents):
    status = counts.supply(incidents, PERIOD, forces=[CHESHIRE, "Merseyside Police"])
    assert status.tolist() == ["held", "missing", "partial", "missing"]


def test_a_missing_month_is_not_drawn_as_zero(incidents):
    status = counts.supply(incidents, PERIOD, forces=[CHESHIRE])
    table = counts.by_month(incidents.loc[incidents["force"] == CHESHIRE], status)
    assert table["count"].iloc[0] == 4
    assert math.isnan(table["count"].iloc[1])
    assert math.isnan(table["low"].iloc[1])
    assert math.isnan(table["high"].iloc[3])


def test_a_held_month_without_a_row_is_zero_with_an_interval(incidents):
    status = pd.Series("held", index=PERIOD.months)
    table = counts.by_month(incidents.iloc[:0], status)
    assert table["count"].tolist() == [0, 0, 0, 0]
    assert table["high"].round(2).tolist() == [3.69] * 4


def test_the_year_before_stands_beside_the_same_month():
    now = counts.by_month(
        builders.incidents([(0, 0, "2025-02")]), pd.Series("held", index=PERIOD.months)
    )
    earlier = Period.parse("2024-01", "2024-03")
    before = counts.by_month(
        builders.incidents([(0, 0, "2024-02")] * 7), pd.Series("held", index=earlier.months)
    )
    both = counts.beside_year_before(now, before)
    assert both["year_before"].fillna(-1).tolist() == [0, 7, 0, -1]
    assert both["year_before_status"].iloc[-1] == "missing"
    assert both.index.equals(now.index)


def test_the_league_lists_every_ward_with_its_interval_and_rate():
    wards = builders.wards({"E1": (0, 0, 100), "E2": (100, 0, 100)}, residents=2000)
    table = builders.incidents([(10, 10, "2025-01")] * 10 + [(None, None, "2025-01")])
    ward = pd.Series(["E1"] * 10 + [None], index=table.index)
    league = counts.by_ward(table, ward, wards)
    assert league.index.tolist() == ["E1", "E2"]
    assert league["count"].tolist() == [10, 0]
    assert league["rate"].tolist() == [5, 0]
    assert league["share"].tolist() == [1, 0]
    assert league.loc["E1", "low"] < 10 < league.loc["E1", "high"]


def test_the_interval_is_garwoods():
    low, high = poisson_interval([0, 1, 10, np.nan])
    # Published in Garwood (1936) and every table since: 10 → 4.80 to 18.39.
    assert low[:3].round(2).tolist() == [0, 0.03, 4.8]
    assert high[:3].round(2).tolist() == [3.69, 5.57, 18.39]
    assert math.isnan(low[3])
    assert math.isnan(high[3])


@pytest.mark.parametrize("mean", [0.5, 3, 20])
def test_the_interval_covers_at_least_as_often_as_it_says(mean):
    n = np.arange(200)
    low, high = poisson_interval(n)
    covered = stats.poisson.pmf(n, mean)[(low <= mean) & (mean <= high)].sum()
    assert covered >= 0.95
