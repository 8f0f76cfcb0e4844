"""Words fire on whole words, samples hide which fired, and rates are of all records."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.recording_review import (
    CANNOT_TELL,
    NO,
    YES,
    Question,
    draw,
    verdict,
    words_fired,
)


def records(texts, qualifier=None, vulnerable=None):
    return pd.DataFrame(
        {"text": texts, "qualifier": qualifier, "vulnerable": vulnerable}, dtype="object"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hit by a ball", "Hit"),
        ("White van", ""),
        ("threatening and threats", "threatening; threats"),
        ("criminal   damage to car", "criminal   damage"),
        ("CRIMINAL DAMAGE", "CRIMINAL DAMAGE"),
        ("a.b", ""),
        (None, ""),
        ("=cmd", ""),
    ],
)
def test_whole_words_of_any_case_fire(text, words):
    question = Question("crime", "?", ("hit", "threat*", "criminal damage", "damage", "axb"))
    assert words_fired(records([text]), question).tolist() == [words]


def test_a_question_about_an_empty_column_fires_only_where_it_is_empty():
    table = records(["again", "again", "music"], qualifier=["nuisance", None, None])
    either = Question("qualifier", "?", (), "qualifier", any_text=True)
    assert words_fired(table, either).tolist() == ["", "(empty)", "(empty)"]
    both = Question("risk", "?", ("again",), "qualifier")
    assert words_fired(table, both).tolist() == ["", "again", ""]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.booleans(), max_size=60), st.integers(0, 40), st.integers(0, 5))
def test_samples_are_half_and_half_where_they_can_be(flags, size, seed):
    fired = pd.Series(flags, index=[f"k{number}" for number in range(len(flags))], dtype="bool")
    sample = draw(fired, size, seed=seed)
    assert sample.index.is_unique
    assert len(sample) == min(size, len(fired))
    assert (sample["fired"] == fired.loc[sample.index]).all()
    half = size // 2
    if min(fired.sum(), (~fired).sum()) >= size - half:
        assert abs(int(sample["fired"].sum()) - half) <= 1
    pd.testing.assert_frame_equal(sample, draw(fired, size, seed=seed))


def test_the_order_does_not_give_away_which_fired():
    fired = pd.Series([True] * 200 + [False] * 200)
    first = [bool(draw(fired, 20, seed=seed)["fired"].iloc[0]) for seed in range(200)]
    assert 70 <= sum(first) <= 130


def test_the_share_of_all_records_weighs_both_halves():
    fired = pd.Series([True] * 10 + [False] * 10)
    answer = pd.Series([YES] * 8 + [NO] * 2 + [YES] + [NO] * 8 + [CANNOT_TELL])
    found = verdict(fired, answer, all_fired=100, all_unfired=900)
    assert found.fired.share == 0.8
    assert found.unfired.share == pytest.approx(1 / 9)
    assert found.wrong.share == pytest.approx(0.1 * 0.8 + 0.9 / 9)
    assert found.agreement.share == pytest.approx(0.1 * 0.8 + 0.9 * 8 / 9)
    assert found.cannot_tell == 1
    assert found.wrong.answered == 19
    assert found.wrong.low < found.wrong.share < found.wrong.high


def test_half_the_answers_are_no_answer_about_all():
    found = verdict(pd.Series([True]), pd.Series([YES]), all_fired=5, all_unfired=5)
    assert np.isnan(found.wrong.share)
    assert found.fired.answered == 1


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(400):
        fired = pd.Series([True] * 20 + [False] * 20)
        yes = np.concatenate([rng.random(20) < 0.5, rng.random(20) < 0.05])
        answer = pd.Series(np.where(yes, YES, NO))
        wrong = verdict(fired, answer, all_fired=200, all_unfired=800).wrong
        covered += wrong.low <= 0.2 * 0.5 + 0.8 * 0.05 <= wrong.high
    assert covered >= 0.92 * 400
