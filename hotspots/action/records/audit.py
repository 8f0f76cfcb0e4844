"""
The audit trail: who did what, when and why, in lines that can be added and never changed.

Each line carries the hash of the one before it, so that a line taken out, put in or
altered behind the database's back breaks the chain at that place. Numbers have no gaps.
What is noted in a session is written last, with its commit: either both are there or
neither is.
"""

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from hotspots.action.records.tables import KINDS, Audit, clean
from hotspots.errors import SelectionError

# What the first line has instead of a line before it.
BEGINNING: Final = "0" * 64
# PostgreSQL's name for "one writer of the trail at a time": any number, always the same.
_TURN: Final = 0x0A5B_A0D1
_WAITING: Final = "notes of the audit trail"
_MOST_LETTERS_OF_A_NAME: Final = 200


def note(session: Session, kind: str, who: str, what: str, why: str = "", **details: Any) -> None:
    """
    Add a line to the audit trail, written when the session is committed.

    Parameters
    ----------
    session
        From `Records.session`.
    kind
        One of `KINDS`.
    who
        Name of the person; a line without one is refused.
    what
        What was done, in words that a reader of the trail understands on their own.
    why
        The reason given, where one was.
    details
        Anything that JSON can hold: identifiers, values before and after.

    Raises
    ------
    SelectionError
        When nobody's name is given, or a text is too long.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}.")
    name = clean(who, most=_MOST_LETTERS_OF_A_NAME)
    if not name:
        raise SelectionError("Give your name: the record says who made each change.")
    said = json.loads(json.dumps(details, allow_nan=False, ensure_ascii=True))
    session.info.setdefault(_WAITING, []).append(
        {"who": name, "kind": kind, "what": clean(what), "why": clean(why), "details": said}
    )


def broken_at(session: Session) -> int | None:
    """
    Number of the first line that does not follow from the one before it.

    Returns
    -------
    number
        From 1; None when the chain is whole. A line taken off the very end leaves no
        trace in the chain itself: keep `last_hash` elsewhere to see that too.
    """
    before = BEGINNING
    lines = session.scalars(select(Audit).order_by(Audit.id).execution_options(yield_per=500))
    with closing(lines):
        for number, line in enumerate(lines, start=1):
            if line.id != number or line.prev_hash != before or line.hash != _hash(_facts(line)):
                return number
            before = line.hash
    return None


def last_hash(session: Session) -> str:
    """Hash of the newest line; `BEGINNING` while there is none."""
    newest = select(Audit.hash).order_by(Audit.id.desc()).limit(1)
    return session.scalar(newest) or BEGINNING


def newest(
    session: Session, *, most: int | None = None, kind: str | None = None, by: str | None = None
) -> list[Audit]:
    """
    Newest lines of the trail, the newest first.

    Parameters
    ----------
    most
        At most this many; None = all of them.
    kind, by
        Only lines of this kind, and of this person.
    """
    wanted = select(Audit).order_by(Audit.id.desc()).limit(most)
    wanted = wanted if kind is None else wanted.where(Audit.kind == kind)
    wanted = wanted if by is None else wanted.where(Audit.who == by)
    return list(session.scalars(wanted))


def _facts(line: Audit) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": line.at,
        "who": line.who,
        "kind": line.kind,
        "what": line.what,
        "why": line.why,
        "details": line.details,
        "prev_hash": line.prev_hash,
    }


def _hash(facts: dict[str, Any]) -> str:
    """SHA-256 of a line's facts, the hash of the line before among them."""
    at = facts["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps({**facts, "at": at}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _write(session: Session) -> None:
    """
    Add what was noted, last of all and in turn.

    Everything else is flushed first, so that the turn is held only as long as a commit
    takes, and nobody who holds it waits for a row that somebody in the queue has locked.
    """
    waiting = session.info.pop(_WAITING, [])
    if not waiting:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))
    newest = session.execute(
        select(Audit.id, Audit.hash).order_by(Audit.id.desc()).limit(1)
    ).one_or_none()
    number, before = (newest.id, newest.hash) if newest else (0, BEGINNING)
    lines = []
    for facts in waiting:
        number += 1
        line = {**facts, "id": number, "at": datetime.now(UTC), "prev_hash": before}
        before = _hash(line)
        lines.append({**line, "hash": before})
    session.execute(insert(Audit), lines)


class RecordsSession(Session):
    """A session whose notes reach the audit trail with its commit, and not without it."""

    def rollback(self) -> None:
        """Undo what was done, and forget what was noted of it."""
        self.info.pop(_WAITING, None)
        super().rollback()


event.listen(RecordsSession, "before_commit", _write)
