"""
The review queue: what is past its time, what is kept longer and why, and its erasure.

An erasure is whole: the rows go, what lines of the trail said of them goes while the chain
holds, the files are written anew and searched for what they held, and the backups that
still hold it are named. It is a line of the trail itself, with its reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Date, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotspots import library
from hotspots.action.records import (
    ERASED,
    ERASURE,
    Base,
    Moment,
    Records,
    Words,
    blank,
    clean,
    note,
)
from hotspots.action.records import backups as copies
from hotspots.action.records.backups import Backup
from hotspots.action.records.scrubbing import scrub
from hotspots.action.retention_piles import Pile, due_in_records
from hotspots.action.retention_rules import KINDS, Rule, open_rules
from hotspots.action.retention_taking import lines_about, take, written_in
from hotspots.errors import SelectionError
from hotspots.settings import OPEN_SOURCES
from hotspots.sources.reports import count_of

# Kinds that are kept beside the database, and so are not taken out of it.
_ELSEWHERE: Final = {"reports", "backups"}


class KeptLonger(Base):
    """A decision to keep something past its time, until a day and for a reason."""

    __tablename__ = "kept_longer"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    until: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(Words())
    who: Mapped[str] = mapped_column(Words(200))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Queue:
    """
    What waits for a decision, and what was decided to be kept.

    Attributes
    ----------
    waiting
        In the order of `KINDS`, the longest due first.
    kept
        What is kept longer: until when, by whom and why.
    """

    waiting: tuple[Pile, ...]
    kept: tuple[tuple[Pile, KeptLonger], ...]


def queue(records: Records | None, folder: Path, today: date) -> Queue:
    """
    What is past its time.

    Parameters
    ----------
    records
        None where nothing was ever recorded.
    folder
        The data folder: of the reports, and of a force's own rules.
    today
        The day it is looked at.
    """
    rules = open_rules(folder)
    found = _reports(folder, rules["reports"], today)
    held: dict[tuple[str, str], KeptLonger] = {}
    if records is not None:
        with records.reading() as session:
            found += due_in_records(session, rules, today)
            held = _kept(session, today)
        found += _backups(records, rules["backups"], today)
    order = list(KINDS)
    found.sort(key=lambda pile: (order.index(pile.kind), pile.due, pile.key))
    return Queue(
        tuple(pile for pile in found if (pile.kind, pile.key) not in held),
        tuple((pile, held[pile.kind, pile.key]) for pile in found if (pile.kind, pile.key) in held),
    )


def keep(
    records: Records, piles: Sequence[Pile], *, until: date, who: str, why: str, today: date
) -> None:
    """
    Keep something past its time; it is due again on a day.

    Raises
    ------
    SelectionError
        When no reason is given, or the day is not after today.
    """
    _reason(why)
    if until <= today:
        raise SelectionError("Name a day after today on which it is looked at again.")
    with records.session() as session:
        for pile in piles:
            session.add(
                KeptLonger(
                    kind=pile.kind,
                    key=pile.key,
                    until=until,
                    why=why,
                    who=who,
                    at=datetime.now(UTC),
                )
            )
            what = f"Kept until {until}, past its rule: {pile.what}"
            note(session, "alteration", who, what, why, kept=pile.kind, key=pile.key)


def erase(
    records: Records,
    folder: Path,
    piles: Sequence[Pile],
    *,
    who: str,
    why: str,
    today: date,
) -> list[str]:
    """
    Erase what is past its time, for good.

    Parameters
    ----------
    records, folder
        Where it is: the records, and the data folder.
    piles
        From `queue`; one that is not due any more is refused, and then nothing is erased.
    who, why
        Who decided, and why.
    today
        The day it is decided.

    Returns
    -------
    said
        What was erased, the proof of it, and the backups that still hold it.

    Raises
    ------
    SelectionError
        When no reason or name is given, or something asked for is not due.
    RecordsError
        When it is gone from the records, but not yet from the disk.
    """
    _reason(why)
    if not clean(who):
        raise SelectionError("Give your name: the record says who erased it.")
    waiting = set(queue(records, folder, today).waiting)
    if gone := [pile.what for pile in piles if pile not in waiting]:
        raise SelectionError(
            f"Not due, or changed since, so nothing was erased: {'; '.join(gone[:5])}."
        )
    asked: dict[str, list[Pile]] = defaultdict(list)
    for pile in piles:
        asked[pile.kind].append(pile)
    made = copies.backups(records)
    texts = _from_records(records, asked, who=who, why=why)
    rules = open_rules(folder)
    for pile in asked.get("reports", ()):
        before = _first_kept(rules["reports"], today)
        library.purge(library.Library(folder), before, why=why, sources=[pile.key])
    deleted = {pile.key for pile in asked.get("backups", ())}
    for backup in made:
        if str(backup.path) in deleted:
            copies.delete(records, backup)
    said = [f"Erased: {_listed(piles)}."]
    left = [one for one in made if str(one.path) not in deleted]
    if set(asked) - {"backups", "extracts"}:
        if set(asked) - {*_ELSEWHERE, "extracts"}:
            said.append(scrub(records, texts).sentence())
        said.append(still_in(left, rules["backups"]))
        with records.session() as session:
            note(session, ERASURE, who, "Proof of the erasure", " ".join(said[1:])[:2000])
    return said


def promised(records: Records, folder: Path, today: date) -> list[str]:
    """Erase what somebody was promised would go by itself; what was done, if anything."""
    rules = open_rules(folder)
    due = [pile for pile in queue(records, folder, today).waiting if rules[pile.kind].promised]
    if not due:
        return []
    why = "; ".join(sorted({rules[pile.kind].why for pile in due}))
    return erase(records, folder, due, who="retention", why=why, today=today)


def still_in(made: Iterable[Backup], rule: Rule) -> str:
    """Which backups still hold what was just erased, and until when they are kept."""
    named = [
        f"{one.path} (of {one.made:%d %B %Y}, kept until "
        f"{one.made.date() + timedelta(days=rule.days):%d %B %Y})"
        for one in made
    ]
    if not named:
        return "No backup that this dashboard made holds it."
    return f"Backups made before may still hold it: {'; '.join(named)}."


def _from_records(
    records: Records, asked: dict[str, list[Pile]], *, who: str, why: str
) -> set[str | bytes]:
    """Rows, and what the trail says of them, gone in one transaction; the texts they held."""
    with records.session() as session:
        taken = [
            take(session, pile)
            for kind, some in asked.items()
            for pile in some
            if kind not in _ELSEWHERE
        ]
        lines = lines_about(session, taken)
        texts: set[str | bytes] = {text for one in taken for text in one.texts}
        texts |= {text for line in lines for text in written_in(line)}
        named = {ERASED: erased} if (erased := blank(session, lines)) else {}
        for kind, some in asked.items():
            for pile in some:
                given = {"extract": pile.key} if kind == "extracts" else {}
                done = "Deleted by the partner" if given else "Erased"
                note(
                    session, ERASURE, who, f"{done}: {pile.what}", why, rule=kind, **given, **named
                )
                named = {}
    return texts


def _kept(session: Session, today: date) -> dict[tuple[str, str], KeptLonger]:
    wanted = select(KeptLonger).where(KeptLonger.until > today).order_by(KeptLonger.id)
    return {(one.kind, one.key): one for one in session.scalars(wanted)}


def _first_kept(rule: Rule, today: date) -> pd.Period:
    """First month of reports that a rule lets stay: the one that ended no longer ago than that."""
    return pd.Period(today - timedelta(days=rule.days), freq="M")


def _reports(folder: Path, rule: Rule, today: date) -> list[Pile]:
    held = library.Library(folder).catalogue()
    first = _first_kept(rule, today)
    old = held.loc[~held["source"].isin(OPEN_SOURCES) & (held["month"] < first)]
    return [
        Pile(
            kind="reports",
            key=str(source),
            what=f"{count_of(int(rows['rows'].sum()), 'report')} of {source}, "
            f"{rows['month'].min()} to {rows['month'].max()}",
            due=rows["month"].min().end_time.date() + timedelta(days=rule.days + 1),
        )
        for source, rows in old.groupby("source")
    ]


def _backups(records: Records, rule: Rule, today: date) -> list[Pile]:
    found = []
    for one in copies.backups(records):
        due = one.made.date() + timedelta(days=rule.days)
        if due < today:
            what = f"backup {one.path.name} of {one.made:%d %B %Y}"
            found.append(Pile(kind="backups", key=str(one.path), what=what, due=due))
    return found


def _listed(piles: Sequence[Pile]) -> str:
    return "; ".join(pile.what for pile in piles)


def _reason(why: str) -> None:
    if not clean(why):
        raise SelectionError("Say why in a few words; the trail keeps it. Nothing was changed.")
