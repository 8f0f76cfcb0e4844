import gzip
import zipfile
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.sources import police_uk, unpacking
from hotspots.tables import incidents as contract
from tests.sources.written import (
    ASB,
    FORCE,
    HEADER,
    month_csv,
    row,
    save,
    street_csv,
    zipped,
)

NAME = "2025-01-cheshire-street.csv"


def refused(path):
    with pytest.raises(SourceError) as caught:
        police_uk.read(path)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


# ---- what people have


def test_a_csv_becomes_incidents_on_the_grid(tmp_path):
    incidents, report = police_uk.read(save(tmp_path, street_csv(row(), row(kind="Burglary"))))
    assert list(incidents.columns) == list(contract.COLUMNS)
    assert list(incidents["category"]) == [ASB, "Burglary"]
    assert list(incidents["street"]) == ["Dane Hill Close"] * 2
    assert incidents.geometry.x.to_list() == [397764.03] * 2
    assert incidents.geometry.y.to_list() == [384356.98] * 2
    assert (report.files, report.rows, report.asb) == ((NAME,), 2, 1)
    assert report.sentences() == []


@pytest.mark.parametrize(
    "pack",
    [
        save,
        lambda folder, data: save(folder, data, NAME + ".gz"),
        lambda folder, data: zipped(folder, {f"2025-01/{NAME}": data}),
        lambda folder, data: zipped(folder, {f"{NAME}.gz": gzip.compress(data)}),
        lambda folder, data: save(folder, data, f"2025-01/{NAME}").parent.parent,
        lambda folder, data: save(folder, data, f"a/b/{NAME}.gz").parent.parent.parent,
        lambda folder, data: zipped(folder, {NAME: data}).parent,
        lambda folder, data: save(folder, b"\xef\xbb\xbf" + data),
        lambda folder, data: save(folder, data.replace(b"\n", b"\r\n")),
        lambda folder, data: save(folder, data.replace(b"\n", b"\r")),
        lambda folder, data: save(folder, data.decode().encode("utf-16")),
        lambda folder, data: save(folder, data.replace(b",", b";")),
        lambda folder, data: save(folder, data.replace(b",", b"\t")),
        lambda folder, data: save(folder, data.rstrip(b"\n")),
        lambda folder, data: save(folder, data, "renamed by hand.csv"),
        lambda folder, data: save(folder, data.replace(b"Crime ID", b'"Crime ID"')),
        lambda folder, data: save(folder, data + b"\n\n"),
    ],
)
def test_however_it_is_packed_the_rows_are_the_same(tmp_path, pack):
    data = month_csv(rows=6)
    plain, _ = police_uk.read(save(tmp_path / "plain", data))
    (tmp_path / "packed").mkdir()
    again, report = police_uk.read(pack(tmp_path / "packed", data))
    pd.testing.assert_frame_equal(plain, again)
    assert report.rows == 6
    assert report.asb == 3


def test_identical_rows_are_separate_incidents(tmp_path):
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*[row()] * 7)))
    assert len(incidents) == 7


def test_rows_keep_their_order_within_force_and_month(tmp_path):
    streets = ["C", "A", "B", "D"]
    months = ["2025-02", "2025-01", "2025-02", "2025-01"]
    rows = [row(street=s, month=m) for s, m in zip(streets, months, strict=True)]
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert list(incidents["street"]) == ["A", "D", "C", "B"]
    assert incidents["month"].astype(str).to_list() == ["2025-01"] * 2 + ["2025-02"] * 2


def test_the_row_names_the_force_and_the_month_not_the_file(tmp_path):
    rows = [row(force="Gwent Police", month="2024-12"), row()]
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert list(incidents["force"]) == [FORCE, "Gwent Police"]


def test_several_forces_at_once(tmp_path):
    paths = [
        save(tmp_path, month_csv(force=force), f"2025-01-{n}-street.csv")
        for n, force in enumerate(["Gwent Police", FORCE])
    ]
    incidents, report = police_uk.read_many(paths)
    assert incidents["force"].value_counts().to_dict() == {FORCE: 5, "Gwent Police": 5}
    assert report.rows == 10


def test_other_files_of_the_archive_are_passed_over_and_said(tmp_path):
    members = {
        f"2025-01/{NAME}": month_csv(),
        "2025-01/2025-01-cheshire-outcomes.csv": b"x",
        "2025-01/2025-01-cheshire-stop-and-search.csv": b"x",
        "readme.txt": b"x",
    }
    for path in (zipped(tmp_path, members), unpacked(tmp_path / "tree", members)):
        incidents, report = police_uk.read(path)
        assert len(incidents) == 5
        assert len(report.notes) == 3
        assert any("outcomes" in note for note in report.notes)


