"""What the Visits page says, and its tables in a reader's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from hotspots.action.visit_entry import COUNTS, MODES
from hotspots.analysis import pings
from hotspots.analysis.dose import Shift
from hotspots.publish.monthly_return import FIGURES
from hotspots.settings import DOSE_CAP_MIN, VISIT_MIN, VISITS_A_WEEK
from hotspots.tables.incidents import ZONE
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views import wording

CAP: Final = (
    f"An area leaves the list once it has had {DOSE_CAP_MIN} minutes since Monday: "
    f"{VISITS_A_WEEK.default} visits of {VISIT_MIN.default} minutes."
)
NO_NAMES: Final = "No names of the public, please: what you type is kept."


def when(started: pd.Timestamp, ended: pd.Timestamp) -> str:
    """
    A visit's time, local.

    Examples
    --------
    >>> at = pd.Timestamp("2025-07-01 17:05", tz="UTC")
    >>> when(at, at + pd.Timedelta(minutes=15))
    'Tue 1 Jul 2025, 18:05–18:20'
    """
    start, end = started.tz_convert(ZONE), ended.tz_convert(ZONE)
    return f"{start:%a} {start.day} {start:%b %Y}, {start:%H:%M}–{end:%H:%M}"


def told_apart(visits: pd.DataFrame) -> dict[str, str]:
    """
    Identifier → when and where of each visit; alike ones are numbered, as a list tells its
    lines apart by what they say.

    Examples
    --------
    >>> at = pd.Timestamp("2025-07-01 17:05", tz="UTC")
    >>> row = {"started": at, "ended": at, "area_name": "Mill Lane", "unit": "CR1"}
    >>> told_apart(pd.DataFrame([row, row], index=["a", "b"]))["b"]
    'Tue 1 Jul 2025, 18:05–18:05, Mill Lane, CR1 (2)'
    """
    seen: Counter[str] = Counter()
    names = {}
    for key, row in visits.iterrows():
        unit = f", {row['unit']}" if row["unit"] else ""
        name = f"{when(row['started'], row['ended'])}, {row['area_name']}{unit}"
        seen[name] += 1
        names[str(key)] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return names


def logged(row: Mapping[str, object]) -> str:
    """What was just logged."""
    times = when(pd.Timestamp(row["started"]), pd.Timestamp(row["ended"]))  # type: ignore[arg-type]
    officers = wording.count(int(str(row["officers"])), "officer")
    return f"Logged: {wording.plain(str(row['area_name']))}, {times}, {officers}."


def heading(visits: pd.DataFrame) -> str:
    """What was delivered this week, in one line; from `dose.dated`'s visits of the week."""
    if visits.empty:
        return "No visit has been logged this week."
    hours = hours_in_words(visits["officer_hours"].sum())
    many = wording.count(len(visits), "visit")
    areas = wording.count(visits["area"].nunique(), "area")
    return f"This week: {many} to {areas}, {hours} officer-hours."


def hours_in_words(hours: float) -> str:
    """
    Hours of a few quarters as they are, of many as a count.

    Examples
    --------
    >>> hours_in_words(0.25), hours_in_words(1.5), hours_in_words(1240)
    ('0.25', '1.5', '1,240')
    """
    return f"{hours:,.2f}".rstrip("0").rstrip(".")


def so_far(minutes: float, count: int) -> str:
    """
    Dose of one area since Monday.

    Examples
    --------
    >>> so_far(45, 3)
    'Since Monday: 3 visits, 45 minutes.'
    >>> so_far(0, 0)
    'Not visited since Monday.'
    """
    if not count:
        return "Not visited since Monday."
    visits = wording.count(count, "visit")
    return f"Since Monday: {visits}, {wording.count(round(minutes), 'minute')}."


