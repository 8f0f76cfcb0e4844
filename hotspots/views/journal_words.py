"""What changed the library, in words and as tables."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from hotspots.library import changes_made, journal
from hotspots.library.journal import Entry
from hotspots.views.wording import count

_ACTIONS: Final = {
    journal.IMPORT: "Imported",
    journal.UNDO: "Undone",
    journal.FORGET: "Removed",
    journal.PURGE: "Purged",
    journal.CHANGE: "Changed",
}
# A hash is told from another by its first letters; the file has all of them.
_LETTERS: Final = 12
# Files named in a cell; the file names all.
_FILES: Final = 3


def changes(entries: Sequence[Entry]) -> pd.DataFrame:
    """Changes as a reader sees them, the newest first, indexed by number."""
    gone = changes_made.undone(entries)
    return pd.DataFrame(
        {
            "When": [one.when[:16].replace("T", " ") for one in entries],
            "Who": [one.who for one in entries],
            "What": [_what(one) for one in entries],
            "Rows read": [f"{one.about.rows:,}" if one.about.rows else "" for one in entries],
            "Rows left out": [_left_out(one) for one in entries],
            "From": [_files(one) for one in entries],
            "State": [_state(one, entries, gone) for one in entries],
        },
        dtype="str",
    ).set_axis(pd.Index([one.number for one in entries], name="No."))


def _what(one: Entry) -> str:
    said = f"{_ACTIONS.get(one.about.action, 'Changed')} {one.about.what}".strip()
    return f"{said} ({one.about.why})" if one.about.why else said


def _left_out(one: Entry) -> str:
    rows = sum(rows for rows, _ in one.about.left_out.values())
    return f"{rows:,}" if rows else ""


def _files(one: Entry) -> str:
    named = [f"{name} ({digest[:_LETTERS]}…)" for name, digest in one.about.files[:_FILES]]
    more = len(one.about.files) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _state(one: Entry, entries: Sequence[Entry], gone: dict[int, int]) -> str:
    if one.number in gone:
        return f"undone by {gone[one.number]}"
    if one.about.action in {journal.UNDO, journal.PURGE}:
        return "for good"
    if not one.kept:
        return "too old to undo"
    later = changes_made.in_the_way(entries, one.number)
    return f"under change {later[0].number}" if later else "can be undone"


def can_be_undone(entries: Sequence[Entry]) -> dict[int, str]:
    """Number of each change that nothing stands in the way of undoing, and what it was."""
    gone = changes_made.undone(entries)
    return {
        one.number: f"{one.number}: {_what(one)}, {one.when[:16].replace('T', ' ')}, {one.who}"
        for one in entries
        if one.kept
        and one.number not in gone
        and one.about.action not in {journal.UNDO, journal.PURGE}
        and not changes_made.in_the_way(entries, one.number)
    }


def for_file(entries: Sequence[Entry]) -> pd.DataFrame:
    """Every change and file in full, one row for each file that was read."""
    rows = [
        {
            "number": one.number,
            "when_utc": one.when,
            "who": one.who,
            "action": one.about.action,
            "what": one.about.what,
            "why": one.about.why,
            "undoes": one.about.undoes or "",
            "mapping": one.about.mapping,
            "rows_read": one.about.rows,
            "file": name,
            "sha256": digest,
            "changed": "; ".join(one.names),
        }
        for one in entries
        for name, digest in (one.about.files or (("", ""),))
    ]
    columns = [
        "number", "when_utc", "who", "action", "what", "why", "undoes", "mapping", "rows_read",
        "file", "sha256", "changed",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.set_index("number")


def left_out(entry: Entry) -> pd.DataFrame:
    """Rows that a change left out, one by one, and why; of very many the first 10,000."""
    rows: list[dict[str, str]] = []
    for reason, (number, where) in entry.about.left_out.items():
        rows += [{"row": place, "why": reason} for place in where]
        if number > len(where):
            more = f"{count(number - len(where), 'more row')} not named one by one"
            rows.append({"row": more, "why": reason})
    table = pd.DataFrame(rows, columns=["row", "why"], dtype="str")
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="number"))
