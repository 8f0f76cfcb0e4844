"""Records of one source as the recording review reads them."""

import pandas as pd

from hotspots.analysis.doubles import row_keys
from hotspots.tables.incidents import Incidents, asb


def reviewable(incidents: Incidents) -> list[str]:
    """Sources whose records say more than "antisocial behaviour"."""
    reports = asb(incidents)
    says = reports["kind"].notna() | reports["qualifier"].notna()
    return sorted(reports.loc[says, "source"].astype("str").unique())


def records_of(incidents: Incidents, source: str) -> pd.DataFrame:
    """
    Records of one source, indexed by the key that stays theirs.

    Returns
    -------
    records
        `text` (what the source calls it), `qualifier`, `vulnerable`, `reported`, `month`,
        `occurred_from`, `time_precision`, `street`.
    """
    mine = Incidents(incidents.loc[incidents["source"].astype("str") == source])
    reports = asb(mine)
    shown = ["qualifier", "vulnerable", "reported", "month", "occurred_from", "time_precision"]
    table = pd.DataFrame({name: reports[name] for name in (*shown, "street")})
    return table.assign(text=reports["kind"].astype("object")).set_axis(
        pd.Index(row_keys(reports), name="key")
    )
