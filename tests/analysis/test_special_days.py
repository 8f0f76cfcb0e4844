"""Days unlike others: known bank holidays, and a comparison that weekday and season cannot fool."""

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.special_days import bank_holidays, beside_other_days

YEAR = pd.period_range("2025-01-01", "2025-12-31", freq="D")


def test_bank_holidays_of_england_in_2025():
    """As gov.uk lists them; the second of January is Scotland's alone."""
    days = bank_holidays(YEAR[0], YEAR[-1]).strftime("%m-%d").tolist()
    assert days == ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"]
    assert bank_holidays(YEAR[5], YEAR[9]).empty


def test_weekends_and_summers_are_not_taken_for_special_days():
    rng = np.random.default_rng(1)
    busy = 5 * (1 + (YEAR.day_of_week >= 5)) * (1 + 0.5 * np.sin(YEAR.day_of_year / 58))
    daily = pd.Series(rng.poisson(busy).astype(float), YEAR)
    saturdays = YEAR[(YEAR.day_of_week == 5) & (YEAR.month == 7)][:2]
    found = beside_other_days(daily, saturdays)
    assert found["p"] > 0.05
    assert found["low"] < 1 < found["high"]


def test_a_planted_rise_is_found_and_said_in_per_cent_only_when_counts_allow():
    rng = np.random.default_rng(2)
    daily = pd.Series(rng.poisson(10, len(YEAR)).astype(float), YEAR)
    special = bank_holidays(YEAR[0], YEAR[-1])
    daily[special] += 10
    found = beside_other_days(daily, special)
    assert found["p"] < 0.001
    assert found["low"] < 2 < found["high"]
    assert found["percent"] == pytest.approx(100, abs=30)
    assert np.isnan(beside_other_days(daily, special[:1])["percent"])


def test_nothing_to_compare_is_not_a_number():
    daily = pd.Series(1.0, YEAR[:3])
    assert beside_other_days(daily, []).isna()["ratio"]
    assert beside_other_days(daily, YEAR[:3]).isna()["ratio"]
