"""Records of one source as the recording review reads them."""

from collections.abc import Iterable

import pandas as pd

from hotspots.analysis.same_events import row_keys
from hotspots.errors import SelectionError
from hotspots.tables.incidents import Incidents, asb


def reviewable(incidents: Incidents, with_text: Iterable[str] = ()) -> list[str]:
    """
    Sources whose records say more than "antisocial behaviour".

    Parameters
    ----------
    incidents
        Every row that the reader may see.
    with_text
        Sources whose free text is kept and may be read.
    """
    reports = asb(incidents)
    source = reports["source"].astype("str")
    says = reports["kind"].notna() | reports["qualifier"].notna() | source.isin(list(with_text))
    return sorted(source.loc[says].unique())


def records_of(incidents: Incidents, source: str, free: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Records of one source, indexed by the key that stays theirs.

    Parameters
    ----------
    incidents
        Every row that the reader may see.
    source
        Whose records.
    free
        Its free text, from `Library.free_text`; None = it is not to be read.

    Returns
    -------
    records
        `text` (everything the record says in words), `kind` (what the source calls it), `free`
        (its free text; missing without), `qualifier`, `vulnerable`, `reported`, `month`,
        `occurred_from`, `time_precision`, `street`.

    Raises
    ------
    SelectionError
        When the rows are not those that the free text belongs to.
    """
    mine = Incidents(incidents.loc[incidents["source"].astype("str") == source])
    words = pd.Series(None, index=mine.index, dtype="object")
    if free is not None:
        if len(free) != len(mine) or (free["month"].array != mine["month"].array).any():
            raise SelectionError(
                f"The free text of {source} is of other reports than those shown; load the page "
                "again."
            )
        words = pd.Series(free["text"].astype("object").to_numpy(), index=mine.index)
    reports = asb(mine)
    kind = reports["kind"].astype("object")
    words = words.loc[reports.index]
    both = kind.where(kind.notna(), "") + "\n" + words.where(words.notna(), "")
    shown = ["qualifier", "vulnerable", "reported", "month", "occurred_from", "time_precision"]
    table = pd.DataFrame({name: reports[name] for name in (*shown, "street")})
    return table.assign(text=both.str.strip(), kind=kind, free=words).set_axis(
        pd.Index(row_keys(reports), name="key")
    )
