"""The loaded data as commands open it: with what people decided about doubles."""

from pathlib import Path

from hotspots.action.consulting import consulted
from hotspots.action.double_decisions import SAME, decisions, said_to_be
from hotspots.action.records import exist, open_records
from hotspots.library import Library
from hotspots.library.journal import person
from hotspots.settings import data_folder
from hotspots.study import Dataset, open_dataset


def opened(data: Path | None, *, vintage: int | None = None) -> Dataset:
    """Everything loaded in a data folder, counted as the pages count it."""
    folder = data or data_folder()
    decided = decisions(open_records(folder)) if exist(folder) else {}
    dataset = open_dataset(Library(data), vintage=vintage, same=said_to_be(decided, SAME))
    if not dataset.made_up:
        sources = [str(one) for one in dataset.held["source"].unique()]
        consulted(folder, sources, who=person(), how="by command", data=dataset.identity)
    return dataset
