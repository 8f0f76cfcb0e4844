"""Planted faults are found, named for what they are, and sound records are left in peace."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis import finding_kinds as kinds
from hotspots.analysis.areas import assign
from hotspots.analysis.default_places import default_places, stands_off
from hotspots.analysis.own_past import risen, runs
from hotspots.analysis.quality import MEASURES, measures, row_kinds
from hotspots.analysis.quality_findings import quality
from hotspots.analysis.repeats import copied, doubled
from hotspots.tables import incidents as contract
from tests import builders
from tests.analysis.tables import square_wards
from tests.builders import incidents

WARDS = square_wards(5000, 2, 2)
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def town(months=MONTHS, *, each=150, seed=1, spots=400):
    """Rows of a made-up town whose places follow a slope, as (e, n, month)."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(1, spots + 1) ** 0.35
    xy = rng.integers(100, 9900, (spots, 2))
    return [
        (*xy[place].astype(float), month)
        for month in months
        for place in rng.choice(spots, rng.poisson(each), p=weight / weight.sum())
    ]


def found(rows, wards=WARDS):
    table = incidents(rows)
    findings, _ = quality(table, assign(table, wards).code)
    return findings


def kinds_in(findings):
    return set(findings["kind"])


ALWAYS = {kinds.NO_DAY, kinds.NO_QUALIFIER, kinds.SHORT}


@pytest.mark.parametrize("seed", range(12))
def test_sound_records_are_left_in_peace(seed):
    findings = found(town(seed=seed))
    assert kinds_in(findings) == ALWAYS
    assert (findings["severity"] == kinds.NOTE).all()


def test_nothing_loaded_has_nothing_wrong():
    findings, months = quality(contract.empty(), pd.Series(dtype="object"))
    assert findings.empty
    assert list(findings.columns) == list(kinds.COLUMNS)
    assert list(months.columns) == list(MEASURES)


def test_a_month_with_too_few_placed_is_serious_against_the_standard():
    rows = [
        (None, None, month) if month == "2025-05" and number % 4 == 0 else (e, n, month)
        for number, (e, n, month) in enumerate(town())
    ]
    findings = found(rows).set_index("kind")
    row = findings.loc[kinds.UNPLACED]
    assert row["severity"] == kinds.SERIOUS
    assert str(row["first"]) == str(row["last"]) == "2025-05"
    assert row["share"] == pytest.approx(0.25, abs=0.05)
    assert row["count"] / row["of"] == row["share"]


def test_a_share_that_rose_in_the_source_s_own_past_is_found_once_as_a_run():
    rows = [
        (None, None, month) if month >= "2025-10" and number % 10 == 0 else (e, n, month)
        for number, (e, n, month) in enumerate(town())
    ]
    findings = found(rows)
    rose = findings.loc[findings["kind"] == kinds.UNPLACED_ROSE]
    assert [(str(a), str(b)) for a, b in zip(rose["first"], rose["last"], strict=True)] == [
        ("2025-10", "2025-12")
    ]
    assert rose["before"].iloc[0] == 0


def test_a_default_place_is_found_where_it_is():
    rows = town() + [
        (5000.0, 5000.0, month, "Anti-social behaviour", "Desk") for month in MONTHS * 25
    ]
    findings = found(rows)
    row = findings.loc[findings["kind"] == kinds.DEFAULT_PLACE].iloc[0]
    assert (row["place"], row["east"], row["north"], row["count"]) == ("Desk", 5000, 5000, 300)
    assert row["key"].endswith("|5000,5000")


@pytest.mark.parametrize("tail", ["pareto", "lognormal", "negative binomial"])
def test_a_slope_has_no_default_place_in_all_but_few_worlds(tail):
    rng = np.random.default_rng(3)
    alarms = 0
    for _ in range(400):
        if tail == "pareto":
            x = rng.pareto(1.3, 2000) * 20 + 20
        elif tail == "lognormal":
            x = rng.lognormal(1.0, 1.0, 2000)
        else:
            x = rng.negative_binomial(0.4, 0.1, 2000).astype(float)
        alarms += bool(np.nanmin(stands_off(x)) <= 0.05)
    assert alarms <= 33  # 5%, and 2.9 standard deviations of 400 worlds


