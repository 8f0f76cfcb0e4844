"""
Records drawn for review and what reviewers answered.

Who answered is kept in the audit trail and nowhere else: results are of records, and no
table of them can be made by reviewer or by whoever recorded them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import pandas as pd
from sqlalchemy import Boolean, CheckConstraint, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from hotspots.action.records import Base, Moment, Records, Versioned, Words, expect, note
from hotspots.analysis.recording_review import ANSWERS, Verdict, verdict
from hotspots.errors import SelectionError

SIZE: Final = 20
_WORDS: Final = 500
COLUMNS: Final = (
    "id",
    "batch",
    "question",
    "source",
    "row_key",
    "fired",
    "words",
    "all_fired",
    "all_unfired",
    "drawn",
    "answer",
    "answered",
    "version",
)
MONTH_COLUMNS: Final = (
    "question",
    "source",
    "month",
    "wrong",
    "wrong_low",
    "wrong_high",
    "agreement",
    "agreement_low",
    "agreement_high",
    "answered",
)


class ReviewItem(Versioned, Base):
    """One record drawn for one question."""

    __tablename__ = "review_item"
    __table_args__ = (CheckConstraint("answer IN ('', 'yes', 'no', 'cannot tell')", "answer"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch: Mapped[int] = mapped_column(Integer)
    question: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Words(200))
    row_key: Mapped[str] = mapped_column(String(40))
    fired: Mapped[bool] = mapped_column(Boolean)
    words: Mapped[str] = mapped_column(Words(_WORDS))
    all_fired: Mapped[int] = mapped_column(Integer)
    all_unfired: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(20))
    answered: Mapped[datetime | None] = mapped_column(Moment)


def add_batch(
    records: Records,
    *,
    question: str,
    source: str,
    sample: pd.DataFrame,
    totals: tuple[int, int],
    who: str,
) -> int:
    """
    Keep a sample for review.

    Parameters
    ----------
    question, source
        What is asked, and whose records they are.
    sample
        Indexed by row key, in the order to be read: `fired`, `words`.
    totals
        Records that fired and that did not, which the sample stands for.
    who
        Who drew it.

    Returns
    -------
    batch
        Its number.
    """
    if sample.empty:
        raise SelectionError("There is no record to draw.")
    with records.session() as session:
        newest = session.scalar(select(ReviewItem.batch).order_by(ReviewItem.batch.desc()).limit(1))
        batch = (newest or 0) + 1
        for key, row in sample.iterrows():
            session.add(
                ReviewItem(
                    batch=batch,
                    question=question,
                    source=source,
                    row_key=str(key),
                    fired=bool(row["fired"]),
                    words=str(row["words"])[:_WORDS],
                    all_fired=totals[0],
                    all_unfired=totals[1],
                    drawn=datetime.now(UTC),
                    answer="",
                    answered=None,
                )
            )
        what = f"{len(sample)} records of {source} drawn for review ({question})"
        note(session, "consultation", who, what, batch=batch)
    return batch


def answer(records: Records, item: int, said: str, *, who: str, version: int) -> None:
    """
    Keep a reviewer's answer about one record; it can be changed later.

    Raises
    ------
    ChangedMeanwhileError
        When somebody else answered first.
    """
    if said not in ANSWERS:
        raise SelectionError(f"Answer {', '.join(ANSWERS[:-1])} or {ANSWERS[-1]}.")
    with records.session() as session:
        row = expect(session, ReviewItem, item, version)
        before = row.answer
        row.answer, row.answered = said, datetime.now(UTC)
        what = f"Record {row.row_key} reviewed ({row.question}): {said}"
        note(session, "consultation", who, what, item=item, before=before)


def items(records: Records) -> pd.DataFrame:
    """Everything drawn and answered, in the order drawn: see `COLUMNS`."""
    with records.reading() as session:
        rows = session.scalars(select(ReviewItem).order_by(ReviewItem.id)).all()
        said = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    return pd.DataFrame(said, columns=list(COLUMNS))


def results(drawn: pd.DataFrame) -> Mapping[tuple[str, str, int], Verdict]:
    """What the answers say, by question, source and batch; the newest batch first."""
    found: dict[tuple[str, str, int], Verdict] = {}
    given = drawn.loc[drawn["answer"] != ""]
    for batch, part in given.groupby("batch"):
        question, source = str(part["question"].iloc[0]), str(part["source"].iloc[0])
        found[question, source, int(str(batch))] = verdict(
            part["fired"],
            part["answer"],
            all_fired=int(part["all_fired"].iloc[0]),
            all_unfired=int(part["all_unfired"].iloc[0]),
        )
    return dict(sorted(found.items(), key=lambda item: (item[0][0], item[0][1], -item[0][2])))


def by_month(drawn: pd.DataFrame) -> pd.DataFrame:
    """
    How recording stood up to review, by the month in which it was reviewed.

    All answers of a month on one question and source are taken together. Each half stands for
    the mean, over the answers, of the records that its sample stood for.

    Parameters
    ----------
    drawn
        From `items`.

    Returns
    -------
    months
        One row a question, source and month: `wrong` and `agreement` between 0 and 1, each
        with `_low` and `_high`, and `answered`, the records they rest on. Months in which
        nothing was answered of one half say nothing, and are left out.
    """
    given = drawn.loc[drawn["answer"] != ""]
    month = pd.to_datetime(given["answered"], utc=True).dt.tz_localize(None).dt.to_period("M")
    rows = []
    for (question, source, when), part in given.groupby(["question", "source", month]):
        found = verdict(
            part["fired"],
            part["answer"],
            all_fired=round(part["all_fired"].mean()),
            all_unfired=round(part["all_unfired"].mean()),
        )
        row = {"question": question, "source": source, "month": when}
        for name, rate in (("wrong", found.wrong), ("agreement", found.agreement)):
            row |= {name: rate.share, f"{name}_low": rate.low, f"{name}_high": rate.high}
        rows.append(row | {"answered": found.wrong.answered})
    table = pd.DataFrame(rows, columns=list(MONTH_COLUMNS))
    return table.dropna(subset=["wrong"]).reset_index(drop=True)