def unpacked(folder, members):
    for member, data in members.items():
        save(folder, data, member)
    return folder


def test_an_outcomes_file_named_by_itself_is_refused(tmp_path):
    said = refused(save(tmp_path, b"a,b\n1,2\n", "2025-01-cheshire-outcomes.csv"))
    assert "outcomes" in said


def test_sentences_name_files_and_not_the_folders_of_a_server(tmp_path):
    assert refused(save(tmp_path, b"")).startswith(NAME)
    (tmp_path / "x").mkdir()
    assert refused(zipped(tmp_path / "x", {"a/" + NAME: b""})).startswith(NAME)
    assert refused(save(tmp_path, b"PK", "a.zip")).startswith("a.zip")


def test_the_same_file_twice_is_read_once(tmp_path):
    data = month_csv()
    both = [save(tmp_path, data), zipped(tmp_path, {f"2025-01/{NAME}": data})]
    incidents, report = police_uk.read_many(both)
    assert len(incidents) == 5
    assert "the same file twice; it was read once" in report.notes[0]


def test_a_month_in_parts_is_joined(tmp_path):
    paths = [
        save(tmp_path, month_csv(rows=4), "part-1-street.csv"),
        save(tmp_path, month_csv(rows=4, start=10), "part-2-street.csv"),
    ]
    incidents, _ = police_uk.read_many(paths)
    again, _ = police_uk.read_many(paths[::-1])
    assert len(incidents) == 8
    pd.testing.assert_frame_equal(incidents, again)


def test_two_editions_of_a_month_are_refused(tmp_path):
    paths = [
        save(tmp_path, month_csv(rows=20), "old/" + NAME),
        save(tmp_path, month_csv(rows=21), "new/" + NAME),
        save(tmp_path, month_csv(rows=22), "edited-street.csv"),
    ]
    for pair in ([paths[0], paths[1]], [paths[0], paths[2]]):
        with pytest.raises(SourceError, match="import only the one to be kept"):
            police_uk.read_many(pair)


# ---- rows without a place


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        ("", "", "no coordinates are published"),
        ("0", "0", "0, 0"),
        ("0.0", "0.000000", "0, 0"),
        ("", "53.3", "missing"),
        ("-2.0", "", "missing"),
        ("west", "north", "not numbers"),
        ("nan", "53.3", "not numbers"),
        ("inf", "53.3", "not numbers"),
        ("53.356089", "-2.035057", "swapped"),
        ("-87.6", "41.8", "outside Great Britain"),
        ("2.35", "48.85", "outside Great Britain"),
        ("1.85", "50.95", "outside Great Britain"),
        ("-6.26", "53.35", "outside Great Britain"),
        ("397764", "384356", "outside Great Britain"),
    ],
)
def test_a_row_that_cannot_be_placed_is_kept_and_counted(tmp_path, lon, lat, reason):
    incidents, report = police_uk.read(
        save(tmp_path, street_csv(row(), row(lon=lon, lat=lat), row(1)))
    )
    assert len(incidents) == 3
    assert incidents.geometry.isna().to_list() == [False, True, False]
    ((said, found),) = report.without_place.items()
    assert reason in said
    assert (found.rows, found.examples) == (1, (f"{NAME}, row 3",))
    assert not report.left_out


def test_a_file_whose_axes_are_swapped_is_put_right_and_said(tmp_path):
    rows = [row(lon="53.356089", lat="-2.035057")] * 3 + [
        row(lon="", lat=""),
        row(lon="0", lat="0"),
    ]
    incidents, report = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert incidents.geometry.x.head(3).to_list() == [397764.03] * 3
    assert incidents.geometry.isna().sum() == 2
    assert "swapped" in report.notes[0]
    assert len(report.without_place) == 2


def test_northern_ireland_is_kept_without_a_place(tmp_path):
    force = "Police Service of Northern Ireland"
    rows = [row(force=force, lon="-5.93", lat="54.6")] * 4
    incidents, report = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert incidents.geometry.isna().all()
    assert "Northern Ireland" in next(iter(report.without_place))


def test_no_location_has_no_street(tmp_path):
    rows = [
        row(lon="", lat="", street="No Location"),
        row(street="On or near "),
        row(street="Mill"),
    ]
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert incidents["street"].isna().to_list() == [True, True, False]


def test_a_month_without_any_place_is_kept(tmp_path):
    incidents, _ = police_uk.read(save(tmp_path, street_csv(row(lon="", lat=""))))
    assert len(incidents) == 1


