"""Residents by ward, asked of a list of small areas and a table of them, as they are published."""

import pandas as pd
import pytest

from hotspots.errors import SourceError
from hotspots.sources import deprivation, ons_residents, population
from hotspots.sources.web import Web, WebError
from tests.local_server import Fault, running, sites
from tests.sources.test_ons_web import small_area_table, small_areas, wards

LISTS = ("LSOA21_WD24_LAD24_EW_LU", "LSOA21_WD25_LAD25_EW_LU_v2", "LSOA21_WD26_LAD26_EW_LU")


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as (site, base):
        site.services = {"WD_MAY_2025_UK_BGC": wards(25)}
        site.services |= {name: small_areas(int(name[9:11])) for name in LISTS}
        site.residents = small_area_table(small_areas(25))
        site.base = base
        yield site


@pytest.fixture
def web():
    with Web(sleep=lambda _: None, tries=2) as web:
        yield web


def found(site, web, vintage=2025):
    at = sites(site.base)
    return ons_residents.find(web, at.services, at.small_areas, at.residents, vintage=vintage)


def test_the_newest_list_that_is_no_newer_than_the_wards(site, web):
    source = found(site, web)
    assert (source.name, source.vintage) == ("LSOA21_WD25_LAD25_EW_LU_v2", 2025)
    assert (source.area, source.ward, source.authority) == ("LSOA21CD", "WD25CD", "LAD25CD")
    assert source.table.length == len(site.residents)
    assert found(site, web, 2024).vintage == 2024
    assert found(site, web, 2027).vintage == 2026


def test_a_list_that_is_known_where_services_are_not_listed(site, web):
    site.listed = False
    assert found(site, web).vintage == 2024
    with pytest.raises(WebError, match="in wards of 2023 is known"):
        found(site, web, 2023)


def test_what_cannot_be_had_is_said(site, web):
    site.residents = b""
    with pytest.raises(WebError) as caught:
        found(site, web)
    assert caught.value.status == 404
    site.faults.append(Fault("/services", "login", times=9))
    with pytest.raises(WebError, match="sign-in page"):
        found(site, web)


@pytest.mark.parametrize("page", [2_000, 5, 1])
def test_wards_of_small_areas_come_page_by_page(site, web, page, tmp_path):
    site.page = page
    source = found(site, web)
    codes = ["E06000006", "E06000007", "E06' OR 1=1 --"]
    ward = ons_residents.wards_of(web, source, codes)
    held = small_areas(25)
    mine = held.loc[held["LAD25CD"].isin(codes)]
    assert ward == dict(zip(mine["LSOA21CD"], mine["WD25CD"], strict=True))
    path = tmp_path / "residents.csv"
    path.write_bytes(ons_residents.joined(ward, site.residents, vintage=2025))
    people = population.read(path)
    table = mine.assign(people=1_000 + mine.index, decile=1 + mine.index % 10)
    by_ward = table.groupby("WD25CD")
    pd.testing.assert_series_equal(
        people.sort_index(),
        by_ward["people"].sum().astype(float),
        check_names=False,
        check_index_type=False,
    )
    weighted = (table["people"] * table["decile"]).groupby(table["WD25CD"]).sum()
    expected = weighted / by_ward["people"].sum()
    assert deprivation.read(path).to_dict() == pytest.approx(expected.to_dict())


def test_no_small_area_of_those_authorities(site, web):
    with pytest.raises(WebError, match="names no small area"):
        ons_residents.wards_of(web, found(site, web), ["W06000001"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"LSOA code (2021),Score\nE01000001,1\n", "not the columns"),
        (b"", "cannot be read"),
        (small_area_table(small_areas(25)).replace(b"E01", b"W01"), "it is of England"),
    ],
)
def test_a_table_that_is_not_what_it_should_be(table, said):
    with pytest.raises(SourceError, match=said):
        ons_residents.joined({"E0100000000"[:9]: "E05000001"}, table, vintage=2025)
