"""
Disclosure control: the only door to what the public is told.

**The rule of a cell.** A cell is shown only when it holds at least 10 reports, at least 10
also when its busiest single place is taken away, at least 8 addresses and at least 10
hectares. What is shown is rounded to 5: "10" stands for 10 to 12, "15" for 13 to 17.

**The geography and the time are fixed.** Wards of the newest vintage loaded; within a ward,
its pieces of one grid of hexagons; calendar years that were supplied whole. Nothing that a
reader can set changes any of it: there is no month, source, qualifier or radius to set.

**The cells of a year are a partition.** Each report belongs to one cell: its piece of a
ward, or the rest of that ward, or the other wards of that authority. When the rest of a
ward may not be shown, its smallest piece is taken back into it, and again, until it may or
until the ward is one cell. Personal ASB is never mapped: it counts in the rest of its ward.
A ward that may not be shown goes with the authority's other small wards; when they may not
be shown either, they are not counted anywhere.

**Every total is the sum of published figures**, so that a total says nothing that its
parts do not. Quarters of an authority count the reports of its published cells alone, all
four of them or none.

**Why nothing can be worked out.** Write c for a published cell, q for a quarter, x(c, q) for
the reports of c in q. The public knows no more than a table with margins r(c) and s(q), each
within its rounding, each of at least 10. Of such a table with margins r, s of one sum, any
one x(c, q) can be as large as min(r(c), s(q)) ≥ 10 (fill that corner first), and any ground
inside c can hold all of it, since c has two places or more. So no set of reports that
anything public could single out by place, time, or subtraction can be shown to number fewer
than 10: the largest number that agrees with everything published is always 10 or more. What
is not shown is in no figure at all, so nothing about it can be subtracted. The attacker of
`tests/publish/attacker.py` checks the same by linear programming.

**One home can never make a figure**: of one address, or one repeat caller, no more than
nine reports of a year count (`publish.counted`), so that a home with 400 reports changes
nothing beside a home with nine, and a cell must stand without its busiest place.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.publish.counted import NOWHERE, Counted, counted
from hotspots.publish.pieces import Pieces, areas_of, named
from hotspots.publish.release import (
    CELL_COLUMNS,
    OTHERS,
    PART,
    QUARTERS,
    REST,
    WHOLE,
    Release,
    rounded,
)
from hotspots.settings import (
    BRITISH_NATIONAL_GRID,
    LEAST_ADDRESSES,
    LEAST_PUBLIC,
    LEAST_PUBLIC_HA,
    PUBLIC_DELAY_MONTHS,
)
from hotspots.study import Dataset

_SQUARE_METRES_IN_HECTARE: Final = 10_000
FEW_REPORTS: Final = "fewer than 10 reports"
ONE_PLACE: Final = "fewer than 10 without its busiest place"
FEW_ADDRESSES: Final = "fewer than 8 addresses"
SMALL: Final = "less than 10 hectares"
PROTECTS: Final = "taken back, so that the rest of its ward can be shown"


@dataclass(frozen=True, eq=False)
class Disclosure:
    """
    What is public, and for the data-protection officer alone, what is not.

    Attributes
    ----------
    release
        Everything public.
    counted
        The reports it was made from. Never public.
    cell_of
        Published cell of each counted report; missing where it is in none. Never public.
    hidden
        Pieces and wards with a report that are not shown by themselves: `year`, `kind`,
        `ward`, `reports`, `why`. Never public.
    """

    release: Release
    counted: Counted
    cell_of: pd.Series
    hidden: pd.DataFrame


def disclose(
    dataset: Dataset, *, today: pd.Period, delay_months: int = PUBLIC_DELAY_MONTHS.default
) -> Disclosure:
    """
    The public release of the police's open data, or of everything where none is loaded.

    Partners' reports are never in it: nobody but the partner may publish them.

    Parameters
    ----------
    dataset
        Everything loaded, with wards of the newest vintage.
    today
        The month it is now.
    delay_months
        Whole months that must have passed since a year ended.
    """
    dataset = dataset.only()
    counting = counted(dataset, newest=today - 1 - delay_months)
    ground = Pieces(counting.ground, dataset.wards)
    cells: list[dict[str, object]] = []
    hidden: list[dict[str, object]] = []
    parts: list[pd.Series] = []
    for (year, authority), rows in counting.rows.groupby(["year", "authority"]):
        divided = _Year(int(str(year)), str(authority), rows, ground)
        divided.divide()
        cells += divided.cells
        hidden += divided.hidden
        parts.append(divided.cell_of)
    cell_of = pd.concat(parts) if parts else pd.Series(dtype="object")
    cell_of = cell_of.reindex(counting.rows.index)
    release = Release(
        cells=_cell_table(cells),
        quarters=_quarters(counting.rows, cell_of),
        wards=dataset.wards,
        years=counting.years,
        made_up=dataset.made_up,
    )
    columns = ["year", "kind", "ward", "reports", "why"]
    return Disclosure(release, counting, cell_of, pd.DataFrame(hidden, columns=columns))


def why_not(rows: pd.DataFrame, *, addresses: int, area_ha: float = float("inf")) -> str | None:
    """
    Why an area may not be shown by itself; nothing when it may.

    Parameters
    ----------
    rows
        Its reports, with the `place` of each.
    addresses
        Known to be in it.
    area_ha
        Its ground, hectares.
    """
    busiest = int(rows["place"].value_counts().max()) if len(rows) else 0
    reasons = (
        (len(rows) < LEAST_PUBLIC, FEW_REPORTS),
        (addresses < LEAST_ADDRESSES, FEW_ADDRESSES),
        (len(rows) - busiest < LEAST_PUBLIC, ONE_PLACE),
        (area_ha < LEAST_PUBLIC_HA, SMALL),
    )
    return next((why for broken, why in reasons if broken), None)


class _Year:
    """One authority's year, divided into cells."""

    def __init__(self, year: int, authority: str, rows: pd.DataFrame, ground: Pieces) -> None:
        self.year, self.authority, self.rows, self.ground = year, authority, rows, ground
        self.cells: list[dict[str, object]] = []
        self.hidden: list[dict[str, object]] = []
        self.cell_of = pd.Series(pd.NA, index=rows.index, dtype="object")

    def divide(self) -> None:
        small: list[str] = []
        by_ward = dict(list(self.rows.groupby("ward")))
        wards = self.ground.wards
        for code in wards.index[wards["authority"] == self.authority]:
            rows = by_ward.get(code, self.rows.iloc[:0])
            pieces = self.ground.pieces.get(code, [])
            why = why_not(rows, addresses=self.ground.addresses_in(code, pieces))
            if why is None:
                self._divide_ward(str(code), rows, pieces)
            else:
                small.append(str(code))
                if len(rows):
                    self._hide(WHOLE, str(code), rows, why)
        self._others(small)

    def _divide_ward(self, ward: str, rows: pd.DataFrame, pieces: list[tuple[int, int]]) -> None:
        at = pd.Series(list(zip(rows["column"], rows["row"], strict=True)), index=rows.index)
        held = {piece: rows.loc[at == piece] for piece in [*pieces, NOWHERE]}
        shown: list[tuple[int, int]] = []
        for piece in pieces:
            shape = self.ground.shapes[ward, piece]
            why = why_not(
                held[piece],
                addresses=self.ground.addresses_in(ward, [piece]),
                area_ha=float(shapely.area(shape)) / _SQUARE_METRES_IN_HECTARE,
            )
            if why is None:
                shown.append(piece)
            elif len(held[piece]):
                self._hide(PART, ward, held[piece], why)
        shown.sort(key=lambda piece: (-len(held[piece]), piece))
        rest = [piece for piece in pieces if piece not in shown]
        while shown and not self._rest_may_stand(ward, held, rest):
            smallest = shown.pop()
            self._hide(PART, ward, held[smallest], PROTECTS)
            rest.append(smallest)
        self._show_ward(ward, rows, held, shown, rest)

    def _rest_may_stand(
        self,
        ward: str,
        held: dict[tuple[int, int], pd.DataFrame],
        rest: list[tuple[int, int]],
    ) -> bool:
        """Whether what is left of a ward may be shown, or has nowhere for a report to be."""
        if not rest and not len(held[NOWHERE]):
            return True
        together = pd.concat([held[piece] for piece in [*rest, NOWHERE]])
        addresses = self.ground.addresses_in(ward, rest)
        return why_not(together, addresses=addresses) is None

    def _show_ward(
        self,
        ward: str,
        rows: pd.DataFrame,
        held: dict[tuple[int, int], pd.DataFrame],
        shown: list[tuple[int, int]],
        rest: list[tuple[int, int]],
    ) -> None:
        whole = self.ground.wards.geometry.loc[ward]
        shapes = [self.ground.shapes[ward, piece] for piece in shown]
        for piece, shape, side, number in zip(shown, shapes, *named(whole, shapes), strict=True):
            name = f"{ward}/H{piece[0]}-{piece[1]}"
            self._show(name, PART, ward, held[piece], shape, side=side, number=number)
        if not shown:
            self._show(ward, WHOLE, ward, rows, whole)
        elif rest or len(held[NOWHERE]):
            left = areas_of(shapely.difference(whole, shapely.union_all(shapes)))
            together = pd.concat([held[piece] for piece in [*rest, NOWHERE]])
            self._show(f"{ward}/rest", REST, ward, together, left)

    def _others(self, wards: list[str]) -> None:
        """Wards too small to be shown, together."""
        rows = self.rows.loc[self.rows["ward"].isin(wards)]
        addresses = sum(
            self.ground.addresses_in(ward, self.ground.pieces.get(ward, [])) for ward in wards
        )
        if len(wards) > 1 and why_not(rows, addresses=addresses) is None:
            self._show(f"{self.authority}/others", OTHERS, "", rows, None)

    def _show(
        self,
        name: str,
        kind: str,
        ward: str,
        rows: pd.DataFrame,
        shape: BaseGeometry | None,
        *,
        side: str = "",
        number: int = 0,
    ) -> None:
        cell = f"{self.year} {name}"
        self.cell_of.loc[rows.index] = cell
        self.cells.append(
            {
                "cell": cell,
                "year": self.year,
                "kind": kind,
                "ward": ward,
                "authority": self.authority,
                "side": side,
                "number": number,
                "reports": rounded(len(rows)),
                "geometry": shape,
            }
        )

    def _hide(self, kind: str, ward: str, rows: pd.DataFrame, why: str) -> None:
        self.hidden.append(
            {"year": self.year, "kind": kind, "ward": ward, "reports": len(rows), "why": why}
        )


