"""What chance makes is measured, not guessed: the default keeps its promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, kstest

from hotspots.analysis.clustering import cluster
from hotspots.analysis.ground import ground
from hotspots.analysis.neighbours import neighbourhoods
from hotspots.analysis.null_model import calibrate
from hotspots.analysis.places import gather

seeds = st.integers(0, 2**32 - 1)


def streets(seed, *, places=2000, width=8000, height=5000):
    """Snap points at random over open ground."""
    corner = (300_000, 350_000)
    far = (corner[0] + width, corner[1] + height)
    return np.random.default_rng(seed).uniform(corner, far, (places, 2))


def strongest(xy, radius_m):
    """Strongest neighbourhood of incidents at these points, by the engine itself."""
    places = gather(xy)
    return int(neighbourhoods(places.xy, radius_m=radius_m).count(places.incidents).max())


def most_alarms(worlds=400, rate=0.05, calibrated_on=199):
    """
    Alarms that a rate of at most 5% gives with 99.9% certainty.

    The minimum rests on random worlds too: the rate behind it is spread as
    Beta(10, 190) at most; its variance is added to the binomial one.
    """
    spread = np.sqrt(worlds * rate * (1 - rate) * (1 + worlds / (calibrated_on + 2)))
    return worlds * rate + 3.1 * spread


def test_the_same_question_has_the_same_answer():
    xy = streets(1)
    one, other = (calibrate(xy, incidents=900, radius_m=100) for _ in range(2))
    assert one.min_incidents == other.min_incidents
    assert (one.strongest == other.strongest).all()
    assert (one.strongest != calibrate(xy, incidents=900, radius_m=100, seed=1).strongest).any()


def test_strongest_is_what_clustering_finds_in_each_world():
    xy = streets(2, places=300, width=1500, height=1500)
    found = calibrate(xy, incidents=400, radius_m=150, worlds=19)
    random = np.random.default_rng(found.seed)
    worlds = [xy[random.integers(300, size=400)] for _ in range(19)]
    assert found.strongest.tolist() == sorted(strongest(world, 150) for world in worlds)
    least = int(found.strongest[9])
    hotspots = [len(cluster(gather(w), radius_m=150, min_incidents=least)) for w in worlds]
    assert found.false_alarm_rate(least).mean == np.mean([number > 0 for number in hotspots])
    assert found.hotspots_by_chance(least).mean == pytest.approx(np.mean(hotspots))


@settings(max_examples=40, deadline=None)
@given(
    seed=seeds,
    incidents=st.integers(1, 400),
    radius_m=st.sampled_from([50, 100, 300]),
    false_alarm=st.sampled_from([0.01, 0.05, 0.2]),
)
def test_a_hotspot_exists_at_the_default_exactly_when_p_is_small(
    seed, incidents, radius_m, false_alarm
):
    xy = streets(seed, places=150, width=2000, height=2000)
    found = calibrate(
        xy, incidents=incidents, radius_m=radius_m, worlds=99, false_alarm=false_alarm, seed=seed
    )
    numbers = np.arange(2, 402)
    assert ((found.p_value(numbers) <= false_alarm) == (numbers >= found.min_incidents)).all()
    assert found.false_alarm_rate(found.min_incidents).mean <= false_alarm


def test_snapped_random_data_give_a_hotspot_in_at_most_five_per_cent_of_worlds():
    xy = streets(3)
    found = calibrate(xy, incidents=4000, radius_m=100)
    random = np.random.default_rng(99)
    alarms = sum(
        strongest(xy[random.integers(len(xy), size=4000)], 100) >= found.min_incidents
        for _ in range(400)
    )
    assert alarms <= most_alarms()


@pytest.mark.parametrize("radius_m", [75, 100, 200])
def test_unsnapped_random_data_give_a_hotspot_in_at_most_five_per_cent_of_worlds(radius_m):
    found = calibrate(
        ground(streets(4, places=4000), radius_m=radius_m).xy, incidents=4000, radius_m=radius_m
    )
    alarms = sum(
        strongest(streets(1000 + world, places=4000), radius_m) >= found.min_incidents
        for world in range(400)
    )
    assert alarms <= most_alarms()


def test_the_default_is_no_higher_than_chance_asks_on_open_ground():
    """Within one of the least minimum that μ = λπε² and a union bound give: 9, 12, 15, 23."""
    for radius_m, bound in {50: 9, 75: 12, 100: 15, 150: 23}.items():
        where = ground(streets(4, places=4000), radius_m=radius_m)
        found = calibrate(where.xy, incidents=4000, radius_m=radius_m)
        assert abs(found.min_incidents - bound) <= 1


@settings(max_examples=8, deadline=None)
@given(
    seed=seeds, incidents=st.sampled_from([60, 300, 900]), radius_m=st.sampled_from([60, 100, 250])
)
def test_p_of_the_strongest_cluster_is_uniform_on_random_data(seed, incidents, radius_m):
    xy = streets(seed, places=400, width=3000, height=3000)
    found = calibrate(xy, incidents=incidents, radius_m=radius_m, worlds=999, seed=seed)
    fresh = calibrate(xy, incidents=incidents, radius_m=radius_m, worlds=400, seed=seed ^ 1)
    p = found.p_value(fresh.strongest)
    for level in np.unique(p):
        # Every level that p can take is reached as often as it says; p itself is a mean of
        # 999 worlds, so its own spread counts too.
        share = np.mean(p <= level)
        spread = np.sqrt(level * (1 - level) * (1 / 400 + 1 / 999))
        assert abs(share - level) <= 4.5 * spread + 2 / 400
    # Ties broken by lot, p is uniform throughout.
    lot = np.random.default_rng(seed).uniform(size=400)
    below = np.searchsorted(found.strongest, fresh.strongest, side="right")
    even = (999 - below + lot * (1000 * p - 999 + below)) / 1000
    assert kstest(even, "uniform").statistic < 2.4 * np.sqrt(1 / 400 + 1 / 999)


def test_in_proportion_to_crime_p_here_is_uniform_too():
    xy = streets(5, places=400, width=3000, height=3000)
    crimes = np.random.default_rng(5).geometric(0.05, 400)
    asked = {"incidents": 500, "radius_m": 150, "weights": crimes}
    found = calibrate(xy, **asked, worlds=999)
    fresh = calibrate(xy, **asked, worlds=400, seed=1)
    beaten = np.searchsorted(found.most_unusual, fresh.most_unusual)
    assert kstest((1000 - beaten) / 1000, "uniform").pvalue > 0.001


def test_a_crowded_place_is_not_unusual_where_crime_is_crowded_too():
    xy = streets(6, places=400, width=6000, height=6000)
    crimes = np.full(400, 5)
    crimes[7] = 500
    found = calibrate(xy, incidents=600, radius_m=100, weights=crimes)
    town, lane = found.expected(xy[[7, 8]])
    assert town > 20 * lane
    usual, unusual = found.p_value_here([round(town), round(lane) + 25], [town, lane])
    assert usual > 0.2
    assert unusual == 1 / 200
    assert found.p_value(round(lane) + 25) == 1.0  # the whole map's strongest hides it


def test_expected_is_what_random_worlds_average():
    xy = streets(7, places=120, width=900, height=900)
    crimes = np.arange(1, 121)
    found = calibrate(xy, incidents=5000, radius_m=200, weights=crimes, worlds=19)
    random = np.random.default_rng(0).multinomial(5000, crimes / crimes.sum(), size=400)
    counts = neighbourhoods(xy, radius_m=200).count(random.T).mean(axis=1)
    assert found.expected(xy) == pytest.approx(counts, rel=0.02)


def test_the_interval_of_a_false_alarm_is_exact():
    found = calibrate(streets(8), incidents=900, radius_m=100)
    rate = found.false_alarm_rate(found.min_incidents)
    alarms = round(rate.mean * 199)
    assert rate.worlds == 199
    assert binom.cdf(alarms, 199, rate.high) == pytest.approx(0.025)
    assert found.false_alarm_rate(10**6).mean == 0.0
    assert found.false_alarm_rate(1).mean == 1.0


def test_fewer_hotspots_come_by_chance_at_a_higher_number():
    found = calibrate(streets(9), incidents=3000, radius_m=100)
    means = [found.hotspots_by_chance(number).mean for number in (6, 8, 10, found.min_incidents)]
    assert means == sorted(means, reverse=True)
    assert means[0] > 10
    assert means[-1] <= 0.07


def test_no_incidents_make_no_hotspot():
    for xy in (np.empty((0, 2)), streets(1)):
        found = calibrate(xy, incidents=0, radius_m=100)
        assert found.min_incidents == 2
        assert found.p_value([0, 2]).tolist() == [1.0, 1 / 200]
        assert found.hotspots_by_chance(2).mean == 0.0
    assert found.expected(np.empty((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("places", "worlds", "weights"), [(0, 199, None), (5, 10, None), (5, 199, np.zeros(5, int))]
)
def test_what_cannot_be_asked_is_refused(places, worlds, weights):
    with pytest.raises(ValueError, match=r"worlds cannot|no place"):
        calibrate(
            streets(1, places=places), incidents=9, radius_m=100, worlds=worlds, weights=weights
        )
