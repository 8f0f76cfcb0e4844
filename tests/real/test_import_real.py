"""Real files through the importers, held against what was counted in them by hand."""

import numpy as np
import pandas as pd
import pytest

from hotspots.library import Library, import_police_uk, import_population, import_wards
from hotspots.sources import police_uk
from hotspots.tables.incidents import asb, located
from tests.real import load

pytestmark = load.real

NORTHUMBRIA = "Northumbria Police"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("data"))
    import_police_uk([load.folder() / "police_uk"], library)
    return library


def test_cheshire_2025(library):
    incidents = library.incidents(forces=["Cheshire Constabulary"])
    reports = asb(incidents)
    assert len(incidents) == 80_955
    assert len(reports) == 7_248
    places = located(reports).geometry
    assert len(set(zip(places.x, places.y, strict=True))) == 3_631
    assert incidents.geometry.notna().all()


def test_northumbria_has_a_gap_and_rows_without_a_place(library):
    holdings = library.holdings().set_index("force").loc[NORTHUMBRIA]
    assert holdings["asb_rows"] == 146_248
    assert len(holdings["held"]) == 33
    assert holdings["missing"] == [pd.Period("2022-01")]
    reports = library.incidents(forces=[NORTHUMBRIA], category="Anti-social behaviour")
    assert len(reports) == 146_248
    assert round(100 * reports.geometry.isna().mean(), 2) == 0.46


def test_identical_rows_are_all_kept(library):
    reports = library.incidents(forces=[NORTHUMBRIA], category="Anti-social behaviour")
    told_apart = reports.assign(x=reports.geometry.x, y=reports.geometry.y)
    same = told_apart.duplicated(["month", "street", "lsoa", "x", "y"])
    assert round(same.mean(), 2) == 0.39


def test_the_same_incidents_as_read_another_way(library):
    ours = library.incidents(forces=["Cheshire Constabulary"])
    theirs = load.cheshire()
    for column in ("month", "category", "lsoa"):
        assert (ours[column].astype(str).to_numpy() == theirs[column].astype(str).to_numpy()).all()
    apart = np.hypot(
        ours.geometry.x.to_numpy() - theirs.geometry.x.to_numpy(),
        ours.geometry.y.to_numpy() - theirs.geometry.y.to_numpy(),
    )
    assert apart.max() <= 0.02


def test_months_read_without_a_library(library):
    incidents, report = police_uk.read(load.folder() / "police_uk" / "2025-06")
    held = library.incidents(first=pd.Period("2025-06"), last=pd.Period("2025-06"))
    assert report.rows == len(held)
    pd.testing.assert_series_equal(incidents["street"].astype("str"), held["street"].astype("str"))


def test_wards_of_two_years_and_residents(library):
    boundaries = load.folder() / "boundaries"
    import_wards(sorted(boundaries.glob("ward_*.geojson")), library)
    import_wards([boundaries / "wards_2020"], library)
    people = load.folder() / "population" / "cheshire_ward24_bestfit_pop_census2021.csv"
    import_population([people], library)
    assert library.vintages() == [2020, 2025]
    assert len(library.wards()) == 137
    assert len(library.wards(2020)) == 140
    assert library.wards().groupby("authority_name").size().to_dict() == {
        "Cheshire East": 52,
        "Cheshire West and Chester": 45,
        "Halton": 18,
        "Warrington": 22,
    }
    assert library.wards()["residents"].sum() == 1_095_404
    assert library.wards(2020)["residents"].isna().sum() == 21
