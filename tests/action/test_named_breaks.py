"""Steps in the level that people name: kept with who said so, replaced, taken back."""

import pytest

from hotspots.action.named_breaks import KINDS, forget_break, name_break, named_breaks
from hotspots.action.records import Audit, open_records
from hotspots.errors import ChangedMeanwhileError, HotspotsError, SelectionError


@pytest.fixture
def records(tmp_path):
    return open_records(tmp_path)


def say(records, **changes):
    said = {"area": "all", "month": "2022-07", "kind": KINDS[0], "name": "New rule", "who": "Ann"}
    name_break(records, **(said | changes))


def test_what_was_said_is_kept_and_noted(records):
    say(records)
    say(records, area="force:x", month="2021-05", name="End  of\nrules", who="Bob")
    both = named_breaks(records, ["all", "force:x"])
    assert [(str(one.month), one.name, one.who) for one in both] == [
        ("2021-05", "End of rules", "Bob"),
        ("2022-07", "New rule", "Ann"),
    ]
    assert [one.name for one in named_breaks(records, ["force:x"])] == ["End of rules"]
    assert both[1].as_break().name == "New rule"
    with records.reading() as session:
        assert session.query(Audit).filter(Audit.what.contains("New rule")).count() == 1


def test_the_newest_word_on_a_month_counts(records):
    say(records)
    say(records, name="QR launch", kind=KINDS[1], who="Bob")
    (one,) = named_breaks(records, ["all"])
    assert (one.name, one.kind, one.who) == ("QR launch", KINDS[1], "Bob")


def test_one_is_taken_back_with_a_reason_and_only_as_it_was_seen(records):
    say(records)
    (seen,) = named_breaks(records, ["all"])
    say(records, name="Other")
    with pytest.raises(ChangedMeanwhileError):
        forget_break(records, seen.key, version=seen.version, who="Bob", why="no step")
    (now,) = named_breaks(records, ["all"])
    with pytest.raises(SelectionError, match="why"):
        forget_break(records, now.key, version=now.version, who="Bob", why=" ")
    forget_break(records, now.key, version=now.version, who="Bob", why="no step")
    assert named_breaks(records, ["all"]) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"month": "July"}, {"kind": "x"}, {"name": "  "}, {"who": ""}, {"name": "n" * 500}],
)
def test_what_cannot_be_kept_is_refused_whole(records, wrong):
    with pytest.raises(HotspotsError):
        say(records, **wrong)
    assert named_breaks(records, ["all"]) == ()
