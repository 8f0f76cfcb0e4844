"""
A fair test built into the plan: some areas wait, by the draw and by nobody's choice.

Busy places quieten of themselves, and whoever picks which places to leave out picks the
answer with them. So areas of like rank are put in blocks, of one ward where a ward has
enough, and the draw says which one of each block waits. What then happens to those that
were visited is held against those that waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from hotspots.errors import SelectionError
from hotspots.tables.patrol_areas import PatrolAreas

HOLD: Final = "hold"
ALTERNATE: Final = "alternate"
KINDS: Final = {
    HOLD: "The same areas wait throughout",
    ALTERNATE: "Areas of a block take turns, a week each",
}
SMALLEST_BLOCK: Final = 2
LARGEST_BLOCK: Final = 6
MOST_WEEKS: Final = 52
_DAYS: Final = 7


@dataclass(frozen=True)
class FairTest:
    """
    Who waits, and when.

    Attributes
    ----------
    kind
        One of `KINDS`.
    starts, weeks
        First day, and for how long.
    blocks
        Keys of areas of like rank, each block in the order drawn: the first waits first.
    seed
        Of the draw.
    """

    kind: str
    starts: date
    weeks: int
    blocks: tuple[tuple[str, ...], ...]
    seed: int

    def week_of(self, day: date) -> int | None:
        """Week of the test, from 0; None before and after it."""
        week = (day - self.starts).days // _DAYS
        return week if 0 <= week < self.weeks else None

    def held_back(self, day: date) -> tuple[str, ...]:
        """
        Areas that wait in the week of a day: one of each block.

        Examples
        --------
        >>> test = FairTest("alternate", date(2026, 1, 5), 4, (("a", "b"),), 1)
        >>> [test.held_back(date(2026, 1, 5 + 7 * week)) for week in range(3)]
        [('a',), ('b',), ('a',)]
        """
        week = self.week_of(day)
        if week is None:
            return ()
        turn = week if self.kind == ALTERNATE else 0
        return tuple(block[turn % len(block)] for block in self.blocks)


def draw(
    areas: PatrolAreas,
    *,
    starts: date,
    weeks: int,
    seed: int,
    size: int = SMALLEST_BLOCK,
    kind: str = HOLD,
    never: Sequence[str] = (),
) -> FairTest:
    """
    Blocks of areas of like rank, and who of each waits.

    Parameters
    ----------
    areas
        Patrol areas, in the order of their numbers.
    starts, weeks
        First day of the test, and its length.
    seed
        Of the draw; printed with it.
    size
        Areas in a block: one of so many waits.
    kind
        One of `KINDS`.
    never
        Keys of areas that must not wait: priorities, and what is kept out anyway.

    Returns
    -------
    test
        An area is in one block at most; those left over are always visited.

    Raises
    ------
    SelectionError
        When there are too few areas for a block, or the length is out of bounds.
    """
    if not SMALLEST_BLOCK <= size <= LARGEST_BLOCK or not 1 <= weeks <= MOST_WEEKS:
        raise SelectionError(
            f"A fair test has blocks of {SMALLEST_BLOCK} to {LARGEST_BLOCK} areas and lasts "
            f"1 to {MOST_WEEKS} weeks."
        )
    if kind not in KINDS:
        raise SelectionError(f"A fair test is one of {', '.join(KINDS)}.")
    free = areas.loc[~areas["key"].isin(list(never))]
    if len(free) < size:
        raise SelectionError(
            f"A fair test needs at least {size} areas that may wait, and there are {len(free)}."
        )
    generator = np.random.default_rng(seed)
    blocks = [tuple(generator.permutation(block).tolist()) for block in _blocks(free, size)]
    return FairTest(kind, starts, weeks, tuple(blocks), seed)


def _blocks(free: pd.DataFrame, size: int) -> list[list[str]]:
    """Blocks of neighbours in rank: within wards first, then of what wards leave over."""
    blocks, over = [], []
    for _, rows in free.groupby("ward", sort=True):
        keys = rows["key"].tolist()
        whole = len(keys) // size * size
        blocks += [keys[start : start + size] for start in range(0, whole, size)]
        over += keys[whole:]
    rank = {key: place for place, key in enumerate(free["key"])}
    over.sort(key=rank.__getitem__)
    blocks += [over[start : start + size] for start in range(0, len(over) // size * size, size)]
    return sorted(blocks, key=lambda block: rank[block[0]])


def cost(areas: PatrolAreas, test: FairTest, day: date) -> float:
    """Reports a month expected in areas that wait in the week of a day."""
    waits = areas["key"].isin(test.held_back(day))
    return float(areas.loc[waits, "expected"].sum())


def balance(areas: PatrolAreas, test: FairTest) -> pd.DataFrame:
    """
    How alike the two sides are before anything is done.

    Returns
    -------
    balance
        Indexed by `waits` (False, True): `areas`, `expected` (mean reports a month) and
        `wards` (how many), of the first week.
    """
    tested = {key for block in test.blocks for key in block}
    rows = areas.loc[areas["key"].isin(tested)]
    waits = rows["key"].isin(test.held_back(test.starts)).rename("waits")
    table = rows.groupby(waits).agg(
        areas=("key", "size"), expected=("expected", "mean"), wards=("ward", "nunique")
    )
    return pd.DataFrame(table)
