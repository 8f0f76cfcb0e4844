"""Lists of days are kept in the data folder, listed, removed, and noted in the audit trail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.action import special_days
from hotspots.action.records import open_records
from hotspots.action.records.audit import newest
from hotspots.errors import RecordsError, SourceError

TERMS = b"name,from,to\nHalf-term,2025-02-17,2025-02-21\nPayday,2025-02-28,\n"


def keep(folder, content=TERMS, *, file="a.csv"):
    return special_days.keep(folder, content, file=file, who="A. Nalyst")


def test_a_list_is_there_in_the_next_session(tmp_path):
    name = keep(tmp_path, file="School terms.csv")
    assert special_days.held(tmp_path) == [name] == ["school-terms"]
    days = special_days.named_days(tmp_path)
    assert {title: len(every) for title, every in days.items()} == {"Half-term": 5, "Payday": 1}
    special_days.remove(tmp_path, name, who="A. Nalyst")
    with open_records(tmp_path).session() as session:
        lines = [(line.kind, line.who, line.what) for line in newest(session, most=2)]
    assert lines == [
        ("erasure", "A. Nalyst", "Removed the list of days “school-terms”"),
        ("collection", "A. Nalyst", "Kept the list of days “school-terms”"),
    ]


def test_the_same_name_takes_its_place_and_two_lists_add_up(tmp_path):
    keep(tmp_path)
    keep(tmp_path, TERMS.replace(b"02-28", b"03-28"))
    keep(tmp_path, file="b.csv")
    assert special_days.held(tmp_path) == ["a", "b"]
    assert len(special_days.named_days(tmp_path)["Payday"]) == 2


def test_a_list_can_be_removed_by_its_name_alone(tmp_path):
    keep(tmp_path)
    with pytest.raises(RecordsError, match="No list"):
        special_days.remove(tmp_path, "../days/a", who="A")
    special_days.remove(tmp_path, "a", who="A. Nalyst")
    assert special_days.named_days(tmp_path) == {}


def test_a_list_that_cannot_be_read_changes_nothing(tmp_path):
    with pytest.raises(SourceError, match="row 2"):
        keep(tmp_path, b"name,from\nX,31/12/2025\n")
    assert special_days.held(tmp_path) == []


def test_there_is_an_end_to_lists(tmp_path, monkeypatch):
    monkeypatch.setattr(special_days, "MOST", 1)
    keep(tmp_path)
    with pytest.raises(SourceError, match="remove one first"):
        keep(tmp_path, file="b.csv")


@given(st.text(max_size=200))
def test_no_file_name_leaves_its_folder(file):
    name = special_days._name(file)
    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) <= 60
