"""Days that a user brings: school terms, paydays, match days. A CSV of name, from and to."""

import io
from typing import Final

import numpy as np
import pandas as pd

from hotspots.errors import SourceError

MOST_ROWS: Final = 5_000
MOST_DAYS: Final = 400
MOST_LETTERS: Final = 80
_COLUMNS: Final = ("name", "from", "to")


def read_day_list(content: bytes, *, file: str) -> pd.DataFrame:
    r"""
    Named runs of days.

    Parameters
    ----------
    content
        CSV (UTF-8) with the columns name, from and to, days as 2025-03-01; "to" may be
        empty or left out for a single day.
    file
        Its name, for what is said about it.

    Returns
    -------
    days
        One row a run: `name`, `first`, `last` (days).

    Raises
    ------
    SourceError
        Naming the first row that cannot be read.

    Examples
    --------
    >>> rows = b"name,from,to\nHalf-term,2025-02-17,2025-02-21\nMatch,2025-03-01,\n"
    >>> read_day_list(rows, file="days.csv")["last"].astype("str").tolist()
    ['2025-02-21', '2025-03-01']
    """
    try:
        rows = pd.read_csv(io.BytesIO(content), dtype="str", nrows=MOST_ROWS + 1)
    except (ValueError, UnicodeDecodeError) as error:
        raise SourceError(f"{file} is not a CSV file: save it as CSV, UTF-8.") from error
    rows.columns = pd.Index([str(name).strip().lower() for name in rows.columns])
    if not {"name", "from"} <= set(rows.columns):
        raise SourceError(f"{file} needs the columns {', '.join(_COLUMNS)}.")
    if len(rows) > MOST_ROWS:
        raise SourceError(f"{file} has more than {MOST_ROWS:,} rows; split it.")
    last = rows["to"] if "to" in rows else rows["from"]
    table = pd.DataFrame(
        {
            "name": rows["name"].fillna("").str.strip().str.slice(0, MOST_LETTERS),
            "first": _days(rows["from"]),
            "last": _days(last.fillna(rows["from"])),
        }
    )
    long = (table["last"] - table["first"]) > pd.Timedelta(days=MOST_DAYS)
    wrong = table.isna().any(axis=1) | (table["last"] < table["first"]) | (table["name"] == "")
    if (wrong | long).any():
        row = int((wrong | long).to_numpy().argmax()) + 2
        raise SourceError(
            f"{file}, row {row}: give a name and days as 2025-03-01, the last not before the "
            f"first nor more than {MOST_DAYS} days after it."
        )
    days = {name: table[name].dt.to_period("D") for name in ("first", "last")}
    return table.assign(**days)


def named_days(content: bytes, *, file: str) -> dict[str, pd.PeriodIndex]:
    r"""
    Every day of a list, by name; as `read_day_list`, whose errors it raises.

    Examples
    --------
    >>> named_days(b"name,from\nPayday,2025-01-31\nPayday,2025-02-28", file="x")["Payday"].size
    2
    """
    table = read_day_list(content, file=file)
    return {
        str(name): pd.PeriodIndex(
            np.unique(
                np.concatenate(
                    [
                        np.arange(first.ordinal, last.ordinal + 1)
                        for first, last in zip(rows["first"], rows["last"], strict=True)
                    ]
                )
            ).astype("datetime64[D]"),
            freq="D",
        )
        for name, rows in table.groupby("name", sort=False)
    }


def _days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.str.strip(), format="%Y-%m-%d", errors="coerce")
