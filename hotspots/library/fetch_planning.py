"""
The questions to the publishers that make a plan of a fetch.

Only names, dates, sizes and the archive's table of contents are asked for here. What a
month can come from is found in this order: the newest archive, older archives, the API.

>>> plan = plan_fetch("cheshire", months=36)  # doctest: +SKIP
>>> plan.sentences()  # doctest: +SKIP
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import pandas as pd

from hotspots.errors import SourceError
from hotspots.library.fetch_plan import Plan, WardPlan
from hotspots.library.fetch_sites import Sites, asking
from hotspots.sources import (
    ons_residents,
    ons_services,
    ons_web,
    police_uk_archive,
    police_uk_web,
)
from hotspots.sources.ons_residents import ResidentsSource
from hotspots.sources.police_uk_archive import Snapshot
from hotspots.sources.web import NoWayError, Web, WebError

T = TypeVar("T")

# An archive holds three years; a longer past is looked for in so many at most.
_ARCHIVE_MONTHS: Final = 36
_MOST_ARCHIVES: Final = 6


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
            service = ons_services.newest_wards(self.web, self.sites.services, self.sites.wards)
            named = ons_web.authorities(self.web, service) if authorities else {}
            codes = ons_web.chosen_authorities(authorities, named)
            number = ons_web.count(self.web, service, list(codes)) if codes else 0
        except WebError as error:
            raise WebError(f"{error} Or leave ward boundaries out.", error.status) from error
        residents, why_none = self._residents(service.vintage)
        return replace(plan, wards=WardPlan(service, codes, number, residents, why_none))

    def _residents(self, vintage: int) -> tuple[ResidentsSource | None, str]:
        """Where residents come from; else why they do not, which stops nothing else."""
        sites = self.sites
        if not sites.residents:
            return None, ""
        try:
            return ons_residents.find(
                self.web, sites.services, sites.small_areas, sites.residents, vintage=vintage
            ), ""
        except NoWayError:
            raise
        except WebError as error:
            why = str(error).rstrip(".")
            return None, f"Residents do not come: {why}. Import a file of them with `population`."

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


def _nothing(name: str) -> SourceError:
    return SourceError(f"data.police.uk has published nothing of {name} in those months.")
