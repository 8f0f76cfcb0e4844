"""
Where reports say something happened, as metres of the National Grid.

Numbers tell what they are: degrees of Great Britain, or metres of its grid. Axes that
stand the wrong way round are mended and counted; a place that cannot be used is said, and
then a postcode may stand in for it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from hotspots.errors import SourceError
from hotspots.settings import BRITISH_NATIONAL_GRID, WGS84
from hotspots.sources.grid import in_great_britain, to_grid
from hotspots.sources.reports import count_of
from hotspots.sources.word_columns import Words, numbers_in

SNAP_POINT, ADDRESS, POSTCODE, NOWHERE = range(4)

# The National Grid's own extent, metres; its south-western 1 km holds only sea.
_GRID_EAST: Final = 660_000
_GRID_NORTH: Final = 1_230_000
_SEA: Final = 1_000
# Swapped eastings and northings are known by the file's other places: so near to their
# middle once they are put right, so far from it as they stand.
_NEAR_M: Final = 60_000
_FAR_M: Final = 90_000


class Lookup(Protocol):
    """Where postcodes are."""

    def find(self, words: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Easting and northing of each postcode; not a number where it is not known."""
        ...


@dataclass(frozen=True, eq=False)
class Places:
    """
    Where each row happened.

    Attributes
    ----------
    easting, northing
        Metres of the National Grid; not a number where there is no place.
    precision
        Place of the word in `tables.incidents.WORDS["place_precision"]`.
    without
        Reason → rows that have no place; each row has one reason.
    notes
        Whole sentences on what was mended.
    """

    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    precision: NDArray[np.int8]
    without: dict[str, NDArray[np.bool_]]
    notes: tuple[str, ...]


def places(
    rows: int,
    east: object = None,
    north: object = None,
    postcode: Words | None = None,
    *,
    crs: str = "",
    grid: str = "",
    known: Lookup | None = None,
    precision: int = ADDRESS,
) -> Places:
    """
    Where reports happened, from two columns of coordinates, a column of postcodes, or both.

    Parameters
    ----------
    rows
        How many there are.
    east, north
        Easting or longitude, and northing or latitude, as text; None = no such column.
    postcode
        Postcodes, which stand in where coordinates cannot be used.
    crs
        What the coordinates are; empty = told from the numbers.
    grid
        A metric grid that stands in for the National Grid, for testing outside Great
        Britain; empty = none.
    known
        Where postcodes are; None = no file of them is loaded.
    precision
        What a coordinate stands for: `ADDRESS` or `SNAP_POINT`.
    """
    notes: list[str] = []
    without: dict[str, NDArray[np.bool_]] = {}
    easting, northing = np.full(rows, np.nan), np.full(rows, np.nan)
    reason = np.full(rows, "", dtype=object)
    if east is not None and north is not None:
        x, blank_x = numbers_in(east)
        y, blank_y = numbers_in(north)
        nothing = blank_x | blank_y
        reason[nothing] = "they say no place"
        reason[~nothing & (np.isnan(x) | np.isnan(y))] = "their coordinates are no numbers"
        zero = (np.abs(x) < 1e-9) & (np.abs(y) < 1e-9)  # noqa: PLR2004
        reason[zero] = "their place is 0, 0"
        ask = reason == ""
        if crs:
            easting[ask], northing[ask] = _converted(x[ask], y[ask], crs, grid)
            lost = ask & ~np.isfinite(easting)
            reason[lost] = f"their coordinates are none of {crs}"
        else:
            easting[ask], northing[ask], said = told_apart(x[ask], y[ask])
            notes += said
            reason[ask & np.isnan(easting)] = "their coordinates are not in Great Britain"
    else:
        reason[:] = "they say no place"
    placed = ~np.isnan(easting)
    kind = np.where(placed, precision, NOWHERE).astype(np.int8)
    if postcode is not None:
        asked = ~placed & ~postcode.blank
        if known is None:
            if asked.any():
                reason[asked] = "they have only a postcode, and no file of postcodes is loaded"
        else:
            e, n = known.find(postcode.words.to_pylist())
            there_e = postcode.spread(np.append(e, np.nan))
            there_n = postcode.spread(np.append(n, np.nan))
            found = asked & ~np.isnan(there_e)
            easting[found], northing[found] = there_e[found], there_n[found]
            kind[found] = POSTCODE
            reason[asked & ~found] = "their postcode is not in the loaded file"
            if found.any():
                notes.append(
                    f"{count_of(int(found.sum()), 'row')} placed by postcode: at the middle of "
                    "the postcode, not at an address."
                )
    lost = np.isnan(easting)
    for why in dict.fromkeys(reason[lost].tolist()):
        without[why] = lost & (reason == why)
    if grid:
        notes.append(f"Places are metres of {grid}, not of the National Grid: for testing only.")
    return Places(easting, northing, kind, without, tuple(notes))


