import errno
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from hotspots import __main__
from hotspots.errors import HotspotsError, LibraryError, SourceError
from hotspots.library import Library, fetch_sites, import_police_uk
from hotspots.library.fetch_planning import plan_fetch
from hotspots.library.fetch_sites import authorities_by_name, forces_by_name
from hotspots.library.fetching import fetch
from hotspots.sources.web import Web, WebError
from tests.local_server import Fault, report, running, sites
from tests.sources.test_ons_web import small_area_table, small_areas, wards
from tests.sources.written import HEADER, month_csv, row, save, state_of, street_csv

FORCE = "Cheshire Constabulary"
MONTHS = ["2025-01", "2025-02", "2025-03"]
OUTLINE = [(-3, 53), (-2, 53), (-2, 53.5), (-3, 53.5)]


def zipped(months, force="cheshire", rows=300):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for month in months:
            stem = f"{month}/{month}"
            archive.writestr(f"{stem}-{force}-street.csv", month_csv(month, rows))
            archive.writestr(f"{stem}-kent-street.csv", os.urandom(300_000))
            archive.writestr(f"{stem}-{force}-outcomes.csv", os.urandom(300_000))
    return sink.getvalue()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as (site, base):
        site.dates = MONTHS
        site.archives["2025-03"], site.latest = zipped(MONTHS), "2025-03"
        site.services = {"WD_MAY_2025_UK_BGC": wards(25)}
        site.outlines = {"AA1": OUTLINE, "AA2": OUTLINE}
        site.base = base
        yield site


@pytest.fixture
def web():
    with Web(sleep=lambda _: None, tries=3) as web:
        yield web


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "data")


def plan(site, web, force="cheshire", *, months=3, wards=False, **options):
    options = {"sites": sites(site.base), "web": web} | options
    return plan_fetch(force, months=months, wards=wards, **options)


def held(library):
    return {str(one["month"]): one["rows"] for one in library.catalogue().to_dict("records")}


# ---- the plan


def test_a_plan_says_what_from_whom_and_how_large(site, web):
    site.page = 4
    made = plan(site, web, "Cheshire Constabulary", wards=True, authorities=["halton"])
    said = made.sentences()
    assert said[0].startswith("Cheshire Constabulary: 3 months (January to March 2025), 0.1 MB out")
    assert said[0].endswith(f"{site.base}/data/archive/latest.zip.")
    assert "Single Online Home National Digital Team, Open Government Licence v3.0." in said[1]
    assert "Ward boundaries of 2025: 7 wards of Halton" in said[2]
    assert said[-1].startswith("In all about")
    assert made.months == tuple(pd.Period(month) for month in MONTHS)
    exact = sum(
        member.packed for member in made.snapshots[0][0].members if member.force == "cheshire"
    )
    assert made.bytes == exact + 7 * 8_000
    assert all(sentence.endswith(".") for sentence in said)


def test_a_plan_brings_nothing_down(site, web, library):
    before = len(zipped(MONTHS))
    plan(site, web, wards=True)
    assert site.sent < before / 4
    assert not library.folder.parent.exists()


