"""Verdicts on 500 random plans each where nothing was done, and on falls planted in them."""

import pytest

from hotspots.analysis.outcome import ERROR, FELL, ROSE
from hotspots.analysis.synthetic import AGREES
from tests.real import load
from tests.real.outcome_experiment import LENGTHS, PLANS, by_draw, plans, power, said

pytestmark = load.real


@pytest.mark.parametrize("force", list(LENGTHS))
def test_where_nothing_was_done_a_verdict_is_wrong_no_more_often_than_stated(force):
    shares = said(plans(force))
    assert shares["plans"] == PLANS
    assert shares.get(FELL, 0) <= ERROR
    assert shares.get(ROSE, 0) <= ERROR
    assert shares["around fell"] <= ERROR
    assert shares["around rose"] <= ERROR
    assert shares["total fell"] <= ERROR


def test_against_areas_that_wait_by_the_draw_it_is_wrong_no_more_often():
    shares = said(by_draw("cheshire"))
    assert shares["plans"] > PLANS / 2
    assert shares["around fell"] <= ERROR
    assert shares.get(FELL, 0) <= ERROR
    assert shares.get(ROSE, 0) <= ERROR


def test_a_synthetic_control_ranks_places_left_alone_as_chance_does():
    shares = said(plans("northumbria"))
    assert shares["with a synthetic control"] > 0.4
    assert shares["its p agrees"] == pytest.approx(AGREES, abs=0.07)


@pytest.mark.parametrize("force", list(LENGTHS))
def test_before_and_after_alone_is_wrong_in_a_quarter_or_more(force):
    shares = said(plans(force))
    assert shares["naive fell"] > 0.25
    # Places that were picked for being busy, and then left alone.
    assert shares["untouched"] < 0.75


def test_the_published_variance_is_wrong_more_often_than_it_states_on_real_places():
    shares = said(plans("northumbria"))
    assert shares["dispersion"] > 2
    assert shares["published fell"] > 4 * ERROR


def test_larger_planted_falls_are_found_more_often():
    shown = power("northumbria", (0.0, 0.4, 0.6, 0.8, 1.0), least=80)
    curve = list(shown.values())
    assert curve == sorted(curve)
    assert curve[-1] > 0.8
