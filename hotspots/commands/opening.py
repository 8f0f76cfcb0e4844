"""The loaded data as commands open it: with what people decided about doubles."""

import sys
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Final

import pandas as pd
import typer

from hotspots.action.consulting import consulted, restricted
from hotspots.action.double_decisions import OPEN, SAME, Decision, Pair, decisions, said_to_be
from hotspots.action.named_breaks import named_breaks, said
from hotspots.action.records import exist, open_records
from hotspots.library import Library
from hotspots.library.journal import person
from hotspots.settings import data_folder
from hotspots.study import Dataset, open_dataset
from hotspots.study.doubles import may_be_twice, suspects

_given: Final[ContextVar[str]] = ContextVar("why the data is opened", default="")


def because(why: str) -> None:
    """Have what this command opens noted with a reason."""
    _given.set(why.strip())


def _why(sources: list[str]) -> str:
    """The reason given, or asked for at a terminal; none where nobody can be asked."""
    named = restricted(sources)
    if _given.get() or not named:
        return _given.get()
    if sys.stdin is not None and sys.stdin.isatty():
        _given.set(typer.prompt(f"Why do you look at reports of {', '.join(named)}?", err=True))
        return _given.get()
    return "no reason given; a command gives one by --why"


def _decided(folder: Path) -> dict[Pair, Decision]:
    return decisions(open_records(folder)) if exist(folder) else {}


def undecided(data: Path | None, dataset: Dataset, rows: pd.Index) -> int:
    """Of some rows, how many may be counted twice, as nobody has decided yet."""
    if dataset.held.loc[rows, "source"].nunique() < 2:  # noqa: PLR2004
        return 0
    decided = _decided(data or data_folder())
    settled = {pair for pair, one in decided.items() if one.verdict != OPEN}
    return may_be_twice(suspects(dataset.held).undecided(settled, rows))


def arrivals(data: Path | None) -> pd.DataFrame:
    """What each month held when it was first read: see `Library.arrivals`."""
    return Library(data).arrivals()


def said_of(data: Path | None, areas: Iterable[str]) -> dict[tuple[str, str], str]:
    """What people said steps were, by area and month."""
    folder = data or data_folder()
    return said(named_breaks(open_records(folder), areas)) if exist(folder) else {}


def opened(data: Path | None, *, vintage: int | None = None) -> Dataset:
    """Everything loaded in a data folder, counted as the pages count it."""
    folder = data or data_folder()
    same = said_to_be(_decided(folder), SAME)
    dataset = open_dataset(Library(data), vintage=vintage, same=same)
    if not dataset.made_up:
        sources = [str(one) for one in dataset.held["source"].unique()]
        consulted(
            folder,
            sources,
            who=person(),
            how="by command",
            data=dataset.identity,
            why=_why(sources),
        )
    return dataset


def user() -> str:
    """Who the records say did it: whoever is at this machine."""
    return person()
