"""Samples and answers are kept, changed by one at a time, and never by person."""

import pandas as pd
import pytest
from sqlalchemy import select

from hotspots.action import reviews
from hotspots.action.records import Audit
from hotspots.errors import ChangedMeanwhileError, SelectionError


def sample(size=4):
    return pd.DataFrame(
        {"fired": [number % 2 == 0 for number in range(size)], "words": "threats"},
        index=[f"key-{number}" for number in range(size)],
    )


def added(records, **changed):
    wanted = {"question": "crime", "source": "council", "totals": (10, 90), "who": "A"}
    return reviews.add_batch(records, sample=sample(), **(wanted | changed))


def test_answers_are_kept_and_make_results(records):
    batch = added(records)
    for row, said in zip(reviews.items(records).itertuples(), ["yes", "no"] * 2, strict=True):
        reviews.answer(records, row.id, said, who="B", version=row.version)
    ((key, found),) = reviews.results(reviews.items(records)).items()
    assert key == ("crime", "council", batch)
    assert (found.fired.share, found.unfired.share) == (1, 0)
    assert found.wrong.share == pytest.approx(0.1)


def test_no_person_stands_in_what_is_kept_of_records(records):
    added(records)
    assert not {"who", "by", "reviewer"} & set(reviews.items(records).columns)
    with records.reading() as session:
        assert [line.who for line in session.scalars(select(Audit))] == ["A"]


def test_a_second_answer_does_not_overwrite_unseen(records):
    added(records)
    row = reviews.items(records).iloc[0]
    reviews.answer(records, int(row["id"]), "yes", who="A", version=int(row["version"]))
    with pytest.raises(ChangedMeanwhileError):
        reviews.answer(records, int(row["id"]), "no", who="B", version=int(row["version"]))
    assert reviews.items(records)["answer"].iloc[0] == "yes"


def test_nonsense_is_refused(records):
    with pytest.raises(SelectionError):
        reviews.add_batch(
            records, question="q", source="s", sample=sample(0), totals=(0, 0), who="A"
        )
    added(records)
    with pytest.raises(SelectionError):
        reviews.answer(records, 1, "maybe", who="A", version=1)
    assert reviews.results(reviews.items(records)) == {}


def test_batches_are_numbered(records):
    assert [added(records), added(records, question="risk")] == [1, 2]
