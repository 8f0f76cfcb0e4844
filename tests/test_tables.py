"""The contract of incidents: what is known of when and where, and how it may be broken."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots.errors import TableError
from hotspots.tables import incidents as contract
from tests import builders

ROWS = [(350_000, 360_000, "2025-01"), (None, None, "2025-02")]


def test_a_source_of_months_and_snap_points_says_no_more_than_it_knows():
    table = builders.incidents(ROWS)
    assert list(table.columns) == list(contract.COLUMNS)
    assert table["time_precision"].tolist() == ["month", "month"]
    assert table["place_precision"].tolist() == ["snap point", "none"]
    unknown = ["occurred_from", "occurred_to", "kind", "qualifier", "reported", "vulnerable"]
    assert table[[*unknown, "repeat_key"]].isna().all(axis=None)


def test_completing_keeps_what_is_there_and_leaves_its_argument_alone():
    given = builders.incidents(ROWS, qualifier=["personal", None])
    less = gpd.GeoDataFrame(given.drop(columns=["reported", "occurred_to"]))
    columns = list(less.columns)
    whole = contract.completed(less)
    assert list(less.columns) == columns
    assert list(whole.columns) == list(contract.COLUMNS)
    assert whole["qualifier"].astype("object").fillna("").tolist() == ["personal", ""]


def test_instants_and_windows_are_sound():
    table = builders.incidents(
        ROWS,
        occurred_from=["2025-01-03 21:00", "2025-02-03 09:00"],
        occurred_to=["2025-01-03 21:00", "2025-02-03 11:00"],
    )
    assert table["time_precision"].tolist() == ["instant", "window"]
    assert str(table["occurred_from"].dt.tz) == "Europe/London"


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("time_precision", ["instant", "month"], "times do not go with their precision"),
        ("qualifier", ["rude", None], "qualifier is not one of personal, nuisance"),
        ("occurred_from", [1, 2], "occurred_from is int64, not datetime64"),
        ("vulnerable", [True, False], "vulnerable is bool, not boolean"),
    ],
)
def test_what_breaks_the_contract_is_named(column, values, said):
    broken = builders.incidents(ROWS).copy()
    broken[column] = pd.Categorical(values) if isinstance(values[0], str) else values
    if column == "time_precision":
        broken[column] = pd.Categorical(values, categories=contract.WORDS[column])
    with pytest.raises(TableError, match=said):
        contract.validate(broken)


def test_a_report_that_ends_before_it_begins_is_named():
    with pytest.raises(TableError, match="some end before they begin"):
        builders.incidents(
            ROWS,
            occurred_from=["2025-01-03 21:00", "2025-02-03 09:00"],
            occurred_to=["2025-01-03 20:00", "2025-02-03 11:00"],
        )


def test_constant_columns_cost_a_byte_a_row():
    many = builders.incidents([ROWS[0]] * 1000)
    for name in (*contract.WORDS, "kind", "repeat_key"):
        assert many[name].cat.codes.dtype == np.int8
        assert many[name].memory_usage(index=False, deep=False) < 1500
