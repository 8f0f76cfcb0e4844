"""
A force's reports of one month from the API of data.police.uk, by area.

The API gives what lies in an area, not what a force recorded; the area is the union of the
force's neighbourhoods. Too large an area (10,000 reports, answered with 503) is asked for
in quarters. Each report belongs to exactly one quarter by its point, borders included in
the eastern and northern one, so none is doubled and identical ones stay apart.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from math import inf
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import shapely

from hotspots.sources.police_uk_web import Area, Report, areas_of, degrees, each, inner
from hotspots.sources.street_text import NEEDED, OPTIONAL
from hotspots.sources.web import Web, WebError

# A longer address is refused; the same question goes by POST.
MAX_GET: Final = 4_094

# How the archive writes what the API calls by another word.
KINDS: Final[Mapping[str, str]] = {
    "anti-social-behaviour": "Anti-social behaviour",
    "criminal-damage-arson": "Criminal damage and arson",
    "violent-crime": "Violence and sexual offences",
}

_TOO_MANY: Final = 503
# Outlines are thinned until they have no more corners than this, and widened by as much.
_MAX_CORNERS: Final = 1_000
# About 2 m: what rounding of coordinates may move, and room for a point on the border.
_MARGIN: Final = 2e-5
# A county quartered so often is a few metres across.
_DEEPEST: Final = 14
_NAMED: Final = re.compile(r"(?i)^on or near\s+")


@dataclass(frozen=True)
class Answers:
    """
    What the API said of one force and month.

    Attributes
    ----------
    force, month
        Name of the force, and the month.
    reports
        As they came, each once, those of the railway police left out.
    railway
        How many were left out for it.
    sha256
        Of the bytes of every answer, in the order they came.
    size, requests
        Bytes that came, and answers.
    """

    force: str
    month: pd.Period
    reports: tuple[Report, ...]
    railway: int
    sha256: str
    size: int
    requests: int

    def street_file(self) -> bytes:
        """The same reports as a street file of the archive, in a fixed order."""
        lines = sorted(_line(report, self.month, self.force) for report in self.reports)
        sink = StringIO()
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(lines)
        return sink.getvalue().encode()


def ask_month(
    web: Web,
    api: str,
    month: pd.Period,
    area: Area,
    *,
    force: str,
    name: str,
    tell: Callable[[int], object] = lambda _: None,
) -> Answers:
    """
    Every report of one month in an area, and the force's reports without a place.

    Parameters
    ----------
    force, name
        The force's word in addresses, and its name.
    tell
        Told how many answers have come.

    Raises
    ------
    SourceError
        In one sentence.
    """
    asking = _Asking(web, api, month, tell)
    kept = area.buffer(_MARGIN)
    shapely.prepare(kept)
    placed = list(asking.within(kept, _Tile(-inf, -inf, inf, inf), 0))
    params = {"category": "all-crime", "force": force, "date": str(month)}
    placed += asking.ask(f"{api}/crimes-no-location", params)
    own = [one for one in placed if str(one.get("location_type")) != "BTP"]
    return Answers(
        name,
        month,
        tuple(own),
        len(placed) - len(own),
        asking.hash.hexdigest(),
        asking.size,
        asking.requests,
    )


@dataclass(frozen=True)
class _Tile:
    """A rectangle that owns the points on its western and southern border."""

    west: float
    south: float
    east: float
    north: float

    def owns(self, longitude: float, latitude: float) -> bool:
        return self.west <= longitude < self.east and self.south <= latitude < self.north

    def quarters(self, longitude: float, latitude: float) -> Iterator["_Tile"]:
        for west, east in ((self.west, longitude), (longitude, self.east)):
            for south, north in ((self.south, latitude), (latitude, self.north)):
                yield _Tile(west, south, east, north)

    def cut(self, area: Area) -> Area | None:
        """The part of an area inside, and a margin so that border points are well inside."""
        west, south, east, north = shapely.bounds(area)
        box = shapely.box(
            max(self.west, west) - _MARGIN,
            max(self.south, south) - _MARGIN,
            min(self.east, east) + _MARGIN,
            min(self.north, north) + _MARGIN,
        )
        return areas_of(area.intersection(box))


class _Asking:
    """The requests for one month; one use each."""

    def __init__(self, web: Web, api: str, month: pd.Period, tell: Callable[[int], object]) -> None:
        self.web, self.api, self.month, self.tell = web, api, month, tell
        self.hash = sha256()
        self.size = self.requests = 0

    def within(self, area: Area, tile: _Tile, depth: int) -> Iterator[Report]:
        """Reports that a tile owns, asked for whole or, where they are too many, by quarters."""
        part = tile.cut(area)
        if part is None:
            return
        params = {"poly": _poly(part), "date": str(self.month)}
        try:
            reports = self.ask(f"{self.api}/crimes-street/all-crime", params, patient=False)
        except WebError as error:
            if error.status != _TOO_MANY:
                raise
            # 503 says both "too many reports" and "out of service"; this asks which.
            self.web.json(f"{self.api}/crimes-street-dates")
            if depth == _DEEPEST:
                raise
            west, south, east, north = shapely.bounds(part)
            for quarter in tile.quarters((west + east) / 2, (south + north) / 2):
                yield from self.within(area, quarter, depth + 1)
            return
        for report in reports:
            longitude, latitude = _place(report)
            if tile.owns(longitude, latitude) and shapely.intersects_xy(area, longitude, latitude):
                yield report

    def ask(self, url: str, params: dict[str, str], *, patient: bool = True) -> list[Report]:
        address = f"{url}?{'&'.join(f'{key}={quote(value)}' for key, value in params.items())}"
        body = self.web.json(url, params, post=len(address) > MAX_GET, patient=patient)
        self.hash.update(body.data)
        self.size += len(body.data)
        self.requests += 1
        self.tell(self.requests)
        reports = each(body.value, "reports")
        if any(str(report.get("month")) != str(self.month) for report in reports):
            raise WebError(f"{url} was asked for {self.month} and gave another month; try later.")
        return reports


_COLUMNS: Final = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "Crime type",
    "Last outcome category",
    "Context",
)
assert {*NEEDED, *OPTIONAL} == {*_COLUMNS}


def _line(report: Report, month: pd.Period, force: str) -> tuple[str, ...]:
    location, outcome = inner(report, "location"), inner(report, "outcome_status")
    street = _words(inner(location, "street").get("name"))
    bare = _NAMED.sub("", street)
    return (
        _words(report.get("persistent_id")),
        str(month),
        force,
        force,
        _words(location.get("longitude")),
        _words(location.get("latitude")),
        # The archive begins every word, and what follows an apostrophe, with a capital.
        f"On or near {bare.title()}" if bare else "No Location",
        "",
        kind_in_words(_words(report.get("category"))),
        _words(outcome.get("category")),
        _words(report.get("context")),
    )


def kind_in_words(word: str) -> str:
    """
    Kind of crime as the archive writes it.

    Examples
    --------
    >>> kind_in_words("violent-crime"), kind_in_words("bicycle-theft")
    ('Violence and sexual offences', 'Bicycle theft')
    """
    return KINDS.get(word) or word.replace("-", " ").capitalize()


def _words(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _place(report: Report) -> tuple[float, float]:
    return degrees(inner(report, "location"))


def _poly(area: Area) -> str:
    """
    Corners of one ring round an area, "lat,lng:lat,lng"; thinned and widened where long.

    Examples
    --------
    >>> _poly(shapely.box(0, 0, 1, 1))
    '0.000000,1.000000:1.000000,1.000000:1.000000,0.000000:0.000000,0.000000'
    """
    ring = _ring(area)
    tolerance = _MARGIN
    while shapely.get_num_coordinates(ring) > _MAX_CORNERS:
        tolerance *= 2
        ring = _ring(area.simplify(tolerance).buffer(tolerance, join_style="mitre"))
    corners = shapely.get_coordinates(ring)[:-1]
    return ":".join(f"{latitude:.6f},{longitude:.6f}" for longitude, latitude in corners)


def _ring(area: Any) -> Any:
    """Outline without holes; of several parts, the hull round them all."""
    return shapely.Polygon(area.exterior) if area.geom_type == "Polygon" else area.convex_hull
