"""
How deprived the small areas of a ward are: the Index of Multiple Deprivation, as context.

Read from the table of small areas that residents are read from, where it has a column of
deciles: 1 = the most deprived tenth of a country's small areas, 10 = the least.
"""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from hotspots.sources import population
from hotspots.sources.files import plain_name

_DECILE: Final = re.compile(
    r"(imd|(index of )?multiple deprivation).*decile|decile.*(imd|multiple deprivation)",
    re.IGNORECASE,
)
_DECILES: Final = 10


def read(path: Path | str, *, column: str | None = None) -> pd.Series:
    """
    Mean decile of each ward's small areas, weighted by their residents.

    Parameters
    ----------
    path
        A CSV or `.csv.gz` with a row a small area: its code, its ward's, its residents,
        and its decile in a column named so ("IMD_decile").
    column
        Name of the column of residents; as for `population.read`.

    Returns
    -------
    deprivation
        Between 1 and 10, by ward code; small areas without a decile are left out of the
        mean. Empty where the table has no small areas or no deciles.

    Raises
    ------
    SourceError
        As `population.read`.
    """
    name = plain_name(Path(path).name)
    table, _ = population.table_of(Path(path), name)
    deciles = [str(one) for one in table.columns if _DECILE.search(str(one))]
    if population.small_area_column(table) is None or not deciles:
        return pd.Series(dtype="float64", index=pd.Index([], dtype="str"))
    code = population.code_column(table, name)
    people = population.numbers_of(table[population.residents_column(table, code, name, column)])
    decile = population.numbers_of(table[deciles[0]])
    known = decile.between(1, _DECILES) & (people > 0)
    ward = table[code].str.strip()[known]
    weighted = (people * decile)[known].groupby(ward).sum()
    return (weighted / people[known].groupby(ward).sum()).rename("deprivation")
