"""How often the early warning speaks where nothing gathers, on real months in random order."""

import numpy as np
import pytest

from hotspots.analysis.space_time_scan import permutation_scan
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load

pytestmark = load.real


@pytest.fixture(scope="module")
def cheshire():
    rows = located(asb(load.cheshire()))
    month = rows["month"].array.asi8
    return coordinates(rows), month - month.min()


def alarms(xy, when, *, shuffles, **asked):
    """Shuffles of whole months, kept together within themselves, that raise a warning."""
    raised = 0
    for seed in range(shuffles):
        order = np.random.default_rng(seed).permutation(12)
        scan = permutation_scan(xy, order[when], periods=12, simulations=199, seed=seed, **asked)
        raised += not scan.warnings().empty
    return raised


def test_months_in_random_order_seldom_warn(cheshire):
    ours = alarms(*cheshire, shuffles=20)
    alone = alarms(*cheshire, shuffles=10, clumps=False, past_step=0)
    print(f"\nCheshire, months shuffled: {ours} of 20 warn; Kulldorff's worlds: {alone} of 10")
    assert ours <= 3
    assert alone / 10 > ours / 20 + 0.15, "pairing reports one by one is what this betters"


@pytest.mark.parametrize(("extra", "least"), [(10, 0.5), (15, 0.9)])
def test_a_gathering_planted_at_a_real_place_is_found(cheshire, extra, least):
    xy, when = cheshire
    found = []
    for seed in range(10):
        spot = xy[np.random.default_rng(seed).integers(len(xy))]
        planted = np.vstack([xy, np.repeat(spot[None], extra, axis=0)])
        months = np.append(when, [11] * extra)
        scan = permutation_scan(planted, months, periods=12, simulations=199, seed=seed)
        near = scan.warnings()[["easting", "northing", "radius_m"]].to_numpy()
        apart = np.hypot(near[:, 0] - spot[0], near[:, 1] - spot[1])
        found.append(bool((apart <= near[:, 2]).any()))
    print(f"\n{extra} more reports at one place: found in", np.mean(found))
    assert np.mean(found) >= least
