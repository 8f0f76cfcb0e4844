"""
One table of a partner's reports on its way to months of rows as the library keeps them.

Rows that cannot be used are left out and counted, by reason; blank ones are passed over.
A row that cannot be placed is kept without a place.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.settings import ASB
from hotspots.sources import agency_words
from hotspots.sources.agency_mapping import MEANINGS, Mapping
from hotspots.sources.report_places import ADDRESS, SNAP_POINT, Lookup, places
from hotspots.sources.report_times import TO_COME, times
from hotspots.sources.reports import NAMED, Finding, ReadReport, count_of
from hotspots.sources.street_columns import compact
from hotspots.sources.street_text import TEXT
from hotspots.sources.swallowed_rows import row_number
from hotspots.sources.tabular import Tabular
from hotspots.sources.word_columns import Words, bare

_LONGEST: Final = 200
_AT_ONCE: Final = 2
_TOTAL: Final = "they hold totals, not reports"
_TOTALS: Final = r"^(grand |sub ?)?totals?\b|^sum of\b"
_RAGGED: Final = "too few or too many values"
_CALLED: Final = {
    "qualifier": "a qualifier",
    "reported": "a way of reporting",
    "vulnerable": "a vulnerability",
}
_YES: Final = MEANINGS["vulnerable"].index("yes")
_UTC: Final = pa.timestamp("us", "UTC")


@dataclass(frozen=True, eq=False)
class MonthRead:
    """One month of a source: its rows as the library keeps them."""

    month: pd.Period
    table: pa.Table


def months_of(
    given: Tabular,
    mapping: Mapping,
    *,
    salt: bytes,
    postcodes: Lookup | None = None,
    today: date | None = None,
) -> tuple[tuple[MonthRead, ...], ReadReport]:
    """
    Rows of one table by month, oldest first, and the report on them.

    Parameters
    ----------
    given
        The table, with every column that the mapping names.
    mapping
        Which column is what; checked, so that it has a date.
    salt
        Key of the hashes of callers and addresses.
    postcodes
        Where postcodes are; None = none are loaded.
    today
        Rows of days to come are left out; None = whatever their date, they are taken.
    """
    return _Reading(given, mapping, salt, postcodes).done(today)


class _Reading:
    """One table on its way to months of reports."""

    def __init__(
        self, given: Tabular, mapping: Mapping, salt: bytes, postcodes: Lookup | None
    ) -> None:
        self.given, self.mapping, self.salt, self.postcodes = given, mapping, salt, postcodes
        self.rows = given.table.num_rows
        self.known: dict[str, Words] = {}
        self.notes = list(given.notes)
        self.left_out: dict[str, Finding] = {}

    def done(self, today: date | None) -> tuple[tuple[MonthRead, ...], ReadReport]:
        if self.given.left_out:
            where = tuple(self._row(number) for number in self.given.left_out[:NAMED])
            self.left_out[_RAGGED] = Finding(len(self.given.left_out), where)
        begins = self._words("begins")
        assert begins is not None, "a checked mapping has a date"
        when = times(
            begins,
            self._words("ends"),
            begins_time=self._words("begins_time"),
            ends_time=self._words("ends_time"),
            day_first=self.mapping.day_first,
        )
        self.notes += when.notes
        sound = ~self._blank()
        faults = dict(when.faults)
        if today is not None:
            faults[TO_COME] = when.later_than(today)
        undated = np.logical_or.reduce([np.zeros(self.rows, dtype=bool), *faults.values()])
        totals = self._totals(begins, ~undated)
        for reason, rows in ({_TOTAL: totals} | faults).items():
            self._note(self.left_out, reason, rows & sound)
            sound &= ~rows
        self._say_shared_numbers(sound)
        placed = places(
            self.rows,
            self._column("east"),
            self._column("north"),
            self._words("postcode"),
            crs=self.mapping.crs,
            grid=self.mapping.grid,
            known=self.postcodes,
            precision=SNAP_POINT if self.mapping.snapped else ADDRESS,
        )
        self.notes += placed.notes
        without: dict[str, Finding] = {}
        for reason, rows in placed.without.items():
            self._note(without, reason, rows & sound)
        table = pa.table(
            {
                **self._described(),
                "easting": pa.array(placed.easting, mask=np.isnan(placed.easting)),
                "northing": pa.array(placed.northing, mask=np.isnan(placed.northing)),
                "occurred_from": pa.array(when.begins, pa.timestamp("us")).cast(_UTC),
                "occurred_to": pa.array(when.ends, pa.timestamp("us")).cast(_UTC),
                "time_precision": pa.array(when.precision),
                "place_precision": pa.array(placed.precision),
            }
        )
        months = _divided(table, when.month, sound)
        asb = sum(_count_asb(part.table) for part in months)
        report = ReadReport(
            files=(self.given.name,),
            rows=int(sound.sum()),
            asb=asb,
            left_out=self.left_out,
            without_place=without,
            notes=tuple(dict.fromkeys(self.notes)),
        )
        return months, report

    def _column(self, role: str) -> pa.ChunkedArray | None:
        name = self.mapping.columns.get(role)
        return None if not name else self.given.table[name]

    @cached_property
    def _identifiers(self) -> pa.Array | None:
        """Every row has another, so that their distinct words would only be longer."""
        column = self._column("identifier")
        return None if column is None else bare(column)

    def _words(self, role: str) -> Words | None:
        name = self.mapping.columns.get(role)
        return None if not name else self._word_column(name)

    def _word_column(self, name: str) -> Words:
        if name not in self.known:
            self.known[name] = Words.of(self.given.table[name])
        return self.known[name]

    def _described(self) -> dict[str, pa.Array]:
        """Everything but where and when, as the library keeps it."""
        nothing = pa.nulls(self.rows, pa.dictionary(pa.int32(), TEXT))
        kind = self._words("kind")
        kinds = nothing if kind is None else kind.recoded(_short)
        asb = {word.casefold() for word in self.mapping.asb}
        if kind is None or not asb:
            codes = np.zeros(self.rows, dtype=np.int32)
            category = pa.DictionaryArray.from_arrays(codes, pa.array([ASB], TEXT))
        else:
            category = kind.recoded(lambda word: ASB if word.casefold() in asb else _short(word))
            category = category.cast(TEXT).fill_null("Not said").dictionary_encode()
        street, repeat, text = self._words("street"), self._words("repeat"), None
        vulnerable = self._coded("vulnerable")
        if self.mapping.keep_text:
            text = self._column("text")
        found = {
            "crime_id": pa.nulls(self.rows, TEXT)
            if self._identifiers is None
            else self._identifiers,
            "category": category,
            "kind": kinds,
            "street": nothing if street is None else street.recoded(_short),
            "lsoa": nothing,
            "qualifier": pa.array(self._coded("qualifier")),
            "reported": pa.array(self._coded("reported")),
            "vulnerable": pa.array(vulnerable == _YES, mask=vulnerable < 0),
            "repeat_key": nothing
            if repeat is None
            else agency_words.hashed(repeat, self.salt, self.mapping.source),
        }
        if text is not None:
            found["text"] = text.cast(TEXT).combine_chunks()
        return found

    def _coded(self, column: str) -> NDArray[np.int8]:
        words = self._words(column)
        if words is None:
            return np.full(self.rows, -1, dtype=np.int8)
        found, unknown = agency_words.coded(column, words, self.mapping.words.get(column))
        if unknown:
            listed = ", ".join(f"“{_short(word)}”" for word in unknown[:4])
            rows = int(np.isin(words.codes, np.flatnonzero(_among(words, unknown))).sum())
            self.notes.append(
                f"{count_of(rows, 'row')} of {self.given.name} with {_CALLED[column]} that means "
                f"none of ours ({listed}); kept as not known until the mapping says what it means."
            )
        return found

    def _totals(self, begins: Words, dated: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows that sum others up: their number or date says so, or a word where no date is."""
        found = np.zeros(self.rows, dtype=bool)
        for role in ("kind", "street"):
            if (words := self._words(role)) is not None:
                found |= _totals_in(words.words, words)
        found = found & ~dated | _totals_in(begins.words, begins)
        return found if self._identifiers is None else found | _totals_in(self._identifiers)

    def _say_shared_numbers(self, sound: NDArray[np.bool_]) -> None:
        """Note how many rows have a number that others have: perhaps they were sent twice."""
        if self._identifiers is None:
            return
        numbers = self._identifiers.filter(pa.array(sound)).drop_null()
        # Most systems write their numbers in order, and then each is seen to be another.
        rises = pc.all(pc.less(numbers[:-1], numbers[1:]), min_count=0).as_py()
        if rises or pc.count_distinct(numbers).as_py() == len(numbers):
            return
        counts = pc.struct_field(pc.value_counts(numbers), "counts")
        shared = pc.sum(counts.filter(pc.greater(counts, 1))).as_py()
        self.notes.append(
            f"{count_of(shared, 'row')} of {self.given.name} share their number with another; each "
            "is counted, as a number may stand for several reports. Ask the partner whether any "
            "were sent twice."
        )

    def _note(self, findings: dict[str, Finding], reason: str, rows: NDArray[np.bool_]) -> None:
        where = np.flatnonzero(rows)
        if len(where):
            examples = tuple(self._row(self._number(int(row))) for row in where[:NAMED])
            findings[reason] = Finding(len(where), examples)

    def _blank(self) -> NDArray[np.bool_]:
        """Rows in which nothing stands at all, which nobody needs to hear of."""
        blank = np.ones(self.rows, dtype=bool)
        named = self.mapping.columns.get("identifier")
        for name in sorted(self.given.table.column_names, key=lambda each: each == named):
            if not blank.any():
                break
            blank &= self._word_column(name).blank
        return blank

    def _number(self, place: int) -> int:
        """Number that a row has in a spreadsheet."""
        return row_number(place + self.given.first_row, self.given.left_out)

    def _row(self, number: int) -> str:
        return f"{self.given.name}, row {number:,}"


