"""
How often the early warning speaks on real months in random order: python -m tests.real.false_alarms

Whole months change places, so that what lay together stays together and nothing is newer than
before; of days the weeks change places, each whole. Three ways of making random worlds are
asked for each: Kulldorff's, which pairs reports one by one; with clumps; and with clumps and
how strong the strongest cylinder of earlier months was, which is what the early warning uses.
A place that truly gathered reports in one month gathers them in any order: the shares are an
upper bound of the false alarms.
"""

import sys

import numpy as np
import pandas as pd
from pyproj import Transformer

from hotspots.analysis.space_time_scan import LONGEST_DAYS, permutation_scan
from hotspots.study.scanned import DAYS, MOST
from hotspots.tables.incidents import asb, coordinates, located
from tests.real import load

WAYS = {
    "Kulldorff's": {"clumps": False, "past_step": 0},
    "clumps": {"clumps": True, "past_step": 0},
    "clumps and own past": {},
}
LARGEST, SMALLEST = 54_000, 1_500


def months(rows, first, last):
    """Places, and months counted from 0, of the months between two that were supplied."""
    month = pd.PeriodIndex(rows["month"])
    kept = (month >= pd.Period(first, "M")) & (month <= pd.Period(last, "M"))
    held = month[kept].unique().sort_values()
    return coordinates(rows.loc[kept]), held.get_indexer(month[kept]).astype(np.int64)


def smallest_p(xy, when, *, seeds, simulations=199, **asked):
    """Chance of the strongest cylinder, for each of some orders of the months."""
    periods, found = int(when.max()) + 1, []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(periods)
        scan = permutation_scan(
            xy, order[when], periods=periods, simulations=simulations, seed=seed, **asked
        )
        found.append(scan.clusters["p"].min() if len(scan.clusters) else 1.0)
    return np.array(found)


def days(file, column, crs, year):
    """Places, and days counted from 0, of 52 weeks of a file with times."""
    rows = pd.read_csv(load.folder() / "timed" / file)
    day = pd.to_datetime(rows[column]).dt.normalize()
    first = pd.Timestamp(year, 1, 1)
    first += pd.Timedelta(days=-first.day_of_week % 7)
    since = (day - first).dt.days
    kept = since.between(0, 52 * 7 - 1).to_numpy()
    placed = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(
        rows.loc[kept, "longitude"].to_numpy(), rows.loc[kept, "latitude"].to_numpy()
    )
    return np.column_stack(placed).round(), since[kept].to_numpy(np.int64)


def smallest_p_of_days(xy, day, *, seeds, simulations=199, **asked):
    """The same for days: half of the weeks in random order, each whole."""
    found = []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(52)
        when = order[day // 7] * 7 + day % 7
        kept = when < MOST[DAYS]
        settings = {"periods": MOST[DAYS], "longest": LONGEST_DAYS, "simulations": simulations}
        scan = permutation_scan(xy[kept], when[kept], seed=seed, **settings, **asked)
        found.append(scan.clusters["p"].min() if len(scan.clusters) else 1.0)
    return np.array(found)


def forces(rows):
    """Forces that published all twelve months, few enough to be asked in minutes."""
    for force, held in rows.groupby("force", observed=True):
        if SMALLEST <= len(held) <= LARGEST and held["month"].nunique() == len(WHOLE):
            yield force, held


WHOLE = pd.period_range("2025-01", "2025-12", freq="M")


def said(name, found):
    shares = ", ".join(f"{(found <= level).mean():.1%} at {level:.0%}" for level in (0.01, 0.05))
    print(f"{name}: {shares} of {len(found)}", flush=True)


def main():
    shuffles = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    one = months(located(asb(load.cheshire())), "2025-01", "2025-12")
    # Between the step of May 2021 and the new map points of July 2022.
    other = months(located(asb(load.northumbria())), "2021-06", "2022-06")
    every = [months(rows, WHOLE[0], WHOLE[-1]) for _, rows in forces(located(asb(load.national())))]
    chicago = days("chicago_aggravated_assaults.csv.gz", "date", "EPSG:32616", 2019)
    york = days("nycvehiclethefts.csv.gz", "date_start", "EPSG:32618", 2016)
    for way, asked in WAYS.items():
        step = {} if "past_step" in asked else {"past_step": 7}
        for name, timed in (("Chicago 2019, days", chicago), ("New York 2016, days", york)):
            found = smallest_p_of_days(*timed, seeds=range(shuffles // 2), **asked, **step)
            said(f"{name}, {way}", found)
        said(f"Cheshire 2025, {way}", smallest_p(*one, seeds=range(shuffles), **asked))
        said(f"Northumbria 2021 to 2022, {way}", smallest_p(*other, seeds=range(shuffles), **asked))
        found = [smallest_p(*rows, seeds=(1000, 1001, 1002), **asked) for rows in every]
        said(f"{len(every)} forces, {way}", np.concatenate(found))


if __name__ == "__main__":
    main()
