"""
Ward boundaries from the ArcGIS services of the Office for National Statistics.

The services are named by month, year and detail: `WD_MAY_2026_UK_BGC` holds the wards of
May 2026, generalised to 20 m. Their list is asked for the newest; where it is not given,
the services named in `data/sources.toml` are tried, newest first. The list names no
service of residents by ward; those are imported from a file.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from hotspots.errors import SourceError
from hotspots.sources.web import Body, NoWayError, Web, WebError
from hotspots.sources.written_times import month_number

# Services asked for one thing give at most so many features at once.
PAGE: Final = 2_000
# A ward's outline, as GeoJSON, in the details published; bytes, measured on Cheshire's.
WARD_BYTES: Final = {"BGC": 8_000, "BSC": 2_000, "BFC": 150_000}

_SERVICE: Final = re.compile(
    r"(?:WD|Wards)_(?P<month>[A-Z]+)_(?P<year>20\d\d)_(?:Boundaries_)?UK_"
    r"(?P<detail>BGC|BFC|BSC)(?:_V(?P<edition>\d+))?",
    re.IGNORECASE,
)
# Generalised to 20 m is enough to place a report in a ward; to 200 m is not.
_DETAILS: Final = ("BSC", "BFC", "BGC")
_CODE: Final = re.compile(r"[A-Z]\d{8}")
_TRIED: Final = 4
_LONGEST_GET: Final = 2_000
_MAX_PAGES: Final = 200


@dataclass(frozen=True)
class WardService:
    """
    One service of ward boundaries.

    Attributes
    ----------
    name, url
        As the publisher names it, and where it is asked.
    vintage
        Year of the boundaries.
    code, authority, authority_name
        Its columns of ward codes, and of codes and names of local authorities.
    """

    name: str
    url: str
    vintage: int
    code: str
    authority: str
    authority_name: str

    @property
    def ward_bytes(self) -> int:
        """About how large one ward is."""
        match = _SERVICE.fullmatch(self.name)
        return WARD_BYTES[match["detail"].upper()] if match else WARD_BYTES["BGC"]


def newest_wards(web: Web, base: str, known: Sequence[str]) -> WardService:
    """
    The newest ward boundaries that can be asked for.

    Parameters
    ----------
    base
        Address of all services.
    known
        Addresses of services to try where their list is not given, best first.

    Raises
    ------
    WebError
        In one sentence, when none can be used.
    """
    try:
        listed = [f"{base}/{name}/FeatureServer/0" for name in _listed(web, base)]
    except NoWayError:
        raise
    except WebError:
        listed = []
    fault = WebError("No service of ward boundaries is known; import a file of them instead.")
    for url in dict.fromkeys([*listed[:_TRIED], *known]):
        try:
            return _service(web, url)
        except NoWayError:
            raise
        except WebError as error:
            fault = error
    raise fault


def ranked(names: Sequence[str]) -> list[str]:
    """
    Services of ward boundaries among others, best first: fit to place reports, then newest.

    Examples
    --------
    >>> ranked(["WD_DEC_2025_UK_BSC", "WD_MAY_2025_UK_BGC_V2", "WD_MAY_2025_UK_BGC", "LAD_X"])
    ['WD_MAY_2025_UK_BGC_V2', 'WD_MAY_2025_UK_BGC', 'WD_DEC_2025_UK_BSC']
    """

    def rank(match: re.Match[str]) -> tuple[bool, int, int, int, int]:
        detail, month = match["detail"].upper(), match["month"].casefold()
        return (
            detail != "BSC",
            int(match["year"]),
            month_number(month),
            _DETAILS.index(detail),
            int(match["edition"] or 1),
        )

    matches = [match for match in map(_SERVICE.fullmatch, names) if match]
    return [match[0] for match in sorted(matches, key=rank, reverse=True)]


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
        body = _ask(web, service.url, asked | {"resultOffset": str(came)})
        rows = len(_rows(body))
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
    return _named(_ask(web, service.url, asked), service)


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
    number = _ask(web, service.url, asked).value.get("count")
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
        body = _ask(web, service.url, asked | {"resultOffset": str(came)})
        features = body.value.get("features")
        if not isinstance(features, list) or not features or came + len(features) > due:
            got = came + (len(features) if isinstance(features, list) else 0)
            raise WebError(f"{service.name} gave {got:,} wards of {due:,}; try again later.")
        came += len(features)
        yield body.data


def _listed(web: Web, base: str) -> list[str]:
    """Names of services of ward boundaries, best first."""
    body = web.json(base, {"f": "json"})
    _check(body, base)
    found = body.value.get("services")
    rows = found if isinstance(found, list) else []
    names = [str(one.get("name")) for one in rows if isinstance(one, dict)]
    return ranked([name.rsplit("/", 1)[-1] for name in names])


def _service(web: Web, url: str) -> WardService:
    """A service and its columns, known from its first row."""
    name = url.split("/FeatureServer", maxsplit=1)[0].rsplit("/", 1)[-1]
    asked = {
        "where": "1=1",
        "outFields": "*",
        "resultRecordCount": "1",
        "returnGeometry": "false",
        "f": "json",
    }
    columns = [str(column) for row in _rows(_ask(web, url, asked)) for column in row]
    year = max(
        (int(m[1]) for m in (re.fullmatch(r"(?i)WD(\d\d)CD", c) for c in columns) if m), default=0
    )
    found = []
    for wanted in (f"WD{year}CD", r"LAD\d\dCD", r"LAD\d\dNM"):
        fits = [column for column in columns if re.fullmatch(wanted, column, re.IGNORECASE)]
        if not fits:
            raise WebError(f"{name} does not hold wards as expected (no {wanted[:3]} codes).")
        found.append(fits[0])
    return WardService(name, url, 2000 + year, *found)


def _where(service: WardService, codes: Sequence[str]) -> str:
    sound = [code for code in codes if _CODE.fullmatch(code)]
    quoted = "','".join(sound)
    return f"{service.authority} IN ('{quoted}')"


def _ask(web: Web, url: str, asked: dict[str, str]) -> Body:
    body = web.json(f"{url}/query", asked, post=sum(map(len, asked.values())) > _LONGEST_GET)
    _check(body, url)
    return body


def _check(body: Body, url: str) -> None:
    """Refuse an answer that is no object, or that says it is an error."""
    if not isinstance(body.value, dict):
        raise WebError(f"{url} gave an answer that is not as expected; try again later.")
    fault = body.value.get("error")
    if fault is not None:
        told = fault.get("message") if isinstance(fault, dict) else fault
        reason = " ".join(str(told)[:100].split()).rstrip(".") or "it does not say why"
        raise WebError(f"{url} cannot answer: {reason}; try again later.")


def _rows(body: Body) -> list[dict[str, Any]]:
    features = body.value.get("features")
    rows = [
        one.get("attributes")
        for one in (features if isinstance(features, list) else [])
        if isinstance(one, dict)
    ]
    return [row for row in rows if isinstance(row, dict)]


def _named(body: Body, service: WardService) -> dict[str, str]:
    return {
        str(row[service.authority]): str(row[service.authority_name])
        for row in _rows(body)
        if _CODE.fullmatch(str(row.get(service.authority))) and row.get(service.authority_name)
    }
