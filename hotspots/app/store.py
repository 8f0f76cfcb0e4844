"""
Every cache of the app, in one place.

A key is small and frozen: the identity of the data, the role of the reader and the
question asked. Frames are never hashed; they are loaded inside.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from hotspots import study as studies
from hotspots.action import double_decisions, named_breaks, patrol_log, roles
from hotspots.action.double_decisions import SAME, Decision, Pair
from hotspots.action.named_breaks import Named
from hotspots.action.records import exist, open_records
from hotspots.analysis import case_review, counts
from hotspots.analysis.breaks import Break
from hotspots.analysis.mix import location_quotients
from hotspots.analysis.null_model import Chance
from hotspots.analysis.patrol_edits import Edit
from hotspots.analysis.scorecard import Scorecard
from hotspots.app import who
from hotspots.library import Library
from hotspots.periods import parse_month
from hotspots.selection import Selection
from hotspots.settings import SAMPLE, data_folder
from hotspots.sources import basemaps
from hotspots.study import Dataset, Found, News, Study, Wanted, between, doubles, evidence
from hotspots.study import quality as records_quality
from hotspots.study.doubles import Suspects
from hotspots.study.held_against import Comparison
from hotspots.study.outcome import Outcome
from hotspots.study.outcome import outcome as study_outcome
from hotspots.study.sight import Sight, seen
from hotspots.tables.patrol_areas import PatrolAreas
from hotspots.views.context import MapContext, build_context
from hotspots.views.shading import Shade

# Wide enough for a meeting that compares a few views, small enough for a laptop.
_QUESTIONS: Final = 32
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


_BY_SIGHT: Final[dict[str | type[Any], Callable[[Any], Any]]] = {Sight: lambda sight: sight.words}


@st.cache_resource(max_entries=8, hash_funcs=_BY_SIGHT, show_spinner="Opening the data…")
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
    max_entries=4, hash_funcs=_BY_SIGHT, show_spinner="Looking for doubles between sources…"
)
def _suspects(identity: str, sight: Sight, vintage: int | None) -> Suspects:
    del identity, sight  # they are part of the key
    return doubles.suspects(dataset(vintage).held)


def undecided(selection: Selection) -> int:
    """Reports of a selection that may be counted twice, as nobody has decided yet."""
    loaded = dataset(selection.vintage, role=selection.role)
    if loaded.held["source"].nunique() < 2:  # noqa: PLR2004
        return 0
    found = suspects(selection.vintage, role=selection.role)
    settled = {pair for pair, one in decided().items() if one.verdict != double_decisions.OPEN}
    return doubles.may_be_twice(found.undecided(settled, study(selection).asb.index))


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


def _key(selection: Selection) -> str:
    """Text that differs exactly when the analysis does; of the reader's own role alone."""
    who.still(selection.role)
    return repr((selection.role, sorted(selection.question().to_query().items())))


_BY_QUESTION: Final[dict[str | type[Any], Callable[[Any], Any]]] = {Selection: _key}


