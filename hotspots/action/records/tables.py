"""What every table of the records shares: its base, its columns' types, and its version."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from hotspots.errors import SelectionError

# What the Data Protection Act 2018, section 62, wants logged.
KINDS: Final = (
    "collection",
    "alteration",
    "consultation",
    "disclosure",
    "combination",
    "erasure",
)
# What a person types in a form, and no more.
MOST_LETTERS: Final = 2_000
_HASH_LETTERS: Final = 64
_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


class Base(DeclarativeBase):
    """Every table of the records; names of constraints are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Versioned:
    """
    A row that two people may edit: the second of them is told, and nothing is overwritten.

    The version goes up with every change; a change to a version that is no longer the
    newest is refused (see `hotspots.errors.ChangedMeanwhileError`).
    """

    version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Where SQLAlchemy finds the version."""
        return {"version_id_col": cls.version}


class Moment(TypeDecorator[datetime]):
    """An instant: written in UTC, to the microsecond, and read with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; SQLite, which keeps no zone, is given none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The same instant, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that a person typed: cleaned, and never longer than its column (see `clean`)."""

    impl = String
    cache_ok = True

    def __init__(self, most: int = MOST_LETTERS) -> None:
        super().__init__(most)
        self.most = most

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is kept of it."""
        del dialect
        return None if value is None else clean(value, most=self.most)


class Audit(Base):
    """One line of the audit trail; see `hotspots.action.records.audit`."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in KINDS)), "kind"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Words(200))
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(Words())
    why: Mapped[str] = mapped_column(Words())
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    prev_hash: Mapped[str] = mapped_column(String(_HASH_LETTERS))
    hash: Mapped[str] = mapped_column(String(_HASH_LETTERS))
    salt: Mapped[str] = mapped_column(String(_HASH_LETTERS), default="", server_default="")
    seal: Mapped[str] = mapped_column(String(_HASH_LETTERS), default="", server_default="")


def clean(text: str, *, most: int = MOST_LETTERS) -> str:
    r"""
    Text as it can be kept: trimmed, without what no database takes, and nothing unseen.

    Letters that steer a terminal, or turn the order that a text is read in, would let a name
    or a reason look like another. A line break that a word processor pasted stays one.

    Raises
    ------
    SelectionError
        When it has more letters than `most`: nothing is cut off unsaid.

    Examples
    --------
    >>> clean("  two\x00 youths\n")
    'two youths'
    >>> clean("\x1b[2Jone\x0btwo \u202eeerht")
    '[2Jone\ntwo eerht'
    """
    kept = _UNSEEN.sub("", _BREAKS.sub("\n", text)).encode(errors="replace").decode().strip()
    if len(kept) > most:
        raise SelectionError(
            f"A text has {len(kept):,} letters; keep it to {most:,}. Nothing was saved."
        )
    return kept
