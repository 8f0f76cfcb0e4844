"""Patrol areas on real months: their size, what they cut, and how well they foretell."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.analysis.baselines import square_cells
from hotspots.analysis.ground import ground
from hotspots.analysis.history import VERDICTS, classify
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.null_model import calibrate
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.patrol_arrangement import Demand, arrange, first_holding, points_of
from hotspots.analysis.places import gather_incidents
from hotspots.analysis.ranking import expected
from hotspots.analysis.scorecard import BEST, OURS, score
from hotspots.periods import Period
from hotspots.tables.incidents import asb, coordinates, located
from tests.real.load import cheshire, northumbria, real, wards

pytestmark = real
GRIDS = ("squares", "squares_best", "hexagons", "hexagons_best", "kernel", "random", "hotspots")
YEAR = Period.parse("2025-01", "2025-12")
# Recording changed in July 2020; the list of map points was rebuilt in July 2022.
BREAKS = (pd.Period("2020-07"), pd.Period("2022-07"))


@pytest.fixture(scope="module")
def year():
    return asb(cheshire())


@pytest.fixture(scope="module")
def in_cheshire(year):
    return score(year, train=6, study_area_m2=float(wards().area.sum()))


@pytest.fixture(scope="module")
def in_northumbria():
    ground_m2 = float(wards("boundaries/northumbria/*.geojson").area.sum())
    return score(asb(northumbria()), study_area_m2=ground_m2, breaks=BREAKS)


@pytest.mark.parametrize("radius_m", [75, 100, 150, 200])
def test_every_hotspot_too_large_to_walk_is_cut(year, radius_m):
    recorded = coordinates(located(cheshire()))
    least = calibrate(
        ground(recorded, radius_m=radius_m).xy, incidents=len(located(year)), radius_m=radius_m
    ).min_incidents
    hotspots = find_hotspots(year, radius_m=radius_m, min_incidents=least, months=12)
    areas = place(year, count=None, hotspots=hotspots, wards=wards())
    assert areas.area_ha.max() <= 7
    union = shapely.area(shapely.union_all(areas.geometry.to_numpy()))
    assert areas.geometry.area.sum() == pytest.approx(union, abs=0.01)
    spot, _ = areas.sindex.query(hotspots.geometry, predicate="intersects")
    met = np.bincount(spot, minlength=len(hotspots))
    large = hotspots.area_ha.to_numpy() > 7
    if radius_m >= 150:
        assert large.any()
    assert (met >= 1).all()
    assert (met[large] >= np.ceil(hotspots.area_ha[large] / 7)).all()
    assert (areas.ward != "").mean() > 0.95


def test_one_more_area_moves_none_and_holds_more(year):
    many = place(year, count=60)
    few = place(year, count=20)
    assert list(many.key[:20]) == list(few.key)
    assert many.incidents.sum() > few.incidents.sum()
    assert many.adds.is_monotonic_decreasing
    assert many.adds.sum() == many.incidents.sum()


def test_what_is_expected_is_placed_by_too(year):
    areas = place(year, count=20, expected=expected(year, months=YEAR.months))
    assert areas.expected.is_monotonic_decreasing
    assert 1 < areas.expected.max() < 20


@pytest.mark.parametrize("force", ["in_cheshire", "in_northumbria"])
def test_ours_hold_a_quarter_more_than_the_grid(force, request):
    card = request.getfixturevalue(force)
    rates = card.table.hit_rate
    assert rates[OURS] >= 1.25 * rates["squares"]
    assert rates[OURS] >= 1.15 * rates["hexagons"]
    assert (rates[OURS] > rates[list(GRIDS)]).all()
    assert card.differences.low["squares"] > 0
    assert (card.by_origin.area_ha <= 100 + 1e-6).all()


def test_northumbria_reaches_three_quarters_of_hindsight_and_marks_its_breaks(in_northumbria):
    assert in_northumbria.table.pei[OURS] >= 0.75
    marked = in_northumbria.by_origin.loc[in_northumbria.by_origin.method == OURS]
    marked = marked.set_index("origin").across_break
    assert marked[pd.Period("2021-05")]
    assert marked[pd.Period("2022-09")]
    assert not marked[pd.Period("2021-12")]
    assert len(marked) == 20


def perfect_knowledge(incidents, *, reports, months, worlds=20, seed=2025):
    """
    What even perfect knowledge of every place's rate would hold, against hindsight.

    Reports are drawn afresh from the rates of a whole year, drawn a little towards the
    surroundings. In such a world nothing changes but luck, so what is lost against
    hindsight is luck alone: hindsight also knows which places were lucky.
    """
    rng = np.random.default_rng(seed)
    rates = expected(incidents)
    points = points_of(rates.xy)
    mean = rates.reports / rates.reports.sum() * reports

    def held(weights, counts):
        weighed = weights > 0
        shapes = arrange(Demand(rates.xy[weighed], weights[weighed]), count=20, size_ha=5).shapes
        return counts[first_holding(points, shapes) >= 0].sum()

    def grid(before, counts):
        _, cell = np.unique(square_cells(5)(rates.xy), return_inverse=True)
        order = np.argsort(-np.bincount(cell, before), kind="stable")
        return counts[np.isin(cell, order[:20])].sum()

    rows = []
    for _ in range(worlds):
        later = rng.poisson(mean)
        before = rng.poisson(mean * months / 3).astype(float)
        rows.append(
            {
                "perfect knowledge": held(mean, later),
                "count": held(before, later),
                "grid": grid(before, later),
                "hindsight": held(later.astype(float), later),
            }
        )
    table = pd.DataFrame(rows)
    return table.div(table.hindsight, axis=0).mean()


def test_why_cheshire_stays_short_of_three_quarters_of_hindsight(year, in_cheshire):
    """
    Six months and 1,800 reports a quarter: much of hindsight's lead is luck.

    Were nothing to change, perfect knowledge of every rate would reach 83% of hindsight
    and six months' counts 75%; real places also change, and ours reach 69%.
    """
    still = perfect_knowledge(year, reports=1812, months=6)
    assert 0.78 < still["perfect knowledge"] < 0.92
    assert 0.7 < still["count"] < 0.8
    ours = in_cheshire.table.loc[OURS]
    assert 0.63 < ours.pei < still["count"]
    assert in_cheshire.table.pei[BEST] == 1
    print("\nIf nothing changed, share of hindsight:", still.round(3).to_dict())
    print(in_cheshire.table.round(4).to_string())


def test_every_area_has_a_past(year):
    areas = place(year, count=40)
    past = classify(year, areas, period=YEAR, recorded=cheshire())
    assert past.index.equals(areas.index)
    assert set(past.verdict) <= set(VERDICTS)
    assert (past.verdict != "no pattern").mean() > 0.8
    assert past.loc[2, "verdict"] == "persistent"
    assert gather_incidents(located(year)).incidents.sum() == len(located(year))
