"""
Every reader of what others write, tried with spoilt files until the time is up.

`python -m tests.fuzz --minutes 60` spoils sound files of each format (bytes changed, cut and
put in, members of zip files and workbooks among them) and gives them to their readers. A
reader may read them or refuse them in one sentence; whatever else it does is a fault, printed
with the least example that does it, in a form that a test can hold. Leaves with 1 if any is
found. `tests/run` tries the same readers for minutes.
"""

import argparse
import faulthandler
import gzip
import io
import itertools
import resource
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hotspots.action import review_terms
from hotspots.errors import HotspotsError
from hotspots.selection import Selection
from hotspots.sources import (
    agencies,
    basemaps,
    day_lists,
    mbtiles,
    ons,
    ons_services,
    ons_web,
    police_uk,
    police_uk_archive,
    police_uk_area,
    police_uk_web,
    population,
    postcodes,
    typed_places,
    visit_files,
)
from hotspots.sources.agency_mapping import of_toml
from hotspots.sources.street_csv import parse
from hotspots.sources.web_answers import Remote
from tests import test_selection
from tests.sources import test_basemaps, test_hostile_tables, test_visit_files
from tests.sources import test_ons_web as ons_answers
from tests.sources import test_police_uk_web as police_answers
from tests.sources.written import FORCE, geojson, month_csv, squares

SALT = b"s" * 32
SLOW_S = 10
HUNG_S = 180
EXAMPLES = Path(__file__).parents[1] / "data" / "agencies"
PIECES = [
    b",", b";", b"|", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\0", b" ", b"=", b"0", b"-1", b"1e999",
    b"nan", b"inf", b"31/02/2025", b"29/02/2024 24:00", b"2025-01", b"9999-12-31T23:59:59Z",
    b"0001-01-01", b"1/1/70", b"45000.5", b"-2.03", b"53.35", b"371051", b"CW1 2BD", b"SJ4050",
    b"E05000001", b"<", b"&", b"]]>", b"<!DOCTYPE x>", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3",
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"SQLite format 3\0", b"[", b"{", b"[[", b"]", b"}",
    b"null", b"true", b"\\u0000", b"\\", b"'", b"'''", b"#", b"\xff" * 4, b"\0" * 8, b"\x7f" * 8,
    b"A" * 300, b"9" * 400, b"[" * 2000, "é🐌\u202e".encode(), "١٢".encode(), "²".encode(),
]  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),
        st.integers(0, 40) | st.integers(0, 1 << 16),
        st.sampled_from(PIECES) | st.binary(max_size=24),
    ),
    max_size=6,
)


def spoilt(whole: bytes, edits) -> bytes:
    """Bytes with some cut out and others put in; places count round the end."""
    for place, gone, new in edits:
        at = place % (len(whole) + 1)
        whole = whole[:at] + new + whole[at + gone :]
    return whole


