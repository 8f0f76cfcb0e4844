"""
Where postcodes are: OS Code-Point Open, or the ONS Postcode Directory.

>>> Postcodes.of(["CH1 1AB"], [341060.0], [366330.0]).find(["ch11ab"])[0].tolist()
[341060.0]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.sources import files
from hotspots.sources.delimited import csv_table
from hotspots.sources.reports import Finding, Progress, ReadReport, silent
from hotspots.sources.street_text import TEXT, decoded
from hotspots.sources.word_columns import numbers_in

_NAMES: Final = ("postcode", "pcd", "pcds", "pcd7", "pcd8", "pcd2")
_EAST: Final = ("easting", "eastings", "oseast1m", "east1m")
_NORTH: Final = ("northing", "northings", "osnrth1m", "north1m")
# Code-Point Open as OS delivers it has no header: postcode, quality, easting, northing, …
_BARE: Final = ("postcode", "quality", "easting", "northing")
_FORM: Final = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$"
_GOOD_ENOUGH: Final = 700_000, 1_300_000


@dataclass(frozen=True, eq=False)
class Postcodes:
    """
    Postcodes and the middle of each, metres.

    Attributes
    ----------
    table
        Indexed by postcode in capitals without a space: `easting`, `northing`.
    """

    table: pd.DataFrame

    @classmethod
    def of(cls, names: Sequence[str], easting: Sequence[float], northing: Sequence[float]) -> Self:
        """Postcodes from three lists."""
        index = pd.Index([normal(name) for name in names], dtype="str", name="postcode")
        return cls(pd.DataFrame({"easting": easting, "northing": northing}, index=index))

    def __len__(self) -> int:
        return len(self.table)

    def find(self, words: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Easting and northing of each postcode; not a number where it is not known."""
        found = self.table.reindex(pd.Index([normal(word) for word in words], dtype="str"))
        return found["easting"].to_numpy(dtype="float64"), found["northing"].to_numpy("float64")


def normal(word: str) -> str:
    """
    Postcode in capitals without spaces.

    Examples
    --------
    >>> normal(" cw1  2bd ")
    'CW12BD'
    """
    return "".join(letter for letter in word.upper() if letter.isalnum())


def read(
    paths: Sequence[Path | str], *, progress: Progress = silent
) -> tuple[Postcodes, ReadReport]:
    """
    Postcodes of some files: CSV, `.csv.gz`, zip files, and folders of them.

    Raises
    ------
    SourceError
        In one sentence, when a file is not what it should be, or none holds a postcode.
    """
    parts: list[pa.Table] = []
    report = ReadReport()
    with files.opened(paths, _refusal) as listing:
        for done, found in enumerate(listing.found):
            progress(done, len(listing.found), found.name)
            table, left_out = _read(found.read(), found.name)
            parts.append(table)
            report += ReadReport(files=(found.name,), rows=len(table), left_out=left_out)
    if not parts or not report.rows:
        where = ", ".join(str(path) for path in paths)
        raise SourceError(
            f"There is no postcode in {where or 'nothing'}; load OS Code-Point Open or the ONS "
            "Postcode Directory, as CSV or as the zip file they come in."
        )
    frame = pa.concat_tables(parts).to_pandas().drop_duplicates("postcode", keep="last")
    frame = frame.astype({"postcode": "str"}).sort_values("postcode").set_index("postcode")
    return Postcodes(frame), report


def _refusal(name: str) -> str | None:
    return None if name.casefold().endswith(".csv") else "it is not a CSV file of postcodes"


def _read(data: bytes, name: str) -> tuple[pa.Table, dict[str, Finding]]:
    data, _ = decoded(data, name)
    first = data[:200].split(b",")[0].decode(errors="replace").strip('" \r\n')
    bare = pc.match_substring_regex(pa.array([normal(first)]), _FORM)[0].as_py()
    table, _ = csv_table(data, name, header=_BARE if bare else None)
    names = {column.casefold().strip(): column for column in table.column_names}
    found = [
        next((names[each] for each in wanted if each in names), None)
        for wanted in (_NAMES, _EAST, _NORTH)
    ]
    if None in found:
        raise SourceError(
            f"{name} has no columns of postcode, easting and northing; load OS Code-Point Open "
            "or the ONS Postcode Directory."
        )
    code, east, north = (table[str(column)] for column in found)
    plain = pc.utf8_upper(pc.replace_substring_regex(code.cast(TEXT), r"[^A-Za-z0-9]", ""))
    easting, _ = numbers_in(east)
    northing, _ = numbers_in(north)
    is_code = pc.match_substring_regex(pc.fill_null(plain, ""), _FORM).to_numpy()
    # Postcodes without a place, and those of Northern Ireland's own grid, stand at 0.
    placed = (easting > 0) & (easting < _GOOD_ENOUGH[0]) & (northing < _GOOD_ENOUGH[1])
    placed &= (northing > 0) & ~np.char.startswith(np.asarray(plain.to_pylist(), "U2"), "BT")
    kept = pa.array(is_code & placed)
    left_out = {
        reason: Finding(int(rows.sum()), (f"{name}, row {int(np.flatnonzero(rows)[0]) + 2:,}",))
        for reason, rows in (
            ("they hold no postcode", ~is_code),
            ("their postcode has no place on the National Grid", is_code & ~placed),
        )
        if rows.any()
    }
    columns = {"postcode": plain, "easting": pa.array(easting), "northing": pa.array(northing)}
    return pa.table(columns).filter(kept), left_out
