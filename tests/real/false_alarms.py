"""
How often the early warning speaks on past data: python -m tests.real.false_alarms

Three replays, each asked as the page asks, at its one look in a hundred:

- *in random order*: whole months change places, so that what lay together stays together and
  nothing is newer than before; of days the weeks change places, each whole. Three ways of
  making random worlds are asked: Kulldorff's, which pairs reports one by one; with clumps; and
  with clumps and how strong the strongest cylinder of earlier periods was, which is what the
  early warning uses. A place that truly gathered reports in one month gathers them in any
  order, so the shares are upper bounds of the false alarms. "Gatherings" counts the periods
  that the warnings of a source are of, and "of one" how many are of the period and the square
  of 2 km that most of them are of.
- *as it was*: each month, and each seventh day, as it then stood, in the true order. A
  gathering is told for as long as a cylinder reaches back to it.
- *planted*: so many reports more at one real place in the newest month of Cheshire's 2025.

Every order, place and world is seeded: two runs print the same table. With 40 orders of
Cheshire's months and 20 of each larger set it takes ten minutes of one core;
`python -m tests.real.false_alarms 8` looks at fewer.
"""

import sys
from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.stats import binomtest

from hotspots.analysis.cylinders import WARN, places_of
from hotspots.analysis.space_time_scan import RADII_M, permutation_scan
from hotspots.study.scanned import DAYS, LEAST, LONGEST, MONTHS, MOST, PAST_STEP
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load
from tests.speed.measure import table

OURS = "clumps and own past"
WAYS = {
    "Kulldorff's": {"clumps": False, "past_step": 0},
    "clumps": {"past_step": 0},
    OURS: {},
}
ORDERS, FORCE_ORDERS, PLANTED, WORLDS = 40, 3, 25, 199
LARGEST, SMALLEST = 54_000, 1_500
WHOLE = pd.period_range("2025-01", "2025-12", freq="M")
SQUARE_M = 2_000


class Past(NamedTuple):
    """Reports of one source: places, periods counted from 0, and what the periods are called."""

    name: str
    xy: np.ndarray
    when: np.ndarray
    names: list[str]
    by: str = MONTHS


def months(name, rows, first, last):
    """The months between two that were supplied."""
    month = pd.PeriodIndex(rows["month"])
    kept = (month >= pd.Period(first, "M")) & (month <= pd.Period(last, "M"))
    held = month[kept].unique().sort_values()
    when = held.get_indexer(month[kept]).astype(np.int64)
    return Past(name, coordinates(rows.loc[kept]), when, [str(one) for one in held])


def days(name, file, column, crs, year):
    """52 weeks of a file with times, from its first Monday."""
    rows = pd.read_csv(load.folder() / "timed" / file)
    day = pd.to_datetime(rows[column]).dt.normalize()
    first = pd.Timestamp(year, 1, 1)
    first += pd.Timedelta(days=-first.day_of_week % 7)
    since = (day - first).dt.days
    kept = since.between(0, 52 * 7 - 1).to_numpy()
    placed = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(
        rows.loc[kept, "longitude"].to_numpy(), rows.loc[kept, "latitude"].to_numpy()
    )
    names = [f"the week of {week:%Y-%m-%d}" for week in pd.date_range(first, periods=52, freq="7D")]
    xy = np.column_stack(placed).round()
    return Past(name, xy, since[kept].to_numpy(np.int64), names, DAYS)


def forces():
    """Forces that published all twelve months, few enough reports to be asked in minutes."""
    for force, held in located(asb(load.national())).groupby("force", observed=True):
        if SMALLEST <= len(held) <= LARGEST and held["month"].nunique() == len(WHOLE):
            yield months(str(force), held, WHOLE[0], WHOLE[-1])


def scan(xy, when, *, by, periods, seed, **asked):
    settings = {"longest": LONGEST[by], "past_step": PAST_STEP[by], "simulations": WORLDS}
    return permutation_scan(xy, when, periods=periods, seed=seed, **{**settings, **asked})