def test_two_equal_default_places_do_not_hide_each_other():
    slope = pd.Series(200 / np.arange(1, 300) ** 0.7)
    both = pd.concat([pd.Series([5000.0, 4900.0]), slope], ignore_index=True)
    assert default_places(both).index.tolist() == [0, 1]


def test_a_place_named_like_one_is_watched():
    rows = town(each=500) + [
        (300.0, 300.0, month, "Anti-social behaviour", "Police Station") for month in MONTHS * 5
    ]
    row = found(rows).query("place == 'Police Station'").iloc[0]
    assert (row["kind"], row["severity"], row["count"]) == (kinds.NAMED_PLACE, kinds.WATCH, 60)


def test_rows_outside_the_wards():
    rows = [
        (e + 50_000, n, month) if month == "2025-11" and number % 5 == 0 else (e, n, month)
        for number, (e, n, month) in enumerate(town())
    ]
    findings = found(rows).set_index("kind")
    assert str(findings.loc[kinds.OUTSIDE, "first"]) == "2025-11"
    far = [(e + 50_000, n, month) for e, n, month in town()]
    assert kinds.NO_WARDS in kinds_in(found(far))
    assert kinds.OUTSIDE not in kinds_in(found(far))


def test_a_month_that_is_missing_and_one_whose_asb_is():
    rows = [row for row in town() if row[2] not in {"2025-04", "2025-05", "2025-08"}]
    rows += [(1.0, 1.0, "2025-08", "Burglary")]
    findings = found(rows)
    gaps = findings.loc[findings["kind"] == kinds.MISSING].iloc[0]
    assert (str(gaps["first"]), str(gaps["last"]), gaps["count"]) == ("2025-04", "2025-05", 2)
    silent = findings.loc[findings["kind"] == kinds.NO_ASB].iloc[0]
    assert (str(silent["first"]), silent["severity"]) == ("2025-08", kinds.SERIOUS)


def test_a_file_read_twice_and_a_month_copied():
    rows = town(each=120)
    march = [row for row in rows if row[2] == "2025-03"]
    july = [(e, n, "2025-07") for e, n, _ in march]
    others = [row for row in rows if row[2] != "2025-07"]
    findings = found([*others, *march, *july])
    twice = findings.loc[findings["kind"] == kinds.TWICE]
    assert [str(month) for month in twice["first"]] == ["2025-03"]
    findings = found([*others, *july])
    copy = findings.loc[findings["kind"] == kinds.COPIED].iloc[0]
    assert (str(copy["first"]), str(copy["last"]), copy["share"]) == ("2025-03", "2025-07", 1)


def test_a_new_list_of_points_is_not_a_new_town():
    rows = [
        (e + 3, n + 3, month) if month >= "2025-09" else (e, n, month) for e, n, month in town()
    ]
    findings = found(rows)
    fresh = findings.loc[findings["kind"] == kinds.NEW_POINTS]
    assert [str(month) for month in fresh["first"]] == ["2025-09"]


def test_a_level_that_shifts_is_found_with_both_levels():
    months = [str(month) for month in pd.period_range("2023-01", "2025-12", freq="M")]
    rows = town(months[:20], each=200) + town(months[20:], each=80)
    row = found(rows).set_index("kind").loc[kinds.LEVEL]
    assert str(row["first"]) == months[20]
    assert row["before"] == pytest.approx(200, rel=0.1)
    assert row["count"] == pytest.approx(80, rel=0.1)


def timed(clocks, seed=1):
    rng = np.random.default_rng(seed)
    begins = [
        pd.Timestamp(f"2025-{1 + number % 12:02}-{1 + number % 28:02} {clock}")
        for number, clock in enumerate(clocks)
    ]
    rows = [(*rng.uniform(100, 9900, 2), f"{one:%Y-%m}") for one in begins]
    table = incidents(rows, source="council", occurred_from=begins)
    return quality(table, assign(table, WARDS).code)[0]


