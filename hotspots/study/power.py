"""How large a change at one ward or one hotspot these data would show, by what was planted."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.analysis.breaks import Break
from hotspots.analysis.hotspots import inside
from hotspots.analysis.power import PLANTED, SIZES, power_of_changes, power_of_warning
from hotspots.settings import SEED
from hotspots.study.changes import News, all_series
from hotspots.study.cut import Study
from hotspots.study.dataset import Dataset
from hotspots.study.early_warning import over_all, usual
from hotspots.study.scanned import DAYS, LEAST, LONGEST, PAST_STEP, Scanned, scanned
from hotspots.tables.incidents import coordinates

Names = NDArray[np.object_]
WARD: Final = "one ward"
HOTSPOT: Final = "one hotspot"
# Wards and hotspots planted at are the busiest tenth, and at least so many.
_TENTH: Final = 0.1
_LEAST_PLACES: Final = 10
CHANGED: Final = "what changed"
WARNING: Final = "early warning"
# Reports that the newest days gain stand for a week.
_WEEK: Final = 7


@dataclass(frozen=True, eq=False)
class Power:
    """
    Shares of planted changes that were found.

    Attributes
    ----------
    table
        One row a measure, kind of place and size: `measure`, `kind`, `usual` (median reports
        a month of the places planted at), `size`, `found`, `low`, `high`, `planted`.
    by
        "months" or "days": what the early warning went by.
    """

    table: pd.DataFrame
    by: str


def power(
    dataset: Dataset,
    asked: Study,
    news: News,
    *,
    breaks: tuple[Break, ...] = (),
    places: int = PLANTED,
    sizes: tuple[float, ...] = SIZES,
) -> Power:
    """
    Share of changes that would be found, by size, at busy wards and hotspots of a study area.

    Places are drawn at random among the busiest tenth (at least ten); the same place may be
    drawn again.

    Parameters
    ----------
    dataset, asked, news
        The study area, and what changed in it: its hotspots are those of the months before.
    breaks
        Nothing before the last of them is used.
    places
        Changes planted for each size.
    """
    over, area, series = all_series(dataset, asked, news.before)
    by, rng = usual(asked), np.random.default_rng(SEED)
    cut = scanned(over_all(dataset, asked), breaks, by=by)
    parts = []
    for kind, names in _places(series, news).items():
        if not len(names):
            continue
        chosen = [str(name) for name in rng.choice(names, places)]
        held = float(series[chosen].mean().median())
        tables = {CHANGED: power_of_changes(
            series, over.status, chosen, area=area, breaks=breaks, sizes=sizes
        )}  # fmt: skip
        if len(cut.used) >= LEAST[by]:
            tables[WARNING] = _of_warning(over, cut, news, chosen, by=by, sizes=sizes)
        for measure, table in tables.items():
            table.insert(0, "usual", held)
            table.insert(0, "kind", kind)
            table.insert(0, "measure", measure)
            parts.append(table)
    columns = ["measure", "kind", "usual", "size", "found", "low", "high", "planted"]
    return Power(
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns), by
    )


def _places(series: pd.DataFrame, news: News) -> dict[str, Names]:
    """The busiest wards and hotspots."""
    spot = series.columns.isin(news.before["key"].astype("str"))
    return {kind: _busiest(series.loc[:, kept]) for kind, kept in ((WARD, ~spot), (HOTSPOT, spot))}


def _busiest(series: pd.DataFrame) -> Names:
    mean = series.mean().sort_values(ascending=False, kind="stable")
    many = max(_LEAST_PLACES, round(_TENTH * len(mean)))
    return np.asarray(mean.index[mean > 0][:many], dtype=np.object_)


def _of_warning(
    over: Study, cut: Scanned, news: News, chosen: list[str], *, by: str, sizes: tuple[float, ...]
) -> pd.DataFrame:
    keys = np.append([""], news.before["key"].astype("str").to_numpy())
    spot = keys[inside(cut.rows, news.before)]
    ward = over.ward.reindex(cut.rows.index).astype("str").to_numpy()
    rows = [np.flatnonzero((spot == name) | (ward == name)) for name in chosen]
    return power_of_warning(
        coordinates(cut.rows),
        cut.when,
        [place for place in rows if len(place)],
        periods=len(cut.used),
        longest=LONGEST[by],
        past_step=PAST_STEP[by],
        newest=_WEEK if by == DAYS else 1,
        sizes=sizes,
    )
