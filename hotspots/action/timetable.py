"""
When each visit of a shift is made: every window goes round the unit's areas in another order.

The order within a window is drawn at random, so that nobody learns it, from the orders that
fit the window and keep the time between two visits. The seed, the day, the unit and the
window give the draw: another unit's absence changes none of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, permutations
from typing import Final
from zlib import crc32

import numpy as np

from hotspots.action.patrols import Shift, Terms
from hotspots.action.rounds import Ints

# Rounds up to this long have every order looked at; of longer ones so many are drawn.
_EVERY_ORDER: Final = 6
_DRAWN: Final = 2_000


@dataclass(frozen=True)
class Slot:
    """
    One visit of a shift.

    Attributes
    ----------
    window, order
        From 1: window of the shift, and place in the order of the window.
    area
        Position of the area.
    begins_min
        Minutes after the first window opens.
    """

    window: int
    order: int
    area: int
    begins_min: int


def timetable(shift: Shift, terms: Terms, route: Sequence[int], travel: Ints) -> list[Slot]:
    """
    Every area of a round once in each window.

    Parameters
    ----------
    shift, terms
        Whose hours, and what they are held to.
    route
        Areas in an order whose way, back to the first included, fits a window.
    travel
        Whole minutes from each area to each.
    """
    window_min = terms.window_min(shift)
    slots: list[Slot] = []
    ended: dict[int, int] = {}
    last: int | None = None
    before = tuple(route)
    for window in range(terms.visits_a_day):
        opens = window * window_min
        generator = np.random.default_rng(
            [
                terms.seed,
                shift.day.toordinal(),
                crc32(shift.unit.encode()),
                shift.starts_min,
                window,
            ]
        )
        # The order of the window before always fits again, and comes last.
        for order in chain(_orders(tuple(route), generator), [before]):
            begins = _begins(
                order,
                opens=opens,
                last=last,
                ended=ended,
                terms=terms,
                travel=travel,
                window_min=window_min,
            )
            if begins is not None:
                break
        else:
            raise AssertionError("The order of the window before fits again.")
        for place, (area, begin) in enumerate(zip(order, begins, strict=True), start=1):
            slots.append(Slot(window + 1, place, area, begin))
            ended[area] = begin + terms.visit_min
        before, last = order, order[-1] if order else None
    return slots


def _orders(route: tuple[int, ...], generator: np.random.Generator) -> Iterator[tuple[int, ...]]:
    """Orders of a round, in random order."""
    if len(route) <= _EVERY_ORDER:
        every = list(permutations(route))
        for number in generator.permutation(len(every)).tolist():
            yield every[number]
        return
    for _ in range(_DRAWN):
        yield tuple(generator.permutation(route).tolist())


def _begins(
    order: tuple[int, ...],
    *,
    opens: int,
    last: int | None,
    ended: dict[int, int],
    terms: Terms,
    travel: Ints,
    window_min: int,
) -> list[int] | None:
    """
    When each visit of an order begins; None when it does not fit.

    An order must also fit with the way from its last area back to its first: then it can be
    kept for the next window whatever is drawn there.
    """
    if not order:
        return []
    ways = [int(travel[one, other]) for one, other in pairwise(order)]
    visits = terms.visit_min * len(order)
    if sum(ways) + int(travel[order[-1], order[0]]) + visits > window_min:
        return None
    entry = 0 if last is None else int(travel[last, order[0]])
    begins = [opens + entry]
    for way in ways:
        begins.append(begins[-1] + terms.visit_min + way)
    early = [
        ended[area] + terms.spacing_min - begin
        for area, begin in zip(order, begins, strict=True)
        if area in ended
    ]
    wait = max([0, *early])
    if begins[-1] + terms.visit_min + wait > opens + window_min:
        return None
    return [begin + wait for begin in begins]