def test_nothing_is_asked_until_someone_asks(site):
    code = (
        "import socket; socket.socket.connect = None;"
        "import hotspots.library.fetching, hotspots.library.fetch_planning"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
    assert site.asked == []


def test_forces_and_local_authorities_to_choose_from(site, web):
    asked = {"sites": sites(site.base), "web": web}
    assert forces_by_name(**asked) == {"Cheshire Constabulary": "cheshire", "Kent Police": "kent"}
    assert list(authorities_by_name(**asked)) == ["Cheshire East", "Halton", "Warrington"]


def test_an_unknown_force(site, web):
    with pytest.raises(SourceError, match=r"did you mean Cheshire Constabulary \(cheshire\)"):
        plan(site, web, "chesire")


def test_forces_of_the_archive_where_the_api_is_silent(site, web):
    site.faults.append(Fault("/api/", "status", times=999, status=500))
    assert plan(site, web).force == "cheshire"
    with pytest.raises(SourceError, match=r"did you mean cheshire"):
        plan(site, web, "chesire")


def test_an_older_end_and_a_longer_past(site, web):
    site.archives["2022-03"] = zipped(["2022-02", "2022-03"])
    site.archives["2025-03"] = zipped(
        [*map(str, pd.period_range("2022-04", "2025-03", freq="M"))], rows=3
    )
    made = plan(site, web, months=38)
    assert [len(months) for _, months in made.snapshots] == [36, 2]
    assert made.snapshots[1][0].remote.url.endswith("/2022-03.zip")
    made = plan(site, web, months=2, last=pd.Period("2025-02"))
    assert [str(month) for month in made.months] == ["2025-01", "2025-02"]
    assert len(made.snapshots) == 1  # the newest archive, being the corrected one


def test_months_that_nobody_published_are_named(site, web):
    made = plan(site, web, months=5)
    assert "Not published: November to December 2024." in made.sentences()


def test_a_force_that_did_not_publish_is_not_filled_from_its_neighbours(site, web):
    site.archives["2025-03"] = zipped(["2025-01", "2025-03"])
    sink = io.BytesIO(site.archives["2025-03"])
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr("2025-02/2025-02-kent-street.csv", b"x")
    site.archives["2025-03"] = sink.getvalue()
    made = plan(site, web)
    assert made.api_months == ()
    assert "Not published: February 2025." in made.sentences()


def test_nothing_published(site, web):
    with pytest.raises(SourceError, match="published nothing of Cheshire"):
        plan(site, web, last=pd.Period("2011-01"))
    with pytest.raises(SourceError, match="at least one month"):
        plan(site, web, months=0)


def test_no_network_is_one_word(web):
    nowhere = sites("http://no-such-site.invalid")
    started = time.monotonic()
    with pytest.raises(WebError, match="there is no network here"):
        plan_fetch("cheshire", months=3, sites=nowhere, web=web)
    assert time.monotonic() - started < 5


def test_wards_that_cannot_be_had_are_said(site, web):
    site.services = {}
    with pytest.raises(WebError, match="Or leave ward boundaries out"):
        plan(site, web, wards=True)
    assert plan(site, web).wards is None


def test_residents_come_with_the_wards_and_where_they_do_not_it_is_said(site, web, library):
    said = " ".join(plan(site, web, wards=True, authorities=["Halton"]).sentences())
    assert "Residents do not come: " in said
    assert "Import a file of them with `population`." in said
    site.services["LSOA21_WD25_LAD25_EW_LU_v2"] = small_areas(25)
    site.residents = small_area_table(small_areas(25))
    made = plan(site, web, wards=True, authorities=["Halton"])
    told = next(sentence for sentence in made.sentences() if "Residents in mid-2022" in sentence)
    assert f"{site.base}/small-areas.csv, added up by the wards of 2025 (" in told
    steps = []
    *_, done = fetch(made, library, web=web, progress=lambda *now: steps.append(now))
    assert steps[-1] == (4, 5, "residents")
    assert done.sentences()[0] == "Read 1 file: 7 wards’ residents."
    held = library.wards()
    assert held["residents"].tolist() == [3_003 + 9 * n for n in range(7)]
    newest = library.journal()[0].about
    assert (newest.what, newest.files[0][0]) == ("residents", "residents-of-wards-2025.csv")


def test_a_table_without_these_small_areas_stops_nothing(site, web, library):
    site.services["LSOA21_WD25_LAD25_EW_LU_v2"] = small_areas(25)
    site.residents = small_area_table(small_areas(25)).replace(b"E01", b"E02")
    done = fetch(plan(site, web, wards=True, authorities=["Halton"]), library, web=web)
    said = " ".join(sentence for report in done for sentence in report.sentences())
    assert "it is of England. Import a file of residents with `population`." in said
    assert library.wards()["residents"].isna().all()


# ---- the fetch


def test_reports_are_what_an_import_of_the_files_gives(site, web, library, tmp_path):
    told = []
    made = plan(site, web)
    (done,) = fetch(made, library, web=web, progress=lambda *now: told.append(now))
    assert done.sentences()[:2] == [
        "Read 3 files: 900 rows, 450 of them ASB.",
        "Cheshire Constabulary: 3 months added (January to March 2025).",
    ]
    other = Library(tmp_path / "other")
    files = [save(tmp_path, month_csv(m, 300), f"{m}-cheshire-street.csv") for m in MONTHS]
    import_police_uk(files, other)
    assert library.identity() == other.identity()
    listed = library.catalogue()
    assert set(listed["url"]) == {"https://data.police.uk/data/archive"}
    assert listed["sha256"].iloc[0] == hashlib.sha256(month_csv(MONTHS[0], 300)).hexdigest()
    assert told[-1][:2] == (2, 3)
    assert not list((library.folder.parent / "fetching").iterdir())


def test_a_month_replaces_the_one_held(site, web, library):
    fetch(plan(site, web), library, web=web)
    site.archives["2025-03"] = zipped(MONTHS, rows=310)
    (done,) = fetch(plan(site, web), library, web=web)
    assert held(library) == dict.fromkeys(MONTHS, 310)
    assert "3 months replaced" in done.sentences()[1]


def test_wards_of_the_authorities_that_the_reports_lie_in(site, web, library):
    here = [row(lon="-2.99", lat="53.01")] * 60 + [row(lon="-2.93", lat="53.03")] * 40
    near = [line.replace("Cheshire East 001A", "Warrington 002B") for line in here[60:]]
    over = row(lon="-2.93", lat="53.05").replace("Cheshire East 001A", "St. Helens 002B")
    site.archives["2025-03"] = zip_of(street_csv(*(here[:60] * 2), *near, over))
    made = plan(site, web, months=1, wards=True)
    assert any("at least 1 in 100 of the newest reports" in one for one in made.sentences())
    _, outlines = fetch(made, library, web=web)
    assert outlines.sentences()[1].startswith("Wards of 2025: 2 local authorities, 2 added")
    listed = library.boundaries()
    assert set(listed["authority_name"]) == {"Halton", "Warrington"}
    assert listed["file"].iloc[0] == "WD_MAY_2025_UK_BGC-1.geojson"
    assert set(listed["licence"]) == {"Open Government Licence v3.0"}


def zip_of(data, name="2025-03-cheshire-street.csv"):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(f"2025-03/{name}", data)
    return sink.getvalue()


def test_a_cut_fetch_goes_on_where_it_ended(site, web, library):
    made = plan(site, web, wards=True, authorities=["Halton"])
    site.faults.append(Fault("/kept/", "cut", times=2, at=4_000))
    site.faults.append(Fault("/services", "status", times=99, status=500))
    with pytest.raises(WebError):
        fetch(made, library, web=web)
    assert library.catalogue().empty
    site.faults.clear()
    before = len(site.paths("/archive/"))
    fetch(plan(site, web, wards=True, authorities=["Halton"]), library, web=web)
    asked_again = len(site.paths("/kept/archive/")) - before
    assert asked_again <= 3  # the plan's own questions; no file came twice
    assert held(library) == dict.fromkeys(MONTHS, 300)
    assert len(library.wards()) == 7


def test_a_damaged_file_is_asked_again_and_then_refused(site, web, library):
    made = plan(site, web)
    site.faults.append(Fault("/kept/", "damaged"))
    fetch(made, library, web=web)
    assert len(held(library)) == 3
    site.faults.append(Fault("/kept/", "damaged", times=99))
    before = state_of(library.folder)
    with pytest.raises(SourceError, match="does not fit its checksum"):
        fetch(made, library, web=web)
    assert state_of(library.folder) == before


def test_a_spoilt_leftover_is_not_trusted(site, web, library):
    folder = library.folder.parent / "fetching" / "cheshire"
    data = month_csv(MONTHS[0], 300)
    save(folder, data[:-20] + b"x" * 20, f"{MONTHS[0]}-cheshire-street.csv")
    fetch(plan(site, web), library, web=web)
    assert library.catalogue()["sha256"].iloc[0] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("kind", ["login", "silent", "cut"])
def test_a_fault_leaves_the_library_as_it_was(site, web, library, kind):
    fetch(plan(site, web, months=1), library, web=web)
    made, before = plan(site, web), state_of(library.folder)
    site.faults.append(Fault("/kept/", kind, times=999, at=0))
    with pytest.raises(HotspotsError) as error:
        fetch(made, library, web=web)
    assert str(error.value).endswith(".")
    assert state_of(library.folder) == before


def test_wards_that_are_none_leave_the_library_as_it_was(site, web, library):
    made = plan(site, web, wards=True, authorities=["Halton"])
    frame = site.services["WD_MAY_2025_UK_BGC"]
    site.services["WD_MAY_2025_UK_BGC"] = frame.set_geometry(
        gpd.GeoSeries([shapely.Point(0, 0)] * len(frame), index=frame.index, crs="EPSG:4326")
    )
    with pytest.raises(SourceError, match="No ward of"):
        fetch(made, library, web=web)
    assert library.catalogue().empty


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xfe\0", b"a,b\n1,2\n", HEADER.encode()])
def test_what_is_no_street_file_is_a_sentence(site, web, library, data):
    site.archives["2025-03"] = zip_of(data)
    for wards_too in (True, False):
        with pytest.raises(SourceError) as error:
            fetch(plan(site, web, months=1, wards=wards_too), library, web=web)
        assert str(error.value).endswith(".")
    assert library.catalogue().empty


def test_no_name_of_a_force_leads_out_of_the_folder(site, web, library):
    outside = save(library.folder.parent, b"kept", "other/kept.txt")
    for word in ("..", "../other", "cheshire/../../other", ""):
        site.forces = {word: "Cheshire Constabulary"}
        site.archives["2025-03"] = zip_of(month_csv(), name=f"2025-03-{word}-street.csv")
        with pytest.raises(HotspotsError):
            fetch(plan(site, web, word, months=1), library, web=web)
    assert outside.exists()


def test_a_full_disk_is_a_sentence(site, web, library, monkeypatch):
    made = plan(site, web)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LibraryError, match="The disk is full: there is no room in"):
        fetch(made, library, web=web)


