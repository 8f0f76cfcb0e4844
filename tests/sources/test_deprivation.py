"""Deprivation of wards from a table of small areas: weighted by residents, kept, never a cause."""

import os
from pathlib import Path

import pandas as pd
import pytest

from hotspots import library as libraries
from hotspots.errors import SourceError
from hotspots.sources import deprivation, population
from hotspots.views import tables, when_words

ROWS = """lsoa21_code,ward24_code,total_residents,IMD_decile,IMD_rank
E01000001,E05000001,1000,2,100
E01000002,E05000001,3000,6,200
E01000003,E05000002,500,,300
E01000004,E05000002,"1,500",9,400
E01000005,E05000003,700,,500
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small areas.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_small_areas_are_added_up_and_weighted_by_their_residents(file):
    residents, report = population.read_with_report(file)
    assert residents.to_dict() == {"E05000001": 4000, "E05000002": 2000, "E05000003": 700}
    assert any("added up by ward" in note for note in report.notes)
    assert deprivation.read(file).to_dict() == {"E05000001": 5.0, "E05000002": 9.0}


def test_a_ward_twice_without_small_areas_is_still_a_fault(tmp_path):
    path = tmp_path / "wards.csv"
    path.write_text("ward_code,residents\nE05000001,10\nE05000001,20\n", encoding="utf-8")
    with pytest.raises(SourceError, match="several rows"):
        population.read(path)
    assert deprivation.read(path).empty


@pytest.mark.parametrize("decile", ["0", "11", "x", "-1"])
def test_what_is_no_decile_is_left_out(file, decile):
    file.write_text(ROWS.replace(",9,400", f",{decile},400"), encoding="utf-8")
    assert deprivation.read(file).to_dict() == {"E05000001": 5.0}


def test_it_is_kept_beside_residents_and_survives_a_newer_count(file, tmp_path):
    library = libraries.Library(tmp_path / "data")
    assert library.deprivation().empty
    said = " ".join(libraries.import_population([file], library).sentences())
    assert "Deprivation, as context beside rates, of 2 wards" in said
    newer = tmp_path / "newer.csv"
    newer.write_text("ward_code,residents\nE05000001,4400\n", encoding="utf-8")
    libraries.import_population([newer], library)
    assert library.deprivation().to_dict() == {"E05000001": 5.0, "E05000002": 9.0}


def test_it_stands_beside_rates_with_what_it_does_not_say():
    league = pd.DataFrame(
        {"name": ["A"], "authority_name": ["B"], "count": [3], "low": [1.0], "high": [8.0],
         "rate": [1.0], "rate_low": [0.5], "rate_high": [2.0]},
    )  # fmt: skip
    assert "Deprivation, mean decile" not in tables.league(league)
    shown = tables.league(league.assign(deprivation=4.26))
    assert shown["Deprivation, mean decile"].tolist() == ["4.3"]
    assert "explains nothing" in when_words.DEPRIVATION


@pytest.mark.real
@pytest.mark.skipif("HOTSPOTS_REAL_DATA" not in os.environ, reason="names no folder")
def test_cheshires_wards_are_as_its_own_table_has_them():
    folder = Path(os.environ["HOTSPOTS_REAL_DATA"]) / "population"
    areas = folder / "cheshire_lsoa21_ward24_pop_census2021_imd2025.csv"
    wards = pd.read_csv(folder / "cheshire_ward24_bestfit_pop_census2021.csv", index_col=0)
    found = deprivation.read(areas)
    print("\n", found.describe().round(2).to_string())
    assert population.read(areas).to_dict() == wards["residents_2021"].to_dict()
    # That table's own column takes every small area for alike; residents move it by half a decile.
    assert (found - wards["imd_decile_popw"]).abs().max() < 0.5
    raw = pd.read_csv(areas)
    by_hand = raw.groupby("ward24_code")[["total_residents", "IMD_decile"]].apply(
        lambda part: (part.prod(axis=1)).sum() / part["total_residents"].sum()
    )
    pd.testing.assert_series_equal(found, by_hand, check_names=False)
