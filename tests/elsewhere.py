"""A made-up city beyond Great Britain whose reports are known to the minute."""

import numpy as np
import pandas as pd

from hotspots.library import Library, import_agency
from hotspots.sources.agency_mapping import Mapping

# Degrees; and the metric grid that its places are kept on.
MIDDLE = (-73.95, 40.75)
GRID = "EPSG:32618"
MAPPING = Mapping(
    source="Elsewhere City",
    columns={"begins": "begins", "ends": "ends", "east": "longitude", "north": "latitude"},
    crs="EPSG:4326",
    grid=GRID,
    day_first=False,
    licence="Terms of the City",
)


def city(folder, *, reports=3_000, seed=5):
    """The library of a data folder that holds two years of the city, most reports in evenings."""
    draw = np.random.default_rng(seed)
    places = draw.normal(MIDDLE, 0.02, (60, 2))
    at = places[np.minimum(draw.geometric(0.08, reports) - 1, 59)]
    day = draw.integers(0, 730, reports)
    hour = np.where(
        draw.random(reports) < 0.5, draw.normal(20, 1.5, reports), 24 * draw.random(reports)
    )
    begins = pd.Timestamp("2016-01-01") + pd.to_timedelta(day * 24 + hour.clip(0, 23.9), unit="h")
    table = pd.DataFrame(
        {
            "begins": begins.strftime("%Y-%m-%d %H:%M"),
            "ends": (begins + pd.Timedelta(minutes=30)).strftime("%Y-%m-%d %H:%M"),
            "longitude": at[:, 0].round(5),
            "latitude": at[:, 1].round(5),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "city.csv", index=False)
    library = Library(folder)
    import_agency([folder / "city.csv"], library, mapping=MAPPING)
    return library
