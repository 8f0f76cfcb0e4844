"""
What it costs to look at every ward and hotspot, and what it finds: python -m tests.speed.trends

187 series (137 wards, 50 hotspots) over three years. "Loop" is scipy once for every
series. Then how often a planted change is found, by its size and by the place's reports a
month; and how often something is listed where nothing changed. Add "power" or "cost" for
one of them only.
"""

import sys

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.analysis.breaks import find_breaks
from hotspots.analysis.changes import what_changed
from hotspots.analysis.count_tests import benjamini_hochberg, e_test, rate_ratio
from hotspots.analysis.drift import mann_kendall
from hotspots.analysis.trends import against_year_before, slope
from tests.speed.measure import measure, megabytes, seconds, table

SERIES, MONTHS = 187, 36
SEASON = 1 + 0.35 * np.sin(np.arange(12) / 12 * 2 * np.pi)
SIZES = (1.3, 1.5, 2.0, 2.5, 3.0)
MEANS = (3, 10, 30)
WORLDS = 100


def world(seed=1, *, months=MONTHS, phi=1.4, planted=None):
    """Places of 0.3 to 40 reports a month, in step but for φ; one may be planted."""
    rng = np.random.default_rng(seed)
    means = np.exp(np.linspace(np.log(0.3), np.log(40), SERIES))
    index = pd.period_range(end="2025-12", periods=months, freq="M")
    expected = SEASON[index.month - 1][:, None] * means
    if planted is not None:
        size, mean = planted
        expected[:, 0] = SEASON[index.month - 1] * mean
        expected[-3:, 0] *= size
    drawn = rng.poisson(expected) if phi == 1 else _wide(rng, expected, phi)
    return pd.DataFrame(drawn.astype(float), index, [f"place {n}" for n in range(SERIES)])


def _wide(rng, expected, phi):
    return rng.negative_binomial(expected / (phi - 1), 1 / phi)


def held(series):
    return pd.Series("held", index=series.index)


def sums(series):
    return series.iloc[-12:].sum().to_numpy(), series.iloc[-24:-12].sum().to_numpy()


def e_tests(series):
    return float(benjamini_hochberg(e_test(*sums(series))).min())


def e_tests_loop(series):
    pairs = zip(*sums(series), strict=True)
    p = [stats.poisson_means_test(int(a), 1, int(b), 1).pvalue for a, b in pairs]
    return float(stats.false_discovery_control(p).min())


def intervals(series):
    return float(np.nanmax(rate_ratio(*sums(series))[1]))


def intervals_loop(series):
    pairs = [(int(a), int(b)) for a, b in zip(*sums(series), strict=True) if a + b]
    low = [stats.binomtest(a, a + b).proportion_ci(method="exact").low for a, b in pairs]
    return float(max(share / (1 - share) for share in low))


def drifts(series):
    return float(np.nansum(mann_kendall(series.to_numpy()).s))


def drifts_loop(series):
    time, total = np.arange(len(series)), 0.0
    for place in series:
        values = series[place].to_numpy()
        found = stats.kendalltau(time, values, method="asymptotic")
        stats.theilslopes(values, time)
        total += found.statistic
    return total


def changed(series):
    return len(what_changed(series, held(series)).table)


def year(series):
    return int((against_year_before(series, held(series))["p"] < 0.05).sum())


def seasonal_drift(series):
    return int((slope(series, held(series))["p"] < 0.05).sum())


def broken(series):
    return len(find_breaks(series.sum(axis=1), held(series)))


def cost():
    rows = []
    for what, ours, theirs in (
        ("E-test, corrected", e_tests, e_tests_loop),
        ("interval of the ratio", intervals, intervals_loop),
        ("Mann-Kendall and Sen", drifts, drifts_loop),
        ("what changed", changed, None),
        ("year against year before", year, None),
        ("seasonal drift", seasonal_drift, None),
        ("breaks of one series", broken, None),
    ):
        fast = measure(world, ours, repeat=9)
        slow = measure(world, theirs, repeat=1) if theirs else None
        rows.append(
            {
                "187 places, 36 months": what,
                "at once": seconds(fast.seconds),
                "loop": seconds(slow.seconds) if slow else "",
                "times faster": f"{slow.seconds / fast.seconds:.0f}" if slow else "",
                "memory added": megabytes(fast.peak_mb - fast.before_mb),
            }
        )
    print(table(rows))


def found(months, planted, *, phi=1.4):
    """Share of worlds in which the planted place is listed, and in which another one is."""
    hits = others = 0
    for seed in range(WORLDS):
        series = world(seed, months=months, phi=phi, planted=planted)
        listed = what_changed(series, held(series)).table.index
        hits += "place 0" in listed
        others += bool(set(listed) - {"place 0"})
    return hits / WORLDS, others / WORLDS


def power():
    rows = []
    for months in (12, 24, 36):
        for mean in MEANS:
            shares = [found(months, (size, mean)) for size in SIZES]
            rows.append(
                {"months held": months, "reports a month": mean}
                | {f"{s:.1f} x": f"{hit:.2f}" for s, (hit, _) in zip(SIZES, shares, strict=True)}
                | {"another listed": f"{np.mean([other for _, other in shares]):.2f}"}
            )
    print(table(rows), "\n")
    rows = [
        {
            "months held": months,
            "dispersion": phi,
            "something listed where nothing changed": f"{np.max(found(months, None, phi=phi)):.2f}",
        }
        for months in (12, 24, 36)
        for phi in (1, 1.4, 3)
    ]
    print(table(rows))


if __name__ == "__main__":
    asked = sys.argv[1:] or ["cost", "power"]
    for one in asked:
        {"cost": cost, "power": power}[one]()
