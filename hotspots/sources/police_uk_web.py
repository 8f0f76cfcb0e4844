"""The API of data.police.uk: forces by name, months published, and a force's area."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from math import isfinite, nan
from typing import Any, Final, TypeAlias, cast
from urllib.parse import quote

import pandas as pd
import shapely

from hotspots.errors import SourceError
from hotspots.periods import parse_month
from hotspots.sources.web import LeakyBucket, Web, WebError

# https://data.police.uk/docs/api-call-limits/
RATE_PER_S: Final = 15
BURST: Final = 30

Report: TypeAlias = dict[str, Any]
Area: TypeAlias = shapely.Polygon | shapely.MultiPolygon

_FORCE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def polite_web() -> Web:
    """Requests within the limit that the API sets."""
    return Web(bucket=LeakyBucket(RATE_PER_S, BURST))


def forces(web: Web, api: str) -> dict[str, str]:
    """Every force that publishes: its word in addresses → its name."""
    found = each(web.json(f"{api}/forces").value, "forces")
    return {
        str(one["id"]): str(one["name"])
        for one in found
        if _FORCE.fullmatch(str(one.get("id"))) and one.get("name")
    }


def chosen_force(asked: str, known: Mapping[str, str]) -> str:
    """
    The word in addresses of a force that a person named.

    Raises
    ------
    SourceError
        When there is no such force, or several; the closest are named.

    Examples
    --------
    >>> known = {"cheshire": "Cheshire Constabulary", "kent": "Kent Police"}
    >>> chosen_force("Cheshire constabulary", known), chosen_force("KENT", known)
    ('cheshire', 'kent')
    """
    plain = _plain(asked)
    named = known.items() if plain else ()
    exact = [word for word, name in named if plain in {_plain(word), _plain(name)}]
    if exact:
        return exact[0]
    within = [word for word, name in named if plain in _plain(name)]
    if len(within) == 1:
        return within[0]
    names = {_plain(text): word for word, name in known.items() for text in (word, name)}
    close = within or [names[one] for one in get_close_matches(plain, names, n=5)]
    shown = [f"{known[word]} ({word})" for word in dict.fromkeys(close)][:5]
    meant = f"; did you mean {' or '.join(shown)}?" if shown else "; see data.police.uk for them."
    raise SourceError(f"No force is called “{asked[:60]}”{meant}")


def months_published(web: Web, api: str) -> list[pd.Period]:
    """Every month that the API holds, oldest first."""
    found = each(web.json(f"{api}/crimes-street-dates").value, "months")
    return sorted(parse_month(str(one.get("date"))) for one in found)


def neighbourhoods(web: Web, api: str, force: str) -> list[str]:
    """Identifiers of a force's neighbourhoods."""
    found = each(web.json(f"{api}/{force}/neighbourhoods").value, "neighbourhoods")
    return [str(one["id"]) for one in found if one.get("id")]


def outline(web: Web, api: str, force: str, neighbourhood: str) -> Area | None:
    """Area of one neighbourhood, in degrees; None when none is published."""
    try:
        body = web.json(f"{api}/{force}/{quote(neighbourhood, safe='')}/boundary")
    except WebError as error:
        if error.status == 404:  # noqa: PLR2004
            return None
        raise
    corners = [degrees(point) for point in each(body.value, "corners")]
    if len(corners) < 3:  # noqa: PLR2004
        return None
    return areas_of(shapely.make_valid(shapely.Polygon(corners)))


def united(outlines: Sequence[Area]) -> Area | None:
    """One area of several; None when there is none."""
    return areas_of(shapely.union_all(list(outlines))) if outlines else None


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def each(value: object, of_what: str) -> list[Report]:
    """The objects of an answer that is a list of them; refused when it is anything else."""
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise WebError(
        f"data.police.uk was asked for {of_what} and gave something else; its API may have "
        "changed: take the files from https://data.police.uk/data/ and import them."
    )


def degrees(point: Mapping[str, Any]) -> tuple[float, float]:
    """Longitude and latitude of a point; refused where it has none."""
    longitude, latitude = _number(point.get("longitude")), _number(point.get("latitude"))
    if not (isfinite(longitude) and isfinite(latitude)):
        raise WebError(
            "data.police.uk gave a point without longitude and latitude; its API may have "
            "changed: take the files from https://data.police.uk/data/ and import them."
        )
    return longitude, latitude


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return nan


def areas_of(shape: Any) -> Area | None:
    """The areas of a shape, without lines and points left over."""
    parts = shapely.get_parts(shape, return_index=False)
    whole = shapely.union_all([p for p in parts if shapely.get_dimensions(p) == 2])  # noqa: PLR2004
    return None if whole.is_empty else cast("Area", whole)


def inner(one: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What stands inside, or nothing."""
    value = one.get(name)
    return value if isinstance(value, dict) else {}
