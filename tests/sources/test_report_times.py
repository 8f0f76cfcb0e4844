"""Dates and times as people write them: an instant, a window, a day, a month, London's clock."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.sources.report_times import DATE, INSTANT, MONTH, WINDOW, times
from hotspots.sources.word_columns import Words
from hotspots.sources.written_times import Fault, understand, written_date, written_time


def words(*cells):
    return Words.of(pa.chunked_array([pa.array(cells, pa.string())]))


def one(begins, ends=None, **more):
    found = times(words(begins), None if ends is None else words(ends), **more)
    begin, end = (
        pd.Timestamp(each[0]).tz_localize("UTC").tz_convert("Europe/London")
        for each in (found.begins, found.ends)
    )
    return found, begin, end


@pytest.mark.parametrize(
    "written",
    [
        "03/01/2025 21:40",
        "3/1/2025 9:40 PM",
        "3/1/25 9.40pm",
        "2025-01-03T21:40:00",
        "2025-01-03 21:40:00.000",
        "2025-01-03T21:40:00Z",
        "2025-01-03T22:40:00+01:00",
        "3 Jan 2025 21:40",
        "Friday 3rd January 2025, 21:40",
        "Jan 3, 2025 9:40 PM",
        "20250103 2140",
        "45660.902777778",
        "  03-01-2025   21:40  ",
        "03.01.2025 21.40",
        "21:40 03/01/2025",
        "9:40 pm on 3 Jan 2025",
        "3 January 2025 at 9.40pm",
        "2025-01-03 21:40:00+00",
        "2025-01-03 16:40-05:00",
    ],
)
def test_one_instant_however_it_is_written(written):
    found, begin, end = one(written)
    assert begin == end == pd.Timestamp("2025-01-03 21:40", tz="Europe/London")
    assert found.precision[0] == INSTANT
    assert found.month[0] == pd.Period("2025-01").ordinal


@pytest.mark.parametrize("written", ["03/01/2025", "2025-01-03", "3 January 2025", "45660"])
def test_a_date_alone_spans_its_day(written):
    found, begin, end = one(written)
    assert begin == pd.Timestamp("2025-01-03", tz="Europe/London")
    assert end == pd.Timestamp("2025-01-04", tz="Europe/London")
    assert found.precision[0] == DATE


@pytest.mark.parametrize(
    "written", ["January 2025", "2025-01", "01/2025", "Jan 2025", "Jan-2025", "Jan-25", "Jan ’25"]
)
def test_a_month_alone_has_no_hours(written):
    found, begin, _ = one(written)
    assert begin is pd.NaT
    assert found.precision[0] == MONTH
    assert found.month[0] == pd.Period("2025-01").ordinal


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("31/02/2025", Fault.IMPOSSIBLE),
        ("2025-13-01", Fault.IMPOSSIBLE),
        ("01/01/1890", Fault.IMPOSSIBLE),
        ("03/01/2025 25:10", Fault.IMPOSSIBLE),
        ("yesterday", Fault.UNREADABLE),
        ("Jan 25", Fault.UNREADABLE),
        ("03/01/2025 21:40-23:00", Fault.UNREADABLE),
        ("03/01/2025 09:00-11:00", Fault.UNREADABLE),
        ("2025-01-03T21:40+23:00", Fault.UNREADABLE),
        ("=NOW()", Fault.UNREADABLE),
        ("١٢/٠١/٢٠٢٥", Fault.UNREADABLE),
        ("", Fault.BLANK),
    ],
)
def test_what_is_no_date_is_told_apart(written, fault):
    reasons = {
        Fault.IMPOSSIBLE: "their date does not exist",
        Fault.UNREADABLE: "their date cannot be read",
        Fault.BLANK: "they say no date",
    }
    assert list(times(words(written)).faults) == [reasons[fault]]


def test_month_first_is_as_told():
    assert written_date("03/01/2025", day_first=False) == written_date("2025-03-01")


def test_a_day_of_the_clock_change_is_23_or_25_hours_long():
    for day, hours in (("2025-03-30", 23), ("2025-10-26", 25), ("2025-10-27", 24)):
        _, begin, end = one(day)
        assert (end - begin) == pd.Timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_the_first_and_is_counted():
    found, begin, _ = one("2025-10-26 01:30")
    assert begin.utcoffset() == pd.Timedelta("1h")
    assert found.notes == (
        "1 row lies in an hour that comes twice when clocks go back; the first is taken.",
    )


def test_an_hour_that_does_not_exist_is_the_hour_after_and_is_counted():
    found, begin, _ = one("2025-03-30 01:30")
    assert begin == pd.Timestamp("2025-03-30 02:30", tz="Europe/London")
    assert "clocks skip" in found.notes[0]


def test_universal_time_just_before_midnight_is_the_next_month_in_summer():
    found, begin, _ = one("2025-07-31T23:30:00Z")
    assert found.month[0] == pd.Period("2025-08").ordinal
    assert begin == pd.Timestamp("2025-08-01 00:30", tz="Europe/London")


def test_windows_of_times_of_dates_and_of_columns_apart():
    found, begin, end = one("03/01/2025 20:00", "04/01/2025 07:30")
    assert found.precision[0] == WINDOW
    assert end - begin == pd.Timedelta("11h30min")
    found, begin, end = one("03/01/2025", "05/01/2025")
    assert (found.precision[0], end - begin) == (WINDOW, pd.Timedelta("3D"))
    assert one("03/01/2025", "03/01/2025")[0].precision[0] == DATE
    assert one("03/01/2025 10:00", "03/01/2025 10:00")[0].precision[0] == INSTANT
    apart, begin, end = one(
        "03/01/2025", "03/01/2025", begins_time=words("20:00"), ends_time=words("2215")
    )
    assert (apart.precision[0], end - begin) == (WINDOW, pd.Timedelta("2h15min"))


def test_an_end_before_its_beginning_leaves_the_day():
    found, begin, end = one("03/01/2025 20:00", "02/01/2025 20:00")
    assert found.precision[0] == DATE
    assert (begin.hour, end - begin) == (0, pd.Timedelta("1D"))
    assert found.notes == ("1 row ends before it begins; only the day it began is kept.",)


def test_a_window_of_years_is_kept_and_questioned():
    found, *_ = one("03/01/2018 20:00", "02/01/2025 20:00")
    assert found.precision[0] == WINDOW
    assert found.notes == ("1 row has a window of more than 31 days; kept as it is.",)


def test_a_column_of_midnights_is_a_column_of_dates():
    found = times(words("2025-01-03 00:00:00", "2025-01-04 00:00:00"))
    assert found.precision.tolist() == [DATE, DATE]
    assert "Every time of day is midnight" in found.notes[0]
    mixed = times(words("2025-01-03 00:00:00", "2025-01-04 10:00:00"))
    assert mixed.precision.tolist() == [INSTANT, INSTANT]


@given(
    st.datetimes(pd.Timestamp("1991-01-01"), pd.Timestamp("2098-12-31")),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d %B %Y %I:%M:%S %p"]),
)
@settings(max_examples=200, deadline=None)
def test_any_moment_comes_back_as_it_was_written(moment, form):
    moment = moment.replace(microsecond=0)
    if moment.hour in (1, 2) or moment.time() == moment.min.time():
        moment = moment.replace(hour=12)
    _, begin, _ = one(moment.strftime(form))
    assert begin.tz_localize(None) == pd.Timestamp(moment)


@given(
    st.from_regex(
        r"\A(?:[0-9]{2}[-/.][0-9]{2}[-/.]20[0-9]{2}|20[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{2})\Z"
    ),
    st.sampled_from(" T"),
    st.from_regex(r"\A[0-2][0-9]:[0-6][0-9](?::[0-6][0-9])?\Z"),
)
@settings(deadline=None)
def test_what_is_cut_at_its_tenth_letter_is_understood_as_if_it_were_not(date, between, time):
    quick, thorough = (understand(words(f"{date}{gap}{time}")) for gap in (between, f" {between} "))
    for name in ("day", "time", "offset", "month_only", "fault"):
        assert getattr(quick, name).tolist() == getattr(thorough, name).tolist()


@given(st.lists(st.text(max_size=30), max_size=20), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_text_is_understood_or_counted(cells, day_first):
    found = times(words(*cells), words(*reversed(cells)), day_first=day_first)
    lost = sum(rows.astype(int) for rows in found.faults.values()) if found.faults else 0
    assert ((lost == 0) | (lost == 1)).all() if len(cells) and found.faults else True
    known = ~np.isnat(found.begins)
    assert (found.begins[known] <= found.ends[known]).all()


@given(st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_a_time_of_day_is_within_its_day_or_none(text):
    found = written_time(text, fraction=True)
    assert found < 0 or found <= 24 * 3_600_000_000