# ---- rows left out


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(month="Jan-25"), "month is not written"),
        (row(month="2025-13"), "month is not written"),
        (row(month="2025-1"), "month is not written"),
        (row(month=""), "month is not written"),
        (row(force=""), "name no force"),
        (row(force="../.."), "name no force"),
        (row(force="x" * 101), "name no force"),
        (row(kind=""), "name no crime type"),
        ("1,2,3", "too few or too many values"),
        (row() + ",", "too few or too many values"),
    ],
)
def test_a_row_of_no_use_is_left_out_and_said(tmp_path, bad, reason):
    incidents, report = police_uk.read(save(tmp_path, street_csv(row(), row(1), bad, row(2))))
    assert len(incidents) == 3
    ((said, found),) = report.left_out.items()
    assert reason in said
    assert (found.rows, found.examples) == (1, (f"{NAME}, row 4",))
    assert report.sentences()[0].startswith("Left out 1 row: ")


def test_rows_after_a_ragged_one_keep_their_numbers(tmp_path):
    rows = [row(), "1,2", "", row(month="May")]
    _, report = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert report.left_out["their month is not written as 2025-03"].examples == (f"{NAME}, row 5",)
    assert report.rows == 1


def test_reported_by_stands_in_for_a_missing_falls_within(tmp_path):
    line = row().replace(f"{FORCE},{FORCE}", f"{FORCE},")
    incidents, _ = police_uk.read(save(tmp_path, street_csv(line)))
    assert list(incidents["force"]) == [FORCE]


def test_commas_and_line_ends_inside_quotation_marks(tmp_path):
    rows = [row(street='"On or near A, B"'), row(street='"On or near\nC"'), row(street="D")]
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*rows)))
    assert list(incidents["street"]) == ["A, B", "C", "D"]


def test_latin_1_is_read_and_said(tmp_path):
    data = street_csv(row(street="On or near Café")).decode().encode("cp1252")
    incidents, report = police_uk.read(save(tmp_path, data))
    assert list(incidents["street"]) == ["Café"]
    assert "Latin-1" in report.notes[0]


def test_old_files_without_identifiers(tmp_path):
    header = HEADER.removeprefix("Crime ID,").replace(",Last outcome category", "")
    line = f"2011-05,{FORCE},{FORCE},-2.035057,53.356089,On or near X,E01,Y,{ASB},"
    incidents, _ = police_uk.read(save(tmp_path, street_csv(line, header=header)))
    assert len(incidents) == 1


# ---- files that are refused


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (street_csv(), "holds a header and no row"),
        (HEADER.encode(), "holds a header and no row"),
        (b"a,b,c\n1,2,3\n", "has no column “Month”"),
        (street_csv(row()).replace(b"Longitude", b"Easting"), "has no column “Longitude”"),
        (street_csv(row()).replace(b"Location", b"Month"), "has two columns “Month”"),
        (street_csv(row(month="Jan-25")), "month is not written as 2025-03"),
        (street_csv(*[row(lon="-87.6", lat="41.8")] * 3), "lies in Great Britain"),
        (street_csv(*[row(lon="0", lat="0")] * 3), "lies in Great Britain"),
        (street_csv(row(lon="west", lat="north")), "lies in Great Britain"),
        (street_csv("1,2,3"), "too few or too many values"),
        (
            street_csv(row(), row(crime_id="9f3ca2") + '"', *[row(n) for n in range(3)]),
            "row 3, opens a quotation mark",
        ),
        (street_csv(row(), row(street='"On or near'), row()), "quotation mark"),
        (b"PK\x03\x04 but not for long", "is not a zip file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not text"),
        (b"<!doctype html><title>Sorry</title>", "is a web page"),
        (b"\x81\x8d" + street_csv(row()), "neither UTF-8 nor Latin-1"),
        (b"\xff\xfe\x00", "is not text"),
        (street_csv(*[row(force=f"Force {n}") for n in range(99)]), "names 99 forces"),
        (b"x" * 20_000, "has no header"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path, data, said):
    assert said in refused(save(tmp_path, data))


