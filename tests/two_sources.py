"""A police force and a council in one made-up town, with doubles planted between them."""

import numpy as np
import pandas as pd

from tests.builders import incidents

KINDS = np.array(["personal", "nuisance", "environmental"])
_EVENINGS = [day * 24 + hour for day in (4, 5) for hour in range(19, 24)]


def two_sources(police=600, council=400, doubles=60, *, seed=1, spots=600, weeks=26, **rough):
    """
    Incidents of both, and the pairs of rows that are one event.

    `metres` and `hours` say how far apart the two reports of one event are on average;
    `known_to` is "instant" or "date".
    """
    metres, hours = rough.get("metres", 30), rough.get("hours", 2.0)
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 10_000, (spots, 2))
    busy = 1 / np.arange(1, spots + 1) ** 0.5
    hour_weight = np.ones(168)
    hour_weight[_EVENINGS] = 6

    def drawn(size):
        at = xy[rng.choice(spots, size, p=busy / busy.sum())] + rng.normal(0, 20, (size, 2))
        hour = rng.choice(168, size, p=hour_weight / hour_weight.sum()) + rng.random(size)
        return at, rng.integers(0, weeks, size) * 168 + hour, rng.choice(3, size, p=[0.2, 0.6, 0.2])

    here, then, what = drawn(police)
    there, when, kind = drawn(council - doubles)
    pick = rng.choice(police, doubles, replace=False)
    there = np.vstack([there, here[pick] + rng.normal(0, metres, (doubles, 2))])
    when = np.concatenate([when, then[pick] + rng.exponential(hours, doubles)])
    other = rng.choice(3, doubles)
    kind = np.concatenate([kind, np.where(rng.random(doubles) < 0.85, what[pick], other)])

    begins = pd.Timestamp("2025-01-06") + pd.to_timedelta(np.concatenate([then, when]), unit="h")
    begins = pd.Series(begins).dt.round("min").dt.tz_localize("UTC").dt.tz_convert("Europe/London")
    ends, precision = begins, "instant"
    if rough.get("known_to") == "date":
        begins = begins.dt.normalize()
        ends, precision = begins + pd.DateOffset(days=1), "date"
    places = np.vstack([here, there]).round(2)
    months = begins.dt.strftime("%Y-%m")
    table = incidents(
        [(e, n, month) for (e, n), month in zip(places, months, strict=True)],
        source=["police.uk"] * police + ["council"] * council,
        occurred_from=begins,
        occurred_to=ends,
        time_precision=precision,
        place_precision="address",
        qualifier=KINDS[np.concatenate([what, kind])],
    )
    council_rows = police + council - doubles + np.arange(doubles)
    return table, set(zip(council_rows.tolist(), pick.tolist(), strict=True))
