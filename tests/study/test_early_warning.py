"""The early warning of a study area, joined to its data, its names and its past."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis import cylinders
from hotspots.analysis.breaks import Break
from hotspots.library import Library
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.study import early_warning as module
from hotspots.study import open_dataset, scanned, study
from hotspots.study.early_warning import early_warning, replay, usual
from hotspots.study.scanned import DAYS, MONTHS
from hotspots.tables.incidents import Incidents, asb
from hotspots.views import warning_words
from tests.study.test_hours import timed


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("none")))


def asked(dataset, **changes):
    return study(dataset, replace(Selection.default(dataset.choices), **changes))


def test_the_sample_is_answered_in_words(dataset):
    found = early_warning(dataset, asked(dataset))
    assert found.enough
    assert found.scan.cylinders > 1_000
    said = warning_words.warned(found)
    assert said.startswith("Nothing to report") == found.places.empty


def crowded(dataset):
    """The sample with forty reports more like one of its newest month, and that one."""
    rows = asb(dataset.incidents)
    newest = rows["month"] == dataset.choices.period.last
    one = rows.loc[newest & ~rows.geometry.is_empty].iloc[[0] * 40]
    crowd = one.set_index(pd.RangeIndex(10**8, 10**8 + 40))
    wards = dataset.ward.loc[[one.index[0]] * 40].set_axis(crowd.index)
    more = replace(
        dataset,
        incidents=Incidents(pd.concat([dataset.incidents, crowd])),
        assignment=replace(dataset.assignment, code=pd.concat([dataset.ward, wards])),
    )
    return more, one.iloc[0]


def test_a_gathering_planted_in_the_sample_is_named(dataset):
    more, one = crowded(dataset)
    found = early_warning(more, asked(more))
    place = found.places.iloc[0]
    assert place["street"] == one["street"]
    assert place["count"] >= 40
    assert place["last"] == dataset.choices.period.last
    assert "Round" in warning_words.warning(place)
    assert "once in" in warning_words.warning(place)


@pytest.mark.parametrize("most", [60, 200])
def test_a_gathering_is_named_where_squares_stand_for_places(dataset, monkeypatch, most):
    """A report in the corner of a square may lie outside the circle round its middle."""
    monkeypatch.setattr(cylinders, "MOST_PLACES", most)
    more, one = crowded(dataset)
    place = early_warning(more, asked(more)).places.iloc[0]
    assert place["street"] == one["street"]
    assert place["count"] >= 40


def test_too_few_months_are_said_to_be_too_few(dataset):
    first = dataset.choices.period.first
    found = early_warning(dataset, asked(dataset, period=Period(first, first + 7)))
    assert not found.enough
    assert found.places.empty
    assert "Too few months" in warning_words.warned(found)


def test_the_past_is_asked_as_it_then_was(dataset):
    spoke, looked = replay(dataset, asked(dataset))
    months = len(dataset.choices.period)
    assert looked == min(12, months - 9)
    assert 0 <= spoke <= looked


def test_a_break_leaves_only_the_months_after_it(dataset):
    last = dataset.choices.period.last
    found = early_warning(dataset, asked(dataset), breaks=(Break(last - 5),))
    assert not found.enough
    assert np.isnan(found.scan.clusters["p"].min())


def test_circles_are_not_compared_across_the_renewal_of_map_points(dataset, monkeypatch):
    """Points of before July 2022 are elsewhere: a county of new gatherings would be found."""
    last = dataset.choices.period.last
    asked_for = asked(dataset)
    monkeypatch.setattr(scanned, "REBUILT", last - 4)
    assert not early_warning(dataset, asked_for, breaks=()).enough
    monkeypatch.setattr(scanned, "REBUILT", last + 4)
    assert early_warning(dataset, asked_for, breaks=()).enough


def gathered(dataset, *, days_ago, reports):
    """The sample with times put in, and reports planted at one place some days ago."""
    rows = dataset.incidents
    known = asb(rows).loc[lambda part: part["time_precision"] == "instant"]
    known = known.loc[~known.geometry.is_empty & known["occurred_from"].notna()]
    last = known["occurred_from"].max()
    one = known.loc[known["month"] == dataset.choices.period.last].iloc[[0] * reports]
    when = last.normalize() - pd.Timedelta(days=days_ago) + pd.Timedelta(hours=2)
    crowd = one.set_index(pd.RangeIndex(10**8, 10**8 + reports)).assign(
        occurred_from=when, occurred_to=when
    )
    wards = dataset.ward.loc[[one.index[0]] * reports].set_axis(crowd.index)
    both = Incidents(pd.concat([rows, crowd.astype(rows.dtypes.to_dict())]))
    code = pd.concat([dataset.ward, wards])
    planted = replace(dataset, incidents=both, assignment=replace(dataset.assignment, code=code))
    return planted, one["street"].iloc[0], when


def test_a_gathering_of_the_last_days_is_named_with_its_days(dataset):
    planted, street, when = gathered(timed(dataset), days_ago=1, reports=20)
    now = asked(planted)
    assert usual(now) == MONTHS, "a quarter of these reports say their month only"
    found = early_warning(planted, now, by=DAYS)
    assert found.enough
    place = found.places.iloc[0]
    assert place["street"] == street
    assert place["first"].start_time <= when.tz_localize(None) <= place["last"].end_time
    said = warning_words.warning(place)
    assert "days" in said
    assert f"{when:%B %Y}" in said
    assert "seven days" in warning_words.warned(found)
    assert found.scan.stretch >= 1


def test_days_are_told_by_days_where_every_report_says_its_day(dataset):
    known = timed(dataset)
    kept = known.incidents["time_precision"] != "month"
    whole = replace(known, incidents=Incidents(known.incidents.loc[kept]))
    assert usual(asked(whole)) == DAYS
    assert usual(asked(dataset)) == MONTHS
    few = early_warning(dataset, asked(dataset), by=DAYS)
    assert not few.enough
    assert "91 are needed" in warning_words.warned(few)


def test_the_days_before_are_asked_as_they_then_were(dataset, monkeypatch):
    monkeypatch.setitem(module.REPLAYED, DAYS, 2)
    planted, _, _ = gathered(timed(dataset), days_ago=1, reports=20)
    spoke, looked = replay(planted, asked(planted), by=DAYS)
    assert looked == 2
    assert spoke >= 1, "one day back the gathering was there already"
    assert "in each of the 2 days" in warning_words.replayed(spoke, looked, by=DAYS)
