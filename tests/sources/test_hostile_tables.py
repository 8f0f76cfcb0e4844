"""Tables that mean harm or were filled in by hand: refused, or every fault counted."""

import pickle
import sqlite3
import time
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.sources import agencies, table_files, workbooks
from hotspots.sources.agency_mapping import Mapping

SALT = b"s" * 32
LINES = ["Date,Easting,Northing", "03/01/2025,371051,354775"]


def read(path, mapping=None):
    mapping = mapping or agencies.preview(path)[1]
    (one,) = agencies.read_files([path], replace(mapping, source="A"), salt=SALT)
    return one


def refused(path, said):
    started = time.monotonic()
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=said) as caught:
            table_files.read_table(path)
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - started < 20
    assert "\n" not in str(caught.value)


def workbook(path, rows=(("Date", "Easting"), (datetime(2025, 1, 3), 371_051)), **more):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in more.get("sheets", ()):
        book.create_sheet(name).append(["Sum of cases", "Row labels"])
    book.save(path)
    return path


def rewritten(path, member, change):
    """The same workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member] = change(parts[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


# ---- what means harm


def test_a_zip_bomb(tmp_path):
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reports.csv", b"0" * (64 << 20))
    refused(path, "more than 200 times its size")


def test_a_zip_that_names_a_place_outside_itself(tmp_path):
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/reports.csv", "\n".join(LINES))
    refused(path, "holds no table")
    assert [each.name for each in tmp_path.iterdir()] == ["reports.zip"]


def test_a_zip_with_one_table_is_read_and_one_with_two_is_not(tmp_path):
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("reports.csv", "\n".join(LINES))
    assert read(path).report.rows == 1
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.csv", "\n".join(LINES))
    refused(path, "several tables")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply(tmp_path, encoding):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE z [<!ENTITY l0 "ha">{laughs}]>'
    path = workbook(tmp_path / "reports.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    rewritten(path, sheet, lambda xml: (bomb + xml.decode().split("?>")[-1]).encode(encoding))
    refused(path, "declares a document type")


def test_an_entity_that_reads_a_file(tmp_path):
    path = workbook(tmp_path / "reports.xlsx")
    part = '<!DOCTYPE z [<!ENTITY f SYSTEM "file:///etc/passwd">]><sst>&f;</sst>'
    rewritten(path, "xl/styles.xml", lambda _: part.encode())
    refused(path, "declares a document type")


def test_a_workbook_that_unpacks_to_a_gigabyte(tmp_path):
    path = workbook(tmp_path / "reports.xlsx")
    rewritten(path, "xl/styles.xml", lambda xml: xml + b" " * (300 << 20))
    refused(path, "unpacks to far more than a workbook does")


def test_a_workbook_whose_one_cell_is_the_last_there_can_be(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["XFD200000"] = "Date", "Place", 1
    path = tmp_path / "reports.xlsx"
    book.save(path)
    found = table_files.read_table(path)
    assert found.table.num_columns == 2


def test_a_sheet_that_lies_about_its_size(tmp_path):
    path = workbook(tmp_path / "reports.xlsx")
    lie = b'<dimension ref="A1:XFD1048576"'
    rewritten(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<dimension ref="A1:B2"', lie)
    )
    assert read(path).report.rows == 1


def test_more_cells_than_a_table_has(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_CELLS", 10)
    refused(workbook(tmp_path / "reports.xlsx", [("Date", "Place")] * 9), "more than 10 cells")


class Harm:
    def __reduce__(self):
        return (print, ("harm",))


def test_a_pickle_that_calls_itself_parquet(tmp_path, capsys):
    path = tmp_path / "reports.parquet"
    path.write_bytes(pickle.dumps(Harm()) + b"\0" * 9)
    refused(path, "is not a table; CSV, TSV, Excel")
    assert "harm" not in capsys.readouterr().out


def points(path, **more):
    gpd.GeoDataFrame(
        {"Date": ["2025-01-03 21:00", "2025-01-04 10:00"]},
        geometry=[shapely.Point(371_051, 354_775), shapely.Point(371_060, 354_780)],
        crs="EPSG:27700",
    ).to_file(path, **more)
    return path


@pytest.mark.parametrize("name", ["reports.gpkg", "reports.geojson"])
def test_points_on_a_map_are_read(tmp_path, name):
    one = read(points(tmp_path / name))
    table = pd.concat([part.table.to_pandas() for part in one.months])
    assert one.report.rows == 2
    assert table["easting"].sub(371_055).abs().max() < 10
    assert table["time_precision"].tolist() == [0, 0]


@pytest.mark.parametrize(
    "command",
    [
        "CREATE TRIGGER own AFTER INSERT ON reports BEGIN DELETE FROM reports; END",
        "CREATE VIEW own AS SELECT load_extension('harm')",
    ],
)
def test_a_geopackage_with_commands_of_its_own(tmp_path, command):
    path = points(tmp_path / "reports.gpkg")
    with sqlite3.connect(path) as database:
        database.execute(command)
    database.close()
    refused(path, "carries commands of its own")


def test_a_map_file_too_large_to_be_one(tmp_path, monkeypatch):
    monkeypatch.setattr("hotspots.sources.map_tables.MAX_BYTES", 100)
    refused(points(tmp_path / "reports.geojson"), "save it as CSV")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"<html><body>Sign in</body></html>", "is a web page"),
        (b"\xd0\xcf\x11\xe0old excel", "old or locked Excel"),
        (b"SQLite format 3\0" + b"\1" * 500, "damaged GeoPackage"),
        (b"{" * 100_000, "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "zip file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a table"),
        (b",".join([b"a"] * 600) + b"\n", "more than 500 columns"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, data, said):
    path = tmp_path / "reports.csv"
    path.write_bytes(data)
    refused(path, said)


def test_a_file_that_is_too_large_is_not_opened(tmp_path):
    path = tmp_path / "reports.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    refused(path, "larger than 1 GB")


@pytest.mark.parametrize("line", [b"\n", b"\r", b"\r\n", b"1,2,3\n"])
def test_more_lines_than_a_table_of_reports_has(tmp_path, line):
    path = tmp_path / "reports.csv"
    path.write_bytes("\n".join(LINES).encode() + line * 5_000_001)
    refused(path, "more than 5,000,000 lines, and was not read")


def test_a_quotation_mark_that_never_closes(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text("\n".join([*LINES, '"04/01/2025,1,2', *LINES[1:] * 3]))
    with pytest.raises(SourceError, match="opens a quotation mark that is never closed"):
        read(path)


@pytest.mark.parametrize("kept", [("Date",), ("Date", "Notes")])
@pytest.mark.parametrize(
    ("at", "row"),
    [
        (12, '9,05/01/2025,371051,354775,"loud'),  # takes all that follows
        (12, '9,05/01/2025,371051,354775,"loud\n10,05/01/2025,371051,354775,a "good" night'),
        (12, '9,05/01/2025,"371051,354775,loud\n10,05/01/2025,"371051",354775,loud'),
        (8, '9,05/01/2025,371051,354775,"loud\n10,"5 January, 2025",371051,354775,loud'),
    ],
)
def test_a_quotation_mark_that_takes_other_rows_into_a_cell(tmp_path, at, row, kept):
    path = tmp_path / "reports.csv"
    rows = [f"{n},0{n}/01/2025,371051,354775,loud" for n in range(1, 9)]
    before, after = rows[: at - 2], rows[at - 2 :] + rows
    path.write_text("\n".join(["No,Date,Easting,Northing,Notes", *before, row, *after]) + "\n")
    at = len(before) + 2
    with pytest.raises(SourceError, match=f"row {at}, opens a quotation mark that is never closed"):
        table_files.read_table(path, columns=kept)


def test_what_people_write_over_several_lines_stays_one_cell(tmp_path):
    path = tmp_path / "reports.csv"
    text = "Three of them.\nThen, at 9, loud, again, and calm\n\n2 left, 1 stayed"
    rows = [f'{n},0{n}/01/2025,371051,354775,"{text}"' for n in range(1, 9)]
    path.write_text("\n".join(["No,Date,Easting,Northing,Notes", *rows, "9,too few"]) + "\n")
    found = table_files.read_table(path)
    assert found.table["Notes"].to_pylist() == [text] * 8
    assert len(found.left_out) == 1


def test_a_sentence_with_a_comma_is_no_row_of_a_narrow_table(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text('Kind,Date,Notes\nNoise,03/01/2025,"Loud.\nMusic, shouting, and more"\n' * 2)
    assert table_files.read_table(path).table.num_rows == 3


@pytest.mark.parametrize(("header", "row"), [("", ",,"), (",,", "")])
def test_delimiters_at_the_ends_of_rows_or_of_the_header_alone_are_passed_over(
    tmp_path, header, row
):
    path = tmp_path / "reports.csv"
    path.write_text("\n".join([LINES[0] + header, *[LINES[1] + row] * 5]) + "\n")
    assert read(path).report.rows == 5


def test_values_beyond_the_header_are_never_passed_over(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text("\n".join([LINES[0], *["03/01/2025,High Street, Crewe,371051"] * 5]) + "\n")
    refused_rows = "5 rows: too few or too many values"
    with pytest.raises(SourceError, match=refused_rows):
        read(path)


# ---- what was filled in by hand


def filthy(path):
    """Titles, merged headers, a totals row, two ways of writing dates, formulas, a pivot."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Cases"
    sheet["A1"] = "\ufeffASB cases 2025 \U0001f6a8"
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["", "When", "", "Where", "", ""])
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:E3")
    sheet.append(["Case ref", "Date", "Time", "Easting", "Northing", "Category"])
    sheet.append(
        [
            '=HYPERLINK("http://evil.example/","C1")',
            "03/01/2025",
            "21:40",
            371_051,
            354_775,
            "Noise \U0001f50a",
        ]
    )
    sheet.append(["+C2", datetime(2025, 1, 4), "09:15", 371_061, 354_785, "=1+1"])
    sheet.append(["@C3", "05/01/2025", "late", 0, 0, "-Litter"])
    sheet.append(["C4", "06/01/2025", "22:00", 354_775, 371_051, '<script>alert("x")</script>'])
    sheet.append(["C5", "31/02/2025", "22:00", 371_051, 354_775, "Noise"])
    sheet.append(["C6", None, "22:00", 371_051, 354_775, "Noise"])
    sheet.append(["C7", "07/01/2025", "22:00", -2.43304, 53.08905, "Noise"])
    sheet.append(["C8", "08/01/2025", "22:00", 53.08905, -2.43304, "Noise"])
    sheet.append(["Total", None, None, None, None, 8])
    pivot = book.create_sheet("Pivot")
    pivot.append(["Row Labels", "Count of Case ref"])
    pivot.append(["Noise", 4])
    book.save(path)
    return path


