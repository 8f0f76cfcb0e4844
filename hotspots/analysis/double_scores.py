"""
How much likelier two reports look alike because they are one event than by chance.

Three things are compared, each in a few levels: metres apart, hours apart (between what is
known of their times), and kind. Of the levels' shares among chance pairs (u) and among
doubles (m) the weight is log₂ (Πm / u).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Farther apart than this, in metres or in hours, nothing is compared.
NEAR_M: Final = 250.0
NEAR_H: Final = 72.0
# Upper ends of the levels. A time known no better than to the day is never within an hour.
METRES: Final = (30.0, 100.0, NEAR_M)
HOURS: Final = (1.0, 6.0, 24.0, NEAR_H)
FINE_H: Final = 3.0
HALF_DAY_H: Final = 12.0

FIELDS: Final = {"metres_level": 3, "hours_level": 4, "kind_level": 3}
# Shares among doubles before any were seen, and how many doubles that belief weighs.
_PRIOR: Final = {
    "metres_level": (0.6, 0.3, 0.1),
    "hours_level": (0.5, 0.25, 0.2, 0.05),
    "kind_level": (0.8, 0.1, 0.1),
}
_PRIOR_WEIGHT: Final = 4.0
_ROUNDS: Final = 200
_SETTLED: Final = 1e-9
# Close pairs must exceed chance by so many standard deviations before any is suspected.
_BEYOND: Final = 3.0

_HALF: Final = 0.5
_NEVER: Final = 1e-6
# Shares of doubles at which an excess over chance is looked for.
_RARE: Final = (0.05, 0.25)
# Pairs added to each level, and to the combinations together, where chance made few.
_ADDED: Final = 0.5
_DRAWN: Final = 36.0

Floats = NDArray[np.float64]
Levels = tuple[NDArray[np.int64], ...]


@dataclass(frozen=True, eq=False)
class Scores:
    """
    Weights of close pairs.

    Attributes
    ----------
    weight, probability
        Of each pair.
    by_chance
        Close pairs that chance alone makes, mean of the moves.
    at_most_by_chance
        More than this, it hardly ever makes.
    m
        Shares of the levels of each field among doubles.
    u
        Shares of their combinations by chance.
    """

    weight: Floats
    probability: Floats
    by_chance: float
    at_most_by_chance: float
    m: dict[str, Floats]
    u: Floats


def levels(
    one: pd.DataFrame, other: pd.DataFrame, i: NDArray[np.intp], j: NDArray[np.intp]
) -> pd.DataFrame:
    """
    What is compared of each pair, and its level.

    Parameters
    ----------
    one, other
        Columns x, y (metres), begins, ends (hours), category, qualifier.
    i, j
        Positions of the pairs.

    Returns
    -------
    pairs
        Those within 250 m and 72 hours: `i`, `j`, `metres`, `hours` (0 where what is known
        of the times overlaps) and one level a field, 0 the closest. Times that are known
        only to 3 hours are at best of the second level of hours, to half a day of the third.
    """
    left, right = one.iloc[i], other.iloc[j]
    mine = {str(name): np.asarray(left[name]) for name in left}
    theirs = {str(name): np.asarray(right[name]) for name in right}
    metres = np.hypot(mine["x"] - theirs["x"], mine["y"] - theirs["y"])
    hours = np.maximum(
        0.0, np.maximum(theirs["begins"] - mine["ends"], mine["begins"] - theirs["ends"])
    )
    width = np.maximum(mine["ends"] - mine["begins"], theirs["ends"] - theirs["begins"])
    hours_level = np.searchsorted(HOURS, hours, side="left")
    coarse = (width > FINE_H).astype(np.int64) + (width > HALF_DAY_H)
    table = pd.DataFrame(
        {
            "i": i,
            "j": j,
            "metres": metres,
            "hours": hours,
            "metres_level": np.searchsorted(METRES, metres, side="left"),
            "hours_level": np.maximum(hours_level, coarse),
            "kind_level": _kinds(mine, theirs),
        }
    )
    near: pd.DataFrame = table.loc[(metres <= NEAR_M) & (hours <= NEAR_H)]
    return near.reset_index(drop=True)


def _kinds(mine: dict[str, NDArray[Any]], theirs: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """0 the same, 1 another, 2 not known: by qualifier where both have one, else category."""
    unknown = pd.isna(mine["qualifier"]) | pd.isna(theirs["qualifier"])
    same = np.where(
        unknown,
        mine["category"] == theirs["category"],
        mine["qualifier"] == theirs["qualifier"],
    ).astype(bool)
    # The same wide category says little: it is not known whether they are alike.
    return np.where(same, np.where(unknown, 2, 0), 1).astype(np.int64)


def scored(near: pd.DataFrame, chance: list[pd.DataFrame]) -> Scores:
    """
    Weights of close pairs, from how they differ from those that chance makes.

    u are the shares of each combination of levels among the pairs of all moves, drawn
    towards the product of the single shares where few were seen. Pairs are suspected only
    if more than chance makes are likely at all: those that the prior m would favour are
    counted, and must exceed the mean of the moves by three standard deviations, as widely
    as the moves themselves vary. Then m and λ, the share of doubles among the close pairs,
    are fitted by expectation and maximisation with u held. The probability is
    λ Πm / (λ Πm + (1 - λ) u).

    Parameters
    ----------
    near, chance
        From `levels`: of the records, and of each move.

    References
    ----------
    W. E. Winkler (1988), Using the EM algorithm for weight computation in the
    Fellegi–Sunter model of record linkage.
    """
    count = len(near)
    by_move = np.array([len(moved) for moved in chance], dtype=np.float64)
    by_chance = float(by_move.mean()) if len(by_move) else 0.0
    u = _chance_shares(chance)
    at = tuple(near[field].to_numpy() for field in FIELDS)
    prior = {field: _attainable(field, [near, *chance]) for field in FIELDS}
    m = dict(prior)
    moves = [tuple(moved[field].to_numpy() for field in FIELDS) for moved in chance]
    share = max(
        (
            _favoured(m, u, at, doubled)
            - _beyond(np.array([_favoured(m, u, moved, doubled) for moved in moves]))
        )
        / max(count, 1)
        for doubled in _RARE
    )
    share = min(max(share, 0.0), _HALF)
    probability = np.zeros(count)
    for _ in range(_ROUNDS if share else 0):
        before = probability
        probability = _probability(_weight(m, u, at), share)
        share = float(probability.mean())
        for (field, size), level in zip(FIELDS.items(), at, strict=True):
            seen = np.bincount(level, weights=probability, minlength=size)
            m[field] = (seen + _PRIOR_WEIGHT * prior[field]) / (seen.sum() + _PRIOR_WEIGHT)
        if np.abs(probability - before).max(initial=0.0) < _SETTLED:
            break
    weight = _weight(m, u, at)
    spread = _beyond(by_move) - by_chance
    return Scores(weight, _probability(weight, share), by_chance, by_chance + spread, m, u)


def _attainable(field: str, tables: list[pd.DataFrame]) -> Floats:
    """The prior of a field; what it holds for levels closer than any pair's falls to those."""
    closest = min((int(table[field].min()) for table in tables if len(table)), default=0)
    prior = np.asarray(_PRIOR[field]).copy()
    prior[closest] = prior[: closest + 1].sum()
    # No pair is of these levels; none of their shares may be nought.
    prior[:closest] = _NEVER
    return np.asarray(prior / prior.sum())


