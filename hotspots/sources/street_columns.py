"""Columns of a street file as Arrow: words cleaned once each, numbers, metres."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.sources.grid import to_grid
from hotspots.sources.street_text import TEXT, WORDS


def recoded(column: pa.ChunkedArray, clean: Callable[[pa.Array], pa.Array]) -> pa.DictionaryArray:
    """Column of words, each distinct word cleaned once; words that become null are missing."""
    array = column.chunk(0) if column.num_chunks else pa.array([], WORDS)
    words = clean(array.dictionary).dictionary_encode()
    indices = words.indices.take(array.indices)
    return pa.DictionaryArray.from_arrays(indices, words.dictionary)


def clean(words: pa.Array) -> pa.Array:
    """Words without spaces around them; missing when nothing is left."""
    trimmed = pc.utf8_trim_whitespace(words)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, TEXT), trimmed)


def each(change: Callable[[str], str | None]) -> Callable[[pa.Array], pa.Array]:
    """A change of one word, for `recoded`."""
    return lambda words: pa.array([change(word.strip()) for word in words.to_pylist()], TEXT)


def codes(words: pa.DictionaryArray) -> NDArray[np.int32]:
    """Place of each row's word in the dictionary; −1 where it is missing."""
    codes: NDArray[np.int32] = pc.fill_null(words.indices, -1).to_numpy(zero_copy_only=False)
    return codes


def filled(words: pa.DictionaryArray, others: pa.DictionaryArray) -> pa.DictionaryArray:
    """Words, and where they are missing the others."""
    if not words.null_count:
        return words
    return pc.coalesce(words.cast(TEXT), others.cast(TEXT)).dictionary_encode()


def numbers(
    column: pa.ChunkedArray,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Numbers, which of them were no numbers, and which were blank."""
    if pa.types.is_floating(column.type):
        numbers = column.to_numpy()
        blank = np.asarray(column.is_null())
    else:
        text = pd.Series(column.to_pylist(), dtype="object").str.strip()
        blank = (text == "").to_numpy()
        numbers = pd.to_numeric(text, errors="coerce").to_numpy(dtype="float64")
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    return numbers, np.isnan(numbers) & ~blank, blank


def on_grid(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], here: NDArray[np.bool_]
) -> tuple[pa.Array, pa.Array]:
    """Metres of the rows that have a place; each distinct point is converted once."""
    points, which = np.unique(longitude[here] + 1j * latitude[here], return_inverse=True)
    placed = []
    for metres in to_grid(points.real, points.imag):
        column = np.zeros(len(here))
        column[here] = metres[which]
        placed.append(pa.array(column, mask=~here))
    return placed[0], placed[1]


def compact(table: pa.Table) -> pa.Table:
    """Table whose dictionaries hold only words that occur in it."""
    columns = {
        name: table[name].cast(TEXT).combine_chunks().dictionary_encode()
        if pa.types.is_dictionary(table[name].type)
        else table[name]
        for name in table.column_names
    }
    return pa.table(columns)
