import gzip
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

import hotspots
from hotspots.__main__ import app
from hotspots.library import Library, atomic
from hotspots.study import open_dataset
from tests.sources.written import (
    HEADER,
    bowtie,
    geojson,
    month_csv,
    row,
    save,
    squares,
    state_of,
    street_csv,
    zipped,
)

PROJECT = Path(__file__).parent.parent
STREET = "2025-01-cheshire-street.csv"


@pytest.fixture
def data(tmp_path):
    """A library that holds January, wards of 2025 and their residents."""
    folder = tmp_path / "data"
    run("import", save(tmp_path / "first", month_csv()), data=folder)
    run("wards", geojson(tmp_path / "first", squares()), data=folder)
    people = save(tmp_path / "first", b"ward_code,residents\nE05000001,100\n", "people.csv")
    run("population", people, data=folder)
    return folder


def run(*words, data):
    done = CliRunner().invoke(app, [*map(str, words), "--data", str(data)])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def refused(*words, data):
    """The one sentence of an error, the library being what it was."""
    before = state_of(data)
    done = CliRunner().invoke(app, [*map(str, words), "--data", str(data)])
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert state_of(data) == before
    (sentence,) = done.stderr.splitlines()
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    return sentence


# ---- what goes well


def test_an_import_says_what_it_read_and_what_it_left_out(tmp_path):
    rows = [row(), row(lon="0", lat="0"), row(month="May"), row(kind="Burglary")]
    said = run("import", save(tmp_path, street_csv(*rows)), data=tmp_path / "data")
    assert said == [
        "Read 1 file: 3 rows, 2 of them ASB.",
        "Cheshire Constabulary: 1 month added (January 2025).",
        f"Left out 1 row: their month is not written as 2025-03 (for example {STREET}, row 4).",
        f"Kept without a place 1 row: their coordinates are 0, 0 (for example {STREET}, row 3).",
    ]


def test_wards_and_population_say_what_they_read(tmp_path):
    folder = tmp_path / "data"
    said = run("wards", geojson(tmp_path, squares()), data=folder)
    assert said[0] == "Read 1 file: 2 wards."
    people = save(tmp_path, b"ward_code,residents\nE05000001,100\n", "people.csv")
    said = run("population", people, data=folder)
    assert said[:2] == ["Read 1 file: 1 ward’s residents.", "100 residents in 1 ward."]


def test_self_crossing_wards_are_mended_and_said(data, tmp_path):
    said = run("wards", bowtie(tmp_path), data=data)
    assert any("1 outline crossed itself and was mended" in sentence for sentence in said)


def test_list_says_what_is_loaded(data, tmp_path):
    run("import", save(tmp_path, month_csv("2025-03")), data=data)
    said = "\n".join(run("list", data=data))
    assert "January 2025, March 2025; missing: February 2025" in said
    assert "10 rows, 6 of them ASB, 0 without a place" in said
    assert "Open Government Licence v3.0" in said
    assert "Wards of 2025: 2 in 1 local" in said
    assert "Residents of 1 ward: 100 (people.csv)." in said


def test_list_of_nothing(tmp_path):
    assert "No reports are loaded" in run("list", data=tmp_path / "data")[0]


def test_the_data_folder_can_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path / "data"))
    done = CliRunner().invoke(app, ["import", str(save(tmp_path, month_csv()))])
    assert done.exit_code == 0
    assert len(Library().catalogue()) == 1


def test_the_version():
    done = CliRunner().invoke(app, ["--version"])
    assert done.stdout.strip() == hotspots.__version__


def test_as_a_module_progress_and_errors_stay_off_the_standard_output(tmp_path):
    def module(*words):
        return subprocess.run(
            [sys.executable, "-m", "hotspots", *map(str, words), "--data", str(tmp_path / "data")],
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = module("import", save(tmp_path, month_csv()))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Read 1 file: 5 rows")
    done = module("import", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"There is no file or folder {tmp_path / 'nowhere'}.\n"


def test_faults_of_ours_are_not_swallowed(data, monkeypatch):
    monkeypatch.setattr(Library, "holdings", lambda self: 1 / 0)
    done = CliRunner().invoke(app, ["list", "--data", str(data)])
    assert isinstance(done.exception, ZeroDivisionError)


# ---- every way a street file goes wrong


def saved(content, name=STREET):
    return lambda folder: save(folder, content, name)


def cut_gzip(folder):
    path = folder / f"{STREET}.gz"
    path.write_bytes(gzip.compress(month_csv(rows=500))[:-600])
    return path


def cut_zip(folder):
    path = zipped(folder, {STREET: month_csv(rows=500)})
    path.write_bytes(path.read_bytes()[:-100])
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (saved(b"PK\3\4 not a zip", "download.zip"), "is not a zip file"),
        (saved(b"not a zip", "download.zip"), "has no column “Month”"),
        (cut_zip, "is not a zip file, or only part of one"),
        (cut_gzip, "ends too early"),
        (saved(b"a,b\n1,2\n"), "has no column “Month”"),
        (saved(street_csv(*[row(lon="2.3", lat="48.8")] * 3)), "No row of"),
        (saved(b"\x81" + street_csv(row())), "neither UTF-8 nor Latin-1"),
        (saved(b""), "is empty"),
        (saved(street_csv()), "holds a header and no row"),
        (saved(HEADER.encode()), "holds a header and no row"),
        (saved(street_csv(row(month="2025-13"))), "month is not written as 2025-03"),
        (saved(street_csv(row(lon="0", lat="0"))), "0, 0"),
        (saved(street_csv(row(lon="x", lat="y"))), "not numbers"),
        (saved(street_csv(row(), row(street='"x'), row())), "row 3, opens a quotation mark"),
        (saved(b"x", "2025-01-cheshire-outcomes.csv"), "holds outcomes"),
        (lambda folder: zipped(folder, {"a.txt": b"x"}), "no street file"),
        (lambda folder: zipped(folder, {STREET: b"0" * (40 << 20)}), "times its size"),
        (lambda folder: folder / "nowhere.csv", "There is no file or folder"),
        (lambda folder: folder, "no street file"),
    ],
)
def test_street_files_that_are_refused(data, tmp_path, make, said):
    (tmp_path / "new").mkdir()
    assert said in refused("import", make(tmp_path / "new"), data=data)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (street_csv(row(street="On or near Café")).decode().encode("latin-1"), "read as Latin-1"),
        (b"\xef\xbb\xbf" + street_csv(row()), "1 row, 1 of them ASB"),
        (street_csv(row(), row(lon="0", lat="0")), "coordinates are 0, 0"),
        (street_csv(row(), row(lon="53.3", lat="-2.0")), "are swapped"),
        (street_csv(row(lon="53.3", lat="-2.0")), "swapped in every row; they were put right"),
        (street_csv(row(), row(lon="x", lat="y")), "are not numbers"),
        (street_csv(row(), row(lon="-87", lat="41")), "outside Great Britain"),
    ],
)
def test_street_files_that_are_taken_and_remarked_on(data, tmp_path, content, said):
    sentences = run("import", save(tmp_path, content), data=data)
    assert said in "\n".join(sentences)


