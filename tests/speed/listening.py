"""
How long a resident waits: 60 phones answer at one meeting, on the real server.

    python -m tests.speed.listening
"""

import random
import re
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np

from hotspots.action import listening
from hotspots.action.assembly_result import heard
from hotspots.action.records import open_records
from hotspots.library import Library
from hotspots.publish.marking import hexagons_of
from hotspots.publish.words import Words
from hotspots.settings import SAMPLE
from hotspots.sources import basemaps
from hotspots.study import open_dataset
from hotspots.tables.wards import Wards
from hotspots.views.listen_form import picture
from tests.browser.conftest import PROJECT, serve

PHONES = 60
WITHIN_S = 20


def resident(address, number, hexagons, waits):
    """One phone: the form read, a pause, three marks and a sentence sent."""
    rng = random.Random(number)
    time.sleep(rng.uniform(0, WITHIN_S / 2))
    page = timed(address, None, waits)
    time.sleep(rng.uniform(0, WITHIN_S / 2))
    sent = [
        ("pass", re.search(r'name="pass" value="([^"]+)"', page)[1]),
        *(("mark", mark) for mark in rng.sample(hexagons, 3)),
        ("priority", "lights"),
        ("words", f"answer {number}"),
    ]
    assert "Thank you" in timed(address, urllib.parse.urlencode(sent).encode(), waits)


def timed(address, body, waits):
    began = time.perf_counter()
    with urllib.request.urlopen(address, data=body, timeout=30) as answer:
        page = answer.read().decode()
    waits.append(time.perf_counter() - began)
    return page


def main():
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        wards = open_dataset(Library(data)).wards
        about = Wards(wards.loc[wards["name"].str.startswith("Crewe")])
        hexagons = hexagons_of(about, Words())
        records = open_records(data)
        meeting = listening.open_meeting(
            records,
            name="Crewe",
            area=" ".join(about.index),
            hexagons=hexagons,
            picture=picture(about, basemaps.illustrative(SAMPLE), hexagons),
            by="speed",
        )
        with serve(PROJECT / "dashboard.py", data, data / "log") as server:
            address, waits = f"{server}/say/{meeting}", []
            timed(address, None, [])
            phones = [
                threading.Thread(target=resident, args=(address, n, list(hexagons), waits))
                for n in range(PHONES)
            ]
            for phone in phones:
                phone.start()
            for phone in phones:
                phone.join()
        kept = listening.answers(records, meeting, listening.WAITING)
        middle, most, worst = np.quantile(waits, [0.5, 0.95, 1])
        print(
            f"{PHONES} phones in {WITHIN_S} s, {len(hexagons)} hexagons: {len(kept)} answers kept, "
            f"{heard(records, meeting).people} shown; {len(waits)} pages in "
            f"{1000 * middle:.0f} ms at the median, {1000 * most:.0f} ms at the 95th percentile, "
            f"{1000 * worst:.0f} ms at most"
        )


if __name__ == "__main__":
    main()
