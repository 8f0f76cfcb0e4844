"""What a reader of foreign files has to say: what it read, left out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

# Rows named one by one for each fault; of more, a file helps nobody.
NAMED: Final = 10_000


class Progress(Protocol):
    """Told before each file: how many are done, of how many, and which comes next."""

    def __call__(self, done: int, total: int, name: str) -> object:
        """Take note."""
        ...


def silent(done: int, total: int, name: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Finding:
    """
    Rows that share one fault.

    Attributes
    ----------
    rows
        How many.
    examples
        The first ten thousand, as "file, row 7".
    """

    rows: int
    examples: tuple[str, ...] = ()

    def __add__(self, other: Self) -> "Finding":
        return Finding(self.rows + other.rows, (self.examples + other.examples)[:NAMED])


@dataclass(frozen=True)
class ReadReport:
    """
    What was read from one or more files.

    Attributes
    ----------
    files
        Names of the files that were read.
    rows
        Rows kept.
    asb
        Of them, antisocial behaviour; 0 where the word has no meaning.
    left_out
        Reason → rows that were not kept.
    without_place
        Reason → rows that were kept, but cannot be put on a map.
    notes
        Whole sentences on anything else a reader should know.
    """

    files: tuple[str, ...] = ()
    rows: int = 0
    asb: int = 0
    left_out: Mapping[str, Finding] = field(default_factory=dict)
    without_place: Mapping[str, Finding] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __add__(self, other: Self) -> "ReadReport":
        return ReadReport(
            files=self.files + other.files,
            rows=self.rows + other.rows,
            asb=self.asb + other.asb,
            left_out=_added(self.left_out, other.left_out),
            without_place=_added(self.without_place, other.without_place),
            notes=self.notes + tuple(note for note in other.notes if note not in self.notes),
        )

    def sentences(self) -> list[str]:
        """Everything but the count itself, in plain English."""
        return [
            *(f"Left out {_said(reason, found)}." for reason, found in self.left_out.items()),
            *(
                f"Kept without a place {_said(reason, found)}."
                for reason, found in self.without_place.items()
            ),
            *self.notes,
        ]


def listed(report: ReadReport) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Reason → how many rows were left out for it, and where they stand."""
    return {reason: (one.rows, one.examples) for reason, one in report.left_out.items()}


def count_of(number: int, noun: str) -> str:
    """
    Number with its noun, in the plural where it is one.

    Examples
    --------
    >>> count_of(1, "row"), count_of(7248, "row")
    ('1 row', '7,248 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _said(reason: str, found: Finding) -> str:
    where = f" (for example {found.examples[0]})" if found.examples else ""
    return f"{count_of(found.rows, 'row')}: {reason}{where}"


def _added(mine: Mapping[str, Finding], theirs: Mapping[str, Finding]) -> dict[str, Finding]:
    reasons = dict.fromkeys((*mine, *theirs))
    nothing = Finding(0)
    return {reason: mine.get(reason, nothing) + theirs.get(reason, nothing) for reason in reasons}
