import errno
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from hotspots import settings
from hotspots.errors import HotspotsError, LibraryError, SourceError
from hotspots.library import (
    Library,
    atomic,
    import_police_uk,
    import_population,
    import_wards,
    months,
    sample_library,
)
from hotspots.settings import ASB
from hotspots.sources import police_uk
from hotspots.tables import incidents as contract
from tests.sources.written import (
    FORCE,
    bowtie,
    geojson,
    month_csv,
    save,
    squares,
    state_of,
    street_csv,
)

PROJECT = Path(__file__).parent.parent
JANUARY, MARCH = pd.Period("2025-01"), pd.Period("2025-03")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "data")


@pytest.fixture
def files(tmp_path):
    """January and March of Cheshire, January of Gwent."""
    folder = tmp_path / "files"
    save(folder, month_csv("2025-01", 6), "2025-01-cheshire-street.csv")
    save(folder, month_csv("2025-03", 4), "2025-03-cheshire-street.csv.gz")
    save(folder, month_csv("2025-01", 2, force="Gwent Police"), "2025-01-gwent-street.csv")
    return folder


# ---- reading back


def test_nothing_is_read_or_made_until_asked(tmp_path):
    library = Library(tmp_path / "nowhere")
    assert library.catalogue().empty
    assert library.holdings().empty
    assert library.boundaries().empty
    assert library.population().empty
    assert library.vintages() == []
    assert library.wards().empty
    assert len(library.incidents()) == 0
    assert len(library.identity()) == 12
    assert not (tmp_path / "nowhere").exists()


def test_the_folder_is_the_one_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    assert Library().folder == tmp_path / "library"


def test_what_was_read_comes_back_the_same(library, files):
    read, _ = police_uk.read(files)
    import_police_uk([files], library)
    back = library.incidents()
    contract.validate(back)
    pd.testing.assert_frame_equal(back, read)


def test_parts_can_be_asked_for(library, files):
    import_police_uk([files], library)
    assert len(library.incidents(forces=[FORCE])) == 10
    assert len(library.incidents(forces=["Nobody"])) == 0
    assert len(library.incidents(first=MARCH)) == 4
    assert len(library.incidents(last=JANUARY)) == 8
    asb = library.incidents(category=ASB)
    assert len(asb) == 6
    assert asb["category"].unique().tolist() == [ASB]
    assert asb.index.to_list() == list(range(6))


def test_the_catalogue_says_where_each_month_comes_from(library, files):
    import_police_uk([files], library)
    catalogue = library.catalogue()
    assert list(catalogue.columns) == list(months.COLUMNS)
    assert catalogue["month"].dtype == "period[M]"
    assert catalogue[["force", "rows", "asb_rows"]].to_numpy().tolist() == [
        [FORCE, 6, 3],
        [FORCE, 4, 2],
        ["Gwent Police", 2, 1],
    ]
    first = catalogue.iloc[0]
    assert first["source"] == "police.uk"
    assert first["file"] == "2025-01-cheshire-street.csv"
    assert first["licence"] == "Open Government Licence v3.0"
    assert len(first["sha256"]) == 64
    assert pd.Timestamp(first["read_at"]).tz is not None


def test_holdings_say_which_months_are_missing(library, files):
    import_police_uk([files], library)
    holdings = library.holdings().set_index("force")
    assert holdings.loc[FORCE, "held"] == [JANUARY, MARCH]
    assert holdings.loc[FORCE, "missing"] == [pd.Period("2025-02")]
    assert holdings.loc["Gwent Police", "missing"] == []


def test_a_damaged_file_is_named(library, files):
    import_police_uk([files], library)
    path = next(library.folder.rglob("2025-03.parquet"))
    path.write_bytes(path.read_bytes()[:500])
    for ask in (library.catalogue, library.identity, library.incidents):
        with pytest.raises(LibraryError, match="is damaged; delete it and import"):
            ask()


# ---- importing


