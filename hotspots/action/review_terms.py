"""The questions of the recording review and their words: read, checked, and kept when changed."""

import tomllib
from pathlib import Path
from typing import Any, Final

from hotspots.analysis.recording_review import LACKING, Question
from hotspots.errors import SelectionError
from hotspots.library.atomic import locked, make_durable

FILE: Final = "review_terms.toml"
_SHIPPED: Final = Path(__file__).parent / FILE
MOST_LETTERS: Final = 20_000
MOST_TERMS: Final = 500
_LETTERS_OF_A_TERM: Final = 60
_LETTERS_OF_A_KEY: Final = 20


def text(folder: Path) -> str:
    """The file in use: the copy in the data folder, or the one that came with the dashboard."""
    kept = folder / FILE
    path = kept if kept.exists() else _SHIPPED
    return path.read_text(encoding="utf-8")


def questions(folder: Path) -> tuple[Question, ...]:
    """
    The questions in use.

    Raises
    ------
    SelectionError
        When the file is not as it should be: in one sentence.
    """
    return parse(text(folder))


def keep(folder: Path, written: str) -> tuple[Question, ...]:
    """Keep a changed file with the data, once it is sound."""
    found = parse(written)
    with locked(folder):
        fresh = folder / f".{FILE}"
        fresh.write_text(written, encoding="utf-8")
        fresh.replace(folder / FILE)
        make_durable(folder)
    return found


def parse(written: str) -> tuple[Question, ...]:
    """
    Questions as written in TOML.

    Raises
    ------
    SelectionError
        Naming the question and what is wrong with it.
    """
    if len(written) > MOST_LETTERS:
        raise SelectionError(f"The words take more than {MOST_LETTERS:,} letters; shorten them.")
    try:
        said = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SelectionError(f"The words cannot be read as TOML: {error}.") from error
    entries = said.get("question")
    if not isinstance(entries, list) or not entries:
        raise SelectionError("The words hold no [[question]].")
    found = tuple(_question(number, entry) for number, entry in enumerate(entries, start=1))
    if len({one.key for one in found}) < len(found):
        raise SelectionError("Two questions have the same key; give each its own.")
    return found


def _question(number: int, entry: Any) -> Question:
    if not isinstance(entry, dict):
        raise SelectionError(f"Question {number} is not a table.")
    key, asks, lacks = (entry.get(name, "") for name in ("key", "asks", "lacks"))
    terms, any_text = entry.get("terms", []), entry.get("any_text", False)
    wrong = {
        f"key must be a word of up to {_LETTERS_OF_A_KEY} letters": isinstance(key, str)
        and key.isidentifier()
        and len(key) <= _LETTERS_OF_A_KEY,
        "asks must be a question": isinstance(asks, str) and bool(asks.strip()),
        f"lacks must be one of {', '.join(map(repr, LACKING))}": lacks in LACKING,
        "any_text must be true or false": isinstance(any_text, bool),
        "any_text needs a column in lacks": not (any_text and not lacks),
        f"terms must be up to {MOST_TERMS} words": _are_terms(terms),
        "it needs terms, or any_text": bool(terms) or any_text is True,
    }
    for said, sound in wrong.items():
        if not sound:
            raise SelectionError(f"Question {number}: {said}.")
    return Question(key, asks.strip(), tuple(terms), lacks, any_text)


def _are_terms(terms: Any) -> bool:
    return (
        isinstance(terms, list)
        and len(terms) <= MOST_TERMS
        and all(
            isinstance(term, str)
            and 0 < len(term.strip("* ")) <= _LETTERS_OF_A_TERM
            and "*" not in term[:-1]
            for term in terms
        )
    )
