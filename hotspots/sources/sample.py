"""
The illustrative sample: three years of made-up incidents for an illustrative Cheshire.

Nothing here happened. Files have the exact form of data.police.uk, so that the
dashboard reads them as it reads real ones; whoever publishes them is called
"Illustrative Cheshire". Planted, so that there is something to find and tests know
what must be found:

=====================  ===========================================================
`NEW_HOTSPOT`          Crewe, round the station: starts in July 2025 and grows;
                       drug offences there are raised from spring 2025
`FADING_HOTSPOT`       Ellesmere Port, an estate: strong in 2023, gone by late 2025
`SUMMER_HOTSPOT`       Chester, a riverside park: June to August
`ON_OFF_HOTSPOT`       Macclesfield, a skate park: two months on, four months off
`STACKED_PLACE`        Northwich, one parking area that holds very many reports
`BREAK_MONTH`          April 2024: every rate falls to `BREAK_FACTOR` at once, as
                       after a change in what is recorded
=====================  ===========================================================

    python -m hotspots.sources.sample       writes data/sample anew, to the byte
"""

import gzip
import io
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.sources.sample_ground import Ground, crimes, ground_of
from hotspots.sources.sample_map import basemap, features, places_of, wards_of
from hotspots.sources.sample_places import Site, sites, towns, wards
from hotspots.sources.sample_streets import LANE_TOWN, network, snap_points

SAMPLE_FOLDER: Final = Path(__file__).parents[2] / "data" / "sample"
PUBLISHER: Final = "Illustrative Cheshire"
FILE_STEM: Final = "illustrative-cheshire-street"
HEADER: Final = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
ASB_TYPE: Final = "Anti-social behaviour"
MONTHS: Final = tuple(
    f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)
)

NEW_HOTSPOT: Final = Site("Crewe, Station Quarter", "station", 371150, 354780, 170, 0)
NEW_FROM: Final = "2025-07"
NEW_MONTHLY: Final = (9.0, 14.0, 18.0, 22.0, 24.0, 24.0)
DRUGS_FROM: Final = "2025-04"
DRUGS_MONTHLY: Final = 6.0
FADING_HOTSPOT: Final = Site("Ellesmere Port, Wharf estate", "estate", 341300, 376700, 190, 19)
SUMMER_HOTSPOT: Final = Site("Chester, Riverside Park", "park", 341260, 365800, 190, 13)
ON_OFF_HOTSPOT: Final = Site("Macclesfield, Skate Park", "park", 392300, 373000, 160, 14)
STACKED_PLACE: Final = Site("Northwich, Riverside car park", "carpark", 366150, 373950, 70, 13)
PLANTED: Final = (NEW_HOTSPOT, FADING_HOTSPOT, SUMMER_HOTSPOT, ON_OFF_HOTSPOT, STACKED_PLACE)
FADING_FROM: Final = "2023-10"
FADING_MONTHS: Final = 20
ON_EVERY_MONTHS: Final = 6
ON_MONTHS: Final = (2, 3)
BREAK_MONTH: Final = "2024-04"
BREAK_FACTOR: Final = 0.75
ASB_MONTHLY: Final = 690.0
NO_LOCATION_SHARE: Final = 0.004


def generate(folder: Path, *, seed: int = 2025) -> None:
    """
    Write the sample: street files, wards, residents, place names and base map.

    Parameters
    ----------
    folder
        Where to; made if it is not there. Files of the same names are replaced.
    seed
        Same seed, same bytes.
    """
    everywhere = [*sites(), *PLANTED]
    streets = network(seed, everywhere)
    areas = wards(seed)
    ground = ground_of(snap_points(streets, seed), areas, everywhere, seed)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "wards.geojson", features(wards_of(areas)))
    _write(folder / "places.geojson", features(places_of(towns())))
    _write(folder / "basemap.geojson", features(basemap(streets, seed)))
    rows = [f"{ward.code},{ward.name},{ward.residents}" for ward in areas]
    _write(folder / "population.csv", "\n".join(["ward_code,ward_name,residents", *rows, ""]))
    rng = np.random.default_rng([seed, 20])
    rates = _asb_rates(ground, everywhere, rng)
    weights = _crime_weights(ground, everywhere, rng)
    for number, month in enumerate(MONTHS):
        luck = np.random.default_rng([seed, 21, number])
        counts = {ASB_TYPE: luck.poisson(rates[number] * luck.gamma(400, 1 / 400))}
        for crime, by_point in weights.items():
            counts[crime] = luck.poisson(by_point * _crime_level(crime, number))
        raised = ground.share * (ground.site == everywhere.index(NEW_HOTSPOT))
        drugs = DRUGS_MONTHLY if month >= DRUGS_FROM else 0.0
        counts["Drugs"] = counts["Drugs"] + luck.poisson(raised * drugs)
        text = "\n".join([HEADER, *_rows(month, counts, ground, luck), ""])
        path = folder / "police_uk" / month / f"{month}-{FILE_STEM}.csv.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_zipped(text))


