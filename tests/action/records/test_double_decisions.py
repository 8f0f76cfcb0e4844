"""A person's word on a pair: kept, logged, changed, taken back, never overwritten unseen."""

import pytest
from sqlalchemy import select

from hotspots.action.double_decisions import DIFFERENT, OPEN, SAME, decide, decisions, said_to_be
from hotspots.action.records import Audit
from hotspots.errors import ChangedMeanwhileError, SelectionError

PAIR = ("0a-0", "f0-0")


def test_a_decision_is_kept_in_order_and_logged(records):
    decide(records, PAIR[::-1], SAME, who="PC Green", why="same caller, same street")
    standing = decisions(records)
    assert standing[PAIR].verdict == SAME
    assert standing[PAIR].who == "PC Green"
    assert said_to_be(standing, SAME) == {PAIR}
    assert said_to_be(standing, DIFFERENT) == frozenset()
    with records.reading() as session:
        (line,) = session.scalars(select(Audit)).all()
        assert (line.kind, line.who, line.why) == (
            "combination", "PC Green", "same caller, same street",
        )  # fmt: skip


def test_it_can_be_taken_back_and_the_trail_keeps_both(records):
    decide(records, PAIR, SAME, who="A", why="x")
    decide(records, PAIR, OPEN, who="B", why="spoke to the council", version=1)
    assert decisions(records)[PAIR].verdict == OPEN
    assert said_to_be(decisions(records), SAME) == frozenset()
    with records.reading() as session:
        assert [line.details["verdict"] for line in session.scalars(select(Audit))] == [SAME, OPEN]


def test_two_people_do_not_overwrite_each_other(records):
    decide(records, PAIR, SAME, who="A", why="x")
    with pytest.raises(ChangedMeanwhileError):
        decide(records, PAIR, DIFFERENT, who="B", why="y")
    assert decisions(records)[PAIR].verdict == SAME


@pytest.mark.parametrize(("who", "why"), [("", "because"), ("A", "  ")])
def test_a_word_without_a_name_or_a_reason_is_refused(records, who, why):
    with pytest.raises(SelectionError):
        decide(records, PAIR, SAME, who=who, why=why)
    with pytest.raises(SelectionError):
        decide(records, PAIR, "perhaps", who="A", why="b")
    assert decisions(records) == {}
