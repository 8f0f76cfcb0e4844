"""
What the When page's own measures cost beside a loop: python -m tests.speed.when

"Loop" does the same work one cylinder, one pair or one minute at a time, on a part of the
data that a loop can finish; its time is scaled up to the whole, as the table says. By days the
scan is the page's own, with clumps and the same day of 25 earlier weeks asked as well,
which the loop leaves out.
"""

import numpy as np
import pandas as pd

from hotspots.analysis.clock import clock
from hotspots.analysis.near_repeats import NEAR_M, SOON_DAYS, near_repeats
from hotspots.analysis.space_time_scan import (
    LONGEST_DAYS,
    LONGEST_MONTHS,
    RADII_M,
    permutation_scan,
)
from tests.speed.measure import measure, megabytes, seconds, table

INCIDENTS, PLACES, MONTHS, DAYS, SIDE = 7_200, 3_600, 12, 182, 45_000
SIMULATIONS, LOOPED_PLACES, LOOPED_WORLDS = 199, 40, 1
DATED, LOOPED_DATED, SHUFFLES = 5_000, 500, 199
WINDOWS, LOOPED_WINDOWS = 100_000, 500


def incidents(periods, seed=1):
    """A force's year, or half of it by days: half its points within ten towns."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, SIDE, (10, 2))
    near = towns[rng.integers(0, 10, PLACES // 2)] + rng.normal(0, 1_500, (PLACES // 2, 2))
    points = np.vstack([near, rng.uniform(0, SIDE, (PLACES - len(near), 2))]).round()
    return points[rng.integers(0, PLACES, INCIDENTS)], rng.integers(0, periods, INCIDENTS)


def scan(data):
    """Months, in Kulldorff's worlds; how many of them were made."""
    found = permutation_scan(
        *data, periods=MONTHS, simulations=SIMULATIONS, clumps=False, past_step=0, seed=1
    )
    return len(found.simulated)


def scan_days(data):
    """Days, as the page asks; how many worlds were made."""
    found = permutation_scan(
        *data, periods=DAYS, longest=LONGEST_DAYS, past_step=7, simulations=SIMULATIONS, seed=1
    )
    return len(found.simulated)


def scan_loop(data, periods=MONTHS, longest=LONGEST_MONTHS):
    """Cylinders of some places, of the data and of one random world."""
    xy, when = data
    best = 0.0
    for world in range(1 + LOOPED_WORLDS):
        moved = np.random.default_rng(world).permutation(when) if world else when
        for place in np.unique(xy, axis=0)[:LOOPED_PLACES]:
            apart = np.hypot(*(xy - place).T)
            for radius in RADII_M:
                for length in range(1, longest + 1):
                    late = moved >= periods - length
                    c = ((apart <= radius) & late).sum()
                    mu = (apart <= radius).sum() * late.sum() / len(xy)
                    if c > mu > 0:
                        rest = (len(xy) - c) * np.log((len(xy) - c) / (len(xy) - mu))
                        best = max(best, c * np.log(c / mu) + rest)
    return best


def scan_days_loop(data):
    return scan_loop(data, DAYS, LONGEST_DAYS)


def dated(many):
    rng = np.random.default_rng(2)
    return rng.uniform(0, 15_000, (many, 2)).round(-1), rng.integers(0, 365, many)


def knox(data):
    return int(near_repeats(*data, simulations=SHUFFLES).table["pairs"].sum())


def knox_loop(data):
    """Every pair of the data and of one shuffle."""
    xy, day = data
    places, total = xy.tolist(), 0
    for shuffle in range(2):
        days = (np.random.default_rng(shuffle).permutation(day) if shuffle else day).tolist()
        for i, (east, north) in enumerate(places):
            for j in range(i):
                apart = ((places[j][0] - east) ** 2 + (places[j][1] - north) ** 2) ** 0.5
                if apart <= NEAR_M[-1] and abs(days[j] - days[i]) <= SOON_DAYS[-1]:
                    total += 1
    return total


def windows(many):
    rng = np.random.default_rng(3)
    start = pd.Timestamp("2025-01-01") + pd.to_timedelta(
        rng.integers(0, 365 * 24 * 60, many), unit="m"
    )
    start = pd.Series(start).dt.tz_localize("UTC").dt.tz_convert("Europe/London")
    return start, start + pd.to_timedelta(rng.integers(0, 2_880, many), unit="m")


def hours(data):
    return float(clock(*data).table.to_numpy().sum())


def hours_loop(data):
    """A minute at a time."""
    held = {}
    for start, end in zip(*data, strict=True):
        minutes = pd.date_range(start, max(end, start + pd.Timedelta(minutes=1)), freq="min")
        for day, hour in zip(minutes.day_of_week, minutes.hour, strict=True):
            held[day, hour] = held.get((day, hour), 0) + 1 / len(minutes)
    return sum(held.values())


def every_world(worlds):
    """How much of a scan its loop did: some places, and one world beside the data."""
    places = len(np.unique(incidents(MONTHS)[0], axis=0))
    return places / LOOPED_PLACES * (1 + worlds) / (1 + LOOPED_WORLDS)


def main():
    rows = []
    pairs = (DATED / LOOPED_DATED) ** 2 * (1 + SHUFFLES) / 2
    for what, prepare, sizes, ours, loop, scale in (
        ("scan by months: 7,200 incidents", incidents, (MONTHS, MONTHS), scan, scan_loop, None),
        ("scan by days: 7,200 incidents", incidents, (DAYS, DAYS), scan_days, scan_days_loop, None),
        (
            "Knox: 5,000 incidents, 199 shuffles",
            dated,
            (DATED, LOOPED_DATED),
            knox,
            knox_loop,
            pairs,
        ),
        (
            "clock: 100,000 windows",
            windows,
            (WINDOWS, LOOPED_WINDOWS),
            hours,
            hours_loop,
            WINDOWS / LOOPED_WINDOWS,
        ),
    ):
        fast = measure(prepare, ours, *sizes[:1])
        slow = measure(prepare, loop, *sizes[1:], repeat=1)
        whole = slow.seconds * (every_world(fast.said) if scale is None else scale)
        rows.append(
            {
                "what": what if scale else f"{what}, {fast.said} worlds",
                "time": seconds(fast.seconds),
                "peak memory": megabytes(fast.peak_mb),
                "loop, scaled up": seconds(whole),
                "times faster": f"{whole / fast.seconds:,.0f}",
            }
        )
    print(table(rows))


if __name__ == "__main__":
    main()
