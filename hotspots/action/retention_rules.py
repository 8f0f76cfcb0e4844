"""
How long each kind of record is kept: rules that come along, and a force's own beside them.

Section 62 of the Data Protection Act 2018 has erasure logged; how long is long enough is
for a force to say, so every number here is one that it can change.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hotspots.errors import LibraryError

FILE: Final = "retention.toml"
BUNDLED: Final = Path(__file__).with_name(FILE)
# Kinds of record, in the order that they are shown, and from when their time is counted.
KINDS: Final = {
    "reports": ("Reports that are not open data", "the end of their month"),
    "visits": ("Visits", "the end of the month they were made in"),
    "weeks": ("Plans of weeks", "the end of the month the week began in"),
    "tests": ("Fair tests", "the end of the month of their last week"),
    "edits": ("Changes of patrol areas that were taken back", "the end of the month of that"),
    "plans": ("Plans, with all that belongs to them", "the day the plan closed"),
    "tasks": ("Tasks", "the day the plan closed"),
    "comments": ("Comments", "the day the plan closed"),
    "minutes": ("Decisions of meetings", "the day the plan closed"),
    "attachments": ("Files of plans", "the day the plan closed"),
    "risk": ("Risk assessments", "the day each names itself"),
    "answers": ("Answers of residents", "the day the meeting was opened"),
    "meetings": ("Assemblies", "the day the meeting was opened"),
    "reviews": ("Records drawn for review", "the end of the month they were drawn in"),
    "doubles": ("Decisions on doubles", "the end of the month they were made in"),
    "breaks": ("Named changes of recording", "the end of the month they were named in"),
    "extracts": ("Files given to partners", "the day the agreement expired"),
    "trail": ("Words of the audit trail", "the end of their month"),
    "backups": ("Backups", "the day each was made"),
}
_LONGEST: Final = 36_525
_KNOWN: Final = {"days", "why", "promised"}


@dataclass(frozen=True)
class Rule:
    """
    How long one kind of record is kept.

    Attributes
    ----------
    kind
        One of `KINDS`.
    days
        From what `KINDS` says.
    why
        The reason.
    promised
        Whether it goes without anybody's review, because somebody was promised so.
    """

    kind: str
    days: int
    why: str
    promised: bool = False

    @property
    def name(self) -> str:
        """Name of the kind of record."""
        return KINDS[self.kind][0]


def open_rules(folder: Path) -> dict[str, Rule]:
    """
    The rule for each of `KINDS`: a force's own, where it has one, or the one that comes along.

    Parameters
    ----------
    folder
        The data folder.

    Raises
    ------
    LibraryError
        Naming everything that cannot be used: then nothing is erased.
    """
    told = _read(BUNDLED)
    if (folder / FILE).exists():
        told |= _read(folder / FILE)
    return {kind: Rule(kind=kind, **told[kind]) for kind in KINDS}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LibraryError(f"{FILE} cannot be read ({error}): nothing is erased.") from error
    found.pop("version", None)
    wrong = [f"“{kind}” is not a kind of record" for kind in sorted(set(found) - set(KINDS))]
    for kind in set(found) & set(KINDS):
        wrong += [f"{kind} {fault}" for fault in _faults(found[kind])]
    if wrong:
        raise LibraryError(f"{FILE} cannot be used, and nothing is erased: {'; '.join(wrong)}.")
    return found


def _faults(entry: object) -> list[str]:
    if not isinstance(entry, Mapping):
        return ["is not a table"]
    faults = [f"has “{name}”, which is not known" for name in sorted(set(entry) - _KNOWN)]
    days, why, promised = entry.get("days"), entry.get("why"), entry.get("promised", False)
    if type(days) is not int or not 0 <= days <= _LONGEST:
        faults.append(f"needs days, from 0 to {_LONGEST:,}")
    if not isinstance(why, str) or not why.strip():
        faults.append("needs a reason, as why")
    if not isinstance(promised, bool):
        faults.append("is promised or not, true or false")
    return faults
