import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.sources import arcgis, ons, ons_services, ons_web
from hotspots.sources.web import Body, NoWayError, Web, WebError
from tests.local_server import Fault, running

TOWNS = {"E06000006": "Halton", "E06000007": "Warrington", "E06000049": "Cheshire East"}


def wards(year=25, per_town=7, *, upper=True):
    """Wards in rows of squares, one row a local authority."""
    rows = []
    for row, (code, name) in enumerate(TOWNS.items()):
        for n in range(per_town):
            box = shapely.box(-3 + n / 50, 53 + row / 50, -3 + (n + 1) / 50, 53 + (row + 1) / 50)
            ward = f"E05{row}{n:05d}"
            rows.append((ward, f"{name} {n}", " ", code, name, box))
    names = [f"WD{year}CD", f"WD{year}NM", f"WD{year}NMW", f"LAD{year}CD", f"LAD{year}NM"]
    columns = names if upper else [name.lower() for name in names]
    return gpd.GeoDataFrame(
        pd.DataFrame([row[:-1] for row in rows], columns=columns),
        geometry=[row[-1] for row in rows],
        crs="EPSG:4326",
    )


def small_areas(year=25, per_ward=3):
    """Small areas of those wards, in the columns of ONS's lists."""
    held = wards(year).drop(columns="geometry")
    held = held.loc[held.index.repeat(per_ward)].reset_index(drop=True)
    codes = [f"E01{n:06d}" for n in range(len(held))]
    nowhere = gpd.GeoSeries([None] * len(held), crs="EPSG:4326")
    return gpd.GeoDataFrame(held.assign(LSOA21CD=codes), geometry=nowhere)


def small_area_table(held):
    """The table of every small area, in the columns that it is published with."""
    number = pd.Series(range(len(held)))
    table = pd.DataFrame(
        {
            "LSOA code (2021)": held["LSOA21CD"],
            "LSOA name (2021)": held.iloc[:, 4],
            "Index of Multiple Deprivation (IMD) Score": 20.5,
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": 1
            + number % 10,
            "Income Decile (where 1 is most deprived 10% of LSOAs)": 3,
            "Total population: mid 2022": 1_000 + number,
            "Dependent Children aged 0-15: mid 2022": 200,
        }
    )
    return table.to_csv(index=False).encode()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as (site, base):
        site.url = f"{base}/services"
        site.services = {
            "LAD_MAY_2026_UK_BGC": wards(26),
            "WD_MAY_2023_UK_BGC": wards(23),
            "WD_MAY_2025_UK_BGC_V2": wards(25),
            "WD_DEC_2025_UK_BSC": wards(25),
        }
        yield site


@pytest.fixture
def web():
    with Web(sleep=lambda _: None, tries=2) as web:
        yield web


@pytest.fixture
def service(site, web):
    return ons_services.newest_wards(web, site.url, [])


def known(site, *names):
    return [f"{site.url}/{name}/FeatureServer/0" for name in names]


def test_the_newest_that_is_fine_enough(service):
    assert service.name == "WD_MAY_2025_UK_BGC_V2"
    assert (service.vintage, service.code, service.authority) == (2025, "WD25CD", "LAD25CD")


def test_the_order_of_services():
    names = [
        "Wards_December_2024_Boundaries_UK_BGC",
        "WD_MAY_2026_UK_BSC",
        "WD_MAY_2026_UK_BFC",
        "WD_MAY_2026_UK_BGC",
        "WD25_LAD25_UK_LU",
        "WD_MAY_2025_UK_BGC_V2",
        "WD_DEC_2025_UK_BFC",
    ]
    assert ons_services.ranked(names) == [
        "WD_MAY_2026_UK_BGC",
        "WD_MAY_2026_UK_BFC",
        "WD_DEC_2025_UK_BFC",
        "WD_MAY_2025_UK_BGC_V2",
        "Wards_December_2024_Boundaries_UK_BGC",
        "WD_MAY_2026_UK_BSC",
    ]


def test_known_services_where_the_list_is_not_given(site, web):
    site.listed = False
    chosen = ons_services.newest_wards(
        web, site.url, known(site, "WD_MAY_2027_UK_BGC", "WD_MAY_2023_UK_BGC")
    )
    assert chosen.vintage == 2023
    with pytest.raises(WebError, match="Invalid URL"):
        ons_services.newest_wards(web, site.url, known(site, "WD_MAY_2027_UK_BGC"))
    with pytest.raises(WebError, match="import a file of them"):
        ons_services.newest_wards(web, site.url, [])


def test_a_service_without_ward_codes_is_passed_over(site, web):
    site.services = {"WD_MAY_2026_UK_BGC": wards(26).rename(columns={"WD26CD": "X"})} | {
        "WD_MAY_2023_UK_BGC": wards(23)
    }
    assert ons_services.newest_wards(web, site.url, []).vintage == 2023


