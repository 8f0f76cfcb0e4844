"""Suspected doubles among the reports of a dataset, and what they leave in doubt."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hotspots.analysis.doubles import Doubles
from hotspots.analysis.doubles import doubles as between_sources
from hotspots.analysis.same_events import counted_twice, extra_rows, row_keys
from hotspots.tables.incidents import Incidents, asb

Pair = tuple[str, str]
# What a person needs to see of each report to decide.
SHOWN: Final = ("source", "occurred_from", "time_precision", "street", "kind", "qualifier")


@dataclass(frozen=True, eq=False)
class Suspects:
    """
    Suspected doubles.

    Attributes
    ----------
    found
        One for each two sources.
    pairs
        Of all of them, likeliest first: what `Doubles.pairs` holds, the keys `key_a` and
        `key_b` of the two reports in order of their names, and of each report what
        `SHOWN` lists, as `source_a`, `source_b`, ….
    """

    found: tuple[Doubles, ...]
    pairs: pd.DataFrame

    def undecided(self, decided: Collection[Pair], within: pd.Index | None = None) -> pd.DataFrame:
        """
        Pairs that nobody has decided.

        Parameters
        ----------
        decided
            Pairs of keys, each in order.
        within
            Rows of incidents that both reports must be among; None = any.
        """
        keys = zip(self.pairs["key_a"], self.pairs["key_b"], strict=True)
        is_open = pd.Series([pair not in decided for pair in keys], self.pairs.index, dtype="bool")
        if within is not None:
            is_open &= self.pairs["a"].isin(within) & self.pairs["b"].isin(within)
        return self.pairs.loc[is_open]


def suspects(incidents: Incidents) -> Suspects:
    """Suspected doubles among reports of antisocial behaviour, of any sources and areas."""
    reports = asb(incidents)
    found = tuple(between_sources(reports))
    pairs = pd.concat([one.pairs for one in found]) if found else pd.DataFrame()
    if pairs.empty:
        names = [f"{name}_{side}" for name in ("key", *SHOWN) for side in "ab"]
        columns = ["a", "b", "metres", "hours", "kind", "weight", "probability", *names]
        return Suspects(found, pd.DataFrame(columns=columns))
    keys = row_keys(reports)
    swapped = keys.loc[pairs["a"]].to_numpy() > keys.loc[pairs["b"]].to_numpy()
    one, other = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    pairs = pairs.assign(a=one.copy(), b=other.copy())
    pairs.loc[swapped, "a"], pairs.loc[swapped, "b"] = other[swapped], one[swapped]
    for side in "ab":
        rows = reports.loc[pairs[side]]
        pairs[f"key_{side}"] = keys.loc[pairs[side]].to_numpy()
        for name in SHOWN:
            pairs[f"{name}_{side}"] = rows[name].astype("object").to_numpy()
    pairs = pairs.sort_values(["weight", "key_a", "key_b"], ascending=[False, True, True])
    return Suspects(found, pairs.reset_index(drop=True))


def may_be_twice(pairs: pd.DataFrame) -> int:
    """Reports that some pairs may count twice."""
    return counted_twice([pairs]) if len(pairs) else 0


def counted_once(incidents: Incidents, same: Iterable[Pair]) -> Incidents:
    """Incidents without the rows that a person said are another's event."""
    pairs = list(same)
    if not pairs:
        return incidents
    gone = extra_rows(row_keys(asb(incidents)), pairs)
    return Incidents(incidents.drop(index=gone))
