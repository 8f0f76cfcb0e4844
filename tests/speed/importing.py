"""
What importing and opening cost: python -m tests.speed.importing

Importing is set beside pandas.read_csv of the same files, which only parses; importing
also checks every row, converts places to the grid, hashes, compresses and makes the
files durable. Set HOTSPOTS_REAL_DATA to the folder of real files.
"""

import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from hotspots.library import Library, import_police_uk
from hotspots.settings import ASB
from tests.real import load
from tests.speed.measure import measure, megabytes, seconds, table

HEADER = {
    "Month": "Month", "Reported by": "Reported by", "Falls within": "Falls within",
    "Longitude": "Longitude", "Latitude": "Latitude", "Location": "Location",
    "LSOA code": "LSOA code", "LSOA name": "LSOA name",
}  # fmt: skip


def cheshire_files():
    return sorted(load.folder().glob("police_uk/2025-*/*-cheshire-street.csv"))


def parsed_by_pandas(files):
    return sum(len(pd.read_csv(file)) for file in files)


def imported(files):
    with tempfile.TemporaryDirectory() as folder:
        return import_police_uk(files, Library(Path(folder))).read.rows


def imported_library(folder):
    library = Library(Path(folder))
    if library.catalogue().empty:
        import_police_uk(cheshire_files(), library)
    return library


def national_files(folder):
    """The national table as the files that forces publish: one for each force and month."""
    rows = pq.read_table(load.folder() / "national_asb_2025.parquet")
    rows = rows.select(list(HEADER)).append_column("Crime type", pa.repeat(ASB, len(rows)))
    for name in HEADER:
        if pa.types.is_dictionary(rows[name].type):
            rows = rows.set_column(rows.column_names.index(name), name, rows[name].cast("string"))
    files = []
    pairs = rows.group_by(["Falls within", "Month"]).aggregate([]).to_pylist()
    for number, pair in enumerate(pairs):
        chosen = pc.and_(
            pc.equal(rows["Falls within"], pair["Falls within"]),
            pc.equal(rows["Month"], pair["Month"]),
        )
        path = Path(folder) / f"{pair['Month']}-{number:03}-street.csv"
        csv.write_csv(rows.filter(chosen), path)
        files.append(path)
    return files


def national_library(folder):
    return Library(Path(folder))


def opened(library):
    return len(library.incidents())


def opened_asb(library):
    return len(library.incidents(category=ASB))


def identified(library):
    return library.identity()


def main():
    with tempfile.TemporaryDirectory() as folder:
        parse = measure(cheshire_files, parsed_by_pandas, repeat=5)
        bring = measure(cheshire_files, imported, repeat=5)
        cheshire = measure(imported_library, opened, f"{folder}/cheshire", repeat=5)
        files = national_files(folder)
        library = Library(Path(folder) / "national")
        import_police_uk(files, library)
        country = measure(national_library, opened_asb, f"{folder}/national")
        known = measure(national_library, identified, f"{folder}/national", repeat=5)
        named = [
            ("pandas.read_csv of Cheshire's 12 files", parse, parse),
            ("import of Cheshire's 12 files", bring, parse),
            ("opening Cheshire's year", cheshire, bring),
            (f"opening {len(library.holdings())} forces' year of ASB", country, None),
            ("asking for its identity", known, None),
        ]
    rows = [
        {
            "what": what,
            "rows": f"{cost.said:,}" if isinstance(cost.said, int) else "",
            "time": seconds(cost.seconds),
            "against the one above": f"{cost.seconds / other.seconds:.1f}×" if other else "",
            "peak": megabytes(cost.peak_mb),
            "before": megabytes(cost.before_mb),
        }
        for what, cost, other in named
    ]
    print(table(rows))


if __name__ == "__main__":
    main()
