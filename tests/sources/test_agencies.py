"""Partners' files: guessed, mapped, read; every fault counted, nothing believed."""

import hmac
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.sources import agencies, agency_words
from hotspots.sources.agency_guess import guess
from hotspots.sources.agency_mapping import Mapping, of_toml, to_toml
from hotspots.sources.agency_words import meant

SALT = b"s" * agency_words.SALT_BYTES
HEADER = "Ref,Date of incident,Easting,Northing,Postcode,Type,Reported by,Vulnerable,UPRN,Notes"


def read(path, mapping=None, **changed):
    mapping = mapping or agencies.preview(path)[1]
    mapping = replace(mapping, source="Crewe Council", **changed)
    (one,) = agencies.read_files([path], mapping, salt=SALT)
    return one


def check_sentence(error):
    assert str(error).endswith(".")
    assert "\n" not in str(error)


def rows(one):
    return pd.concat([part.table.to_pandas() for part in one.months], ignore_index=True)


def written(folder, *lines, name="council.csv", header=HEADER):
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_councils_file_needs_no_help(tmp_path):
    path = written(
        tmp_path,
        "C1,03/01/2025 21:40,371051,354775,CW1 2BD,Noise,Web form,Y,10001,Loud",
        "C2,04/02/2025 10:00,371060,354780,CW1 2BD,Litter,Telephone,N,10001,Bags",
    )
    one = read(path)
    assert [str(part.month) for part in one.months] == ["2025-01", "2025-02"]
    table = rows(one)
    assert table["kind"].tolist() == ["Noise", "Litter"]
    assert table["reported"].tolist() == [1, 0]
    assert table["vulnerable"].tolist() == [True, False]
    assert table["crime_id"].tolist() == ["C1", "C2"]
    assert table["repeat_key"][0] == table["repeat_key"][1]
    assert "text" not in table
    assert not one.report.left_out


def test_free_text_comes_in_only_when_asked_for(tmp_path):
    path = written(tmp_path, "C1,03/01/2025 21:40,371051,354775,,Noise,Web,Y,10001,Loud music")
    assert rows(read(path, keep_text=True))["text"].tolist() == ["Loud music"]


def test_what_tells_repeats_is_a_keyed_hash_of_one_source(tmp_path):
    path = written(tmp_path, "C1,03/01/2025,371051,354775,,Noise,Web,Y,Flat 3 Mill Lane,")
    mapping = replace(agencies.preview(path)[1], source="A")
    keys = []
    for source, salt in (
        ("A", SALT),
        ("A", b"t" * agency_words.SALT_BYTES),
        ("B", SALT),
        ("A", SALT),
    ):
        (one,) = agencies.read_files([path], replace(mapping, source=source), salt=salt)
        keys.append(rows(one)["repeat_key"][0])
    assert keys[0] == keys[3]
    assert len(set(keys)) == 3
    assert "Mill" not in "".join(keys)
    # What was imported before must go on meeting what comes: the key may never change.
    said = b"a\0flat3milllane"
    assert keys[0] == blake2b(said, key=SALT, digest_size=8).hexdigest()
    old = SALT[: agency_words.OLD_SALT_BYTES]
    (one,) = agencies.read_files([path], mapping, salt=old)
    assert rows(one)["repeat_key"][0] == hmac.digest(old, said, "sha256").hex()[:16]


def test_totals_blank_dates_and_ragged_rows_are_left_out_and_counted(tmp_path):
    path = written(
        tmp_path,
        "C1,03/01/2025,371051,354775,,Noise,Web,Y,1,",
        "C2,,371051,354775,,Noise,Web,Y,1,",
        "Total,,,,,2,,,,",
        "Grand total,45660,,,,2,,,,",
        ",8,,,,Total,,,,",
        "C3,31/02/2025,371051,354775,,Noise,Web,Y,1,",
        "",
        "C4,too,few",
        "C5,n/a,371051,354775,,Noise,Web,Y,1,",
    )
    report = read(path).report
    assert report.rows == 1
    assert {reason: found.rows for reason, found in report.left_out.items()} == {
        "they hold totals, not reports": 3,
        "they say no date": 1,
        "their date does not exist": 1,
        "their date cannot be read": 1,
        "too few or too many values": 1,
    }
    assert report.left_out["their date cannot be read"].examples == ("council.csv, row 10",)
    assert report.left_out["they say no date"].examples == ("council.csv, row 3",)


