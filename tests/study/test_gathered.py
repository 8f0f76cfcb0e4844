"""Hotspots that are new, or have come back, on the sample, where one was planted in July 2025."""

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from hotspots.library import Library
from hotspots.periods import Period, parse_month
from hotspots.selection import Selection
from hotspots.sources import sample
from hotspots.study import news, open_dataset, study
from hotspots.views import when_words


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("none")))


def told(dataset, last, months=12):
    last = parse_month(last)
    asked = replace(Selection.default(dataset.choices), period=Period(last - (months - 1), last))
    return news(dataset, study(dataset, asked))


def test_the_planted_hotspot_is_new_and_its_reports_are_counted(dataset):
    found = told(dataset, "2025-09")
    (row,) = [row for _, row in found.new.iterrows()]
    assert "Wool Lane" in row["streets"]
    assert (str(found.newest), str(found.period)) == (
        "2025-07 to 2025-09",
        "2024-07 to 2025-06",
    )
    assert not row["returned"]
    assert row["incidents"] > row["before"]
    site = shapely.Point(sample.NEW_HOTSPOT.easting, sample.NEW_HOTSPOT.northing)
    assert found.before.distance(site).min() > 0, "no hotspot of the months before stands there"
    assert when_words.new_title(found) == "New and returning hotspots: 1 new"
    said = when_words.new_hotspot(row, found)
    assert f"{row['incidents']} reports in July to September 2025" in said


def test_a_hotspot_of_still_earlier_months_has_come_back(dataset):
    found = told(dataset, "2025-02")
    assert found.new["returned"].tolist() == [True]
    assert when_words.new_title(found) == "New and returning hotspots: 1 back"
    assert when_words.new_hotspot(found.new.iloc[0], found).startswith("**Back: ")


def test_no_hotspot_is_new_where_too_little_lies_before(dataset):
    for last in ("2023-02", "2023-08"):
        found = told(dataset, last, months=2)
        assert found.new.empty
        assert when_words.new_title(found) == "New and returning hotspots: none"


def test_the_months_of_what_is_listed_are_those_that_were_compared(dataset):
    found = told(dataset, "2025-12")
    table = found.changes.table
    assert found.series.columns.tolist() == table.index.tolist()
    newest = found.series.loc[pd.PeriodIndex(found.changes.months)]
    assert newest.sum().tolist() == table["count"].tolist()
