"""The accessibility statement: what the last run of the tests found, and nothing else."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from hotspots.publish.words import Words

FILE: Final = Path(__file__).with_suffix(".toml")


def write(pages: Iterable[Mapping[str, Any]], day: date, path: Path = FILE) -> None:
    """
    Keep what a run found.

    Parameters
    ----------
    pages
        Each with `name`, `rules` (how many were tried), `faults`, `reflows` and `axe`
        (version of what tried them).
    day
        Of the run.
    path
        Where it is kept.
    """
    lines = [
        "# What the last run of `python -m tests.accessibility` found; not written by hand.",
        f"day = {day.isoformat()}",
    ]
    for page in pages:
        lines += ["", "[[page]]"]
        lines += [f"{name} = {json.dumps(page[name])}" for name in ("name", "rules", "faults")]
        lines += [f"reflows = {json.dumps(page['reflows'])}", f"axe = {json.dumps(page['axe'])}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def statement(words: Words, path: Path = FILE) -> tuple[str, ...]:
    """
    Sentences of the statement; that nothing was tried, when nothing was.

    Parameters
    ----------
    words
        To say it in.
    path
        Where the last run is kept.
    """
    if not path.exists():
        return (words("access.none"),)
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    pages = read.get("page", [])
    faults = sorted({fault for page in pages for fault in page["faults"]})
    wide = [page["name"] for page in pages if not page["reflows"]]
    told = [
        words(
            "access.tried",
            pages=len(pages),
            day=f"{read['day'].day} {read['day']:%B %Y}",
            axe=pages[0]["axe"] if pages else "",
        ),
        words("access.faults", faults="; ".join(faults)) if faults else words("access.no_faults"),
        words("access.wide", pages=", ".join(wide)) if wide else words("access.reflows"),
    ]
    return (*told, words("access.keyboard"), words("access.limits"))
