"""Sentences and tables about a week of patrols: what it reaches, what was left out and why."""

from typing import Final

import pandas as pd

from hotspots.action import left_out
from hotspots.action.fair_test import ALTERNATE, FairTest
from hotspots.action.patrols import MODES, Terms, areas_supported
from hotspots.action.week_plan import Plan
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import wording
from hotspots.views.wording import count

NO_HOURS: Final = (
    "These reports say a month and no hour, so visits are spread evenly: each shift is cut into "
    "equal windows, and every area is visited once in each."
)
BY_HOURS: Final = (
    "Each shift is cut into equal windows, and each area is visited in those that hold most of "
    "its reports. An area has its own hours of the day as far as it has reports to tell them by; "
    "the rest, and the days of the week, are the whole study area's."
)
STRAIGHT: Final = (
    "The way between two areas is the straight line between their middles, lengthened for "
    "detours: no network of streets is loaded."
)
PROMISE: Final = (
    "Where patrols were tried, effects differed: some trials saw fewer reports, a trial in a "
    "non-metropolitan force saw no fall that could be told from chance. A plan promises none. "
    "Log what was delivered: in Birmingham 45 minutes a day were planned and 24 to 26 delivered."
)
FAIR: Final = (
    "Busy places quieten of themselves, and places picked to be left out are different from the "
    "start. Only a draw is fair: areas of like rank are put in blocks, of one ward where a ward "
    "has enough, and one of each block waits. What happens in those that are visited is then "
    "held against those that wait."
)
FAIR_COST: Final = (
    "The cost: areas that wait get no planned visits in those weeks. Calls from them are "
    "answered as ever, and an area that must not wait is made a priority first."
)


def week_finding(plan: Plan, areas: PatrolAreas) -> str:
    """What a plan reaches, in one sentence."""
    if plan.visits.empty:
        return "The plan holds no visit."
    return (
        f"**{len(plan.areas)} of {count(len(areas), 'patrol area')}** get "
        f"{count(len(plan.visits), 'visit')} of {plan.terms.visit_min} minutes, in "
        f"{plan.officer_hours:,.0f} officer-hours. They are expected to add "
        f"{plan.reached:,.1f} reports a month: {plan.per_officer_hour:.2f} for each officer-hour "
        "of the week."
    )


def week_hours(plan: Plan) -> str:
    """Where the hours go, and how sure it is that no other plan reaches more."""
    rest = plan.officer_hours - plan.visiting_hours - plan.travel_hours
    hours = (
        f"Of the hours, {plan.visiting_hours:,.0f} are spent in areas, {plan.travel_hours:,.0f} on "
        f"the way between them, {rest:,.0f} off patrol or left over."
    )
    if plan.visits.empty:
        return ""
    if plan.timed is not None:
        return f"{hours} {timed(plan)}"
    sure = (
        "No other choice of areas for these hours reaches more."
        if plan.proved
        else "The solver stopped at its limit of work, so a better choice may exist (at most "
        f"{wording.percent(plan.within / (1 - plan.within))} more)."
    )
    return f"{hours} {sure}"


def travel(plan: Plan) -> str:
    """How the ways between areas were measured."""
    if plan.on_roads is None:
        return STRAIGHT
    said = (
        "Ways between areas are the shortest along the roads and paths loaded, those for walking "
        "only on foot, motorways only by car; one-way streets are not known."
    )
    if plan.on_roads == 1:
        return said
    return (
        f"{said} {wording.percent(1 - plan.on_roads)} of the ways lead where the roads do not "
        "reach: there it is the straight line, lengthened for detours."
    )


def timed(plan: Plan) -> str:
    """What a plan that follows the hours holds, and how sure it is that no other holds more."""
    sure = (
        "No other choice of areas for any window holds more, the other windows as they are."
        if plan.proved
        else "The solver stopped at its limit of work, so a better choice may exist; no day "
        "holds less than one that visits the same areas in every window."
    )
    return (
        f"In the hours of the windows in which they are visited, areas are expected to have "
        f"{plan.timed:,.1f} reports a month. {sure}"
    )


def when(covered: tuple[float, float] | None) -> str:
    """
    How visits stand to the hours of reports, where hours are known.

    Parameters
    ----------
    covered
        From `action.shift_hours.coverage`; None where too few reports say an hour.

    Examples
    --------
    >>> when((0.51, 0.29))[:88]
    'Of the reports that say an hour, 51% happened in the hours on patrol, which are 29% of t'
    """
    if covered is None:
        return NO_HOURS
    return (
        f"Of the reports that say an hour, {wording.percent(covered[0])} happened in the hours on "
        f"patrol, which are {wording.percent(covered[1])} of the week. Time off patrol stands "
        f"where fewest happened. {BY_HOURS} The page When shows the hours."
    )


def order_note(terms: Terms) -> str:
    """How the order came about."""
    return (
        f"The order within a window is drawn at random (seed {terms.seed}), from the orders that "
        f"fit the hours and leave {terms.spacing_min} minutes between two visits to an area."
    )