def test_numbers_that_rows_share_are_said_and_every_row_kept(tmp_path):
    path = tmp_path / "council.csv"
    numbers = ["C1", "C2", " C1 ", "C3", "C1", "C2", "", ""]
    lines = [f"{number},03/01/2025,Noise" for number in numbers]
    path.write_text("\n".join(["Ref,Date,Kind", *lines, "C3,soon,Noise"]) + "\n")
    report = read(path).report
    assert report.rows == 8
    (said,) = (note for note in report.notes if "share their number" in note)
    assert said.startswith("5 rows of council.csv")


def test_days_and_months_to_come_are_left_out_and_counted(tmp_path):
    days = ("02/03/2025", "03/03/2025 23:59", "04/03/2025", "01/2052", "03/2025", "04/2025")
    path = tmp_path / "council.csv"
    path.write_text("\n".join(["Date", *days, "03/01/2052", "31/02/2205"]) + "\n")
    mapping = Mapping(source="A", columns={"begins": "Date"})
    today = date(2025, 3, 2)
    (one,) = agencies.read_files([path], mapping, salt=b"s" * 64, today=today)
    left_out = one.report.left_out
    assert left_out["their date is still to come"].examples == (
        "council.csv, row 4", "council.csv, row 5", "council.csv, row 7", "council.csv, row 8",
    )  # fmt: skip
    assert one.report.rows == 3
    assert left_out["their date does not exist"].rows == 1


def test_a_partners_own_words_can_be_said_to_mean_ours(tmp_path):
    path = written(tmp_path, "C1,03/01/2025,371051,354775,,Noise,Hub,Y,1,")
    found = read(path)
    assert any("“Hub”" in note for note in found.report.notes)
    said = read(path, words={"reported": {"Hub": "public"}})
    assert rows(said)["reported"].tolist() == [0]


def test_only_the_kinds_that_are_asb_count_as_such(tmp_path):
    path = written(
        tmp_path,
        "C1,03/01/2025,371051,354775,,Noise,Web,Y,1,",
        "C2,03/01/2025,371051,354775,,Pothole,Web,Y,1,",
    )
    one = read(path, asb=("noise",))
    assert rows(one)["category"].tolist() == ["Anti-social behaviour", "Pothole"]
    assert one.report.asb == 1


def test_a_header_below_titles_semicolons_and_a_mark_of_order(tmp_path):
    path = tmp_path / "council.csv"
    path.write_bytes(
        "\ufeffReports of 2025;;\n;;\nDate;Easting;Northing\n03/01/2025;371051;354775\n".encode()
    )
    one = read(path)
    assert one.report.rows == 1
    assert "The header is row 3" in one.report.notes[0]


def test_american_dates_are_seen(tmp_path):
    path = written(tmp_path, "01/25/2025,-73.9,40.7", header="date,longitude,latitude")
    assert not agencies.preview(path)[1].day_first


@pytest.mark.parametrize(
    ("header", "role", "column"),
    [
        ("Incident Date From,Incident Date To,X,Y", "ends", "Incident Date To"),
        ("date_single,date_start,date_end,longitude,latitude", "begins", "date_start"),
        ("Logged date,Time,Location,Category", "begins_time", "Time"),
        ("Case Ref,Created Date,Post Code,Complaint Type", "kind", "Complaint Type"),
        ("id,when,lat,lng,what happened", "north", "lat"),
        ("URN,Date Reported,Method of contact", "begins", "Date Reported"),
        ("Incident Number,CommittedFrom,CommittedTo", "ends", "CommittedTo"),
        ("Ref. No.,Date", "identifier", "Ref. No."),
        ("House number,STORM log number,Date", "identifier", "STORM log number"),
    ],
)
def test_columns_are_guessed_from_their_names(header, role, column):
    assert guess(header.split(","))[role] == column


def test_a_column_named_like_a_date_is_one_only_if_dates_stand_in_it():
    rows = {
        "Incident": ["INC-0042", "INC-0043"],
        "Opened": ["04/25/2025 21:10", "soon", "3 May 2025"],
    }
    found = guess(list(rows), rows)
    assert (found["begins"], found["identifier"]) == ("Opened", "Incident")


