"""Caches of a week's plan, keyed as `store` keys its own."""

import streamlit as st

from hotspots.action.patrol_week import make_plan
from hotspots.action.patrols import Shift, Terms
from hotspots.action.week_plan import Plan
from hotspots.analysis.patrol_edits import Edit
from hotspots.app.keys import BY_CHANGE, QUESTIONS
from hotspots.app.store import patrol, study
from hotspots.library import Library
from hotspots.library.roads import load_roads
from hotspots.selection import Selection
from hotspots.settings import data_folder
from hotspots.study import Wanted
from hotspots.study.hours import hours_of_areas
from hotspots.study.ways import Ways, ways_between

_BY_WEEK = {**BY_CHANGE, Shift: repr, Terms: repr}


@st.cache_resource(max_entries=QUESTIONS, hash_funcs=_BY_WEEK, show_spinner="Planning the week…")
def week(
    selection: Selection,
    wanted: Wanted,
    edits: tuple[Edit, ...],
    shifts: tuple[Shift, ...],
    terms: Terms,
    *,
    made: tuple[tuple[str, int], ...] = (),
    roads: str = "",
) -> Plan:
    """
    A week's plan for the patrol areas of a selection, after visits already made in it; by
    the hours of each area, where hours are known, and along roads, where a `roads.version`
    is loaded.
    """
    areas = patrol(selection, wanted, edits)
    clocks = hours_of_areas(study(selection), areas)
    ways = _ways(selection, wanted, edits, roads)
    return make_plan(areas, shifts, terms, done=dict(made), clocks=clocks, ways=ways)


@st.cache_resource(max_entries=QUESTIONS, hash_funcs=BY_CHANGE, show_spinner="Finding ways…")
def _ways(selection: Selection, wanted: Wanted, edits: tuple[Edit, ...], roads: str) -> Ways | None:
    del roads  # it is part of the key
    return ways_between(patrol(selection, wanted, edits), load_roads(Library(data_folder())))
