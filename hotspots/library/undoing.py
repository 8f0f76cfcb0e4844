"""Going back: an import undone, months that are too old to keep purged."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from hotspots.errors import LibraryError
from hotspots.library import changes_made, journal, months
from hotspots.library.atomic import changing
from hotspots.library.journal import PURGE, UNDO, About, Entry
from hotspots.library.store import Library
from hotspots.sources.reports import count_of


@dataclass(frozen=True)
class Done:
    """
    What was undone or purged.

    Attributes
    ----------
    said
        In whole sentences.
    """

    said: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Everything a person should know."""
        return list(self.said)


def undo(library: Library, number: int, *, why: str) -> Done:
    """
    Bring the library back to what it was before a change, for the files of that change.

    Parameters
    ----------
    library
        The library.
    number
        Of the change, from `Library.journal`.
    why
        The reason, which the journal keeps.

    Raises
    ------
    LibraryError
        When there is no such change, it was undone or purged, or later changes of the same
        files stand in the way; then nothing was changed.
    """
    _reason(why)
    with changing(library.folder) as change:
        found = journal.entries(library.folder)
        entry = _undoable(found, number)
        kept = journal.before(library.folder, entry)
        for name, path in kept.items():
            change.put(path.read_bytes(), name)
        gone = [name for name in entry.put if name not in kept]
        about = About(UNDO, f"change {number}: {entry.about.what}", undoes=number, why=why.strip())
        change.commit(remove=gone, about=about)
    said = (
        f"Change {number} of {entry.when[:10]} by {entry.who} is undone: "
        f"{count_of(len(kept), 'file')} as before it, {count_of(len(gone), 'file')} taken "
        "away again."
    )
    return Done((said,))


def _undoable(found: Sequence[Entry], number: int) -> Entry:
    entry = next((one for one in found if one.number == number), None)
    if entry is None:
        raise LibraryError(f"There is no change {number}; `python -m hotspots journal` lists them.")
    if entry.about.action == UNDO:
        raise LibraryError(f"Change {number} undid another; import the files again instead.")
    if entry.about.action == PURGE:
        raise LibraryError(f"Change {number} was a purge, and is for good.")
    if number in changes_made.undone(found):
        raise LibraryError(f"Change {number} is already undone.")
    later = changes_made.in_the_way(found, number)
    if later:
        first = later[0]
        if first.about.action == PURGE:
            raise LibraryError(
                f"Some of what change {number} brought was purged on {first.when[:10]}, for good; "
                "import the months that you need again instead."
            )
        raise LibraryError(
            f"Change {first.number} ({first.about.what or first.about.action}, {first.when[:10]}) "
            f"changed the same files after change {number}; undo it first."
        )
    return entry


def purge(
    library: Library, before: pd.Period, *, why: str, sources: Iterable[str] | None = None
) -> Done:
    """
    Delete months older than they may be kept, and every copy kept for undoing.

    Parameters
    ----------
    library
        The library.
    before
        The first month that stays.
    why
        The rule or the reason, which the journal keeps.
    sources
        Names of sources; None = all.

    Returns
    -------
    done
        A purge cannot be undone.
    """
    _reason(why)
    wanted = None if sources is None else set(sources)
    with changing(library.folder) as change:
        leaving = [
            one
            for one in months.held(library.folder)
            if one.month < before and (wanted is None or one.note["source"] in wanted)
        ]
        names = [str(one.path.relative_to(library.folder)) for one in leaving]
        rows = sum(one.rows for one in leaving)
        if names:
            what = f"{count_of(len(names), 'month')} before {before}, {count_of(rows, 'row')}"
            change.commit(remove=names, about=About(PURGE, what, rows=rows, why=why.strip()))
    if not names:
        return Done((f"Nothing is held from before {before}; nothing was purged.",))
    return Done(
        (f"Purged {what}, for good. Records of decisions and patrols are kept apart from these.",)
    )


def _reason(why: str) -> None:
    if not re.search(r"\w", why):  # a reason of letters that nobody sees is none
        raise LibraryError("Say why in a few words; the journal keeps it. Nothing was changed.")
