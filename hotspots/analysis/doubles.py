"""
Reports of two sources that may be of one event: near in place, near in time, alike in kind.

A resident rings the police and the council. Both record it, and a map of both counts it
twice. Nothing in the records says so, so pairs are scored as Fellegi and Sunter do, with
chance learnt from the same records: one source is moved against the other by whole weeks,
which keeps its places and its hours of the week and parts every true pair. A score is a
reason to look. Only a person says that two reports are one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots.analysis.double_scores import NEAR_H, NEAR_M, Scores, levels, scored
from hotspots.analysis.same_events import hours
from hotspots.tables.incidents import Incidents

# A report whose time is no better known than this is paired with nothing.
WIDEST_H: Final = 7 * 24.0
# Whole weeks by which chance is learnt, and the fewest that teach it.
SHIFTS: Final = 20
LEAST_WEEKS: Final = 6
# Pairs less likely than this to be one event are not listed.
SUSPECT: Final = 0.5

COLUMNS: Final = ("a", "b", "metres", "hours", "kind", "weight", "probability")
_WEEK_H: Final = 7 * 24.0
_DAY_H: Final = 24.0
_ALIKE: Final = {0: "same kind", 1: "another kind", 2: "not known"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Doubles:
    """
    What may be counted twice between two sources.

    Attributes
    ----------
    sources
        The two.
    pairs
        Likeliest first, each report in one pair at most: `a`, `b` (rows of the incidents),
        `metres` and `hours` between them, `kind` ("same kind", "another kind", "not
        known"), `weight` (log₂ of how many times likelier the likeness is for one event
        than for two) and `probability` that they are one.
    close, by_chance, at_most_by_chance
        Pairs within 250 m and 72 hours, how many of those chance alone makes, and how many
        it hardly ever exceeds.
    looked_at
        Rows of each source that have a place and a time, in the months both cover.
    too_weak
        Rows of each source that no pair could be looked for: only a month, or no place.
    why_not
        Why nothing could be looked for; empty when it was.
    """

    sources: tuple[str, str]
    pairs: pd.DataFrame
    close: int
    by_chance: float
    at_most_by_chance: float
    looked_at: tuple[int, int]
    too_weak: tuple[int, int]
    why_not: str = ""

    @property
    def twice(self) -> int:
        """Reports that may be counted twice."""
        return len(self.pairs)


def doubles(incidents: Incidents) -> list[Doubles]:
    """
    Suspected doubles between every two sources.

    Parameters
    ----------
    incidents
        Of all sources, with `occurred_from` and `occurred_to`.

    Returns
    -------
    found
        One for each two sources; none where only one is loaded.

    References
    ----------
    I. P. Fellegi and A. B. Sunter (1969), A theory for record linkage, Journal of the
    American Statistical Association 64.
    """
    usable = _usable(incidents)
    names = sorted(incidents["source"].astype("str").unique())
    tables = {name: usable.loc[usable["source"] == name] for name in names}
    rows = incidents["source"].astype("str").value_counts()
    return [
        _between((one, other), tables[one], tables[other], (int(rows[one]), int(rows[other])))
        for one, other in combinations(names, 2)
    ]


def _usable(incidents: Incidents) -> pd.DataFrame:
    """Rows that have a place and a time within a week: what is compared, hours since 1970."""
    shapes = incidents.geometry.to_numpy()
    begins, ends = (hours(incidents, name) for name in ("occurred_from", "occurred_to"))
    kept = ~shapely.is_missing(shapes) & (ends - begins <= WIDEST_H)
    xy = shapely.get_coordinates(shapes[kept])
    chosen = incidents.loc[kept]
    return pd.DataFrame(
        {
            "source": chosen["source"].astype("str"),
            "x": xy[:, 0],
            "y": xy[:, 1],
            "begins": begins[kept],
            "ends": ends[kept],
            "category": chosen["category"].astype("object"),
            "qualifier": chosen["qualifier"].astype("object"),
        },
        index=chosen.index,
    )


def _between(
    sources: tuple[str, str], one: pd.DataFrame, other: pd.DataFrame, rows: tuple[int, int]
) -> Doubles:
    too_weak = (rows[0] - len(one), rows[1] - len(other))
    nothing = pd.DataFrame(columns=list(COLUMNS))
    if one.empty or other.empty:
        lacking = [name for name, part in zip(sources, (one, other), strict=True) if part.empty]
        why = f"No report of {' or '.join(lacking)} says when and where to within a week."
        return Doubles(sources, nothing, 0, 0.0, 0.0, (len(one), len(other)), too_weak, why)
    begin = max(one["begins"].min(), other["begins"].min()) - NEAR_H
    end = min(one["ends"].max(), other["ends"].max()) + NEAR_H
    weeks = int((end - begin) // _WEEK_H)
    one, other = (
        part.loc[(part["ends"] >= begin) & (part["begins"] <= end)] for part in (one, other)
    )
    looked_at = (len(one), len(other))
    if weeks < LEAST_WEEKS or one.empty or other.empty:
        why = (
            f"{sources[0]} and {sources[1]} share fewer than {LEAST_WEEKS} weeks: too few to "
            "tell a double from chance."
        )
        return Doubles(sources, nothing, 0, 0.0, 0.0, looked_at, too_weak, why)
    near = levels(one, other, *_close(one, other))
    chance = [levels(one, moved, *_close(one, moved)) for moved in _moved(other, begin, end, weeks)]
    scores = scored(near, chance)
    pairs = _listed(one, other, near, scores)
    return Doubles(
        sources,
        pairs,
        len(near),
        scores.by_chance,
        scores.at_most_by_chance,
        looked_at,
        too_weak,
    )


def _moved(other: pd.DataFrame, begin: float, end: float, weeks: int) -> Iterator[pd.DataFrame]:
    """The source moved by whole weeks, what leaves the end coming in at the beginning."""
    period = np.ceil((end - begin) / _WEEK_H) * _WEEK_H
    # Never by one week or back by one: a complaint that comes every week is not a double.
    shifts = np.unique(np.linspace(2, weeks - 2, min(SHIFTS, weeks - 3)).round())
    for shift in shifts:
        start = begin + (other["begins"] - begin + shift * _WEEK_H) % period
        yield other.assign(begins=start, ends=start + (other["ends"] - other["begins"]))


def _close(one: pd.DataFrame, other: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of the pairs within 250 m and 72 hours of each other."""
    found = [
        _close_of(one, other, mine, theirs)
        for mine in _by_width(one)
        for theirs in _by_width(other)
        if len(mine) and len(theirs)
    ]
    left = np.concatenate([pair[0] for pair in found])
    right = np.concatenate([pair[1] for pair in found])
    order = np.lexsort((right, left))
    return left[order], right[order]


