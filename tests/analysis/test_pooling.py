"""Plans of one kind pooled."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspots.analysis.pooling import pooled

# Thirteen trials of a vaccine (Colditz and others 1994), the standing example of
# random effects: cases and others, treated and control.
TRIALS = np.array(
    [
        [4, 119, 11, 128],
        [6, 300, 29, 274],
        [3, 228, 11, 209],
        [62, 13536, 248, 12619],
        [33, 5036, 47, 5761],
        [180, 1361, 372, 1079],
        [8, 2537, 10, 619],
        [505, 87886, 499, 87892],
        [29, 7470, 45, 7232],
        [17, 1699, 65, 1600],
        [186, 50448, 141, 27197],
        [5, 2493, 3, 2338],
        [27, 16886, 29, 17825],
    ]
)


def test_the_standing_example():
    # R's metafor, rma(measure = "RR", method = "DL"): -0.7141, τ² = 0.3088.
    a, b, c, d = TRIALS.T
    plans = pd.DataFrame(
        {
            "kind": "vaccine",
            "log": np.log(a / (a + b) / (c / (c + d))),
            "log_variance": 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
        }
    )
    one = pooled(plans, by="kind").iloc[0]
    assert round(float(np.log(one["ratio"])), 4) == -0.7141
    assert round(float(one["between"] ** 2), 4) == 0.3088
    # Standard error 0.1787, and t of 12 degrees of freedom.
    half = (np.log(one["high"]) - np.log(one["low"])) / 2 / stats.t.isf(0.025, 12)
    assert round(float(half), 4) == 0.1787


def test_kinds_are_apart_and_one_plan_stands_for_itself():
    plans = pd.DataFrame(
        {
            "kind": ["lighting", "patrol", "patrol"],
            "log": [-0.3, 0.1, 0.2],
            "log_variance": [0.04, 0.05, 0.05],
        }
    )
    table = pooled(plans, by="kind")
    assert table["plans"].tolist() == [1, 2]
    assert table.loc["lighting", "ratio"] == pytest.approx(np.exp(-0.3))
    assert table.loc["lighting", "high"] == pytest.approx(np.exp(-0.3 + 1.96 * 0.2), rel=1e-3)
    assert np.isnan(table.loc["lighting", "between"])


def test_plans_that_differ_widen_the_interval():
    def width(spread):
        plans = pd.DataFrame({"kind": "x", "log": [-spread, 0, spread], "log_variance": [0.02] * 3})
        one = pooled(plans, by="kind").iloc[0]
        return one["high"] / one["low"]

    assert width(0.8) > 1.5 * width(0.05)


def test_nothing_pools_to_nothing():
    plans = pd.DataFrame({"kind": ["x"], "log": [np.nan], "log_variance": [1.0]})
    assert pooled(plans, by="kind").empty
