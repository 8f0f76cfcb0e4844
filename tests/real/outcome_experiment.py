"""
How often a verdict is wrong where nothing was done: python -m tests.real.outcome_experiment

"Plans" are made of hotspots found in some months and looked at again in as many months
after, in Cheshire 2025 and Northumbria 2020 to 2023, where nothing is known to have begun
at any of these dates. A fall is planted by taking each later report of the place away with
one chance.
"""

from functools import cache

import numpy as np
import pandas as pd

from hotspots.analysis.comparison import choose, surroundings, tally
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.outcome import COUNTS, FELL, judge, measure
from hotspots.tables.incidents import asb, located
from tests.real import load

LENGTHS = {"cheshire": (3, 4, 5, 6), "northumbria": (3, 6)}
# Reports a year within 100 m that make a hotspot here.
LEAST = {"cheshire": 18, "northumbria": 60}
PLANS = 500


def windows(months, lengths):
    """Months before and after, side by side, none of them missing."""
    run = pd.period_range(months.min(), months.max(), freq="M")
    for length in lengths:
        for first in range(len(run) - 2 * length + 1):
            both = run[first : first + 2 * length]
            if both.isin(months).all():
                yield both[:length], both[length:]


@cache
def plans(force, *, number=PLANS, seed=1):
    """Counts of so many random plans where nothing was done."""
    rows = located(asb(getattr(load, force)()))
    made = []
    for before, after in windows(pd.PeriodIndex(rows["month"].unique()), LENGTHS[force]):
        early = rows.loc[rows["month"].isin(before)]
        least = max(4, round(LEAST[force] * len(before) / 12))
        found = find_hotspots(early, radius_m=100, min_incidents=least, months=len(before))
        shapes = found.geometry.to_numpy()
        near = rows.loc[rows["month"].isin(before.append(after))]
        counts, around = tally(near, shapes), tally(near, surroundings(shapes))
        busy = found["incidents"].to_numpy()
        made += [
            measure(
                counts,
                around,
                treated=place,
                chosen=choose(shapes, busy, place),
                before=before,
                after=after,
            )
            for place in range(len(found))
        ]
    every = pd.DataFrame(made, columns=list(COUNTS))
    return every.sample(min(number, len(every)), random_state=seed, ignore_index=True)


def said(table):
    """Shares of each verdict, and what the same plans give without comparison, or φ."""
    judged = judge(table)
    down = table["place_after"] < table["place_before"]
    return {
        "plans": len(table),
        **judged["verdict"].value_counts(normalize=True).to_dict(),
        "published fell": float((judged["published_high"] < 0).mean()),
        "published rose": float((judged["published_low"] > 0).mean()),
        "naive fell": float(((judged["p_before_after"] <= 0.05) & down).mean()),
        "around fell": float((judged["around_high"] < 0).mean()),
        "around rose": float((judged["around_low"] > 0).mean()),
        "total fell": float((judged["total_high"] < 0).mean()),
        "dispersion": float(table["dispersion"].median()),
        "untouched": float(judged["untouched"].median()),
        "smallest fall": float(judged["smallest_fall"].median()),
        "no fall could show": float(judged["smallest_fall"].isna().mean()),
    }


def power(table, falls, *, least=0, seed=1):
    """Share of plans that "fell" is said of, by the size of the planted fall."""
    rng = np.random.default_rng(seed)
    large = table.loc[table["place_before"] >= least]
    shown = {}
    for fall in falls:
        after = rng.binomial(large["place_after"].astype(int), 1 - fall).astype(float)
        shown[fall] = float((judge(large.assign(place_after=after))["verdict"] == FELL).mean())
    return shown


if __name__ == "__main__":
    for force in LEAST:
        table = plans(force)
        print(f"\n{force}")
        print(pd.Series(said(table)).to_string(float_format="{:.3f}".format))
        for least in (0, 40, 80):
            shown = power(table, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), least=least)
            print(f"{least}+ before:", {fall: round(share, 2) for fall, share in shown.items()})