def test_a_filthy_workbook_is_read_with_every_fault_counted(tmp_path):
    path = filthy(tmp_path / "filthy.xlsx")
    first, mapping = agencies.preview(path)
    assert mapping.columns == {
        "begins": "Date",
        "begins_time": "Time",
        "east": "Easting",
        "north": "Northing",
        "kind": "Category",
        "identifier": "Case ref",
    }
    one = read(path)
    report = one.report
    assert report.rows == 6
    assert {reason: found.rows for reason, found in report.left_out.items()} == {
        "they hold totals, not reports": 1,
        "they say no date": 1,
        "their date does not exist": 1,
    }
    assert {reason: found.rows for reason, found in report.without_place.items()} == {
        "their place is 0, 0": 1
    }
    said = " ".join(report.notes)
    for fault in (
        "2 cells of filthy.xlsx hold formulas; none was worked out",
        "3 merged cells",
        "1 other sheet of filthy.xlsx was passed over (Pivot)",
        "The header is row 4",
        "1 row has a time of day that cannot be read",
        "1 row had longitude and latitude swapped; mended",
        "2 rows in degrees",
    ):
        assert fault in said, fault
    table = pd.concat([part.table.to_pandas() for part in one.months])
    assert table["easting"].dropna().sub(371_051).abs().max() < 20_000
    assert first.crs == ""


