from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import visits
from hotspots.action.records import open_records


def run(*arguments, code=0):
    done = CliRunner().invoke(app, ["return", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_return_of_a_month_is_written_with_its_rows(tmp_path):
    at = datetime(2025, 12, 3, 18, tzinfo=UTC)
    told = visits.Entry(
        area="SJ1",
        area_name="=1+1",
        study_area="all",
        started=at,
        ended=at + timedelta(minutes=30),
        officers=2,
        arrests=1,
    )
    # The sample's first study area is what the command asks about.
    from hotspots.library import Library
    from hotspots.selection import Selection
    from hotspots.study import open_dataset

    area = Selection.default(open_dataset(Library(tmp_path)).choices).area
    visits.log(open_records(tmp_path), [visits.Entry(**{**vars(told), "study_area": area})], by="x")
    out = tmp_path / "return.xlsx"
    said = run("2025-12", out, "--data", tmp_path)
    assert said == "December 2025: 1 patrol, 1.0 officer-hours, in return.xlsx.\n"
    book = openpyxl.load_workbook(BytesIO(out.read_bytes()))
    last = [cell.value for cell in list(book["Return"].rows)[-1]]
    assert last[:4] == ["total", "Total", 1, 1]
    assert last[4] > 0
    assert book["Visits"].max_row == 2


def test_another_ending_or_month_is_said(tmp_path):
    assert "ending in .xlsx or .csv" in run(
        "2025-12", tmp_path / "a.txt", "--data", tmp_path, code=1
    )
    run("December", tmp_path / "a.csv", "--data", tmp_path, code=1)
    run("2030-01", tmp_path / "a.csv", "--data", tmp_path)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("Area,Name")