def spoilt_member(whole: bytes, number: int, edits) -> bytes:
    """A zip file with one of its members spoilt, and its checksum right."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        for name in names:
            data = old.read(name)
            new.writestr(name, spoilt(data, edits) if name == names[number % len(names)] else data)
    return out.getvalue()


@dataclass
class Reader:
    """What reads, and sound files (name, bytes) of what it reads; or any values at all."""

    name: str
    read: Callable
    files: list[tuple[str, bytes]] = field(default_factory=list)
    any_of: st.SearchStrategy | None = None

    def given(self) -> st.SearchStrategy:
        if self.any_of is not None:
            return self.any_of
        inner = st.none() | st.integers(0, 30)
        return st.tuples(st.integers(0, len(self.files) - 1), inner, EDITS)

    def call(self, value, folder: Path) -> None:
        if self.any_of is not None:
            self.read(value)
            return
        number, member, edits = value
        name, whole = self.files[number]
        inner = member is not None and whole.startswith(b"PK")
        data = spoilt_member(whole, member, edits) if inner else spoilt(whole, edits)
        path = folder / name
        path.write_bytes(data)
        self.read(path)


def of_agency(path: Path) -> None:
    _, mapping = agencies.preview(path)
    columns = mapping.columns or {"begins": "Date"}
    keep_text = len(columns) % 2 == 0
    mapping = replace(mapping, source="A", columns=columns, keep_text=keep_text)
    list(agencies.read_files([path], mapping, salt=SALT))


def of_basemap(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        basemaps.import_basemap(path, Path(folder), test_basemaps.BOUNDS)
        basemaps.load_basemap(Path(folder))


def of_archive(path: Path) -> None:
    data = path.read_bytes()

    class Site:
        """Gives parts of the file, as a site does."""

        def find(self, url):
            return Remote(url, len(data), "x", ranges=True)

        def part(self, _, start, stop):
            return data[start:stop]

    snapshot = police_uk_archive.open_snapshot(Site(), "https://x/2025-01.zip")
    for member in snapshot.members[:4]:
        police_uk_archive.read_member(Site(), snapshot, member)
    months = pd.period_range("2025-01", "2025-03", freq="M")
    list(police_uk_archive.read_whole(path, FORCE, months))


def police_answer(value) -> None:
    echo = police_answers.Echo(value)
    month, area = police_answers.MONTH, police_answers.AREA

    def reports(_):
        kept = police_uk_area.ask_month(echo, "", month, area, force="x", name="X")
        parse(kept.street_file(), "x")

    every(
        lambda _: police_uk_web.forces(echo, ""),
        lambda _: police_uk_web.months_published(echo, ""),
        lambda _: police_uk_web.neighbourhoods(echo, "", "x"),
        lambda _: police_uk_web.outline(echo, "", "x", "y"),
        reports,
    )(value)


def ons_answer(value) -> None:
    echo = ons_answers.Echo(value)
    service = ons_services.WardService("x", "x", 2025, "WD25CD", "LAD25CD", "LAD25NM")
    every(
        lambda _: ons_services.newest_wards(echo, "x", ["y/FeatureServer/0"]),
        lambda _: ons_web.authorities(echo, service),
        lambda _: ons_web.authorities_at(echo, service, [(0, 0)]),
        lambda _: list(ons_web.pages(echo, service, ["E06000006"])),
    )(value)


def of_bytes(read: Callable) -> Callable:
    return lambda path: read(path.read_bytes(), path.name)


def of_text(read: Callable) -> Callable:
    return lambda path: read(path.read_bytes().decode("utf-8", "replace"))


def every(*asked: Callable) -> Callable:
    """All of them on one value, each for itself; the first fault counts."""

    def read(value):
        refusals = []
        for one in asked:
            try:
                one(value)
            except HotspotsError as error:
                refusals.append(error)
        if refusals:
            raise refusals[0]

    return read


def saved(folder: Path, frame: gpd.GeoDataFrame, name: str) -> bytes:
    frame.to_file(folder / name)
    return (folder / name).read_bytes()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def readers(folder: Path) -> list[Reader]:
    """Each reader with sound files to spoil, made in a folder."""
    csvs = [
        (path.name, b"".join(path.open("rb").readlines()[:12])) for path in EXAMPLES.glob("*.csv")
    ]
    book = test_hostile_tables.filthy(folder / "book.xlsx").read_bytes()
    maps = [
        (name, test_hostile_tables.points(folder / name).read_bytes())
        for name in ("reports.gpkg", "reports.geojson")
    ]
    street = month_csv(rows=6)
    wards = squares()
    shapes = folder / "shapes"
    shapes.mkdir()
    wards.to_file(shapes / "wards.shp")
    codepoint = (
        b'"CW1 2BD",10,371051,354775,"E92","","","","",""\n'
        b'"CH1 1AB",10,341060,366330,"","","","","",""\n'
    )
    people = b"ward_code,name,residents,lsoas\nE05000001,Acton,100,3\nE05000002,Bunbury,250,4\n"
    pings = (
        b"unit,time,easting,northing\nA1,2025-06-02 18:00,371051,354775\n"
        b"A1,2025-06-02T18:00:30Z,371060,354780\n"
    )
    months = {f"2025-0{n}/2025-0{n}-cheshire-street.csv": street for n in (1, 2)}
    onspd = b"pcd,pcds,oseast1m,osnrth1m\nCW1 2BD,CW1 2BD,371051,0354775\n"
    here = (12, *mbtiles.place_of(12, -2.87, 53.206), test_basemaps.PNG)
    tiles = test_basemaps.raster(folder / "tiles.mbtiles", [here]).read_bytes()
    zoomstack = test_basemaps.geopackage(folder / "zoom.gpkg", test_basemaps.LAYERS).read_bytes()
    days = b"name,from,to\nTerm,2025-01-06,2025-01-08\nFair,01/02/2025,\n"
    mapping = (
        b'source = "A"\nkind = "council"\nday_first = true\nasb = ["Noise"]\n\n[columns]\n'
        b'begins = "Date"\nqualifier = "Q"\n\n[words.qualifier]\n"P1" = "personal"\n'
    )
    places = [b"SJ 40506 66325", b"341060, 366330", b"53.19, -2.88", b"https://x/@53.19,-2.88,17z"]
    outlines = [
        b'{"type":"Polygon","coordinates":[[[-2.9,53.1],[-2.8,53.1],[-2.8,53.2],[-2.9,53.1]]]}',
        b"POLYGON ((341000 366000, 342000 366000, 342000 367000, 341000 366000))",
        b"341000 366000\n342000 366000\n342000 367000",
    ]
    return [
        Reader("a partner's CSV", of_agency, [
            *csvs,
            ("utf16.csv", csvs[0][1].decode().encode("utf-16")),
            ("zipped.zip", zipped({"reports.csv": csvs[0][1]})),
            ("packed.csv.gz", gzip.compress(csvs[0][1], mtime=0)),
        ]),
        Reader("a partner's workbook", of_agency, [("book.xlsx", book)]),
        Reader("a partner's map file", of_agency, maps),
        Reader("a mapping", of_text(lambda text: of_toml(text, "x.toml")), [("x.toml", mapping)]),
        Reader("street files", police_uk.read, [
            ("2025-01-cheshire-street.csv", street),
            ("2025-01-cheshire-street.csv.gz", gzip.compress(street, mtime=0)),
            ("download.zip", zipped({"2025-01/2025-01-cheshire-street.csv": street})),
        ]),
        Reader("an archive on a site", of_archive, [
            ("2025-01.zip", zipped(months)),
        ]),
        Reader("ward boundaries", ons.read, [
            ("wards.geojson", geojson(folder, wards).read_bytes()),
            ("wards.gpkg", saved(folder, wards, "wards.gpkg")),
            ("wards.zip", zipped({path.name: path.read_bytes() for path in shapes.iterdir()})),
        ]),
        Reader("populations", population.read, [
            ("people.csv", people),
        ]),
        Reader("postcodes", lambda path: postcodes.read([path]), [
            ("codepo.csv", codepoint),
            ("onspd.csv", onspd),
            ("codepo.zip", zipped({"Data/cw.csv": codepoint, "Doc/readme.txt": b"x"})),
        ]),
        Reader("a list of days", every(
            of_bytes(lambda data, name: day_lists.read_day_list(data, file=name)),
            of_bytes(lambda data, name: day_lists.named_days(data, file=name)),
        ), [("days.csv", days)]),
        Reader("visits", of_bytes(visit_files.read_visits),
               [("visits.csv", test_visit_files.PLAIN.encode())]),
        Reader("positions of radios", of_bytes(visit_files.read_pings), [
            ("pings.csv", pings),
        ]),
        Reader("a typed place", of_text(typed_places.place),
               [(f"{n}.txt", text) for n, text in enumerate(places)]),
        Reader("a pasted outline", of_text(typed_places.outline),
               [(f"{n}.txt", text) for n, text in enumerate(outlines)]),
        Reader("base maps", of_basemap, [("zoom.gpkg", zoomstack), ("tiles.mbtiles", tiles)]),
        Reader("terms of the review", of_text(review_terms.parse),
               [("terms.toml", review_terms.text(folder).encode())]),
        Reader("answers of data.police.uk", police_answer,
               any_of=police_answers.anything | police_answers.reports),
        Reader("answers of ONS", ons_answer, any_of=ons_answers.anything | ons_answers.answers),
        Reader("links", lambda query: Selection.from_query(query, test_selection.CHOICES),
               any_of=st.dictionaries(st.sampled_from(test_selection.NAMES), st.text())),
    ]  # fmt: skip


unseen: list[BaseException | None] = []  # what was raised in a call from C, and lost there


def check(reader: Reader, value, folder: Path) -> None:
    """Read, or be refused in one sentence."""
    faulthandler.dump_traceback_later(HUNG_S, exit=True)
    unseen.clear()
    try:
        reader.call(value, folder)
    except HotspotsError as error:
        said = str(error)
        assert said.endswith((".", "?")), f"no sentence: {said!r}"
        assert "\n" not in said, f"several lines: {said!r}"
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert not unseen, f"raised where nobody sees it: {unseen[0]!r}"


def attempt(reader: Reader, number: int, examples: int, folder: Path, told: Counter) -> None:
    """Some examples with one seed; what goes wrong is printed once for each place it does."""

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(reader.given())
    def run(value):
        told["examples of " + reader.name] += 1
        last[:] = [value]
        started = time.monotonic()
        check(reader, value, folder)
        took = time.monotonic() - started
        if took > SLOW_S:
            print(f"slow: {reader.name}, {took:.0f} s: {value!r}", flush=True)

    last: list = []
    try:
        run()
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        frames = [
            each for each in traceback.extract_tb(error.__traceback__) if _ours(each.filename)
        ]
        where = f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}"
        key = f"fault of {reader.name}: {where}"
        told[key] += 1
        if told[key] == 1:
            named = reader.files[last[0][0]][0] if reader.any_of is None else ""
            print(f"{key} (seed {number}) {named}\n  {last[0]!r}\n  {error!r:.400}", flush=True)
            traceback.print_exception(error, limit=-6)


def _ours(filename: str) -> bool:
    return "/hotspots/" in filename or filename == __file__


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--examples", type=int, default=100, help="of a reader at a time")
    asked.add_argument("--only", default="", help="readers whose name holds this")
    asked.add_argument("--seed", type=int, default=0, help="the first one")
    given_ = asked.parse_args()
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda lost: unseen.append(lost.exc_value)
    end = time.monotonic() + 60 * given_.minutes
    told: Counter = Counter()
    with tempfile.TemporaryDirectory() as name:
        chosen = [one for one in readers(Path(name)) if given_.only in one.name]
        for number in itertools.count(given_.seed):
            for reader in chosen:
                attempt(reader, number, given_.examples, Path(name), told)
                if time.monotonic() > end:
                    break
            if time.monotonic() > end:
                break
            print(f"seed {number} done, {_megabytes()} MB", flush=True)
    for key, count in sorted(told.items()):
        print(f"{count:>9,} {key}")
    print(f"peak memory {_megabytes()} MB")
    sys.exit(any(key.startswith("fault") for key in told))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    main()
