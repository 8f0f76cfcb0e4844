"""Caches of what maps draw, keyed as `store` keys its own."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from hotspots import study as studies
from hotspots.app.data_store import dataset
from hotspots.app.keys import BY_QUESTION, QUESTIONS
from hotspots.app.store import league, study
from hotspots.selection import Selection
from hotspots.settings import SAMPLE, data_folder
from hotspots.sources import basemaps
from hotspots.views import wording
from hotspots.views.context import MapContext, build_context
from hotspots.views.shading import Shade


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


@st.cache_resource(max_entries=8, hash_funcs=BY_QUESTION, show_spinner=False)
def _map_context(area: Selection, base: str) -> MapContext:
    del base  # it is part of the key
    loaded, asked = dataset(area.vintage, role=area.role), study(area)
    basemap = (
        basemaps.illustrative(SAMPLE) if loaded.made_up else basemaps.load_basemap(data_folder())
    )
    if not basemap.layers:
        basemap = replace(basemap, attribution=wording.credit(loaded))
    bounds = None
    if len(asked.located):
        west, south, east, north = asked.located.total_bounds.tolist()
        bounds = (west, south, east, north)
    return build_context(asked.wards, basemap, bounds_m=bounds, grid=loaded.grid)


@st.cache_data(max_entries=QUESTIONS, hash_funcs=BY_QUESTION, show_spinner=False)
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
