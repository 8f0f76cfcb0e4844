"""The library: what has been imported, read back."""

from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pandas as pd

from hotspots import settings
from hotspots.library import (
    agency_months,
    boundaries,
    changes_made,
    journal,
    months,
    parquet,
    residents,
)
from hotspots.library.atomic import changing, settle
from hotspots.library.journal import FORGET, About, Entry
from hotspots.sources import police_uk
from hotspots.tables import wards as contract
from hotspots.tables.incidents import Incidents, joined
from hotspots.tables.wards import Wards


class Library:
    """
    What has been imported, under one folder; cheap to make, and nothing is read until asked.

    Parameters
    ----------
    folder
        The data folder; None = the one of `settings.data_folder`.

    Examples
    --------
    >>> Library(Path("nowhere")).catalogue().empty
    True
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (settings.data_folder() if folder is None else Path(folder)) / "library"

    def catalogue(self) -> pd.DataFrame:
        """One row for each source, force and month held, with its provenance."""
        settle(self.folder)
        return months.catalogue(months.held(self.folder))

    def holdings(self) -> pd.DataFrame:
        """One row for each source and force: months held and missing between them, and rows."""
        return months.holdings(self.catalogue())

    def identity(self) -> str:
        """12 characters that change exactly when the data held change."""
        settle(self.folder)
        held = [
            f"{one.note['source']} {one.force} {one.note['month']} {one.note['content']}"
            for one in months.held(self.folder)
        ]
        for name in (*map(boundaries.name, self.vintages()), residents.NAME):
            with suppress(FileNotFoundError):
                held.append(f"{name} {parquet.note_of(self.folder / name)['content']}")
        return sha256("\n".join(held).encode()).hexdigest()[:12]

    def incidents(
        self,
        *,
        forces: Iterable[str] | None = None,
        first: pd.Period | None = None,
        last: pd.Period | None = None,
        category: str | None = None,
    ) -> Incidents:
        """
        Incidents held, by source, force, month and row as published; the police's first.

        Partners know no force: until `study.sources` says which they lie in, theirs is the
        source's own name.

        Parameters
        ----------
        forces
            Names of forces; None = all.
        first, last
            Months, both included; None = no bound.
        category
            One kind, such as `settings.ASB`; None = every kind.
        """
        settle(self.folder)
        wanted = None if forces is None else set(forces)
        chosen = [
            one
            for one in months.held(self.folder)
            if (wanted is None or one.force in wanted)
            and (first is None or one.month >= first)
            and (last is None or one.month <= last)
        ]
        police = [one for one in chosen if one.note["source"] == police_uk.SOURCE]
        partners = [one for one in chosen if one.note["source"] != police_uk.SOURCE]
        recorded = police_uk.to_incidents(months.read(police, category))
        if not partners:
            return recorded
        return joined([recorded, agency_months.to_incidents(partners, category)])

    def forces_named(self) -> dict[str, str]:
        """Source → police force that a partner's mapping names, where it names one."""
        return agency_months.forces_named(months.held(self.folder))

    def with_text(self) -> tuple[str, ...]:
        """Sources whose mapping had their free text kept, by name."""
        settle(self.folder)
        return agency_months.with_text(months.held(self.folder))

    def free_text(self, source: str) -> pd.DataFrame:
        """Free text of a source, row by row as in `incidents`: see `agency_months.free_text`."""
        settle(self.folder)
        held = months.held(self.folder)
        return agency_months.free_text(one for one in held if one.note["source"] == source)

    def vintages(self) -> list[int]:
        """Years of the ward boundaries held, oldest first."""
        return boundaries.vintages(self.folder)

    def wards(self, vintage: int | None = None) -> Wards:
        """
        Wards of one vintage, with residents where they are held.

        Parameters
        ----------
        vintage
            Year of the boundaries; None = the newest held, or no ward when none are.

        Raises
        ------
        LibraryError
            When that vintage is not held.
        """
        years = self.vintages()
        if vintage is None and not years:
            return contract.empty()
        frame = boundaries.read(self.folder, years[-1] if vintage is None else vintage)
        return with_residents(frame, residents.read(self.folder))

    def boundaries(self) -> pd.DataFrame:
        """One row for each vintage and local authority of wards held, with its provenance."""
        return boundaries.catalogue(self.folder)

    def population(self) -> pd.DataFrame:
        """One row for each file of residents in use, with its provenance."""
        return residents.catalogue(self.folder)

    def deprivation(self) -> pd.Series:
        """Mean decile of deprivation by ward code, 1 to 10; empty where none was read."""
        return residents.deprivation(self.folder)

    def journal(self) -> list[Entry]:
        """Every change of what is held: who, when, from which files; the newest first."""
        return journal.entries(self.folder)

    def arrivals(self) -> pd.DataFrame:
        """
        What each month held had when it was first read, where the journal knows it.

        Returns
        -------
        months
            `source`, `force` (a partner's own name), `month`, `first` (day it was first read,
            UTC), `read` (how many imports brought it), `rows_first` and `rows` (now).
        """
        known = changes_made.arrivals(self.journal())
        here = {
            str(one.path.relative_to(self.folder)): (one.note["source"], one.force, one.month)
            for one in months.held(self.folder)
        }
        found = known.loc[known.index.isin(here)]
        names = ["source", "force", "month"]
        labels = pd.DataFrame([here[name] for name in found.index], found.index, names)
        return labels.astype({"month": "period[M]"}).join(found).reset_index(drop=True)

    def forget(self, force: str, gone: Iterable[pd.Period] | None = None) -> int:
        """
        Remove months of a force from the library; how many were removed.

        Parameters
        ----------
        force
            Its name.
        gone
            Months; None = all of them.
        """
        wanted = None if gone is None else set(gone)
        with changing(self.folder) as change:
            leaving = [
                str(one.path.relative_to(self.folder))
                for one in months.held(self.folder)
                if one.force == force and (wanted is None or one.month in wanted)
            ]
            change.commit(remove=leaving, about=About(FORGET, f"months of {force}"))
        return len(leaving)


def with_residents(wards: Wards, held: pd.Series) -> Wards:
    """Wards with usual residents by code; not a number where a code is not held."""
    filled = wards.assign(residents=held.reindex(wards.index).to_numpy(dtype="float64"))
    return contract.validate(filled)
