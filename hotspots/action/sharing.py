"""
What is shared with partners: agreements, the extract that each allows, and their answers.

`agreements.toml` in the data folder, written by whoever may agree:

    [[agreement]]
    agency = "Crewe council"
    recipient = "Community safety team"
    basis = "Crime and Disorder Act 1998, section 115"
    expires = 2027-03-31
    sources = ["police.uk", "Cheshire calls"]
    areas = ["authority:E06000049"]
    fields = ["street", "qualifier"]
    square_m = 100

An agreement shares what it names and nothing else, until it expires: in the pages of the
agency's own people, and as a file. Each file that is written is a line of the audit trail.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely
from sqlalchemy.orm import Session

from hotspots.action import records, tasks
from hotspots.action.plan_tables import Task
from hotspots.errors import DeniedError, LibraryError, SelectionError
from hotspots.study import Dataset
from hotspots.study.sight import FIELDS, Grant, Sight, seen

FILE: Final = "agreements.toml"
_TEXTS: Final = ("agency", "recipient", "basis")
_LISTS: Final = ("sources", "areas", "fields")
_KNOWN: Final = {*_TEXTS, *_LISTS, "expires", "square_m"}
_COARSEST_M: Final = 10_000
# Columns of an extract that every report has.
ALWAYS: Final = ("source", "month", "category", "easting", "northing")
ANSWER: Final = ("task", "status")


@dataclass(frozen=True)
class Agreement:
    """
    What one agency may have.

    Attributes
    ----------
    agency, recipient
        Whose it is, and who there receives it.
    basis
        The law or agreement it rests on.
    expires
        The last day it holds.
    grant
        Which reports, where, in which fields and how exactly.
    """

    agency: str
    recipient: str
    basis: str
    expires: date
    grant: Grant

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return day <= self.expires


def read_agreements(folder: Path) -> tuple[Agreement, ...]:
    """
    Agreements of a data folder; none when there is no file.

    Raises
    ------
    LibraryError
        Naming everything that cannot be used: then nothing is shared.
    """
    try:
        found = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise LibraryError(f"{FILE} cannot be read ({error}): nothing is shared.") from error
    entries = found.get("agreement", [])
    wrong = [f"“{name}” is not known" for name in sorted(set(found) - {"agreement"})]
    if not isinstance(entries, list):
        wrong.append("agreements are written as [[agreement]]")
        entries = []
    for number, entry in enumerate(entries, start=1):
        wrong += [f"agreement {number} {fault}" for fault in _faults(entry)]
    if wrong:
        raise LibraryError(f"{FILE} cannot be used, and nothing is shared: {'; '.join(wrong)}.")
    return tuple(_agreement(entry) for entry in entries)


def _faults(entry: Mapping[str, Any]) -> list[str]:
    faults = [f"has “{name}”, which is not known" for name in sorted(set(entry) - _KNOWN)]
    faults += [
        f"needs {name}"
        for name in _TEXTS
        if not isinstance(entry.get(name), str) or not entry[name].strip()
    ]
    if type(entry.get("expires")) is not date:
        faults.append("needs a day that it expires on, such as 2027-03-31")
    faults += [
        f"needs a list of {name}"
        for name in _LISTS
        if not isinstance(entry.get(name), list) or not all(isinstance(n, str) for n in entry[name])
    ]
    if not faults and (strange := sorted(set(entry["fields"]) - set(FIELDS))):
        faults.append(f"shares {', '.join(strange)}, which are none of {', '.join(FIELDS)}")
    side = entry.get("square_m", 0)
    if type(side) is not int or not 0 <= side <= _COARSEST_M:
        faults.append(f"needs square_m between 0 and {_COARSEST_M}")
    return faults


def _agreement(entry: Mapping[str, Any]) -> Agreement:
    grant = Grant(
        sources=frozenset(entry["sources"]),
        hidden=frozenset(FIELDS) - set(entry["fields"]),
        square_m=entry.get("square_m", 0),
        areas=frozenset(entry["areas"]),
    )
    return Agreement(entry["agency"], entry["recipient"], entry["basis"], entry["expires"], grant)


def in_force(agreements: tuple[Agreement, ...], agency: str, day: date) -> tuple[Agreement, ...]:
    """Agreements with an agency that hold on a day."""
    return tuple(each for each in agreements if each.agency == agency and each.holds(day))


def extract(dataset: Dataset, agreement: Agreement, *, day: date) -> pd.DataFrame:
    """
    The reports that an agreement shares, one row each, with no column but those it names.

    Raises
    ------
    DeniedError
        When the agreement has expired, or shares nothing that is loaded.
    """
    if not agreement.holds(day):
        raise DeniedError(
            f"The agreement with {agreement.agency} expired on {agreement.expires:%d %B %Y}."
        )
    rows = seen(dataset, Sight((agreement.grant,))).incidents
    places = shapely.get_coordinates(rows.geometry.to_numpy(), include_z=False)
    placed = ~shapely.is_missing(rows.geometry.to_numpy())
    table = pd.DataFrame(rows[["source", "month", "category"]]).astype("str")
    for at, name in enumerate(("easting", "northing")):
        table[name] = pd.Series(places[:, at], index=rows.index[placed]).reindex(rows.index)
    for name in FIELDS:
        if name not in agreement.grant.hidden:
            table[name] = rows[name].astype("object").where(rows[name].notna(), "").astype("str")
    return table.reset_index(drop=True)


def disclosed(session: Session, agreement: Agreement, rows: int, *, who: str, data: str) -> None:
    """Note in the trail what was written for whom, and why it may be."""
    records.note(
        session,
        "disclosure",
        who,
        f"extract for {agreement.agency}, {agreement.recipient}: {rows:,} reports",
        agreement.basis,
        sources=sorted(agreement.grant.sources or ()),
        fields=sorted(set(FIELDS) - agreement.grant.hidden),
        areas=sorted(agreement.grant.areas or ()),
        square_m=agreement.grant.square_m,
        expires=agreement.expires.isoformat(),
        data=data,
    )


def answered(session: Session, answer: pd.DataFrame, *, agency: str, who: str) -> int:
    """
    Bring in a partner's answer: the status of its own tasks, all of them or none.

    Parameters
    ----------
    session
        From `Records.session`.
    answer
        Columns `task` (number) and `status`, as text.
    agency
        Whose answer it is; a task of another agency is refused.
    who
        Name of the person who brings it in.

    Returns
    -------
    moved
        Tasks whose status changed.

    Raises
    ------
    SelectionError
        Naming every row that cannot be used.
    """
    if missing := sorted(set(ANSWER) - set(answer.columns)):
        raise SelectionError(f"The answer has no column {' and no column '.join(missing)}.")
    wrong, meant = [], []
    for number, row in enumerate(answer.to_dict("records"), start=2):
        text = str(row["task"]).strip()
        task = session.get(Task, int(text)) if text.isascii() and text.isdigit() else None
        if task is None or task.agency != agency:
            wrong.append(f"row {number}: {agency} has no task “{text[:20]}”")
        else:
            meant.append((task, str(row["status"]).strip().casefold()))
    if wrong:
        raise SelectionError(f"Nothing was brought in: {'; '.join(wrong[:10])}.")
    moved = [task for task, status in meant if task.status != status]
    for task, status in meant:
        tasks.move(session, task.id, task.version, who=who, status=status)
    return len(moved)
