"""Which partner sees what the others do not, by ward and by hotspot, where both report."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from hotspots.analysis.between_sources import between, near
from hotspots.selection import Selection
from hotspots.study.answers import find
from hotspots.study.cut import Study, study
from hotspots.study.dataset import Dataset
from hotspots.tables.incidents import Incidents, asb, coordinates, located
from hotspots.tables.wards import Wards

# A source reports on a local authority when this share of its reports lies there.
_SHARE: Final = 0.01
# Why a source cannot be set beside the others; the first that holds is given.
NO_REPORTS: Final = "no reports"
UNPLACED: Final = "none with a place"
NO_WARDS: Final = "no wards"
ELSEWHERE: Final = "elsewhere"
OTHER_MONTHS: Final = "no month in common"
OTHER_GROUND: Final = "no local authority in common"


@dataclass(frozen=True, eq=False)
class Compared:
    """
    One source beside the others.

    Attributes
    ----------
    name, others
        Whose reports they are, and who the others are.
    months
        Months that both report on.
    table
        From `analysis.between_sources.between`, by ward code, with the ward's `name`.
    hotspots
        The same by hotspot of all their reports together, which are counted within the
        walking radius of it; with its `streets`, `ward_name` and `key`.
    radius_m
        The walking radius.
    """

    name: str
    others: tuple[str, ...]
    months: int
    table: pd.DataFrame
    hotspots: pd.DataFrame
    radius_m: int


@dataclass(frozen=True)
class NotCompared:
    """
    One source that cannot be set beside the others.

    Attributes
    ----------
    name
        Whose reports they are.
    why
        One of the reasons above.
    reports
        Its reports of antisocial behaviour in the months asked for, wherever they lie.
    area
        Name of the study area.
    """

    name: str
    why: str
    reports: int
    area: str


def compared(dataset: Dataset, selection: Selection) -> list[Compared | NotCompared]:
    """
    Each partner beside all other sources, in the study area and months asked for.

    Only wards of local authorities, and only months, in which both report are looked at:
    what a partner does not cover, it cannot see.
    """
    if len(dataset.sources) < 2:  # noqa: PLR2004
        return []
    over = study(dataset, replace(selection, sources=tuple(dataset.sources), qualifiers=()))
    return [_beside(dataset, over, name) for name in list(dataset.sources.values())[1:]]


def _beside(dataset: Dataset, over: Study, name: str) -> Compared | NotCompared:
    mine = over.asb["source"] == name
    ours, theirs = (Incidents(over.asb.loc[rows]) for rows in (mine, ~mine))
    shared = set(ours["month"].unique()) & set(theirs["month"].unique())
    both = [Incidents(part.loc[part["month"].isin(shared)]) for part in (ours, theirs)]
    wards = _wards_of_both(over, *both)
    if not len(wards):
        return _not_compared(dataset, over, name, ours, shared=bool(shared))
    counts = [
        over.ward.loc[part.index].value_counts().reindex(wards).fillna(0).astype("int64")
        for part in both
    ]
    table = between(*counts)
    table.insert(0, "name", over.wards["name"].reindex(table.index))
    others = tuple(str(each) for each in both[1]["source"].unique())
    there = over.ward.isin(wards)
    hotspots = _by_hotspot(
        over, wards, *(Incidents(part.loc[there.loc[part.index]]) for part in both)
    )
    return Compared(name, others, len(shared), table, hotspots, over.selection.radius_m)


def _not_compared(
    dataset: Dataset, over: Study, name: str, ours: Incidents, *, shared: bool
) -> NotCompared:
    period, every = over.selection.period, asb(dataset.incidents)
    asked = (every["month"] >= period.first) & (every["month"] <= period.last)
    all_of_it = Incidents(every.loc[asked & (every["source"] == name)])
    reasons = {
        NO_REPORTS: not len(all_of_it),
        UNPLACED: not len(located(all_of_it)),
        NO_WARDS: not len(dataset.wards),
        ELSEWHERE: not len(located(ours)),
        OTHER_MONTHS: not shared,
    }
    why = next((reason for reason, holds in reasons.items() if holds), OTHER_GROUND)
    return NotCompared(name, why, len(all_of_it), dataset.choices.areas[over.selection.area])


def _by_hotspot(over: Study, wards: pd.Index, ours: Incidents, theirs: Incidents) -> pd.DataFrame:
    """Hotspots of both sources' reports together, by how these divide between the two."""
    rows = ours.index.union(theirs.index)
    together = replace(
        over,
        crime=Incidents(over.crime.loc[over.ward.loc[over.crime.index].isin(wards)]),
        asb=Incidents(over.asb.loc[rows]),
        wards=Wards(over.wards.loc[wards]),
    )
    hotspots = find(together).hotspots
    here, there = near(
        coordinates(located(ours)),
        coordinates(located(theirs)),
        hotspots.geometry.to_numpy(),
        within_m=over.selection.radius_m,
    )
    table = between(
        pd.Series(here, index=hotspots.index),
        pd.Series(there, index=hotspots.index),
        everywhere=(len(ours), len(theirs)),
    )
    named = hotspots[["streets", "ward_name", "key"]]
    return named.loc[table.index].join(table)


def _wards_of_both(over: Study, ours: Incidents, theirs: Incidents) -> pd.Index:
    """Wards of local authorities in which both sources report."""
    authority = over.wards["authority"]
    held = []
    for part in (ours, theirs):
        share = over.ward.loc[part.index].astype("str").map(authority).value_counts(normalize=True)
        held.append(set(share.index[share >= _SHARE]))
    return over.wards.index[authority.isin(held[0] & held[1])]
