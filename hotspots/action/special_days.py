"""Lists of days that a user brought, kept in the data folder: one CSV file a list."""

import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import pandas as pd

from hotspots.action.records import note, open_records
from hotspots.errors import RecordsError, SourceError
from hotspots.sources import day_lists

_FOLDER: Final = "days"
# More lists than this are not drawn apart by anybody.
MOST: Final = 20
_LONGEST_NAME: Final = 60


def keep(folder: Path, content: bytes, *, file: str, who: str) -> str:
    """
    A list kept from now on, in the place of one of the same name; noted in the audit trail.

    Parameters
    ----------
    folder
        The data folder.
    content, file
        As for `day_lists.read_day_list`.
    who
        Name of the person.

    Returns
    -------
    name
        By which it is held.

    Raises
    ------
    SourceError, RecordsError
        In one sentence; what is kept is then as it was.
    """
    days = day_lists.read_day_list(content, file=file)
    name, known = _name(file), held(folder)
    if name not in known and len(known) >= MOST:
        raise SourceError(f"{MOST} lists of days are kept already; remove one first.")
    with open_records(folder).session() as session:
        note(session, "collection", who, f"Kept the list of days “{name}”", rows=len(days))
        _write(folder / _FOLDER, f"{name}.csv", content)
    return name


def held(folder: Path) -> list[str]:
    """Names of the lists held, in order."""
    return sorted(path.stem for path in (folder / _FOLDER).glob("*.csv"))


def remove(folder: Path, name: str, *, who: str) -> None:
    """
    A list taken out; noted in the audit trail.

    Raises
    ------
    RecordsError
        When no list of that name is held.
    """
    if name not in held(folder):
        raise RecordsError("No list of days of that name is kept.")
    with open_records(folder).session() as session:
        note(session, "erasure", who, f"Removed the list of days “{name}”")
        (folder / _FOLDER / f"{name}.csv").unlink(missing_ok=True)


def named_days(folder: Path) -> dict[str, pd.PeriodIndex]:
    """
    Every day of every list held, by the name that stands beside it.

    Raises
    ------
    SourceError
        Naming a list that cannot be read any more.
    """
    found: dict[str, pd.PeriodIndex] = {}
    for name in held(folder):
        content = (folder / _FOLDER / f"{name}.csv").read_bytes()
        for title, days in day_lists.named_days(content, file=name).items():
            found[title] = found[title].union(days) if title in found else days
    return found


def _write(folder: Path, name: str, content: bytes) -> None:
    """The whole file or none of it, whenever the machine stops."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
            target.write(content)
        Path(target.name).replace(folder / name)
    except OSError as error:
        with suppress(OSError, UnboundLocalError):
            Path(target.name).unlink(missing_ok=True)
        raise RecordsError(f"The list cannot be kept ({error.strerror}).") from error


def _name(file: str) -> str:
    """
    Name of a file as it is held: letters and figures, whatever it was called.

    Examples
    --------
    >>> _name("../School terms 2025.csv"), _name("....")
    ('school-terms-2025', 'days')
    """
    words = re.findall(r"[a-z0-9]+", Path(file).name.casefold().removesuffix(".csv"))
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "days"
