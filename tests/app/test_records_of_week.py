"""Visits already made in the week that is planned count towards the most an area may have."""

from datetime import UTC, datetime, timedelta

import pytest

from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry
from hotspots.app import records
from hotspots.tables.patrol_areas import empty

AREA = "force:cheshire"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    return tmp_path


def last_monday():
    today = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday() + 7)


def visited(folder, *starts, area="SJ7056", study_area=AREA):
    entries = [
        Entry(
            area=area,
            area_name="Mill Lane",
            study_area=study_area,
            started=start,
            ended=start + timedelta(minutes=15),
        )
        for start in starts
    ]
    visits.log(open_records(folder), entries, by="PC Green")


def test_only_visits_of_the_week_and_before_the_plan_count(folder):
    monday = last_monday()
    before, after = monday - timedelta(days=1), monday + timedelta(days=3)
    visited(folder, before, monday, monday + timedelta(hours=2), after)
    visited(folder, monday, area="SJ9999", study_area="ward:elsewhere")
    areas = empty()
    thursday = (monday + timedelta(days=3)).date()
    assert records.made_before(thursday, AREA, areas) == (("SJ7056", 2),)
    assert records.made_before(monday.date(), AREA, areas) == ()
    assert records.made_before((monday + timedelta(days=6)).date(), AREA, areas) == (("SJ7056", 3),)


def test_without_records_nothing_was_made():
    assert records.made_before(last_monday().date(), AREA, empty()) == ()
