"""The verdict is one of a fixed list, and nothing claims a cause."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.outcome import FELL, NO_EVIDENCE, ROSE, TOO_FEW
from hotspots.analysis.synthetic import Synthetic
from hotspots.study.held_against import Draw
from hotspots.study.outcome import Outcome
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


def came(**asked):
    """An outcome of six months on each side, as far as its words need one."""
    months = pd.period_range("2024-01", periods=24, freq="M")
    told = {"verdict": NO_EVIDENCE, "estimate": -6.0, "low": -20.0, "high": 8.0, "untouched": 0.9}
    told |= {"around": "around alike", "withheld": False} | asked.pop("judged", {})
    held = {"place_before": 40, "place_after": 30, "control_before": 200, "control_after": 190}
    return Outcome(
        counts=pd.Series(held | {"controls": 5, "dispersion": 1.4}),
        judged=pd.Series(told),
        before=months[12:18],
        after=months[18:],
        months=pd.DataFrame(),
        level=None,
        synthetic=asked.pop("synthetic", None),
        tried=0,
        fell=0,
        recounted=None,
    )


def test_a_synthetic_control_is_told_with_its_rank_its_rule_and_its_power():
    one = Synthetic(
        expected=36, seen=30, fit=1.2, donors=29, used=7, fell=0.4, rose=0.6, smallest_fall=0.45
    )
    text = " ".join(outcome_words.rests_on(came(synthetic=one)))
    assert "7 of 29 comparable places" in text
    assert "led to expect 36 reports; there were 30" in text
    assert "40% ended as low" in text
    assert "at most 25%" in text
    assert "A fall of 45%" in text
    assert "Here it is more" not in text
    taken = " ".join(outcome_words.rests_on(came(synthetic=one, judged={"withheld": True})))
    assert "Here it is more, so no verdict" in taken
    blunt = replace(one, smallest_fall=float("nan"))
    assert "not even a fall to nothing" in " ".join(outcome_words.rests_on(came(synthetic=blunt)))
    assert "takes 12 months before" in " ".join(outcome_words.rests_on(came()))


def test_controls_by_the_draw_are_called_so_and_until_when():
    draw = Draw("t", date(2025, 6, 2), date(2025, 10, 1), drawn_too=True)
    text = " ".join(outcome_words.rests_on(came(), draw))
    assert "held back by the draw of a fair test" in text
    assert "until 01 October 2025 only" in text
    later = replace(draw, ends=date(2026, 3, 1))
    assert "only: in later months" not in " ".join(outcome_words.rests_on(came(), later))
