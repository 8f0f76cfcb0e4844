"""A column of words as its distinct words and, for each row, which of them it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.sources.street_columns import clean, codes, recoded
from hotspots.sources.street_text import TEXT


@dataclass(frozen=True, eq=False)
class Words:
    """
    A column of words; whatever is asked of it is worked out once for each distinct word.

    Attributes
    ----------
    codes
        Place of each row's word among the distinct ones; −1 where the cell is blank.
    words
        The distinct words, without spaces round them.
    """

    codes: NDArray[np.int32]
    words: pa.Array

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Self:
        """Column of text as it was read."""
        if not pa.types.is_dictionary(column.type):
            column = column.combine_chunks().dictionary_encode()
        if isinstance(column, pa.ChunkedArray):
            column = column.unify_dictionaries()
        else:
            column = pa.chunked_array([column])
        cleaned = recoded(column, clean)
        return cls(codes(cleaned), cleaned.dictionary.cast(TEXT))

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which rows hold nothing."""
        return self.codes < 0

    def each(self, change: Callable[[str], Any], *, blank: Any, kind: Any) -> NDArray[Any]:
        """What each row's word becomes; `blank` where there is none."""
        values = [change(word) for word in self.words.to_pylist()]
        return self.spread(np.array([*values, blank], dtype=kind))

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the distinct words, and last that of a blank, to every row."""
        spread: NDArray[Any] = values[self.codes]
        return spread

    def recoded(self, change: Callable[[str], str | None]) -> pa.DictionaryArray:
        """Column with each word changed; null where it is blank or becomes None."""
        words = pa.array([change(word) for word in self.words.to_pylist()], TEXT)
        return self.dictionary(words)

    def dictionary(self, words: pa.Array | None = None) -> pa.DictionaryArray:
        """Column as Arrow keeps it, with other words in the place of its own."""
        mine = (self.words if words is None else words).dictionary_encode()
        rows = pa.array(self.codes, mask=self.blank)
        return pa.DictionaryArray.from_arrays(mine.indices.take(rows), mine.dictionary)


def bare(column: pa.ChunkedArray) -> pa.Array:
    """Text without spaces round it, cell by cell, for a column in which hardly one repeats."""
    return clean(column.cast(TEXT).combine_chunks())


def numbers_in(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Numbers of a column of text, and which cells are blank; what is no number is missing.

    Thousands may be parted by commas or spaces.
    """
    text = column.cast(TEXT).combine_chunks()
    text = pc.fill_null(pc.utf8_trim_whitespace(text), "")
    blank = pc.equal(text, "").to_numpy(zero_copy_only=False)
    try:
        numbers = pc.if_else(pc.equal(text, ""), None, text).cast(pa.float64())
    except pa.ArrowInvalid:
        plain = pc.replace_substring_regex(text, r"[,\s]", "")
        sound = pc.match_substring_regex(plain, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$")
        numbers = pc.if_else(sound, plain, None).cast(pa.float64())
    found = pc.fill_null(numbers, float("nan")).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(found), found, np.nan), blank
