"""Usual residents by ward, from a table that gives each ward's, or each small area's, number."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources.files import plain_name, read_file
from hotspots.sources.reports import Finding, ReadReport
from hotspots.sources.street_text import decoded

_CODE: Final = re.compile(r"[A-Z]\d{8}")
_CODE_NAMES: Final = re.compile(r"(wd|ward)s?_?(\d\d(\d\d)?)?_?(cd|code)?", re.IGNORECASE)
_RESIDENTS: Final = re.compile(
    r"resident|population|\bpop\b|_pop(_|$)|^total$|^observation$|all (people|persons|ages)",
    re.IGNORECASE,
)
# A table downloaded from a census site begins with a title and some remarks.
_PREAMBLE: Final = 40
# A column is of codes, or of numbers, when most of it is.
_MOST: Final = 0.5


def read(path: Path | str, *, column: str | None = None) -> pd.Series:
    """
    Residents by ward code.

    Parameters
    ----------
    path
        A CSV or `.csv.gz`.
    column
        Name of the column of residents; None = the one whose name says so, or the
        only one of numbers.

    Raises
    ------
    SourceError
        In one sentence, when a column is missing or several fit.
    """
    return read_with_report(path, column=column)[0]


def read_with_report(
    path: Path | str, *, column: str | None = None
) -> tuple[pd.Series, ReadReport]:
    """Residents by ward code, and what was left out; see `read`."""
    path = Path(path)
    name = plain_name(path.name)
    table, notes = table_of(path, name)
    code = code_column(table, name)
    residents = residents_column(table, code, name, column)
    codes = table[code].str.strip()
    numbers = numbers_of(table[residents])
    left_out: dict[str, Finding] = {}
    sound = pd.Series(data=True, index=table.index)
    for reason, faulty in {
        "they hold no ward code": ~codes.str.fullmatch(_CODE.pattern),
        f"their “{residents}” is not a number of people": numbers.isna() | (numbers < 0),
    }.items():
        rows = table.index[sound & faulty]
        if len(rows):
            examples = tuple(f"{name}, row {row:,}" for row in rows[:3])
            left_out[reason] = Finding(len(rows), examples)
        sound &= ~faulty
    kept = pd.Series(
        numbers[sound].to_numpy(dtype="float64"),
        index=pd.Index(codes[sound], name="code", dtype="str"),
        name="residents",
    )
    if kept.empty:
        raise SourceError(f"No row of {name} holds a ward code and a number of residents.")
    areas = small_area_column(table)
    if areas is not None:
        kept = kept.groupby(level=0).sum()
        notes.append(f"Small areas of {name} (column “{areas}”) were added up by ward.")
    repeated = kept.index[kept.index.duplicated()]
    if len(repeated):
        raise SourceError(
            f"{name} has several rows for {repeated.nunique():,} wards (for example "
            f"{repeated[0]}); give each ward one row."
        )
    if column is None:
        notes.append(f"Residents were read from the column “{residents}” of {name}.")
    return kept, ReadReport((name,), rows=len(kept), left_out=left_out, notes=tuple(notes))


def table_of(path: Path, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Everything as text, indexed by row of the file from 1, the header found."""
    text, notes = decoded(read_file(path), name)
    try:
        rows = pd.read_csv(
            BytesIO(text),
            header=None,
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=False,
            names=range(_widest(text)),
            index_col=False,
        )
    except ValueError as error:  # pandas' parser errors are all of this kind
        raise SourceError(f"{name} cannot be read as a table; save it as CSV.") from error
    rows = rows.fillna("")
    rows.index += 1
    filled = (rows != "").sum(axis=1)
    header = filled.head(_PREAMBLE)
    widest = header[header == header.max()]
    if widest.empty or header.max() < 2:  # noqa: PLR2004
        raise SourceError(f"{name} has no columns of ward codes and residents.")
    first = widest.index[0]
    names = [str(word).strip() or f"column {n + 1}" for n, word in enumerate(rows.loc[first])]
    table = rows.loc[first + 1 :]
    table = table.loc[filled.loc[first + 1 :] > 1]
    table.columns = pd.Index(names)
    return table.loc[:, ~table.columns.duplicated()], notes


def _widest(text: bytes) -> int:
    lines = text[: 1 << 16].splitlines()[:_PREAMBLE]
    return max(line.count(b",") for line in lines) + 1


def code_column(table: pd.DataFrame, name: str) -> str:
    """Column that holds ward codes: by its name, else by what is in it; the latest first."""
    holding = [
        column for column in map(str, table.columns) if share_of(table[column], _is_code) > _MOST
    ]
    named = [column for column in holding if _CODE_NAMES.fullmatch(column)]
    wards = [column for column in holding if share_of(table[column], _is_ward) > _MOST]
    for fitting in (named, wards):
        if fitting:
            return max(fitting, key=_year)
    has = ", ".join(map(str, table.columns[:6]))
    raise SourceError(
        f"{name} has no column of ward codes such as WD25CD or ward_code (its columns: {has})."
    )


def small_area_column(table: pd.DataFrame) -> str | None:
    """Column of LSOA codes, each in one row; None where the rows are not small areas."""
    for column in map(str, table.columns):
        codes = table[column].str.strip()
        held = codes[codes != ""]
        if share_of(held, _is_small_area) > _MOST and held.is_unique:
            return column
    return None


def residents_column(table: pd.DataFrame, code: str, name: str, asked: str | None) -> str:
    """Column of residents: the one asked for, the one named so, or the only one of numbers."""
    if asked is not None:
        if asked in table.columns:
            return asked
        has = ", ".join(map(str, table.columns))
        raise SourceError(f"{name} has no column “{asked}” (its columns: {has}).")
    numeric = [
        column
        for column in table.columns
        if column != code and numbers_of(table[column]).notna().mean() > _MOST
    ]
    named = [column for column in numeric if _RESIDENTS.search(column)]
    for fitting in (named, numeric):
        if len(fitting) == 1:
            return str(fitting[0])
        if fitting:
            listed = ", ".join(f"“{column}”" for column in fitting)
            raise SourceError(
                f"{name} has several columns that may hold residents ({listed}); choose one "
                f'with --column "{fitting[0]}".'
            )
    raise SourceError(f"{name} has no column of numbers of residents.")


def share_of(words: pd.Series, fits: Callable[[str], bool]) -> float:
    """Share of the filled cells that fit."""
    given = words[words != ""]
    return float(given.map(fits).mean()) if len(given) else 0.0


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word.strip()) is not None


def _is_ward(word: str) -> bool:
    """Wards of England, Wales, Scotland and Northern Ireland."""
    return word.strip()[:3] in {"E05", "W05", "S13", "N08"}


def _is_small_area(word: str) -> bool:
    """Lower layer super output areas of England and Wales, data zones of Scotland."""
    return word.strip()[:3] in {"E01", "W01", "S01"}


def _year(column: str) -> int:
    digits = re.search(r"\d+", column)
    return int(digits[0]) % 100 if digits else -1


def numbers_of(words: pd.Series) -> pd.Series:
    """Numbers as people write them; not a number where it is none."""
    return pd.to_numeric(words.str.replace(",", "").str.strip(), errors="coerce")