def _asb_rates(
    ground: Ground, everywhere: list[Site], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Expected reports at each point in each month, shape (months, points)."""
    points = ground.points
    middles = np.array([town.centre for town in towns()])
    lively = np.array([*(town.liveliness for town in towns()), 0.6])
    size = np.array([*(town.radius_m for town in towns()), 1000.0])
    reach = np.hypot(*(points.coordinates - np.vstack([middles, [[0, 0]]])[points.town]).T)
    inner = 1 + 1.6 * np.exp(-((reach / (0.28 * size[points.town])) ** 2))
    inner[points.town == LANE_TOWN] = 1
    base = np.array([crimes()["liveliness"][kind] for kind in points.kind])
    luck = np.exp(rng.normal(0, 1.1, len(base)))
    weight = base * inner * lively[points.town] * luck
    weight[ground.site >= 0] *= 0.3
    steady = sum(site.rate for site in sites()) + STACKED_PLACE.rate
    weight *= (ASB_MONTHLY - steady) / weight.sum()
    season, parks = crimes()["season"], crimes()["season_of_parks"]
    rates = np.empty((len(MONTHS), len(weight)))
    for number, month in enumerate(MONTHS):
        level = BREAK_FACTOR if month >= BREAK_MONTH else 1.0
        rates[number] = weight * season[number % 12] * level
        for place, site in enumerate(everywhere):
            members = ground.site == place
            yearly = 0.5 * (season[number % 12] + parks[number % 12])
            usual = yearly if site.kind == "park" else season[number % 12]
            rate = _site_rate(site, number, usual, parks[number % 12]) * level
            rates[number, members] += rate * ground.share[members]
    return rates


def _site_rate(site: Site, number: int, usual: float, park: float) -> float:
    """Reports expected at a site in a month, before the level break."""
    if site == NEW_HOTSPOT:
        since = number - MONTHS.index(NEW_FROM)
        return NEW_MONTHLY[since] / BREAK_FACTOR if since >= 0 else 0.0
    if site == FADING_HOTSPOT:
        left = max(0.0, 1 - max(0, number - MONTHS.index(FADING_FROM)) / FADING_MONTHS)
        return site.rate * left * usual
    if site == SUMMER_HOTSPOT:
        return site.rate * park
    if site == ON_OFF_HOTSPOT:
        return site.rate if number % ON_EVERY_MONTHS in ON_MONTHS else 0.4
    return site.rate * usual


def _crime_weights(
    ground: Ground, everywhere: list[Site], rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Expected crimes of each other kind at each point in an average month."""
    kinds = [f"{site.kind}_site" if site.kind == "estate" else site.kind for site in everywhere]
    lively = np.array([*(town.liveliness for town in towns()), 0.5])[ground.points.town]
    found = {}
    for crime, row in crimes()["crimes"].items():
        usual = [row["weights"].get(kind, 1.0) for kind in ground.points.kind]
        weight = np.array(usual) * lively * np.exp(rng.normal(0, 0.8, len(lively)))
        for place, kind in enumerate(kinds):
            members = ground.site == place
            busy = 0.5 + 0.5 * ground.share[members] * members.sum()
            weight[members] = row["weights"].get(kind, 1.0) * busy * lively[members]
        found[crime] = weight * (row["monthly"] / weight.sum())
    return found


def _crime_level(crime: str, number: int) -> float:
    """A mild year, and a slow drift in two kinds of theft."""
    drift = {"Shoplifting": 0.006, "Burglary": -0.005}.get(crime, 0.0)
    return (1 + 0.06 * float(crimes()["season"][number % 12] - 1)) * (1 + drift * (number - 18))


def _rows(
    month: str,
    counts: dict[str, NDArray[np.int64]],
    ground: Ground,
    rng: np.random.Generator,
) -> list[str]:
    """Lines of one street file, by small area and kind as the publisher sorts them."""
    lines = []
    for crime, by_point in counts.items():
        outcomes = {} if crime == ASB_TYPE else crimes()["crimes"][crime]["outcomes"]
        chances = np.array(list(outcomes.values()), dtype=np.float64)
        for point in np.repeat(np.arange(len(by_point)), by_point):
            number, outcome = "", ""
            if outcomes:
                number = rng.bytes(32).hex()
                outcome = str(rng.choice(list(outcomes), p=chances / chances.sum()))
            place = f"{ground.degrees[point, 0]:.6f},{ground.degrees[point, 1]:.6f}"
            street = f"On or near {ground.labels[point]}"
            code, name = ground.area_codes[point], ground.area_names[point]
            if rng.random() < NO_LOCATION_SHARE:
                place, street, code, name = ",", "No Location", "", ""
            rest = f"{PUBLISHER},{PUBLISHER},{place},{street},{code},{name},{crime},{outcome},"
            lines.append((code or "~", crime, place, number, f"{number},{month},{rest}"))
    return [line[-1] for line in sorted(lines)]


def _zipped(text: str) -> bytes:
    """Text, compressed without a name or a time, so that it comes out the same again."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return buffer.getvalue()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    generate(SAMPLE_FOLDER)
