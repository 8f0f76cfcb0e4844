"""
A visit as somebody tells it: what it says, what it may say, and why it cannot have been so.

Told on a form, in a file or by radios' pings; nothing here is in the records yet
(`visits` keeps it).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import pandas as pd

from hotspots.errors import SelectionError

# What a monthly return counts, besides hours and patrols.
COUNTS: Final = {
    "arrests": "Arrests",
    "searches": "Searches",
    "warnings": "Informal warnings",
    "cpw": "Community protection warnings",
    "cpn": "Community protection notices",
    "dispersals": "Dispersal directions",
    "other_powers": "Other ASB powers",
}
MODES: Final = {"foot": "On foot", "car": "By car", "cycle": "By cycle"}
MOST_OFFICERS: Final = 50
MOST_OF_ANYTHING: Final = 500
LONGEST: Final = timedelta(hours=12)
# A clock that runs a little fast is forgiven; a visit that has yet to happen is not.
AHEAD: Final = timedelta(minutes=10)
FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LETTERS: Final = {"seen": 1_000, "done": 1_000, "area_name": 200, "unit": 40}
_MOST_OUTLINE: Final = 100_000
# Unknown areas that a sentence names.
_NAMED: Final = 5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    One visit as somebody tells it.

    Attributes
    ----------
    area, area_name
        Key of the patrol area (grid reference of its centre) and its name then.
    outline
        Its ground then, as WKT in British National Grid metres; may be empty.
    study_area
        Code of the study area it was placed in.
    started, ended
        With their zone.
    officers
        How many; a visit of 15 minutes by two is half an officer-hour.
    mode
        One of `MODES`.
    unit
        Call sign or team; nobody's name.
    seen, done
        In words.
    arrests, searches, warnings, cpw, cpn, dispersals, other_powers
        How many of each were made in the visit.
    """

    area: str
    area_name: str
    outline: str = ""
    study_area: str
    started: datetime
    ended: datetime
    officers: int = 1
    mode: str = "foot"
    unit: str = ""
    seen: str = ""
    done: str = ""
    arrests: int = 0
    searches: int = 0
    warnings: int = 0
    cpw: int = 0
    cpn: int = 0
    dispersals: int = 0
    other_powers: int = 0


def faults(entry: Entry, *, now: datetime | None = None) -> list[str]:
    """Why a visit cannot have been as it is told; empty when it can."""
    present = now or datetime.now(UTC)
    wrong = []
    if not entry.area.strip():
        wrong.append("a visit needs an area")
    if entry.started.tzinfo is None or entry.ended.tzinfo is None:
        wrong.append("a visit's times need their zone")
    elif entry.ended <= entry.started:
        wrong.append("a visit ends after it starts")
    elif entry.ended - entry.started > LONGEST:
        wrong.append("a visit lasts 12 hours at most")
    elif entry.ended > present + AHEAD:
        wrong.append("a visit is logged once it is made, not before")
    elif entry.started < FIRST_DAY:
        wrong.append("a visit was made in this century")
    if not 1 <= entry.officers <= MOST_OFFICERS:
        wrong.append(f"a visit is made by 1 to {MOST_OFFICERS} officers")
    if entry.mode not in MODES:
        wrong.append(f"a visit is made by one of {', '.join(MODES)}")
    wrong += [
        f"{words.lower()} are 0 to {MOST_OF_ANYTHING}"
        for name, words in COUNTS.items()
        if not 0 <= getattr(entry, name) <= MOST_OF_ANYTHING
    ]
    wrong += [
        f"“{name.replace('_', ' ')}” holds {most:,} letters at most"
        for name, most in _LETTERS.items()
        if len(getattr(entry, name)) > most
    ]
    if len(entry.outline) > _MOST_OUTLINE:
        wrong.append("an outline has too many corners")
    return wrong


def from_table(
    table: pd.DataFrame, areas: Mapping[str, tuple[str, str]], study_area: str
) -> list[Entry]:
    """
    Visits of a file as they can be logged.

    Parameters
    ----------
    table
        `area`, `started`, `ended`, and any other fields of `Entry`.
    areas
        Key → name and outline (WKT) of the patrol areas now.
    study_area
        Code of the study area they were placed in.

    Raises
    ------
    SelectionError
        When an area is not among them.
    """
    keys = table["area"].str.upper().str.replace(" ", "")
    if unknown := sorted(set(table["area"][~keys.isin(list(areas))])):
        raise SelectionError(
            f"{', '.join(unknown[:_NAMED])}: not among the patrol areas now. An area is named by "
            f"its grid reference, such as {next(iter(areas), 'SJ40506632')}. Nothing was logged."
        )
    told = [field.name for field in fields(Entry) if field.name in table.columns]
    entries = []
    for key, row in zip(keys, table[told].to_dict("records"), strict=True):
        name, outline = areas[key]
        facts: dict[str, Any] = {
            str(field): value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
            for field, value in row.items()
        }
        facts |= {"area": key, "area_name": name, "outline": outline, "study_area": study_area}
        entries.append(Entry(**facts))
    return entries


def from_stays(stays: pd.DataFrame, officers: int) -> pd.DataFrame:
    """
    Stays of radios as visits of a file, under names that are the same at every reading.

    Parameters
    ----------
    stays
        From `analysis.pings.visits`.
    officers
        With each radio.

    Returns
    -------
    table
        As for `from_table`, indexed by identifier.
    """
    told = stays["unit"] + "\x1f" + stays["area"] + "\x1f" + stays["started"].astype(str)
    names = [str(uuid.UUID(bytes=sha256(text.encode()).digest()[:16])) for text in told]
    minutes = pd.to_timedelta((60 * stays["minutes"]).round(), unit="s")
    table = stays.assign(ended=stays["started"] + minutes, officers=officers)
    return table.drop(columns="minutes").set_axis(pd.Index(names, name="id"))
