"""Verdicts on a place's past: what they rest on, and what they never rest on."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from hotspots.analysis import history
from hotspots.analysis.history import DEFAULT, VERDICTS, by_month, classify
from hotspots.periods import Period
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.tables import incidents as incident_table
from tests.analysis.tables import incidents_at

YEAR = Period.parse("2025-01", "2025-12")
CENTRE = (375_000.0, 365_000.0)
AREA = gpd.GeoSeries([shapely.Point(CENTRE).buffer(126)], crs=BRITISH_NATIONAL_GRID, index=[7])
MONTHLY = 200


def town(inside, *, period=YEAR, spread=10_000, seed=3):
    """Reports at 400 places anywhere, and so many a month at one place inside the area."""
    rng = np.random.default_rng(seed)
    places = (CENTRE + rng.uniform(-spread, spread, (400, 2))).round()
    places = places[np.hypot(*(places - CENTRE).T) > 200]
    xy, months = [], []
    for month, count in zip(period, inside, strict=True):
        xy += [*places[rng.integers(0, len(places), MONTHLY)], *[CENTRE] * count]
        months += [month] * (MONTHLY + count)
    frame = incidents_at(xy).assign(month=pd.PeriodIndex(months, freq="M"))
    return incident_table.validate(incident_table.completed(frame))


def verdict(inside, **more):
    return classify(town(inside, **more), AREA, period=more.get("period", YEAR)).loc[7]


@pytest.mark.parametrize(
    ("inside", "said", "carried_by"),
    [
        ([9] * 12, "persistent", ", ".join(map(str, YEAR))),
        ([9] * 9 + [0] + [9] * 2, "persistent", "2025-01"),
        ([0] * 10 + [9, 9], "emerging", "2025-11, 2025-12"),
        ([9, 9, 0, 9] + [0] * 8, "former", "2025-01, 2025-02, 2025-04"),
        ([9, 0, 0] * 4, "former", "2025-01, 2025-04, 2025-07, 2025-10"),
        ([0, 0, 9] * 4, "intermittent", "2025-03, 2025-06, 2025-09, 2025-12"),
        ([0] * 12, "no pattern", ""),
    ],
)
def test_the_verdict_and_the_months_that_carry_it(inside, said, carried_by):
    row = verdict(inside)
    assert row.verdict == said
    assert row.carried_by.startswith(carried_by)
    assert row.months_held == 12
    assert row.months_hot == sum(count > 0 for count in inside)


def test_a_report_or_two_a_month_is_no_hotspot():
    assert verdict([1] * 12).verdict == "no pattern"


def test_a_month_that_was_not_supplied_is_left_out():
    incidents = town([9] * 12)
    held = incident_table.Incidents(incidents.loc[incidents["month"] != pd.Period("2025-04")])
    status = pd.Series("held", index=YEAR.months)
    status[pd.Period("2025-04")] = "missing"
    row = classify(held, AREA, period=YEAR, status=status).loc[7]
    assert (row.months_held, row.months_hot) == (11, 11)
    assert row.equals(classify(held, AREA, period=YEAR).loc[7])


def test_a_fall_in_all_reports_alike_changes_no_verdict():
    incidents = town([12] * 12)
    late = incidents["month"] >= pd.Period("2025-07")
    thinned = incident_table.Incidents(incidents.loc[~late | (np.arange(len(incidents)) % 2 == 0)])
    assert classify(thinned, AREA, period=YEAR).loc[7, "verdict"] == "persistent"


def test_both_lists_of_map_points_are_told_apart():
    period = Period.parse("2022-01", "2022-12")
    row = verdict([9] * 12, period=period)
    assert row.across_rebuild
    assert row.verdict == "persistent"
    assert not verdict([9] * 12).across_rebuild
    # All points move by 40 m, as in July 2022: the area stays what it was.
    incidents = town([9] * 12, period=period).copy()
    later = incidents["month"] >= history.REBUILT
    incidents.loc[later, "geometry"] = incidents.loc[later].translate(30, -25)
    moved = classify(incident_table.validate(incidents), AREA, period=period).loc[7]
    assert moved.verdict == "persistent"


def test_more_places_in_an_area_make_the_same_reports_less_surprising():
    incidents = town([4] * 12)
    near = CENTRE + np.random.default_rng(0).uniform(-80, 80, (300, 2)).round()
    crime = incidents_at(np.vstack([near, near]), category="Shoplifting")
    together = incident_table.validate(
        gpd.GeoDataFrame(
            pd.concat([incidents, crime], ignore_index=True).astype({"category": "category"})
        )
    )
    rows = incident_table.asb(together)
    few = by_month(rows, AREA, period=YEAR)
    many = by_month(rows, AREA, period=YEAR, recorded=together)
    assert (many.expected > 20 * few.expected).all()
    assert few["hot"].all()
    assert not many["hot"].any()


def test_counts_are_counts():
    inside = list(range(12))
    months = by_month(town(inside), AREA, period=YEAR)
    assert months["count"].tolist() == inside
    assert months.index.names == ["number", "month"]


@given(npst.arrays(np.bool_, st.tuples(st.integers(1, 4), st.integers(1, 30))), st.integers(1, 5))
def test_exactly_one_verdict_whatever_the_months(hot, recent_months):
    recent = np.arange(hot.shape[1]) >= hot.shape[1] - recent_months
    verdicts = history._verdicts(hot, recent, DEFAULT)
    assert set(verdicts) <= set(VERDICTS)
    for row, said in zip(hot, verdicts, strict=True):
        carrying = history._carrying(row, recent, said)
        assert not (carrying & ~row).any()
        assert carrying.any() == (said != "no pattern")


@given(npst.arrays(np.float64, (3, 7), elements=st.floats(0, 1)))
def test_holm_steps_down_and_stops_at_the_first_that_fails(p):
    for row, found in zip(p, history._holm(p), strict=True):
        for level in (0.01, 0.05, 0.3):
            rejected = set()
            for step, column in enumerate(np.argsort(row, kind="stable")):
                if row[column] * (len(row) - step) > level:
                    break
                rejected.add(column)
            assert set(np.flatnonzero(found <= level)) == rejected


def test_nothing_in_typed_nothing_out():
    incidents = incidents_at([])
    one = classify(incidents, AREA, period=YEAR)
    assert one.verdict.tolist() == ["no pattern"]
    assert one.months_held.tolist() == [0]
    none = classify(town([1] * 12), AREA.iloc[:0], period=YEAR)
    assert none.empty
    assert list(none.columns) == list(one.columns)
