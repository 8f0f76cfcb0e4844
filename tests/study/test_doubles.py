"""Undecided doubles stand beside a total; decided ones change it, and back again."""

import pandas as pd
import pytest

from hotspots.study.doubles import counted_once, may_be_twice, suspects
from hotspots.views import doubles_words
from tests.builders import incidents
from tests.two_sources import two_sources


@pytest.fixture(scope="module")
def both():
    return two_sources()


@pytest.fixture(scope="module")
def found(both):
    return suspects(both[0])


def pair(row):
    return (row["key_a"], row["key_b"])


def test_what_is_undecided_is_what_may_be_counted_twice(both, found):
    waiting = found.undecided(set())
    assert may_be_twice(waiting) == len(found.pairs) > 40
    first = pair(found.pairs.iloc[0])
    assert may_be_twice(found.undecided({first})) == len(found.pairs) - 1
    some = both[0].index[:300]
    inside = found.undecided(set(), some)
    assert inside["a"].isin(some).all()
    assert inside["b"].isin(some).all()


def test_only_a_word_merges_and_taking_it_back_restores(both, found):
    table, _ = both
    same = [pair(row) for _, row in found.pairs.head(5).iterrows()]
    assert counted_once(table, []) is table
    once = counted_once(table, same)
    assert len(once) == len(table) - 5
    assert once.index.isin(table.index).all()
    pd.testing.assert_index_equal(counted_once(table, []).index, table.index)


def test_keys_stand_in_order_with_what_a_person_needs(found):
    assert (found.pairs["key_a"] < found.pairs["key_b"]).all()
    shown = doubles_words.pairs(found.pairs)
    assert shown["One report"].str.contains("Mill Lane").all()
    assert shown["Apart"].str.contains(" m, ").all()
    assert "suspected doubles" in doubles_words.looked(found.found[0])[0]


def test_one_source_has_nothing_to_decide():
    nothing = suspects(incidents([(0, 0, "2025-01")] * 3))
    assert nothing.undecided(set()).empty
    assert may_be_twice(nothing.undecided(set())) == 0
    assert doubles_words.pairs(nothing.pairs).empty