def test_a_site_without_parts_of_files(site, web, library):
    site.ranges = False
    made = plan(site, web, months=2)
    assert "because no parts can be asked for of" in made.sentences()[0]
    assert made.bytes == len(site.archives["2025-03"])
    site.faults.append(Fault("/kept/", "cut", at=100_000))
    fetch(made, library, web=web)
    assert held(library) == {"2025-02": 300, "2025-03": 300}


def test_a_whole_archive_that_lacks_a_month_is_said(site, web, library):
    site.ranges = False
    (done,) = fetch(plan(site, web, months=4), library, web=web)
    assert any("turned out to lack December 2024" in one for one in done.sentences())


# ---- by the API


def api_only(site, months=("2025-04",)):
    """The newest months are in the API, and in no archive yet."""
    site.dates = [*MONTHS, *months]
    site.reports = [
        report(-2.5 + n / 1000, 53.2, month=month, street="St Paul's Lane")
        for month in months
        for n in range(50)
    ] * 2


def test_a_month_that_no_archive_has_comes_by_area(site, web, library):
    api_only(site)
    made = plan(site, web, months=2)
    assert [str(month) for month in made.api_months] == ["2025-04"]
    assert any("what lies in the force’s neighbourhoods" in one for one in made.sentences())
    _, by_api = fetch(made, library, web=web)
    assert held(library) == {"2025-03": 300, "2025-04": 100}
    assert "Cheshire Constabulary: 1 month added (April 2025)." in by_api.sentences()
    newest = library.catalogue().iloc[-1]
    assert newest["url"] == "https://data.police.uk/api"
    answers = [json.dumps(site.reports).encode(), b"[]"]
    assert newest["sha256"] == hashlib.sha256(b"".join(answers)).hexdigest()
    incidents = library.incidents(first=pd.Period("2025-04"))
    assert set(incidents["street"]) == {"St Paul'S Lane"}
    assert incidents["lsoa"].isna().all()