def capacity(hours: float, *, visit_min: float, travel_min: float, visits_a_day: float) -> str:
    """
    What a year of hours supports.

    Examples
    --------
    >>> print(capacity(20_000, visit_min=15, travel_min=10, visits_a_day=3))
    20,000 officer-hours a year support about 44 areas single-crewed, 22 double-crewed: each \
visited 3 times a day for 15 minutes, with 10 minutes of way.
    """
    single, double = (
        areas_supported(
            hours,
            visit_min=visit_min,
            travel_min=travel_min,
            visits_a_day=visits_a_day,
            officers=officers,
        )
        for officers in (1, 2)
    )
    times = {1: "once", 2: "twice"}.get(int(visits_a_day), f"{visits_a_day:.0f} times")
    return (
        f"{hours:,.0f} officer-hours a year support about {single:,.0f} areas single-crewed, "
        f"{double:,.0f} double-crewed: each visited {times} a day for {visit_min:.0f} minutes, "
        f"with {travel_min:.0f} minutes of way."
    )


def area_name(areas: PatrolAreas, number: int) -> str:
    """Label and place of an area."""
    row = areas.T[number]
    return f"P{number} · {wording.place(row['streets'], row['ward_name'])}"


def why_dropped(number: int, row: pd.Series, terms: Terms) -> str:
    """
    Why an area is not in the plan, in a sentence.

    Examples
    --------
    >>> row = pd.Series(
    ...     {"why": "no time", "unit": "B", "way_min": 40, "free_min": 12, "expected": 1.1}
    ... )
    >>> why_dropped(7, row, Terms())
    'P7: 40 min of way and 15 of visit for 1.1 reports a month; the round of B has 12 min left.'
    """
    reports = f"{row['expected']:.1f} reports a month"
    if row["why"] == left_out.NO_TIME:
        return (
            f"P{number}: {row['way_min']:.0f} min of way and {terms.visit_min} of visit for "
            f"{reports}; the round of {row['unit']} has {row['free_min']:.0f} min left."
        )
    said = {
        left_out.EXCLUDED: "left out by hand",
        left_out.HELD_BACK: "waits, as a control of the fair test",
        left_out.CAPPED: f"has had its {terms.cap_week} visits this week",
        left_out.NO_SHIFT: "nobody is on duty",
        left_out.NOTHING: "no report is expected to be added",
        left_out.OTHER_HOURS: "its reports happen at other hours",
    }[row["why"]]
    return f"P{number}: {said} ({reports})."


def dropped(plan: Plan, areas: PatrolAreas) -> pd.DataFrame:
    """Areas without a visit, and why."""
    names = [area_name(areas, number) for number in plan.dropped.index]
    why = [
        why_dropped(number, plan.dropped.T[number], plan.terms).split(": ", maxsplit=1)[1]
        for number in plan.dropped.index.tolist()
    ]
    return pd.DataFrame({"Area": names, "Why it has no visit": why}).set_index("Area")


def by_shift(plan: Plan) -> pd.DataFrame:
    """Every shift on a line: visits, areas, minutes of visit and of way."""
    rows = []
    for shift in plan.shifts:
        mine = shift_visits(plan, shift.day, shift.unit)
        rows.append(
            {
                "Shift": shift.name,
                "Officers": f"{shift.officers} {MODES[shift.mode]}",
                "Areas": mine["area"].nunique(),
                "Visits": len(mine),
                "In areas, min": plan.terms.visit_min * len(mine),
                "On the way, min": int(mine["travel_min"].sum()),
            }
        )
    columns = ["Shift", "Officers", "Areas", "Visits", "In areas, min", "On the way, min"]
    return pd.DataFrame(rows, columns=columns).set_index("Shift")


def shift_visits(plan: Plan, day: object, unit: str) -> pd.DataFrame:
    """Visits of one unit on one day, in their order."""
    return plan.visits.loc[(plan.visits["day"] == day) & (plan.visits["unit"] == unit)]


def visits(rows: pd.DataFrame, areas: PatrolAreas) -> pd.DataFrame:
    """Visits as a sheet has them: when, where, and the way there."""
    times = rows["starts"].dt.strftime("%H:%M") + "–" + rows["ends"].dt.strftime("%H:%M")
    return pd.DataFrame(
        {
            "When": times,
            "Area": [area_name(areas, number) for number in rows["area"]],
            "Way, min": rows["travel_min"].astype(str),
            "Window": rows["window"].astype(str),
        }
    ).set_index("When")


def running_test(test: FairTest, areas: PatrolAreas, day: object) -> str:
    """A fair test that runs: who waits now, and since when."""
    waits = test.held_back(day)  # type: ignore[arg-type]
    numbers = [f"P{n}" for n, key in zip(areas.index, areas["key"], strict=True) if key in waits]
    turn = " They take turns week by week." if test.kind == ALTERNATE else ""
    return (
        f"A fair test runs from {test.starts:%d %B %Y} for {count(test.weeks, 'week')} (seed "
        f"{test.seed}). Waiting in this week: {', '.join(numbers) or 'no area shown here'}.{turn}"
    )


def balance(table: pd.DataFrame) -> pd.DataFrame:
    """How alike the two sides of a fair test are, from `action.fair_test.balance`."""
    return (
        pd.DataFrame(
            {
                "Areas": table["areas"].astype(str),
                "Reports a month expected, mean": table["expected"].map("{:.1f}".format),
                "Wards": table["wards"].astype(str),
            }
        )
        .rename(index={False: "Visited", True: "Waiting"})
        .rename_axis("Side")
    )


def made(visits: int) -> str:
    """
    What was already done in the week that is planned.

    Examples
    --------
    >>> made(1)
    '1 visit already made this week counts towards the most that an area may have.'
    """
    verb = "counts" if visits == 1 else "count"
    return (
        f"{wording.count(visits, 'visit')} already made this week {verb} towards the most that an "
        "area may have."
    )
