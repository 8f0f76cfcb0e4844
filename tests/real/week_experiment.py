"""
A week for three double-crewed units on lates, scored on months it never saw.

`python -m tests.real.week_experiment` prints the table; `test_week_real.py` asserts what
is robust of it. Each way of using the same officer-hours is scored by the reports of the
three months after that fell where visits were planned, a month; a place with fewer than
three visits a day counts in part. The rivals are treated kindly: every cell's and ward's
visits are whole wherever that helps them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from sklearn.cluster import KMeans

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms, travel_minutes
from hotspots.action.rounds import Unit, choose_rounds, round_minutes
from hotspots.action.week_check import week_faults
from hotspots.analysis.areas import assign
from hotspots.analysis.hotspots import inside
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.ranking import expected
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents, asb, coordinates, located
from tests.real import load

MONDAY = date(2025, 11, 3)
TERMS = Terms()
SHIFTS = tuple(
    Shift(MONDAY + timedelta(day), f"Lates {unit}", 15 * 60, 8 * 60, 2, "car")
    for day in range(7)
    for unit in "ABC"
)
HOURS = sum(shift.officer_hours for shift in SHIFTS)
OFFERED = 60
CELLS = WARDS = 20
SIZE_HA = 5
FULL = 21
HORIZON = 3
ORIGINS = [pd.Period(month, "M") for month in ("2025-07", "2025-08", "2025-09", "2025-10")]


@dataclass(frozen=True)
class Scored:
    plan: object
    areas: object
    faults: list
    table: pd.DataFrame


def score(origin):
    """Reports a month reached by each way of using the hours, and for each officer-hour."""
    rows = located(asb(load.cheshire()))
    before = Incidents(rows.loc[rows["month"] < origin])
    after = Incidents(rows.loc[(rows["month"] >= origin) & (rows["month"] < origin + HORIZON)])
    areas = place(
        before, count=OFFERED, size_ha=SIZE_HA, expected=expected(before), wards=load.wards()
    )
    plan = make_plan(areas, SHIFTS, TERMS)
    reached = {
        "the plan": ours(plan, areas, after),
        "top 20 grid cells, evenly": cells(before, after),
        "busiest 20 wards, evenly, where reports were": wards(before, after, by_reports=True),
        "busiest 20 wards, evenly, anywhere": wards(before, after, by_reports=False),
    }
    table = pd.DataFrame({"reached": pd.Series(reached)})
    table["per_hour"] = table["reached"] / HOURS
    table["times"] = table.loc["the plan", "reached"] / table["reached"]
    return Scored(plan, areas, week_faults(plan.visits, areas, SHIFTS, TERMS), table)


def ours(plan, areas, after):
    held = pd.Series(inside(after, Hotspots(areas))).value_counts()
    later = held.reindex(plan.areas.index, fill_value=0) / HORIZON
    return float((later * np.minimum(1, plan.areas["visits"] / FULL)).sum())


def cells(before, after):
    """As many visits to each of the busiest cells as the way round them leaves time for."""
    side = np.sqrt(SIZE_HA * 10_000)
    names, counts = np.unique(np.floor(coordinates(before) / side), axis=0, return_counts=True)
    best = names[np.argsort(-counts, kind="stable")[:CELLS]]
    later = [
        float((np.floor(coordinates(after) / side) == cell).all(axis=1).sum()) / HORIZON
        for cell in best
    ]
    xy = (best + 0.5) * side
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    minutes = travel_minutes(metres, kmh=TERMS.car_kmh, detour_percent=TERMS.detour_percent)
    group = KMeans(3, n_init=10, random_state=1).fit_predict(xy)
    week_min = 7 * (8 * 60 - TERMS.off_patrol_min)
    total = 0.0
    for unit in range(3):
        mine = np.flatnonzero(group == unit)
        travel = np.ceil(minutes[np.ix_(mine, mine)]).astype(np.int64)
        whole = Unit(100_000, travel)
        (way,) = choose_rounds(np.ones(len(mine), np.int64), [whole], visit_min=15).of_unit
        rounds = week_min / round_minutes(way, whole, TERMS.visit_min)
        total += sum(later[cell] for cell in mine) * min(1.0, rounds / FULL)
    return total


def wards(before, after, *, by_reports):
    """The same visits at 15 and 10 minutes, at 5 ha round points of the busiest wards."""
    table = load.wards()
    code = assign(coordinates(before), table).code
    busiest = code.value_counts().head(WARDS).index
    radius = np.sqrt(SIZE_HA * 10_000 / np.pi)
    tree = shapely.STRtree(shapely.points(coordinates(after)))
    visits = len(SHIFTS) * (8 * 60 - TERMS.off_patrol_min) / (15 + 10) / WARDS
    total = 0.0
    for ward in busiest:
        xy = coordinates(before)[(code == ward).to_numpy()]
        at = xy if by_reports else np.unique(xy, axis=0)
        discs = shapely.buffer(shapely.points(at), radius)
        caught = len(tree.query(discs, predicate="contains")[0]) / len(discs) / HORIZON
        total += caught * visits / FULL
    return total


def main():
    every = {str(origin): score(origin) for origin in ORIGINS}
    for origin, scored in every.items():
        plan = scored.plan
        print(f"\nMonths from {origin}: {len(plan.areas)} of {len(scored.areas)} areas, ", end="")
        print(
            f"{len(plan.visits)} visits, {plan.travel_hours:.0f} officer-hours on the way, ", end=""
        )
        print(f"faults: {scored.faults or 'none'}")
        print(scored.table.round(3).to_string())
    mean = sum(scored.table for scored in every.values()) / len(every)
    print("\nMean\n" + mean[["reached", "per_hour"]].round(3).to_string())


if __name__ == "__main__":
    main()