def dose(table: pd.DataFrame, by: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Delivered dose by area, shift or week, with what was planned where a plan is kept."""
    label = {"area": "Area", "shift": "Shift", "week": "Week of"}[by]
    if by == "area":
        index = [names.get(str(key), str(key)) for key in table.index]
    elif by == "week":
        index = [f"{day:%d %b %Y}".lstrip("0") for day in table.index]
    else:
        index = [str(key) for key in table.index]
    columns = {
        "Visits": table["visits"],
        "Minutes": table["minutes"].round().astype("int64"),
        "Officer-hours": table["officer_hours"].map(hours_in_words),
    }
    if "planned_minutes" in table:
        columns["Minutes planned"] = table["planned_minutes"].round().astype("int64")
        columns["Of the plan"] = table["share"].map(
            lambda share: wording.NO_FIGURE if pd.isna(share) else wording.percent(share)
        )
    return pd.DataFrame(columns).set_axis(pd.Index(index, name=label))


def listed(visits: pd.DataFrame) -> pd.DataFrame:
    """Visits one by one, newest first."""
    newest = visits.iloc[::-1]
    did = [
        "; ".join(
            [f"{row[name]} × {words.lower()}" for name, words in COUNTS.items() if row[name]]
            + [text for text in (row["done"],) if text]
        )
        for _, row in newest.iterrows()
    ]
    return pd.DataFrame(
        {
            "When": [when(row["started"], row["ended"]) for _, row in newest.iterrows()],
            "Area": newest["area_name"],
            "Officers": newest["officers"],
            "How": newest["mode"].map(MODES),
            "Seen": newest["seen"],
            "Done": did,
            "Logged by": newest["logged_by"],
        }
    )


def change(row: pd.Series) -> str:
    """One line of a visit's trail."""
    at = pd.Timestamp(row["at"]).tz_convert(ZONE)
    changed = "; ".join(
        f"{name.replace('_', ' ')}: {_short(row['before'].get(name))} → {_short(value)}"
        for name, value in row["after"].items()
        if name in row["before"]
    )
    said = f"{at.day} {at:%b %Y %H:%M}, {row['who']}: {row['what']}"
    return ". ".join(part for part in (said, changed, row["why"]) if part)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004


FILES: Final = {
    "visits": "Columns: area (grid reference), from, to (or minutes), and as many as you have of "
    "officers, mode, unit, seen, done, arrests, searches, informal warnings, CPW, CPN, "
    "dispersals, other powers. The same line is logged once, however often it is read.",
    "pings": "Columns: unit, time, and easting and northing or latitude and longitude. Time "
    f"inside an area counts; gaps over {pings.GAP_S / 60:.0f} minutes, cars standing over "
    f"{pings.PARKED_S / 60:.0f} minutes and passing through in under "
    f"{pings.PASSING_S / 60:.0f} minutes do not. On simulated rounds 95% of visits came out "
    f"within {pings.ERROR_MIN:g} minutes of the truth.",
}
NOT_LOADED: Final = (
    "No reports of this month are loaded, so they are left empty: unknown, not none."
)
RETURN: Final = (
    "The workbook holds every visit and report behind these figures, and a sheet that adds them "
    "up again. No officer is named in it. CPW and CPN are community protection warnings and "
    "notices."
)


def followed(units: pd.DataFrame) -> str:
    """What of the positions counted, and what did not."""
    many = wording.count(len(units), "unit")
    total = units.sum()
    return (
        f"{many} followed for {total['followed']:,.0f} minutes; {total['in_gaps']:,.0f} minutes "
        f"in gaps and {total['parked']:,.0f} parked do not count; "
        f"{wording.count(total['left_out'], 'position')} left out as noise."
    )


def read(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Visits of a file before they are logged."""
    times = [when(row["started"], row["ended"]) for _, row in table.iterrows()]
    shown = pd.DataFrame(
        {
            "Area": [names.get(key.upper().replace(" ", ""), key) for key in table["area"]],
            "Officers": table["officers"],
            "Unit": table["unit"],
        }
    )
    return shown.set_axis(pd.Index(times, name="When"))


def added(new: int, told: int) -> str:
    """
    What a file added.

    Examples
    --------
    >>> added(2, 5)
    '2 visits logged. 3 visits were logged before and count once.'
    """
    said = [f"{wording.count(new, 'visit')} logged."]
    if told > new:
        were = "was" if told - new == 1 else "were"
        once = wording.count(told - new, "visit")
        said.append(f"{once} {were} logged before and count{'s' * (told - new == 1)} once.")
    return " ".join(said).capitalize()


def months(visits: pd.DataFrame) -> set[pd.Period]:
    """Months in which visits began, local time."""
    local = visits["started"].dt.tz_convert(ZONE).dt.tz_localize(None)
    return set(local.dt.to_period("M"))


def monthly(table: pd.DataFrame) -> pd.DataFrame:
    """The monthly return as a reader sees it; what is not loaded stays empty."""
    short = {"hours": "Officer-hours", "reports": "ASB reports", "cpw": "CPW", "cpn": "CPN"}
    shown = {short.get(name, words): table[name] for name, words in FIGURES.items()}
    named = pd.DataFrame(shown).assign(**{"Officer-hours": table["hours"].round(2)})
    return named.set_axis(pd.Index(table["name"], name="Area"))


def delivered(shifts: Sequence[Shift]) -> str:
    """How visits are counted, and what that does not show."""
    return (
        "Hours are officer-hours: minutes times officers. A visit counts in the shift and the "
        f"week it began in ({', '.join(map(str, shifts))}). That visits were made does not show "
        "that they worked."
    )


def names_of(areas: PatrolAreas) -> dict[str, str]:
    """Key → name of each patrol area, without its number, which may change."""
    return {
        str(row["key"]): wording.place(row["streets"], row["ward_name"])
        for _, row in areas.iterrows()
    }


def grounds(areas: PatrolAreas) -> dict[str, tuple[str, str]]:
    """Key of each patrol area → its name and its outline (WKT), as a visit keeps them."""
    names = names_of(areas)
    outlines = zip(areas["key"].astype(str), areas.geometry.to_wkt(), strict=True)
    return {key: (names[key], outline) for key, outline in outlines}
