"""Partners' own words in their files: which occur, how often, and what they are taken to mean."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources.agency_mapping import MEANINGS, Mapping
from hotspots.sources.agency_words import meant
from hotspots.sources.table_files import read_table
from hotspots.sources.word_columns import Words

NOTHING: Final = ""
# Roles whose words are translated, and the one whose words say what is antisocial behaviour.
COUNTED: Final = (*MEANINGS, "kind")
_LONGEST: Final = 200
# Columns of a table of words that a person fills in, and how it says that one says nothing.
THEIRS: Final = "Their word"
OURS: Final = "Means"
SAYS_NOTHING: Final = "says nothing"


def own_words(paths: Sequence[Path], mapping: Mapping) -> dict[str, pd.DataFrame]:
    """
    Words that stand in some columns of a source's files, the most frequent first.

    Parameters
    ----------
    paths
        Files of one source.
    mapping
        Which column is what.

    Returns
    -------
    words
        By role, of those that the mapping gives a column: indexed by the word as it is
        written most, `rows` (how many hold it, in capitals or not) and `guess` (our word
        for it when nobody says otherwise; empty = none of ours).

    Raises
    ------
    SourceError
        When a file is not a table.
    """
    columns = {role: mapping.columns[role] for role in COUNTED if role in mapping.columns}
    tallies: dict[str, list[pd.Series]] = {role: [] for role in columns}
    for path in paths if columns else ():
        given = read_table(path, columns=set(columns.values()), sheet=mapping.sheet).table
        for role, column in columns.items():
            if column in given.column_names:
                words = Words.of(given[column])
                rows = np.bincount(words.codes[~words.blank], minlength=len(words.words))
                tallies[role].append(
                    pd.Series(rows, pd.Index(words.words.to_pylist(), dtype="str"))
                )
    return {role: _together(role, parts) for role, parts in tallies.items()}


def _together(role: str, tallies: list[pd.Series]) -> pd.DataFrame:
    if not tallies:
        return pd.DataFrame({"rows": [], "guess": []}).astype({"rows": "int64", "guess": "str"})
    every = pd.concat(tallies).rename_axis("word").reset_index(name="rows")
    every = every.loc[(every["rows"] > 0) & (every["word"].str.len() <= _LONGEST)]
    every = every.sort_values(["rows", "word"], ascending=[False, True], kind="stable")
    plain = every["word"].str.casefold()
    found = every.groupby(plain, sort=False).agg(word=("word", "first"), rows=("rows", "sum"))
    found = found.set_index("word").sort_values("rows", ascending=False, kind="stable")
    words = found.index.astype("str").tolist()
    guess = [meant(role, word) or NOTHING if role in MEANINGS else NOTHING for word in words]
    whole: pd.DataFrame = found.assign(guess=pd.Series(guess, index=found.index, dtype="str"))
    return whole


def said(mapping: Mapping, role: str, words: pd.DataFrame) -> pd.Series:
    """What each word of `own_words` means under a mapping: as a person said, or as guessed."""
    own = {word.casefold(): ours for word, ours in mapping.words.get(role, {}).items()}
    means = [own.get(str(word).casefold(), guess) for word, guess in words["guess"].items()]
    return pd.Series(means, index=words.index, dtype="str")


def corrected(
    mapping: Mapping, role: str, words: pd.DataFrame, means: Dictionary[str, str]
) -> Mapping:
    """
    Mapping in which some words mean what a person says.

    Only what differs from the guess is kept; words that are not among these stay as said.

    Parameters
    ----------
    mapping
        As it was.
    role
        Whose words they are: a key of `MEANINGS`.
    words
        From `own_words`.
    means
        Their word → ours; empty = it says nothing.
    """
    told = {word.casefold() for word in means}
    kept = {
        word: ours
        for word, ours in mapping.words.get(role, {}).items()
        if word.casefold() not in told
    }
    kept |= {word: ours for word, ours in means.items() if ours != words.loc[word, "guess"]}
    others = {name: said for name, said in mapping.words.items() if name != role}
    return replace(mapping, words=others | ({role: kept} if kept else {}))


def meanings(path: Path, role: str) -> dict[str, str]:
    """
    Their word → ours, of a table that a person filled in; empty = it says nothing.

    Parameters
    ----------
    path
        CSV or workbook with the columns `THEIRS` and `OURS`.
    role
        Whose words they are: a key of `MEANINGS`.

    Raises
    ------
    SourceError
        When it is no such table, or says what none of our words is.
    """
    given = read_table(path)
    columns = {name.casefold(): name for name in given.columns}
    if not {THEIRS.casefold(), OURS.casefold()} <= columns.keys():
        raise SourceError(
            f"{path.name} has no columns “{THEIRS}” and “{OURS}”; take the table of words away, "
            "fill it in and bring it back."
        )
    theirs, ours = (
        [str(cell or "").strip() for cell in given.table[columns[name.casefold()]].to_pylist()]
        for name in (THEIRS, OURS)
    )
    known = {word: word for word in MEANINGS[role]} | {NOTHING: NOTHING, SAYS_NOTHING: NOTHING}
    for place, word in enumerate(ours):
        if word.casefold() not in known:
            raise SourceError(
                f"{path.name}, row {place + given.first_row:,}: “{word[:40]}” is none of: "
                f"{', '.join(MEANINGS[role])}, {SAYS_NOTHING}."
            )
    return {word: known[said.casefold()] for word, said in zip(theirs, ours, strict=True) if word}
