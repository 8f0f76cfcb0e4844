"""One verdict on each plan."""

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis import outcome
from hotspots.analysis.comparison import Chosen
from hotspots.analysis.outcome import COUNTS, FELL, NO_EVIDENCE, ROSE, TOO_FEW, judge, measure
from hotspots.periods import Period

BEFORE = Period.parse("2025-01", "2025-06").months
AFTER = Period.parse("2025-07", "2025-12").months
YEAR = BEFORE.append(AFTER)
CHOSEN = Chosen(np.arange(1, 6), np.arange(1, 25))


def places(rng, *, mean=8.0, effect=1.0, months=YEAR, start=6, number=25):
    """Reports of alike places by month; the first changes at the start."""
    rate = np.full((len(months), number), float(mean))
    rate[start:, 0] *= effect
    return pd.DataFrame(rng.poisson(rate), index=months)


def plan(rng, **asked):
    return measure(
        places(rng, **asked),
        places(rng, mean=3),
        treated=0,
        chosen=CHOSEN,
        before=BEFORE,
        after=AFTER,
    )


def judged(effect, *, plans=400, mean=8.0):
    rng = np.random.default_rng(1)
    return judge(pd.DataFrame([plan(rng, mean=mean, effect=effect) for _ in range(plans)]))


def test_counts_are_those_of_the_months_and_places():
    rng = np.random.default_rng(2)
    table, around = places(rng), places(rng, mean=3)
    row = measure(table, around, treated=0, chosen=CHOSEN, before=BEFORE, after=AFTER[:3])
    assert list(row.index) == list(COUNTS)
    assert row["place_before"] == table.iloc[:6, 0].sum()
    assert row["control_after"] == table.iloc[6:9, 1:6].to_numpy().sum()
    assert row["around_after"] == around.iloc[6:9, 0].sum()
    assert row["comparable_before"] == table.iloc[:6, 1:25].to_numpy().sum()
    assert (row["months_before"], row["months_after"], row["controls"]) == (6, 3, 5)


def test_where_nothing_was_done_it_says_so_as_often_as_stated():
    verdicts = judged(1.0)["verdict"].value_counts(normalize=True)
    assert verdicts.get(FELL, 0) <= 0.045
    assert verdicts.get(ROSE, 0) <= 0.045
    assert verdicts[NO_EVIDENCE] > 0.9


def test_a_large_fall_and_a_large_rise_are_seen():
    assert (judged(0.3)["verdict"] == FELL).mean() > 0.9
    assert (judged(2.0)["verdict"] == ROSE).mean() > 0.9


def test_the_smallest_fall_is_what_shows_in_four_of_five():
    share = judged(1.0)["smallest_fall"].median()
    shown = (judged(1 - share)["verdict"] == FELL).mean()
    assert 0.7 < shown < 0.9


def test_what_happened_everywhere_is_not_a_fall_of_the_place():
    rng = np.random.default_rng(3)
    table = places(rng, mean=20)
    table.iloc[6:] = rng.poisson(10, (6, 25))
    row = measure(table, table, treated=0, chosen=CHOSEN, before=BEFORE, after=AFTER)
    one = judge(pd.DataFrame([row])).iloc[0]
    assert one["p_before_after"] < 0.001
    assert one["verdict"] == NO_EVIDENCE
    assert one["untouched"] == pytest.approx(0.5, abs=0.05)


def test_displacement_is_looked_at_on_its_own_and_together():
    rng = np.random.default_rng(4)
    table, around = places(rng, mean=30, effect=0.4), places(rng, mean=30, effect=1.6)
    row = measure(table, around, treated=0, chosen=CHOSEN, before=BEFORE, after=AFTER)
    one = judge(pd.DataFrame([row])).iloc[0]
    assert (one["verdict"], one["around"]) == (FELL, outcome.AROUND_ROSE)
    assert one["total_estimate"] == pytest.approx(one["estimate"] + one["around_estimate"])
    assert one["total_low"] < 0 < one["total_high"]
    assert one["wdq"] < -0.5


@pytest.mark.parametrize(
    "lacking",
    [{"controls": 1}, {"compared": 5}, {"months_after": 0}, {"months_before": 0}],
)
def test_too_little_gives_no_verdict(lacking):
    row = plan(np.random.default_rng(5), mean=20, effect=0.1)
    table = pd.DataFrame([row, pd.Series(row.to_dict() | lacking)])
    assert judge(table)["verdict"].tolist() == [FELL, TOO_FEW]


def test_the_index_is_kept_and_nothing_in_gives_nothing_out():
    row = plan(np.random.default_rng(6))
    table = judge(pd.DataFrame([row, row], index=["b", "a"]))
    assert list(table.index) == ["b", "a"]
    assert list(judge(pd.DataFrame(columns=list(COUNTS), dtype="float64")).columns) == list(table)


def test_past_dates_stay_before_the_response_and_skip_missing_months():
    months = Period.parse("2024-01", "2025-12").months
    table = places(np.random.default_rng(7), months=months, start=18, effect=0.1)
    start = pd.Period("2025-07", "M")
    asked = {"treated": 0, "chosen": CHOSEN, "start": start, "months": (6, 3)}
    tried = outcome.placebos(table, table, held=months, **asked)
    assert tried.index[0] == pd.Period("2024-07", "M")
    assert tried.index[-1] == pd.Period("2025-04", "M")
    gap = months.delete(8)
    assert len(outcome.placebos(table, table, held=gap, **asked)) < len(tried)
    none = outcome.placebos(table, table, held=months, **asked | {"months": (18, 12)})
    assert none.empty
    assert "verdict" in none
