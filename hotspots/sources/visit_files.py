"""
Files of visits, and of the positions of radios and phones, as other systems export them.

Both are CSV with a line of headings, in any order and any of the spellings below. Every
cell is text until it is read; what cannot be read is named, with its line, and nothing of
the file is used.
"""

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final

import numpy as np
import pandas as pd
from pyproj import Transformer

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.tables.incidents import ZONE

MOST_BYTES: Final = 100 << 20
MOST_ROWS: Final = 1_000_000
_MOST_FAULTS: Final = 5
# Bounds of the National Grid, metres.
_EAST_M, _NORTH_M = 700_000, 1_300_000

_VISITS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("area", "area key", "patrol area", "hotspot"),
    "started": ("started", "start", "from", "began"),
    "ended": ("ended", "end", "to", "finished"),
    "minutes": ("minutes", "mins", "duration"),
    "officers": ("officers", "number of officers"),
    "mode": ("mode", "how"),
    "unit": ("unit", "call sign", "callsign", "team"),
    "seen": ("seen", "what was seen"),
    "done": ("done", "what was done"),
    "arrests": ("arrests",),
    "searches": ("searches", "stop and search"),
    "warnings": ("warnings", "informal warnings"),
    "cpw": ("cpw", "cpws", "community protection warnings"),
    "cpn": ("cpn", "cpns", "community protection notices"),
    "dispersals": ("dispersals", "dispersal directions"),
    "other_powers": ("other powers", "other asb powers", "other_powers"),
}
COUNTED: Final = (
    "officers",
    "arrests",
    "searches",
    "warnings",
    "cpw",
    "cpn",
    "dispersals",
    "other_powers",
)
_TEXTS: Final = ("mode", "unit", "seen", "done")
_PINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("unit", "device", "device id", "call sign", "callsign", "radio", "issi"),
    "at": ("at", "time", "timestamp", "datetime", "date time"),
    "easting": ("easting", "x", "east"),
    "northing": ("northing", "y", "north"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "accuracy_m": ("accuracy", "accuracy m", "accuracy_m", "hdop m"),
}
VISITS_TEMPLATE: Final = (
    "area,from,to,officers,mode,unit,seen,done,arrests,searches,informal warnings,cpw,cpn,"
    "dispersals,other powers\r\n"
)


def read_visits(data: bytes, name: str) -> pd.DataFrame:
    """
    Visits of a CSV file.

    Parameters
    ----------
    data, name
        The file's bytes, and what it is called.

    Returns
    -------
    visits
        Indexed by an identifier that the same line of the same file always has: `area`,
        `started`, `ended` (UTC), `officers`, `mode`, `unit`, `seen`, `done`, and a count of
        each power used. Identical lines are separate visits.

    Raises
    ------
    SourceError
        Naming what cannot be read, with the lines.
    """
    table = _table(data, name, _VISITS, needed=("area", "started"))
    if "ended" not in table and "minutes" not in table:
        raise SourceError(f"{name}: a column “to” or “minutes” is missing.")
    wrong: list[str] = []
    started = _times(table["started"], "from", wrong)
    if "ended" in table:
        ended = _times(table["ended"], "to", wrong)
    else:
        ended = started + pd.to_timedelta(_numbers(table["minutes"], "minutes", wrong), unit="min")
    columns: dict[str, pd.Series] = {"area": table["area"], "started": started, "ended": ended}
    for column in _TEXTS:
        columns[column] = table[column] if column in table else pd.Series("", index=table.index)
    columns["mode"] = columns["mode"].str.casefold().replace({"": "foot", "on foot": "foot"})
    for column in COUNTED:
        unsaid = 1 if column == "officers" else 0
        given = table[column] if column in table else pd.Series("", index=table.index)
        numbers = _numbers(given.replace({"": str(unsaid)}), column, wrong)
        if (numbers.dropna() % 1 != 0).any():
            wrong.append(f"“{column}” holds whole numbers only")
        columns[column] = numbers
    wrong += [f"line {line} names no area" for line in table.index[table["area"] == ""]]
    _settle(name, wrong)
    frame = pd.DataFrame(columns).astype(dict.fromkeys(COUNTED, "int64"))
    return frame.set_axis(_identifiers(table))


def read_pings(data: bytes, name: str) -> pd.DataFrame:
    """
    Positions of a CSV file: `unit`, `at` (UTC), `easting`, `northing`, `accuracy_m`.

    Positions are taken as easting and northing, or as latitude and longitude. Rows without
    a position are left out: a radio indoors has none.

    Raises
    ------
    SourceError
        Naming what cannot be read, with the lines.
    """
    table = _table(data, name, _PINGS, needed=("unit", "at"))
    wrong: list[str] = []
    pairs = (("easting", "northing"), ("longitude", "latitude"))
    pair = next((p for p in pairs if set(p) <= set(table.columns)), None)
    if pair is None:
        raise SourceError(
            f"{name}: positions are missing: columns “easting” and “northing”, or “latitude” and "
            "“longitude”."
        )
    across, up = (_numbers(table[column], column, wrong) for column in pair)
    at = _times(table["at"], "time", wrong)
    accuracy = (
        _numbers(table["accuracy_m"], "accuracy", wrong)
        if "accuracy_m" in table
        else pd.Series(np.nan, index=table.index)
    )
    _settle(name, wrong)
    if pair[0] == "longitude":
        to_grid = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)
        east, north = to_grid.transform(across.to_numpy(), up.to_numpy())
    else:
        east, north = across.to_numpy(), up.to_numpy()
    held = np.isfinite(east) & np.isfinite(north)
    off = held & ~((east >= 0) & (east <= _EAST_M) & (north >= 0) & (north <= _NORTH_M))
    if off.any():
        line = table.index[off][0]
        raise SourceError(
            f"{name}: line {line} lies outside Great Britain; check the columns’ order."
        )
    frame = pd.DataFrame(
        {
            "unit": table["unit"],
            "at": at,
            "easting": east,
            "northing": north,
            "accuracy_m": accuracy,
        }
    )
    placed: pd.DataFrame = frame.loc[held & (frame["unit"] != "")].reset_index(drop=True)
    return placed


