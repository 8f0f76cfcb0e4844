"""What a sheet says about an area and a shift: the same sentences as the page, for paper."""

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from hotspots.action.patrols import MODES, Shift
from hotspots.action.responses import Menu
from hotspots.action.week_plan import Plan
from hotspots.publish.briefing import Part, page_of
from hotspots.tables.incidents import Incidents
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import week_words, wording
from hotspots.views.wording import count

# What to begin from; whoever prints the sheet changes it.
ACTIVITIES: Final = (
    "Stand where most of the area can be seen, then walk it on foot.",
    "Speak with people who live, work or wait here; ask what happens and when.",
    "Look for what makes it easy: lighting, sight lines, doors, litter, empty premises.",
    "Do one thing about a cause, or tell the partner who can.",
)
_QUALIFIERS: Final = {
    "personal": "personal",
    "nuisance": "nuisance",
    "environmental": "environmental",
}
_CHANNELS: Final = {
    "public": "by the public",
    "online": "online",
    "officer": "by officers",
    "sensor": "by sensors",
}
_OTHER_CRIME: Final = 4
_MONTHS: Final = 12
_TRIED: Final = 4
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
NOT_A_FORECAST: Final = (
    "This is where reports were in the months named below, not where anything will happen."
)


def activities(menu: Menu) -> tuple[str, ...]:
    """What to do in a visit: a start, and what the menu of responses asks to be recorded."""
    patrols = [response for response in menu.responses if response.kind == "patrol"]
    return (*ACTIVITIES, *(f"Record: {_lower(response.record)}." for response in patrols[:1]))


def reported(inside: Incidents, months: pd.PeriodIndex, row: pd.Series) -> tuple[Part, ...]:
    """What was reported in an area: how much, when, by whom, of what kind."""
    held_inside = (
        f"{count(len(inside), 'report')} of antisocial behaviour inside, "
        f"{wording.percent(row['share'])} of the study area's, on {row['area_ha']:.1f} ha. It is "
        f"expected to add {row['expected']:.1f} a month to the areas before it."
    )
    said = [held_inside]
    kinds = _counted(inside, "qualifier", _QUALIFIERS)
    channels = _counted(inside, "reported", _CHANNELS)
    said.append(f"Kind: {kinds}." if kinds else "The source does not say of which kind they are.")
    said.append(f"Reported {channels}." if channels else "The source does not say who reported.")
    hours = int(inside["time_precision"].isin(["instant", "window"]).sum()) if len(inside) else 0
    if hours:
        said.append(f"{hours:,} of them say the hour; the page When shows the hours.")
    else:
        said.append("They say a month and no hour.")
    held = months.sort_values()[-_MONTHS:]
    tally = inside.groupby(inside["month"]).size().reindex(held, fill_value=0)
    rows = tuple(
        (month.strftime("%b %Y"), str(number)) for month, number in zip(held, tally, strict=True)
    )
    half = -(-len(rows) // 2)
    paired = tuple(
        (*one, *(rows[half + place] if half + place < len(rows) else ("", "")))
        for place, one in enumerate(rows[:half])
    )
    head = ("Month", "Reports", "Month", "Reports")
    return (
        Part("What is reported", tuple(said)),
        Part("Months", (), head, paired),
    )


def other_crime(mix: pd.DataFrame) -> Part:
    """The commonest other crime inside, against the study area's mix."""
    rows = []
    for kind, row in mix.loc[mix["inside"] > 0].head(_OTHER_CRIME).iterrows():
        usual = (
            wording.NO_FIGURE
            if pd.isna(row["lq"])
            else f"{row['lq']:.1f} ({row['lq_low']:.1f} to {row['lq_high']:.1f})"
        )
        rows.append((str(kind), f"{row['inside']:,.0f}", usual))
    if not rows:
        return Part("Other crime inside", ("None is recorded in these months.",))
    head = ("Category", "Recorded", "Times its usual share (95% interval)")
    return Part("Other crime inside", (), head, tuple(rows))


def sureness(sentences: Sequence[str]) -> Part:
    """How sure the hotspot around an area is, and its past."""
    said = tuple(paper(sentence) for sentence in sentences)
    return Part(
        "How sure, and its history",
        said or ("It lies in no hotspot: whether reports gather here beyond chance is not shown.",),
    )


def tried(problems: Sequence[tuple[str, str, str]], visits: int, weeks: int) -> Part:
    """
    What has been tried, and with whom.

    Parameters
    ----------
    problems
        Problem, state and partners of each plan about the place.
    visits, weeks
        Visits logged, in so many weeks.
    """
    said = [
        f"{problem} ({state}). Partners: {partners or 'none named'}."
        for problem, state, partners in problems[:_TRIED]
    ]
    if not said:
        said.append("No problem-solving plan about this place is on record.")
    said.append(f"Visits logged in the last {weeks} weeks: {visits or 'none'}.")
    return Part("What has been tried, and with whom", tuple(said))


def todo(lines: Sequence[str], minutes: int) -> Part:
    """What to do in a visit."""
    kept = tuple(line.strip() for line in lines if line.strip())
    return Part(f"In {minutes} minutes", kept, kind="list")


def planned(plan: Plan, key: str) -> Part:
    """Visits of the week to one area."""
    rows = plan.visits.loc[plan.visits["key"] == key]
    said = []
    for day, some in rows.groupby("day", sort=True):
        times = ", ".join(f"{row['starts']:%H:%M}" for row in some.to_dict("records"))
        units = ", ".join(sorted(set(some["unit"])))
        said.append((f"{pd.Timestamp(str(day)):%a %d %b}", units, times))
    if not said:
        return Part("Visits planned this week")
    return Part("Visits planned this week", (), ("Day", "Unit", "At"), tuple(said))


def shift_parts(plan: Plan, shift: Shift, areas: PatrolAreas) -> tuple[Part, ...]:
    """A shift's visits in their order, and how the order came about."""
    rows = week_words.shift_visits(plan, shift.day, shift.unit)
    listed = week_words.visits(rows, areas).reset_index()
    table = tuple(
        (*(str(cell) for cell in row), "") for row in listed.itertuples(index=False, name=None)
    )
    crew = f"{count(shift.officers, 'officer')} {MODES[shift.mode]}, {shift.minutes / 60:g} hours."
    return page_of(
        (
            Part(
                "Visits",
                (f"{crew} {week_words.order_note(plan.terms)}",),
                (*(str(name) for name in listed.columns), "Done"),
                table,
            ),
        )
    )


def data_date(months: pd.PeriodIndex) -> str:
    """Which months the data reach to."""
    return f"Data to {months.max().strftime('%B %Y')}" if len(months) else "No data"


def paper(sentence: str) -> str:
    """
    Sentence of a page as paper has it, without its marks.

    Examples
    --------
    >>> paper("Its past: **persistent** (hot in 9 of 12 months held).")
    'Its past: persistent (hot in 9 of 12 months held).'
    """
    return _BOLD.sub(r"\1", sentence)


def _counted(inside: Incidents, column: str, words: dict[str, str]) -> str:
    tally = inside[column].value_counts()
    return ", ".join(
        f"{tally[name]:,} {said}" for name, said in words.items() if tally.get(name, 0) > 0
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
