"""Cheshire 2025 made public, and attacked."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.analysis.areas import assign
from hotspots.publish.disclosure import disclose
from hotspots.publish.protection import protection
from hotspots.publish.release import PART
from hotspots.settings import ASB, BRITISH_NATIONAL_GRID
from hotspots.study import Dataset
from hotspots.tables import incidents as incident_table
from tests.publish.attacker import recovered, views_of
from tests.real import load

pytestmark = load.real
TODAY = pd.Period("2026-06", "M")


def dataset_of(incidents):
    wards = load.wards()
    return Dataset(
        identity="real",
        made_up=False,
        incidents=incidents,
        held=incidents,
        wards=wards,
        vintages=(2025,),
        assignment=assign(incidents, wards),
        catalogue=pd.DataFrame(),
        holdings=pd.DataFrame(),
    )


@pytest.fixture(scope="module")
def disclosed():
    return disclose(dataset_of(load.cheshire()), today=TODAY)


def test_no_pair_of_views_tells_a_count_from_one_to_nine(disclosed):
    release = disclosed.release
    looked_at = 0
    for authority in sorted(set(release.cells["authority"])):
        attacker, targets = views_of(release, authority, 2025)
        found, lowest = recovered(attacker, targets)
        assert found == []
        assert lowest >= 10 - 1e-6, "no set can be shown to hold fewer than ten"
        looked_at += len(targets)
    assert looked_at > 2000


def test_published_figures_are_the_true_ones_within_their_rounding(disclosed):
    release, rows = disclosed.release, disclosed.counted.rows
    true = disclosed.cell_of.value_counts()
    assert (release.cells["reports"] - true.reindex(release.cells.index)).abs().max() <= 2
    assert (true >= 10).all()
    wards = release.of_wards(2025)
    counts = rows.groupby("ward").size().reindex(wards.index, fill_value=0)
    shown = wards["reports"].notna()
    assert (counts[shown] >= wards["low"][shown]).all()
    assert (counts[shown] <= wards["high"][shown]).all()


def test_cells_do_not_overlap_and_no_ground_is_small(disclosed):
    outlines = disclosed.release.cells.geometry.dropna()
    tree = shapely.STRtree(outlines.to_numpy())
    one, other = tree.query(outlines.to_numpy(), predicate="intersects")
    pairs = one < other
    shared = shapely.area(
        shapely.intersection(outlines.to_numpy()[one[pairs]], outlines.to_numpy()[other[pairs]])
    )
    assert shared.max() < 1.0
    assert outlines.area.min() >= 100_000


def test_the_officer_is_told_what_hiding_costs(disclosed):
    report = protection(disclosed)
    (shown,) = report.shown.to_dict("records")
    assert shown["reports"] == len(disclosed.counted.rows)
    assert shown["by_ward"] > 0.95
    assert 0.3 < shown["on_the_map"] < 0.6
    (ranking,) = report.ranking.to_dict("records")
    assert ranking["wards"] > 0.97
    print(report.text())


@pytest.mark.parametrize("place", ["town", "countryside"])
def test_a_home_appears_by_no_count_position_or_absence(disclosed, place):
    """One address with 40 reports, and with 400, beside the same address with nine."""
    home = {"town": (370_611.0, 355_777.0), "countryside": (356_013.0, 354_017.0)}[place]
    nine, forty, many = (
        disclose(dataset_of(with_home(home, n)), today=TODAY).release for n in (9, 40, 400)
    )
    assert forty.identity == nine.identity == many.identity
    outlines = nine.cells.geometry.dropna()
    assert forty.cells.geometry.dropna().geom_equals(outlines).all()
    # Beside a world without the home, a figure moves by what nine reports and rounding can do.
    before, after = disclosed.release.cells["reports"], nine.cells["reports"]
    ward = forty.cells["ward"]
    changed = [c for c in set(before.index) | set(after.index) if before.get(c) != after.get(c)]
    assert len({ward.get(c, disclosed.release.cells["ward"].get(c)) for c in changed}) <= 1
    around = forty.cells[forty.cells.geometry.notna()]
    holding = around[around.intersects(shapely.Point(home))]
    assert (holding.area >= 100_000).all()
    assert not (holding["reports"].between(35, 45) & (holding["kind"] == PART)).any()


def with_home(at, reports):
    real = load.cheshire()
    first = real["month"].min()
    planted = gpd.GeoDataFrame(
        {
            "source": "police.uk",
            "force": real["force"].iloc[0],
            "month": pd.PeriodIndex([first + min(i, 8) for i in range(reports)], freq="M"),
            "category": ASB,
            "street": "Nowhere Close",
            "lsoa": real["lsoa"].iloc[0],
        },
        geometry=[shapely.Point(at)] * reports,
        crs=BRITISH_NATIONAL_GRID,
        index=np.arange(reports) + len(real),
    )
    planted = incident_table.completed(planted)
    planted["place_precision"] = incident_table.coded(
        "place_precision", np.full(reports, 1, dtype=np.int8)
    )
    both = pd.concat([pd.DataFrame(real), pd.DataFrame(planted)])
    for name in incident_table.CATEGORIES:
        both[name] = both[name].astype("category")
    return incident_table.validate(gpd.GeoDataFrame(both, crs=BRITISH_NATIONAL_GRID))