def _by_width(part: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of times known to the day, and of wider ones, which are looked for apart."""
    width = (part["ends"] - part["begins"]).to_numpy()
    return np.flatnonzero(width <= _DAY_H), np.flatnonzero(width > _DAY_H)


def _close_of(
    one: pd.DataFrame, other: pd.DataFrame, mine: NDArray[np.intp], theirs: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    sides = [(one.iloc[mine], mine), (other.iloc[theirs], theirs)]
    half = [float((part["ends"] - part["begins"]).max()) / 2 for part, _ in sides]
    reach = NEAR_H + sum(half) + 1e-6
    trees = []
    for part, _ in sides:
        middle = (part["begins"] + part["ends"]) / 2
        # Within one unit along each axis: close enough in metres and in hours.
        where = np.column_stack([part["x"] / NEAR_M, part["y"] / NEAR_M, middle / reach])
        trees.append(cKDTree(where))
    near = trees[0].sparse_distance_matrix(trees[1], 1.0, p=np.inf, output_type="ndarray")
    return mine[near["i"]], theirs[near["j"]]


def _listed(
    one: pd.DataFrame, other: pd.DataFrame, near: pd.DataFrame, scores: Scores
) -> pd.DataFrame:
    """Pairs worth a person's look, each report in one at most, the likeliest first."""
    table = pd.DataFrame(
        {
            "a": one.index[near["i"]],
            "b": other.index[near["j"]],
            "metres": near["metres"].to_numpy(),
            "hours": near["hours"].to_numpy(),
            "kind": near["kind_level"].map(_ALIKE).to_numpy(),
            "weight": scores.weight,
            "probability": scores.probability,
        }
    )
    table = table.loc[table["probability"] >= SUSPECT]
    table = table.sort_values(
        ["weight", "metres", "hours", "a", "b"], ascending=[False, True, True, True, True]
    )
    taken: set[tuple[str, object]] = set()
    kept = []
    for row, a, b in zip(range(len(table)), table["a"], table["b"], strict=True):
        if ("a", a) in taken or ("b", b) in taken:
            continue
        taken |= {("a", a), ("b", b)}
        kept.append(row)
    return table.iloc[kept].reset_index(drop=True)