def test_columns_in_lower_case(site, web):
    site.services = {"WD_MAY_2025_UK_BGC": wards(25, upper=False)}
    assert ons_services.newest_wards(web, site.url, []).code == "wd25cd"


def test_authorities_by_name(site, web, service):
    site.page = 2  # three local authorities in two pages
    found = ons_web.authorities(web, service)
    assert found == TOWNS
    chosen = ons_web.chosen_authorities(["cheshire  EAST", "E06000006"], found)
    assert chosen == {"E06000049": "Cheshire East", "E06000006": "Halton"}
    with pytest.raises(SourceError, match="did you mean Warrington"):
        ons_web.chosen_authorities(["Warington"], found)
    with pytest.raises(SourceError, match="write its name as ONS does"):
        ons_web.chosen_authorities(["x" * 5_000], found)


def test_authorities_where_reports_lie(web, service):
    inside = [(-2.99, 53.01), (-2.93, 53.05)]
    assert ons_web.authorities_at(web, service, inside) == {
        "E06000006": "Halton",
        "E06000049": "Cheshire East",
    }


@pytest.mark.parametrize("page", [2_000, 14, 5, 1])
def test_pages(site, web, service, page, tmp_path):
    site.page = page
    codes = ["E06000006", "E06000007"]
    got = list(ons_web.pages(web, service, codes))
    assert len(got) == -(-14 // page)
    paths = []
    for number, data in enumerate(got):
        paths.append(tmp_path / f"{number}.geojson")
        paths[-1].write_bytes(data)
    read, report = ons.read_many(paths)
    assert len(read) == 14
    assert sorted(set(read["authority_name"])) == ["Halton", "Warrington"]
    assert not report.left_out


def test_a_page_that_is_cut_is_asked_again(site, web, service):
    site.page = 5
    site.faults.append(Fault("resultOffset=5", "cut", at=200))
    features = [json.loads(page)["features"] for page in ons_web.pages(web, service, ["E06000006"])]
    assert sum(map(len, features)) == 7


def test_too_few_wards_are_refused(site, web, service):
    real = site.arcgis
    site.arcgis = lambda path, query: real(path, query | {"resultOffset": "999"})
    with pytest.raises(WebError, match="gave 0 wards of 7"):
        list(ons_web.pages(web, service, ["E06000006"]))


def test_an_error_in_place_of_an_answer(site, web, service):
    with pytest.raises(WebError, match=r"cannot answer: 'where' parameter is invalid"):
        arcgis.ask(web, service.url, {"where": "LAD25NM = 'x'", "f": "json"})


@pytest.mark.parametrize("kind", ["login", "garbage", "silent"])
def test_a_fault_is_a_sentence(site, web, service, kind):
    site.faults.append(Fault("/services", kind, times=99))
    with pytest.raises(WebError) as error:
        list(ons_web.pages(web, service, ["E06000006"]))
    assert str(error.value).endswith(".")


def test_many_authorities_go_by_post(site, web, service):
    codes = [f"E07{number:06d}" for number in range(400)] + ["E06000006"]
    assert ons_web.count(web, service, codes) == 7
    assert site.asked[-1][0] == "POST"


def test_no_network(web):
    with pytest.raises(NoWayError, match="no network"):
        ons_services.newest_wards(web, "http://no-such-site.invalid/services", [])


def refusal(asking):
    """The sentence of a refusal; a full stop where there was none."""
    try:
        asking()
    except HotspotsError as error:
        return str(error)
    return "."


class Echo:
    """A service that gives the same answer to everything."""

    def __init__(self, value):
        self.value = value

    def json(self, *_, **__):
        return Body(self.value, json.dumps(self.value).encode())


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
rows = st.lists(
    anything
    | st.fixed_dictionaries(
        {
            "attributes": anything
            | st.dictionaries(st.sampled_from(["WD25CD", "LAD25CD", "LAD25NM"]), anything)
        }
    ),
    max_size=3,
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "features": anything | rows,
        "count": anything,
        "services": anything | rows,
        "error": anything,
        "exceededTransferLimit": st.booleans(),
    },
)


@settings(max_examples=300, deadline=None)
@given(value=anything | answers)
@example(value={"error": "\n"})
def test_any_answer_is_read_or_refused_in_a_sentence(value):
    echo = Echo(value)
    service = ons_services.WardService("x", "x", 2025, "WD25CD", "LAD25CD", "LAD25NM")
    for asking in (
        lambda: ons_services.newest_wards(echo, "x", ["y/FeatureServer/0"]),
        lambda: ons_web.authorities(echo, service),
        lambda: ons_web.authorities_at(echo, service, [(0, 0)]),
        lambda: list(ons_web.pages(echo, service, ["E06000006"])),
    ):
        said = refusal(asking)
        assert said.endswith(".")
        assert "\n" not in said
