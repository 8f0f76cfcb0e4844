"""A user's list of days: read whole, or refused in one sentence that names the row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.errors import SourceError
from hotspots.sources.day_lists import named_days, read_day_list


def test_runs_overlap_and_are_each_day_once():
    content = b"Name, From ,TO\nTerm,2025-01-06,2025-01-08\nTerm,2025-01-08,2025-01-09\n"
    days = named_days(content, file="terms.csv")
    assert days["Term"].strftime("%d").tolist() == ["06", "07", "08", "09"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"day\n2025-01-01\n", "needs the columns name, from, to"),
        (b"name,from\nFair,01/02/2025\n", "row 2"),
        (b"name,from,to\nA,2025-01-01,\nFair,2025-03-02,2025-03-01\n", "row 3"),
        (b"name,from,to\nFair,2025-01-01,2035-01-01\n", "row 2"),
        (b"name,from\n,2025-01-01\n", "row 2"),
        (b"", "not a CSV file"),
        (b"\xff\xfe\x00", "terms.csv"),
    ],
)
def test_what_cannot_be_read_is_refused(content, said):
    with pytest.raises(SourceError, match=said):
        read_day_list(content, file="terms.csv")


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_a_sentence(content):
    def read():
        try:
            return len(read_day_list(content, file="x.csv"))
        except SourceError as error:
            return str(error)

    said = read()
    assert isinstance(said, int) or "x.csv" in said
