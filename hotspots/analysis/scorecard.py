"""
How well each way of choosing areas foretold months that it had not seen.

From every month with enough behind it, each method chooses the same number of areas of
the same size from the months before, and is scored on the months after. What the reader
sees is the average over those months, each with its interval, and how often and by how
much our patrol areas were ahead, also where they were not.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis import baselines
from hotspots.analysis.baselines import Choice, Training
from hotspots.analysis.counts import MISSING
from hotspots.analysis.places import Places, gather
from hotspots.analysis.ranking import DEFAULT, Ranking
from hotspots.analysis.score_tables import Origin, averages, by_origin, differences, resampled
from hotspots.settings import PATROL_AREA_HA, PATROL_AREAS, RADIUS_M, SEED
from hotspots.tables.incidents import Incidents, coordinates, located

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OURS: Final = "patrol_areas"
BEST: Final = "hindsight"
# What each method is called in a table and in a sentence.
METHODS: Final = {
    OURS: "patrol areas",
    "hotspots": "hotspots as drawn",
    "squares": "the square grid by last count",
    "squares_best": "the best of nine square grids",
    "hexagons": "the hexagonal grid by last count",
    "hexagons_best": "the best of nine hexagonal grids",
    "kernel": "kernel density",
    "random": "cells drawn at random",
    BEST: "hindsight",
}
TRAIN_MONTHS: Final = 12
HORIZON_MONTHS: Final = 3
_OFFSETS: Final = tuple((east / 3, north / 3) for east in range(3) for north in range(3))
_METHOD: Final[dict[str, Callable[[Training], Choice]]] = {
    OURS: baselines.patrol_areas,
    "hotspots": baselines.footprints,
    "kernel": baselines.kernel_density,
    "random": baselines.chance,
}
_GRIDS: Final = {"squares": baselines.square_cells, "hexagons": baselines.hexagonal_cells}


@dataclass(frozen=True, eq=False)
class Scorecard:
    """
    What each method caught, on average and month by month.

    Attributes
    ----------
    areas, size_ha
        How many areas each method chose, and the area of each, hectares.
    train, horizon
        Months before and after each origin, as used.
    table
        Indexed by method: `name`; `hit_rate`, `pai`, `pei`, each the mean over origins
        with `_low` and `_high`; `areas` and `area_ha` chosen, mean.
    by_origin
        A row for each origin and method: `origin` (first month scored), `method`,
        `train_held`, `test_held` (months), `later`, `caught`, `hit_rate`, `areas`,
        `area_ha`, `pai`, `pei`, `across_break`.
    differences
        Indexed by the other methods: ours less theirs in hit rate, `difference`, `low`,
        `high` (parts of 1); `ahead`, `tied`, `origins`.
    notes
        What a reader must know beside the figures.
    """

    areas: int
    size_ha: float
    train: int
    horizon: int
    table: pd.DataFrame
    by_origin: pd.DataFrame
    differences: pd.DataFrame
    notes: tuple[str, ...]

    def sentence(self, method: str = "squares") -> str:
        """
        Ours against another method, as a reader says it.

        Parameters
        ----------
        method
            One of `METHODS`, not our own.
        """
        if method not in self.differences.index:
            return "There are too few months to say which method foretells better."
        row = self.differences.loc[[method]].iloc[0]
        period = "quarters" if self.horizon == HORIZON_MONTHS else f"runs of {self.horizon} months"
        ahead, origins = int(row["ahead"]), int(row["origins"])
        points = 100 * row[["difference", "low", "high"]].to_numpy(dtype=np.float64)
        return (
            f"On {ahead} of {origins} later {period} patrol areas caught more than "
            f"{METHODS[method]}; the difference is {points[0]:z.1f} points "
            f"({points[1]:z.1f} to {points[2]:z.1f})."
        )


def score(
    incidents: Incidents,
    *,
    areas: int = PATROL_AREAS.default,
    size_ha: float = PATROL_AREA_HA.default,
    train: int = TRAIN_MONTHS,
    horizon: int = HORIZON_MONTHS,
    study_area_m2: float = float("nan"),
    status: pd.Series | None = None,
    methods: Collection[str] = tuple(METHODS),
    ranking: Ranking = DEFAULT,
    breaks: Iterable[pd.Period] = (),
    recorded: Floats | None = None,
    radius_m: float = RADIUS_M.default,
    min_incidents: int | None = None,
    seed: int = SEED,
) -> Scorecard:
    """
    Rolling-origin scorecard over every month with enough training.

    Parameters
    ----------
    incidents
        Incidents of one kind, of all months held; those without a place are left out.
    areas, size_ha
        How many areas each method may choose, and the area of each, hectares.
    train, horizon
        Months before and after each origin; where less is held the training is cut,
        and `notes` says so.
    study_area_m2
        Ground of the study area, for PAI; not a number = no PAI.
    status
        What was supplied, by month, from `counts.supply`; None = a month without any
        incident was not.
    methods
        Some of `METHODS`; ours and hindsight always are.
    ranking
        How our areas weigh the months before.
    breaks
        First months of another way of recording; origins that see both sides are marked.
    recorded
        Points at which a crime can be recorded, shape (n, 2), for the minimum of the
        hotspots; None = the training incidents'.
    radius_m, min_incidents
        For the hotspots as drawn; the minimum is chosen from the training when None.
    seed
        For chance and for the intervals.

    Returns
    -------
    scorecard
        Of no origin when fewer than `horizon` + 1 months are held: its tables are empty.
    """
    scored = located(incidents)
    xy = coordinates(scored)
    month = np.asarray(pd.PeriodIndex(scored["month"]).asi8, dtype=np.int64)
    held = _held(month, status)
    wanted = {OURS, BEST, *methods}
    used = max(1, min(train, len(held) - horizon))
    ends = [moment.ordinal for moment in breaks]
    origins = []
    for origin in _origins(held, train=used, horizon=horizon):
        before = (month >= origin - used) & (month < origin)
        after = (month >= origin) & (month < origin + horizon) & np.isin(month, held)
        if not before.any() or not after.any():
            continue
        training = Training(
            places=gather(xy[before]),
            month=month[before],
            held=held[(held >= origin - used) & (held < origin)],
            horizon=horizon,
            areas=areas,
            size_ha=size_ha,
            ranking=ranking,
            radius_m=radius_m,
            min_incidents=min_incidents,
            recorded=recorded,
            seed=seed,
        )
        later = gather(xy[after])
        choices = _choices(training, later, wanted)
        origins.append(
            Origin(
                month=origin,
                train_held=len(training.held),
                test_held=int(((held >= origin) & (held < origin + horizon)).sum()),
                across_break=any(origin - used < end < origin + horizon for end in ends),
                later=later,
                holds={name: choice.holds(later.xy) for name, choice in choices.items()},
                areas={name: choice.areas for name, choice in choices.items()},
                area_m2={name: choice.area_m2 for name, choice in choices.items()},
            )
        )
    chosen = _best_offsets(origins, wanted)
    rows = by_origin(origins, chosen, best=BEST, study_area_m2=study_area_m2)
    drawn = resampled(
        origins, chosen, best=BEST, study_area_m2=study_area_m2, block=horizon, seed=seed
    )
    return Scorecard(
        areas=areas,
        size_ha=size_ha,
        train=used,
        horizon=horizon,
        table=averages(rows, {name: METHODS[name] for name in chosen}, drawn),
        by_origin=rows,
        differences=differences(rows, list(chosen), drawn["hit_rate"], ours=OURS),
        notes=_notes(origins, train=train, used=used, horizon=horizon),
    )


def _held(month: Ints, status: pd.Series | None) -> Ints:
    """Months supplied, in order."""
    if status is None:
        return np.unique(month)
    supplied = status.index[(status != MISSING).to_numpy()]
    return np.unique(np.asarray(pd.PeriodIndex(supplied).asi8, dtype=np.int64))


def _origins(held: Ints, *, train: int, horizon: int) -> list[int]:
    """Months from which there is at least half the training before, and a full horizon after."""
    if not len(held):
        return []
    first, last = int(held[0]) + train, int(held[-1]) - horizon + 1
    return [
        origin
        for origin in range(first, last + 1)
        if 2 * ((held >= origin - train) & (held < origin)).sum() >= train
    ]


def _choices(training: Training, later: Places, wanted: Collection[str]) -> dict[str, Choice]:
    """What each method chose; a grid once for each offset."""
    choices = {name: method(training) for name, method in _METHOD.items() if name in wanted}
    for name, grid in _GRIDS.items():
        asked = _OFFSETS if f"{name}_best" in wanted else _OFFSETS[: int(name in wanted)]
        for number, offset in enumerate(asked):
            cells = grid(training.size_ha, offset=offset)
            choices[f"{name} {number}"] = baselines.last_count(training, cells=cells)
    choices[BEST] = baselines.hindsight(later, areas=training.areas, size_ha=training.size_ha)
    return choices


def _best_offsets(origins: list[Origin], wanted: Collection[str]) -> dict[str, str]:
    """Which choice stands for each method: of offsets the one that caught most in all."""
    if not origins:
        return {name: name for name in METHODS if name in wanted}
    caught = {name: sum(origin.caught(name) for origin in origins) for name in origins[0].holds}
    chosen = {}
    for name in METHODS:
        if name not in wanted:
            continue
        grid = name.removesuffix("_best")
        offsets = [f"{grid} {number}" for number in range(len(_OFFSETS))]
        if name in _GRIDS:
            chosen[name] = offsets[0]
        elif grid in _GRIDS:
            chosen[name] = max(offsets, key=lambda offset: caught[offset])
        else:
            chosen[name] = name
    return chosen


def _notes(origins: list[Origin], *, train: int, used: int, horizon: int) -> tuple[str, ...]:
    """What a reader must know beside the figures."""
    if not origins:
        return (f"Fewer than {horizon + 1} months are held: nothing can be scored.",)
    notes = []
    notes.append(
        f"At each of {len(origins)} origins up to {used} months before are learnt from and "
        f"{horizon} after are scored; neighbouring origins share months."
    )
    if used < train:
        notes.append(f"{train} months of training were asked for; {used} are all that is held.")
    short = sum(origin.train_held < used or origin.test_held < horizon for origin in origins)
    if short:
        notes.append(f"{short} of {len(origins)} origins have a month missing.")
    across = sum(origin.across_break for origin in origins)
    if across:
        notes.append(
            f"{across} of {len(origins)} origins see months recorded in another way; "
            "their levels are not comparable, only where reports were."
        )
    notes.append(
        "Hotspots as drawn differ in size and number; small ground round single points "
        "scores a high PAI, so compare them by what they hold and how much ground it takes."
    )
    notes.append(
        "The best of nine offsets is picked knowing what came, so it flatters the grids; "
        "hindsight places areas on the very reports that are scored: nothing can know so much."
    )
    return tuple(notes)
