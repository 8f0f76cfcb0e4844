"""Reviews by month: all answers of a month together, each half weighed by what it stood for."""

import pandas as pd
import pytest

from hotspots.action import reviews


def drawn(*rows):
    """(question, source, fired, answer, day, all fired, all unfired)"""
    names = ["question", "source", "fired", "answer", "answered", "all_fired", "all_unfired"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(answered=pd.to_datetime(table["answered"], utc=True))


def test_a_month_takes_its_answers_together_and_an_unanswered_half_says_nothing():
    january = [("crime", "A", True, "yes", "2025-01-03", 10, 90)] * 3
    january += [("crime", "A", True, "no", "2025-01-31", 10, 90)]
    january += [("crime", "A", False, "no", "2025-01-20", 10, 90)] * 4
    february = [("crime", "A", True, "yes", "2025-02-01", 10, 90)]
    waiting = [("crime", "A", True, "", None, 10, 90)]
    found = reviews.by_month(drawn(*january, *february, *waiting))
    (row,) = found.to_dict("records")
    assert (str(row["month"]), row["answered"]) == ("2025-01", 8)
    assert row["wrong"] == pytest.approx(0.1 * 0.75)
    assert row["agreement"] == pytest.approx(0.1 * 0.75 + 0.9)
    assert row["wrong_low"] < row["wrong"] < row["wrong_high"]


def test_samples_of_one_month_weigh_by_what_each_stood_for():
    rows = [("crime", "A", True, "yes", "2025-01-03", 10, 90)] * 2
    rows += [("crime", "A", False, "no", "2025-01-03", 30, 70)] * 2
    found = reviews.by_month(drawn(*rows))
    assert found["wrong"].iloc[0] == pytest.approx(0.2)


def test_nothing_answered_is_an_empty_table():
    assert reviews.by_month(drawn()).columns.tolist() == list(reviews.MONTH_COLUMNS)
