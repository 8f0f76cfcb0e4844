"""
Fair tests as they were drawn, kept in the records: who waits, and when it was decided.

An area keeps its outline as it stood, so that what became of it can be asked once areas
have moved.
"""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import JSON, BigInteger, Date, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from hotspots.action.fair_test import FairTest
from hotspots.action.records import Base, Moment, Records, Versioned, Words, clean, expect, note
from hotspots.errors import SelectionError
from hotspots.tables.patrol_areas import PatrolAreas

_ID = 36


class KeptTest(Versioned, Base):
    """One fair test: who was drawn to wait, and when it was decided."""

    __tablename__ = "fair_tests"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    study_area: Mapped[str] = mapped_column(Words(100), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    starts: Mapped[date] = mapped_column(Date)
    weeks: Mapped[int] = mapped_column(Integer)
    blocks: Mapped[list[Any]] = mapped_column(JSON)
    outlines: Mapped[dict[str, Any]] = mapped_column(JSON)
    seed: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(Words(500))
    made_by: Mapped[str] = mapped_column(Words(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


def keep_test(
    records: Records, test: FairTest, areas: PatrolAreas, *, study_area: str, by: str, why: str
) -> str:
    """
    Log a fair test before it begins to matter: who waits cannot be changed afterwards unseen.

    Raises
    ------
    SelectionError
        When no reason is given, or another test of the study area runs at the same time.
    """
    if not clean(why):
        raise SelectionError("Say what the test is to find out; the record keeps it.")
    for other, _ in _tests(records, study_area):
        ends = other.starts.toordinal() + 7 * other.weeks
        if other.starts.toordinal() < test.starts.toordinal() + 7 * test.weeks and (
            test.starts.toordinal() < ends
        ):
            raise SelectionError("Another fair test runs in those weeks; end it first.")
    name = str(uuid.uuid4())
    tested = {key for block in test.blocks for key in block}
    rows = areas.loc[areas["key"].isin(tested)]
    with records.session() as session:
        session.add(
            KeptTest(
                id=name,
                study_area=study_area,
                kind=test.kind,
                starts=test.starts,
                weeks=test.weeks,
                blocks=[list(block) for block in test.blocks],
                outlines={
                    key: shape.wkt for key, shape in zip(rows["key"], rows.geometry, strict=True)
                },
                seed=test.seed,
                why=why,
                made_by=by,
                made_at=datetime.now(UTC),
            )
        )
        what = f"Fair test drawn: {len(test.blocks)} areas wait from {test.starts:%d %B %Y}"
        note(session, "collection", by, what, why, test=name, seed=test.seed)
    return name


def end_test(records: Records, name: str, version: int, *, by: str, why: str) -> None:
    """End a fair test early; that it was drawn, and when it was ended, is kept."""
    if not clean(why):
        raise SelectionError("Say why the test ends early; the record keeps it.")
    with records.session() as session:
        row = expect(session, KeptTest, name, version)
        if row.ended_at is not None:
            raise SelectionError("This test was ended already.")
        row.ended_at = datetime.now(UTC)
        note(session, "alteration", by, "Fair test ended early", why, test=name)


def running_test(records: Records, study_area: str, day: date) -> tuple[FairTest, str, int] | None:
    """Fair test of a study area that runs on a day, with its identifier and version."""
    for test, (name, version) in _tests(records, study_area):
        if test.week_of(day) is not None:
            return test, name, version
    return None


def controls(records: Records, study_area: str) -> pd.DataFrame:
    """
    Every area of every fair test, ended ones too, for whoever asks whether it worked.

    Returns
    -------
    controls
        `test`, `kind`, `starts`, `weeks`, `ended_at`, `block` (from 1), `turn` (0 waits
        first), `area` (key), `outline` (WKT, British National Grid metres).
    """
    wanted = select(KeptTest).where(KeptTest.study_area == study_area).order_by(KeptTest.starts)
    with records.reading() as session:
        rows = [
            {
                "test": row.id,
                "kind": row.kind,
                "starts": row.starts,
                "weeks": row.weeks,
                "ended_at": row.ended_at,
                "block": block,
                "turn": turn,
                "area": key,
                "outline": row.outlines[key],
            }
            for row in session.scalars(wanted)
            for block, keys in enumerate(row.blocks, start=1)
            for turn, key in enumerate(keys)
        ]
    columns = ["test", "kind", "starts", "weeks", "ended_at", "block", "turn", "area", "outline"]
    return pd.DataFrame(rows, columns=columns)


def _tests(records: Records, study_area: str) -> list[tuple[FairTest, tuple[str, int]]]:
    """Tests that were not ended."""
    wanted = select(KeptTest).where(KeptTest.study_area == study_area, KeptTest.ended_at.is_(None))
    with records.reading() as session:
        return [
            (
                FairTest(
                    row.kind,
                    row.starts,
                    row.weeks,
                    tuple(tuple(block) for block in row.blocks),
                    row.seed,
                ),
                (row.id, row.version),
            )
            for row in session.scalars(wanted.order_by(KeptTest.starts, KeptTest.id))
        ]
