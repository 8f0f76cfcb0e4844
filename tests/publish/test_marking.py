"""What can be marked, and what was said beside what was reported."""

import pandas as pd
import pytest
import shapely

from hotspots.action.assembly_result import Heard
from hotspots.analysis.hexagons import outline, read_name
from hotspots.library import Library
from hotspots.publish.disclosure import disclose
from hotspots.publish.marking import beside_reports, hexagons_of
from hotspots.publish.release import PART
from hotspots.publish.words import Words
from hotspots.study import open_dataset
from hotspots.tables.wards import Wards

WORDS = Words()


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    dataset = open_dataset(Library(tmp_path_factory.mktemp("empty")))
    return disclose(dataset, today=pd.Period("2026-06", "M")).release


def about(release, *names):
    return Wards(release.wards.loc[release.wards["name"].isin(names)])


def test_the_hexagons_cover_the_wards_and_each_has_its_own_name(release):
    wards = about(release, "Crewe Centre", "Crewe Station")
    hexagons = hexagons_of(wards, WORDS)
    assert len(set(hexagons.values())) == len(hexagons)
    shapes = outline([read_name(name) for name in hexagons])
    ground = shapely.union_all(wards.geometry.to_numpy())
    covered = shapely.area(shapely.intersection(shapely.union_all(shapes), ground))
    assert covered / shapely.area(ground) > 0.85
    assert all(name.startswith(("Crewe Centre", "Crewe Station")) for name in hexagons.values())
    assert hexagons_of(about(release, "Nowhere"), WORDS) == {}


def test_what_people_fear_stands_beside_what_they_report(release):
    wards = about(release, "Crewe Centre", "Crewe Station", "Crewe East")
    hexagons = hexagons_of(wards, WORDS)
    parts = release.cells.loc[(release.cells["kind"] == PART) & (release.cells["year"] == 2025)]
    told = {cell.rsplit("/", 1)[-1] for cell in parts.index} & set(hexagons)
    quiet = next(name for name in hexagons if name not in told)
    loud, *rest = sorted(told)
    marks = pd.Series({quiet: 7, loud: 4}, name="people")
    heard = Heard(people=9, marks=marks, few=0, priorities=pd.Series(dtype="int64"), words=())
    places = beside_reports(heard, hexagons, release)
    assert places.loc[quiet, "kind"] == "feared"
    assert pd.isna(places.loc[quiet, "reports"])
    assert places.loc[loud, "kind"] == "both"
    assert set(places.index[places["kind"] == "reported"]) == set(rest)
    assert places["reports"].dropna().min() >= 10
