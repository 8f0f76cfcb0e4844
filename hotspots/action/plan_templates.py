"""Questions that a plan begins with, by kind of problem."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_suffix(".toml")
# What a person has still to fill in.
BLANKS: Final = ("PLACE", "NUMBER", "DATE")


@dataclass(frozen=True)
class Template:
    """
    A kind of problem.

    Attributes
    ----------
    key, name
        Of the kind.
    problem, objective
        To be finished: words in capitals are blanks.
    victim, offender, location
        Questions for the analysis.
    responses
        Keys of the menu that are worth considering.
    """

    key: str
    name: str
    problem: str
    objective: str
    victim: str
    offender: str
    location: str
    responses: tuple[str, ...]


@cache
def templates() -> tuple[Template, ...]:
    """Every kind there is, in the order of the file."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))["template"]
    return tuple(Template(**entry | {"responses": tuple(entry["responses"])}) for entry in held)


def template(key: str) -> Template | None:
    """One kind by its key; None where there is none of that key."""
    return next((one for one in templates() if one.key == key), None)
