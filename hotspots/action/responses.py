"""The menu of responses: what may be done, by whom, on what evidence, with what recorded."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from hotspots.errors import LibraryError

BUNDLED: Final = Path(__file__).with_suffix(".toml")
FILE: Final = "responses.toml"

KINDS: Final = {
    "whole place": "The whole place",
    "patrol": "Patrol",
    "early": "Early intervention",
    "power": "Powers",
    "design": "The design of the place",
    "licensing": "Licensing",
    "housing": "Housing",
    "engagement": "Residents",
}
STRENGTHS: Final = {
    "reviewed": "Reviews or several trials",
    "some": "Single trials or evaluations",
    "unknown": "Not known",
}


@dataclass(frozen=True, kw_only=True)
class Response:
    """
    One thing that may be done.

    Attributes
    ----------
    key, name, kind
        Kind: one of `KINDS`.
    who, needs
        Who may use it, and what must hold first.
    strength, evidence
        How much is known of its effect (one of `STRENGTHS`), and what.
    record
        What to record when it is used.
    source, url
        Where that is written.
    """

    key: str
    name: str
    kind: str
    who: str
    needs: str
    strength: str
    evidence: str
    record: str
    source: str
    url: str


@dataclass(frozen=True)
class Menu:
    """Responses in the order of the file, and the file's own version."""

    version: str
    responses: tuple[Response, ...]

    def __getitem__(self, key: str) -> Response:
        return next(response for response in self.responses if response.key == key)

    def __contains__(self, key: object) -> bool:
        return any(response.key == key for response in self.responses)


def open_menu(folder: Path) -> Menu:
    """
    A force's own menu, `responses.toml` in the data folder, or the one that comes along.

    Raises
    ------
    LibraryError
        Naming every fault of the file at once.
    """
    own = folder / FILE
    return read_menu(own) if own.exists() else bundled()


@cache
def bundled() -> Menu:
    """The menu that comes along."""
    return read_menu(BUNDLED)


def read_menu(path: Path) -> Menu:
    """
    Menu of a TOML file.

    Raises
    ------
    LibraryError
        Naming every fault of the file at once.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LibraryError(f"{path.name} cannot be read: {error}.") from error
    entries = held.get("response", [])
    broken = _faults(held.get("version"), entries)
    if broken:
        raise LibraryError(f"{path.name} is not a sound menu: {'; '.join(broken)}.")
    return Menu(str(held["version"]), tuple(Response(**entry) for entry in entries))


def _faults(version: Any, entries: Any) -> list[str]:
    if not isinstance(entries, list) or not entries:
        return ["it has no [[response]]"]
    names = [field.name for field in fields(Response)]
    broken = [] if isinstance(version, str) and version else ["it has no version"]
    for number, entry in enumerate(entries, start=1):
        what = f"entry {number} ({entry.get('key') or 'without a key'})"
        lacking = [n for n in names if not isinstance(entry.get(n), str) or not entry[n].strip()]
        broken += [f"{what} lacks {', '.join(lacking)}"] if lacking else []
        unknown = sorted(set(entry) - set(names))
        broken += [f"{what} has {', '.join(unknown)}, which mean nothing"] if unknown else []
        if not lacking:
            broken += _said(what, entry)
    keys = [entry.get("key") for entry in entries]
    repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
    return broken + ([f"{', '.join(repeated)} stands twice"] if repeated else [])


def _said(what: str, entry: dict[str, str]) -> list[str]:
    broken = []
    if entry["kind"] not in KINDS:
        broken.append(f"{what} is of no known kind; use {', '.join(KINDS)}")
    if entry["strength"] not in STRENGTHS:
        broken.append(f"{what} has no known strength; use {', '.join(STRENGTHS)}")
    if not entry["url"].startswith("https://"):
        broken.append(f"{what} has a source that does not begin with https://")
    return broken
