"""
What a plan of a fetch names, brought down to the disk: nothing of it is imported here.

Each file, answer and page of wards is written whole or not at all into the folder of the
fetch. A file of an archive is not asked for again while it is there and sound, nor is what
the API said within a day.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely

from hotspots.errors import SourceError
from hotspots.library import fetch_wards
from hotspots.library.fetch_plan import Plan, megabytes
from hotspots.library.reports import in_words
from hotspots.sources import (
    police_uk_archive,
    police_uk_area,
    police_uk_web,
)
from hotspots.sources.files import write_whole
from hotspots.sources.police_uk_archive import Member, Snapshot
from hotspots.sources.reports import Progress
from hotspots.sources.web import Web, WebError

# What the API said longer ago than this is asked again; seconds.
_FRESH_S: Final = 24 * 3600


@dataclass(frozen=True)
class Answered:
    """
    What the API said of one month, on the disk.

    Attributes
    ----------
    month
        Which.
    path
        Its reports as a street file.
    about
        `sha256` of the answers, and `railway`, how many reports of the British Transport
        Police among them were left out.
    """

    month: pd.Period
    path: Path
    about: dict[str, Any]


@dataclass
class Download:
    """
    The steps of one fetch that bring something down; one use each.

    Attributes
    ----------
    plan
        What is wanted.
    web
        Who asks.
    folder
        Where it is kept, which must be there.
    progress
        Told before each month and each page of wards.
    done
        Steps that are done, of `total`.
    authorities
        Local authorities whose wards came, by code.
    """

    plan: Plan
    web: Web
    folder: Path
    progress: Progress
    done: int = 0
    authorities: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Steps there are: one for each month, one for wards, and one for their residents."""
        wards = self.plan.wards
        return len(self.plan.months) + (0 if wards is None else 1 + (wards.residents is not None))

    def step(self, name: str) -> None:
        """Tell what comes next."""
        self.progress(self.done, self.total, name)

    def archived(self) -> tuple[list[Path], list[str]]:
        """
        Street files out of the archives, each as it is published, and what was missing.

        Raises
        ------
        SourceError
            In one sentence; what came before is kept.
        """
        files: list[Path] = []
        notes = []
        for snapshot, months in self.plan.snapshots:
            some = (
                self._members(snapshot, months)
                if snapshot.members
                else self._whole(snapshot, months)
            )
            files += some
            names = " ".join(path.name for path in some)
            absent = [month for month in months if str(month) not in names]
            if absent:
                notes.append(f"{snapshot.remote.url} turned out to lack {in_words(absent)}.")
        return files, notes

    def _members(self, snapshot: Snapshot, months: Sequence[pd.Period]) -> list[Path]:
        files = []
        for member in snapshot.members:
            if member.force != self.plan.force or member.month not in months:
                continue
            self.step(member.name)
            path = self.folder / member.name
            if not _is(path, member.size, member.crc):
                data = self._read(snapshot, member)
                write_whole(path, data)
            files.append(path)
            self.done += 1
        return files

    def _read(self, snapshot: Snapshot, member: Member) -> bytes:
        """One file of an archive; asked a second time where the first came damaged."""
        try:
            return police_uk_archive.read_member(self.web, snapshot, member)
        except WebError:
            raise  # which was asked often enough
        except SourceError:
            return police_uk_archive.read_member(self.web, snapshot, member)

    def _whole(self, snapshot: Snapshot, months: Sequence[pd.Period]) -> list[Path]:
        remote = snapshot.remote
        path = self.folder / f"archive-{remote.name}"

        def tell(came: int) -> None:
            self.step(f"{remote.name}: {megabytes(came)} of {megabytes(remote.length)}")

        if not (path.exists() and path.stat().st_size == remote.length):
            self.web.download(remote, path, tell)
        files = []
        for name, data in police_uk_archive.read_whole(path, self.plan.force, months):
            self.step(name)
            write_whole(self.folder / name, data)
            files.append(self.folder / name)
            self.done += 1
        return files

    def answered(self) -> list[Answered]:
        """
        What the API says of the months that no archive gives.

        Raises
        ------
        SourceError
            In one sentence, also where it has no report of a month or gives no area.
        """
        found = []
        area = self._area() if self.plan.api_months else None
        for month in self.plan.api_months:
            self.step(f"{month} from the API")
            path = self.folder / f"{month}-api.csv"
            note = self.folder / f"{month}-api.json"
            if not (_fresh(note) and path.exists()):
                self._ask(month, area, path, note)
            found.append(Answered(month, path, json.loads(note.read_text(encoding="utf-8"))))
            self.done += 1
        return found

    def _ask(self, month: pd.Period, area: Any, path: Path, note: Path) -> None:
        def tell(answers: int) -> None:
            self.step(f"{month} from the API, answer {answers:,}")

        answers = police_uk_area.ask_month(
            self.web,
            self.plan.sites.api,
            month,
            area,
            force=self.plan.force,
            name=self.plan.name,
            tell=tell,
        )
        if not answers.reports:
            raise SourceError(f"The API has no report of {self.plan.name} in {month}.")
        about = {"sha256": answers.sha256, "railway": answers.railway}
        write_whole(path, answers.street_file())
        write_whole(note, json.dumps(about).encode())  # last: it says that the other is whole

    def _area(self) -> Any:
        """The force's neighbourhoods as one area, kept for a day."""
        path = self.folder / "area.wkb"
        if _fresh(path):
            return shapely.from_wkb(path.read_bytes())
        outlines = []
        for number, one in enumerate(self.plan.neighbourhoods):
            self.step(f"outline {number + 1:,} of {len(self.plan.neighbourhoods):,}")
            shape = police_uk_web.outline(self.web, self.plan.sites.api, self.plan.force, one)
            outlines += [shape] if shape is not None else []
        area = police_uk_web.united(outlines)
        if area is None:
            raise SourceError(
                f"The API gives no area for {self.plan.name}, so its reports cannot be asked for "
                "by area; wait for the archive, or import files by hand."
            )
        write_whole(path, shapely.to_wkb(area))
        return area

    def wards(self, files: Sequence[Path]) -> list[Path]:
        """
        Pages of ward boundaries, as they came; none where the plan has none.

        Parameters
        ----------
        files
            The street files, for the local authorities that they lie in.

        Raises
        ------
        SourceError
            In one sentence, also where no local authority is found.
        """
        if self.plan.wards is None:
            return []
        self.step(f"wards of {self.plan.wards.service.vintage}")
        self.authorities = fetch_wards.authorities(self.web, self.plan.wards, files)
        paths = fetch_wards.pages(self.web, self.plan.wards, self.authorities, self.folder)
        self.done += 1
        return paths

    def residents(self) -> tuple[list[Path], list[str]]:
        """
        A file of residents of the wards that came, and what is to be said where there is none.

        Raises
        ------
        SourceError
            In one sentence, when something that was to come did not.
        """
        source = self.plan.wards.residents if self.plan.wards else None
        if source is None:
            return [], []
        self.step("residents")
        try:
            path = fetch_wards.residents(self.web, source, self.authorities, self.folder)
        except WebError:
            raise
        except SourceError as error:
            return [], [f"{error} Import a file of residents with `population`."]
        self.done += 1
        return [path], []


def _is(path: Path, size: int, crc: int) -> bool:
    """Whether a file on the disk is whole and has its checksum."""
    if not path.exists() or path.stat().st_size != size:
        return False
    return police_uk_archive.checksum(path.read_bytes()) == crc


def _fresh(path: Path) -> bool:
    return path.exists() and time.time() - path.stat().st_mtime < _FRESH_S
