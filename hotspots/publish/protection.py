"""
The report for the data-protection officer: what was hidden, why, and what hiding costs.

It holds true counts, so it is written beside the public files and never among them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.publish.disclosure import Disclosure
from hotspots.publish.release import OTHERS, PART, REST, WHOLE

_AREAS = {PART: "pieces of wards", WHOLE: "whole wards"}
# A correlation of fewer areas than this says nothing.
_LEAST_AREAS = 3


@dataclass(frozen=True, eq=False)
class Protection:
    """
    What one release shows and hides.

    Attributes
    ----------
    shown
        One row a year: `reports` counted, and the share of them that is shown `by_ward`,
        `with_other_wards`, `on_the_map` (in a piece of a ward) and `nowhere`; `wards` and
        `pieces` with a report, and the share of each that is shown.
    hidden
        One row a year, kind of area and reason: `areas`, `reports`.
    ranking
        One row a year: Spearman's rank correlation of public with true reports over
        `wards` (those not shown tied at the bottom) and `pieces`.
    left_out
        Reports that were not counted, by reason.
    """

    shown: pd.DataFrame
    hidden: pd.DataFrame
    ranking: pd.DataFrame
    left_out: dict[str, int]

    def text(self) -> str:
        """Report as Markdown."""
        lines = ["# What the public figures hide, and why", "", _RULES, ""]
        for title, table in (
            ("Share of reports and of areas shown", self.shown.round(3)),
            ("Areas not shown by themselves", self.hidden),
            ("How far the public order is from the true one (Spearman)", self.ranking.round(3)),
            (
                "Reports that are not counted",
                pd.DataFrame(list(self.left_out.items()), columns=["why", "reports"]),
            ),
        ):
            lines += [f"## {title}", "", _markdown(table), ""]
        return "\n".join([*lines, _LIMITS, ""])


_RULES = (
    "**Not for publication: this report holds true counts.** An area is shown when it holds at "
    "least 10 reports, at least 10 without its busiest place, 8 addresses and 10 hectares; the "
    "count is rounded to 5. Cells do not overlap, totals are sums of what is shown, periods are "
    "calendar years, and of one address or repeat caller at most nine reports of a year count. "
    "Personal antisocial behaviour is never mapped. No public view can be filtered."
)
_LIMITS = (
    "## What this cannot promise\n\n"
    "Addresses are those known from the points that reports lie at: a map point of "
    "data.police.uk counts as eight, because its publisher says it stands for at least eight "
    "postal addresses or for a public place; any other point counts as one. Someone who knows "
    "other figures, such as the street files that data.police.uk itself publishes, can learn "
    "from those. Importing a year again with other reports changes what is shown for it: keep "
    "each release, and compare before publishing a second one for the same year."
)


def protection(disclosed: Disclosure) -> Protection:
    """
    What a release shows and hides.

    Parameters
    ----------
    disclosed
        From `disclosure.disclose`.
    """
    rows, cells = disclosed.counted.rows, disclosed.release.cells
    kind = disclosed.cell_of.map(cells["kind"])
    shown, ranking = [], []
    for key, of_year in rows.groupby("year"):
        year = int(str(key))
        kinds = kind.loc[of_year.index]
        wards = of_year.groupby("ward").size()
        pieces = of_year.loc[of_year["column"] >= 0].groupby(["ward", "column", "row"]).size()
        told = disclosed.release.of_wards(year)["reports"].dropna()
        mapped = cells.loc[(cells["year"] == year) & (cells["kind"] == PART), "reports"]
        shown.append(
            {
                "year": year,
                "reports": len(of_year),
                "by_ward": kinds.isin([PART, REST, WHOLE]).mean(),
                "with_other_wards": (kinds == OTHERS).mean(),
                "on_the_map": (kinds == PART).mean(),
                "nowhere": kinds.isna().mean(),
                "wards": len(wards),
                "wards_shown": len(told) / len(wards),
                "pieces": len(pieces),
                "pieces_shown": len(mapped) / max(1, len(pieces)),
            }
        )
        names = [f"{year} {ward}/H{column}-{row}" for ward, column, row in pieces.index]
        ranking.append(
            {
                "year": year,
                "wards": _correlation(wards, told),
                "pieces": _correlation(pieces.set_axis(names), mapped),
            }
        )
    hidden = disclosed.hidden.assign(kind=disclosed.hidden["kind"].map(_AREAS))
    return Protection(
        shown=pd.DataFrame(shown),
        hidden=hidden.groupby(["year", "kind", "why"])
        .agg(areas=("reports", "size"), reports=("reports", "sum"))
        .reset_index(),
        ranking=pd.DataFrame(ranking),
        left_out=disclosed.counted.left_out,
    )


def _correlation(true: pd.Series, public: pd.Series) -> float:
    """Spearman's rank correlation; what is not shown is taken as nothing."""
    told = public.reindex(true.index).fillna(0.0)
    if len(true) < _LEAST_AREAS or np.ptp(told) == 0 or np.ptp(true) == 0:
        return float("nan")
    return float(stats.spearmanr(true, told).statistic)


def _markdown(table: pd.DataFrame) -> str:
    rows = [list(map(str, table.columns)), ["---"] * len(table.columns)]
    rows += [list(map(str, row)) for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
