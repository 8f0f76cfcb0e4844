"""
What partners' columns were read as, and the salt of the keyed hashes, kept in the data folder.

Only this machine's user may read the salt; without it no key can be traced to a person.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from hotspots.errors import LibraryError, SourceError
from hotspots.library import months
from hotspots.sources.agency_mapping import Mapping, of_toml, to_toml
from hotspots.sources.agency_words import OLD_SALT_BYTES, SALT_BYTES
from hotspots.sources.reports import count_of

FOLDER: Final = "mappings"
_SALT: Final = "salt"


def mapping_of(folder: Path, source: str) -> Mapping | None:
    """
    Mapping that a source was last read with; None when there is none.

    Parameters
    ----------
    folder
        The data folder.
    source
        The source's name.

    Raises
    ------
    SourceError
        When it has been changed to what no mapping is.
    """
    path = folder / FOLDER / f"{months.slug(source)}.toml"
    with suppress(FileNotFoundError):
        return of_toml(_text(path), path.name)
    return None


def mappings(folder: Path) -> dict[str, Mapping]:
    """Mappings kept in a data folder, by the name of their source; unsound ones left out."""
    found = {}
    for path in sorted((folder / FOLDER).glob("*.toml")):
        with suppress(SourceError, FileNotFoundError):
            one = of_toml(_text(path), path.name)
            found[one.source] = one
    return found


def read_mapping(path: Path) -> Mapping:
    """
    Mapping of a file that a person wrote or was given.

    Raises
    ------
    SourceError
        When it is no mapping.
    """
    try:
        return of_toml(_text(path), path.name)
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.") from error


def keep_mapping(folder: Path, mapping: Mapping) -> Path:
    """Keep a mapping for the next time; where it is kept."""
    path = folder / FOLDER / f"{months.slug(mapping.source)}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(to_toml(mapping), encoding="utf-8")
    written.replace(path)
    return path


def kept_in_words(mapping: Mapping, folder: Path) -> str:
    """Where a mapping is kept, as a sentence."""
    columns = count_of(len(mapping.columns), "column")
    place = Path(FOLDER) / f"{months.slug(mapping.source)}.toml"
    return f"How its {columns} were read is kept in {folder / place} for the next time."


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not a mapping: it is not text.") from error


def salt_of(folder: Path) -> bytes:
    """Key of the hashes, made once for each data folder; the lock of the library is held."""
    path = folder / FOLDER / _SALT
    with suppress(FileNotFoundError):
        salt = path.read_bytes()
        if len(salt) not in {SALT_BYTES, OLD_SALT_BYTES}:
            raise LibraryError(
                f"{path} is damaged; put it back from a backup, or delete it and import every "
                "partner’s data again."
            )
        return salt
    path.parent.mkdir(parents=True, exist_ok=True)
    salt, written = secrets.token_bytes(SALT_BYTES), path.with_suffix(".new")
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(salt)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    return salt
