"""
How long a week's plan takes, and making it again when a unit drops out; prints a table.

    HOTSPOTS_REAL_DATA=<folder> python -m tests.speed.patrol_week
"""

from datetime import timedelta

from hotspots.action.patrol_week import make_plan, without_unit
from hotspots.action.patrols import Terms
from hotspots.analysis.patrol_areas import place
from hotspots.analysis.ranking import expected
from hotspots.tables.incidents import asb
from tests.real.load import cheshire, wards
from tests.real.week_experiment import MONDAY, SHIFTS
from tests.speed.measure import measure, table


def offered(count):
    incidents = asb(cheshire())
    return place(incidents, count=count, expected=expected(incidents), wards=wards())


def week(areas):
    return len(make_plan(areas, SHIFTS, Terms()).visits)


def without_one(areas):
    sick = without_unit(SHIFTS, "Lates A", [MONDAY + timedelta(2)])
    return len(make_plan(areas, sick, Terms()).visits)


def main():
    rows = []
    for count in (20, 60):
        for what, run in (("a week", week), ("again, one unit out for a day", without_one)):
            row = measure(offered, run, count)
            rows.append({"what": f"{what}, {count} areas", "seconds": row.seconds})
    print(table(rows))


if __name__ == "__main__":
    main()