def test_truncated_gzip(tmp_path):
    packed = gzip.compress(month_csv(rows=500))
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(packed[: len(packed) // 2])
    assert "ends too early" in refused(path)
    path.write_bytes(packed[:20] + b"\0" * 20 + packed[40:])
    assert "damaged" in refused(path)


def test_truncated_and_damaged_zip(tmp_path):
    path = zipped(tmp_path, {NAME: month_csv(rows=500)})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "not a zip file" in refused(path)
    path.write_bytes(whole[:200] + b"\0" * 50 + whole[250:])
    assert "damaged" in refused(path)


def test_a_zip_without_street_files(tmp_path):
    assert "no street file" in refused(zipped(tmp_path, {"a.txt": b"x"}))
    assert "no street file" in refused(zipped(tmp_path, {}))


def test_a_workbook_is_named_as_one(tmp_path):
    assert "Excel workbook" in refused(zipped(tmp_path, {"[Content_Types].xml": b"x"}, "a.xlsx"))


def test_a_path_that_does_not_exist(tmp_path):
    assert "There is no file or folder" in refused(tmp_path / "nowhere.csv")
    assert "no street file" in refused(tmp_path)


def test_a_device_is_not_a_file():
    assert "is not a file" in refused("/dev/zero")


def test_names_that_leave_their_folder_are_never_written(tmp_path):
    members = {f"../../{NAME}": month_csv(), f"/etc/{NAME}": month_csv(), f"ok/{NAME}": month_csv()}
    path = zipped(tmp_path / ".", members)
    before = sorted(tmp_path.rglob("*"))
    incidents, report = police_uk.read(path)
    assert len(incidents) == 5
    assert "2 files passed over: it names a place outside its folder." in report.notes
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["bomb.zip", f"{NAME}.gz"])
def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch, name):
    data = HEADER.encode() + b"\n" + b"0" * (32 << 20)
    make = zipped(tmp_path, {NAME: data}) if name == "bomb.zip" else save(tmp_path, data, name)
    assert "times its size" in refused(make)
    monkeypatch.setattr(unpacking, "MAX_FILE_BYTES", 1 << 20)
    assert "unpacks to more than 1 GB" in refused(make)


def test_a_zip_that_claims_to_be_small_is_bounded_all_the_same(tmp_path, monkeypatch):
    path = zipped(tmp_path, {NAME: month_csv(rows=9000)})
    data = bytearray(path.read_bytes())
    size = len(month_csv(rows=9000)).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(size, (1000).to_bytes(4, "little")))
    assert "damaged" in refused(path)


def test_too_many_members_and_too_much_in_all(tmp_path, monkeypatch):
    path = zipped(tmp_path, {NAME: month_csv(), "b": b"x" * 100})
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 1)
    assert "holds 2 files" in refused(path)
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 10)
    monkeypatch.setattr(unpacking, "MAX_TOTAL_BYTES", 100)
    assert "would unpack" in refused(path)


def test_a_locked_zip(tmp_path):
    path = zipped(tmp_path, {NAME: month_csv()})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        directory = archive.start_dir
    data[6] |= 1
    data[directory + 8] |= 1
    path.write_bytes(bytes(data))
    assert "password" in refused(path)


def test_a_header_without_rows_among_others_is_said(tmp_path):
    paths = [save(tmp_path, month_csv()), save(tmp_path, street_csv(), "2025-02-x-street.csv")]
    incidents, report = police_uk.read_many(paths)
    assert len(incidents) == 5
    assert "2025-02-x-street.csv holds a header and no row." in report.notes


# ---- anything at all


PIECES = [
    ",", ";", '"', "\n", "\r", "\r\n", "\0", "\t", "0", "-2.03", "53.35", "1e999", "nan", "2025-01",
    "2025-99", FORCE, ASB, "On or near ", "é", "\ufeff", "🐌", "<", " ", "x" * 200,
]  # fmt: skip


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(0, 40), st.sampled_from(PIECES)), max_size=8
    ),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
@example([(0, 0, "\n")], "utf-8")
def test_no_text_breaks_the_reader(tmp_path, edits, encoding):
    text = street_csv(row(), row(1, kind="Burglary"), row(2)).decode()
    for place, gone, new in edits:
        text = text[:place] + new + text[place + gone :]
    path = save(tmp_path, text.encode(encoding, errors="replace"))
    with suppress(HotspotsError):
        incidents, report = police_uk.read(path)
        assert len(incidents) == report.rows
        contract.validate(incidents)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=400), name=st.sampled_from([NAME, f"{NAME}.gz", "x.zip"]))
def test_no_bytes_break_the_reader(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(HotspotsError):
        police_uk.read(path)


def test_distinct_places_are_converted_as_each_row_would_be(tmp_path):
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.uniform(-3, -2, 50), rng.uniform(53, 54, 50)]).round(6)
    rows = [row(lon=f"{x:.6f}", lat=f"{y:.6f}") for x, y in points]
    incidents, _ = police_uk.read(save(tmp_path, street_csv(*rows, *rows)))
    from hotspots.sources.grid import to_grid

    easting, northing = to_grid(points[:, 0], points[:, 1])
    assert (incidents.geometry.x.to_numpy() == np.tile(easting, 2)).all()
    assert (incidents.geometry.y.to_numpy() == np.tile(northing, 2)).all()
