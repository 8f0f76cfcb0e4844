"""
What fetching open data would bring, from whom and how large, before any of it comes.

Reports come from the archive of data.police.uk, of which only the force's own files are
taken. Months that no archive covers are asked of its API, by area. Only names, dates,
sizes and the archive's table of contents are asked for here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Self, TypeVar

import pandas as pd

from hotspots.errors import SourceError
from hotspots.library.reports import in_words
from hotspots.sources import ons_web, police_uk_archive, police_uk_web
from hotspots.sources.ons_web import WardService
from hotspots.sources.police_uk_archive import Snapshot
from hotspots.sources.publishers import known
from hotspots.sources.reports import count_of
from hotspots.sources.web import NoWayError, Web, WebError

T = TypeVar("T")

# What the API sends for one month of a force of Cheshire's size, and one neighbourhood's
# outline; it does not say beforehand.
_MONTH_BYTES: Final = 3_000_000
_OUTLINE_BYTES: Final = 60_000
# An archive holds three years; a longer past is looked for in so many at most.
_ARCHIVE_MONTHS: Final = 36
_MOST_ARCHIVES: Final = 6


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
    """

    archive: str
    api: str
    services: str
    wards: tuple[str, ...]

    @classmethod
    def published(cls) -> Self:
        """The publishers' own, as `data/sources.toml` names them."""
        entries = known()
        wards = sorted((key for key in entries if key.startswith("ons_wards_")), reverse=True)
        return cls(
            entries["police_uk_archive"].url,
            entries["police_uk_api"].url,
            entries["ons_services"].url,
            tuple(entries[key].url for key in wards),
        )


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
    """

    service: WardService
    authorities: dict[str, str]
    wards: int = 0

    @property
    def bytes(self) -> int:
        """About how much comes; four authorities of thirty wards where it is not known."""
        return (self.wards or 120) * self.service.ward_bytes

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
            size = megabytes(self.wards.bytes)
            said += [
                f"{self.wards.in_words()}, about {size}, from {self.wards.service.url}.",
                f"Boundaries: {office.publisher}, {office.licence}.",
                "Residents by ward do not come with them; import a file of them with `population`.",
            ]
        said.append(f"In all about {megabytes(self.bytes)}.")
        return [*said, *self.notes]


def plan_fetch(
    force: str,
    *,
    months: int,
    last: pd.Period | None = None,
    authorities: Sequence[str] = (),
    wards: bool = True,
    sites: Sites | None = None,
    web: Web | None = None,
) -> Plan:
    """
    What would have to come down; nothing but names, dates and sizes is asked for yet.

    Parameters
    ----------
    force
        Its name, or its word in addresses ("cheshire").
    months, last
        How many months, up to which; None = the newest published.
    authorities
        Local authorities whose wards are wanted, by name or code; none = those that the
        reports lie in.
    wards
        Whether ward boundaries are wanted.
    sites
        Where to ask; None = the publishers.
    web
        Who asks; None = politely, within the limits the publishers set.

    Raises
    ------
    HotspotsError
        In one sentence.
    """
    if months < 1:
        raise SourceError("Ask for at least one month.")
    with asking(web) as asks:
        planning = _Planning(asks, sites or Sites.published())
        plan = planning.reports(force, months, last)
        return planning.with_wards(plan, authorities) if wards else plan


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
        service = ons_web.newest_wards(asks, where.services, where.wards)
        found = ons_web.authorities(asks, service)
    return {name: code for code, name in sorted(found.items(), key=lambda pair: pair[1])}


@contextmanager
def asking(web: Web | None) -> Iterator[Web]:
    """Who asks: the one given, or a polite one for as long as it takes."""
    if web is not None:
        yield web
        return
    with police_uk_web.polite_web() as own:
        yield own


@dataclass
class _Planning:
    """The questions that make a plan; one use each."""

    web: Web
    sites: Sites
    faults: list[WebError] = field(default_factory=list)

    def reports(self, asked: str, months: int, last: pd.Period | None) -> Plan:
        api = self.sites.api
        names = self._tried(lambda: police_uk_web.forces(self.web, api)) or {}
        force = police_uk_web.chosen_force(asked, names) if names else ""
        published = set(self._tried(lambda: police_uk_web.months_published(self.web, api)) or ())
        newest = self._snapshot("latest")
        if not names and newest is not None:
            names = {member.force: member.force for member in newest.members}
            force = police_uk_web.chosen_force(asked, names)
        reached = published | _months_of(newest, None)
        if not names or not reached:
            raise self.faults[0] if self.faults else _nothing(asked)
        end = max(reached) if last is None else last
        wanted = set(pd.period_range(end - (months - 1), end, freq="M"))
        snapshots, covered = self._archives(force, wanted, newest, max(reached))
        taken = {month for _, some in snapshots for month in some}
        # A month that an archive has without this force was not published by it: what the
        # API gives for its area is then its neighbours', and must not stand for its own.
        by_api = tuple(sorted((wanted & published) - covered))
        if not taken and not by_api:
            raise self.faults[0] if self.faults else _nothing(names[force])
        areas = tuple(police_uk_web.neighbourhoods(self.web, api, force)) if by_api else ()
        instead = [f"{fault} The API is asked instead." for fault in self.faults[:1] if by_api]
        missing = tuple(sorted(wanted - taken - set(by_api)))
        return Plan(
            force,
            names[force],
            tuple(snapshots),
            by_api,
            areas,
            None,
            missing,
            tuple(instead),
            self.sites,
        )

    def with_wards(self, plan: Plan, authorities: Sequence[str]) -> Plan:
        if not authorities and not plan.snapshots:
            note = "Ward boundaries are left out: the API’s reports do not say in which local "
            note += "authorities they lie; name them."
            return replace(plan, notes=(*plan.notes, note))
        try:
            service = ons_web.newest_wards(self.web, self.sites.services, self.sites.wards)
            named = ons_web.authorities(self.web, service) if authorities else {}
            codes = ons_web.chosen_authorities(authorities, named)
            number = ons_web.count(self.web, service, list(codes)) if codes else 0
        except WebError as error:
            raise WebError(f"{error} Or leave ward boundaries out.", error.status) from error
        return replace(plan, wards=WardPlan(service, codes, number))

    def _archives(
        self, force: str, wanted: set[pd.Period], newest: Snapshot | None, newest_month: pd.Period
    ) -> tuple[list[tuple[Snapshot, tuple[pd.Period, ...]]], set[pd.Period]]:
        """The newest archive first, for it is the corrected one; older ones for what is left."""
        found: list[tuple[Snapshot, tuple[pd.Period, ...]]] = []
        covered: set[pd.Period] = set()
        snapshot = newest
        for _ in range(_MOST_ARCHIVES):
            if snapshot is None:
                break
            spoken_for = {month for _, some in found for month in some}
            taken = (wanted - spoken_for) & _months_of(snapshot, force, newest_month)
            if taken:
                found.append((snapshot, tuple(sorted(taken))))
            covered |= _months_of(snapshot, None, newest_month)
            older = [month for month in wanted - covered if month < newest_month]
            if not older:
                break
            newest_month = max(older)
            snapshot = self._snapshot(str(newest_month))
        return found, covered

    def _snapshot(self, name: str) -> Snapshot | None:
        url = f"{self.sites.archive}/{name}.zip"
        absent = None if name == "latest" else 404
        return self._tried(lambda: police_uk_archive.open_snapshot(self.web, url), absent)

    def _tried(self, ask: Callable[[], T], absent: int | None = None) -> T | None:
        """
        An answer, or None and the fault kept; where there is no way at all, that is said.

        `absent` is the status that is no fault but means that there is none.
        """
        try:
            return ask()
        except NoWayError:
            raise
        except WebError as error:
            if error.status != absent or absent is None:
                self.faults.append(error)
            return None


def _months_of(
    snapshot: Snapshot | None, force: str | None, newest: pd.Period | None = None
) -> set[pd.Period]:
    """Months an archive has of a force, or of any; as many as archives have, if not known."""
    if snapshot is None:
        return set()
    if snapshot.members:
        return {one.month for one in snapshot.members if force in {None, one.force}}
    if newest is None:
        return set()
    return set(pd.period_range(newest - (_ARCHIVE_MONTHS - 1), newest, freq="M"))


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


def _nothing(name: str) -> SourceError:
    return SourceError(f"data.police.uk has published nothing of {name} in those months.")