def _table(
    data: bytes, name: str, spellings: Mapping[str, tuple[str, ...]], *, needed: tuple[str, ...]
) -> pd.DataFrame:
    """Known columns of a CSV file as trimmed text, indexed by line number."""
    if len(data) > MOST_BYTES:
        raise SourceError(f"{name} is larger than {MOST_BYTES >> 20} MB; split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    try:
        table = pd.read_csv(
            BytesIO(text.encode()),
            dtype=str,
            keep_default_na=False,
            nrows=MOST_ROWS + 1,
            skip_blank_lines=False,
            on_bad_lines="error",
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SourceError(f"{name} is not a CSV file with a line of headings.") from error
    if len(table) > MOST_ROWS:
        raise SourceError(f"{name} has more than {MOST_ROWS:,} lines; split it.")
    said = {str(column).strip().casefold().replace("_", " "): column for column in table.columns}
    found = {
        wanted: said[spelling.replace("_", " ")]
        for wanted, names in spellings.items()
        for spelling in names[::-1]
        if spelling.replace("_", " ") in said
    }
    missing = [f"“{spellings[column][0]}”" for column in needed if column not in found]
    if missing:
        raise SourceError(f"{name}: there is no column {' and no column '.join(missing)}.")
    kept = table[list(found.values())].set_axis(list(found), axis=1)
    lines = range(2, len(kept) + 2)  # the headings are line 1
    trimmed = pd.DataFrame({name: kept[name].fillna("").str.strip() for name in kept})
    told = trimmed.set_axis(pd.Index(lines))
    return told.loc[(told != "").any(axis=1)]


def _times(given: pd.Series, column: str, wrong: list[str]) -> pd.Series:
    """Times in UTC; one that says no zone is local, and of an hour told twice the first."""
    parsed = pd.Series(pd.NaT, index=given.index, dtype="datetime64[us, UTC]")
    dated = given.str.match(r"\d")  # "now" and "today" are words, not times
    zoned = dated & given.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True)
    ours = given.str.match(r"\d{1,2}/\d{1,2}/\d{4}")
    for some, day_first, has_zone in (
        (zoned & ours, True, True),
        (zoned & ~ours, False, True),
        (dated & ~zoned & ours, True, False),
        (dated & ~zoned & ~ours, False, False),
    ):
        if not some.any():
            continue
        if has_zone:
            at = pd.to_datetime(
                given[some], format="mixed", dayfirst=day_first, errors="coerce", utc=True
            )
        else:
            at = _without_zone(given[some], day_first=day_first)
            first = np.ones(len(at), dtype=np.bool_)
            at = at.dt.tz_localize(ZONE, ambiguous=first, nonexistent="shift_forward")
        parsed[some] = at.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    _unread(given, parsed.isna(), column, wrong)
    return parsed


def _without_zone(given: pd.Series, *, day_first: bool) -> pd.Series:
    """Times as a clock on the wall shows them; one with half a zone, as "18:00-1", is none."""
    with suppress(ValueError):  # zones that differ
        at: pd.Series = pd.to_datetime(
            given, format="mixed", dayfirst=day_first, errors="coerce", utc=False
        )
        if at.dt.tz is None:
            return at
    each = [pd.to_datetime(text, dayfirst=day_first, errors="coerce") for text in given]
    told = [pd.NaT if one.tzinfo is not None else one for one in each]
    return pd.Series(told, index=given.index, dtype="datetime64[us]")


def _numbers(given: pd.Series, column: str, wrong: list[str]) -> pd.Series:
    numbers = pd.to_numeric(given.where(given != "", None), errors="coerce").astype("float64")
    numbers = numbers.where(np.isfinite(numbers))
    _unread(given, numbers.isna() & (given != ""), column, wrong)
    return numbers


def _unread(given: pd.Series, bad: pd.Series, column: str, wrong: list[str]) -> None:
    wrong += [
        f"line {line}: “{' '.join(text.split())[:40]}” under “{column}” cannot be read"
        for line, text in given[bad].items()
    ]


def _settle(name: str, wrong: list[str]) -> None:
    if wrong:
        more = f"; and {len(wrong) - _MOST_FAULTS} more" if len(wrong) > _MOST_FAULTS else ""
        raise SourceError(f"{name}: {'; '.join(wrong[:_MOST_FAULTS])}{more}. Nothing was used.")


def _identifiers(table: pd.DataFrame) -> pd.Index:
    """A name for each line: of what it says, and how often it was said before."""
    if table.empty:
        return pd.Index([], name="id", dtype="str")
    said = table.agg("\x1f".join, axis=1)
    times = said.groupby(said).cumcount()
    names = [
        str(uuid.UUID(bytes=hashlib.sha256(f"{text}\x1e{n}".encode()).digest()[:16]))
        for text, n in zip(said, times, strict=True)
    ]
    return pd.Index(names, name="id", dtype="str")
