import numpy as np
import pytest
import shapely
from sklearn.cluster import DBSCAN

from hotspots.analysis.areas import ELSEWHERE, IN_NONE, ON_BORDER, assign
from hotspots.analysis.clustering import cluster
from hotspots.analysis.delineation import delineate
from hotspots.analysis.hotspots import find_hotspots, inside, match
from hotspots.analysis.places import gather_incidents
from hotspots.tables import hotspots as hotspot_table
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load

pytestmark = load.real


def test_cheshire_is_what_was_published():
    assert len(load.cheshire()) == 80_955
    assert len(asb(load.cheshire())) == 7_248
    assert len(gather_incidents(located(asb(load.cheshire())))) == 3_631
    assert len(load.wards()) == 137


def test_cheshire_by_ward():
    found = assign(asb(load.cheshire()), load.wards())
    assert found.located == 7_248
    assert found.assigned == 7_225
    assert found.count(IN_NONE) == 23
    assert found.count(ON_BORDER) == found.count(ELSEWHERE) == 0
    beyond = found.report["distance_m"]
    assert (beyond > 0).all()
    assert beyond.max() < 1000


def test_wards_of_2020_would_miscode_one_in_six():
    rows = located(asb(load.cheshire()))
    new = assign(rows, load.wards()).code
    old = assign(rows, load.wards("boundaries/wards_2020/*.geojson", 20)).code
    both = new.notna() & old.notna()
    share = (new[both].astype("str") != old[both].astype("str")).mean()
    assert share == pytest.approx(0.168, abs=0.01)


@pytest.mark.parametrize("radius_m", [75, 100, 150, 200])
@pytest.mark.parametrize("min_incidents", [10, 20, 36])
def test_equals_scikit_learn_on_every_report(radius_m, min_incidents):
    rows = located(asb(load.cheshire()))
    places = gather_incidents(rows)
    found = cluster(places, radius_m=radius_m, min_incidents=min_incidents)
    expected = DBSCAN(eps=radius_m, min_samples=min_incidents).fit(coordinates(rows))
    core = np.zeros(len(rows), dtype=bool)
    core[expected.core_sample_indices_] = True
    label = found.label[places.of_incident]
    assert core.any()
    assert np.array_equal(found.core[places.of_incident], core)
    assert np.array_equal(label == -1, expected.labels_ == -1)
    together = set(zip(label[core].tolist(), expected.labels_[core].tolist(), strict=True))
    assert len(together) == len(found) == len(set(expected.labels_[core].tolist()))


@pytest.mark.parametrize("radius_m", [75, 100, 150, 200])
def test_hotspots_of_cheshire_are_sound(radius_m):
    rows = asb(load.cheshire())
    table = find_hotspots(rows, radius_m=radius_m, min_incidents=20, months=12, wards=load.wards())
    hotspot_table.validate(table)
    number = inside(rows, table)
    assert np.bincount(number, minlength=len(table) + 1)[1:].tolist() == table["incidents"].tolist()
    assert (table["ward"].str.len() == 9).all()
    assert table["key"].str.fullmatch(r"S[JK]\d{8}|S[JK]\d{10}").all()
    assert (table["single_place"] == (table["span_m"] == 0)).all()


def test_the_busiest_hotspots_survive_a_small_change_of_radius():
    rows = asb(load.cheshire())
    before, after = (
        find_hotspots(rows, radius_m=radius_m, min_incidents=20, months=12)
        for radius_m in (100, 105)
    )
    matched = match(before, after)
    assert matched.dropna().is_unique
    assert set(range(1, 11)) <= set(matched.dropna())


def test_forty_forces_in_one_call():
    assert len(load.national()) == 660_815
    places = gather_incidents(located(load.national()))
    clusters = cluster(places, radius_m=100, min_incidents=20)
    shapes = delineate(places, clusters, radius_m=100).to_numpy()
    assert len(clusters) > 3000
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (one == other).all()
    core = shapely.points(places.xy[clusters.core])
    assert shapely.contains_properly(shapes[clusters.label[clusters.core]], core).all()
    expected = DBSCAN(eps=100, min_samples=20).fit(places.xy, sample_weight=places.incidents)
    assert np.array_equal(np.flatnonzero(clusters.core), expected.core_sample_indices_)
    assert np.array_equal(clusters.label == -1, expected.labels_ == -1)
