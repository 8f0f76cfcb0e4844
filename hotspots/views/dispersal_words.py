"""
Words of a dispersal pack: a draft for the officer who decides, and never a decision.

The law is as legislation.gov.uk gives sections 34 to 36 of the Anti-social Behaviour,
Crime and Policing Act 2014; the pack says so, and asks for it to be checked before use.
"""

from datetime import datetime
from typing import Final

import pandas as pd

from hotspots.analysis.locality import SHARE, Evidence
from hotspots.periods import month_in_words
from hotspots.publish.briefing import Part
from hotspots.views import wording
from hotspots.views.wording import count

MOST_HOURS: Final = 48
ACT: Final = "Anti-social Behaviour, Crime and Policing Act 2014"
SOURCE: Final = "https://www.legislation.gov.uk/ukpga/2014/12/section/34"
DRAFT: Final = "DRAFT, NOT AN AUTHORISATION"
WHO: Final = (
    "This is a draft for a police officer of at least the rank of inspector, who alone decides, "
    "in writing, signed, with the grounds (section 34). It decides nothing. Check the Act as it "
    "stands before use."
)
DRAWING: Final = (
    "Click the corners one after another, then close the outline; drag a corner to move it. "
    "Without a mouse: move the map with its arrows, set a corner at the middle. What is measured "
    "is the outline as it is drawn."
)
_CONSIDER: Final = """
Is it satisfied, on reasonable grounds, that using the powers in this locality in this period may \
be necessary to remove or reduce the likelihood of members of the public being harassed, alarmed \
or distressed there, or of crime or disorder there?
Has particular regard been had to freedom of expression and freedom of assembly (articles 10 and \
11 of the Convention)?
Is the locality no larger, and the period no longer, than is needed? Not more than 48 hours.
No direction may be given to anyone who appears to be under 10, or keep anyone from where they \
live, or from work, a court, education or medical treatment they are to attend (section 36).
Lawful picketing and certain processions are outside the powers (section 36).
What is known of the hours ahead: intelligence, events, calls? These reports cannot say it.
What has been tried that is less than this, and what came of it?
Who will be told: the council, residents, businesses, youth services?
"""
CONSIDER: Final = tuple(_CONSIDER.strip().splitlines())
MONTHS_ONLY: Final = (
    "These reports say a month and no hour. They show that reports gathered here; they cannot "
    "show that anything is likely in the hours to come. Add what is known of them."
)


def evidence(found: Evidence) -> str:
    """Size of a locality, and reports in it and just outside, in two sentences."""
    months = found.months.index
    span = f"{month_in_words(months[0])} to {month_in_words(months[-1])}" if len(months) else ""
    return (
        f"The locality is {found.area_ha:.1f} ha, {found.span_m:,.0f} m across. From {span}, "
        f"{count(found.inside, 'report')} of antisocial behaviour lay inside it, and "
        f"{found.outside:,} more within {found.width_m:.0f} m of it."
    )


def least(area_ha: float, found: Evidence) -> str:
    """How much of a locality its reports need."""
    if not found.inside:
        return "No report lies inside: the reports support no locality here."
    share = wording.percent(area_ha / found.area_ha) if found.area_ha else "all"
    return (
        f"{wording.percent(SHARE)} of the reports inside lie on {area_ha:.1f} ha, {share} of it "
        "(dashed). The locality should be the least that is necessary; consider the smaller."
    )


def grounds(found: Evidence, *, name: str, starts: datetime, hours: int) -> str:
    """Grounds to begin from, for whoever drafts them to change."""
    recent = found.months["inside"].iloc[-3:]
    months = pd.PeriodIndex(recent.index)
    lately = ", ".join(
        f"{month_in_words(month)} {number}" for month, number in zip(months, recent, strict=True)
    )
    return (
        f"Locality: {name}. Period: {hours} hours from {starts:%H:%M on %d %B %Y}. "
        f"{evidence(found)} In the last months: {lately}. "
        "[Say what is expected in this period and how it is known.] "
        "[Say why lesser steps are not enough.]"
    )


def table(found: Evidence) -> pd.DataFrame:
    """Reports by month, inside and just outside."""
    return pd.DataFrame(
        {
            "Inside": found.months["inside"].astype(str).to_numpy(),
            f"Within {found.width_m:.0f} m": found.months["outside"].astype(str).to_numpy(),
        },
        index=pd.Index([month_in_words(month) for month in found.months.index], name="Month"),
    )


def beside(found: Evidence, smaller_ha: float) -> tuple[Part, ...]:
    """What stands beside the map of a pack."""
    rows = table(found).iloc[-12:]
    cells = tuple(
        (str(month), *map(str, row)) for month, row in zip(rows.index, rows.to_numpy(), strict=True)
    )
    return (
        Part("Evidence", (evidence(found), least(smaller_ha, found))),
        Part("By month", (), ("Month", *map(str, rows.columns)), cells),
    )


def below(text: str, *, starts: datetime, hours: int) -> tuple[Part, ...]:
    """What stands below it."""
    period = f"{hours} hours from {starts:%H:%M on %A %d %B %Y}; at most {MOST_HOURS} hours."
    return (
        Part("Period", (period,)),
        Part("Grounds, in draft", (text.strip() or "[None given.]",)),
        Part("To be considered", CONSIDER, kind="list"),
        Part("What this is", (WHO, MONTHS_ONLY, f"{ACT}, sections 34 to 36: {SOURCE}")),
        Part(
            "Officer who decides",
            ("Authorised, or not:", "Name and rank:", "Signed, date and time:"),
        ),
    )