def test_a_month_is_replaced_whole_and_others_stay(library, files, tmp_path):
    import_police_uk([files], library)
    again = save(tmp_path, month_csv("2025-01", 3))
    report = import_police_uk([again], library)
    assert library.catalogue()["rows"].to_list() == [3, 4, 2]
    assert [(c.force, c.month, c.rows, c.before) for c in report.months] == [(FORCE, JANUARY, 3, 6)]
    assert "had 6 rows and now has 3" in " ".join(report.sentences())


def test_the_report_in_words(library, files):
    said = import_police_uk([files], library).sentences()
    assert said == [
        "Read 3 files: 12 rows, 6 of them ASB.",
        "Cheshire Constabulary: 2 months added (January 2025, March 2025).",
        "Gwent Police: 1 month added (January 2025).",
    ]
    assert "2 months replaced" in import_police_uk([files], library).sentences()[1]


def test_importing_again_changes_nothing_but_when(library, files, monkeypatch):
    monkeypatch.setattr("hotspots.library.importing._now", lambda: "2026-01-01T00:00:00+00:00")
    import_police_uk([files], library)
    before, identity = state_of(library.folder), library.identity()
    import_police_uk([files], library)
    assert state_of(library.folder) == before
    monkeypatch.undo()
    import_police_uk([files], library)
    assert library.identity() == identity
    assert library.catalogue()["read_at"].gt("2026-01-02").any()


def test_the_identity_changes_with_the_data_and_with_nothing_else(library, files, tmp_path):
    import_police_uk([files], library)
    seen = {library.identity()}
    for change in (
        lambda: import_police_uk([save(tmp_path, month_csv(rows=7))], library),
        lambda: import_wards([geojson(tmp_path, squares())], library),
        lambda: import_population([people(tmp_path)], library),
        lambda: library.forget(FORCE, [MARCH]),
    ):
        change()
        assert library.identity() not in seen
        seen.add(library.identity())
        assert library.identity() in seen
    packed = save(tmp_path / "packed", month_csv(rows=7), "2025-01-cheshire-street.csv.gz")
    import_police_uk([packed], library)
    assert library.identity() in seen


def test_a_month_in_parts_is_joined_before_it_replaces(library, tmp_path):
    paths = [
        save(tmp_path, month_csv(rows=4, start=n), f"part-{n}-street.csv") for n in (0, 10, 20)
    ]
    import_police_uk(paths, library)
    assert len(library.incidents()) == 12
    first = library.catalogue().iloc[0]
    assert first["file"] == "part-0-street.csv, part-10-street.csv, part-20-street.csv"
    read, _ = police_uk.read_many(paths)
    pd.testing.assert_frame_equal(library.incidents(), read)


def test_names_that_differ_in_case_are_one_force(library, tmp_path):
    import_police_uk([save(tmp_path, month_csv(force="GWENT Police"))], library)
    import_police_uk([save(tmp_path, month_csv(force="Gwent police"))], library)
    assert len(library.catalogue()) == 1


def test_other_crime_types_and_identifiers_are_kept(library, files):
    import_police_uk([files], library)
    assert set(library.incidents()["category"]) == {ASB, "Burglary"}
    path = next(library.folder.rglob("cheshire*/2025-01.parquet"))
    from hotspots.library import parquet

    table, _ = parquet.read(path)
    assert table["crime_id"].null_count == 3


def test_months_can_be_forgotten(library, files):
    import_police_uk([files], library)
    assert library.forget(FORCE, [JANUARY, pd.Period("2020-01")]) == 1
    assert library.catalogue()["rows"].to_list() == [4, 2]
    assert library.forget(FORCE) == 1
    assert library.forget(FORCE) == 0
    assert library.catalogue()["force"].to_list() == ["Gwent Police"]


def test_progress_is_told_of_each_file(library, files):
    told = []
    import_police_uk([files], library, progress=lambda *said: told.append(said))
    assert [done for done, _, _ in told] == [0, 1, 2, 3]
    assert {total for _, total, _ in told} == {3}


# ---- wards and residents


def people(folder, text="ward_code,residents\nE05000001,100\nE05000002,250\n", name="people.csv"):
    return save(folder, text.encode(), name)