def _totals_in(texts: pa.Array, words: Words | None = None) -> NDArray[np.bool_]:
    """Which texts say that they are a total; of each row, where they are its distinct words."""
    matches = pc.match_substring_regex(texts, _TOTALS, ignore_case=True)
    says = pc.fill_null(matches, fill_value=False)
    found: NDArray[np.bool_] = says.to_numpy(zero_copy_only=False)
    return found if words is None else words.spread(np.append(found, False))


def _among(words: Words, some: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the distinct words are some of them."""
    return np.asarray(pc.is_in(words.words, value_set=pa.array(some, TEXT)))


def _short(word: str) -> str:
    return "".join(letter for letter in word if letter.isprintable())[:_LONGEST] or "?"


def _count_asb(table: pa.Table) -> int:
    column = table["category"].combine_chunks()
    words = column.dictionary.to_pylist()
    return int((column.indices.to_numpy() == words.index(ASB)).sum()) if ASB in words else 0


def _divided(
    table: pa.Table, month: NDArray[np.int64], sound: NDArray[np.bool_]
) -> tuple[MonthRead, ...]:
    """Table cut by month, rows in their order."""
    kept = np.flatnonzero(sound)
    # Two bytes hold a month, and are sorted by their digits.
    order = kept[np.argsort(month[kept].astype(np.int16), kind="stable")]
    months, starts = np.unique(month[order], return_index=True)

    def part(one: np.int64, rows: NDArray[np.int64]) -> MonthRead:
        return MonthRead(pd.Period(ordinal=int(one), freq="M"), compact(table.take(pa.array(rows))))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(part, months, np.split(order, starts[1:])))
