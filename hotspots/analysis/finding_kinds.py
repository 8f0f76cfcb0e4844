"""The kinds of finding on the records, how grave they can be, and a finding as a row."""

from typing import Any, Final

import numpy as np
import pandas as pd

SERIOUS: Final = "serious"
WATCH: Final = "watch"
NOTE: Final = "note"
SEVERITIES: Final = (SERIOUS, WATCH, NOTE)

# The kinds of finding, as they stand in the table and in files.
UNPLACED: Final = "too few placed"
UNPLACED_ROSE: Final = "fewer placed than before"
DEFAULT_PLACE: Final = "default place"
NAMED_PLACE: Final = "place named like a default"
OUTSIDE: Final = "outside the wards"
OUTSIDE_ROSE: Final = "more outside the wards than before"
NO_WARDS: Final = "wards not loaded"
MISSING: Final = "months missing"
NO_ASB: Final = "months without ASB"
ODD: Final = "odd month"
LEVEL: Final = "level shift"
SHORT: Final = "too short to judge its level"
NEW_POINTS: Final = "map points rebuilt"
TWICE: Final = "file read twice"
COPIED: Final = "month copied"
MORE_ALIKE: Final = "more identical rows than before"
NO_DAY: Final = "no day or hour"
NO_DAY_ROSE: Final = "fewer days known than before"
NO_QUALIFIER: Final = "no qualifier"
QUALIFIER_ROSE: Final = "fewer qualified than before"
STOCK_TIME: Final = "stock time of day"
LATE_ROSE: Final = "more late records than before"
EXCHANGED: Final = "easting and northing perhaps exchanged"
GREW: Final = "months grew after they were first read"

# Findings that may be a change of recording, which a person can name.
NAMEABLE: Final = (
    LEVEL,
    NEW_POINTS,
    ODD,
    NO_ASB,
    UNPLACED_ROSE,
    OUTSIDE_ROSE,
    MORE_ALIKE,
    NO_DAY_ROSE,
    QUALIFIER_ROSE,
    LATE_ROSE,
)

COLUMNS: Final = {
    "severity": "str",
    "kind": "str",
    "source": "str",
    "force": "str",
    "first": "period[M]",
    "last": "period[M]",
    "count": "int64",
    "of": "int64",
    "share": "float64",
    "before": "float64",
    "place": "str",
    "east": "float64",
    "north": "float64",
    "key": "str",
}
# Months with at least this many reports can show a share.
LEAST: Final = 20


def finding(
    kind: str,
    severity: str,
    run: tuple[pd.Period, pd.Period],
    count: int,
    of: int,
    *,
    before: float = float("nan"),
) -> dict[str, Any]:
    """
    A finding as a row of the table, but for whose it is and its place.

    Parameters
    ----------
    kind, severity
        One of the kinds, and of `SEVERITIES`.
    run
        First and last month.
    count, of
        Rows that it is about, of how many; 0 = of none that can be counted.
    before
        The share, or a level, in the source's own past; not a number without one.
    """
    return {
        "kind": kind,
        "severity": severity,
        "first": run[0],
        "last": run[1],
        "count": count,
        "of": of,
        "share": count / of if of else np.nan,
        "before": before,
        "east": np.nan,
        "north": np.nan,
    }
