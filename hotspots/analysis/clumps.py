"""
Reports come in clumps: which squares have good and bad months, and worlds that have them too.

One disturbance makes several reports, and a fair moves those of a whole quarter. Worlds that
deal out reports one by one do not know that, and call ordinary months remarkable.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# One disturbance and its reports lie within the first, one quarter within the second.
SQUARES_M: Final = (200.0, 1000.0)
# Fewest periods before the newest that show how much a square's counts vary.
LEAST_PAST: Final = 6
_NEVER: Final = 1e-100
_NONE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Squares:
    """Square that each incident is in, and how much more than chance its months vary."""

    of_incident: Integers
    varies: Floats


def squares_of(xy: Floats, when: Integers, *, periods: int, longest: int) -> list[Squares]:
    """
    Squares of 200 m and of 1 km, and how much their months vary beyond chance.

    One disturbance makes several reports, and a fair or a patrol moves those of a quarter.
    Counts c of squares by months, μ expected of them, vary by chance,
    μ (1 - n/N)(1 - N(t)/N), by what the smaller squares in them explain, and by
    a μ + b μ²; a and b are fitted by weighted least squares, neither below 0, to the
    months before the newest. A square's month is multiplied by a factor of mean 1 and
    variance a/μ + b.
    """
    past = periods - longest
    if past < LEAST_PAST:
        return []
    known, found = when < past, []
    explained = np.zeros(len(xy))
    for side in SQUARES_M:
        _, square = np.unique(np.floor(xy / side), axis=0, return_inverse=True)
        square = square.ravel()
        wide, held = int(square.max()) + 1, np.bincount(square)
        cells = np.bincount(square[known] * past + when[known], minlength=wide * past)
        counts = cells.reshape(wide, past).astype(np.float64)
        by_square, by_month = counts.sum(axis=1)[:, None], counts.sum(axis=0)
        total = max(counts.sum(), 1)
        mu = by_square * by_month / total
        chance = mu * (1 - by_square / total) * (1 - by_month / total)
        # What smaller squares add, by incident, so that it sums up over any larger square.
        chance += np.bincount(square, explained, minlength=wide)[:, None]
        weight = np.where(mu > 0, 1 / np.sqrt(2 * chance**2 + chance + 1e-12), 0)
        more = ((counts - mu) ** 2 - chance) * weight
        terms = np.column_stack([(mu * weight).ravel(), (mu**2 * weight).ravel()])
        (a, b), _ = nnls(terms, more.ravel())
        mean = held / periods
        found.append(Squares(square, a / mean + b))
        explained += ((a * mean + b * mean**2) / held)[square]
    return found


def deal(
    each: Integers, squares: list[Squares], incidents: int, worlds: int, rng: np.random.Generator
) -> Integers:
    """
    Which incidents fall in the newest periods of each world: worlds by incidents, in order.

    Drawn without replacement, each in proportion to its squares' factors in that period: the
    incidents with the smallest exponential waits, at their rates, come first.
    """
    chosen, taken = [], np.zeros((worlds, incidents))
    for many in each:
        waits = rng.standard_exponential((worlds, incidents))
        for one in squares:
            if not one.varies.any():
                continue
            shape = 1 / np.maximum(one.varies, _NONE)
            factor = rng.standard_gamma(shape, (worlds, len(shape))) / shape
            waits /= np.maximum(factor, _NEVER)[:, one.of_incident]
        waits += taken
        first = np.argpartition(waits, max(many - 1, 0), axis=1)[:, :many]
        np.put_along_axis(taken, first, np.inf, axis=1)
        chosen.append(first)
    return np.concatenate(chosen, axis=1)
