"""The early warning of a study area, joined to its data, its names and its past."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.breaks import Break
from hotspots.library import Library
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.study import early_warning as module
from hotspots.study import open_dataset, study
from hotspots.study.early_warning import early_warning, replay
from hotspots.tables.incidents import Incidents, asb
from hotspots.views import when_words


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("none")))


def asked(dataset, **changes):
    return study(dataset, replace(Selection.default(dataset.choices), **changes))


def test_the_sample_is_answered_in_words(dataset):
    found = early_warning(dataset, asked(dataset))
    assert found.enough
    assert found.scan.cylinders > 1_000
    said = when_words.warned(found)
    assert said.startswith("Nothing to report") == found.places.empty


def test_a_gathering_planted_in_the_sample_is_named(dataset):
    last = dataset.choices.period.last
    rows = asb(dataset.incidents)
    one = rows.loc[(rows["month"] == last) & ~rows.geometry.is_empty].iloc[[0] * 40]
    crowd = one.set_index(pd.RangeIndex(10**8, 10**8 + 40))
    wards = dataset.ward.loc[[one.index[0]] * 40].set_axis(crowd.index)
    crowded = replace(
        dataset,
        incidents=Incidents(pd.concat([dataset.incidents, crowd])),
        assignment=replace(dataset.assignment, code=pd.concat([dataset.ward, wards])),
    )
    found = early_warning(crowded, asked(crowded))
    place = found.places.iloc[0]
    assert place["street"] == one["street"].iloc[0]
    assert place["count"] >= 40
    assert place["last"] == last
    assert "Round" in when_words.warning(place)
    assert "once in" in when_words.warning(place)


def test_too_few_months_are_said_to_be_too_few(dataset):
    first = dataset.choices.period.first
    found = early_warning(dataset, asked(dataset, period=Period(first, first + 7)))
    assert not found.enough
    assert found.places.empty
    assert "Too few months" in when_words.warned(found)


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
    monkeypatch.setattr(module, "REBUILT", last - 4)
    assert not early_warning(dataset, asked_for, breaks=()).enough
    monkeypatch.setattr(module, "REBUILT", last + 4)
    assert early_warning(dataset, asked_for, breaks=()).enough
