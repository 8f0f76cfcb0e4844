"""
A week planned by the hours of each area, held against one that spreads its visits evenly.

No open British source says the hour, so this uses aggravated assaults of Chicago, known to
the minute. `python -m tests.real.hours_experiment` prints the table; `test_week_real.py`
asserts what is robust of it. The same areas, shifts and terms; both plans are scored by the
assaults of the year after that fell in an area within the hours of a window in which it is
visited, by day of the week.
"""

import gzip
from datetime import date, timedelta

import numpy as np
import pandas as pd

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms
from hotspots.action.shift_hours import fitted
from hotspots.action.week_check import week_faults
from hotspots.action.windows import shares, windows_of
from hotspots.analysis.area_clocks import area_clocks
from hotspots.analysis.clock import clock
from hotspots.analysis.hotspots import inside
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.ranking import expected
from hotspots.tables.hotspots import Hotspots
from hotspots.tables.incidents import Incidents
from tests import builders
from tests.real import load

MONDAY = date(2025, 11, 3)
TERMS = Terms()
OFFERED, SIZE_HA = 60, 5
# Metres of a degree at Chicago; the plane is laid over British ground, which it never leaves.
_NORTH_M, _EAST_M = 111_050.0, 82_900.0
YEARS = range(2011, 2019)
LATES = (("Lates", 15),)
ROUND_THE_CLOCK = (("Earlies", 7), ("Lates", 15), ("Nights", 23))


def assaults(first, last):
    """Assaults of some years, at places on a plane, with their minute."""
    with gzip.open(load.folder() / "timed" / "chicago_aggravated_assaults.csv.gz") as file:
        rows = pd.read_csv(file, usecols=["date", "longitude", "latitude"]).dropna()
    when = pd.to_datetime(rows["date"])
    held = when.between(f"{first}-01-01", f"{last}-12-31 23:59")
    rows, when = rows.loc[held], when.loc[held]
    east = 400_000 + (rows["longitude"] + 87.7) * _EAST_M
    north = 300_000 + (rows["latitude"] - 41.8) * _NORTH_M
    # Clocks of London: a wall clock is all that is asked of it here.
    times = when.dt.tz_localize("Europe/London", ambiguous=False, nonexistent="shift_forward")
    months = when.dt.strftime("%Y-%m")
    table = builders.incidents(
        [(round(e), round(n), month) for e, n, month in zip(east, north, months, strict=True)],
        occurred_from=times.to_numpy(dtype=object),
    )
    return Incidents(table)


def shifts(kinds, units):
    return tuple(
        Shift(MONDAY + timedelta(day), f"{name} {unit}", 60 * hour, 480, 2, "car")
        for day in range(7)
        for name, hour in kinds
        for unit in range(units)
    )


def held(plan, areas, counted):
    """Later assaults a month in the areas visited, in the hours of each visit's window."""
    windows = {
        (window.shift.day, window.shift.unit, window.number): window
        for window in windows_of(plan.shifts, plan.terms)
    }
    at = {number: row for row, number in enumerate(areas.index)}
    return sum(
        shares(windows[row["day"], row["unit"], row["window"]], counted[[at[row["area"]]]])[0]
        for row in plan.visits.to_dict("records")
    )


def counted(areas, rows):
    """Assaults of each area by hour of the week, a month, as they happened."""
    where = inside(rows, Hotspots(areas))
    tables = [
        clock(
            rows["occurred_from"].loc[where == number], rows["occurred_to"].loc[where == number]
        ).table.to_numpy()
        for number in areas.index
    ]
    return np.array(tables) / rows["month"].nunique()


def score(year, kinds, units):
    """Assaults a month of the year after, in windows visited: the clocked plan and the even one."""
    before, after = assaults(year - 1, year), assaults(year + 1, year + 1)
    areas = place(before, count=OFFERED, size_ha=SIZE_HA, expected=expected(before))
    clocks = area_clocks(
        before["occurred_from"],
        before["occurred_to"],
        inside(before, Hotspots(areas)),
        areas.index,
    )
    whole = clock(before["occurred_from"], before["occurred_to"]).table
    on_duty = fitted(shifts(kinds, units), whole, TERMS.off_patrol_min)
    later = counted(areas, after)
    by_hours = make_plan(areas, on_duty, TERMS, clocks=clocks)
    even = make_plan(areas, on_duty, TERMS)
    faults = week_faults(by_hours.visits, areas, on_duty, TERMS, clocks=clocks)
    return by_hours, even, held(by_hours, areas, later), held(even, areas, later), faults


def main():
    for name, kinds, units in (("lates", LATES, 3), ("round the clock", ROUND_THE_CLOCK, 1)):
        sums = np.zeros(2)
        for year in YEARS:
            by_hours, even, *reached, faults = score(year, kinds, units)
            sums += reached
            one, other = reached
            print(
                f"{name} from {year}: {one:.2f} by hours, {other:.2f} evenly; "
                f"{len(by_hours.visits)} visits to {len(by_hours.areas)} areas, "
                f"{len(even.visits)} to {len(even.areas)}; faults: {faults or 'none'}",
                flush=True,
            )
        print(f"{name}, mean: {sums / len(YEARS)}, {sums[0] / sums[1]:.3f} times")


if __name__ == "__main__":
    main()
