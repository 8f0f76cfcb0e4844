"""Every look at reports that are not open to everybody, in the audit trail."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hotspots.action.records import note, open_records
from hotspots.settings import OPEN_SOURCES

CHECKING: Final = "Checking how reports are recorded"
# Section 62 of the Data Protection Act 2018 wants the justification of each look; these are
# offered, and any other can be typed.
REASONS: Final = (
    "Finding where to patrol",
    "A problem-solving plan, or its review",
    "Advising a partner, or a meeting with partners",
    CHECKING,
    "A complaint, or a request for information",
)


def restricted(sources: Iterable[str]) -> tuple[str, ...]:
    """
    Sources whose reports are not open to everybody.

    Examples
    --------
    >>> restricted(["police.uk", "Crewe council"])
    ('Crewe council',)
    """
    return tuple(sorted(set(sources) - OPEN_SOURCES))


def consulted(
    folder: Path, sources: Iterable[str], *, who: str, how: str, data: str, why: str
) -> bool:
    """
    Note that somebody looked at restricted reports; whether there was anything to note.

    Parameters
    ----------
    folder
        The data folder.
    sources
        Of the reports that they could see.
    who
        Name of the person.
    how
        In a few words: on the pages, by which command.
    data
        Identity of the data.
    why
        The justification that they gave.

    Raises
    ------
    RecordsError
        When it cannot be noted; then nothing should be shown either.
    """
    named = restricted(sources)
    if not named:
        return False
    with open_records(folder).session() as session:
        what = f"Looked at reports of {', '.join(named)} {how}"
        note(session, "consultation", who, what, why, sources=list(named), data=data)
    return True
