"""What came late: by how much months grew after they were first read."""

from typing import Final

import pandas as pd

# Rows, and share of all, from which growth is more than a few corrections.
LEAST_ROWS: Final = 20
LEAST_SHARE: Final = 0.02
COLUMNS: Final = ("source", "force", "first", "last", "late", "rows")


def grown(arrivals: pd.DataFrame) -> pd.DataFrame:
    """
    Suppliers whose months grew after they were first read.

    late = Σ max(rows now - rows when first read, 0) over months that were read more than once;
    its share of all rows of these months is what months read once may still be short of. When
    something happened says less: a report may be late and of the same month, or early and
    dated long before.

    Parameters
    ----------
    arrivals
        One row a month: `source`, `force`, `month`, `read` (imports that brought it),
        `rows_first` and `rows`.

    Returns
    -------
    suppliers
        One row each: `source`, `force`, `first` and `last` month that was read again, `late`,
        `rows`; only where late are 20 rows and 2% or more.

    Examples
    --------
    >>> months = pd.period_range("2025-01", "2025-02", freq="M")
    >>> held = pd.DataFrame({"source": "A", "force": "A", "month": months, "read": [2, 1],
    ...                      "rows_first": [100, 90], "rows": [130, 90]})
    >>> grown(held)[["late", "rows"]].values.tolist()
    [[30, 130]]
    """
    again = arrivals.loc[arrivals["read"] > 1]
    late = (again["rows"] - again["rows_first"]).clip(lower=0)
    tally = (
        again.assign(late=late)
        .groupby(["source", "force"], as_index=False)
        .agg(
            first=("month", "min"),
            last=("month", "max"),
            late=("late", "sum"),
            rows=("rows", "sum"),
        )
    )
    many = (tally["late"] >= LEAST_ROWS) & (tally["late"] >= LEAST_SHARE * tally["rows"])
    return tally.loc[many, list(COLUMNS)].reset_index(drop=True)


def beside(months: pd.DataFrame, arrivals: pd.DataFrame) -> pd.DataFrame:
    """
    Months of suppliers with how often each was read, and by how many rows it grew since.

    Parameters
    ----------
    months
        Indexed by source, force and month.
    arrivals
        As for `grown`. A partner's month is one of its source: where its reports lie in
        several forces, no part of the growth is told to any of them.
    """
    keys = ["source", "force", "month"]
    told = arrivals.assign(grew=arrivals["rows"] - arrivals["rows_first"])
    return months.join(told.set_index(keys)[["read", "grew"]].astype("Int64"))


def in_forces(arrivals: pd.DataFrame, suppliers: pd.DataFrame) -> pd.DataFrame:
    """
    Arrivals of partners under the force that their reports are counted in.

    Parameters
    ----------
    arrivals
        As for `grown`, partners under their own name instead of a force.
    suppliers
        `source` and `force` of every supplier, once each: a partner that lies in one force
        alone is put there; in several, it keeps its own name.
    """
    shared = suppliers["source"].duplicated(keep=False)
    alone = suppliers.loc[~shared].set_index("source")["force"]
    own = arrivals["source"] == arrivals["force"]
    moved = arrivals["source"].map(alone).where(own).fillna(arrivals["force"])
    return arrivals.assign(force=moved)
