"""
Where open data is asked for, who asks, and what there is to choose from there.

Only names of forces and of local authorities are asked for here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from hotspots.sources import ons_services, ons_web, police_uk_web
from hotspots.sources.publishers import known
from hotspots.sources.web import Web


@dataclass(frozen=True)
class Sites:
    """
    Where data is asked for.

    Attributes
    ----------
    archive, api
        Of data.police.uk.
    services, wards
        Of the Office for National Statistics: all services, and those of wards that are
        known, newest first.
    small_areas, residents
        Its lists of the small areas of wards that are known, and the table of residents by
        small area; none = residents are not asked for.
    """

    archive: str
    api: str
    services: str
    wards: tuple[str, ...]
    small_areas: tuple[str, ...] = ()
    residents: str = ""

    @classmethod
    def published(cls) -> Self:
        """The publishers' own, as `data/sources.toml` names them."""
        entries = known()
        wards, small_areas = (
            tuple(entries[key].url for key in sorted(entries, reverse=True) if key.startswith(kind))
            for kind in ("ons_wards_", "ons_small_areas_")
        )
        return cls(
            entries["police_uk_archive"].url,
            entries["police_uk_api"].url,
            entries["ons_services"].url,
            wards,
            small_areas,
            entries["small_area_residents"].url,
        )


@contextmanager
def asking(web: Web | None) -> Iterator[Web]:
    """Who asks: the one given, or a polite one for as long as it takes."""
    if web is not None:
        yield web
        return
    with police_uk_web.polite_web() as own:
        yield own


def forces_by_name(*, sites: Sites | None = None, web: Web | None = None) -> dict[str, str]:
    """
    Forces to choose from: name → the word that `plan_fetch` takes, in order of name.

    Raises
    ------
    HotspotsError
        In one sentence.
    """
    with asking(web) as asks:
        found = police_uk_web.forces(asks, (sites or Sites.published()).api)
    return {name: word for word, name in sorted(found.items(), key=lambda pair: pair[1])}


def authorities_by_name(*, sites: Sites | None = None, web: Web | None = None) -> dict[str, str]:
    """
    Local authorities of the newest wards, to choose from: name → code, in order of name.

    Raises
    ------
    HotspotsError
        In one sentence.
    """
    where = sites or Sites.published()
    with asking(web) as asks:
        service = ons_services.newest_wards(asks, where.services, where.wards)
        found = ons_web.authorities(asks, service)
    return {name: code for code, name in sorted(found.items(), key=lambda pair: pair[1])}
