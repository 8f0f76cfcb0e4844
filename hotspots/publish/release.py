"""
What the public may know: one set of tables that never changes with who asks or how.

A `Release` holds rounded figures and outlines of areas, and nothing from which a smaller
figure could be worked out; `publish.disclosure` makes it and says why. Every public page,
file, slide and link is drawn from one, whole.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.settings import LEAST_PUBLIC, ROUNDED_TO
from hotspots.tables.wards import Wards

# What a cell is: part of a ward on the hexagon grid, what is left of a ward, a ward that is
# not divided, or the wards of an authority that are too small to be shown one by one.
PART: Final = "part"
REST: Final = "rest"
WHOLE: Final = "ward"
OTHERS: Final = "others"

CELL_COLUMNS: Final = ("year", "kind", "ward", "authority", "side", "number", "reports")
QUARTERS: Final = 4


def rounded(count: int) -> int:
    """
    A count of at least ten, to the nearest five.

    Examples
    --------
    >>> [rounded(n) for n in (10, 12, 13, 17, 18)]
    [10, 10, 15, 15, 20]
    """
    return ROUNDED_TO * round(count / ROUNDED_TO)


def could_be(reports: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Least and most that one published figure can stand for.

    Examples
    --------
    >>> low, high = could_be(np.array([10.0, 15.0]))
    >>> low.tolist(), high.tolist()
    ([10.0, 13.0], [12.0, 17.0])
    """
    spread = ROUNDED_TO // 2
    return np.maximum(reports - spread, LEAST_PUBLIC), reports + spread


@dataclass(frozen=True, eq=False)
class Release:
    """
    Everything public.

    Attributes
    ----------
    cells
        One row for each area and year: what may be shown, none overlapping another.
        Index `cell`; columns `CELL_COLUMNS` and the outline (missing for "others").
    quarters
        `authority`, `year`, `quarter`, `reports`: of the reports that the cells count.
    wards
        All wards of the vintage, shown or not.
    years
        `authority`, `year`: what was supplied whole.
    made_up
        Whether the data is illustrative.
    """

    cells: gpd.GeoDataFrame
    quarters: pd.DataFrame
    wards: Wards
    years: pd.DataFrame
    made_up: bool

    @cached_property
    def identity(self) -> str:
        """12 characters that change exactly when something public does."""
        told = [
            pd.DataFrame(self.cells.drop(columns="geometry")).reset_index().to_csv(),
            self.quarters.to_csv(),
            self.years.to_csv(),
            self.wards.drop(columns="geometry").to_csv(),
        ]
        return sha256("\n".join(told).encode()).hexdigest()[:12]

    @property
    def year(self) -> int | None:
        """Newest year that is shown anywhere."""
        return int(self.years["year"].max()) if len(self.years) else None

    def of_wards(self, year: int) -> pd.DataFrame:
        """
        Wards of one year: the sum of their published cells, and what it can stand for.

        Parameters
        ----------
        year
            Calendar year.

        Returns
        -------
        wards
            Indexed by ward code, every ward whose year was supplied: `name`,
            `authority_name`, `residents`, `reports`, `low`, `high`; the last three are
            not a number where the ward is not shown.
        """
        cells = self.cells.loc[(self.cells["year"] == year) & (self.cells["ward"] != "")]
        low, high = could_be(cells["reports"].to_numpy(dtype=np.float64))
        sums = (
            pd.DataFrame({"ward": cells["ward"], "reports": cells["reports"]})
            .assign(low=low, high=high)
            .groupby("ward")
            .sum()
        )
        told = self.years.loc[self.years["year"] == year, "authority"]
        wards = self.wards.loc[self.wards["authority"].isin(told)]
        table = pd.DataFrame(wards[["name", "authority", "authority_name", "residents"]])
        return table.join(sums.astype("float64")).sort_values(["name", "authority_name"])

    def total(self, year: int, authority: str | None = None) -> int:
        """Sum of the published cells of a year, everywhere or in one authority."""
        of_year = self.cells["year"] == year
        here = True if authority is None else self.cells["authority"] == authority
        return int(self.cells.loc[of_year & here, "reports"].sum())