def test_two_editions_of_one_month(data, tmp_path):
    editions = [save(tmp_path / str(rows), month_csv(rows=rows)) for rows in (20, 21)]
    assert "import only the one" in refused("import", *editions, data=data)


# ---- wards and population that go wrong


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (saved(b"", "wards.geojson"), "is not GeoJSON"),
        (saved(b"{", "wards.geojson"), "is damaged"),
        (saved(b"PK\3\4", "wards.zip"), "is not a zip file"),
        (
            lambda folder: geojson(folder, squares().rename(columns={"WD25CD": "LSOA21CD"})),
            "no column of ward codes such as WD25CD",
        ),
        (
            lambda folder: geojson(folder, squares().assign(WD24CD="E05")),
            "choose one with --vintage",
        ),
        (lambda folder: folder / "nowhere.gpkg", "There is no file or folder"),
    ],
)
def test_ward_files_that_are_refused(data, tmp_path, make, said):
    (tmp_path / "new").mkdir()
    assert said in refused("wards", make(tmp_path / "new"), data=data)


def test_two_vintages_are_chosen_from(data, tmp_path):
    both = [
        geojson(tmp_path, squares(year), f"{year}.geojson") for year in (20, 24)
    ]  # fmt: skip
    assert "2020 and 2024" in refused("wards", *both, data=data)
    assert "no wards of 2023" in refused("wards", *both, "--vintage", 2023, data=data)
    run("wards", *both, "--vintage", 2020, data=data)
    assert Library(data).vintages() == [2020, 2025]


def test_population_that_is_refused(data, tmp_path):
    two = save(tmp_path, b"ward_code,pop_2011,pop_2021\nE05000001,1,2\n", "two.csv")
    assert "--column" in refused("population", two, data=data)
    run("population", two, "--column", "pop_2021", data=data)
    assert Library(data).wards()["residents"].iloc[0] == 2
    none = save(tmp_path, b"name,residents\nActon,1\n", "none.csv")
    assert "no column of ward codes" in refused("population", none, data=data)


# ---- the machine


@pytest.mark.parametrize("command", ["import", "wards", "population"])
@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(28, "No space left"), "The disk is full"), (PermissionError(13, "No"), "permission")],
)
def test_a_disk_that_is_full_or_closed(data, tmp_path, monkeypatch, command, error, said):
    path = {
        "import": lambda: save(tmp_path, month_csv("2025-02")),
        "wards": lambda: geojson(tmp_path, squares(24)),
        "population": lambda: save(tmp_path, b"ward_code,residents\nE05000002,9\n", "p.csv"),
    }[command]()

    def fail(handle):
        raise error

    monkeypatch.setattr(atomic.os, "fsync", fail)
    assert said in refused(command, path, data=data)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(data, tmp_path):
    path = save(tmp_path, month_csv())
    path.chmod(0)
    assert "no permission to read" in refused("import", path, data=data)


def test_a_file_that_may_not_be_read_by_anyone(data, tmp_path, monkeypatch):
    path = save(tmp_path, month_csv())

    def read_bytes(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    done = CliRunner().invoke(app, ["import", str(path), "--data", str(data)])
    assert done.exit_code == 1
    assert done.stderr == f"You have no permission to read {path}.\n"


def test_roads_are_kept_round_what_is_loaded(data, tmp_path):
    bounds = open_dataset(Library(data)).bounds
    west, south, east, north = bounds
    lines = [shapely.LineString([(west, south), (east, north)])]
    gpd.GeoDataFrame({"highway": ["path"]}, geometry=lines, crs=27700).to_file(tmp_path / "r.gpkg")
    _, said = run("roads", tmp_path / "r.gpkg", data=data)
    assert said.startswith("Roads kept: 1 line")
    assert refused("roads", save(tmp_path, b"no roads", "x.csv"), data=data)
