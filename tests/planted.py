"""The sample with one agency's reports among them, a word of its own in every field of theirs."""

from dataclasses import replace
from functools import cache

import geopandas as gpd
import pandas as pd

from hotspots.analysis.areas import assign
from hotspots.settings import BRITISH_NATIONAL_GRID
from hotspots.study import open_dataset
from hotspots.tables import incidents as table
from tests import builders

# Nothing else in the project holds it, in letters of either case.
CANARY = "qzxcanary"
AGENCY = f"Weaver {CANARY} homes"
FIELDS = ("source", "force", "street", "lsoa", "kind", "repeat_key")
MARKS = {name: f"{CANARY}-{name}" for name in FIELDS} | {"source": AGENCY}


def reports(east, north, month="2025-06", **columns):
    """Forty of the agency's reports at three places."""
    rows = [(east + 20 * (i % 3), north, month) for i in range(40)]
    return builders.incidents(
        rows,
        **MARKS
        | {
            "occurred_from": [pd.Timestamp(f"{month}-05 21:17")] * 40,
            "qualifier": "personal",
            "reported": "public",
            "vulnerable": True,
            "place_precision": "address",
        }
        | columns,
    )


@cache
def dataset():
    """The sample, with the agency's reports on empty ground in the middle of its first ward."""
    return beside(open_dataset())


def beside(loaded):
    """A dataset with the agency's reports added to it, catalogue and all."""
    at = loaded.wards.geometry.iloc[0].representative_point()
    own = reports(round(at.x), round(at.y), str(loaded.choices.period.last))
    rows = pd.concat(
        [
            pd.DataFrame(part).astype(dict.fromkeys(table.CATEGORIES, "object"))
            for part in (loaded.held, own)
        ],
        ignore_index=True,
    )
    incidents = table.completed(
        gpd.GeoDataFrame(rows, geometry="geometry", crs=BRITISH_NATIONAL_GRID)
    )
    for name in table.CATEGORIES:
        incidents[name] = incidents[name].astype("category")
    incidents = table.validate(incidents)
    held = [
        pd.concat(
            [frame, frame.tail(1).assign(source=AGENCY, force=MARKS["force"])], ignore_index=True
        )
        for frame in (loaded.catalogue, loaded.holdings)
    ]
    return replace(
        loaded,
        identity="plantedplant",
        incidents=incidents,
        held=incidents,
        assignment=assign(incidents, loaded.wards),
        catalogue=held[0],
        holdings=held[1],
    )