def _quarters(rows: pd.DataFrame, cell_of: pd.Series) -> pd.DataFrame:
    """Quarters of each authority, all four of a year or none, of what the cells count."""
    told = rows.loc[cell_of.notna()]
    quarter = told["month"].dt.quarter if len(told) else pd.Series(dtype="int64")
    found = []
    for (authority, year), part in told.groupby(["authority", "year"]):
        each = [part.loc[quarter.loc[part.index] == q] for q in range(1, QUARTERS + 1)]
        if any(why_not(one, addresses=LEAST_ADDRESSES) for one in each):
            continue
        found += [
            (str(authority), int(str(year)), number, rounded(len(one)))
            for number, one in enumerate(each, start=1)
        ]
    return pd.DataFrame(found, columns=["authority", "year", "quarter", "reports"])


def _cell_table(cells: list[dict[str, object]]) -> gpd.GeoDataFrame:
    columns = ["cell", *CELL_COLUMNS, "geometry"]
    frame = pd.DataFrame(cells, columns=columns).sort_values("cell", ignore_index=True)
    frame = frame.astype({"year": "int64", "number": "int64", "reports": "int64"})
    table = gpd.GeoDataFrame(frame, geometry="geometry", crs=BRITISH_NATIONAL_GRID)
    return table.set_index("cell")