@st.cache_resource(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def study(selection: Selection) -> Study:
    """The part of the data that a selection is about."""
    return studies.study(dataset(selection.vintage, role=selection.role), selection)


@st.cache_resource(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Looking for hotspots…"
)
def found(selection: Selection) -> Found:
    """Hotspots of a selection, and what chance would make of them."""
    return studies.find(study(selection))


def named(selection: Selection) -> tuple[Named, ...]:
    """Steps that people named, for what is counted and what it is part of; never cached."""
    folder = data_folder()
    if not exist(folder):
        return ()
    return named_breaks.named_breaks(open_records(folder), study(selection).wider)


def said_of(areas: Iterable[str]) -> dict[tuple[str, str], str]:
    """What people said steps were, by area and month; cheap, and never cached."""
    folder = data_folder()
    if not exist(folder):
        return {}
    return named_breaks.said(named_breaks.named_breaks(open_records(folder), areas))


def news(selection: Selection) -> News:
    """What is up or down in the study area; nothing is compared across a named step."""
    return _news(selection, tuple(one.as_break() for one in named(selection)))


@st.cache_resource(
    max_entries=_QUESTIONS,
    hash_funcs={**_BY_QUESTION, Break: repr},
    show_spinner="Looking for what changed…",
)
def _news(selection: Selection, breaks: tuple[Break, ...]) -> News:
    loaded = dataset(selection.vintage, role=selection.role)
    return studies.news(loaded, study(selection), named=breaks)


@st.cache_resource(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Scoring on later months…"
)
def scorecard(selection: Selection) -> Scorecard:
    """How well areas chosen from earlier months foretold later ones."""
    asked = study(selection)
    over = evidence.all_months(dataset(selection.vintage, role=selection.role), asked)
    return evidence.scorecard(over)


@st.cache_data(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Trying other walking radii…"
)
def at_radii(selection: Selection) -> pd.DataFrame:
    """What the chosen number and the hotspots are at other walking radii."""
    return evidence.at_radii(study(selection))


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def concentration(selection: Selection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How gathered the reports are, beside chance; and the curve."""
    return evidence.concentration(study(selection))


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def history(selection: Selection) -> pd.DataFrame:
    """Verdict on each hotspot's past."""
    over = evidence.all_months(dataset(selection.vintage, role=selection.role), study(selection))
    return evidence.history(over, found(selection))


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def certainties(selection: Selection) -> pd.DataFrame:
    """How sure each hotspot is."""
    return studies.certainty(study(selection), found(selection))


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def by_chance(selection: Selection) -> Chance | None:
    """Hotspots in a random world at a number set by hand; nothing when it was chosen."""
    if selection.min_incidents is None:
        return None
    return found(selection).calibration.hotspots_by_chance(selection.min_incidents)


@st.cache_data(
    max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner="Setting sources side by side…"
)
def compared(selection: Selection) -> list[between.Compared]:
    """Each partner beside all other sources, by ward."""
    return between.compared(dataset(selection.vintage, role=selection.role), selection)


def past(selection: Selection, number: int) -> pd.Series:
    """Verdict on one hotspot's past."""
    row: pd.Series = history(selection).T[number]
    return row


def certainty(selection: Selection, number: int) -> pd.Series:
    """How sure one hotspot is."""
    rows: pd.Series = certainties(selection).T[number]
    return rows


@st.cache_data(max_entries=8 * _QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def months(selection: Selection, subject: str) -> pd.DataFrame:
    """Months of one part of the study area beside the same months a year before."""
    year_before = replace(selection, period=selection.period.year_before())
    return studies.months(study(selection), study(year_before), subject, found(selection).hotspots)


@st.cache_data(max_entries=8 * _QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def mix(selection: Selection, number: int) -> pd.DataFrame:
    """Other crime inside one hotspot against the study area's mix."""
    footprint = found(selection).hotspots.geometry.loc[number]
    return location_quotients(study(selection).other, footprint)


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def league(selection: Selection) -> pd.DataFrame:
    """Wards of the study area by ASB, each with its interval."""
    asked = study(selection)
    return counts.by_ward(asked.asb, asked.ward, asked.wards)


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def beside_other_crime(selection: Selection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Months of ASB, and of all other crime, in the study area."""
    asked = study(selection)
    return counts.by_month(asked.asb, asked.status), counts.by_month(asked.other, asked.status)


_BY_CHANGE: Final[dict[str | type[Any], Callable[[Any], Any]]] = {
    Selection: _key,
    Wanted: repr,
    Edit: lambda edit: (edit.kind, edit.geometry.wkb, edit.offset_m),
}


def changes(selection: Selection) -> tuple[Edit, ...]:
    """Changes made by hand to the study area's patrol areas; cheap, and never cached."""
    return patrol_log.active(data_folder(), selection.area)


@st.cache_resource(
    max_entries=_QUESTIONS, hash_funcs=_BY_CHANGE, show_spinner="Placing patrol areas…"
)
def patrol(selection: Selection, wanted: Wanted, edits: tuple[Edit, ...]) -> PatrolAreas:
    """Patrol areas of a selection, after some changes by hand."""
    asked, hotspots = study(selection), found(selection)
    return studies.patrol(
        asked,
        hotspots,
        count=wanted.count,
        size_ha=wanted.size_ha,
        anywhere=wanted.anywhere,
        edits=edits,
    )


@st.cache_resource(max_entries=_QUESTIONS, show_spinner="Comparing…")
def outcome(
    identity: str, vintage: int | None, role: str, kept: dict[str, Any], start: str
) -> Outcome:
    """How a plan's place came out beside what it is compared with, on everything held."""
    del identity  # it is part of the key
    held = Comparison.of_data(kept)
    return study_outcome(dataset(vintage, role=role), held, start=parse_month(start))


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def repeats(selection: Selection, reports: int, months: int) -> pd.DataFrame:
    """Callers, addresses and places over a case-review threshold."""
    asb = study(selection).asb
    return case_review.repeats(asb, last=selection.period.last, reports=reports, months=months)


def ward_share(selection: Selection, number: int) -> float:
    """Share of its ward's reports that a hotspot holds."""
    return studies.ward_share(study(selection), found(selection).hotspots, number)


def map_context(selection: Selection) -> MapContext:
    """Outlines, names and base layers of the study area: the part of a map that stays."""
    loaded = dataset(selection.vintage, role=selection.role)
    # Months, radius and number do not change the ground.
    area = replace(
        Selection.default(loaded.choices),
        area=selection.area,
        vintage=selection.vintage,
        role=selection.role,
        period=loaded.choices.period,
    )
    return _map_context(area, basemaps.version(data_folder()))


@st.cache_resource(max_entries=8, hash_funcs=_BY_QUESTION, show_spinner=False)
def _map_context(area: Selection, base: str) -> MapContext:
    del base  # it is part of the key
    loaded, asked = dataset(area.vintage, role=area.role), study(area)
    basemap = (
        basemaps.illustrative(SAMPLE) if loaded.made_up else basemaps.load_basemap(data_folder())
    )
    bounds = None
    if len(asked.located):
        west, south, east, north = asked.located.total_bounds.tolist()
        bounds = (west, south, east, north)
    return build_context(asked.wards, basemap, bounds_m=bounds)


@st.cache_data(max_entries=_QUESTIONS, hash_funcs=_BY_QUESTION, show_spinner=False)
def points(selection: Selection) -> pd.DataFrame:
    """Snap points of the study area's ASB, each with its incidents."""
    return studies.points(study(selection))


def shade(selection: Selection) -> Shade | None:
    """What wards are shaded by."""
    if selection.shade == "none" or not len(study(selection).wards):
        return None
    table = league(selection)
    if selection.shade == "rate":
        return Shade("Reports per 1,000 residents", _by_code(table["rate"]), decimals=1)
    return Shade("Reports", _by_code(table["count"]))


def _by_code(figures: pd.Series) -> dict[str, float]:
    return {str(code): float(figure) for code, figure in figures.items()}
