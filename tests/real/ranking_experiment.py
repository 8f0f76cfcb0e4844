"""
The experiment behind the default ranking; prints the tables that it rests on.

    HOTSPOTS_REAL_DATA=<folder> python -m tests.real.ranking_experiment [--quick]

The parts of the ranking (damping, recency, surroundings) were chosen on the 35 forces of
2025 with a whole year, of which neither Cheshire nor Northumbria is one, at 6 → 3 and
9 → 3 months. The other tables only report: nothing was chosen on them. Each figure is the
mean over rolling origins of the share of the next three months' reports that 20 areas of
5 ha held, and over forces where there are several.
"""

import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from hotspots.analysis.baselines import Training, hindsight, last_count, patrol_areas, square_cells
from hotspots.analysis.patrol_arrangement import Demand, arrange, first_holding, points_of
from hotspots.analysis.places import gather
from hotspots.analysis.ranking import COUNTS, DEFAULT, forecast
from hotspots.tables.incidents import asb, coordinates, located
from tests.real.load import cheshire, national, northumbria

AREAS, SIZE_HA, HORIZON = 20, 5.0, 3
NOT_CHOSEN_ON = ("Cheshire", "Northumbria")
LEAST_REPORTS = 1000

RANKINGS = {
    "count": COUNTS,
    "recent months, half-life 3": replace(COUNTS, half_life_months=3.0, recent=1.0),
    "recent months, half-life 6": replace(COUNTS, half_life_months=6.0, recent=1.0),
    "recent months, half-life 12": replace(COUNTS, half_life_months=12.0, recent=1.0),
    "recent months, part learnt": replace(COUNTS, half_life_months=3.0),
    "bursts damped to 0.5": replace(COUNTS, damping=0.5),
    "bursts damped to 0.75": replace(COUNTS, damping=0.75),
    "bursts damped to 0.85": replace(COUNTS, damping=0.85),
    "surroundings 0.3 at 60 m": replace(COUNTS, surroundings=0.3, surroundings_m=60.0),
    "surroundings 0.3 at 120 m": replace(COUNTS, surroundings=0.3),
    "surroundings 1 at 120 m": replace(COUNTS, surroundings=1.0),
    "damped 0.75, surroundings 0.3": replace(COUNTS, damping=0.75, surroundings=0.3),
    "damped 0.75, part learnt": replace(DEFAULT, surroundings=0.0),
    "all three: the default": DEFAULT,
}


def caught(xy, demand):
    """Share of coordinates that areas placed on a demand hold."""
    shapes = arrange(demand, count=AREAS, size_ha=SIZE_HA).shapes
    return float((first_holding(points_of(xy), shapes) >= 0).mean())


def surrounded(places, month, held, *, horizon, weight):
    """Counts drawn towards their surroundings by as much as their own spread bears out."""
    counts = forecast(places, month, held=held, horizon=horizon, ranking=COUNTS) * len(held)
    near = forecast(
        places, month, held=held, horizon=horizon, ranking=replace(COUNTS, surroundings=weight)
    ) * len(held)
    spread = ((counts - near) ** 2 - near).sum()
    shape = near.sum() / max(spread, near.sum() / 10)
    return Demand(places.xy, (counts + shape * near) / (1 + shape) / len(held))


def origins(xy, month, *, train):
    """Training and later coordinates at every origin with months held on either side."""
    months = np.unique(month)
    for origin in range(months[0] + train, months[-1] - HORIZON + 2):
        before = (month >= origin - train) & (month < origin)
        after = (month >= origin) & (month < origin + HORIZON)
        if before.any() and after.any() and len(np.unique(month[before])) >= train / 2:
            yield origin, before, xy[after]


def rates(xy, month, *, train):
    """Mean share held, by ranking, and by the grid and hindsight."""
    found = []
    for _, before, later in origins(xy, month, train=train):
        places, held = gather(xy[before]), np.unique(month[before])
        training = partial(Training, places, month[before], held, HORIZON, AREAS, SIZE_HA)
        row = {
            name: patrol_areas(training(ranking)).holds(later).mean()
            for name, ranking in RANKINGS.items()
        }
        row["empirical Bayes, fitted"] = caught(
            later, surrounded(places, month[before], held, horizon=HORIZON, weight=1e6)
        )
        row["square grid"] = (
            last_count(training(DEFAULT), cells=square_cells(5)).holds(later).mean()
        )
        row["hindsight"] = (
            hindsight(gather(later), areas=AREAS, size_ha=SIZE_HA).holds(later).mean()
        )
        found.append(row)
    return pd.DataFrame(found).mean()


