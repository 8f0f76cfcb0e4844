"""Sentences and tables about the audit trail."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from hotspots.action.records import Audit, is_blank
from hotspots.views import wording

NOTHING: Final = "Nothing has been recorded yet"
TRAIL: Final = (
    "Each line is there for good, and carries a seal made from the line before it: collection, "
    "alteration, consultation, disclosure, combination and erasure, as section 62 of the Data "
    "Protection Act 2018 asks. What a line says may be erased by rule, and a later line then "
    "names it. `python -m hotspots audit verify` checks the same."
)
ERASED: Final = "(what it said was erased)"
BROKEN: Final = (
    "A line was changed, added or taken out by something other than the dashboard. Compare the "
    "trail with a backup from before, and treat what came after as unproven."
)


def finding(lines: Sequence[Audit], broken: int | None) -> str:
    """
    What the trail holds and whether it is whole; the newest line is the first.

    Examples
    --------
    >>> finding([], None)
    'The audit trail is whole, and has no line yet'
    """
    if broken is not None:
        return f"The audit trail is broken at line {broken:,}"
    if not lines:
        return "The audit trail is whole, and has no line yet"
    return f"The audit trail is whole: {wording.count(len(lines), 'line')}"


def lines(trail: Sequence[Audit]) -> pd.DataFrame:
    """Lines of the trail as a table, in the order given."""
    rows = [
        {
            "No.": line.id,
            "When (UTC)": f"{line.at:%Y-%m-%d %H:%M:%S}",
            "Kind": line.kind,
            "Who": line.who,
            "What": ERASED if is_blank(line) else line.what,
            "Why": line.why,
        }
        for line in trail
    ]
    columns = ["No.", "When (UTC)", "Kind", "Who", "What", "Why"]
    return pd.DataFrame(rows, columns=columns).set_index("No.")
