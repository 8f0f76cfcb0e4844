"""Doubles planted among real places and real minutes: what is found, and what beside it."""

import numpy as np
import pandas as pd
import pytest

from hotspots.analysis.doubles import doubles
from tests.builders import incidents
from tests.real import load

pytestmark = load.real


def chicago(year):
    """Assaults of one year in Chicago, on metres from a corner as if it were a British town."""
    rows = pd.read_csv(load.folder() / "timed" / "chicago_aggravated_assaults.csv.gz")
    rows["at"] = pd.to_datetime(rows["date"])
    rows = rows.loc[(rows["at"].dt.year == year) & rows["longitude"].notna()]
    east = (rows["longitude"] + 88) * 111_320 * np.cos(np.radians(41.8))
    north = (rows["latitude"] - 41) * 111_320
    return pd.DataFrame({"at": rows["at"], "e": east, "n": north}).reset_index(drop=True)


def split(rows, *, planted, seed, metres, hours):
    """Rows shared out to two sources, and some of the first's planted in the second."""
    rng = np.random.default_rng(seed)
    first = rng.random(len(rows)) < 0.6
    police, council = rows.loc[first], rows.loc[~first]
    pick = rng.choice(len(police), planted, replace=False)
    again = police.iloc[pick].assign(
        at=lambda it: it["at"] + pd.to_timedelta(rng.exponential(hours * 60, planted), unit="min"),
        e=lambda it: it["e"] + rng.normal(0, metres, planted),
        n=lambda it: it["n"] + rng.normal(0, metres, planted),
    )
    every = pd.concat([police, council, again], ignore_index=True)
    every["at"] = every["at"].dt.round("min").dt.tz_localize("UTC")
    table = incidents(
        [
            (e, n, month)
            for e, n, month in zip(
                every["e"], every["n"], every["at"].dt.strftime("%Y-%m"), strict=True
            )
        ],
        source=["police.uk"] * len(police) + ["council"] * (len(every) - len(police)),
        occurred_from=every["at"].dt.tz_convert("Europe/London"),
    )
    copies = len(rows) + np.arange(planted)
    return table, set(zip(copies.tolist(), pick.tolist(), strict=True))


@pytest.mark.parametrize(("metres", "hours"), [(20, 1.0), (50, 3.0)])
def test_doubles_planted_among_real_reports_are_found(metres, hours, capsys):
    rows = chicago(2015)
    table, true = split(rows, planted=300, seed=1, metres=metres, hours=hours)
    (one,) = doubles(table)
    listed = set(zip(one.pairs["a"], one.pairs["b"], strict=True))
    recall, precision = len(listed & true) / len(true), len(listed & true) / max(len(listed), 1)
    with capsys.disabled():
        print(
            f"\n{len(table):,} reports, {len(true)} doubles planted {metres} m and {hours} h apart "
            f"on average: {one.close} close pairs ({one.by_chance:.0f} by chance), "
            f"{len(listed)} listed; recall {recall:.2f}, precision {precision:.2f}, "
            f"expected true {one.pairs['probability'].sum():.0f}"
        )
    assert recall >= 0.7
    assert precision >= 0.7


def test_real_reports_shared_out_at_random_hold_hardly_a_double(capsys):
    table, _ = split(chicago(2015), planted=0, seed=2, metres=20, hours=1)
    (one,) = doubles(table)
    with capsys.disabled():
        print(f"\nnone planted: {one.close} close ({one.by_chance:.0f} by chance), {one.twice}")
    # Reports of one fight stand there several times: those are true doubles, and few.
    assert one.twice <= 0.02 * len(table)
