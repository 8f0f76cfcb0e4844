"""
What the records of visits cost, beside the plainest way to do the same; prints a table.

    python -m tests.speed.visits

Logging is held against bare rows of SQLite without a check, an audit trail or a hash; what
was delivered beside what was planned against a loop over the visits.
"""

import sqlite3
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry
from hotspots.analysis import dose
from tests.speed.measure import measure, seconds, table

AREAS = 60
LOGGED = (100, 2_000)
DELIVERED = (5_000, 50_000)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)


def entries(many):
    rng = np.random.default_rng(1)
    starts = FIRST + np.array([timedelta(minutes=int(m)) for m in rng.integers(0, 400_000, many)])
    return [
        Entry(
            area=f"SJ{area:08d}",
            area_name="Mill Lane",
            study_area="all",
            started=start,
            ended=start + timedelta(minutes=15),
            officers=2,
        )
        for start, area in zip(starts, rng.integers(0, AREAS, many), strict=True)
    ]


def logged(told):
    with tempfile.TemporaryDirectory() as folder:
        records = open_records(Path(folder))
        added = visits.log(records, told, by="PC Green")
        records.engine.dispose()
    return added


def bare(told):
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.sqlite")
        rows = [[str(value) for value in asdict(entry).values()] for entry in told]
        names = ", ".join(f"c{number}" for number in range(len(rows[0])))
        connection.execute(f"CREATE TABLE visits ({names})")
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO visits VALUES ({marks})", rows)
        connection.commit()
        connection.close()
    return len(rows)


def both(many):
    frame = pd.DataFrame([asdict(entry) for entry in entries(many)])
    planned = pd.DataFrame({"area": frame["area"], "start": frame["started"], "minutes": 15.0})
    return frame, planned


def beside(tables):
    made, planned = tables
    return len(dose.against_plan(dose.dated(made), planned, ["area", "week"]))


def one_by_one(tables):
    made, planned = tables
    found = {}
    for name, rows, start in (("made", made, "started"), ("planned", planned, "start")):
        for row in rows.to_dict("records"):
            local = row[start].tz_convert("Europe/London")
            # The night belongs to the day before.
            day = (local - pd.Timedelta(days=int(local.hour < 7))).date()
            week = day - timedelta(days=day.weekday())
            tally = found.setdefault((row["area"], week), {"made": 0.0, "planned": 0.0})
            long = row["ended"] - row["started"] if name == "made" else timedelta(minutes=15)
            tally[name] += long.total_seconds() / 60
    return len(found)


def main():
    rows = []
    for what, sizes, prepare, ours, plain in (
        ("log visits", LOGGED, entries, logged, bare),
        ("delivered beside planned, by area and week", DELIVERED, both, beside, one_by_one),
    ):
        for many in sizes:
            one, other = (measure(prepare, run, many) for run in (ours, plain))
            assert one.said == other.said, "both come to the same"
            rows.append(
                {
                    "what": f"{what}: {many:,}",
                    "time": seconds(one.seconds),
                    "plainly": seconds(other.seconds),
                    "times faster": f"{other.seconds / one.seconds:.3g}",
                }
            )
    print(table(rows))


if __name__ == "__main__":
    main()
