"""
How often a verdict is wrong where nothing was done: python -m tests.real.outcome_experiment

"Plans" are made of hotspots found in some months and looked at again in as many months
after, in Cheshire 2025 and Northumbria 2020 to 2023, where nothing is known to have begun
at any of these dates. A fall is planted by taking each later report of the place away with
one chance.
"""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import shapely

from hotspots.action.fair_test import draw
from hotspots.analysis.comparison import LEAST_CONTROLS, Chosen, choose, surroundings, tally
from hotspots.analysis.hotspots import find_hotspots
from hotspots.analysis.outcome import COUNTS, FELL, judge, measure
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.synthetic import AGREES
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
def drawn(force, *, number=PLANS, seed=1):
    """So many random plans where nothing was done, with the months of each."""
    rows = located(asb(getattr(load, force)()))
    asked = []
    held = pd.PeriodIndex(rows["month"].unique()).sort_values()
    for before, after in windows(pd.PeriodIndex(rows["month"].unique()), LENGTHS[force]):
        early = rows.loc[rows["month"].isin(before)]
        least = max(4, round(LEAST[force] * len(before) / 12))
        found = find_hotspots(early, radius_m=100, min_incidents=least, months=len(before))
        shapes = found.geometry.to_numpy()
        busy = found["incidents"].to_numpy()
        asked += [(shapes, busy, place, before, after) for place in range(len(found))]
    numbers = pd.Series(range(len(asked))).sample(min(number, len(asked)), random_state=seed)
    tallies = {}

    def counted(at):
        shapes, busy, place, before, after = asked[at]
        if id(shapes) not in tallies:
            near = rows.loc[rows["month"] <= after[-1]]
            tallies[id(shapes)] = tally(near, shapes), tally(near, surroundings(shapes))
        return {
            "tables": tallies[id(shapes)],
            "treated": place,
            "chosen": choose(shapes, busy, place),
            "before": before,
            "after": after,
            "held": held[held <= after[-1]],
        }

    return [counted(at) for at in numbers]


@cache
def plans(force, *, number=PLANS, seed=1):
    """Counts of so many random plans where nothing was done."""
    return counts_of(drawn(force, number=number, seed=seed))


def counts_of(asked, fall=0.0, *, seed=1):
    """Counts of plans, a fall planted in every later month of each place."""
    rng = np.random.default_rng(seed)
    made = []
    for plan in asked:
        places, around = plan["tables"]
        if fall:
            places = places.copy()
            later = places.index.isin(plan["after"])
            own = places.loc[later, plan["treated"]]
            places.loc[later, plan["treated"]] = rng.binomial(own, 1 - fall)
        made.append(measure(places, around, **{k: plan[k] for k in plan if k != "tables"}))
    return pd.DataFrame(made, columns=list(COUNTS)).reset_index(drop=True)


@cache
def by_draw(force, *, areas=40, number=PLANS, seed=1):
    """
    Counts of plans where nothing was done, held against areas that a draw let wait.

    Patrol areas are placed on the months before and one of each pair waits, as in a fair
    test; a plan's place is a hotspot in an area that may be visited.
    """
    rows = located(asb(getattr(load, force)()))
    made = []
    for at, (before, after) in enumerate(
        windows(pd.PeriodIndex(rows["month"].unique()), LENGTHS[force])
    ):
        early = rows.loc[rows["month"].isin(before)]
        least = max(4, round(LEAST[force] * len(before) / 12))
        found = find_hotspots(early, radius_m=100, min_incidents=least, months=len(before))
        placed = place(early, count=areas)
        test = draw(placed, starts=date(2026, 1, 5), weeks=26, seed=seed + at)
        waits = placed["key"].isin([block[0] for block in test.blocks]).to_numpy()
        kept, visited = placed.geometry[waits].to_numpy(), placed.geometry[~waits].to_numpy()
        spots = found.geometry.to_numpy()
        shapes = np.concatenate([spots, kept])
        near = rows.loc[rows["month"].isin(before.append(after))]
        counts, around = tally(near, shapes), tally(near, surroundings(shapes))
        busy = counts.reindex(before, fill_value=0).sum().to_numpy()
        for one in range(len(spots)):
            if shapely.intersects(kept, spots[one]).any():
                continue
            if not shapely.intersects(visited, spots[one]).any():
                continue
            order = np.array([one, *range(len(spots), len(shapes))])
            like = choose(spots, busy[: len(spots)], one)
            controls = order[choose(shapes[order], busy[order], 0).controls][: len(like.controls)]
            if len(controls) < LEAST_CONTROLS:
                continue
            chosen = Chosen(controls, like.comparable, like.controls[: len(controls)])
            asked = {"treated": one, "chosen": chosen, "before": before, "after": after}
            made.append(measure(counts, around, **asked))
    every = pd.DataFrame(made, columns=list(COUNTS))
    return every.sample(min(number, len(every)), random_state=seed, ignore_index=True)


def said(table):
    """Shares of each verdict, and what the same plans give without comparison, or φ."""
    judged = judge(table)
    down = table["place_after"] < table["place_before"]
    return {
        "plans": len(table),
        **judged["verdict"].value_counts(normalize=True).to_dict(),
        "fell by the WDD alone": float((judged["high"] < 0).mean()),
        "with a synthetic control": float(table["synthetic_fell"].notna().mean()),
        "its p agrees": float((table["synthetic_fell"].dropna() <= AGREES).mean()),
        "taken back": float(judged["withheld"].mean()),
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


def power(force, falls, *, least=0, seed=1):
    """Share of plans that "fell" is said of, by the size of the planted fall."""
    large = [
        plan
        for plan, busy in zip(drawn(force), plans(force)["place_before"] >= least, strict=True)
        if busy
    ]
    shown = {}
    for fall in falls:
        judged = judge(counts_of(large, fall, seed=seed))
        shown[fall] = float((judged["verdict"] == FELL).mean())
    return shown


if __name__ == "__main__":
    for force in LEAST:
        table = plans(force)
        print(f"\n{force}, controls by the draw of a fair test")
        print(pd.Series(said(by_draw(force))).to_string(float_format="{:.3f}".format))
        print(f"\n{force}")
        print(pd.Series(said(table)).to_string(float_format="{:.3f}".format))
        for least in (0, 40, 80):
            shown = power(force, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), least=least)
            print(f"{least}+ before:", {fall: round(share, 2) for fall, share in shown.items()})
