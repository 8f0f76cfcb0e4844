"""
One street file of data.police.uk: its text in, sound rows of each force and month out.

Rows are never de-duplicated: antisocial behaviour has no identifier, and identical
rows are separate incidents. A row that cannot be placed is kept without a place; a
row without a month, a force or a crime type is left out and counted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.settings import ASB
from hotspots.sources.grid import in_great_britain
from hotspots.sources.reports import NAMED, Finding, ReadReport, count_of
from hotspots.sources.street_columns import (
    clean,
    codes,
    each,
    filled,
    numbers,
    on_grid,
    recoded,
)
from hotspots.sources.street_rows import Rows, divided
from hotspots.sources.street_text import TAKE, TEXT, WORDS, decoded, read_table

# data.police.uk has 45 forces; its history began in December 2010.
_MAX_FORCES: Final = 60
_MAX_NAME: Final = 100
_MONTH: Final = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_NORTHERN_IRELAND: Final = "police service of northern ireland"
_NO_NAME: Final = r"(?i)^\s*(on or near\b|no location\s*$)"

_NOT_PUBLISHED: Final = "no coordinates are published for them"
_ZERO: Final = "their coordinates are 0, 0"
_HALF: Final = "one of their two coordinates is missing"
_NOT_NUMBERS: Final = "their coordinates are not numbers"
_SWAPPED: Final = "their longitude and latitude are swapped"
_IRISH: Final = "they lie in Northern Ireland, which the British National Grid does not cover"
_ABROAD: Final = "they lie outside Great Britain"


@dataclass(frozen=True, eq=False)
class Reading:
    """What one file held: rows by force and month, and the report on it."""

    rows: tuple[Rows, ...]
    report: ReadReport


def parse(data: bytes, name: str) -> Reading:
    """
    Rows of one street file.

    Parameters
    ----------
    data
        The file's bytes, unpacked.
    name
        What to call it in sentences.

    Raises
    ------
    SourceError
        When it is not a street file, or no row of it is sound.
    """
    text, notes = decoded(data, name)
    table, ragged = read_table(text, name)
    if not len(table) and not ragged:
        return Reading((), ReadReport((name,), notes=(f"{name} holds a header and no row.",)))
    return _Parser(name, table, ragged, notes).reading()


class _Parser:
    """The steps from a table of texts to sound rows; one use each."""

    def __init__(self, name: str, table: pa.Table, ragged: list[int], notes: list[str]) -> None:
        self.name = name
        self.table = table
        self.ragged = ragged
        self.notes = notes
        self.left_out: dict[str, Finding] = {}
        self.without_place: dict[str, Finding] = {}
        if ragged:
            examples = tuple(self._row(number) for number in ragged[:NAMED])
            self.left_out["they have too few or too many values"] = Finding(len(ragged), examples)

    def reading(self) -> Reading:
        months = recoded(self.table["Month"], each(_month))
        forces = recoded(self.table["Falls within"], each(_force))
        if "Reported by" in self.table.column_names:
            forces = filled(forces, recoded(self.table["Reported by"], each(_force)))
        categories = recoded(self.table["Crime type"], each(_category))
        sound = self._sound(months, forces, categories)
        if len(forces.dictionary) > _MAX_FORCES:
            raise SourceError(
                f"{self.name} names {len(forces.dictionary):,} forces under “Falls within”, and "
                f"there are 45; {TAKE}"
            )
        easting, northing = self._places(sound, forces)
        table = pa.table(
            {
                "crime_id": self._identifiers(),
                "reported_by": self._optional("Reported by"),
                "easting": easting,
                "northing": northing,
                "street": self._optional("Location", _streets),
                "lsoa": self._optional("LSOA code"),
                "category": categories,
                "outcome": self._optional("Last outcome category"),
                "context": self._optional("Context"),
            }
        )
        rows = divided(table, months, forces, sound)
        asb = categories.dictionary.index(ASB).as_py()
        report = ReadReport(
            files=(self.name,),
            rows=int(sound.sum()),
            asb=int((codes(categories)[sound] == asb).sum()) if asb >= 0 else 0,
            left_out=self.left_out,
            without_place=self.without_place,
            notes=tuple(self.notes),
        )
        return Reading(rows, report)

    def _optional(
        self, column: str, cleaned: Callable[[pa.Array], pa.Array] = clean
    ) -> pa.Array | pa.ChunkedArray:
        """Column of words, missing where it is blank; all missing where there is none."""
        if column not in self.table.column_names:
            return pa.nulls(len(self.table), WORDS)
        return recoded(self.table[column], cleaned)

    def _identifiers(self) -> pa.Array | pa.ChunkedArray:
        if "Crime ID" not in self.table.column_names:
            return pa.nulls(len(self.table), TEXT)
        values = self.table["Crime ID"]
        return pc.if_else(pc.equal(values, ""), pa.scalar(None, TEXT), values)

    def _sound(
        self, months: pa.DictionaryArray, forces: pa.DictionaryArray, categories: pa.DictionaryArray
    ) -> NDArray[np.bool_]:
        month, force, category = codes(months), codes(forces), codes(categories)
        blank = self._blank_lines() if (month < 0).any() else np.zeros(len(month), dtype=bool)
        faults = {
            "their month is not written as 2025-03": month < 0,
            "they name no force": (month >= 0) & (force < 0),
            "they name no crime type": (month >= 0) & (force >= 0) & (category < 0),
        }
        for reason, faulty in faults.items():
            self._note(self.left_out, reason, faulty & ~blank)
        sound = (month >= 0) & (force >= 0) & (category >= 0)
        if not sound.any():
            if not self.left_out:
                raise SourceError(f"{self.name} holds a header and no row; nothing can be read.")
            raise SourceError(
                f"No row of {self.name} can be used: {_listed(self.left_out)}; {TAKE}"
            )
        return sound

    def _blank_lines(self) -> NDArray[np.bool_]:
        blank = np.ones(len(self.table), dtype=bool)
        for column in ("Month", "Falls within", "Crime type"):
            blank &= np.asarray(pc.equal(self.table[column].cast(TEXT), ""))
        return blank

    def _places(
        self, sound: NDArray[np.bool_], forces: pa.DictionaryArray
    ) -> tuple[pa.Array, pa.Array]:
        longitude, bad_longitude, no_longitude = numbers(self.table["Longitude"])
        latitude, bad_latitude, no_latitude = numbers(self.table["Latitude"])
        here = in_great_britain(longitude, latitude)
        if here.all():
            return on_grid(longitude, latitude, here)
        zero = (longitude == 0) & (latitude == 0)
        usable = sound & np.isfinite(longitude) & np.isfinite(latitude) & ~zero
        swapped = in_great_britain(latitude, longitude)
        if usable.any() and swapped[usable].all():
            self.notes.append(
                f"Longitude and latitude of {self.name} were swapped in every row; "
                "they were put right."
            )
            longitude, latitude, here = latitude, longitude, swapped
        irish = _is_northern_irish(forces)
        broken = {
            _NOT_PUBLISHED: no_longitude & no_latitude,
            _NOT_NUMBERS: bad_longitude | bad_latitude,
            _HALF: no_longitude | no_latitude,
            _ZERO: zero,
            _SWAPPED: swapped,
            _IRISH: irish,
            _ABROAD: np.ones(len(here), dtype=bool),
        }
        self._explain(broken, sound & ~here)
        given = sound & ~(no_longitude & no_latitude)
        if given.any() and not (given & (here | irish)).any():
            raise SourceError(
                f"No row of {self.name} lies in Great Britain: {_listed(self.without_place)}; "
                f"{TAKE}"
            )
        return on_grid(longitude, latitude, here)

    def _explain(self, reasons: dict[str, NDArray[np.bool_]], rows: NDArray[np.bool_]) -> None:
        """Give each row the first reason that fits it."""
        for reason, fits in reasons.items():
            self._note(self.without_place, reason, rows & fits)
            rows = rows & ~fits

    def _note(self, findings: dict[str, Finding], reason: str, rows: NDArray[np.bool_]) -> None:
        where = np.flatnonzero(rows)
        if len(where):
            examples = tuple(self._row(self._number(int(row))) for row in where[:NAMED])
            findings[reason] = Finding(len(where), examples)

    def _number(self, place: int) -> int:
        """Number that a row has in a spreadsheet, the header being row 1."""
        number = place + 2
        for ragged in self.ragged:  # in order: each stood before the row, or did not
            number += ragged <= number
        return number

    def _row(self, number: int) -> str:
        return f"{self.name}, row {number:,}"


def _month(word: str) -> str | None:
    return word if _MONTH.fullmatch(word) else None


def _force(word: str) -> str | None:
    sound = len(word) <= _MAX_NAME and word.isprintable() and any(map(str.isalnum, word))
    return word if sound else None


def _category(word: str) -> str | None:
    return ASB if word.casefold() == ASB.casefold() else word or None


def _streets(words: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(words, pattern=_NO_NAME, replacement="")
    return clean(bare)


def _is_northern_irish(forces: pa.DictionaryArray) -> NDArray[np.bool_]:
    names = [name.casefold() == _NORTHERN_IRELAND for name in forces.dictionary.to_pylist()]
    fits: NDArray[np.bool_] = np.array([*names, False])[codes(forces)]
    return fits


def _listed(findings: dict[str, Finding]) -> str:
    return "; ".join(
        f"{count_of(found.rows, 'row')}: {reason} ({found.examples[0]})"
        for reason, found in findings.items()
    )