def in_order(past, seed):
    """The periods in random order: which reports are looked at, when each then is, of how many."""
    rng = np.random.default_rng(seed)
    if past.by == MONTHS:
        order = rng.permutation(len(past.names))
        return np.ones(len(past.when), dtype=bool), order[past.when], len(order)
    moved = rng.permutation(len(past.names))[past.when // 7] * 7 + past.when % 7
    return moved < MOST[DAYS], moved, MOST[DAYS]


def shuffled(past, seeds, **asked):
    """One look an order: whether it warned, and of which period and square."""
    looks = []
    for seed in seeds:
        kept, when, periods = in_order(past, seed)
        found = scan(past.xy[kept], when[kept], by=past.by, periods=periods, seed=seed, **asked)
        looks.append(gathered(past, found, kept & (when < periods), when, periods))
    return looks


def gathered(past, found, kept, when, periods):
    """Name of the period that gathered most within the strongest warning, and its square."""
    warned = found.warnings()
    if warned.empty:
        return None
    first = warned.iloc[0]
    places, place = places_of(past.xy[kept], RADII_M[0])
    apart = np.hypot(places[:, 0] - first["easting"], places[:, 1] - first["northing"])
    inside = (apart <= first["radius_m"])[place] & (when[kept] >= periods - first["length"])
    period = past.when[kept][inside] // (7 if past.by == DAYS else 1)
    square = (first[["easting", "northing"]].astype("float64") // SQUARE_M).astype(int)
    return past.names[int(np.bincount(period).argmax())], *square, past.name


def as_it_was(past):
    """One look at each month, or at each seventh day, as it then stood."""
    step = 1 if past.by == MONTHS else 7
    every = len(past.names) * step
    looks = []
    for periods in range(LEAST[past.by] if past.by == MONTHS else MOST[DAYS], every + 1, step):
        first = max(0, periods - MOST[past.by])
        kept = (past.when >= first) & (past.when < periods)
        when = past.when - first
        found = scan(past.xy[kept], when[kept], by=past.by, periods=periods - first, seed=periods)
        looks.append(gathered(past, found, kept, when, periods - first))
    return looks


def planted(past, extra):
    """Whether so many reports more, at the place of a report drawn at random, are noticed."""
    looks = []
    for seed in range(PLANTED):
        spot = past.xy[np.random.default_rng(seed).integers(len(past.xy))]
        newest = len(past.names) - 1
        xy = np.vstack([past.xy, np.repeat(spot[None], extra, axis=0)])
        when = np.append(past.when, [newest] * extra)
        warned = scan(xy, when, by=MONTHS, periods=newest + 1, seed=seed).warnings()
        apart = np.hypot(warned["easting"] - spot[0], warned["northing"] - spot[1])
        looks.append((apart <= warned["radius_m"]).any() or None)
    return looks


def row(what, name, way, looks):
    spoke = [one for one in looks if one is not None]
    interval = binomtest(len(spoke), len(looks)).proportion_ci(method="exact")
    placed = what != "planted"
    most = Counter(spoke).most_common(1) if placed else []
    return {
        "replay": what,
        "data": name,
        "worlds": way,
        "looks": len(looks),
        "warned": len(spoke),
        "share": f"{len(spoke) / len(looks):.1%}",
        "95% interval": f"{interval.low:.1%} to {interval.high:.1%}",
        "gatherings": len({(one[0], one[-1]) for one in spoke}) if placed else "",
        "of one": f"{most[0][1]}: {most[0][0][0]}" if most else "",
    }


def replays(orders):
    """Rows of the table, one after another as they are known."""
    cheshire = months("Cheshire 2025", located(asb(load.cheshire())), WHOLE[0], WHOLE[-1])
    # Between the step of May 2021 and the new map points of July 2022.
    north = located(asb(load.northumbria()))
    single = (
        cheshire,
        months("Northumbria, June 2021 to June 2022", north, "2021-06", "2022-06"),
        days("Chicago 2019", "chicago_aggravated_assaults.csv.gz", "date", "EPSG:32616", 2019),
        days("New York 2016", "nycvehiclethefts.csv.gz", "date_start", "EPSG:32618", 2016),
    )
    every = list(forces())
    many = f"{len(every)} forces 2025"
    for way, asked in WAYS.items():
        for past in single:
            seeds = range(orders if past is cheshire else orders // 2)
            yield row("in random order", past.name, way, shuffled(past, seeds, **asked))
        seeds = range(1_000, 1_000 + FORCE_ORDERS)
        looks = [one for past in every for one in shuffled(past, seeds, **asked)]
        yield row("in random order", many, way, looks)
    for past in single:
        yield row("as it was", past.name, OURS, as_it_was(past))
    yield row("as it was", many, OURS, [one for past in every for one in as_it_was(past)])
    for extra in (5, 10, 15):
        yield row("planted", f"{cheshire.name}, {extra} reports", OURS, planted(cheshire, extra))


def main():
    rows = []
    for one in replays(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS):
        print(*(str(part) for part in one.values()), sep="; ", file=sys.stderr, flush=True)
        rows.append(one)
    print(f"Warned: chance of {WARN:.0%} or less of {WORLDS} random worlds.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
