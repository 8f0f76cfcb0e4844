"""Sentences about patrol areas: where to walk, and what a person changed by hand."""

import math
from typing import Final

import pandas as pd

from hotspots.study import Dataset, Study, Wanted
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views.wording import count, percent

PATROL_OR_HOTSPOT: Final = (
    "**Patrol areas** (hatched, square labels) say where to walk; **hotspots** (faint, without "
    "numbers) say where reports gather beyond chance."
)
PATROL_CUT: Final = (
    "A long hotspot or a town centre becomes several patrol areas, a single place becomes one, "
    "and none overlaps another."
)
PATROL_ORDER: Final = (
    "They are numbered by the reports that each is expected to add to those before it. Recent "
    "months count for more, a burst in one month for less, and quiet places borrow from their "
    "surroundings."
)
PATROL_PAST: Final = (
    "**This describes the past.** The share is counted on the same months that the areas were "
    "chosen from, so later months will hold less. The Evidence page says how well areas chosen "
    "in this way foretold months they had not seen."
)
COMPASS: Final = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)
_BY_HAND: Final = {"": "", "pinned": "Pinned by hand.", "nudged": "Moved by hand."}


def patrol_finding(areas: PatrolAreas, wanted: Wanted, *, area: str, reports: int) -> str:
    """
    What the patrol areas hold, as the title of the Patrol page.

    Parameters
    ----------
    areas, wanted
        What was placed, and what was asked for.
    area, reports
        Name of the study area, and its located reports.
    """
    if reports == 0:
        return f"No reports with a place in {area} in these months"
    if areas.empty:
        return f"No patrol area in {area}: there is no hotspot to place one in"
    return (
        f"{count(len(areas), 'patrol area')} of up to {wanted.size_ha:g} ha would have held "
        f"{percent(areas['share'].sum())} of reports"
    )


def patrol_finding_of(asked: Study, areas: PatrolAreas, wanted: Wanted, dataset: Dataset) -> str:
    """`patrol_finding` of a study area, for the page and the command line alike."""
    return patrol_finding(
        areas,
        wanted,
        area=dataset.choices.areas[asked.selection.area],
        reports=len(asked.located),
    )


def patrol_asked(wanted: Wanted, changes: int) -> str:
    """
    What was asked of the placing, for a caption and for every file.

    Examples
    --------
    >>> patrol_asked(Wanted(count=20, size_ha=5), 0)
    'at most 20 patrol areas of up to 5 ha, inside and around hotspots'
    >>> patrol_asked(Wanted(count=1, size_ha=2, anywhere=True), 2)
    'at most 1 patrol area of up to 2 ha, wherever reports are, 2 changes by hand'
    """
    where = "wherever reports are" if wanted.anywhere else "inside and around hotspots"
    by_hand = f", {count(changes, 'change')} by hand" if changes else ""
    areas = count(wanted.count, "patrol area")
    return f"at most {areas} of up to {wanted.size_ha:g} ha, {where}{by_hand}"


def fewer_patrol_areas(placed: int, wanted: Wanted) -> str:
    """
    Why there are fewer than were asked for; empty when there are not.

    Examples
    --------
    >>> fewer_patrol_areas(13, Wanted(count=20))
    'Of the 20 asked for, 13 are placed: no more ground in or around a hotspot would add a report.'
    """
    if placed >= wanted.count:
        return ""
    ground = "ground" if wanted.anywhere else "ground in or around a hotspot"
    are = "is" if placed == 1 else "are"
    return (
        f"Of the {wanted.count} asked for, {placed or 'none'} {are} placed: "
        f"no more {ground} would add a report."
    )


def patrol_area_facts(row: pd.Series) -> str:
    """One patrol area in two or three sentences: what it holds, on what ground, by whose hand."""
    inside = f"mostly in hotspot {row['hotspot']}" if row["hotspot"] else "around hotspots, in none"
    held = (
        f"{count(row['incidents'], 'report')} inside, {percent(row['share'])} of all; it added "
        f"{row['adds']:,} to what the areas before it held"
    )
    return f"{held}. {row['area_ha']:.1f} ha, {inside}. {_BY_HAND[row['edit']]}".rstrip()


def compass(east_m: float, north_m: float) -> str:
    """
    Direction of a move, in words.

    Examples
    --------
    >>> compass(50, 0), compass(-35.4, -35.4)
    ('east', 'south-west')
    """
    step = round(math.degrees(math.atan2(east_m, north_m)) / (360 / len(COMPASS)))
    return COMPASS[step % len(COMPASS)]


def patrol_change(row: pd.Series) -> str:
    """What one change by hand does, from a row of `action.patrol_log.history`."""
    place = row["place"]
    if row["kind"] == "pin":
        return f"An area stands at {place}"
    if row["kind"] == "nudge":
        metres = math.hypot(row["east_m"], row["north_m"])
        way = compass(row["east_m"], row["north_m"])
        return f"The area at {place} stands {metres:,.0f} m further {way}"
    return f"No area holds the {row['area_ha']:.1f} ha at {place}"
