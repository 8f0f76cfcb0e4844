import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.analysis import dose

UTC = "UTC"


def visit(area, started, minutes, officers=1):
    start = pd.Timestamp(started, tz="Europe/London").tz_convert(UTC)
    ended = start + pd.Timedelta(minutes=minutes)
    return {"area": area, "started": start, "ended": ended, "officers": officers}


def frame(*rows):
    return pd.DataFrame(rows, columns=["area", "started", "ended", "officers"])


@pytest.mark.parametrize(
    ("started", "shift", "day", "week"),
    [
        ("2025-06-02 07:00", "Early", "2025-06-02", "2025-06-02"),
        ("2025-06-02 14:59", "Early", "2025-06-02", "2025-06-02"),
        ("2025-06-02 15:00", "Late", "2025-06-02", "2025-06-02"),
        ("2025-06-02 23:00", "Night", "2025-06-02", "2025-06-02"),
        ("2025-06-02 06:59", "Night", "2025-06-01", "2025-05-26"),  # Sunday night's
        ("2025-01-01 00:10", "Night", "2024-12-31", "2024-12-30"),
    ],
)
def test_a_visit_counts_in_the_shift_it_began_in(started, shift, day, week):
    row = dose.dated(frame(visit("A", started, 15, officers=2))).iloc[0]
    assert (row["shift"], str(row["day"].date()), str(row["week"].date())) == (shift, day, week)
    assert (row["minutes"], row["officer_hours"]) == (15, 0.5)


def test_hours_are_local_in_summer_and_winter():
    for month in ("2025-01-10", "2025-07-10"):
        row = dose.dated(frame(visit("A", f"{month} 15:00", 15))).iloc[0]
        assert row["shift"] == "Late"


def test_a_place_has_the_visits_of_areas_that_share_its_ground():
    rows = [
        {**visit("A", "2025-07-31 23:30", 30, officers=2), "outline": "POLYGON((0 0,9 0,9 9,0 0))"},
        {**visit("A", "2025-08-01 01:00", 60), "outline": "POLYGON((0 0,9 0,9 9,0 0))"},
        {**visit("B", "2025-08-02 12:00", 60), "outline": "POLYGON((10 0,20 0,20 9,10 0))"},
        {**visit("C", "2025-08-02 12:00", 60), "outline": ""},
    ]
    table = dose.by_month(pd.DataFrame(rows), shapely.box(0, 0, 10, 10))
    # The small hours belong to the shift that began the evening before.
    assert table["visits"].to_dict() == {pd.Period("2025-07", "M"): 2}
    assert table["officer_hours"].tolist() == [2.0]
    assert dose.by_month(pd.DataFrame(rows).iloc[:0], shapely.box(0, 0, 1, 1)).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.datetimes(pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")),
            st.integers(1, 720),
            st.integers(1, 6),
        ),
        max_size=30,
    )
)
@settings(deadline=None)
def test_no_minute_is_lost_or_doubled_however_it_is_cut(told):
    rows = [
        {
            "area": area,
            "started": pd.Timestamp(at, tz=UTC),
            "ended": pd.Timestamp(at, tz=UTC) + pd.Timedelta(minutes=minutes),
            "officers": officers,
        }
        for area, at, minutes, officers in told
    ]
    visits = frame(*rows)
    if not rows:
        visits = visits.astype({"started": "datetime64[us, UTC]", "ended": "datetime64[us, UTC]"})
    dated = dose.dated(visits)
    assert set(dated["shift"]) <= {"Early", "Late", "Night"}
    for by in (["area"], ["area", "shift"], ["week", "shift"], ["area", "shift", "week", "day"]):
        cut = dose.delivered(dated, by)
        assert cut["visits"].sum() == len(told)
        assert cut["minutes"].sum() == pytest.approx(sum(minutes for _, _, minutes, _ in told))
        assert cut["officer_hours"].sum() == pytest.approx(sum(m * o / 60 for *_, m, o in told))


def test_delivered_stands_beside_planned_and_neither_hides_the_other():
    visits = dose.dated(
        frame(
            visit("A", "2025-06-02 16:00", 12),
            visit("A", "2025-06-02 18:00", 12),
            visit("B", "2025-06-03 16:00", 15),
        )
    )
    planned = pd.DataFrame(
        {
            "area": ["A", "A", "A", "C"],
            "start": pd.to_datetime(
                ["2025-06-02 16:00", "2025-06-02 18:30", "2025-06-02 20:00", "2025-06-04 17:00"]
            ).tz_localize("Europe/London"),
            "minutes": [15, 15, 15, 15],
        }
    )
    both = dose.against_plan(visits, planned, ["area", "shift"])
    assert both.loc[("A", "Late"), ["visits", "planned_visits"]].tolist() == [2, 3]
    assert both.loc[("A", "Late"), "share"] == pytest.approx(24 / 45)
    assert pd.isna(both.loc[("B", "Late"), "share"])
    assert both.loc[("C", "Late"), ["visits", "minutes", "share"]].tolist() == [0, 0, 0]
    assert both["planned_minutes"].sum() == 60


def test_areas_that_had_their_fill_this_week_leave_the_list():
    now = pd.Timestamp("2025-06-05 12:00", tz="Europe/London")
    visits = dose.dated(
        frame(
            visit("A", "2025-06-02 16:00", 200),
            visit("A", "2025-06-04 16:00", 115),
            visit("B", "2025-05-31 16:00", 400),  # the week before
            visit("B", "2025-06-04 16:00", 15),
        )
    )
    week = dose.this_week(visits, now)
    assert week["minutes"].to_dict() == {"A": 315, "B": 15}
    assert dose.over_cap(week, 315) == ["A"]
    assert dose.over_cap(week, 316) == []


OVERLAPPING = (dose.Shift("Earlies", 7, 15.5), dose.Shift("Lates", 14.5, 22.5))


@pytest.mark.parametrize(
    ("started", "unit", "shift"),
    [
        ("2025-06-02 14:45", "Earlies 2", "Earlies"),
        ("2025-06-02 14:45", "lates 1", "Lates"),
        ("2025-06-02 14:45", "CR12", "Lates"),
        ("2025-06-02 14:15", "Lates 1", "Earlies"),
        ("2025-06-02 22:15", "CR12", "Lates"),
        ("2025-06-02 22:30", "Lates 1", "Other"),
    ],
)
def test_where_shifts_overlap_a_visit_is_its_own_unit_s(started, unit, shift):
    rows = frame(visit("A", started, 15)).assign(unit=unit)
    assert dose.dated(rows, OVERLAPPING)["shift"].tolist() == [shift]
    assert dose.dated(rows, [dose.Shift("Always", 6, 6)])["shift"].tolist() == ["Always"]