@pytest.mark.parametrize(
    ("column", "word", "ours"),
    [
        ("qualifier", "ASB - Personal", "personal"),
        ("qualifier", "Environmental ASB", "environmental"),
        ("qualifier", "NUISANCE", "nuisance"),
        ("qualifier", "Rowdy", None),
        ("reported", "Member of public", "public"),
        ("reported", "101 call", "public"),
        ("reported", "Single Online Home", "online"),
        ("reported", "Officer generated", "officer"),
        ("reported", "CCTV", "sensor"),
        ("reported", "appointment", None),
    ],
)
def test_words_are_understood_whole(column, word, ours):
    assert meant(column, word) == ours


def test_a_mapping_is_a_small_file_that_comes_back():
    mapping = Mapping(
        source='Cheshire "East" = council',
        columns={"begins": "Date\u007f [1]", "kind": "Type \\ of"},
        asb=("Noise", "Litter"),
        words={"reported": {"Hub": "public"}},
        keep_text=True,
    )
    assert of_toml(to_toml(mapping), "mine.toml") == mapping


def test_a_mapping_of_thousands_of_words_comes_back_and_one_too_long_is_never_kept():
    many = {f"Code {n} of the council": "personal" for n in range(4_000)}
    mapping = Mapping(source="A", columns={"begins": "When"}, words={"qualifier": many})
    assert of_toml(to_toml(mapping), "a.toml") == mapping
    with pytest.raises(SourceError, match="too many words to be kept"):
        to_toml(replace(mapping, asb=tuple(f"{n}{'x' * 200}" for n in range(6_000))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source = 1", "not of the right kind"),
        ("nonsense", "is not a mapping"),
        ('source = "A"\nrm = "x"', "which no mapping has"),
        ('source = "A"', "which column holds the date"),
        ('source = "police.uk"\n[columns]\nbegins = "D"', "choose another"),
        ('source = "A"\n[columns]\nbegins = "D"\neast = "E"', "two columns"),
        ('source = "A"\n[columns]\nbegins = "D"\nkind = "D"', "named twice"),
        ('source = "A"\n[columns]\nbegins = "D"\n[words.reported]\nx = "y"', "is no reported"),
        ('source = "../.."\n[columns]\nbegins = "D"', "Name the source"),
        ('source = "A"\ncrs = "mars"\n[columns]\nbegins = "D"', "coordinate system"),
        ("a = " + "[" * 5000, "is not a mapping"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(text, said):
    with pytest.raises(SourceError, match=said):
        of_toml(text, "mine.toml")


def test_a_column_that_is_gone_is_named(tmp_path):
    path = written(tmp_path, "C1,03/01/2025,371051,354775,,Noise,Web,Y,1,")
    with pytest.raises(SourceError, match=r"has no column “When”.*Correct the mapping"):
        read(path, Mapping(source="A", columns={"begins": "When"}))


def test_a_file_of_which_no_row_can_be_used_is_refused(tmp_path):
    path = written(tmp_path, "C1,soon,371051,354775,,Noise,Web,Y,1,")
    with pytest.raises(SourceError, match=r"No row .* can be used .*1 row: their date cannot"):
        read(path, Mapping(source="A", columns={"begins": "Date of incident"}))


@given(st.binary(max_size=400), st.sampled_from([b"", b"Date,Easting,Northing\n", b"PK\x03\x04"]))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path, data, start):
    path = tmp_path / "file.csv"
    path.write_bytes(start + data)
    try:
        _, mapping = agencies.preview(path)
        columns = mapping.columns or {"begins": "Date"}
        read(path, replace(mapping, columns=columns))
    except HotspotsError as error:
        check_sentence(error)


_CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.lists(_CELL, min_size=5, max_size=5), min_size=1, max_size=12))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_is_kept_or_counted_once(tmp_path, cells):
    table = pd.DataFrame(cells, columns=["Date", "Easting", "Northing", "Reported by", "UPRN"])
    path = tmp_path / "file.csv"
    table.to_csv(path, index=False)
    mapping = Mapping(
        source="A",
        columns={
            "begins": "Date",
            "east": "Easting",
            "north": "Northing",
            "reported": "Reported by",
            "repeat": "UPRN",
        },
    )
    try:
        one = read(path, mapping)
    except HotspotsError as error:
        check_sentence(error)
        return
    lost = sum(found.rows for found in one.report.left_out.values())
    blank = (table.map(str.strip) == "").all(axis=1).sum()
    assert len(cells) - blank <= one.report.rows + lost <= len(cells)
