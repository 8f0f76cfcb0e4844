"""What a resident is told, against what is true."""

import re

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.standing import changed, rank_interval
from hotspots.library import Library
from hotspots.publish.disclosure import disclose
from hotspots.publish.public_areas import areas, find_area, named_cells
from hotspots.publish.story import STEPS, Story, Work
from hotspots.publish.words import Words
from hotspots.study import open_dataset
from hotspots.tables.incidents import asb

TODAY = pd.Period("2026-06", "M")
WORDS = Words()


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return open_dataset(Library(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="module")
def release(dataset):
    return disclose(dataset, today=TODAY).release


def story(release, code, **options):
    return Story(release, areas(release, WORDS, everywhere="Cheshire")[code], WORDS, **options)


def named(release, name):
    return f"ward:{release.wards.index[release.wards['name'] == name][0]}"


def told(release, code, key):
    return next(step for step in story(release, code).steps() if step.key == key)


def true_counts(dataset, year):
    rows = asb(dataset.incidents)
    of_year = rows["month"].dt.year == year
    return dataset.ward.loc[rows.index[of_year]].value_counts()


def test_five_steps_in_order(release):
    steps = story(release, "all").steps()
    assert tuple(step.key for step in steps) == STEPS
    assert all(step.big and step.sentences for step in steps)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("warrington cen", "Warrington Centre"),
        ("CREWE STATION", "Crewe Station"),
        ("nantwich", "Nantwich Centre"),
        ("cw5 5ab", "Nantwich Centre"),
        ("crewe", None),
        ("<script>", None),
        ("", None),
    ],
)
def test_an_area_is_found_by_what_is_typed(release, typed, found):
    known = areas(release, WORDS)
    nearby = dict.fromkeys(("Nantwich", "CW5 5AB"), named(release, "Nantwich Centre"))
    area = find_area(typed, known, nearby)
    assert (area and area.name) == found


# Five things that a resident asks, written down before the page was.


def test_how_many_reports_were_there_in_my_ward(dataset, release):
    true = true_counts(dataset, 2025)
    for code in release.wards.index:
        big = told(release, f"ward:{code}", "reported").big
        number = re.search(r"About ([\d,]+) reports", big)
        if number is None:
            assert "too few reports" in big
            assert true.get(code, 0) < 10 + 20
        else:
            said = int(number[1].replace(",", ""))
            assert abs(said - true[code]) <= max(5, 0.1 * true[code])


def test_is_my_ward_getting_worse(dataset, release):
    """Yes and no are said only where the true counts differ, and in the true direction."""
    now, before = true_counts(dataset, 2025), true_counts(dataset, 2024)
    answers = {}
    for code in release.wards.index:
        big = told(release, f"ward:{code}", "changed").big
        answers[code] = big.split(".")[0]
        if "had more" in big:
            assert now[code] > before[code]
        elif "had fewer" in big:
            assert now[code] < before[code]
        else:
            assert big.startswith("We can not tell")
    assert "Yes" in answers.values()
    assert list(answers.values()).count("We can not tell") > len(answers) / 2


def test_is_my_ward_the_worst(dataset, release):
    """The range of places that is given holds the true place, for nearly all wards."""
    table = story(release, "all").compared
    rate = (true_counts(dataset, 2025) / release.wards["residents"]).loc[table.index]
    place = rate.rank(ascending=False)
    held = (table["first"] <= place) & (place <= table["last"])
    assert held.mean() > 0.95
    busiest = table.index[0]
    assert "1st" in told(release, f"ward:{busiest}", "where").big


def test_which_part_of_my_ward(dataset, release):
    cells = named_cells(release, 2025, WORDS)
    assert cells["name"].is_unique
    middle = cells.loc[cells["name"].str.startswith("Warrington Centre,")]
    assert len(middle) > 1
    assert (middle["reports"] >= 10).all()


def test_what_is_being_done_and_by_whom(release):
    code = named(release, "Crewe Station")
    assert told(release, code, "doing").big == "No work is recorded for Crewe Station yet"
    work = [Work("Better lights", "Cheshire East Council", "March 2026", "in hand", code)]
    steps = story(release, code, work=work).steps()
    assert next(s for s in steps if s.key == "doing").big.startswith("One piece of work")


def test_a_ward_that_is_hidden_says_so_and_gives_no_figure(release):
    table = story(release, "all").wards
    hidden = table.index[table["reports"].isna()][0]
    for step in story(release, f"ward:{hidden}").steps()[:3]:
        assert not re.search(r"\babout \d", " ".join([step.big, *step.sentences]).lower())
    assert "too few" in told(release, f"ward:{hidden}", "reported").big


def test_nothing_is_shown_before_a_year_is_over(dataset):
    early = disclose(dataset, today=pd.Period("2023-06", "M")).release
    (step,) = story(early, "all").steps()
    assert step.big == WORDS("page.nothing")


def test_ranks_hold_whatever_the_rounding_hid():
    rng = np.random.default_rng(1)
    true = rng.integers(11, 400, 60)
    shown = 5 * np.round(true / 5)
    first, last = rank_interval(np.maximum(10, shown - 2), shown + 2, np.ones(60))
    place = pd.Series(-true).rank().to_numpy()
    assert ((first <= place) & (place <= last)).mean() > 0.95


def test_equal_years_are_seldom_called_changed():
    """In worlds where nothing changed, any ward at all is named in about one of twenty."""
    rng = np.random.default_rng(2)
    called = 0
    for _ in range(200):
        now, before = (5 * np.round(rng.poisson(60, 50) / 5) for _ in range(2))
        called += bool(changed((now - 2, now + 2), (before - 2, before + 2)).any())
    assert called / 200 <= 0.07


def test_a_doubling_is_called_a_rise():
    now, before = np.full(20, 60.0), np.full(20, 60.0)
    now[3] = 140
    assert changed((now - 2, now + 2), (before - 2, before + 2), spread=1.0).tolist()[3] == 1
