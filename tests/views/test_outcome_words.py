"""The verdict is one of a fixed list, and nothing claims a cause."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.outcome import FELL, NO_EVIDENCE, ROSE, TOO_FEW
from hotspots.views import outcome_charts, outcome_words, palette, plan_words

LIST = re.compile(
    r"(Fell|Rose) more than comparable places, by [\d,]+ to [\d,]+ reports\."
    r"|No evidence either way: this place would need a fall of [\d.]+% to show\."
    r"|No evidence either way: with so few reports even a fall to nothing could not be "
    r"expected to show\."
    r"|Cannot be judged: .*"
)


@given(
    st.sampled_from([FELL, ROSE, NO_EVIDENCE, TOO_FEW]),
    st.floats(0.01, 500),
    st.floats(0.01, 500),
    st.one_of(st.floats(0.05, 1), st.just(float("nan"))),
)
@settings(deadline=None)
def test_every_verdict_is_on_the_list(said, one, other, fall):
    low, high = sorted((one, other))
    ends = {FELL: (-high, -low), ROSE: (low, high)}.get(said, (-low, high))
    row = {"verdict": said, "low": ends[0], "high": ends[1], "smallest_fall": fall}
    assert LIST.fullmatch(outcome_words.verdict(pd.Series(row)))


@pytest.mark.parametrize("module", [outcome_words, plan_words], ids=["outcome", "plan"])
def test_nothing_says_cause(module):
    text = Path(module.__file__).read_text(encoding="utf-8").lower()
    strings = " ".join(re.findall(r'"([^"]*)"', text))
    assert not re.search(r"\bcaus(e|ed|es|ing)\b|thanks to|because of the plan|worked\b", strings)


def test_the_picture_holds_both_lines_and_the_start():
    months = pd.DataFrame(
        {"place": [5, 3], "controls": [4.5, 4.0]},
        index=pd.period_range("2025-06", periods=2, freq="M"),
    )
    chart = outcome_charts.outcome_chart(
        months, start=pd.Period("2025-07", "M"), colors=palette.CHART_LIGHT
    ).to_dict()
    data = [row for rows in chart["datasets"].values() for row in rows]
    assert {row["series"] for row in data if "series" in row} == {
        outcome_charts.PLACE,
        outcome_charts.CONTROLS,
    }
    assert sum(row.get("said") == "response begins" for row in data) >= 1
    assert np.isclose(sum(row.get("reports", 0) for row in data), 16.5)


def test_patrol_hours_have_an_axis_of_their_own():
    index = pd.period_range("2025-06", periods=2, freq="M")
    months = pd.DataFrame({"place": [5, 3], "controls": [4.5, 4.0]}, index=index)
    chart = outcome_charts.outcome_chart(
        months,
        start=index[1],
        colors=palette.CHART_LIGHT,
        hours=pd.Series([2.5], index=index[1:]),
    ).to_dict()
    assert chart["resolve"]["scale"]["y"] == "independent"
    data = [row for rows in chart["datasets"].values() for row in rows]
    assert [row["hours"] for row in data if "hours" in row] == [2.5]
