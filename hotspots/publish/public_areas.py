"""The areas a resident can ask about, by the names people use, and how they are found."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hotspots.publish.release import OTHERS, PART, REST, Release
from hotspots.publish.words import Words

EVERYWHERE = "all"


@dataclass(frozen=True)
class Area:
    """
    What a resident asks about.

    Attributes
    ----------
    code
        "all", "authority:…" or "ward:…".
    name
        As it is said.
    authority, ward
        Codes; nothing where it is wider.
    """

    code: str
    name: str
    authority: str | None = None
    ward: str | None = None


def areas(release: Release, words: Words, *, everywhere: str = "") -> dict[str, Area]:
    """
    Every area there is to ask about, by code: everything, councils, wards.

    Parameters
    ----------
    release
        What is public.
    words
        To say "all of the area" in.
    everywhere
        Name of all of it, such as the force's.
    """
    wards = release.wards.sort_values(["name", "authority_name"])
    councils = wards.drop_duplicates("authority").sort_values("authority_name")
    found = [Area(EVERYWHERE, everywhere or words("page.everywhere"))]
    found += [
        Area(f"authority:{code}", str(name), authority=str(code))
        for code, name in zip(councils["authority"], councils["authority_name"], strict=True)
    ]
    shared = wards["name"].duplicated(keep=False)
    found += [
        Area(
            f"ward:{code}",
            f"{ward['name']} ({ward['authority_name']})"
            if shared[str(code)]
            else str(ward["name"]),
            authority=str(ward["authority"]),
            ward=str(code),
        )
        for code, ward in wards.iterrows()
    ]
    return {area.code: area for area in found}


def find_area(text: str, known: Mapping[str, Area], places: Mapping[str, str]) -> Area | None:
    """
    Area that somebody typed: a code, with or without its kind, a name or the start of one, a
    place, a postcode.

    Parameters
    ----------
    text
        As it was typed.
    known
        From `areas`.
    places
        Code of the area that each place or postcode lies in, by its name.

    Examples
    --------
    >>> wards = {c: Area(c, n) for c, n in (("w1", "Upton"), ("w2", "Upton Rocks"), ("w3", "Hale"))}
    >>> find_area("UPTON", wards, {}).code, find_area("ha", wards, {}).code
    ('w1', 'w3')
    >>> find_area("ch1 1ab", wards, {"CH1 1AB": "w3"}).name
    'Hale'
    >>> find_area("up", wards, {}) is None
    True
    >>> find_area("e05", {"ward:E05": Area("ward:E05", "Upton")}, {}).name
    'Upton'
    """
    wanted = " ".join(text.casefold().split())
    if text in known:
        return known[text]
    coded = {code.split(":")[-1].casefold(): area for code, area in known.items()}
    if wanted in coded:
        return coded[wanted]
    named = {area.name.casefold(): area for area in reversed(list(known.values()))}
    near = {name.casefold().replace(" ", ""): code for name, code in places.items()}
    at = near.get(wanted.replace(" ", ""), "")
    if wanted in named:
        return named[wanted]
    if at in known:
        return known[at]
    starting = [area for name, area in named.items() if wanted and name.startswith(wanted)]
    holding = [area for name, area in named.items() if wanted and wanted in name]
    return next((meant[0] for meant in (starting, holding) if len(meant) == 1), None)


def cell_name(cell: Mapping[Hashable, Any], release: Release, words: Words) -> str:
    """Name of a published cell, as people say it."""
    kind, code = cell["kind"], str(cell["ward"])
    if kind == OTHERS:
        here = release.wards["authority"] == cell["authority"]
        return words(
            "where.others_name", authority=release.wards.loc[here, "authority_name"].iloc[0]
        )
    ward = str(release.wards.loc[code, "name"])
    if kind == REST:
        return words("where.rest_name", ward=ward)
    if kind != PART:
        return ward
    side = words(f"side.{cell['side']}")
    if cell["number"]:
        return words("where.part_name_number", ward=ward, side=side, number=int(cell["number"]))
    return words("where.part_name", ward=ward, side=side)


def named_cells(release: Release, year: int, words: Words) -> pd.DataFrame:
    """Published cells of a year with their names, by name: `name`, `reports`, `per_km2`."""
    cells = release.cells.loc[release.cells["year"] == year]
    names = [cell_name(cell, release, words) for cell in cells.to_dict("records")]
    km2 = cells.geometry.area / 1_000_000
    table = pd.DataFrame(cells.drop(columns="geometry")).assign(
        name=names, per_km2=cells["reports"] / km2.where(km2 > 0)
    )
    return table.sort_values("name")
