"""
The service of the Office for National Statistics with the newest ward boundaries.

The services are named by month, year and detail: `WD_MAY_2026_UK_BGC` holds the wards of
May 2026, generalised to 20 m. Their list is asked for the newest; where it is not given,
the services named in `data/sources.toml` are tried, newest first.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hotspots.sources import arcgis
from hotspots.sources.web import NoWayError, Web, WebError
from hotspots.sources.written_times import month_number

# A ward's outline, as GeoJSON, in the details published; bytes, measured on Cheshire's.
WARD_BYTES: Final = {"BGC": 8_000, "BSC": 2_000, "BFC": 150_000}

_SERVICE: Final = re.compile(
    r"(?:WD|Wards)_(?P<month>[A-Z]+)_(?P<year>20\d\d)_(?:Boundaries_)?UK_"
    r"(?P<detail>BGC|BFC|BSC)(?:_V(?P<edition>\d+))?",
    re.IGNORECASE,
)
# Generalised to 20 m is enough to place a report in a ward; to 200 m is not.
_DETAILS: Final = ("BSC", "BFC", "BGC")
_TRIED: Final = 4


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
    listed = [f"{base}/{name}/FeatureServer/0" for name in ranked(names(web, base))]
    fault = WebError("No service of ward boundaries is known; import a file of them instead.")
    for url in dict.fromkeys([*listed[:_TRIED], *known]):
        try:
            return _service(web, url)
        except NoWayError:
            raise
        except WebError as error:
            fault = error
    raise fault


def ranked(given: Sequence[str]) -> list[str]:
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

    matches = [match for match in map(_SERVICE.fullmatch, given) if match]
    return [match[0] for match in sorted(matches, key=rank, reverse=True)]


def names(web: Web, base: str) -> list[str]:
    """
    Names of every service there is; none where their list is not given.

    Raises
    ------
    NoWayError
        When there is no network, or something stands in the way.
    """
    try:
        body = web.json(base, {"f": "json"})
        arcgis.check(body, base)
    except NoWayError:
        raise
    except WebError:
        return []
    found = body.value.get("services")
    rows = found if isinstance(found, list) else []
    return [str(one.get("name")).rsplit("/", 1)[-1] for one in rows if isinstance(one, dict)]


def _service(web: Web, url: str) -> WardService:
    """A service and its columns, known from its first row."""
    name = url.split("/FeatureServer", maxsplit=1)[0].rsplit("/", 1)[-1]
    columns = arcgis.columns(web, url)
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