def test_the_api_alone_where_there_is_no_archive(site, web, library):
    site.archives.clear()
    api_only(site, MONTHS)
    made = plan(site, web, wards=True)
    assert len(made.api_months) == 3
    assert any("The API is asked instead." in note for note in made.notes)
    assert any("name them" in note for note in made.notes)
    site.faults.append(Fault("2025-03", "status", times=99, status=500))
    with pytest.raises(WebError):
        fetch(made, library, web=web)
    assert library.catalogue().empty
    site.faults.clear()
    outlines, asked = len(site.paths("/boundary")), len(site.paths("crimes-street/"))
    fetch(made, library, web=web)
    assert len(site.paths("/boundary")) == outlines
    assert len(site.paths("crimes-street/")) == asked + 1  # only the month that was missing
    assert held(library) == dict.fromkeys(MONTHS, 100)


def test_a_force_without_an_area_or_without_reports(site, web, library):
    site.archives.clear()
    site.reports = [report(-2.5, 53.2, month=month) for month in MONTHS[:2]]
    with pytest.raises(SourceError, match="has no report of Cheshire Constabulary in 2025-03"):
        fetch(plan(site, web), library, web=web)
    site.outlines = {}
    other = Library(library.folder.parent / "other")
    with pytest.raises(SourceError, match="gives no area"):
        fetch(plan(site, web), other, web=web)


