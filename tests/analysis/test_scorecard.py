"""The scorecard: what is certain about a score whatever the data, and what it says in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis import baselines
from hotspots.analysis.baselines import Training, hexagonal_cells, square_cells
from hotspots.analysis.places import gather
from hotspots.analysis.ranking import DEFAULT
from hotspots.analysis.scorecard import BEST, METHODS, OURS, score
from hotspots.analysis.scores import hit_rate, pai, pei
from hotspots.tables import incidents as incident_table
from tests.analysis.tables import incidents_at

STUDY_AREA_M2 = 100e6
QUICK = ("squares", "squares_best", "random")


def world(months, *, seed=1, each=120, spots=12, start="2024-01"):
    """Reports round fixed places, some busier than others, and as many anywhere."""
    rng = np.random.default_rng(seed)
    centres = 370_000 + rng.uniform(0, 10_000, (spots, 2))
    chosen = rng.choice(
        spots, each * months // 2, p=np.arange(spots, 0, -1) / sum(range(spots + 1))
    )
    gathered = centres[chosen] + rng.normal(0, 60, (len(chosen), 2))
    anywhere = 370_000 + rng.uniform(0, 10_000, (each * months - len(chosen), 2))
    xy = np.vstack([gathered, anywhere]).round()
    when = pd.period_range(start, periods=months, freq="M")[rng.integers(0, months, len(xy))]
    frame = incidents_at(xy).assign(month=when)
    return incident_table.validate(incident_table.completed(frame))


@given(st.floats(1, 1e6), st.floats(1, 1e9))
def test_pai_of_the_whole_study_area_is_one(later, ground):
    assert pai(later, later, ground, ground) == 1


@given(st.integers(0, 50), st.integers(50, 100))
def test_measures_keep_their_bounds(caught, later):
    assert 0 <= hit_rate(caught, later) <= 1
    assert 0 <= pei(caught, later) <= 1


def test_measures_of_nothing_are_not_numbers():
    assert np.isnan(
        [hit_rate(0, 0), pai(0, 0, 1, 2), pai(0, 5, 0, 2), pai(1, 2, 1, 0), pei(0, 0)]
    ).all()


@pytest.fixture(scope="module")
def card():
    return score(world(12), areas=5, train=6, study_area_m2=STUDY_AREA_M2)


def test_every_method_is_scored_on_the_same_months(card):
    assert list(card.table.index) == list(METHODS)
    assert len(card.by_origin) == 4 * len(METHODS)
    assert len(card.by_origin[["origin", "later"]].drop_duplicates()) == 4
    assert card.by_origin.origin.min() == pd.Period("2024-07")
    assert (card.by_origin.caught <= card.by_origin.later).all()
    assert card.train == 6


def test_places_that_gather_reports_are_foretold_and_chance_foretells_nothing(card):
    rates = card.table.hit_rate
    assert rates[OURS] > rates["squares"] > rates["random"]
    assert rates[BEST] >= rates[OURS]
    assert card.table.pai["squares"] > 5
    assert card.table.pei[BEST] == 1


def test_every_mean_lies_in_its_interval(card):
    for measure in ("hit_rate", "pai", "pei"):
        values = card.table[[f"{measure}_low", measure, f"{measure}_high"]].to_numpy()
        assert (np.diff(values[np.isfinite(values).all(axis=1)], axis=1) >= -1e-9).all()
    assert (card.differences.low <= card.differences.difference).all()


def test_no_method_takes_more_ground_than_it_is_given(card):
    assert (card.by_origin.area_ha <= 25 + 1e-6).all()
    assert (card.by_origin.areas <= 5).all()


def test_the_best_offset_is_never_behind_the_first(card):
    assert card.table.hit_rate["squares_best"] >= card.table.hit_rate["squares"]
    assert card.table.hit_rate["hexagons_best"] >= card.table.hit_rate["hexagons"]


def test_the_comparison_is_said_in_words(card):
    said = card.sentence()
    row = card.differences.loc["squares"]
    assert said.startswith(
        f"On {row.ahead:.0f} of 4 later quarters patrol areas caught more than the"
    )
    assert f"{100 * row.difference:.1f} points" in said


def test_a_difference_that_rounds_to_nothing_has_no_sign(card):
    nothing = card.differences.assign(difference=-0.0001, low=-0.0002, high=0.0002)
    said = replace(card, differences=nothing).sentence()
    assert said.endswith("the difference is 0.0 points (0.0 to 0.0).")


def test_same_inputs_same_figures(card):
    again = score(world(12), areas=5, train=6, study_area_m2=STUDY_AREA_M2)
    pd.testing.assert_frame_equal(card.table, again.table)


def test_less_held_than_asked_is_used_and_said():
    card = score(world(7), areas=3, methods=QUICK)
    assert card.train == 4
    assert any("12 months of training were asked for; 4 are all" in note for note in card.notes)
    assert card.table.pai.isna().all()


def test_too_few_months_give_an_empty_scorecard_and_say_so():
    for months in (0, 3):
        rows = world(12).iloc[:0] if not months else world(months)
        card = score(incident_table.Incidents(rows), methods=QUICK)
        assert card.table.empty
        assert card.by_origin.empty
        assert card.differences.empty
        assert "nothing can be scored" in card.notes[0]
        assert "too few months" in card.sentence()


def test_a_missing_month_is_neither_learnt_from_nor_scored():
    whole = world(14)
    held = incident_table.Incidents(whole.loc[whole["month"] != pd.Period("2024-08")])
    status = pd.Series("held", index=pd.period_range("2024-01", "2025-02", freq="M"))
    status[pd.Period("2024-08")] = "missing"
    card = score(held, areas=3, train=6, status=status, methods=QUICK)
    rows = card.by_origin.loc[card.by_origin.method == OURS].set_index("origin")
    assert rows.test_held[pd.Period("2024-07")] == 2
    assert rows.train_held[pd.Period("2024-09")] == 5
    assert any("have a month missing" in note for note in card.notes)


def test_origins_that_see_both_sides_of_a_break_are_marked():
    card = score(world(12), areas=3, train=4, methods=QUICK, breaks=[pd.Period("2024-03")])
    marked = card.by_origin.loc[card.by_origin.method == OURS].set_index("origin").across_break
    assert marked.tolist() == [True, True] + [False] * 4
    assert any("recorded in another way" in note for note in card.notes)


def test_what_came_later_changes_no_choice():
    incidents = world(9)
    later = incidents["month"] >= pd.Period("2024-07")
    moved = incidents.copy()
    moved.loc[later, "geometry"] = moved.loc[later].translate(200_000, 0)
    card = score(incident_table.validate(moved), areas=5, train=6, methods=QUICK)
    assert card.table.hit_rate[OURS] == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_hindsight_is_not_beaten_by_our_areas_by_more_than_greed_can_lose(seed):
    rng = np.random.default_rng(seed)
    xy = 370_000 + rng.integers(0, 40, (150, 2)) * 25.0
    training = Training(gather(xy[:75]), rng.integers(0, 6, 75), np.arange(6), 3, 4, 5.0, DEFAULT)
    caught = {
        "ours": baselines.patrol_areas(training).holds(xy[75:]).sum(),
        "best": baselines.hindsight(gather(xy[75:]), areas=4, size_ha=5.0).holds(xy[75:]).sum(),
    }
    assert caught["best"] >= (1 - np.exp(-1)) * caught["ours"]


@pytest.mark.parametrize("grid", [square_cells, hexagonal_cells])
@pytest.mark.parametrize("offset", [(0.0, 0.0), (1 / 3, 2 / 3)])
def test_cells_have_their_size(grid, offset):
    steps = np.arange(0, 4000, 10.0) + 5
    xy = np.column_stack([part.ravel() for part in np.meshgrid(3.7e5 + steps, 3.6e5 + steps)])
    cells = grid(5, offset=offset)(xy)
    inside = ((xy - xy.mean(axis=0)) ** 2).max(axis=1) < 1500**2
    _, counts = np.unique(cells[np.isin(cells, cells[inside])], return_counts=True)
    assert counts.mean() * 100 == pytest.approx(50_000, rel=0.02)


def test_a_kernel_density_finds_the_cell_that_counts_find():
    cells = square_cells(5)
    centre = (np.floor(np.array([370_000, 360_000]) / np.sqrt(50_000)) + 0.5) * np.sqrt(50_000)
    xy = np.vstack([np.tile(centre, (20, 1)), centre + np.array([[5_000, 0], [0, 5_000]])])
    training = Training(gather(xy), np.zeros(22, np.int64), np.array([0]), 1, 1, 5.0, DEFAULT)
    one = baselines.kernel_density(training).holds(xy)
    other = baselines.last_count(training, cells=cells).holds(xy)
    assert one.tolist() == other.tolist() == [1.0] * 20 + [0.0] * 2


def test_without_a_hotspot_nothing_is_drawn():
    xy = np.array([[370_000.0, 360_000.0], [380_000.0, 360_000.0]])
    training = Training(
        gather(xy), np.zeros(2, np.int64), np.array([0]), 1, 5, 5.0, DEFAULT, min_incidents=5
    )
    choice = baselines.footprints(training)
    assert (choice.areas, choice.area_m2, choice.holds(xy).tolist()) == (0, 0.0, [0.0, 0.0])
