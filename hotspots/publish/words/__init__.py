"""
Every word that the public reads, in one file a language.

English is complete; what another language leaves out is said in English, so that a
half-finished translation shows no gap. A new language is a new file, and no code.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from hotspots.errors import SelectionError

FOLDER: Final = Path(__file__).parent
ENGLISH: Final = "en"
_YEARS: Final = {"year", "years", "before"}


class Words:
    """
    Sentences of one language, by key.

    Parameters
    ----------
    language
        Name of a file: "en".
    folder
        Where the files lie.

    What is filled in may hold anything: whoever shows a sentence escapes the whole of it.

    Raises
    ------
    SelectionError
        When there is no such language, or its file cannot be read.

    Examples
    --------
    >>> Words()("reported.big", reports=1250, area="Crewe", year=2025)
    'About 1,250 reports in Crewe in 2025'
    """

    def __init__(
        self,
        language: str = ENGLISH,
        *,
        folder: Path = FOLDER,
    ) -> None:
        self.language = language
        self._own, self._english = _catalogue(folder, language), _catalogue(FOLDER, ENGLISH)

    def __call__(self, key: str, **filled: object) -> str:
        """Sentence of a key, with what stands in its braces; numbers as people write them."""
        sentence = self._own.get(key) or self._english[key]
        return sentence.format_map({name: _text(name, value) for name, value in filled.items()})


def languages(folder: Path = FOLDER) -> dict[str, str]:
    """Languages there are words in, by code, English first."""
    codes = sorted((path.stem for path in folder.glob("*.toml")), key=lambda c: (c != ENGLISH, c))
    return {code: _catalogue(folder, code).get("language.name", code) for code in codes}


@lru_cache(maxsize=8)
def _catalogue(folder: Path, language: str) -> dict[str, str]:
    path = folder / f"{language}.toml"
    known = {one.stem for one in folder.glob("*.toml")}
    if language not in known:
        raise SelectionError(
            f"There are no words in “{language[:20]}”; there are in {', '.join(sorted(known))}."
        )
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SelectionError(f"{path.name} cannot be read as words: {error}.") from error
    return dict(_flat(read))


def _text(name: str, value: object) -> str:
    if isinstance(value, int) and name not in _YEARS:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004
    return str(value)


def _flat(read: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in read.items():
        key = f"{prefix}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return found
