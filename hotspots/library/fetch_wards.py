"""Ward boundaries that a plan of a fetch names, and their residents, brought down to the disk."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd

from hotspots.errors import SourceError
from hotspots.library.fetch_plan import WardPlan
from hotspots.sources import ons_residents, ons_web
from hotspots.sources.files import write_whole
from hotspots.sources.ons_residents import ResidentsSource
from hotspots.sources.web import Web

# An authority with fewer of the force's reports than this has them from over the border.
_SHARE: Final = 0.01
_LSOA_NUMBER: Final = r"\s+\d{3}[A-Z]+$"


def authorities(web: Web, wards: WardPlan, files: Sequence[Path]) -> dict[str, str]:
    """
    Local authorities whose wards are wanted: those named, or those that the reports lie in.

    Parameters
    ----------
    files
        The street files.

    Raises
    ------
    SourceError
        In one sentence, also where there is none.
    """
    found = wards.authorities or ons_web.authorities_at(web, wards.service, _places(files))
    if not found:
        raise SourceError(
            f"{wards.service.name} names no local authority where the reports lie; name them, or "
            "leave ward boundaries out."
        )
    return found


def pages(web: Web, wards: WardPlan, codes: Mapping[str, str], folder: Path) -> list[Path]:
    """
    Pages of the wards of some local authorities, as they came.

    Raises
    ------
    SourceError
        In one sentence.
    """
    paths = []
    for number, page in enumerate(ons_web.pages(web, wards.service, sorted(codes))):
        path = folder / f"{wards.service.name}-{number + 1}.geojson"
        write_whole(path, page)
        paths.append(path)
    return paths


def residents(web: Web, source: ResidentsSource, codes: Mapping[str, str], folder: Path) -> Path:
    """
    A file of residents and deprivation of the small areas of some local authorities.

    Raises
    ------
    WebError
        In one sentence, when something did not come.
    SourceError
        When the table has none of these small areas.
    """
    table = folder / source.table.name
    if not (table.exists() and table.stat().st_size == source.table.length):
        web.download(source.table, table)
    ward = ons_residents.wards_of(web, source, sorted(codes))
    path = folder / f"residents-of-wards-{source.vintage}.csv"
    write_whole(path, ons_residents.joined(ward, table.read_bytes(), vintage=source.vintage))
    return path


def _places(files: Sequence[Path]) -> list[tuple[float, float]]:
    """The busiest point of each local authority with a fair share of the newest reports."""
    newest = max(files, key=lambda path: path.name)
    columns = ["Longitude", "Latitude", "LSOA name"]
    try:
        rows = pd.read_csv(BytesIO(newest.read_bytes()), usecols=columns)
    except ValueError as error:  # pandas' parser errors are all of this kind
        raise SourceError(
            f"{newest.name} does not say in which local authorities its reports lie; name them, "
            "or leave ward boundaries out."
        ) from error
    for column in columns[:2]:
        rows[column] = pd.to_numeric(rows[column], errors="coerce")
    rows = rows.dropna()
    rows["authority"] = rows["LSOA name"].astype("str").str.replace(_LSOA_NUMBER, "", regex=True)
    shares = rows["authority"].value_counts(normalize=True)
    fair = sorted(str(name) for name in shares.index[shares >= _SHARE])
    busiest = (
        rows.groupby(["authority", "Longitude", "Latitude"])
        .size()
        .rename("rows")
        .reset_index()
        .sort_values(["rows", "Longitude", "Latitude"])
        .groupby("authority")
        .last()
    )
    chosen = busiest.loc[fair, ["Longitude", "Latitude"]].to_numpy(dtype="float64")
    return [(float(longitude), float(latitude)) for longitude, latitude in chosen]
