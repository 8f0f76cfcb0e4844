"""
What the API of data.police.uk said of a fetch's months, imported into the library.

Each month goes where a street file of the archive would, so that a later archive, which
has the corrected rows, takes its place.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import hotspots
from hotspots.library import months as month_files
from hotspots.library.atomic import changing
from hotspots.library.fetch_download import Answered
from hotspots.library.fetch_plan import Plan
from hotspots.library.journal import IMPORT, About
from hotspots.library.reports import Change, ImportReport, reports_of
from hotspots.library.store import Library
from hotspots.sources.publishers import known
from hotspots.sources.reports import Finding, ReadReport, listed
from hotspots.sources.street_csv import parse

_RAILWAY: Final = "the British Transport Police recorded them, and publish them as their own"


def import_answers(answers: Sequence[Answered], plan: Plan, library: Library) -> ImportReport:
    """
    What the API said into the library, in the place that a street file would take.

    All of the months go in or none.

    Raises
    ------
    HotspotsError
        In one sentence; the library is then as it was.
    """
    report = ReadReport()
    changes = []
    with changing(library.folder) as change:
        before = {
            month_files.name(held.force, held.month): held.rows
            for held in month_files.held(library.folder)
        }
        for one in answers:
            name = f"{one.month}-{plan.force} from the API"
            reading = parse(one.path.read_bytes(), name)
            report += reading.report
            railway = one.about["railway"]
            if railway:
                report += ReadReport(left_out={_RAILWAY: Finding(railway)})
            for rows in reading.rows:
                packed = month_files.packed(
                    rows,
                    known()["police_uk_api"],
                    files=[{"name": name, "sha256": one.about["sha256"]}],
                    read_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    importer=hotspots.__version__,
                )
                place = month_files.name(rows.force, rows.month)
                change.put(packed, place)
                now = rows.table.num_rows
                changes.append(Change(rows.force, rows.month, now, before.get(place)))
        files = tuple(
            (f"{one.month}-{plan.force} from the API", str(one.about["sha256"])) for one in answers
        )
        change.commit(
            about=About(
                IMPORT,
                reports_of(changes),
                files,
                rows=report.rows,
                left_out=listed(report),
                rows_of={month_files.name(one.force, one.month): one.counts for one in changes},
            )
        )
    return ImportReport(report, months=tuple(changes))
