"""
Fetching open data from its publishers: what a plan says, brought down and imported.

What has come is kept beside the library until all of it is there, so that a fetch that
was cut goes on where it ended; then it is imported like files that a person chose.

>>> reports = fetch(plan, Library())  # doctest: +SKIP
"""

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from hotspots.errors import LibraryError, SourceError
from hotspots.library.atomic import locked
from hotspots.library.fetch_answers import import_answers
from hotspots.library.fetch_download import Download
from hotspots.library.fetch_plan import Plan
from hotspots.library.fetch_sites import asking
from hotspots.library.importing import import_police_uk, import_population, import_wards
from hotspots.library.reports import ImportReport
from hotspots.library.store import Library
from hotspots.sources import ons
from hotspots.sources.reports import Progress, ReadReport, silent
from hotspots.sources.web import Web

FOLDER: Final = "fetching"

_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def fetch(
    plan: Plan, library: Library, *, progress: Progress | None = None, web: Web | None = None
) -> list[ImportReport]:
    """
    What a plan says, brought down and imported; cut short, it goes on where it ended.

    Nothing is imported before everything is there and sound.

    Parameters
    ----------
    progress
        Told before each month and each page of wards.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was, and what has come is kept.
    """
    progress = progress or silent
    folder = library.folder.parent / FOLDER / plan.force
    waiting = "waiting for another fetch to finish"
    with _room(folder), locked(folder, lambda: progress(0, 0, waiting)), asking(web) as asks:
        folder.mkdir(parents=True, exist_ok=True)  # the one before may have cleared it away
        fetching = Download(plan, asks, folder, progress)
        files, notes = fetching.archived()
        answers = fetching.answered()
        if not files and not answers:
            raise SourceError(f"Nothing of {plan.name} came: {' '.join(notes)}")
        pages = fetching.wards(files)
        if pages:
            ons.read_many(pages)  # refused now rather than after the reports went in
        people, said = fetching.residents()
        notes += said
        done = []
        if files:
            done.append(import_police_uk(files, library, publisher="police_uk_archive"))
        if answers:
            done.append(import_answers(answers, plan, library))
        if pages:
            done.append(import_wards(pages, library, publisher="ons_services"))
        if people:
            done.append(import_population(people, library, publisher="small_area_residents"))
        done[0] = _with_notes(done[0], notes)
        shutil.rmtree(folder, ignore_errors=True)
    return done


def _with_notes(report: ImportReport, notes: Sequence[str]) -> ImportReport:
    return replace(report, read=report.read + ReadReport(notes=tuple(notes)))


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """What the disk says, in one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            told = (
                f"The disk is full: there is no room in {folder}; make room and fetch again, what "
                "has come is kept."
            )
        elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
            told = f"You have no permission to write in {folder}; name another data folder."
        else:
            told = f"{folder} cannot be written: {error.strerror or error}."
        raise LibraryError(told) from error
