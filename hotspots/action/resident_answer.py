"""
What one person says to an assembly: what it may hold, and why it cannot be taken.

From a phone, said aloud or typed from paper; nothing here is in the records yet
(`listening` keeps it).
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import pandas as pd

from hotspots.analysis.hexagons import read_name
from hotspots.errors import SelectionError

PRIORITIES: Final = (
    "noise",
    "rubbish",
    "vehicles",
    "groups",
    "drinking",
    "damage",
    "dogs",
    "lights",
    "patrols",
    "young",
)
MOST_MARKS: Final = 5
MOST_PRIORITIES: Final = 3
MOST_WORDS: Final = 140
MOST_ANSWERS: Final = 5_000


class AnswerError(SelectionError):
    """
    An answer that cannot be taken, told by a key so that it can be said in any language.

    Attributes
    ----------
    key
        Of the words for residents.
    fields
        What stands in its braces.
    """

    def __init__(self, key: str, sentence: str, **fields: int) -> None:
        super().__init__(sentence)
        self.key = key
        self.fields = fields


@dataclass(frozen=True)
class Answer:
    """
    What one person says.

    Attributes
    ----------
    marks
        Names of hexagons, five at most.
    priorities
        Of `PRIORITIES`, three at most.
    words
        Their own, 140 letters at most.
    """

    marks: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    words: str = ""


def checked(answer: Answer, allowed: Collection[str]) -> Answer:
    """
    An answer as it can be kept: nothing twice, no spaces to spare.

    Parameters
    ----------
    answer
        As it came.
    allowed
        Names of the hexagons that can be marked.

    Raises
    ------
    AnswerError
        When it holds too much, nothing, or what was not offered.
    """
    marks, priorities = (tuple(dict.fromkeys(part)) for part in (answer.marks, answer.priorities))
    if len(marks) > MOST_MARKS:
        raise AnswerError("marks_help", f"Mark {MOST_MARKS} places at most.", most=MOST_MARKS)
    if any(read_name(mark) is None or mark not in allowed for mark in marks):
        raise AnswerError("off_map", "One of the places marked is not on this map.")
    if len(priorities) > MOST_PRIORITIES:
        raise AnswerError(
            "priorities_help", f"Choose {MOST_PRIORITIES} things at most.", most=MOST_PRIORITIES
        )
    if any(priority not in PRIORITIES for priority in priorities):
        raise AnswerError("off_list", "One of the things chosen is not on the list.")
    words = " ".join(answer.words.split())
    if len(words) > MOST_WORDS:
        raise AnswerError(
            "words_help", f"Keep your words to {MOST_WORDS} letters.", most=MOST_WORDS
        )
    if not (marks or priorities or words):
        raise AnswerError("nothing", "Nothing was marked, chosen or written.")
    return Answer(marks, priorities, words)


def read_paper(table: pd.DataFrame) -> dict[str, Answer]:
    """
    Answers that were written on paper and typed into a table.

    Parameters
    ----------
    table
        Columns `marks` (names of hexagons), `priorities` and `words`, one row a person;
        several marks or priorities are parted by spaces.

    Raises
    ------
    SelectionError
        When a column is missing.
    """
    missing = [name for name in ("marks", "priorities", "words") if name not in table.columns]
    if missing:
        raise SelectionError(f"The table has no column {', '.join(missing)}.")
    rows = table[["marks", "priorities", "words"]].fillna("").astype(str)
    if len(rows) > MOST_ANSWERS:
        raise SelectionError(f"The table has {len(rows):,} rows; {MOST_ANSWERS:,} is the most.")
    found = {}
    for number, (marks, priorities, words) in enumerate(rows.itertuples(index=False)):
        # The same row of the same table is the same answer, so that a table sent twice counts once.
        text = "\n".join([str(number), marks, priorities, words])
        key = sha256(text.encode(errors="replace")).hexdigest()[:32]
        found[key] = Answer(tuple(marks.upper().split()), tuple(priorities.lower().split()), words)
    return found