def test_a_stock_time_is_found_and_rounding_to_hours_is_not():
    rng = np.random.default_rng(2)
    evening = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 0, 0, 15, 30, 45)]
    clocks = [str(rng.choice(evening)) for _ in range(900)]
    assert kinds.STOCK_TIME not in kinds_in(timed(clocks))
    row = timed([*clocks, *["00:00"] * 200]).set_index("kind").loc[kinds.STOCK_TIME]
    assert row["place"] == "00:00"
    assert row["count"] >= 200
    assert row["key"].endswith("|00:00")


def test_suppliers_are_judged_apart():
    rows = town(seed=2)
    there = [(*row, "Anti-social behaviour", "Mill Lane", "Gwent Police") for row in town(seed=3)]
    here = [(None, None, row[2]) if row[2] == "2025-06" else row for row in rows]
    findings = found([*here, *there])
    serious = findings.loc[findings["severity"] == kinds.SERIOUS]
    assert set(serious["force"]) == {"Cheshire Constabulary"}


def test_measures_add_up():
    table = incidents(town(each=30))
    counted = measures(table, assign(table, WARDS).code)
    assert counted["rows"].sum() == len(table)
    parts = counted[["located", "outside", "month_only", "qualified", "identical", "seen"]]
    assert (parts.max(axis=1) <= counted["asb"]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(MONTHS[:4])), max_size=60
    ),
    st.randoms(),
)
def test_the_order_of_rows_changes_nothing(rows, random):
    mixed = random.sample(rows, len(rows))
    if not rows:
        return
    pd.testing.assert_frame_equal(found(rows), found(mixed))
    assert len(np.unique(row_kinds(incidents(rows)))) == len({row[:2] for row in rows})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=30))
def test_risen_months_have_a_past_and_a_rise(pairs):
    part = pd.Series([min(pair) for pair in pairs])
    whole = pd.Series([max(*pair, 1) for pair in pairs])
    table = risen(part, whole)
    flagged = table.loc[table["risen"]]
    assert (flagged["share"] > flagged["before"]).all()
    assert not table["risen"].iloc[:6].any()
    assert (table["share"] == part / whole).all()


def test_a_gap_in_what_is_held_breaks_no_run():
    held = pd.PeriodIndex(["2025-01", "2025-03", "2025-04"], freq="M")
    assert runs(held[:2], held) == [(held[0], held[1])]


def test_few_rows_prove_nothing():
    month = pd.Series(pd.PeriodIndex(["2025-01"] * 10, freq="M"))
    assert len(doubled(np.repeat(np.arange(5), 2), month)) == 0
    assert copied(np.arange(10), month) == []
    assert len(doubled(np.arange(0), month[:0])) == 0


# ---- easting and northing exchanged


def far_wards():
    return builders.wards({"E1": (390_000, 345_000, 10_000)})


def exchanged_in(*places):
    wards = far_wards()
    table = incidents([(e, n, "2025-01") for e, n in places])
    findings, _ = quality(table, assign(table, wards).code, wards=wards)
    return findings.loc[findings["kind"] == kinds.EXCHANGED]


SOUND = [(391_000 + 37 * n, 346_000 + 91 * n) for n in range(60)]


def test_exchanged_coordinates_are_told_by_where_they_would_lie():
    (row,) = exchanged_in(*SOUND, *[(n, e) for e, n in SOUND[:12]]).to_dict("records")
    assert (row["count"], row["of"], row["severity"]) == (12, 12, kinds.SERIOUS)


def test_reports_far_off_that_no_exchange_brings_home_are_no_exchange():
    assert exchanged_in(*SOUND, *[(500_000 + n, 200_000) for n in range(40)]).empty
    few = [(n, e) for e, n in SOUND[:12]]
    assert exchanged_in(*SOUND, *few, *[(500_000 + n, 200_000) for n in range(40)]).empty


def test_just_outside_the_wards_is_a_border_and_no_exchange():
    wards = builders.wards({"E1": (380_000, 370_000, 10_000)})
    just = [(379_000 + n, 381_000) for n in range(40)]  # outside, their mirror is in the ward
    table = incidents([(e, n, "2025-01") for e, n in just])
    assert not assign(table, wards).assigned
    assert assign(incidents([(n, e, "2025-01") for e, n in just]), wards).assigned == 40
    findings, _ = quality(table, assign(table, wards).code, wards=wards)
    assert kinds.EXCHANGED not in set(findings["kind"])
