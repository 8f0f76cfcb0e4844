"""
Which column of a partner's file is what: one small TOML file a source, used every month.

>>> mapping = Mapping(source="Council", columns={"begins": "Date"})
>>> of_toml(to_toml(mapping), "council.toml") == mapping
True
"""

import json
import tomllib
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields
from typing import Any, Final

from hotspots.errors import SourceError
from hotspots.sources.report_places import check_crs
from hotspots.tables.incidents import WORDS

# What a column can be, and how a page asks for it.
ROLES: Final = {
    "begins": "When it was, or when it began",
    "begins_time": "Time of day it began, if in a column of its own",
    "ends": "When it ended",
    "ends_time": "Time of day it ended, if in a column of its own",
    "east": "Easting or longitude",
    "north": "Northing or latitude",
    "postcode": "Postcode",
    "street": "Street or name of the place",
    "kind": "Kind of report",
    "qualifier": "Personal, nuisance or environmental",
    "reported": "How it was reported",
    "vulnerable": "Whether somebody is vulnerable",
    "repeat": "Caller or address, to tell repeats (kept as a keyed hash only)",
    "identifier": "The partner’s own number for it",
    "text": "Free text (kept only when asked for)",
}
KINDS: Final = {
    "force": "police force system",
    "council": "council",
    "housing": "housing association",
    "community": "community group",
    "other": "other",
}
# Roles whose words are translated, and what they can mean.
MEANINGS: Final = {
    "qualifier": WORDS["qualifier"],
    "reported": WORDS["reported"],
    "vulnerable": ("yes", "no"),
}
_MAX_NAME: Final = 80
_MAX_LETTERS: Final = 1_000_000
_TAKEN: Final = ("police.uk",)


@dataclass(frozen=True)
class Mapping:
    """
    How one source's files are to be read.

    Attributes
    ----------
    source
        Who recorded the reports, as readers will see it.
    columns
        Role (see `ROLES`) → name of the column.
    kind
        What sort of partner it is: a key of `KINDS`.
    force
        Police force whose area its reports without a ward count for; empty = the one
        that most of its other reports lie in.
    licence
        On what terms it may be used.
    sheet
        Sheet of a workbook; empty = the one that looks most like reports.
    day_first
        Whether 03/01/2025 is the third of January.
    crs
        What coordinates are, as "EPSG:27700"; empty = told from the numbers.
    grid
        Metric grid that stands in for the National Grid, for testing elsewhere only.
    snapped
        Whether coordinates are moved to points that several addresses share.
    asb
        Kinds of report that are antisocial behaviour; none named = all of them.
    keep_text
        Whether free text is kept; it is never shown to the public.
    words
        For each role of `MEANINGS`: the partner's own word → ours; empty = it says nothing.
    """

    source: str
    columns: Dictionary[str, str] = field(default_factory=dict)
    kind: str = "other"
    force: str = ""
    licence: str = "As agreed with the partner"
    sheet: str = ""
    day_first: bool = True
    crs: str = ""
    grid: str = ""
    snapped: bool = False
    asb: tuple[str, ...] = ()
    keep_text: bool = False
    words: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)


def checked(mapping: Mapping) -> Mapping:
    """
    Mapping, once it is known to be usable.

    Raises
    ------
    SourceError
        Naming the first thing that is wrong.
    """
    name = " ".join(mapping.source.split())
    if not any(map(str.isalnum, name)) or len(name) > _MAX_NAME or not name.isprintable():
        raise SourceError(f"Name the source, in at most {_MAX_NAME} letters.")
    if name.casefold() in _TAKEN:
        raise SourceError(f"“{name}” is the name of the open police data; choose another.")
    if unknown := [role for role in mapping.columns if role not in ROLES]:
        raise SourceError(f"“{unknown[0][:40]}” is nothing that a column can be; see the mapping.")
    if not mapping.columns.get("begins"):
        raise SourceError("Say which column holds the date; without one, no report can be used.")
    if ("east" in mapping.columns) != ("north" in mapping.columns):
        raise SourceError("Coordinates need two columns; name both, or neither.")
    twice = [
        name for name in mapping.columns.values() if list(mapping.columns.values()).count(name) > 1
    ]
    if twice:
        raise SourceError(f"The column “{twice[0][:60]}” is named twice; let it be one thing.")
    if mapping.kind not in KINDS:
        raise SourceError(f"A source is one of: {', '.join(KINDS)}.")
    for column, said in mapping.words.items():
        known = MEANINGS.get(column, ())
        if wrong := [word for word in said.values() if word not in ("", *known)]:
            raise SourceError(
                f"“{wrong[0][:40]}” is no {column}; it is one of: {', '.join(known) or 'none'}."
            )
    check_crs(mapping.crs)
    check_crs(mapping.grid)
    return mapping


def to_toml(mapping: Mapping) -> str:
    """
    Text of a mapping's file.

    Raises
    ------
    SourceError
        When it would be too long to be read again.
    """
    lines = ["# How this source's files are read; correct it here or on the Data page.", ""]
    tables: list[str] = []
    for one in fields(mapping):
        value = getattr(mapping, one.name)
        if one.name == "columns":
            tables += ["", "[columns]", *_pairs(value)]
        elif one.name == "words":
            for column, said in sorted(value.items()):
                tables += ["", f"[words.{_text(column)}]", *_pairs(said)]
        elif isinstance(value, bool):
            lines.append(f"{one.name} = {str(value).lower()}")
        elif isinstance(value, tuple):
            lines.append(f"{one.name} = [{', '.join(map(_text, value))}]")
        else:
            lines.append(f"{one.name} = {_text(value)}")
    text = "\n".join([*lines, *tables]) + "\n"
    if len(text) > _MAX_LETTERS:
        raise SourceError(
            "The mapping names too many words to be kept; say of fewer of them what they mean."
        )
    return text


def of_toml(text: str, name: str) -> Mapping:
    """
    Mapping of a file's text.

    Parameters
    ----------
    text
        What stands in it.
    name
        The file's name, for what is said of it.

    Raises
    ------
    SourceError
        When it is no mapping.
    """
    if len(text) > _MAX_LETTERS:
        raise SourceError(f"{name} is far too long for a mapping.")
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "it nests too deeply"
        raise SourceError(f"{name} is not a mapping: {said[:100]}.") from error
    known = {one.name: one for one in fields(Mapping)}
    if unknown := [key for key in given if key not in known]:
        raise SourceError(f"{name} says “{unknown[0][:40]}”, which no mapping has.")
    values: dict[str, Any] = {}
    for key, value in given.items():
        if not _fits(key, value):
            raise SourceError(f"{name}: the value of “{key}” is not of the right kind.")
        values[key] = tuple(value) if key == "asb" else value
    if "source" not in values:
        raise SourceError(f"{name} does not name its source.")
    return checked(Mapping(**values))


def _fits(key: str, value: object) -> bool:
    if key == "columns":
        return _is_words(value)
    if key == "words":
        return isinstance(value, dict) and all(map(_is_words, value.values()))
    if key == "asb":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, bool if key in {"day_first", "snapped", "keep_text"} else str)


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _pairs(said: Dictionary[str, str]) -> list[str]:
    return [f"{_text(name)} = {_text(value)}" for name, value in said.items()]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
