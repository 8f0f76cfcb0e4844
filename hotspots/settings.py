"""
Every number the field has an opinion on: default, bounds, unit and source.

A number that a reader can change is a `Setting`; a number that follows from a
rule of practice is a constant beside its source.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Setting:
    """
    One number that a reader may change.

    Attributes
    ----------
    default, low, high, step
        What is used unasked, the bounds that a widget, a link and the command
        line all keep, and the step of a slider.
    unit
        As printed behind the number.
    source
        Where the default comes from.
    """

    default: int
    low: int
    high: int
    step: int
    unit: str
    source: str

    def clamp(self, value: int) -> int:
        """
        Nearest allowed value.

        Examples
        --------
        >>> RADIUS_M.clamp(10**9)
        300
        """
        return max(self.low, min(self.high, value))


RADIUS_M: Final = Setting(
    default=100,
    low=50,
    high=300,
    step=5,
    unit="m",
    source="hotspots of 75 m (a 150 m square; Williams & Coupe 2017) to 150 m (Ariel 2016) radius",
)
MIN_INCIDENTS: Final = Setting(
    default=20,
    low=2,
    high=500,
    step=1,
    unit="incidents",
    source="unless set by hand, the smallest number that chance reaches anywhere in the study area "
    "in at most 5% of random worlds",
)

PATROL_AREA_HA: Final = Setting(
    default=5,
    low=2,
    high=7,
    step=1,
    unit="ha",
    source="hexagons of about 5 ha (Thames Valley trial); 2.25 ha (Williams & Coupe 2017) "
    "to 7 ha, a circle of 150 m (Ariel 2016)",
)
PATROL_AREAS: Final = Setting(
    default=20,
    low=1,
    high=200,
    step=1,
    unit="patrol areas",
    source="20 hotspots of 150 m held 41 % of harm in Southend (Basford 2021)",
)

VISIT_MIN: Final = Setting(
    default=15,
    low=10,
    high=20,
    step=1,
    unit="minutes",
    source="visits of 10 to 15 minutes (Koper); 12 to 16 in the Sacramento trial; three of 15 in "
    "Peterborough (Ariel 2016)",
)
VISITS_A_DAY: Final = Setting(
    default=3,
    low=1,
    high=6,
    step=1,
    unit="visits a day",
    source="three visits a day of 15 minutes in Peterborough (Ariel 2016)",
)
VISITS_A_WEEK: Final = Setting(
    default=21,
    low=1,
    high=42,
    step=1,
    unit="visits a week",
    source="places were capped once patrolled enough in the Thames Valley trial; the number is "
    "the force's own",
)
# Minutes a week after which an area leaves the list of where to go.
DOSE_CAP_MIN: Final = VISITS_A_WEEK.default * VISIT_MIN.default
SPACING_MIN: Final = Setting(
    default=60,
    low=0,
    high=240,
    step=15,
    unit="minutes",
    source="the force's own; the Sacramento trial came back at least every two hours",
)
OFF_PATROL_MIN: Final = Setting(
    default=60,
    low=0,
    high=240,
    step=15,
    unit="minutes",
    source="an assumption: briefing, breaks, the way out and the way back",
)
DETOUR_PERCENT: Final = Setting(
    default=130,
    low=100,
    high=250,
    step=5,
    unit="% of the straight line",
    source="an assumption, for ways that no loaded road leads",
)
FOOT_KMH: Final = Setting(
    default=5, low=2, high=7, step=1, unit="km/h", source="an assumption: walking pace"
)
CAR_KMH: Final = Setting(
    default=30, low=10, high=80, step=5, unit="km/h", source="an assumption: streets of a town"
)
HOURS_A_YEAR: Final = Setting(
    default=20_000,
    low=500,
    high=200_000,
    step=500,
    unit="officer-hours a year",
    source="an example; the force's own",
)
TRAVEL_MIN: Final = Setting(
    default=10,
    low=0,
    high=60,
    step=1,
    unit="minutes",
    source="an assumption, for arithmetic without a map",
)

FETCH_MONTHS: Final = Setting(
    default=12,
    low=1,
    high=240,
    step=1,
    unit="months",
    source="a year holds every season once",
)

PUBLIC_DELAY_MONTHS: Final = Setting(
    default=1,
    low=0,
    high=24,
    step=1,
    unit="months",
    source="a year is shown once it is over and its last reports have been recorded",
)
# What the public may be told: ONS suppresses counts below 10 and rounds the rest to 5; a map
# point of data.police.uk stands for at least 8 postal addresses, or for a public place.
LEAST_PUBLIC: Final = 10
ROUNDED_TO: Final = 5
LEAST_ADDRESSES: Final = 8
# Of one address, or one repeat caller, no more reports than this count in a public year, so
# that one home can never make a figure.
MOST_FROM_ONE_ADDRESS: Final = LEAST_PUBLIC - 1
# Smaller ground is never shown apart from the ward it lies in.
LEAST_PUBLIC_HA: Final = 10

CASE_REVIEW_REPORTS: Final = Setting(
    default=3,
    low=2,
    high=20,
    step=1,
    unit="reports",
    source="usual threshold of an ASB case review; the relevant bodies of an area set their own",
)
CASE_REVIEW_MONTHS: Final = Setting(
    default=6,
    low=1,
    high=24,
    step=1,
    unit="months",
    source="usual threshold of an ASB case review; the relevant bodies of an area set their own",
)

# The chance that is allowed of any hotspot at all in a world where reports fall at random.
FALSE_ALARM: Final = 0.05
# Random worlds behind a calibration; 199 give p-values in steps of 0.005.
WORLDS: Final = 199
SEED: Final = 2025

# A location quotient, or any share, resting on fewer reports than this is not shown.
MIN_COUNT_FOR_RATIO: Final = 10
# No bare percentage change is shown when either count is below this.
MIN_COUNT_FOR_PERCENT: Final = 50
# Two-sided coverage of every interval shown.
INTERVAL: Final = 0.95

# A map is unreliable when a smaller share of its reports could be placed (Ratcliffe 2004).
GEOCODED: Final = 0.85

# Snap points drawn at most; the busiest first, and the page says how many were left out.
MAX_POINTS_DRAWN: Final = 20_000

BRITISH_NATIONAL_GRID: Final = "EPSG:27700"
WGS84: Final = "EPSG:4326"

ASB: Final = "Anti-social behaviour"
# Sources that anybody may have: published under an open licence, by map point and month.
OPEN_SOURCES: Final = frozenset({"police.uk"})

PROJECT: Final = Path(__file__).resolve().parent.parent
SAMPLE: Final = PROJECT / "data" / "sample"
# Made-up examples of what partners send, and what to ask them for.
MODEL_FILES: Final = PROJECT / "data" / "agencies"


def report_address() -> str:
    """
    Address of the page where people report: HOTSPOTS_REPORT_URL, or police.uk.

    Anything but a web address is not used: it is printed as a link and as a code to scan.
    """
    asked = os.environ.get("HOTSPOTS_REPORT_URL", "").strip()
    return asked if re.fullmatch(r"https?://[!-~]{3,200}", asked) else "https://www.police.uk"


def data_folder() -> Path:
    """Folder of what has been imported: HOTSPOTS_DATA, or `data/` of the project."""
    return Path(os.environ.get("HOTSPOTS_DATA") or PROJECT / "data")
