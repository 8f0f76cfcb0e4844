import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.settings import ASB
from hotspots.sources import police_uk, police_uk_archive, police_uk_area, police_uk_web
from hotspots.sources.street_csv import parse
from hotspots.sources.web import Body, Web, WebError
from tests.local_server import Fault, report, running, say
from tests.sources.written import month_csv

MONTH = pd.Period("2025-09")
BORDER = (-2.5, 53.2)  # the middle of the force's area, where four quarters meet


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as (site, base):
        site.url = f"{base}/api"
        site.archive_url = f"{base}/data/archive/latest.zip"
        site.dates = ["2025-09"]
        yield site


@pytest.fixture
def web():
    with Web(sleep=lambda _: None, tries=3) as web:
        yield web


def crowd(number, seed=1):
    """Reports of one force, many of them identical, some exactly where tiles meet."""
    at = np.random.default_rng(seed)
    points = np.column_stack([at.uniform(-2.9, -2.1, number), at.uniform(53.05, 53.35, number)])
    points = np.round(points[at.integers(0, number // 2, number)], 6)
    points[: number // 10] = BORDER
    points[number // 10 : number // 5, 0] = BORDER[0]
    return [report(lng, lat) for lng, lat in points]


AREA = shapely.box(-3.0, 53.0, -2.0, 53.4)


def ask(web, site, area=AREA):
    return police_uk_area.ask_month(
        web, site.url, MONTH, area, force="cheshire", name="Cheshire Constabulary"
    )


# ---- forces and months


def test_forces_by_name(site, web):
    known = police_uk_web.forces(web, site.url)
    assert known == site.forces
    for asked in ("cheshire", "Cheshire Constabulary", " CHESHIRE ", "cheshire-constabulary"):
        assert police_uk_web.chosen_force(asked, known) == "cheshire"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("chesire", "Cheshire Constabulary (cheshire)"),
        ("Police", "Kent Police (kent) or Essex Police (essex)"),
        ("qqqq", "see data.police.uk"),
        ("", "see data.police.uk"),
        ("x" * 10_000, "see data.police.uk"),
    ],
)
def test_an_unknown_force_is_told_the_closest(asked, meant):
    known = {
        "cheshire": "Cheshire Constabulary",
        "kent": "Kent Police",
        "essex": "Essex Police",
    }
    with pytest.raises(SourceError) as error:
        police_uk_web.chosen_force(asked, known)
    assert meant in str(error.value)
    assert len(str(error.value)) < 300


def test_months(site, web):
    site.dates = ["2025-10", "2025-08", "2025-09"]
    assert police_uk_web.months_published(web, site.url) == [
        pd.Period(month) for month in ("2025-08", "2025-09", "2025-10")
    ]


@pytest.mark.parametrize("value", ['{"error": 1}', "[1, 2]", "null", '"no"', "[[]]"])
def test_an_answer_of_another_shape_is_a_sentence(value):
    with pytest.raises(WebError, match="its API may have changed"):
        police_uk_web.each(json.loads(value), "months")


# ---- a force's reports by area


@pytest.mark.parametrize("borders", [True, False])
@pytest.mark.parametrize("most", [10_000, 700, 120])
def test_quarters_neither_double_nor_lose(site, web, most, borders):
    site.reports, site.most, site.borders = crowd(1_000), most, borders
    answers = ask(web, site)
    assert len(answers.reports) == 1_000

    def places(reports):
        return sorted((r["location"]["longitude"], r["location"]["latitude"]) for r in reports)

    assert places(answers.reports) == places(site.reports)
    if most < 1_000:
        assert len(site.paths("crimes-street/")) > 4


def test_a_place_with_more_than_the_most_is_a_sentence(site, web):
    site.reports, site.most = [report(*BORDER)] * 50, 49
    with pytest.raises(WebError) as error:
        ask(web, site)
    assert error.value.status == 503
    assert len(site.asked) < 100


def test_out_of_service_is_not_taken_for_too_many(site, web):
    site.faults.append(Fault("/api/", "status", times=999))
    with pytest.raises(WebError, match="out of service"):
        ask(web, site)
    assert len(site.asked) < 10


def test_too_many_requests_are_waited_for(site, web):
    site.reports = crowd(50)
    site.faults.append(Fault("crimes-street/", "status", times=2, status=429))
    assert len(ask(web, site).reports) == 50


def test_reports_of_neighbours_are_left_where_they_lie(site, web):
    site.reports = [report(-2.5, 53.2), report(-1.5, 53.2), report(-2.5, 53.39)]
    ring = AREA.difference(shapely.box(-2.6, 53.35, -2.4, 53.4))
    assert len(ask(web, site, ring).reports) == 1


def test_islands_are_asked_for_together(site, web):
    site.reports = [report(-2.9, 53.1), report(-2.5, 53.2), report(-2.05, 53.3)]
    islands = shapely.union(shapely.box(-3, 53, -2.8, 53.4), shapely.box(-2.1, 53, -2, 53.4))
    assert len(ask(web, site, islands).reports) == 2
    assert len(site.paths("crimes-street/")) == 1


def test_long_outlines_go_by_post(site, web):
    site.reports = crowd(100)
    round_area = shapely.Point(-2.5, 53.2).buffer(1, quad_segs=400)
    assert len(ask(web, site, round_area).reports) == 100
    (method, *_), *_ = [asked for asked in site.asked if "crimes-street/" in asked[1]]
    assert method == "POST"
    assert len(ask(web, site).reports) == 100  # and a rectangle by GET
    assert [one[0] for one in site.asked if "crimes-street/" in one[1]] == ["POST", "GET"]


def test_very_long_outlines_are_thinned_without_losing_any(site, web):
    at = np.random.default_rng(2)
    angles = np.linspace(0, 2 * np.pi, 20_000)
    radius = 0.5 + 0.02 * at.random(20_000)
    coast = shapely.Polygon(
        np.column_stack([-2.5 + radius * np.cos(angles), 53.2 + 0.4 * radius * np.sin(angles)])
    ).buffer(0)
    edge = shapely.get_coordinates(coast)[::100]
    site.reports = [report(lng, lat) for lng, lat in np.round(edge, 6)]
    answers = ask(web, site, coast)
    assert len(answers.reports) == len(site.reports)
    sent = next(one[2]["poly"] for one in site.asked if "crimes-street/" in one[1])
    assert sent.count(":") < 1_000


def test_railway_police_are_left_out_and_those_without_a_place_kept(site, web):
    site.reports = [report(-2.5, 53.2), report(-2.5, 53.2, location_type="BTP")]
    site.no_location = [report(0, 0, location=None, location_type=None)]
    answers = ask(web, site)
    assert (len(answers.reports), answers.railway) == (2, 1)
    (rows,) = parse(answers.street_file(), "x").rows
    assert rows.table["easting"].null_count == 1


def test_another_month_than_asked_for_is_refused(site, web):
    site.no_location = []
    site.reports = [report(-2.5, 53.2)]
    site.street = lambda *_: say([report(-2.5, 53.2, month="2025-08")])
    with pytest.raises(WebError, match="gave another month"):
        ask(web, site)


@pytest.mark.parametrize("place", [None, {}, {"longitude": "x", "latitude": "1"}, {"latitude": 1}])
def test_a_report_without_coordinates_is_a_sentence(site, web, place):
    site.street = lambda *_: say([report(-2.5, 53.2) | {"location": place}])
    with pytest.raises(WebError, match="without longitude and latitude"):
        ask(web, site)


def test_outlines(site, web):
    site.outlines = {
        "AA 1/x": [(-3, 53), (-2.5, 53), (-2.5, 53.4), (-3, 53.4)],
        "crossed": [(-2.5, 53), (-2, 53.4), (-2, 53), (-2.5, 53.4)],
        "line": [(-2.5, 53), (-2, 53.4)],
    }
    names = police_uk_web.neighbourhoods(web, site.url, "cheshire")
    shapes = [police_uk_web.outline(web, site.url, "cheshire", name) for name in names]
    assert shapes[0].area == pytest.approx(0.2)
    assert shapes[1].is_valid
    assert shapes[2] is None
    assert police_uk_web.outline(web, site.url, "cheshire", "none") is None
    assert police_uk_web.united([]) is None


def test_the_same_answers_give_the_same_file_and_hash(site, web):
    site.reports = crowd(40)
    first = ask(web, site)
    again = ask(web, site)
    assert (first.sha256, first.street_file()) == (again.sha256, again.street_file())
    site.reports = site.reports[::-1]
    assert ask(web, site).street_file() == first.street_file()


def test_hostile_words_stay_words(site, web):
    site.reports = [
        report(-2.5, 53.2, street='=HYPERLINK("x")\n"; DROP'),
        report(-2.5, 53.2, street="<b>,,,"),
    ]
    (rows,) = parse(ask(web, site).street_file(), "x").rows
    assert rows.table.num_rows == 2


# ---- the archive


def archive(months=("2025-08", "2025-09"), forces=("cheshire", "kent")):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        for month in months:
            for force in forces:
                stem = f"{month}/{month}-{force}"
                zipped.writestr(f"{stem}-street.csv", month_csv(month, 4_000))
                zipped.writestr(f"{stem}-outcomes.csv", os.urandom(100_000))
                zipped.writestr(f"{stem}-stop-and-search.csv", b"x")
    return sink.getvalue()


@pytest.fixture(scope="module")
def packed():
    return archive()


def published(site, data):
    site.archives["2025-09"], site.latest = data, "2025-09"


def test_only_the_files_wanted_come_down(site, web, packed):
    published(site, packed)
    snapshot = police_uk_archive.open_snapshot(web, site.archive_url)
    assert [(str(m.month), m.force) for m in snapshot.members] == [
        ("2025-08", "cheshire"), ("2025-08", "kent"), ("2025-09", "cheshire"), ("2025-09", "kent"),
    ]  # fmt: skip
    member = snapshot.members[2]
    before, asked = site.sent, len(site.paths("/kept/"))
    assert police_uk_archive.read_member(web, snapshot, member) == month_csv("2025-09", 4_000)
    assert site.sent - before == member.packed
    assert len(site.paths("/kept/")) - asked == 1
    assert member.packed < len(packed) / 5


def test_a_file_that_does_not_fit_its_checksum(site, web, packed):
    published(site, packed)
    snapshot = police_uk_archive.open_snapshot(web, site.archive_url)
    site.faults.append(Fault("/kept/", "damaged"))
    with pytest.raises(SourceError, match="does not fit its checksum"):
        police_uk_archive.read_member(web, snapshot, snapshot.members[0])


@pytest.mark.parametrize("data", [b"PK", b"", b"x" * 100_000, archive()[:-200], archive()[:50_000]])
def test_what_is_no_archive_is_a_sentence(site, web, data):
    published(site, data)
    with pytest.raises(SourceError) as error:
        police_uk_archive.open_snapshot(web, site.archive_url)
    assert str(error.value).endswith(".")


def test_a_zip_whose_directory_lies_is_a_sentence(site, web, packed):
    at = packed.rindex(b"PK\x05\x06") + 12  # the directory's size and place
    for size, place in ((2**31, 0), (10, 10), (2**32 - 2, 2**32 - 2)):
        lying = packed[:at] + size.to_bytes(4, "little") + place.to_bytes(4, "little")
        published(site, lying + packed[at + 8 :])
        with pytest.raises(SourceError):
            police_uk_archive.open_snapshot(web, site.archive_url)


def test_a_bomb_is_not_unpacked(site, web):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("2025-09/2025-09-cheshire-street.csv", b"\0" * (40 << 20))
        zipped.writestr("../2025-09-kent-street.csv", b"x")
    published(site, sink.getvalue())
    snapshot = police_uk_archive.open_snapshot(web, site.archive_url)
    (member,) = snapshot.members
    with pytest.raises(SourceError, match="as no honest table does"):
        police_uk_archive.read_member(web, snapshot, member)


def test_a_name_that_is_no_text_where_the_file_begins(site, web, tmp_path):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as zipped:
        zipped.writestr("é/2025-09-cheshire-street.csv", month_csv("2025-09", 2))
    data = sink.getvalue().replace("é".encode(), b"\xff\xff", 1)
    published(site, data)
    snapshot = police_uk_archive.open_snapshot(web, site.archive_url)
    with pytest.raises(SourceError, match="came damaged"):
        police_uk_archive.read_member(web, snapshot, snapshot.members[0])
    path = tmp_path / "download.zip"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="damaged inside"):
        police_uk.read(path)


def test_a_whole_archive(tmp_path, packed):
    path = tmp_path / "latest.zip"
    path.write_bytes(packed)
    found = list(police_uk_archive.read_whole(path, "cheshire", {MONTH}))
    assert [name for name, _ in found] == ["2025-09-cheshire-street.csv"]


# ---- whatever is answered


def refusal(asking):
    """The sentence of a refusal; a full stop where there was none."""
    try:
        asking()
    except HotspotsError as error:
        return str(error)
    return "."


class Echo:
    """A site that gives the same answer to everything."""

    def __init__(self, value):
        self.value = value

    def json(self, *_, **__):
        return Body(self.value, json.dumps(self.value).encode())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
numbers = anything | st.floats(-180, 180).map(str) | st.sampled_from(["53.2", "-2.5"])
places = anything | st.fixed_dictionaries(
    {"longitude": numbers, "latitude": numbers}, optional={"street": anything}
)
NAMES = ("id", "name", "date", "category", "persistent_id", "context", "outcome_status", "month")
reports = st.lists(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(NAMES, anything)
        | {"location": places, "month": st.just("2025-09") | anything, "longitude": numbers}
        | {"latitude": numbers, "location_type": st.sampled_from(["Force", "BTP", None])},
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(value=anything | reports)
def test_any_answer_is_read_or_refused_in_a_sentence(value):
    echo = Echo(value)
    for asking in (
        lambda: police_uk_web.forces(echo, ""),
        lambda: police_uk_web.months_published(echo, ""),
        lambda: police_uk_web.neighbourhoods(echo, "", "x"),
        lambda: police_uk_web.outline(echo, "", "x", "y"),
        lambda: parse(
            police_uk_area.ask_month(echo, "", MONTH, AREA, force="x", name="X").street_file(), "x"
        ),
    ):
        assert refusal(asking).endswith(".")


# ---- the API's own sample, and the archive of the same month


REAL = os.environ.get("HOTSPOTS_REAL_DATA")


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="HOTSPOTS_REAL_DATA names no folder")
@pytest.mark.parametrize("most", [10_000, 60])
def test_the_api_and_the_archive_give_the_same_table(site, web, tmp_path, most):
    """Gloucestershire, September 2025: the sample's part of Cheltenham, read both ways."""
    sample = json.loads(Path(REAL, "api", "crimes-street_all-crime_2025-09.json").read_text())
    points = [
        (float(one["location"]["longitude"]), float(one["location"]["latitude"])) for one in sample
    ]
    area = shapely.MultiPoint(points).convex_hull
    site.reports, site.most, site.borders = sample, most, True
    name = "Gloucestershire Constabulary"
    answers = police_uk_area.ask_month(
        web, site.url, MONTH, area, force="gloucestershire", name=name
    )
    assert len(answers.reports) == len(sample) == 425
    (by_api,) = parse(answers.street_file(), "sample").rows
    api = police_uk.to_incidents([by_api])

    rows = pd.read_parquet(Path(REAL, "national_asb_2025.parquet"))
    rows = rows[(rows["Month"] == "2025-09") & (rows["force"] == "gloucestershire")]
    rows = rows.assign(**{"Crime type": ASB, "Crime ID": "", "Context": ""})
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        text = rows.to_csv(index=False)
        zipped.writestr("2025-09/2025-09-gloucestershire-street.csv", text)
    published(site, sink.getvalue())
    snapshot = police_uk_archive.open_snapshot(web, site.archive_url)
    data = police_uk_archive.read_member(web, snapshot, snapshot.members[0])
    path = tmp_path / snapshot.members[0].name
    path.write_bytes(data)
    archived, _ = police_uk.read(path)

    def table(incidents):
        kept = incidents[incidents["category"] == ASB]
        frame = pd.DataFrame(kept.drop(columns=["geometry", "lsoa"])).astype(str)
        frame["e"], frame["n"] = kept.geometry.x.to_numpy(), kept.geometry.y.to_numpy()
        return frame.sort_values(list(frame)).reset_index(drop=True)

    degrees = shapely.points(rows["Longitude"], rows["Latitude"])
    here = archived[area.buffer(1e-6).covers(degrees)]
    assert len(table(api)) == 89
    pd.testing.assert_frame_equal(table(api), table(here))
    assert any("'S" in street for street in table(here)["street"])


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="HOTSPOTS_REAL_DATA names no folder")
def test_a_real_neighbourhood_is_asked_for_by_its_outline(site, web):
    """St Marks in Cheltenham: 1,068 corners, and 39 of the sample's 89 ASB reports."""
    corners = json.loads(Path(REAL, "api", "boundary_stmarks.json").read_text())
    site.forces = {"gloucestershire": "Gloucestershire Constabulary"}
    site.outlines = {"AA3": [(float(c["longitude"]), float(c["latitude"])) for c in corners]}
    site.reports = json.loads(Path(REAL, "api", "crimes-street_all-crime_2025-09.json").read_text())
    area = police_uk_web.outline(web, site.url, "gloucestershire", "AA3")
    answers = ask(web, site, area)
    asb = [one for one in answers.reports if one["category"] == "anti-social-behaviour"]
    assert len(asb) == 39
