from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pandas as pd
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry


def run(*arguments, code=0):
    done = CliRunner().invoke(app, ["return", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_return_of_a_month_is_written_with_its_rows(tmp_path):
    at = datetime(2025, 12, 3, 18, tzinfo=UTC)
    told = Entry(
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
    visits.log(open_records(tmp_path), [Entry(**{**vars(told), "study_area": area})], by="x")
    out = tmp_path / "return.xlsx"
    said = run("2025-12", out, "--data", tmp_path)
    assert said == "December 2025: 1 patrol, 1.0 officer-hours, in return.xlsx.\n"
    book = openpyxl.load_workbook(BytesIO(out.read_bytes()))
    last = [cell.value for cell in list(book["Return"].rows)[-1]]
    assert last[:4] == ["total", "Total", 1, 1]
    assert last[4] > 0
    assert book["Visits"].max_row == 2


def test_visits_of_a_file_are_logged_once_and_all_or_none(tmp_path):
    from hotspots.commands.returning import patrol_areas

    key = patrol_areas(tmp_path, None, 20)[3]["key"].iloc[0]
    file = tmp_path / "visits.csv"
    lines = ["area,from,minutes,officers,unit,seen"]
    lines += [f"{key},2025-12-0{day} 18:00,15,2,CR1,=1+1" for day in (1, 2)]
    file.write_text("\n".join(lines))

    def log(*more, code=0):
        done = CliRunner().invoke(app, ["visits", str(file), "--data", str(tmp_path), *more])
        assert done.exit_code == code, done.output
        return done.output

    looked = log("--look")
    assert looked.count(key) == 2
    assert not (tmp_path / "records").exists()
    assert log() == "2 visits logged.\n"
    held = visits.visits(open_records(tmp_path))
    assert held["officers"].tolist() == [2, 2]
    assert set(held["source"]) == {"csv"}
    assert "were logged before" in log()
    assert len(visits.visits(open_records(tmp_path))) == 2
    file.write_text("\n".join([*lines, "SJ99999999,2025-12-03 18:00,15,2,CR1,"]))
    assert "not among the patrol areas" in log(code=1)
    assert len(visits.visits(open_records(tmp_path))) == 2
    file.unlink()
    assert "cannot be read" in log(code=1)


def test_positions_of_radios_are_logged_as_visits_once(tmp_path):
    from hotspots.commands.returning import patrol_areas

    areas = patrol_areas(tmp_path, None, 20)[3]
    centre = areas.geometry.iloc[0].representative_point()
    rows = [
        f"R1,{pd.Timestamp('2025-12-01 18:00', tz='UTC') + pd.Timedelta(s, 's')},"
        f"{centre.x:.0f},{centre.y:.0f}"
        for s in range(0, 721, 30)
    ]
    file = tmp_path / "positions.csv"
    file.write_text("\n".join(["unit,time,easting,northing", *rows]))

    def log(*more):
        asked = ["visits", str(file), "--positions", "--officers", "2", "--data", str(tmp_path)]
        done = CliRunner().invoke(app, [*asked, *more])
        assert done.exit_code == 0, done.output
        return done.output

    assert "1 unit followed for 12 minutes" in log("--look")
    assert not (tmp_path / "records").exists()
    assert "1 visit logged." in log()
    assert "logged before" in log()
    (row,) = visits.visits(open_records(tmp_path)).to_dict("records")
    assert (row["area"], row["source"], row["officers"]) == (areas["key"].iloc[0], "pings", 2)
    assert row["ended"] - row["started"] == timedelta(minutes=12)


def test_another_ending_or_month_is_said(tmp_path):
    assert "ending in .xlsx or .csv" in run(
        "2025-12", tmp_path / "a.txt", "--data", tmp_path, code=1
    )
    run("December", tmp_path / "a.csv", "--data", tmp_path, code=1)
    run("2030-01", tmp_path / "a.csv", "--data", tmp_path)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("Area,Name")
