"""What an import did, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from hotspots.periods import Period
from hotspots.sources.reports import ReadReport, count_of

# A month that loses more than this share of its rows is named: a part may have replaced a whole.
_LOSS: Final = 0.2
# Forces or sources that a few words hold.
_NAMED: Final = 3


@dataclass(frozen=True)
class Change:
    """
    One month of one force that was added or replaced.

    Attributes
    ----------
    force, month
        What it is of.
    rows, before
        Rows it has now, and had; None = the month is new.
    """

    force: str
    month: pd.Period
    rows: int
    before: int | None

    @property
    def counts(self) -> tuple[int, int]:
        """Rows before (−1 = none were held) and now, as the journal keeps them."""
        return -1 if self.before is None else self.before, self.rows


@dataclass(frozen=True)
class ImportReport:
    """
    What an import read, what it changed, and what it left out and why.

    Attributes
    ----------
    read
        Files, rows, what was left out of them or has no place, and notes.
    kind
        What was imported.
    months
        Months added or replaced, by force and month; empty for wards and population.
    done
        What changed otherwise, as whole sentences.
    """

    read: ReadReport
    kind: Literal["reports", "wards", "population", "postcodes", "roads"] = "reports"
    months: tuple[Change, ...] = ()
    done: tuple[str, ...] = field(default=())

    def sentences(self) -> list[str]:
        """Everything a person should know, one sentence an item, the main thing first."""
        files = count_of(len(self.read.files), "file")
        if self.kind == "reports":
            first = (
                f"Read {files}: {count_of(self.read.rows, 'row')}, {self.read.asb:,} of them ASB."
            )
        else:
            nouns = {"wards": "ward", "postcodes": "postcode", "roads": "line"}
            noun = nouns.get(self.kind, "ward’s residents")
            first = f"Read {files}: {count_of(self.read.rows, noun)}."
            first = first.replace("ward’s residentss", "wards’ residents")
        return [first, *self._months_in_words(), *self.done, *self.read.sentences()]

    def _months_in_words(self) -> list[str]:
        said = []
        for force in dict.fromkeys(change.force for change in self.months):
            mine = [change for change in self.months if change.force == force]
            added = [change.month for change in mine if change.before is None]
            replaced = [change.month for change in mine if change.before is not None]
            parts = [
                f"{count_of(len(months), 'month')} {verb} ({in_words(months)})"
                for months, verb in ((added, "added"), (replaced, "replaced"))
                if months
            ]
            said.append(f"{force}: {'; '.join(parts)}.")
            said += [
                f"{change.month} of {force} had {change.before:,} rows and now has "
                f"{change.rows:,}; is the new file whole?"
                for change in mine
                if change.before is not None and change.rows < (1 - _LOSS) * change.before
            ]
        return said


def reports_of(changes: Sequence[Change]) -> str:
    """
    What an import of reports was of, in a few words.

    Examples
    --------
    >>> reports_of([Change("Cheshire", pd.Period(f"2025-0{n}"), 5, None) for n in (1, 2)])
    'reports of Cheshire, January to February 2025'
    """
    forces = list(dict.fromkeys(change.force for change in changes))
    named = ", ".join(forces[:_NAMED]) + (" and others" if len(forces) > _NAMED else "")
    return f"reports of {named}, {in_words(list({change.month for change in changes}))}"


def in_words(months: list[pd.Period]) -> str:
    """
    Months as a reader says them, runs joined.

    Examples
    --------
    >>> in_words([pd.Period("2025-01"), pd.Period("2025-02"), pd.Period("2025-04")])
    'January to February 2025, April 2025'
    """
    runs: list[Period] = []
    for month in sorted(months):
        if runs and runs[-1].last + 1 == month:
            runs[-1] = Period(runs[-1].first, month)
        else:
            runs.append(Period(month, month))
    return ", ".join(run.in_words() for run in runs)
