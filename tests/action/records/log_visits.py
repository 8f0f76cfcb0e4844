"""
Logs visits from many threads, in a process of its own: FOLDER URL NAME THREADS EACH.

Says each identifier on the standard output once its visit is in the records.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotspots.action import visits
from hotspots.action.records import open_records
from hotspots.action.visit_entry import Entry

AT = datetime(2025, 6, 1, 18, tzinfo=UTC)


def entry(number, **facts):
    started = AT + timedelta(minutes=20 * number)
    told = {"area": "SJ40506632", "area_name": "Foregate Street", "study_area": "all"}
    told |= {"started": started, "ended": started + timedelta(minutes=15)}
    return Entry(**told | facts)


def main(folder, url, name, threads, each):
    records = open_records(Path(folder), url or None)

    def one(thread):
        for number in range(int(each)):
            told = visits.new_id()
            visits.log(records, [entry(number, unit=f"{name}-{thread}")], by=name, ids=[told])
            os.write(1, f"{told}\n".encode())

    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(one, range(int(threads))))


if __name__ == "__main__":
    main(*sys.argv[1:])
