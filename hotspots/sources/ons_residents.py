"""
Residents and deprivation by ward, from a table of small areas and ONS's list of their wards.

No service gives residents by ward. The Indices of Deprivation come with one table of every
small area (LSOA) of England, residents in mid-2022 among its columns; which ward each lies
in, by best fit, is a service of the Office for National Statistics.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources import arcgis, ons_services
from hotspots.sources.web import NoWayError, Remote, Web, WebError

# Small areas asked for at once, and an answer's bytes for each.
PAGE: Final = 2_000
AREA_BYTES: Final = 250

_LIST: Final = re.compile(
    r"LSOA\d\d_WD(?P<year>\d\d)_LAD(?P=year)_EW_LU(?:_V(?P<edition>\d+))?", re.IGNORECASE
)
_CODE: Final = re.compile(r"[A-Z]\d{8}")
_MAX_PAGES: Final = 100
_AREA: Final = re.compile(r"LSOA code", re.IGNORECASE)
_PEOPLE: Final = re.compile(r"total population", re.IGNORECASE)
_DECILE: Final = re.compile(r"multiple deprivation.*decile", re.IGNORECASE)


@dataclass(frozen=True)
class ResidentsSource:
    """
    Where residents by ward can be asked for.

    Attributes
    ----------
    name, url
        The service of small areas and their wards.
    vintage
        Year of its wards.
    area, ward, authority
        Its columns of codes.
    table
        The table of every small area.
    """

    name: str
    url: str
    vintage: int
    area: str
    ward: str
    authority: str
    table: Remote


def find(web: Web, base: str, known: Sequence[str], table: str, *, vintage: int) -> ResidentsSource:
    """
    The newest list of small areas whose wards are no newer than those wanted.

    Parameters
    ----------
    base, known
        Address of all services, and addresses of lists to try where they are not listed.
    table
        Address of the table of every small area.
    vintage
        Year of the ward boundaries.

    Raises
    ------
    WebError
        In one sentence, when there is no such list, or no table.
    """
    fault = WebError(f"No list of the small areas in wards of {vintage} is known")
    listed = [f"{base}/{name}/FeatureServer/0" for name in ons_services.names(web, base)]
    for url in ranked([*listed, *known], vintage):
        try:
            columns = arcgis.columns(web, url)
            area, ward, authority = (
                next((one for one in columns if re.fullmatch(wanted, one, re.IGNORECASE)), "")
                for wanted in (r"LSOA\d\dCD", r"WD\d\dCD", r"LAD\d\dCD")
            )
            if area and ward and authority:
                remote, year = web.find(table), _year(url)
                return ResidentsSource(_name(url), url, year, area, ward, authority, remote)
        except NoWayError:
            raise
        except WebError as error:
            fault = error
    raise fault


def ranked(urls: Sequence[str], vintage: int) -> list[str]:
    """
    Addresses of lists of small areas among others: of wards no newer, the newest first.

    Examples
    --------
    >>> ranked(["x/LSOA21_WD24_LAD24_EW_LU/FeatureServer/0", "x/WD_MAY_2025_UK_BGC/",
    ...         "x/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0"], 2025)[0]
    'x/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0'
    """
    matches = {url: _LIST.fullmatch(_name(url)) for url in dict.fromkeys(urls)}
    fit = {url: match for url, match in matches.items() if match and _year(url) <= vintage}
    return sorted(fit, key=lambda url: (_year(url), int(fit[url]["edition"] or 1)), reverse=True)


def wards_of(web: Web, source: ResidentsSource, authorities: Sequence[str]) -> dict[str, str]:
    """
    Ward of each small area of some local authorities: code → code.

    Raises
    ------
    WebError
        In one sentence.
    """
    sound = "','".join(code for code in authorities if _CODE.fullmatch(code))
    asked = {
        "where": f"{source.authority} IN ('{sound}')",
        "outFields": f"{source.area},{source.ward},{source.authority}",
        "returnGeometry": "false",
        "orderByFields": source.area,
        "resultRecordCount": str(PAGE),
        "f": "json",
    }
    found: dict[str, str] = {}
    came = 0
    for _ in range(_MAX_PAGES):
        body = arcgis.ask(web, source.url, asked | {"resultOffset": str(came)})
        rows = arcgis.attributes(body)
        came += len(rows)
        codes = [(str(row.get(source.area)), str(row.get(source.ward))) for row in rows]
        found |= {a: w for a, w in codes if _CODE.fullmatch(a) and _CODE.fullmatch(w)}
        if not rows or not body.value.get("exceededTransferLimit"):
            break
    if not found:
        raise WebError(f"{source.name} names no small area of the local authorities asked for.")
    return found


def joined(ward: Mapping[str, str], table: bytes, *, vintage: int) -> bytes:
    """
    Small areas with their ward, residents and decile of deprivation, as `population` reads it.

    Parameters
    ----------
    ward
        From `wards_of`.
    table
        The table of every small area, as it came.
    vintage
        Year of the wards.

    Raises
    ------
    SourceError
        When the table has not the columns it should have, or none of the small areas.
    """
    try:
        rows = pd.read_csv(BytesIO(table), dtype="str")
    except ValueError as error:  # pandas' parser errors are all of this kind
        raise SourceError("The table of small areas cannot be read as a table.") from error
    columns = [
        next((str(one) for one in rows.columns if wanted.search(str(one))), "")
        for wanted in (_AREA, _PEOPLE, _DECILE)
    ]
    if not all(columns):
        raise SourceError("The table of small areas has not the columns that it should have.")
    mine = rows[columns].set_axis(["lsoa_code", "residents", "IMD_decile"], axis=1)
    mine = mine.loc[mine["lsoa_code"].isin(list(ward))]
    if mine.empty:
        raise SourceError("The table of small areas has none of these wards: it is of England.")
    mine.insert(1, f"ward{vintage % 100}_code", mine["lsoa_code"].map(dict(ward)))
    return mine.to_csv(index=False).encode()


def _name(url: str) -> str:
    return url.split("/FeatureServer", maxsplit=1)[0].rsplit("/", 1)[-1]


def _year(url: str) -> int:
    match = _LIST.fullmatch(_name(url))
    return 2000 + int(match["year"]) if match else 0
