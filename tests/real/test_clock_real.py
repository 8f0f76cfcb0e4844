"""The clock on real windows: New York's, and Chicago's minutes blurred as New York's are."""

import gzip

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.clock import LONGEST_H, clock
from hotspots.views import clock_words
from tests.real import load

pytestmark = load.real


def times(texts, zone):
    local = pd.to_datetime(texts)
    return local.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward")


@pytest.fixture(scope="module")
def new_york():
    with gzip.open(load.folder() / "timed" / "nycvehiclethefts.csv.gz") as file:
        rows = pd.read_csv(file)
    both = rows.loc[rows["date_start"].notna() & rows["date_end"].notna()]
    start, end = (times(both[name], "America/New_York") for name in ("date_start", "date_end"))
    return start, end.where(end >= start, start), len(rows)


@pytest.fixture(scope="module")
def chicago():
    with gzip.open(load.folder() / "timed" / "chicago_aggravated_assaults.csv.gz") as file:
        return times(pd.read_csv(file, usecols=["date"])["date"], "America/Chicago")


def test_the_clock_holds_every_incident_used(new_york, chicago):
    start, end, rows = new_york
    found = clock(start, end, untimed=rows - len(start))
    print("\nNew York:", found.used, "used,", found.too_long, "too long,", found.untimed, "no end")
    assert found.table.to_numpy().sum() == pytest.approx(found.used)
    assert found.used + found.too_long + found.untimed == rows
    assert found.untimed == 2_852
    minutes = clock(chicago, chicago)
    assert minutes.table.to_numpy().sum() == minutes.used == len(chicago) == 148_636
    assert minutes.certain.equals(minutes.table)


def blurred(known, begins, ends):
    """
    Known times, each in a real window that covers that time of the week.

    People leave a car in the evening and find it gone in the morning: windows are not laid
    round the moment at random, so theirs are used as they lie in the week.
    """
    week, rng = 7 * 24 * 3_600, np.random.default_rng(1)
    length = (ends - begins).dt.total_seconds().to_numpy()
    usable = (length > 0) & (length <= LONGEST_H * 3_600)
    of_week, length = week_seconds(begins)[usable], length[usable]
    drawn = rng.integers(0, len(length), (len(known), 300))
    since = (week_seconds(known)[:, None] - of_week[drawn]) % week
    covers = since <= length[drawn]
    first = covers.argmax(axis=1)
    rows = np.flatnonzero(covers.any(axis=1))
    before, window = since[rows, first[rows]], length[drawn[rows, first[rows]]]
    kept = known.iloc[rows]
    start = kept - pd.to_timedelta(before, unit="s")
    return start, start + pd.to_timedelta(window, unit="s")


def week_seconds(times):
    local = times.dt.tz_localize(None)
    return ((local - pd.Timestamp("2001-01-01")).dt.total_seconds() % (7 * 24 * 3_600)).to_numpy()


def test_weights_find_the_hours_that_start_middle_and_end_miss(new_york, chicago):
    """Ashby and Bowers (2013): known times are blurred to windows, and looked for again."""
    known = chicago.sample(20_000, random_state=1)
    start, end = blurred(known, *new_york[:2])
    known = known.loc[start.index]
    assert len(known) > 19_000
    truth = clock(known, known).table
    guesses = {
        "start": clock(start, start).table,
        "middle": clock(start + (end - start) / 2, start + (end - start) / 2).table,
        "end": clock(end, end).table,
        "weights": clock(start, end).table,
    }
    off = {
        name: {
            "by hour": np.abs(table.sum() - truth.sum()).sum() / 2 / len(known),
            "by day and hour": np.abs(table - truth).to_numpy().sum() / 2 / len(known),
        }
        for name, table in guesses.items()
    }
    table = pd.DataFrame(off).T
    print("\nshare of incidents put into a wrong hour, net:\n", table.round(3), len(known))
    shown = clock_words.methods()
    assert shown.to_numpy().tolist() == (100 * table).map("{:.1f}%".format).to_numpy().tolist()
    assert f"{len(known):,} assaults" in clock_words.METHODS
    for name in ("start", "middle", "end"):
        for what in ("by hour", "by day and hour"):
            assert off["weights"][what] < off[name][what], (name, what)
