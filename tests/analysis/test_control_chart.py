"""Limits are Laney's where months vary more than Poisson's, and alarms are as rare as stated."""

import math

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.breaks import Break
from hotspots.analysis.control_chart import control_chart, laney_sigma_z

# Emergency attendances, those seen within four hours and all, twenty in a row: the data
# set nhs_accidents of the R package qicharts2 (J. Anhøj). Limits of its u′ chart to four
# digits as printed in the tests of PowerBI-SPC (Australian Department of Health),
# test/Chart Types/test-uprime.ts, which hold that program to R's.
SEEN = [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320]
SEEN += [267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989]
ALL = [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529]
ALL += [279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772]
HIGH = [0.9657, 0.9658, 0.9654, 0.9653, 0.9656, 0.9658, 0.9656, 0.9653, 0.9656, 0.9656]
HIGH += [0.9657, 0.9656, 0.966, 0.966, 0.9658, 0.9659, 0.966, 0.9658, 0.9657, 0.9658]
LOW = [0.9401, 0.940, 0.9404, 0.9405, 0.9402, 0.94, 0.9402, 0.9405, 0.9402, 0.9402]
LOW += [0.9401, 0.9402, 0.9398, 0.9398, 0.94, 0.9399, 0.9398, 0.94, 0.9401, 0.94]


def months(count, first="2023-01"):
    return pd.period_range(first, periods=count, freq="M")


def held(series):
    return pd.Series("held", index=series.index)


def drawn(count, *, mean, phi=1.0, seed=1):
    rng = np.random.default_rng(seed)
    values = (
        rng.poisson(mean, count)
        if phi == 1
        else rng.negative_binomial(mean / (phi - 1), 1 / phi, count)
    )
    return pd.Series(values, months(count), dtype=float)


def test_laneys_limits_are_rs():
    index = months(20)
    seen, everyone = pd.Series(SEEN, index, dtype=float), pd.Series(ALL, index, dtype=float)
    chart = control_chart(seen, held(seen), expected=everyone)
    assert chart.overdispersed
    assert chart.sigma_z == pytest.approx(laney_sigma_z(SEEN, ALL))
    assert (chart.months["high"] / everyone).round(4).tolist() == HIGH
    assert (chart.months["low"] / everyone).round(4).tolist() == LOW
    assert (chart.months["signal"] == "").all()


def test_sigma_z_is_laneys_formula_by_hand():
    u = (90 + 110 + 95) / 90
    z = [(c / 30 - u) / math.sqrt(u / 30) for c in (90, 110, 95)]
    by_hand = (abs(z[1] - z[0]) + abs(z[2] - z[1])) / 2 / 1.128
    assert laney_sigma_z([90, 110, 95], [30, 30, 30]) == pytest.approx(by_hand)
    assert math.isnan(laney_sigma_z([4], [30]))
    assert math.isnan(laney_sigma_z([], []))


@pytest.mark.parametrize(("mean", "phi"), [(4, 1.0), (40, 1.0), (400, 1.0), (40, 3.0), (400, 6.0)])
def test_false_alarms_are_as_rare_as_stated(mean, phi):
    alarms, stated = [], []
    for seed in range(300):
        series = drawn(36, mean=mean, phi=phi, seed=seed)
        chart = control_chart(series, held(series))
        alarms.append((chart.months["signal"] != "").mean())
        stated.append(chart.false_alarm)
    assert np.mean(stated) < 0.012
    assert np.mean(alarms) < 1.6 * np.mean(stated) + 0.002


def test_without_the_correction_overdispersed_months_alarm_often():
    series = drawn(3000, mean=400, phi=6.0)
    plain = np.abs(series - series.mean()) > 3 * np.sqrt(series.mean())
    assert plain.mean() > 0.15
    chart = control_chart(series, held(series))
    assert chart.sigma_z == pytest.approx(math.sqrt(6), rel=0.05)
    assert (chart.months["signal"] != "").mean() < 0.01


def test_the_dispersion_test_is_right_about_poisson_counts():
    wide = [
        control_chart(series, held(series)).overdispersed
        for series in (drawn(24, mean=50, seed=seed) for seed in range(300))
    ]
    assert 0.01 < np.mean(wide) < 0.09


def test_limits_follow_the_days_of_the_month():
    series = pd.Series([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], months(12))
    chart = control_chart(series, held(series))
    assert chart.months["centre"].tolist() == pytest.approx(series.tolist())
    assert chart.sigma_z == 1
    assert chart.months["high"].tolist() == pytest.approx((series + 3 * np.sqrt(series)).tolist())
    assert chart.months["provisional"].tolist() == [False] * 11 + [True]


def test_missing_and_partial_months_set_no_limits_and_do_not_signal():
    series = pd.Series([30.0] * 10 + [np.nan, 4.0, 30, 30], months(14))
    status = pd.Series(["held"] * 10 + ["missing", "partial", "held", "held"], series.index)
    chart = control_chart(series, status)
    assert (chart.months["signal"] == "").all()
    assert chart.months["centre"].iloc[0] == pytest.approx(30 * 31 / 30.4, rel=0.01)
    assert math.isnan(chart.months["count"].iloc[10])
    assert any("some forces" in note for note in chart.notes)


def test_the_level_is_taken_anew_at_a_break():
    series = pd.Series([90.0] * 12 + [30.0] * 12 + [32.0] * 4, months(28))
    given = [Break(months(28)[12], name="rule"), Break(months(28)[24])]
    chart = control_chart(series, held(series), breaks=iter(given))
    assert (chart.months["signal"] == "").all()
    assert chart.months["centre"].iloc[:12].mean() == pytest.approx(90)
    assert chart.months["centre"].iloc[12:24].mean() == pytest.approx(30)
    assert chart.months["centre"].iloc[24:].isna().all()
    assert any("rule" in note for note in chart.notes)
    assert any("fewer than 8" in note for note in chart.notes)


@pytest.mark.parametrize("series", [pd.Series([], months(0), dtype=float), drawn(3, mean=9)])
def test_too_little_to_say(series):
    chart = control_chart(series, held(series))
    assert chart.months.index.equals(series.index)
    assert chart.months[["centre", "low", "high"]].isna().all(axis=None)
    assert math.isnan(chart.false_alarm)
    assert math.isnan(chart.p)
    assert not chart.overdispersed
