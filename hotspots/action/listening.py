"""
Assemblies in the records: meetings, and what people say there, looked at one by one.

Marks are hexagons of a fixed grid, never points; nobody's name is asked for. Every answer
waits until somebody has looked at it, and is erased when its meeting's time is up.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pandas as pd
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots.action.records import Base, Moment, Records, Versioned, Words, clean, expect, note
from hotspots.action.resident_answer import MOST_ANSWERS, MOST_WORDS, Answer, AnswerError, checked
from hotspots.errors import SelectionError

KEPT_DAYS: Final = 90
WAITING, SHOWN, REFUSED = "waiting", "shown", "refused"
WAYS: Final = ("phone", "facilitator", "paper")
_NONCE: Final = re.compile(r"[0-9a-f]{32}")
_NOBODY: Final = "a resident"


class Meeting(Versioned, Base):
    """One assembly."""

    __tablename__ = "meeting"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(Words(120))
    area: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(Words(120))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    keep_until: Mapped[date] = mapped_column(Date)
    hexagons: Mapped[dict[str, str]] = mapped_column(JSON)
    picture: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(64))


class MeetingAnswer(Base):
    """What one person said."""

    __tablename__ = "meeting_answer"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'shown', 'refused')", "state"),
        CheckConstraint("way IN ('phone', 'facilitator', 'paper')", "way"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    way: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), index=True)
    marks: Mapped[list[str]] = mapped_column(JSON)
    priorities: Mapped[list[str]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Words(MOST_WORDS))


def open_meeting(
    records: Records,
    *,
    name: str,
    area: str,
    hexagons: Mapping[str, str],
    picture: str,
    by: str,
) -> str:
    """
    A meeting that people can answer; its id, which is also its address.

    Parameters
    ----------
    records
        Where it is kept.
    name, area
        As it is called, and the codes of the wards it is about, parted by spaces.
    hexagons
        What people call each of those that can be marked, by name.
    picture
        The map under them, drawn once.
    by
        Who opens it.
    """
    if not clean(name) or not clean(by):
        raise SelectionError("A meeting needs a name, and the name of who opens it.")
    now = datetime.now(UTC)
    key = secrets.token_hex(16)
    meeting = Meeting(
        id=key,
        name=name,
        area=area,
        opened_at=now,
        opened_by=by,
        closed_at=None,
        keep_until=now.date() + timedelta(days=KEPT_DAYS),
        hexagons=dict(hexagons),
        picture=picture,
        secret=secrets.token_hex(32),
    )
    if not meeting.hexagons:
        raise SelectionError("There is nothing to mark in this area; choose a ward.")
    with records.session() as session:
        session.add(meeting)
        note(session, "collection", by, f"meeting {key} opened: {name}", area=area)
    return key


def meetings(records: Records) -> pd.DataFrame:
    """Meetings, newest first: `name`, `area`, `opened_at`, `closed_at`, `version`, counts."""
    with records.reading() as session:
        rows = session.scalars(select(Meeting).order_by(Meeting.opened_at.desc())).all()
        counted = session.execute(
            select(MeetingAnswer.meeting_id, MeetingAnswer.state, func.count()).group_by(
                MeetingAnswer.meeting_id, MeetingAnswer.state
            )
        ).all()
        tally = {(meeting, state): number for meeting, state, number in counted}
        found = [
            {
                "id": one.id,
                "name": one.name,
                "area": one.area,
                "opened_at": one.opened_at,
                "closed_at": one.closed_at,
                "keep_until": one.keep_until,
                "version": one.version,
                **{s: tally.get((one.id, s), 0) for s in (WAITING, SHOWN, REFUSED)},
            }
            for one in rows
        ]
    columns = ["id", "name", "area", "opened_at", "closed_at", "keep_until", "version"]
    return pd.DataFrame(found, columns=[*columns, WAITING, SHOWN, REFUSED]).set_index("id")


def find(session: Session, meeting: str) -> Meeting:
    """
    One meeting.

    Raises
    ------
    SelectionError
        When there is none of that id.
    """
    found = session.get(Meeting, meeting) if _NONCE.fullmatch(meeting) else None
    if found is None:
        raise AnswerError("no_meeting", "There is no such meeting here; scan the code again.")
    return found


def take(
    records: Records, meeting: str, answers: Mapping[str, Answer], *, way: str, by: str = _NOBODY
) -> int:
    """
    Answers kept, to be looked at before anything of them is shown; how many were new.

    Parameters
    ----------
    records
        Where they are kept.
    meeting
        Id of an open meeting.
    answers
        By a number of 32 hexadecimal digits each; one that is known is not taken again.
    way
        Of `WAYS`.
    by
        Who puts them in.

    Raises
    ------
    SelectionError
        Saying what is wrong; then none is kept.
    """
    with records.session() as session:
        held = find(session, meeting)
        if held.closed_at is not None:
            raise AnswerError("ended", "This meeting has ended, so nothing more can be added.")
        known = set(
            session.scalars(select(MeetingAnswer.id).where(MeetingAnswer.id.in_(list(answers))))
        )
        number = session.scalar(
            select(func.count())
            .select_from(MeetingAnswer)
            .where(MeetingAnswer.meeting_id == meeting)
        )
        fresh = {key: answer for key, answer in answers.items() if key not in known}
        if (number or 0) + len(fresh) > MOST_ANSWERS:
            raise AnswerError(
                "full", f"This meeting holds {MOST_ANSWERS:,} answers and takes no more."
            )
        now = datetime.now(UTC)
        for key, answer in fresh.items():
            good = checked(answer, held.hexagons)
            session.add(
                MeetingAnswer(
                    id=key,
                    meeting_id=meeting,
                    at=now,
                    way=way,
                    state=WAITING,
                    marks=list(good.marks),
                    priorities=list(good.priorities),
                    words=good.words,
                )
            )
        if fresh:
            note(session, "collection", by, f"{len(fresh)} answers to meeting {meeting}", way=way)
    return len(fresh)


def answers(records: Records, meeting: str, state: str) -> pd.DataFrame:
    """Answers of a meeting in one state, oldest first: `marks`, `priorities`, `words`, `way`."""
    with records.reading() as session:
        rows = session.scalars(
            select(MeetingAnswer)
            .where(MeetingAnswer.meeting_id == meeting, MeetingAnswer.state == state)
            .order_by(MeetingAnswer.at, MeetingAnswer.id)
        ).all()
        found = [(one.id, one.marks, one.priorities, one.words, one.way) for one in rows]
    columns = ["id", "marks", "priorities", "words", "way"]
    return pd.DataFrame(found, columns=columns).set_index("id")


def moderate(
    records: Records, meeting: str, ids: Sequence[str], *, show: bool, by: str, why: str = ""
) -> None:
    """
    Answers that somebody looked at: to be shown, or not.

    Parameters
    ----------
    records, meeting
        Where they are kept.
    ids
        Of the answers.
    show
        Whether they may be shown.
    by, why
        Who decided, and why when they may not.
    """
    if not clean(by):
        raise SelectionError("Say who looked at the answers.")
    state = SHOWN if show else REFUSED
    with records.session() as session:
        find(session, meeting)
        rows = session.scalars(
            select(MeetingAnswer).where(
                MeetingAnswer.meeting_id == meeting, MeetingAnswer.id.in_(list(ids))
            )
        ).all()
        for row in rows:
            row.state = state
        note(session, "alteration", by, f"{len(rows)} answers to {meeting}: {state}", why)


def close(records: Records, meeting: str, *, by: str, version: int) -> None:
    """A meeting that takes no more answers."""
    with records.session() as session:
        held = expect(session, Meeting, meeting, version)
        held.closed_at = datetime.now(UTC)
        note(session, "alteration", by, f"meeting {meeting} closed")
