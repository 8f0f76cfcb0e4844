"""
What an assembly said, as far as it may be shown.

Only answers that somebody looked at and let through count, and only places are named that
several people marked.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from hotspots.action.listening import SHOWN, answers
from hotspots.action.records import Records
from hotspots.action.resident_answer import PRIORITIES

# A hexagon is shown when so many people marked it: one person's mark is that person's.
LEAST_PEOPLE: Final = 3


@dataclass(frozen=True, eq=False)
class Heard:
    """
    What an assembly said, as far as it was looked at.

    Attributes
    ----------
    people
        How many answered.
    marks
        People by hexagon, of at least three; most first.
    few
        Hexagons that fewer people marked.
    priorities
        People by priority, most first.
    words
        Their own.
    """

    people: int
    marks: pd.Series
    few: int
    priorities: pd.Series
    words: tuple[str, ...]


def heard(records: Records, meeting: str) -> Heard:
    """What of a meeting may be shown."""
    shown = answers(records, meeting, SHOWN)
    marks = shown["marks"].explode().dropna().value_counts()
    priorities = shown["priorities"].explode().dropna().value_counts()
    return Heard(
        people=len(shown),
        marks=marks.loc[marks >= LEAST_PEOPLE].rename("people"),
        few=int((marks < LEAST_PEOPLE).sum()),
        priorities=priorities.reindex(PRIORITIES, fill_value=0)
        .sort_values(ascending=False, kind="stable")
        .rename("people"),
        words=tuple(shown.loc[shown["words"] != "", "words"]),
    )