# ---- killed


def test_killed_at_any_moment_it_goes_on(site, library, tmp_path):
    months = [str(month) for month in pd.period_range("2024-01", "2025-03", freq="M")]
    site.dates, site.archives["2025-03"] = months, zipped(months, rows=200)
    code = (
        "from tests.local_server import sites; from pathlib import Path;"
        "from hotspots.library import Library; from hotspots.library.fetching import fetch;"
        "from hotspots.library.fetch_planning import plan_fetch;"
        f"p = plan_fetch('cheshire', months=15, sites=sites('{site.base}'), wards=False);"
        f"print('planned', flush=True); fetch(p, Library(Path('{library.folder.parent}')))"
    )
    run = partial(
        subprocess.Popen,
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    for wait in (0.01, 0.05, 0.1):
        with run() as process:
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        assert set(held(library).values()) <= {200}
    with run() as process:
        assert process.wait(60) == 0
    assert held(library) == dict.fromkeys(months, 200)


# ---- the command line


@contextmanager
def commands_ask(site, monkeypatch):
    monkeypatch.setattr(fetch_sites.Sites, "published", classmethod(lambda _: sites(site.base)))
    yield lambda *words: CliRunner().invoke(__main__.app, ["fetch", *map(str, words)])


def test_the_command(site, library, monkeypatch):
    with commands_ask(site, monkeypatch) as run:
        data = ["--data", library.folder.parent]
        refused = run("cheshire", "--months", 2, *data)
        assert refused.exit_code == 1
        assert refused.stderr.splitlines()[-1].endswith("--yes.")
        assert library.catalogue().empty
        done = run("cheshire", "--months", 2, "--authority", "Halton", "--yes", *data)
        assert done.exit_code == 0, done.output
        assert "Cheshire Constabulary: 2 months added (February to March 2025)." in done.stdout
        assert "Wards of 2025: 1 local authority" in done.stdout
        assert done.stdout.index("In all about") < done.stdout.index("2 months added")
        unknown = run("chesire", "--yes", *data)
        assert unknown.exit_code == 1
        assert len(unknown.stderr.splitlines()) == 1
        older = run("cheshire", "--months", 1, "--to", "2025-01", "--no-wards", "--yes", *data)
        assert older.exit_code == 0
        assert sorted(held(library)) == MONTHS


# ---- real files, as the archive holds them


REAL = os.environ.get("HOTSPOTS_REAL_DATA")


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="HOTSPOTS_REAL_DATA names no folder")
def test_a_real_year_fetched_is_the_year_imported(site, web, library, tmp_path):
    folder = Path(REAL, "police_uk")
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("2025-*/*-cheshire-street.csv")):
            archive.write(path, f"{path.parent.name}/{path.name}")
            archive.writestr(f"{path.parent.name}/{path.parent.name}-kent-street.csv", b"x")
    site.archives["2025-12"], site.latest = sink.getvalue(), "2025-12"
    site.dates = [f"2025-{month:02d}" for month in range(1, 13)]
    outlines = [
        gpd.read_file(path) for path in sorted(Path(REAL, "boundaries").glob("ward_*.geojson"))
    ]
    site.services = {"WD_DEC_2025_UK_BSC": pd.concat(outlines, ignore_index=True)}
    site.page = 50
    made = plan(site, web, months=12, wards=True)
    fetch(made, library, web=web)
    assert sum(held(library).values()) == 80_955
    assert len(library.incidents(category="Anti-social behaviour")) == 7_248
    assert library.wards().groupby("authority_name").size().to_dict() == {
        "Cheshire East": 52,
        "Cheshire West and Chester": 45,
        "Halton": 18,
        "Warrington": 22,
    }
    other = Library(tmp_path / "other")
    import_police_uk(sorted(folder.glob("2025-*")), other)
    mine, theirs = library.catalogue(), other.catalogue()
    assert list(mine["sha256"]) == list(theirs["sha256"])
