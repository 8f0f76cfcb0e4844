"""
What a partner's file of a million rows costs: python -m tests.speed.agencies

Importing is set beside what any reader must do: `pandas.read_csv` of the same file, and
that with its dates understood and its coordinates checked (`pandas.to_datetime` by the
right format, numbers within the grid). Importing also hashes callers, understands words,
counts faults by reason, divides by month, compresses and makes the files durable.
"""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.library import Library, import_agency
from hotspots.sources.agency_mapping import Mapping
from tests.speed.measure import measure, megabytes, seconds, table

ROWS = 1_000_000
COLUMNS = {
    "begins": "Date", "east": "Easting", "north": "Northing", "kind": "Type",
    "qualifier": "Qualifier", "reported": "Channel", "vulnerable": "Vulnerable",
    "repeat": "Caller", "identifier": "Ref", "street": "Street",
}  # fmt: skip


def written(rows):
    """A made-up file of three years, with one fault in a thousand rows."""
    rng = np.random.default_rng(1)
    when = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 94_000_000, rows), "s")
    frame = pd.DataFrame(
        {
            "Ref": [f"C{n:08d}" for n in range(rows)],
            "Date": when.strftime("%d/%m/%Y %H:%M"),
            "Easting": rng.integers(340_000, 400_000, rows),
            "Northing": rng.integers(340_000, 390_000, rows),
            "Street": rng.choice([f"Street {n}" for n in range(5000)], rows),
            "Type": rng.choice(["Noise", "Litter", "Rowdy", "Vehicle"], rows),
            "Qualifier": rng.choice(["Personal", "Nuisance", "Environmental"], rows),
            "Channel": rng.choice(["101 call", "Web", "Officer"], rows),
            "Vulnerable": rng.choice(["Y", "N"], rows),
            "Caller": rng.integers(0, rows // 3, rows),
            "Notes": "Loud music from the flat above, third time this week.",
        }
    )
    frame.loc[::1000, "Date"] = "soon"
    path = Path(tempfile.mkdtemp()) / "council.csv"
    frame.to_csv(path, index=False)
    return path


def parsed_by_pandas(path):
    return len(pd.read_csv(path))


def parsed_and_checked_by_pandas(path):
    frame = pd.read_csv(path)
    when = pd.to_datetime(frame["Date"], format="%d/%m/%Y %H:%M", errors="coerce")
    there = when.dt.tz_localize("Europe/London", ambiguous="NaT", nonexistent="NaT")
    inside = frame["Easting"].between(0, 660_000) & frame["Northing"].between(0, 1_230_000)
    return int((there.notna() & inside).sum())


def imported(path):
    with tempfile.TemporaryDirectory() as folder:
        mapping = Mapping(source="Council", columns=COLUMNS)
        return import_agency([path], Library(Path(folder)), mapping=mapping).read.rows


def reopened(library):
    return len(library.incidents())


def held(rows):
    library = Library(Path(tempfile.mkdtemp()))
    import_agency([written(rows)], library, mapping=Mapping(source="Council", columns=COLUMNS))
    return library


def main():
    rows = []
    for what, prepare, run in (
        ("pandas.read_csv", written, parsed_by_pandas),
        ("the same, dates and places checked", written, parsed_and_checked_by_pandas),
        ("import of the file", written, imported),
        ("opening it again", held, reopened),
    ):
        found = measure(prepare, run, ROWS, repeat=3)
        rows.append(
            {
                "what": f"{what}, {ROWS:,} rows",
                "time": seconds(found.seconds),
                "peak memory": megabytes(found.peak_mb),
                "before": megabytes(found.before_mb),
            }
        )
    print(table(rows))


if __name__ == "__main__":
    main()