def extras(crime, *, train):
    """What needs more than a year of one category: reported only, no default rests on it."""
    rows = located(crime)
    xy, month = coordinates(rows), np.asarray(pd.PeriodIndex(rows["month"]).asi8)
    reported = (rows["category"] == "Anti-social behaviour").to_numpy()
    found = []
    for origin, _, _ in origins(xy, month, train=train):
        before = (month >= origin - train) & (month < origin)
        later = xy[(month >= origin) & (month < origin + HORIZON) & reported]
        row = {}
        every = gather(xy[before])
        held = np.unique(month[before])
        asb_only = gather(xy[before & reported])
        own = forecast(asb_only, month[before & reported], held=held, horizon=HORIZON)
        row["the default"] = caught(later, Demand(asb_only.xy, own))
        at = pd.MultiIndex.from_arrays(every.xy.T).get_indexer(
            pd.MultiIndex.from_arrays(asb_only.xy.T)
        )
        base = np.zeros(len(every))
        base[at] = own
        other = every.count(~reported[before]).astype(float)
        for part in (0.1, 0.2, 0.3, 0.5, 1.0):
            weights = base + part * other * base.sum() / other.sum()
            row[f"and other crime, {part:g}"] = caught(later, Demand(every.xy, weights))
        whole = (month < origin) & reported
        places = gather(xy[whole])
        history = forecast(places, month[whole], held=np.unique(month[whole]), horizon=HORIZON)
        row["all history held"] = caught(later, Demand(places.xy, history))
        season = whole & (month >= origin - 12) & (month < origin - 12 + HORIZON)
        for part in (0.25, 0.5):
            same = gather(xy[whole]).count(season[whole]).astype(float)
            if season.any() and train >= 12:
                weights = history + part * same / same.sum() * history.sum()
                row[f"and the season a year before, {part:g}"] = caught(
                    later, Demand(places.xy, weights)
                )
        found.append(row)
    return pd.DataFrame(found).mean()


def against_count(table):
    """Means over forces; how each compares with counting."""
    relative = table.div(table["count"], axis=0)
    return pd.DataFrame(
        {
            "held %": 100 * table.mean(),
            "to count": relative.mean(),
            "better on": (relative > 1).sum(),
            "worse on": (relative < 1).sum(),
            "to grid": table.div(table["square grid"], axis=0).mean(),
            "to hindsight": table.div(table["hindsight"], axis=0).mean(),
        }
    ).round(3)


def arrays(incidents):
    rows = located(asb(incidents))
    return coordinates(rows), np.asarray(pd.PeriodIndex(rows["month"]).asi8, dtype=np.int64)


def chosen_on(quick):
    """ASB of every force of 2025 with a whole year, those two left out."""
    everything = national()
    months = everything.groupby("force", observed=True)["month"].nunique()
    size = everything["force"].value_counts()
    names = [
        name
        for name in sorted(months.index[months == 12])
        if size[name] >= LEAST_REPORTS and not any(skip in name for skip in NOT_CHOSEN_ON)
    ]
    for name in names[:: 6 if quick else 1]:
        yield name, arrays(everything.loc[everything["force"] == name])


def main():
    quick = "--quick" in sys.argv
    forces = dict(chosen_on(quick))
    for train in (6, 9):
        table = pd.DataFrame({n: rates(*part, train=train) for n, part in forces.items()}).T
        print(f"\nChosen on: {len(table)} forces of 2025, {train} → {HORIZON} months")
        print(against_count(table).to_string())
    for name, crime, train in (
        ("Cheshire 2025", cheshire(), 6),
        ("Northumbria 2020–23", northumbria(), 12),
    ):
        table = pd.DataFrame({name: rates(*arrays(crime), train=train)}).T
        print(f"\nReported only: {name}, {train} → {HORIZON} months")
        print(against_count(table)[["held %", "to count", "to grid", "to hindsight"]].to_string())
        print(f"\nWith more than that to go on: {name}")
        print((100 * extras(crime, train=train)).round(2).to_string())


if __name__ == "__main__":
    main()
