"""Who publishes what is read, and under which licence: `data/sources.toml` as objects."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from hotspots.settings import PROJECT

SOURCES_FILE: Final = PROJECT / "data" / "sources.toml"


@dataclass(frozen=True)
class Publisher:
    """
    One known source of data.

    Attributes
    ----------
    title
        What it is about.
    source
        Short name, as it stands in the tables and in the library.
    publisher, licence, licence_url, url, attribution
        Who publishes it, on what terms, where, and the line to print beside it.
    """

    title: str
    source: str
    publisher: str
    licence: str
    licence_url: str
    url: str
    attribution: str


@cache
def known() -> dict[str, Publisher]:
    """Every known source, by its key in `data/sources.toml`."""
    entries = tomllib.loads(SOURCES_FILE.read_text(encoding="utf-8"))
    return {key: Publisher(**entry) for key, entry in entries.items()}
