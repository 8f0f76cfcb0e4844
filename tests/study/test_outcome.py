"""What a plan's place is compared with, frozen and read again, and its outcome."""

import json
from dataclasses import replace

import numpy as np
import pytest

from hotspots.analysis.outcome import TOO_FEW, VERDICTS
from hotspots.library import Library
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, study
from hotspots.study.outcome import Comparison, comparison, outcome


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("nothing")))


@pytest.fixture(scope="module")
def asked(dataset):
    period = dataset.choices.period
    early = Period(period.last - 11, period.last - 6)
    return study(dataset, replace(Selection.default(dataset.choices), period=early))


@pytest.fixture(scope="module")
def found(asked):
    return find(asked)


def test_the_place_stands_first_and_counts_as_the_page_does(asked, found):
    number = int(found.hotspots.index[2])
    held = comparison(asked, found, number)
    assert held.reports[0] == found.hotspots["incidents"][number]
    assert held.shapes[0].equals(found.hotspots.geometry[number])
    assert len(held.shapes) == len(found.hotspots)
    assert 0 not in held.chosen.controls


def test_what_is_kept_is_read_again(asked, found, dataset):
    held = comparison(asked, found, 1)
    again = Comparison.of_data(json.loads(json.dumps(held.as_data())))
    assert again.as_data() == held.as_data()
    start = held.before.last + 1
    one, other = (outcome(dataset, part, start=start) for part in (held, again))
    assert one.counts.equals(other.counts)


def test_counts_before_are_those_of_the_page_and_after_are_the_months_after(asked, found, dataset):
    held = comparison(asked, found, 1)
    start = held.before.last + 1
    came = outcome(dataset, held, start=start)
    assert came.counts["place_before"] == found.hotspots["incidents"][1]
    assert came.recounted is None
    assert list(came.after) == list(held.before.shift(6).months)
    assert came.months["place"][came.after].sum() == came.counts["place_after"]
    assert came.judged["verdict"] in VERDICTS
    changed = replace(held, reports=(held.reports[0] + 3, *held.reports[1:]))
    assert outcome(dataset, changed, start=start).recounted == held.reports[0]


def test_a_last_month_keeps_later_ones_out(asked, found, dataset):
    held = comparison(asked, found, 1)
    start = held.before.last + 1
    assert len(outcome(dataset, held, start=start, last=start + 2).after) == 3
    none = outcome(dataset, held, start=dataset.choices.period.last + 1)
    assert not len(none.after)
    assert none.judged["verdict"] == TOO_FEW


def test_places_of_other_plans_are_no_comparison(asked, found):
    free = comparison(asked, found, 1)
    taken = free.shapes[free.chosen.controls[:2]]
    held = comparison(asked, found, 1, taken=taken)
    assert not np.intersect1d(held.chosen.controls, free.chosen.controls[:2]).size
    own = comparison(asked, found, 1, taken=free.shapes[:1])
    assert own.as_data() == free.as_data()
