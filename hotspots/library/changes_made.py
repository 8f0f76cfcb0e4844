"""What the journal's entries say together: what was undone, came late, or is in the way."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hotspots.library.journal import Entry


def undone(found: Sequence[Entry]) -> dict[int, int]:
    """Number of each change that was undone → number of the change that undid it."""
    return {one.about.undoes: one.number for one in found if one.about.undoes}


def arrivals(found: Sequence[Entry]) -> pd.DataFrame:
    """
    What each month held when it was first read, and what it came to hold.

    Imports that were undone do not count; a month that was taken away and came again begins
    anew. Of imports written down before their rows were, nothing is known.

    Parameters
    ----------
    found
        From `entries`.

    Returns
    -------
    months
        Indexed by the month's file in the library: `first`, the day it was first read (UTC);
        `read`, how many imports brought it; `rows_first` and `rows`.
    """
    gone = undone(found)
    known: dict[str, dict[str, Any]] = {}
    for one in sorted(found, key=lambda entry: entry.number):
        if one.number in gone or one.about.undoes:
            continue
        for name in one.removed:
            known.pop(name, None)
        for name, (held, rows) in one.about.rows_of.items():
            if name in known:
                known[name] |= {"read": known[name]["read"] + 1, "rows": rows}
            elif held < 0:
                known[name] = {"first": one.when, "read": 1, "rows_first": rows, "rows": rows}
    columns = ["first", "read", "rows_first", "rows"]
    table = pd.DataFrame.from_dict(known, orient="index", columns=columns)
    return table.astype({"first": "str", "read": "int64", "rows_first": "int64", "rows": "int64"})


def in_the_way(found: Sequence[Entry], number: int) -> list[Entry]:
    """Later changes of the same files, not undone themselves, the newest first."""
    gone = undone(found)
    mine = next(set(one.names) for one in found if one.number == number)
    return [
        one
        for one in found
        if one.number > number
        and not one.about.undoes
        and one.number not in gone
        and mine & set(one.names)
    ]
