"""What the public may be told, cell by cell, and what an attacker makes of it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis.areas import assign
from hotspots.publish.disclosure import disclose, why_not
from hotspots.publish.protection import protection
from hotspots.publish.release import OTHERS, PART, REST, WHOLE, rounded
from hotspots.study import Dataset
from hotspots.tables import incidents as incident_table
from tests import builders
from tests.publish.attacker import Attacker, recovered, views_of

TODAY = pd.Period("2026-06", "M")
MONTHS = [str(month) for month in pd.period_range("2025-01", "2025-12", freq="M")]
# Four wards in a row, each three kilometres wide: several hexagons to a ward.
WARDS = {f"E{n}": (350_000 + 3000 * n, 350_000, 3000) for n in range(4)}


def dataset(rows, wards=WARDS, **columns):
    """Rows of (easting, northing, month); every month is supplied, far from any ward."""
    rows = [*rows, *((100_000, 100_000, month) for month in MONTHS)]
    filled = {name: [*values, *[None] * len(MONTHS)] for name, values in columns.items()}
    incidents = builders.incidents(rows, **filled)
    held = builders.wards(wards, residents=5000)
    return Dataset(
        identity="test",
        made_up=False,
        incidents=incidents,
        held=incidents,
        wards=held,
        vintages=(2025,),
        assignment=assign(incidents, held),
        catalogue=pd.DataFrame(),
        holdings=pd.DataFrame(),
    )


def spread(ward, count, *, places=7, seed=0, near=None):
    """Reports of a ward at some map points, over the year."""
    west, south, side = WARDS[ward]
    rng = np.random.default_rng(seed)
    if near is None:
        at = rng.uniform(100, side - 100, (places, 2)) + np.array([west, south])
    else:
        at = rng.uniform(-100, 100, (places, 2)) + np.array([west + near[0], south + near[1]])
    at = at.round()
    return [(*at[i % places].tolist(), MONTHS[i % 12]) for i in range(count)]


def released(rows, **columns):
    return disclose(dataset(rows, **columns), today=TODAY)


def test_a_ward_of_nine_is_not_shown_and_one_of_twelve_is_ten():
    cells = released(spread("E0", 9) + spread("E1", 12) + spread("E2", 13)).release.cells
    assert cells["reports"].to_dict() == {"2025 E1": 10, "2025 E2": 15}


def test_small_wards_are_shown_together_when_together_they_may_be():
    found = released(spread("E0", 9) + spread("E1", 8) + spread("E2", 40))
    others = found.release.cells.loc[lambda cells: cells["kind"] == OTHERS]
    assert others["reports"].tolist() == [15]
    assert found.release.total(2025) == 15 + 40
    alone = released(spread("E0", 9) + spread("E2", 40)).release.cells
    assert OTHERS not in set(alone["kind"])


def test_a_place_alone_makes_no_area():
    one = spread("E0", 30, places=1)
    assert released(one).release.cells.empty
    assert not released(one + spread("E0", 10, seed=1)).release.cells.empty


@pytest.mark.parametrize(
    ("places", "addresses", "area_ha", "shown"),
    [
        (list(range(10)), 8, 10, False),
        (list(range(11)), 8, 10, True),
        (list(range(11)), 7, 10, False),
        (list(range(11)), 8, 9.9, False),
        ([0] * 50 + list(range(1, 10)), 99, 99, False),
        ([0] * 50 + list(range(1, 11)), 99, 99, True),
        ([], 99, 99, False),
    ],
)
def test_the_rule_of_a_cell(places, addresses, area_ha, shown):
    rows = pd.DataFrame({"place": places})
    assert (why_not(rows, addresses=addresses, area_ha=area_ha) is None) == shown


def test_the_rest_of_a_ward_takes_back_its_smallest_piece():
    busy = spread("E0", 40, near=(800, 800)) + spread("E0", 15, near=(2200, 2200), seed=1)
    cells = released(busy + spread("E0", 3, near=(800, 2200), seed=2)).release.cells
    assert sorted(cells["kind"]) == [PART, REST]
    assert cells["reports"].tolist() == [40, rounded(18)]


def test_an_empty_rest_looks_like_a_small_one():
    """Whether the rest holds none or three must not be told by what is shown."""
    busy = spread("E0", 40, near=(800, 800)) + spread("E0", 15, near=(2200, 2200), seed=1)
    point = [(*WARDS["E0"][:2], "2024-12")]
    none = released([*busy, (350_700, 352_300, "2024-12"), *point]).release.cells
    three = released(busy + spread("E0", 3, near=(800, 2200), seed=2)).release.cells
    assert none["kind"].tolist() == three["kind"].tolist()


def test_personal_reports_count_for_their_ward_and_are_never_mapped():
    rows = spread("E0", 60, near=(800, 800)) + spread("E0", 5, near=(2200, 2200))
    marked = released(rows, qualifier=["personal"] * 30 + ["nuisance"] * 35)
    assert (marked.counted.rows["column"] < 0).sum() == 30
    assert marked.release.total(2025) == 65
    piece = marked.release.cells.loc[lambda cells: cells["kind"] == PART]
    assert piece["reports"].tolist() == [30]


def test_reports_by_officers_are_not_counted_and_the_officer_is_told():
    found = released(spread("E0", 60), reported=["officer"] * 20 + ["public"] * 40)
    assert found.release.total(2025) == 40
    assert found.counted.left_out["reported by an officer or a camera"] == 20


def test_a_repeat_caller_counts_nine_times_wherever_the_calls_are_placed():
    rows = spread("E0", 60, places=40)
    found = released(rows, repeat_key=["same"] * 30 + [None] * 30)
    assert len(found.counted.rows) == 39


def test_a_year_is_shown_when_it_is_whole_and_over():
    rows = spread("E0", 60)
    whole = dataset(rows)
    assert disclose(whole, today=pd.Period("2026-01", "M")).release.cells.empty
    assert len(disclose(whole, today=pd.Period("2026-02", "M")).release.cells)
    assert disclose(whole, today=pd.Period("2026-02", "M"), delay_months=2).release.cells.empty
    most = whole.incidents["month"] != pd.Period("2025-07", "M")
    part = dataset([])
    less = incident_table.Incidents(whole.incidents.loc[most])
    cut = Dataset(
        **{
            **vars(part),
            "incidents": less,
            "assignment": assign(less, part.wards),
        }
    )
    assert disclose(cut, today=TODAY).release.cells.empty


def test_the_same_data_gives_the_same_release_whatever_is_hidden():
    rows = spread("E1", 60)
    one, other = (released(rows + spread("E0", n)).release for n in (3, 7))
    assert one.identity == other.identity


def test_the_attacker_can_attack():
    """Figures suppressed cell by cell, with true totals, are recovered at once."""
    naive = Attacker(3, [([0], 22, 22), ([1], 10, 12), ([0, 1, 2], 40, 40)])
    found, lowest = recovered(naive, {"not shown": frozenset({2}), "shown": frozenset({1})})
    assert [name for name, _ in found] == ["not shown"]
    assert lowest == pytest.approx(8)


worlds = st.lists(
    st.tuples(
        st.sampled_from(list(WARDS)),
        st.integers(1, 45),
        st.integers(1, 8),
        st.sampled_from([None, (700, 700), (2200, 2200), (1500, 900)]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_no_world_tells_a_count_below_ten(world):
    rows = [
        row
        for ward, count, places, near, seed in world
        for row in spread(ward, count, places=places, near=near, seed=seed)
    ]
    found = released(rows)
    release, true = found.release, found.cell_of.value_counts()
    assert (true >= 10).all()
    assert (release.cells["reports"] - true.reindex(release.cells.index)).abs().max() in {
        *range(3)
    } or release.cells.empty
    if len(release.cells):
        attacker, targets = views_of(release, "E06", 2025)
        seen, lowest = recovered(attacker, targets)
        assert seen == []
        assert lowest >= 10 - 1e-6
    assert {WHOLE, PART, REST, OTHERS} >= set(release.cells["kind"])


def test_the_report_says_what_was_hidden_and_why():
    report = protection(released(spread("E0", 9) + spread("E1", 60)))
    text = report.text()
    assert "Not for publication" in text
    assert "| 2025 | whole wards | fewer than 10 reports | 1 | 9 |" in text
    assert report.shown["nowhere"].tolist() == [pytest.approx(9 / 69)]