def test_wards_of_an_authority_replace_those_of_its_year(library, tmp_path):
    crewe = geojson(tmp_path, squares(), "crewe.geojson")
    chester = squares(codes=("E05000003",), lad="E06000002", name="Chester")
    import_wards([crewe], library)
    report = import_wards([geojson(tmp_path, chester, "chester.geojson")], library)
    assert "1 added and 0 replaced (Chester)" in report.sentences()[1]
    assert library.wards().index.to_list() == ["E05000001", "E05000002", "E05000003"]
    merged = squares(codes=("E05000009",))
    report = import_wards([geojson(tmp_path, merged, "merged.geojson")], library)
    assert "0 added and 1 replaced (Crewe)" in report.sentences()[1]
    assert library.wards().index.to_list() == ["E05000003", "E05000009"]
    boundaries = library.boundaries().set_index("authority")
    assert boundaries.loc["E06000001", "file"] == "merged.geojson"
    assert boundaries.loc["E06000002", "file"] == "chester.geojson"
    assert len(boundaries.loc["E06000002", "sha256"]) == 64


def test_vintages_stand_side_by_side(library, tmp_path):
    import_wards([geojson(tmp_path, squares(20))], library)
    import_wards([geojson(tmp_path, squares(25, codes=("E05000007",)))], library)
    assert library.vintages() == [2020, 2025]
    assert library.wards().index.to_list() == ["E05000007"]
    assert library.wards(2020)["vintage"].unique().tolist() == [2020]
    with pytest.raises(LibraryError, match=r"No wards of 2021 are loaded \(loaded: 2020, 2025\)"):
        library.wards(2021)


def test_mended_wards_are_said_and_kept_valid(library, tmp_path):
    report = import_wards([bowtie(tmp_path)], library)
    assert any("crossed itself and was mended" in said for said in report.sentences())
    assert library.wards().geometry.is_valid.all()


def test_residents_are_joined_to_wards_by_code(library, tmp_path):
    import_wards([geojson(tmp_path, squares(codes=("E05000001", "E05000005")))], library)
    report = import_population([people(tmp_path)], library)
    assert "1 of these wards are among" in report.sentences()[2]
    assert library.wards()["residents"].to_list()[0] == 100
    assert pd.isna(library.wards().loc["E05000005", "residents"])
    import_population([people(tmp_path, "WD25CD,Total\nE05000005,7\n", "more.csv")], library)
    assert library.wards()["residents"].to_list() == [100, 7]
    assert library.population()["file"].to_list() == ["more.csv", "people.csv"]
    assert library.population()["wards"].to_list() == [1, 2]


def test_the_sample_is_a_library_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    sample = sample_library()
    assert len(sample.incidents()) > 1000
    assert sample.wards()["residents"].notna().all()
    assert sample.catalogue()["publisher"].str.contains("Made up").all()
    assert list(tmp_path.iterdir()) == []


# ---- old or new, never half


BAD = street_csv("1,2,3")


def broken(library, paths, error=HotspotsError):
    before = state_of(library.folder)
    with pytest.raises(error) as caught:
        import_police_uk(paths, library)
    assert state_of(library.folder) == before
    return str(caught.value)


def test_one_bad_file_and_nothing_is_imported(library, files):
    import_police_uk([files], library)
    save(files, month_csv("2025-01", 9), "2025-01-cheshire-street.csv")
    save(files, BAD, "2025-04-cheshire-street.csv")
    assert "2025-04-cheshire-street.csv" in broken(library, [files], SourceError)


FAILURES = [
    (errno.ENOSPC, "The disk is full"),
    (errno.EDQUOT, "The disk is full"),
    (errno.EACCES, "no permission to write"),
    (errno.EROFS, "no permission to write"),
    (errno.EIO, "cannot be written"),
]


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_disk_that_fails_leaves_the_library_as_it_was(library, files, monkeypatch, failure, at):
    code, said = failure
    import_police_uk([files], library)
    save(files, month_csv("2025-01", 9), "2025-01-cheshire-street.csv")
    calls = []

    def fsync(handle):
        calls.append(handle)
        if len(calls) == at:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    assert said in broken(library, [files], LibraryError)


