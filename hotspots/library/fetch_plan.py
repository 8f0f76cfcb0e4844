"""
What fetching open data would bring, from whom and how large, before any of it comes.

Reports come from the archive of data.police.uk, of which only the force's own files are
taken. Months that no archive covers are asked of its API, by area. Nothing is asked of
anyone here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hotspots.library.fetch_sites import Sites
from hotspots.library.reports import in_words
from hotspots.sources.ons_residents import AREA_BYTES, ResidentsSource
from hotspots.sources.ons_services import WardService
from hotspots.sources.police_uk_archive import Snapshot
from hotspots.sources.publishers import known
from hotspots.sources.reports import count_of

# What the API sends for one month of a force of Cheshire's size, and one neighbourhood's
# outline; it does not say beforehand.
_MONTH_BYTES: Final = 3_000_000
_OUTLINE_BYTES: Final = 60_000


@dataclass(frozen=True)
class WardPlan:
    """
    Ward boundaries to fetch.

    Attributes
    ----------
    service
        Where from.
    authorities
        Local authorities by code; empty = those that the fetched reports lie in.
    wards
        How many there are; 0 = not known yet.
    residents
        Where their residents come from; None = they do not come.
    why_none
        Why they do not; a sentence.
    """

    service: WardService
    authorities: dict[str, str]
    wards: int = 0
    residents: ResidentsSource | None = None
    why_none: str = ""

    @property
    def bytes(self) -> int:
        """About how much comes; four authorities of thirty wards where it is not known."""
        return (self.wards or 120) * self.service.ward_bytes + self.residents_bytes

    @property
    def residents_bytes(self) -> int:
        """About how much of that tells of residents; a ward has some five small areas."""
        if self.residents is None:
            return 0
        return self.residents.table.length + 5 * (self.wards or 120) * AREA_BYTES

    def in_words(self) -> str:
        """What would come, without how much and from where."""
        if not self.authorities:
            return (
                f"Ward boundaries of {self.service.vintage}: the local authorities with at least "
                "1 in 100 of the newest reports"
            )
        names = ", ".join(self.authorities.values())
        return (
            f"Ward boundaries of {self.service.vintage}: {count_of(self.wards, 'ward')} of {names}"
        )


@dataclass(frozen=True)
class Plan:
    """
    What a fetch would ask for.

    Attributes
    ----------
    force, name
        The force as files name it, and its name.
    snapshots
        Archives, and the months taken from each.
    api_months
        Months that only the API has, or only it gives.
    neighbourhoods
        Whose outlines make up the area that the API is asked for.
    wards
        Ward boundaries, if they are wanted.
    missing
        Months asked for that are not published.
    notes
        What else to know.
    sites
        Where it is asked for.
    """

    force: str
    name: str
    snapshots: tuple[tuple[Snapshot, tuple[pd.Period, ...]], ...]
    api_months: tuple[pd.Period, ...]
    neighbourhoods: tuple[str, ...]
    wards: WardPlan | None
    missing: tuple[pd.Period, ...]
    notes: tuple[str, ...]
    sites: Sites

    @property
    def months(self) -> tuple[pd.Period, ...]:
        """Every month that would come, oldest first."""
        archived = [month for _, months in self.snapshots for month in months]
        return tuple(sorted([*archived, *self.api_months]))

    @property
    def bytes(self) -> int:
        """About how much comes down: exact for the archive, an estimate for the rest."""
        archived = sum(_snapshot_bytes(*part, self.force) for part in self.snapshots)
        asked = len(self.api_months) * _MONTH_BYTES + len(self.neighbourhoods) * _OUTLINE_BYTES
        return archived + asked + (self.wards.bytes if self.wards else 0)

    def sentences(self) -> list[str]:
        """What would come, from whom, how large and on what terms; one sentence an item."""
        police, office = known()["police_uk"], known()["wards"]
        said = []
        for snapshot, months in self.snapshots:
            size = megabytes(_snapshot_bytes(snapshot, months, self.force))
            what = f"{count_of(len(months), 'month')} ({in_words(list(months))})"
            if snapshot.members:
                how = f"{size} out of the {megabytes(snapshot.remote.length)} of"
            else:
                how = f"{size}, because no parts can be asked for of"
            said.append(f"{self.name}: {what}, {how} {snapshot.remote.url}.")
        if self.api_months:
            size = megabytes(
                len(self.api_months) * _MONTH_BYTES + len(self.neighbourhoods) * _OUTLINE_BYTES
            )
            said.append(
                f"{self.name}: {count_of(len(self.api_months), 'month')} "
                f"({in_words(list(self.api_months))}) from {self.sites.api}, about {size}: what "
                "lies in the force’s neighbourhoods, whoever recorded it, without LSOA codes."
            )
        said.append(f"Reports: {police.publisher}, {police.licence}.")
        if self.missing:
            said.append(f"Not published: {in_words(list(self.missing))}.")
        if self.wards:
            size = megabytes(self.wards.bytes - self.wards.residents_bytes)
            said += [
                f"{self.wards.in_words()}, about {size}, from {self.wards.service.url}.",
                f"Boundaries: {office.publisher}, {office.licence}.",
                *_of_residents(self.wards),
            ]
        said.append(f"In all about {megabytes(self.bytes)}.")
        return [*said, *self.notes]


def _of_residents(wards: WardPlan) -> list[str]:
    source = wards.residents
    if source is None:
        return [wards.why_none] if wards.why_none else []
    table = known()["small_area_residents"]
    older = "" if source.vintage == wards.service.vintage else ", so that newer wards have none"
    what = (
        f"Residents in mid-2022 and deprivation of England’s small areas, about "
        f"{megabytes(wards.residents_bytes)}, from {source.table.url}, added up by the wards of "
        f"{source.vintage}{older} ({source.url})."
    )
    return [what, f"Residents: {table.publisher}, {table.licence}."]


def _snapshot_bytes(snapshot: Snapshot, months: Sequence[pd.Period], force: str) -> int:
    if not snapshot.members:
        return snapshot.remote.length
    return sum(one.packed for one in snapshot.members if one.force == force and one.month in months)


def megabytes(size: int) -> str:
    """
    Size as a reader says it.

    Examples
    --------
    >>> megabytes(1_733_868_300), megabytes(260_000)
    ('1,734 MB', '0.3 MB')
    """
    millions = size / 1e6
    return f"{millions:,.0f} MB" if millions >= 10 else f"{max(millions, 0.1):.1f} MB"  # noqa: PLR2004
