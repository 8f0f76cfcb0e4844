"""What a plan's place is compared with, frozen and read again, and its outcome."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from hotspots.analysis.outcome import TOO_FEW, VERDICTS
from hotspots.library import Library
from hotspots.periods import Period
from hotspots.selection import Selection
from hotspots.study import find, open_dataset, study
from hotspots.study.held_against import Comparison, Waiting, comparison
from hotspots.study.outcome import outcome


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


def waits(found, places, *, side=120):
    """A fair test whose areas that wait lie on some hotspots; the first may be visited."""
    middles = shapely.centroid(found.hotspots.geometry[places].to_numpy())
    return Waiting(
        test="t",
        starts=date(2025, 1, 6),
        ends=date(2025, 6, 2),
        shapes=shapely.buffer(middles, side),
        names=tuple(f"Patrol area {n}" for n in places),
        visited=shapely.buffer(shapely.centroid(found.hotspots.geometry.to_numpy()[:1]), side),
    )


def test_areas_held_back_by_the_draw_are_the_controls(asked, found, dataset):
    plain = comparison(asked, found, 1)
    numbers = [int(found.hotspots.index[n]) for n in plain.chosen.controls]
    held = comparison(asked, found, 1, waiting=waits(found, numbers))
    own = range(len(found.hotspots), len(found.hotspots) + len(held.chosen.controls))
    assert held.chosen.controls.tolist() == list(own)
    assert all(held.names[n].startswith("Patrol area") for n in held.chosen.controls)
    assert held.chosen.comparable.tolist() == plain.chosen.comparable.tolist()
    assert held.draw.drawn_too
    again = Comparison.of_data(json.loads(json.dumps(held.as_data())))
    assert again.draw == held.draw
    assert again.chosen.around.tolist() == plain.chosen.controls[: len(own)].tolist()
    came = outcome(dataset, again, start=held.before.last + 1)
    assert came.counts["control_before"] == sum(held.reports[n] for n in held.chosen.controls)
    assert came.judged["verdict"] in VERDICTS


def test_too_few_or_too_near_areas_leave_the_comparison_as_it_was(asked, found):
    plain = comparison(asked, found, 1)
    near = comparison(asked, found, 1, waiting=waits(found, [1, 1, 1]))
    one = comparison(asked, found, 1, waiting=waits(found, [int(found.hotspots.index[-1])]))
    for held in (near, one):
        assert held.draw is None
        assert held.as_data() == plain.as_data()


def test_figures_to_be_kept_are_numbers_or_nothing(asked, found, dataset):
    held = comparison(asked, found, 1)
    for start in (held.before.last + 1, dataset.choices.period.last + 1):
        kept = outcome(dataset, held, start=start).as_data()
        again = json.loads(json.dumps(kept, allow_nan=False))
        assert again == kept
        assert set(kept["judged"]) >= {"verdict", "low", "high", "wdq"}
