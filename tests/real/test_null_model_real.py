"""What chance makes of Cheshire's 2025, and how sure its hotspots are."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from hotspots.analysis.certainty import assess
from hotspots.analysis.clustering import cluster
from hotspots.analysis.concentration import against_chance
from hotspots.analysis.ground import ground
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.null_model import calibrate
from hotspots.analysis.places import gather
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load
from tests.real.power import cheshire as power

pytestmark = load.real

# 200 m stands between 23 and 24: chance reaches 23 in 4.6% of 2,000 worlds.
MINIMA = {75: 11, 100: 13, 150: 18, 200: 23}
# Hotspots whose outline holds the minimum; seeded, so exact.
HOTSPOTS = {75: 56, 100: 45, 150: 27, 200: 16}
# Of these, how many came back in at least 90 of 100 resamples, and the least that one did.
STABLE = {75: (27, 41), 100: (20, 46), 150: (14, 54), 200: (9, 48)}


def loaded(radius_m):
    rows = located(load.cheshire())
    return asb(rows), ground(coordinates(rows), radius_m=radius_m)


def assessed(radius_m):
    rows, where = loaded(radius_m)
    asked = {"incidents": len(rows), "radius_m": radius_m}
    first = calibrate(where.xy, **asked)
    second = calibrate(where.xy, **asked, weights=where.records)
    least = first.min_incidents
    found = find_hotspots(rows, radius_m=radius_m, min_incidents=least, months=12)
    return found, assess(
        rows,
        found,
        calibration=first,
        second=second,
        radius_m=radius_m,
        min_incidents=least,
        months=12,
        boundary=load.wards().union_all(),
    )


@pytest.mark.parametrize("radius_m", MINIMA)
def test_the_default_minimum(radius_m):
    rows, where = loaded(radius_m)
    assert where.snapped
    found = calibrate(where.xy, incidents=len(rows), radius_m=radius_m)
    assert found.min_incidents == MINIMA[radius_m]
    many = calibrate(where.xy, incidents=len(rows), radius_m=radius_m, worlds=1999, seed=1)
    assert abs(many.min_incidents - found.min_incidents) <= 1
    assert many.false_alarm_rate(found.min_incidents).low <= 0.05


@pytest.mark.parametrize("radius_m", MINIMA)
def test_random_worlds_show_a_hotspot_at_most_once_in_twenty(radius_m):
    rows, where = loaded(radius_m)
    least = calibrate(where.xy, incidents=len(rows), radius_m=radius_m).min_incidents
    random = np.random.default_rng(400)
    alarms = 0
    for _ in range(400):
        world = gather(where.xy[random.integers(len(where.xy), size=len(rows))])
        alarms += len(cluster(world, radius_m=radius_m, min_incidents=least)) > 0
    assert binom.sf(alarms - 1, 400, 0.05) > 0.001


@pytest.mark.parametrize("radius_m", MINIMA)
def test_every_hotspot_says_how_sure_it_is(radius_m):
    found, table = assessed(radius_m)
    assert len(found) == HOTSPOTS[radius_m]
    assert (table["p"] <= 0.05).all()
    assert (table["strongest"] >= MINIMA[radius_m]).all()
    assert (table["months_present"] <= 12).all()
    # The busiest are sure (at 200 m one of them is a chain that a resample may break); the
    # least is not, and says so.
    assert table["returned"].iloc[:5].median() >= 95
    stable = int((table["returned"] >= 90).sum())
    assert (stable, table["returned"].min()) == STABLE[radius_m]
    # Some hotspots are where all crime is, and only there.
    assert 0.1 < (table["p_beside_crime"] <= 0.05).mean() < 0.9
    # What is far beyond chance returns more often than what is barely beyond it.
    weak = table["strongest"] <= 1.2 * MINIMA[radius_m]
    assert table.loc[~weak, "returned"].mean() > table.loc[weak, "returned"].mean() + 10


def test_reports_are_far_more_concentrated_than_chance():
    rows, where = loaded(100)
    places = pd.MultiIndex.from_arrays(where.xy.T)
    counts = pd.Index(map(tuple, coordinates(rows))).value_counts().reindex(places, fill_value=0)
    assert counts.sum() == len(rows)
    beside = against_chance(counts.to_numpy())
    assert (beside["observed"] > beside["chance_high"] + 0.1).all()
    assert 0.4 < beside.loc["share_on_busiest", "observed"] < 0.55


def test_a_planted_hotspot_is_found_where_it_was_planted():
    table = power(100, sizes=(2, 8, 13, 18), worlds=100)
    least = table.attrs["min_incidents"]
    assert least == 13
    assert (table.loc[[13, 18], "on_one_place"] == 1).all()  # a hotspot as large as the minimum
    assert table.loc[18, "on_several"] >= 0.95
    assert table.loc[2].max() <= 0.15
    assert table["on_several"].is_monotonic_increasing
    assert (table["alarm_elsewhere"] <= 0.12).all()
