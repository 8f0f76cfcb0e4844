"""Caches of what is loaded, as the person who asks may see it."""

import pandas as pd
import streamlit as st

from hotspots import study as studies
from hotspots.action import double_decisions, roles
from hotspots.action.double_decisions import SAME, Decision, Pair
from hotspots.action.records import exist, open_records
from hotspots.app import who
from hotspots.app.keys import BY_SIGHT
from hotspots.library import Library
from hotspots.settings import data_folder
from hotspots.study import Dataset, doubles
from hotspots.study import quality as records_quality
from hotspots.study.doubles import Suspects
from hotspots.study.sight import Sight, seen

QualityReport = tuple[pd.DataFrame, pd.DataFrame]


def library() -> Library:
    """Library of this machine; cheap, and never cached."""
    return Library()


def dataset(vintage: int | None = None, *, role: str | None = None) -> Dataset:
    """
    What the reader may see of everything loaded, with wards of one vintage.

    Raises
    ------
    DeniedError
        When a role is given that is not the reader's own, or they may see nothing.
    """
    if role is not None:
        who.still(role)
    held = library()
    return _seen(held.identity(), _known(held, vintage), who.sight(), _same())


def with_text() -> tuple[str, ...]:
    """Sources whose free text is kept, and may be read by the person asking."""
    return library().with_text() if roles.may(who.person(), "read text") else ()


def free_text(source: str) -> pd.DataFrame:
    """
    Free text of a source; never cached here, and each reading is for the caller to note.

    Raises
    ------
    DeniedError
        When the reader may not.
    """
    roles.check(who.person(), "read text")
    return library().free_text(source)


def everything(vintage: int | None = None) -> Dataset:
    """Everything loaded, for what is the same for every reader once it is safe to publish."""
    held = library()
    return _everything(held.identity(), _known(held, vintage), _same())


def _known(held: Library, vintage: int | None) -> int | None:
    return vintage if vintage in held.vintages() else None


def _same() -> tuple[Pair, ...]:
    return tuple(sorted(double_decisions.said_to_be(decided(), SAME)))


@st.cache_resource(max_entries=4, show_spinner="Opening the data…")
def _everything(identity: str, vintage: int | None, same: tuple[Pair, ...]) -> Dataset:
    del identity  # it is the key
    return studies.open_dataset(library(), vintage=vintage, same=same)


@st.cache_resource(max_entries=8, hash_funcs=BY_SIGHT, show_spinner="Opening the data…")
def _seen(identity: str, vintage: int | None, sight: Sight, same: tuple[Pair, ...]) -> Dataset:
    return seen(_everything(identity, vintage, same), sight, same)


def decided() -> dict[Pair, Decision]:
    """What people said about suspected doubles; cheap, and never cached."""
    folder = data_folder()
    return double_decisions.decisions(open_records(folder)) if exist(folder) else {}


def suspects(vintage: int | None = None, *, role: str | None = None) -> Suspects:
    """Suspected doubles among everything that the reader may see."""
    if role is not None:
        who.still(role)
    return _suspects(library().identity(), who.sight(), vintage)


@st.cache_resource(
    max_entries=4, hash_funcs=BY_SIGHT, show_spinner="Looking for doubles between sources…"
)
def _suspects(identity: str, sight: Sight, vintage: int | None) -> Suspects:
    del identity, sight  # they are part of the key
    return doubles.suspects(dataset(vintage).held)


def quality(vintage: int | None = None, *, role: str | None = None) -> QualityReport:
    """How good the records are: findings, and counts by supplier and month."""
    loaded = dataset(vintage, role=role)
    journal = library().journal()
    key = (loaded.identity, len(journal))
    return _quality(key, loaded.boundaries["vintage"] or None, who.person().key)


@st.cache_data(max_entries=4, show_spinner="Looking at how good the records are…")
def _quality(state: tuple[str, int], vintage: int | None, role: str) -> QualityReport:
    del state  # it is part of the key
    return records_quality.quality(dataset(vintage, role=role), library().arrivals())
