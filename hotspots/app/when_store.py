"""Caches of the When page, keyed as `store` keys its own."""

import pandas as pd
import streamlit as st

from hotspots import study as studies
from hotspots.analysis.breaks import Break, not_across
from hotspots.analysis.near_repeats import NearRepeats
from hotspots.analysis.smoothed_rates import with_smoothed
from hotspots.app.data_store import dataset, library
from hotspots.app.keys import BY_QUESTION, QUESTIONS, key
from hotspots.app.store import found, news, study
from hotspots.app.store import league as store_league
from hotspots.app.store import months as store_months
from hotspots.selection import Selection
from hotspots.study import early_warning
from hotspots.study import hours as study_hours
from hotspots.study import power as study_power
from hotspots.study import repeats as study_repeats
from hotspots.study import trend as study_trend
from hotspots.study import weeks as study_weeks
from hotspots.study.early_warning import Warned
from hotspots.study.hours import Hours
from hotspots.study.power import Power
from hotspots.study.scanned import DAYS, MONTHS
from hotspots.study.trend import Told
from hotspots.study.weeks import Weeks

_YEAR = 12
# What takes longer than a page does says so while it is waited for.
_IN_TURN = "Asking each month or day before in turn: this may take a minute…"
_PLANTING = "Planting changes one place at a time: this may take a few minutes…"
_BY_BREAKS = {**BY_QUESTION, Break: repr}


def warned_by(selection: Selection) -> list[str]:
    """By what an early warning can be had, the usual first: days where a day is known."""
    asked = study(selection)
    usual = early_warning.usual(asked)
    other = [DAYS] if study_weeks.has_weeks(asked) else []
    return list(dict.fromkeys([usual, *other, MONTHS]))


def warned(selection: Selection, by: str | None = None) -> Warned:
    """Places of the study area that gather reports now; nothing before the last step counts."""
    return _warned(selection, news(selection).breaks, by)


@st.cache_resource(
    max_entries=QUESTIONS, hash_funcs=_BY_BREAKS, show_spinner="Looking for what gathers now…"
)
def _warned(selection: Selection, breaks: tuple[Break, ...], by: str | None) -> Warned:
    loaded = dataset(selection.vintage, role=selection.role)
    return early_warning.early_warning(loaded, study(selection), breaks=breaks, by=by)


def replayed(selection: Selection, by: str) -> tuple[int, int]:
    """How many of the months, or days, before would have had a warning, of how many."""
    return _replayed(selection, news(selection).breaks, by)


@st.cache_data(max_entries=QUESTIONS, hash_funcs=_BY_BREAKS, show_spinner=_IN_TURN)
def _replayed(selection: Selection, breaks: tuple[Break, ...], by: str) -> tuple[int, int]:
    loaded = dataset(selection.vintage, role=selection.role)
    return early_warning.replay(loaded, study(selection), breaks=breaks, by=by)


def months(selection: Selection, subject: str) -> pd.DataFrame:
    """Months of one part of the study area; beside a year before where no step lies between."""
    table, breaks = store_months(selection, subject), news(selection).breaks
    return table.assign(year_before=not_across(table["year_before"], breaks, months=_YEAR))


def told(selection: Selection, subject: str) -> Told:
    """Trend of one part of the study area."""
    return _told(selection, subject, news(selection).breaks)


@st.cache_resource(max_entries=8 * QUESTIONS, hash_funcs=_BY_BREAKS, show_spinner=False)
def _told(selection: Selection, subject: str, breaks: tuple[Break, ...]) -> Told:
    loaded = dataset(selection.vintage, role=selection.role)
    hotspots = found(selection).hotspots
    return study_trend.told(loaded, study(selection), subject, hotspots, breaks=breaks)


def weeks(selection: Selection, subject: str) -> Weeks | None:
    """Weeks of one part of the study area; None where its reports say no day."""
    if not study_weeks.has_weeks(study(selection)):
        return None
    return _weeks(selection, subject, news(selection).breaks)


@st.cache_resource(max_entries=8 * QUESTIONS, hash_funcs=_BY_BREAKS, show_spinner=False)
def _weeks(selection: Selection, subject: str, breaks: tuple[Break, ...]) -> Weeks:
    loaded = dataset(selection.vintage, role=selection.role)
    hotspots = found(selection).hotspots
    return study_weeks.weeks(loaded, study(selection), subject, hotspots, breaks=breaks)


@st.cache_resource(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def repeats(selection: Selection) -> NearRepeats | None:
    """Near repeats of the study area, where its reports say their day."""
    return study_repeats.repeats(study(selection))


@st.cache_data(max_entries=8 * QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def hours(selection: Selection, subject: str) -> Hours:
    """Hours and days of one part of the study area."""
    return study_hours.hours(study(selection), subject, found(selection).hotspots)


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def monthly_points(selection: Selection) -> pd.DataFrame:
    """Points of the study area's ASB, month by month."""
    return studies.monthly_points(study(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def ward_months(selection: Selection) -> pd.DataFrame:
    """Reports by month and ward."""
    return studies.ward_months(study(selection))


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
def league(selection: Selection) -> pd.DataFrame:
    """Wards by ASB, their rates raw and drawn towards that of all."""
    return with_smoothed(store_league(selection))


def power(selection: Selection) -> Power:
    """How large a change would be found, by what was planted."""
    return _power(selection, news(selection).breaks)


@st.cache_resource(max_entries=QUESTIONS, hash_funcs=_BY_BREAKS, show_spinner=_PLANTING)
def _power(selection: Selection, breaks: tuple[Break, ...]) -> Power:
    loaded = dataset(selection.vintage, role=selection.role)
    return study_power.power(loaded, study(selection), news(selection), breaks=breaks)


def deprivation() -> pd.Series:
    """Mean decile of deprivation by ward code; published, and never cached."""
    return library().deprivation()


def warned_key(selection: Selection, by: str) -> str:
    """Text that differs when the early warning does."""
    return f"{key(selection)} {news(selection).breaks!r} {by}"
