"""
Wards and local authorities, asked of a service of the Office for National Statistics.

Which service that is, `ons_services` finds.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from hotspots.errors import SourceError
from hotspots.sources import arcgis
from hotspots.sources.ons_services import WardService
from hotspots.sources.web import Body, Web, WebError

# Services asked for one thing give at most so many features at once.
PAGE: Final = 2_000

_CODE: Final = re.compile(r"[A-Z]\d{8}")
_MAX_PAGES: Final = 200


def authorities(web: Web, service: WardService) -> dict[str, str]:
    """Every local authority of a service: code → name."""
    columns = f"{service.authority},{service.authority_name}"
    asked = {
        "where": "1=1",
        "outFields": columns,
        "returnDistinctValues": "true",
        "returnGeometry": "false",
        "orderByFields": service.authority,
        "f": "json",
    }
    found: dict[str, str] = {}
    came = 0
    for _ in range(_MAX_PAGES):
        body = arcgis.ask(web, service.url, asked | {"resultOffset": str(came)})
        rows = len(arcgis.attributes(body))
        came += rows
        found |= _named(body, service)
        if not rows or not body.value.get("exceededTransferLimit"):
            break
    return found


def authorities_at(
    web: Web, service: WardService, points: Sequence[tuple[float, float]]
) -> dict[str, str]:
    """Local authorities that some points (longitude, latitude) lie in: code → name."""
    places = {"points": [list(point) for point in points], "spatialReference": {"wkid": 4326}}
    asked = {
        "where": "1=1",
        "geometry": json.dumps(places),
        "geometryType": "esriGeometryMultipoint",
        "spatialRel": "esriSpatialRelIntersects",
        "inSR": "4326",
        "outFields": f"{service.authority},{service.authority_name}",
        "returnDistinctValues": "true",
        "returnGeometry": "false",
        "f": "json",
    }
    return _named(arcgis.ask(web, service.url, asked), service)


def chosen_authorities(asked: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """
    Local authorities by the names or codes that a person gave: code → name.

    Raises
    ------
    SourceError
        When there is none of that name; the closest are named.

    Examples
    --------
    >>> chosen_authorities(["halton"], {"E06000006": "Halton", "E06000007": "Warrington"})
    {'E06000006': 'Halton'}
    """
    by_name: dict[str, list[str]] = {}
    for code, name in known.items():
        by_name.setdefault(name.casefold(), []).append(code)
    chosen: dict[str, str] = {}
    for words in asked:
        word = " ".join(words.split())
        codes = [word.upper()] if word.upper() in known else by_name.get(word.casefold(), [])
        if not codes:
            close = get_close_matches(word.casefold(), by_name, n=3)
            shown = " or ".join(known[by_name[name][0]] for name in close)
            meant = f"did you mean {shown}?" if shown else "write its name as ONS does."
            raise SourceError(f"No local authority is called “{word[:60]}”; {meant}")
        chosen |= {code: known[code] for code in codes}
    return chosen


def count(web: Web, service: WardService, codes: Sequence[str]) -> int:
    """How many wards some local authorities have."""
    asked = {"where": _where(service, codes), "returnCountOnly": "true", "f": "json"}
    number = arcgis.ask(web, service.url, asked).value.get("count")
    if not isinstance(number, int) or isinstance(number, bool):
        raise WebError(f"{service.name} did not say how many wards there are; try again later.")
    return number


def pages(web: Web, service: WardService, codes: Sequence[str]) -> Iterator[bytes]:
    """
    Wards of some local authorities as GeoJSON, page by page, as they came.

    Raises
    ------
    WebError
        In one sentence; also when fewer or more wards came than there are.
    """
    due, came = count(web, service, codes), 0
    if due < 1:
        raise WebError(f"{service.name} has no ward of the local authorities asked for.")
    asked = {
        "where": _where(service, codes),
        "outFields": "*",
        "returnGeometry": "true",
        "outSR": "4326",
        "orderByFields": service.code,
        "resultRecordCount": str(PAGE),
        "f": "geojson",
    }
    while came < due:
        body = arcgis.ask(web, service.url, asked | {"resultOffset": str(came)})
        features = body.value.get("features")
        if not isinstance(features, list) or not features or came + len(features) > due:
            got = came + (len(features) if isinstance(features, list) else 0)
            raise WebError(f"{service.name} gave {got:,} wards of {due:,}; try again later.")
        came += len(features)
        yield body.data


def _where(service: WardService, codes: Sequence[str]) -> str:
    sound = [code for code in codes if _CODE.fullmatch(code)]
    quoted = "','".join(sound)
    return f"{service.authority} IN ('{quoted}')"


def _named(body: Body, service: WardService) -> dict[str, str]:
    return {
        str(row[service.authority]): str(row[service.authority_name])
        for row in arcgis.attributes(body)
        if _CODE.fullmatch(str(row.get(service.authority))) and row.get(service.authority_name)
    }