def told_apart(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """
    Metres of the grid from numbers that do not say what they are.

    Returns
    -------
    easting, northing, notes
        Not a number where a pair can be nothing in Great Britain; and one sentence for
        each kind of mending.

    Examples
    --------
    >>> x, y = np.array([-2.4406, 53.0877, 370_497.0]), np.array([53.0877, -2.4406, 354_776.0])
    >>> easting, _, notes = told_apart(x, y)
    >>> easting.round(-2).tolist(), notes[0]
    ([370600.0, 370600.0, 370500.0], '1 row had longitude and latitude swapped; mended.')
    """
    easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
    degrees = in_great_britain(x, y)
    swapped = ~degrees & in_great_britain(y, x)
    easting[degrees], northing[degrees] = to_grid(x[degrees], y[degrees])
    easting[swapped], northing[swapped] = to_grid(y[swapped], x[swapped])
    notes = []
    metres = _on_grid(x, y)
    turned = ~metres & _on_grid(y, x)
    turned |= metres & _turned_by_company(x, y, metres | turned, easting, northing)
    metres &= ~turned
    easting[metres], northing[metres] = x[metres], y[metres]
    easting[turned], northing[turned] = y[turned], x[turned]
    for rows, what in ((swapped, "longitude and latitude"), (turned, "easting and northing")):
        if number := int(rows.sum()):
            notes.append(f"{count_of(number, 'row')} had {what} swapped; mended.")
    both = int(degrees.sum() + swapped.sum()), int(metres.sum() + turned.sum())
    if all(both):
        notes.append(
            f"{count_of(both[0], 'row')} in degrees and {count_of(both[1], 'row')} in metres of "
            "the National Grid; both were understood."
        )
    return np.round(easting, 2), np.round(northing, 2), notes


def check_crs(name: str) -> str:
    """
    Name of a coordinate system, once it is known to be one.

    Raises
    ------
    SourceError
        When it is not of the form "EPSG:27700", or there is none of that number.
    """
    code = name.strip().upper()
    if not code:
        return ""
    if not code.startswith("EPSG:") or not code[5:].isdecimal() or len(code) > 12:  # noqa: PLR2004
        raise SourceError(f"“{name[:40]}” names no coordinate system; write it as EPSG:27700.")
    try:
        CRS.from_user_input(code)
    except CRSError as error:
        raise SourceError(f"There is no coordinate system {code}; look its number up.") from error
    return code


def _converted(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: str, grid: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if crs == BRITISH_NATIONAL_GRID and not grid:
        sound = _on_grid(x, y)
        return np.where(sound, x, np.nan), np.where(sound, y, np.nan)
    if not grid:
        if crs != WGS84:
            x, y = _transformer(crs, WGS84).transform(x, y)
        sound = in_great_britain(x, y)
        easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
        easting[sound], northing[sound] = to_grid(x[sound], y[sound])
        return easting, northing
    easting, northing = _transformer(crs, grid).transform(x, y)
    sound = np.isfinite(easting) & np.isfinite(northing)
    return (
        np.where(sound, np.round(easting, 2), np.nan),
        np.where(sound, np.round(northing, 2), np.nan),
    )


@cache
def _transformer(crs: str, grid: str) -> Transformer:
    return Transformer.from_crs(crs, grid, always_xy=True)


def _on_grid(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (x > _SEA) & (x < _GRID_EAST) & (y > _SEA) & (y < _GRID_NORTH)
    return inside


def _turned_by_company(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    metres: NDArray[np.bool_],
    easting: NDArray[np.float64],
    northing: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Rows in metres that lie among the others only once their axes are swapped."""
    known = ~np.isnan(easting)
    if not (metres.any() or known.any()):
        return np.zeros(len(x), dtype=bool)
    middle_e = np.median(np.concatenate([x[metres], easting[known]]))
    middle_n = np.median(np.concatenate([y[metres], northing[known]]))
    as_is = np.hypot(x - middle_e, y - middle_n)
    turned = np.hypot(y - middle_e, x - middle_n)
    found: NDArray[np.bool_] = (as_is > _FAR_M) & (turned < _NEAR_M)
    return found
