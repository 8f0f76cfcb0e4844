"""
When each visit of a shift is made: every window goes round its areas in another order.

The order within a window is drawn at random, so that nobody learns it, from the orders that
fit the window and keep the time between two visits. The seed, the day, the unit and the
window give the draw: another unit's absence changes none of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, permutations
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


def timetable(
    shift: Shift, terms: Terms, routes: Sequence[Sequence[int]], travel: Ints, worth: Ints
) -> list[Slot]:
    """
    Every area of a window's round once in that window.

    Where the way from the window before, or the time since an area's last visit, leaves no
    room for a whole round, the area worth least to the window is given up.

    Parameters
    ----------
    shift, terms
        Whose hours, and what they are held to.
    routes
        For each window, areas in an order whose way, back to the first included, fits it.
        Where all windows have the same, no area is given up.
    travel
        Whole minutes from each area to each.
    worth
        Of each area to each window (windows, n).
    """
    window_min = terms.window_min(shift)
    slots: list[Slot] = []
    ended: dict[int, int] = {}
    last: int | None = None
    before: tuple[int, ...] = tuple(routes[0]) if routes else ()
    for window, whole in enumerate(routes):
        seed = [
            terms.seed,
            shift.day.toordinal(),
            crc32(shift.unit.encode()),
            shift.starts_min,
            window,
        ]
        fits = partial(
            _begins,
            opens=window * window_min,
            last=last,
            ended=ended,
            terms=terms,
            travel=travel,
            window_min=window_min,
        )
        route = tuple(whole)
        while (found := _first(_orders(route, np.random.default_rng(seed), before), fits)) is None:
            least = min((int(worth[window, area]), -area) for area in route)[1]
            route = tuple(area for area in route if area != -least)
        order, begins = found
        for place, (area, begin) in enumerate(zip(order, begins, strict=True), start=1):
            slots.append(Slot(window + 1, place, area, begin))
            ended[area] = begin + terms.visit_min
        before, last = order, order[-1] if order else last
    return slots


def _first(
    orders: Iterable[tuple[int, ...]], fits: Callable[[tuple[int, ...]], list[int] | None]
) -> tuple[tuple[int, ...], list[int]] | None:
    """The first order that fits, and when its visits begin."""
    tried = ((order, fits(order)) for order in orders)
    return next(((order, begins) for order, begins in tried if begins is not None), None)


def _orders(
    route: tuple[int, ...], generator: np.random.Generator, before: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Orders of a round, in random order; then ways round it that are as short as it is."""
    if len(route) <= _EVERY_ORDER:
        every = list(permutations(route))
        for number in generator.permutation(len(every)).tolist():
            yield every[number]
    else:
        for _ in range(_DRAWN):
            yield tuple(generator.permutation(route).tolist())
    # The order of the window before always fits again, where it is of the same areas.
    if set(before) == set(route):
        yield before
        return
    turns = [route[cut:] + route[:cut] for cut in range(len(route))]
    turns += [turn[::-1] for turn in turns]
    for number in generator.permutation(len(turns)).tolist():
        yield turns[number]


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
