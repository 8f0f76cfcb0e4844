"""Rows that a quotation mark, opened and never closed, took into one cell of a table."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LOOKED_AT: Final = 40
_LONGEST_ROW: Final = 1 << 20
# Of narrower tables, rows that begin with words are too much like sentences.
_WIDE: Final = 6
_WORD: Final = re.compile(r"\w+")


def swallowing(parts: Sequence[pa.Table], header: Sequence[str], delimiter: str) -> list[int]:
    """
    Places of rows with a cell that seems to hold other rows, in order.

    Parameters
    ----------
    parts
        Columns of a file as text, its first column first of all.
    header
        Names of all the file's columns, in order.
    delimiter
        What parts them.
    """
    firsts = parts[0][header[0]]
    return sorted({place for part in parts for place in _of_part(part, firsts, header, delimiter)})


def _of_part(
    table: pa.Table, firsts: pa.ChunkedArray, header: Sequence[str], delimiter: str
) -> Iterator[int]:
    for name in table.column_names:
        column = table[name].combine_chunks()
        words = column.dictionary if pa.types.is_dictionary(column.type) else column
        many = pc.greater_equal(pc.count_substring(words, delimiter), len(header) - 1)
        broken = pc.fill_null(pc.and_(pc.match_substring(words, "\n"), many), fill_value=False)
        if not pc.any(broken).as_py():
            continue
        rows = broken.take(column.indices) if words is not column else broken
        here = pa.array(np.flatnonzero(pc.fill_null(rows, fill_value=False)))
        texts = column.take(here).to_pylist()
        at, width = header.index(name), len(header)
        for place, text, first in zip(
            here.to_pylist(), texts, firsts.take(here).to_pylist(), strict=True
        ):
            begins = (first or "").split(delimiter)[0]
            if holds_rows(text, begins, at=at, width=width, delimiter=delimiter):
                yield place


def holds_rows(text: str, begins: str, *, at: int, width: int, delimiter: str) -> bool:
    r"""
    Whether the lines of a cell look like rows of its table rather than like what people write.

    A line does when it has a whole row's delimiters and begins as rows begin, number for
    number and word for word; so does the last, with those of the columns before the cell,
    where its first has those of the columns after it.

    Parameters
    ----------
    text
        What stands in the cell.
    begins
        What stands in the first column of its row.
    at, width
        Place of its column, from 0, and how many columns there are.
    delimiter
        What parts them.

    Examples
    --------
    >>> holds_rows("loud\n8,2/1,noise,calm\n", "7", at=3, width=4, delimiter=",")
    True
    >>> holds_rows("loud\nthen, at last, calm, and 8\n", "7", at=3, width=4, delimiter=",")
    False
    """
    if width < _WIDE and not {"9", "x"} & set(shape(begins)):
        return False
    head, *lines = text.splitlines()
    like_a_row = {shape(begins), ""}  # an empty first column is one that no sentence has
    alike = [line for line in lines if line and shape(line.split(delimiter)[0]) in like_a_row]
    if any(line.count(delimiter) == width - 1 for line in alike):
        return True
    one = bool(lines) and lines[-1] in alike and lines[-1].count(delimiter) == at
    return one and head.count(delimiter) == width - 1 - at


def took_rows(text: str, width: int, delimiter: str) -> bool:
    r"""
    Whether a row with too few or too many values goes over the lines of others.

    Examples
    --------
    >>> took_rows('7,2/1,"loud\n8,2/1,"noise, or so",calm', 4, ",")
    True
    >>> took_rows('7,2/1,"loud\nand long"', 4, ",")
    False
    """
    head, *lines = text[:_LONGEST_ROW].strip().splitlines() or [""]
    if not lines:
        return False
    like_a_row = {shape(head.split(delimiter)[0]), ""}
    return text.count('"') % 2 == 1 or any(
        line.count(delimiter) >= width - 1 and shape(line.split(delimiter)[0]) in like_a_row
        for line in lines
    )


def row_number(number: int, left_out: Sequence[int]) -> int:
    """
    Row's number in a spreadsheet, from its number among the rows that are whole.

    Examples
    --------
    >>> row_number(2, [2, 5]), row_number(4, [2, 5])
    (3, 6)
    """
    for each in left_out:  # in order: each stood before the row, or did not
        number += each <= number
    return number


def shape(text: str) -> str:
    """
    How a cell is written: every number is 9, every word is a, and what is both is x.

    Examples
    --------
    >>> shape("INC-0042"), shape("03/01/2025"), shape("9f3c")
    ('a-9', '9/9/9', 'x')
    """
    return _WORD.sub(_kind, text[:_LOOKED_AT].strip().strip('"'))


def _kind(word: "re.Match[str]") -> str:
    return "9" if word[0].isdigit() else "a" if word[0].isalpha() else "x"
