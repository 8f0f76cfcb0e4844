"""
The audit trail: who did what, when and why, in lines that can be added and never changed.

Each line carries the hash of the one before it, so that a line taken out, put in or
altered behind the database's back breaks the chain at that place. Numbers have no gaps.
What is noted in a session is written last, with its commit: either both are there or
neither is.

What a line says (`what`, `why`, `details`) may have to be erased one day, and the chain must
hold without it. So the chain is made over a seal of the words and not over the words: the
seal is a digest of them with a random salt, which is erased with them, so that no guess at
them can be tried out afterwards. Number, time, name and kind of a line stay. Words that are
gone are in order when a later line of erasure names the line, and a break when none does.
Lines from before there were seals are chained over their words; those can be erased too, but
a guess at the words of one could still be tried against its hash.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from hotspots.action.records.tables import KINDS, Audit, clean
from hotspots.errors import SelectionError

# What the first line has instead of a line before it.
BEGINNING: Final = "0" * 64
# PostgreSQL's name for "one writer of the trail at a time": any number, always the same.
_TURN: Final = 0x0A5B_A0D1
_WAITING: Final = "notes of the audit trail"
ERASURE: Final = "erasure"
# Where a line of erasure names the lines whose words went.
ERASED: Final = "erased"
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
    without: dict[int, str] = {}
    named: set[tuple[int, str]] = set()
    lines = session.scalars(select(Audit).order_by(Audit.id).execution_options(yield_per=500))
    with closing(lines):
        for number, line in enumerate(lines, start=1):
            if line.id != number or line.prev_hash != before or not _sound(line):
                return number
            if is_blank(line):
                without[number] = _mark(line)
            elif line.kind == ERASURE:
                said = line.details.get(ERASED, {})
                named |= {(int(one), mark) for one, mark in said.items() if int(one) < number}
            before = line.hash
    lost = (number for number, mark in without.items() if (number, mark) not in named)
    return min(lost, default=None)


def is_blank(line: Audit) -> bool:
    """Whether the words of a line were erased."""
    return not (line.what or line.why or line.details or line.salt)


def blank(session: Session, lines: Iterable[Audit]) -> dict[str, str]:
    """
    Erase what lines of the trail say; their numbers, times, names, kinds and seals stay.

    Parameters
    ----------
    session
        From `Records.session`.
    lines
        Of the trail. A line of erasure is passed over: it is what shows that the rest was
        erased and not lost.

    Returns
    -------
    erased
        To be given as `erased` to the `note` of the erasure, without which the chain counts
        as broken.
    """
    leaving = [line for line in lines if line.kind != ERASURE and not is_blank(line)]
    erased = {str(line.id): _mark(line) for line in leaving}
    for line in leaving:
        session.execute(
            update(Audit)
            .where(Audit.id == line.id)
            .values(what="", why="", details={}, salt="")
            .execution_options(synchronize_session=False)
        )
    return erased


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


def _sound(line: Audit) -> bool:
    """Whether a line's hash, and its seal, are those of what it says, as far as it is there."""
    if not line.seal:
        return is_blank(line) or line.hash == _hash({**_outside(line), **_words(line)})
    whole = line.hash == _hash({**_outside(line), "seal": line.seal})
    return whole and (is_blank(line) or line.seal == _seal(line.salt, _words(line)))


def _outside(line: Audit) -> dict[str, Any]:
    """Facts of a line that are never erased."""
    names = ("id", "at", "who", "kind", "prev_hash")
    return {name: getattr(line, name) for name in names}


def _words(line: Audit) -> dict[str, Any]:
    return {"what": line.what, "why": line.why, "details": line.details}


def _mark(line: Audit) -> str:
    """What ties a line without words to the line that names it: nothing more is hashed of it."""
    return _hash({**_outside(line), "hash": line.hash})


def _hash(facts: dict[str, Any]) -> str:
    """SHA-256 of a line's facts, the hash of the line before among them."""
    at = facts["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(_as_text({**facts, "at": at})).hexdigest()


def _seal(salt: str, words: dict[str, Any]) -> str:
    return hashlib.sha256(_as_text({**words, "salt": salt})).hexdigest()


def _as_text(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


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
        words = {name: facts[name] for name in ("what", "why", "details")}
        salt = secrets.token_hex(16)
        outside = {
            "id": number,
            "at": datetime.now(UTC),
            "who": facts["who"],
            "kind": facts["kind"],
            "prev_hash": before,
            "seal": _seal(salt, words),
        }
        before = _hash(outside)
        lines.append({**outside, **words, "salt": salt, "hash": before})
    session.execute(insert(Audit), lines)


class RecordsSession(Session):
    """A session whose notes reach the audit trail with its commit, and not without it."""

    def rollback(self) -> None:
        """Undo what was done, and forget what was noted of it."""
        self.info.pop(_WAITING, None)
        super().rollback()


event.listen(RecordsSession, "before_commit", _write)