def test_a_disk_that_is_really_full(library, files, tmp_path):
    import_police_uk([files], library)
    before = state_of(library.folder)
    rows = month_csv("2025-01", 9000)
    save(files, rows, "2025-01-cheshire-street.csv")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from hotspots.__main__ import app; app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "import", str(files), "--data", str(tmp_path / "data")],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("The disk is full")
    assert done.stderr.count("\n") == 1
    assert state_of(library.folder) == before


def test_a_folder_that_may_not_be_written(library, files, monkeypatch):
    import_police_uk([files], library)
    monkeypatch.setattr(atomic.os, "access", lambda path, mode: False)
    assert "no permission to write" in broken(library, [files], LibraryError)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_really_may_not_be_written(library, files, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o500)
    assert "no permission to write" in broken(library, [files], LibraryError)


def test_a_file_in_the_way(tmp_path, files):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(LibraryError, match="a file stands in its way"):
        import_police_uk([files], Library(tmp_path / "data"))


def test_what_a_killed_import_left_is_cleared(library, files):
    import_police_uk([files], library)
    left = library.folder / ".incoming" / "1"
    left.parent.mkdir()
    left.write_bytes(b"half a month")
    before = state_of(library.folder)
    assert len(library.catalogue()) == 3
    assert state_of(library.folder) == before
    import_police_uk([files], library)
    assert not left.exists()


def test_killed_at_any_moment_each_month_is_old_or_new(tmp_path):
    library = Library(tmp_path / "data")
    old, new = tmp_path / "old", tmp_path / "new"
    for month in pd.period_range("2024-01", "2024-12", freq="M"):
        save(old, month_csv(month, 400), f"{month}-cheshire-street.csv")
        save(new, month_csv(month, 500), f"{month}-cheshire-street.csv")
    import_police_uk([old], library)
    code = (
        "import sys; from pathlib import Path; from hotspots.library import *;"
        "library = Library(Path(sys.argv[1])); print('ready', flush=True);"
        "[import_police_uk([path], library) for path in sys.argv[2:] * 1000]"
    )
    moments = random.Random(2025)
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "data"), str(new), str(old)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        catalogue = library.catalogue()
        assert len(catalogue) == 12
        assert catalogue["rows"].isin([400, 500]).all()
        incidents = library.incidents()
        held = incidents["month"].value_counts().sort_index()
        assert held.to_list() == catalogue["rows"].to_list()
    import_police_uk([new], library)
    assert library.catalogue()["rows"].eq(500).all()
    assert not (library.folder / ".incoming").exists()


def test_readers_never_wait_and_never_see_half(library, tmp_path):
    editions = [
        save(tmp_path / str(rows), month_csv("2025-01", rows), "2025-01-cheshire-street.csv")
        for rows in (300, 600)
    ]
    import_police_uk(editions[:1], library)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for path in editions:
                import_police_uk([path], library)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = {len(library.incidents()) for _ in range(60)}
        assert seen <= {300, 600}
        assert library.catalogue()["rows"].isin([300, 600]).all()
    finally:
        stop.set()
        writer.join()


def import_one(folder, path):
    import_police_uk([path], Library(folder))


def test_two_imports_take_turns(tmp_path):
    folder = tmp_path / "data"
    paths = [
        save(tmp_path, month_csv(str(month), 50), f"{month}-cheshire-street.csv")
        for month in pd.period_range("2024-01", "2024-03", freq="M")
    ]
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=import_one, args=(folder, path)) for path in paths]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 3
    assert Library(folder).catalogue()["rows"].to_list() == [50] * 3


def test_who_has_to_wait_is_told(library, files):
    told = []
    with atomic.changing(library.folder):
        waiter = threading.Thread(
            target=import_police_uk,
            args=([files], library),
            kwargs={"progress": lambda *said: told.append(said)},
        )
        waiter.start()
        while not told:
            time.sleep(0.01)
        assert "waiting for another import" in told[0][2]
        assert library.catalogue().empty
    waiter.join()
    assert len(library.catalogue()) == 3


def test_the_publishers_are_known():
    from hotspots.sources.publishers import SOURCES_FILE, known

    assert SOURCES_FILE == settings.PROJECT / "data" / "sources.toml"
    assert {"police_uk", "wards", "population"} <= set(known())
    assert known()["police_uk"].source == police_uk.SOURCE
