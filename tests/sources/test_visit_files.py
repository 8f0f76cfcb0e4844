import pandas as pd
import pytest

from hotspots.errors import SourceError
from hotspots.sources.visit_files import VISITS_TEMPLATE, read_pings, read_visits

PLAIN = (
    "Area,From,To,Officers,Mode,Seen,Arrests,CPW\r\n"
    "SJ40506632,02/06/2025 18:00,02/06/2025 18:15,2,On foot,“youths”,1,\r\n"
    "SJ40506632,02/06/2025 18:00,02/06/2025 18:15,2,On foot,“youths”,1,\r\n"
    "\r\n"
    "SJ41006600,2025-12-02T18:00:00Z,2025-12-02 18:15,,car,=1+1,0,3\r\n"
)


def test_visits_are_read_as_people_write_them():
    visits = read_visits(PLAIN.encode("utf-8-sig"), "visits.csv")
    assert visits["area"].tolist() == ["SJ40506632"] * 2 + ["SJ41006600"]
    first, _, last = visits.to_dict("records")
    assert first["started"] == pd.Timestamp("2025-06-02 17:00", tz="UTC")  # summer time
    assert (last["started"].hour, last["officers"], last["mode"]) == (18, 1, "car")
    assert (first["arrests"], first["cpw"], last["cpw"]) == (1, 0, 3)
    assert last["seen"] == "=1+1"
    assert visits["dispersals"].tolist() == [0, 0, 0]


def test_lines_alike_are_separate_and_the_same_file_twice_is_the_same():
    once, again = (read_visits(PLAIN.encode(), name) for name in ("a.csv", "b.csv"))
    assert once.index.is_unique
    assert once.index.equals(again.index)


def test_minutes_stand_for_an_end_and_old_encodings_are_read():
    text = "area,start,minutes,done\nA,2025-06-02 18:00,12.5,caf\xe9\n"
    (row,) = read_visits(text.encode("cp1252"), "x.csv").to_dict("records")
    assert (row["ended"] - row["started"]).total_seconds() == 750
    assert row["done"] == "café"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a CSV file"),
        ("\x00\x01\x02", "no column"),
        ("area,to\nA,2025-06-02\n", "there is no column “started”"),
        ("area,from\nA,2025-06-02\n", "“to” or “minutes” is missing"),
        ("area,from,to\nA,yesterday,2025-06-02 18:00\n", "line 2: “yesterday” under “from”"),
        ("area,from,to\nA,2025-06-02 18:00,\n", "line 2: “” under “to”"),
        ("area,from,to\n,2025-06-02 18:00,2025-06-02 18:15\n", "line 2 names no area"),
        ("area,from,minutes\nA,2025-06-02 18:00,inf\n", "“inf” under “minutes”"),
        ("area,from,minutes,arrests\nA,2025-06-02 18:00,15,1.5\n", "whole numbers"),
        ("area,from,minutes\n" + "A,never,15\n" * 9, "and 4 more. Nothing was used"),
        ("a,b\n1,2,3,4\n", "no column"),
        ("area,from,minutes\nA,2025-06-02 18:00-1,15\n", "“2025-06-02 18:00-1” under “from”"),
        (
            "area,from,minutes\nA,2025-06-02 18:00-1,15\nA,2025-06-02 18:00+2,15\n",
            "line 3: “2025-06-02 18:00+2”",
        ),
        ('area,from,minutes\nA,"x\ny",15\n', "line 2: “x y” under “from” cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text, said):
    with pytest.raises(SourceError) as caught:
        read_visits(text.encode(), "visits.csv")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_template_reads_as_a_file_of_nothing():
    assert read_visits(VISITS_TEMPLATE.encode(), "template.csv").empty


def test_positions_are_read_on_either_grid():
    degrees = "Device,Timestamp,Lat,Lon,Accuracy\nR1,2025-06-02T17:00:00Z,53.1907,-2.8914,5\n"
    metres = (
        "unit,time,easting,northing\nR1,2025-06-02 18:00,340505,366325\nR1,2025-06-02 18:01,,\n"
    )
    one, other = read_pings(degrees.encode(), "a.csv"), read_pings(metres.encode(), "b.csv")
    assert len(other) == 1
    assert one["at"][0] == other["at"][0]
    assert abs(one["easting"][0] - other["easting"][0]) < 50  # four decimals of a degree
    assert abs(one["northing"][0] - other["northing"][0]) < 50  # four decimals of a degree
    assert (one["accuracy_m"][0], other["accuracy_m"].isna().all()) == (5, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,time\nR1,2025-06-02 18:00\n", "positions are missing"),
        ("unit,time,lat,lon\nR1,2025-06-02 18:00,-2.9,53.2\n", "line 2 lies outside"),
        ("unit,time,lat,lon\nR1,now-ish,53.2,-2.9\n", "“now-ish” under “time”"),
        ("time,lat,lon\n2025-06-02 18:00,53.2,-2.9\n", "no column “unit”"),
    ],
)
def test_positions_that_cannot_be_are_refused(text, said):
    with pytest.raises(SourceError, match=said):
        read_pings(text.encode(), "pings.csv")