def test_nothing_of_it_is_code_in_an_export(tmp_path):
    from hotspots.publish import formats

    one = read(filthy(tmp_path / "filthy.xlsx"))
    table = pd.concat([part.table.to_pandas() for part in one.months])
    for column in ("crime_id", "kind"):
        words = table[column].dropna().astype(str)
        assert not words.str.contains("HYPERLINK").any()
        kept = [formats.neutralise(word) for word in words]
        assert not any(word.startswith(("=", "+", "-", "@")) for word in kept)


def test_the_sheet_that_is_asked_for_is_the_one_read(tmp_path):
    path = filthy(tmp_path / "filthy.xlsx")
    assert table_files.read_table(path, sheet="Pivot").columns == (
        "Row Labels",
        "Count of Case ref",
    )
    with pytest.raises(SourceError, match="has no sheet “Other”; it has Cases, Pivot"):
        table_files.read_table(path, sheet="Other")


_PARTS = st.sampled_from(
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)


@given(_PARTS, st.integers(0, 3000), st.binary(max_size=12))
@example("xl/worksheets/sheet1.xml", 18, b"\xe1\x80\x80")  # a sheet that is none
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(tmp_path, part, at, data):
    path = workbook(tmp_path / "reports.xlsx")
    rewritten(path, part, lambda xml: xml[:at] + data + xml[at + len(data) :])
    try:
        read(path, Mapping(source="A", columns={"begins": "Date"}))
    except HotspotsError as error:
        assert_sentence(error)


@given(
    st.sampled_from(["reports.gpkg", "reports.geojson"]),
    st.integers(0, 90_000),
    st.binary(max_size=40),
)
@example("reports.gpkg", 65_530, b"\x80")  # a name that is no text
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_map_file_with_any_bytes_changed_is_read_or_refused(tmp_path, name, at, data):
    path = tmp_path / name
    if not path.with_suffix(".kept").exists():
        path.with_suffix(".kept").write_bytes(points(path).read_bytes())
    whole = path.with_suffix(".kept").read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + data + whole[at + len(data) :])
    try:
        read(path, Mapping(source="A", columns={"begins": "Date"}))
    except HotspotsError as error:
        assert_sentence(error)


def assert_sentence(error):
    assert str(error).endswith(".")
    assert "\n" not in str(error)
