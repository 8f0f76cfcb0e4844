"""
Files that belong to a plan or to one of its tasks.

They are kept in the records themselves, under the hash of their content: in no folder that
a web server could hand out, in every backup, and gone with the plan when that is erased.
They are only ever handed out as a file to save; nothing here opens or shows one.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots.action.file_kinds import kind_of, safe_name
from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.action.records import Base, Moment, Records, Words, note
from hotspots.errors import SelectionError

_MB: Final = 1_000_000
LARGEST: Final = 10 * _MB
OF_A_PLAN: Final = 50 * _MB
OF_ALL: Final = 500 * _MB
_NAME: Final = 120


class Attachment(Base):
    """One file; its content is gone once it is removed, and that it was there is kept."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Words(_NAME))
    kind: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(Words(_NAME))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by: Mapped[str] = mapped_column(Words(_NAME))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


def add(
    session: Session, plan: int, content: bytes, *, name: str, who: str, task: int | None = None
) -> Attachment:
    """
    Keep a file of a plan, or of one of its tasks.

    Parameters
    ----------
    session
        From `Records.session`.
    plan, task
        Which it belongs to.
    content
        The file; what it is is told from this.
    name
        As it was called; its ending is not believed.
    who
        Name of the person who adds it.

    Raises
    ------
    SelectionError
        When the plan is closed, the task is not the plan's, the file is of no kind that is
        kept, or there is no room for it.
    """
    held = session.get(Plan, plan)
    if held is None or held.status == CLOSED:
        raise SelectionError("A closed plan takes no more files.")
    if task is not None and task not in {one.id for one in held.tasks}:
        raise SelectionError(f"Task {task} is not a task of this plan.")
    if len(content) > LARGEST:
        most = size_in_words(LARGEST)
        raise SelectionError(f"The file has {size_in_words(len(content))}; at most {most} is kept.")
    kind = kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    kept = select(Attachment).where(Attachment.removed_at.is_(None))
    if session.scalars(kept.where(Attachment.plan_id == plan, Attachment.sha256 == digest)).first():
        raise SelectionError("This plan holds the same file already.")
    used = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.removed_at.is_(None)
    )
    here = int(session.scalar(used.where(Attachment.plan_id == plan)) or 0)
    if here + len(content) > OF_A_PLAN:
        raise SelectionError(
            f"The plan’s files may have {size_in_words(OF_A_PLAN)}; remove some first."
        )
    if int(session.scalar(used) or 0) + len(content) > OF_ALL:
        raise SelectionError(
            f"All files together may have {size_in_words(OF_ALL)}; remove some first."
        )
    row = Attachment(
        plan_id=plan,
        task_id=task,
        name=safe_name(name, kind),
        kind=kind.name,
        size=len(content),
        sha256=digest,
        added_at=datetime.now(UTC),
        added_by=who,
        removed_at=None,
        removed_by="",
        content=content,
    )
    session.add(row)
    session.flush()
    what = f"plan {plan}: file {row.id} added, {row.name} ({kind.name}, {size_in_words(row.size)})"
    note(session, "collection", who, what, plan=plan, file=row.id, sha256=digest)
    return row


def of_plan(session: Session, plan: int) -> list[Attachment]:
    """Files of a plan that are still kept, the oldest first, without their content."""
    wanted = select(Attachment).where(Attachment.plan_id == plan, Attachment.removed_at.is_(None))
    return list(session.scalars(wanted.order_by(Attachment.id)))


def take(records: Records, number: int, *, who: str, outside: str = "") -> bytes:
    """
    Hand out a file, once the trail says so.

    Parameters
    ----------
    records
        From `open_records`.
    number
        Of the file.
    who
        Who takes it.
    outside
        Agency of a partner who takes it: then it is a disclosure.

    Raises
    ------
    SelectionError
        When it is no longer kept, or is not what was kept.
    """
    with records.session() as session:
        row = session.get(Attachment, number)
        if row is None or row.removed_at is not None:
            raise SelectionError("This file is no longer kept.")
        content = session.scalar(select(Attachment.content).where(Attachment.id == number)) or b""
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise SelectionError("This file is not what was added: restore it from a backup.")
        kind = "disclosure" if outside else "consultation"
        to = f" to {outside}" if outside else ""
        what = f"plan {row.plan_id}: file {number} handed out{to}, {row.name}"
        note(session, kind, who, what, plan=row.plan_id, file=number, sha256=row.sha256)
    return content


def remove(session: Session, number: int, *, who: str) -> None:
    """
    Erase a file's content; that it was there, and who removed it, is kept.

    Copies in backups made before still hold it.
    """
    row = session.get(Attachment, number)
    if row is None or row.removed_at is not None:
        raise SelectionError("This file is no longer kept.")
    row.content, row.removed_at, row.removed_by = b"", datetime.now(UTC), who
    what = f"plan {row.plan_id}: file {number} removed, {row.name}"
    note(session, "erasure", who, what, plan=row.plan_id, file=number, sha256=row.sha256)


def size_in_words(size: int) -> str:
    """
    How large a file is.

    Examples
    --------
    >>> size_in_words(2_340_000), size_in_words(5_300)
    ('2.3 MB', '5 kB')
    """
    if size >= _MB / 10:
        return f"{size / _MB:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / 1000)):,} kB"