def _beyond(moves: Floats) -> float:
    """What a count must exceed not to be one that the moves make by chance."""
    mean = float(moves.mean()) if len(moves) else 0.0
    spread = max(float(moves.std(ddof=1)) if len(moves) > 1 else 0.0, np.sqrt(max(mean, 1.0)))
    return float(mean + _BEYOND * spread * np.sqrt(1 + 1 / max(len(moves), 1)))


def _favoured(m: dict[str, Floats], u: Floats, at: Levels, doubled: float) -> float:
    """Pairs likelier of one event than of two, were such a share of them doubles."""
    return float((_probability(_weight(m, u, at), doubled) > _HALF).sum())


def _chance_shares(chance: list[pd.DataFrame]) -> Floats:
    """Share of each combination of levels among the pairs that chance makes."""
    seen = np.zeros(tuple(FIELDS.values()))
    for moved in chance:
        np.add.at(seen, tuple(moved[field].to_numpy() for field in FIELDS), 1)
    alone = [seen.sum(axis=tuple({0, 1, 2} - {axis})) + _ADDED for axis in range(3)]
    product = np.einsum("i,j,k->ijk", *(part / part.sum() for part in alone))
    return np.asarray((seen + _DRAWN * product) / (seen.sum() + _DRAWN))


def _weight(m: dict[str, Floats], u: Floats, at: Levels) -> Floats:
    parts = [np.log2(m[field][level]) for field, level in zip(FIELDS, at, strict=True)]
    return np.asarray(np.sum(parts, axis=0) - np.log2(u[at]), dtype=np.float64)


def _probability(weight: Floats, doubled: float) -> Floats:
    if not doubled:
        return np.zeros(len(weight))
    odds = doubled * np.exp2(weight)
    return np.asarray(odds / (odds + 1 - doubled))
