"""Averages over origins, each with its interval: the tables of a scorecard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.places import Places
from hotspots.analysis.scores import hit_rate, pai, pei
from hotspots.settings import INTERVAL

Floats = NDArray[np.float64]

MEASURES: Final = ("hit_rate", "pai", "pei")
RESAMPLES: Final = 999
_SQUARE_METRES_IN_HECTARE: Final = 10_000


@dataclass(frozen=True, eq=False)
class Origin:
    """
    One month from which the future was foretold, and what came.

    Attributes
    ----------
    month
        First month scored, counted in whole months.
    train_held, test_held
        Months that were held before and after it.
    across_break
        Whether these months were recorded in more than one way.
    later
        What came, gathered at the points it shares.
    holds, areas, area_m2
        By choice: what it held of each place of `later`, 0 to 1; how many areas it
        chose, and their ground, m².
    """

    month: int
    train_held: int
    test_held: int
    across_break: bool
    later: Places
    holds: Mapping[str, Floats]
    areas: Mapping[str, int]
    area_m2: Mapping[str, float]

    def caught(self, choice: str) -> float:
        """Later incidents that a choice held."""
        return float(self.holds[choice] @ self.later.incidents)


def by_origin(
    origins: list[Origin], chosen: Mapping[str, str], *, best: str, study_area_m2: float
) -> pd.DataFrame:
    """
    A row for each origin and method.

    Parameters
    ----------
    origins
        What was foretold, and what came.
    chosen
        Choice that stands for each method.
    best
        Method that PEI* is measured against.
    study_area_m2
        Ground of the study area, for PAI.
    """
    rows = []
    for origin in origins:
        later = int(origin.later.incidents.sum())
        ceiling = origin.caught(chosen[best])
        for method, choice in chosen.items():
            caught, area_m2 = origin.caught(choice), origin.area_m2[choice]
            rows.append(
                {
                    "origin": pd.Period(ordinal=origin.month, freq="M"),
                    "method": method,
                    "train_held": origin.train_held,
                    "test_held": origin.test_held,
                    "later": later,
                    "caught": caught,
                    "hit_rate": hit_rate(caught, later),
                    "areas": origin.areas[choice],
                    "area_ha": area_m2 / _SQUARE_METRES_IN_HECTARE,
                    "pai": pai(caught, later, area_m2, study_area_m2),
                    "pei": pei(caught, ceiling),
                    "across_break": origin.across_break,
                }
            )
    types = {
        "origin": "period[M]",
        "method": "str",
        "train_held": "int64",
        "test_held": "int64",
        "later": "int64",
        "caught": "float64",
        "hit_rate": "float64",
        "areas": "int64",
        "area_ha": "float64",
        "pai": "float64",
        "pei": "float64",
        "across_break": "bool",
    }
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def resampled(
    origins: list[Origin],
    chosen: Mapping[str, str],
    *,
    best: str,
    study_area_m2: float,
    block: int,
    seed: int,
) -> dict[str, Floats]:
    """
    Averages over origins in bootstrap samples, by measure; shape (samples, methods).

    Two things could have come out otherwise, and both are drawn again: which months
    were scored (blocks of origins as long as the horizon, since neighbouring origins
    share months; the last joins the first), and which reports came in them. All methods
    meet the same draws, so that their differences are paired.

    References
    ----------
    D. Politis & J. Romano (1992), A circular block-resampling procedure for stationary
    data, in Exploring the Limits of Bootstrap.
    """
    rng = np.random.default_rng(seed)
    methods = list(chosen)
    shape = (RESAMPLES, len(origins), len(methods))
    drawn = {measure: np.full(shape, np.nan) for measure in MEASURES}
    for number, origin in enumerate(origins):
        holds = np.column_stack([origin.holds[choice] for choice in chosen.values()])
        # Places that the same methods hold are one kind of place.
        kinds, kind = np.unique(holds, axis=0, return_inverse=True)
        counts = np.bincount(kind, origin.later.incidents)
        later = int(counts.sum())
        caught = rng.multinomial(later, counts / later, size=RESAMPLES) @ kinds
        area = np.array([origin.area_m2[choice] for choice in chosen.values()])
        ceiling = caught[:, [methods.index(best)]]
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn["hit_rate"][:, number] = caught / later
            drawn["pai"][:, number] = caught / later / (area / study_area_m2)
            drawn["pei"][:, number] = np.where(ceiling > 0, caught / ceiling, np.nan)
    if not origins:
        return {measure: np.empty((0, len(methods))) for measure in MEASURES}
    taken = _blocks(len(origins), block=block, rng=rng)
    sample = np.arange(RESAMPLES)[:, None]
    return {measure: part[sample, taken].mean(axis=1) for measure, part in drawn.items()}


def averages(
    rows: pd.DataFrame, names: Mapping[str, str], drawn: Mapping[str, Floats]
) -> pd.DataFrame:
    """
    Mean of each measure over origins, with its interval, indexed by method.

    Parameters
    ----------
    rows
        From `by_origin`.
    names
        Methods, in the order of `drawn`, with what each is called.
    drawn
        From `resampled`.
    """
    methods = pd.Index(list(names), name="method", dtype="str")
    means = rows.groupby("method")[[*MEASURES, "areas", "area_ha"]].mean().reindex(methods)
    table = pd.DataFrame({"name": pd.Series(dict(names), dtype="str").reindex(methods)})
    for measure in MEASURES:
        table[measure] = means[measure]
        table[f"{measure}_low"], table[f"{measure}_high"] = _interval(drawn[measure])
    table["areas"], table["area_ha"] = means["areas"], means["area_ha"]
    return table.loc[methods if len(rows) else methods[:0]]


def differences(
    rows: pd.DataFrame, methods: list[str], drawn: Floats, *, ours: str
) -> pd.DataFrame:
    """
    Our hit rate less that of each other method, with its interval.

    Parameters
    ----------
    rows, drawn
        From `by_origin`; and hit rates from `resampled`, a column for each method.
    methods
        In the order of `drawn`.
    ours
        The method that the others are taken from.
    """
    others = pd.Index([name for name in methods if name != ours], name="method", dtype="str")
    rates = rows.pivot_table(index="origin", columns="method", values="hit_rate")
    table = pd.DataFrame(
        columns=["difference", "low", "high"], index=others, dtype="float64"
    ).assign(ahead=0, tied=0, origins=len(rates))
    if rows.empty:
        return table.iloc[:0]
    for name in others:
        apart = rates[ours] - rates[name]
        low, high = _interval(drawn[:, [methods.index(ours)]] - drawn[:, [methods.index(name)]])
        table.loc[name, ["difference", "low", "high"]] = [apart.mean(), low[0], high[0]]
        table.loc[name, "ahead"] = int((apart > 0).sum())
        table.loc[name, "tied"] = int((apart == 0).sum())
    return table


def _blocks(count: int, *, block: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions of origins in each sample, drawn in runs."""
    length = min(block, count)
    runs = -(-count // length)
    start = rng.integers(0, count, size=(RESAMPLES, runs, 1))
    positions = (start + np.arange(length)).reshape(RESAMPLES, -1) % count
    return np.asarray(positions[:, :count])


def _interval(drawn: Floats) -> tuple[Floats, Floats]:
    """Quantiles of each column that leave out as much on either side."""
    if not len(drawn):
        nothing = np.full(drawn.shape[1], np.nan)
        return nothing, nothing
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return low, high
