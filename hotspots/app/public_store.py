"""
Caches of what is public: one release of the data, the same for every reader.

Nothing here is keyed by a selection: no month, radius, hotspot or ward vintage that a
reader sets may change a public figure.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from hotspots.action.records import exist, open_records
from hotspots.action.responses import open_menu
from hotspots.analysis.areas import assign
from hotspots.app import data_store
from hotspots.library import postcodes
from hotspots.publish.disclosure import disclose
from hotspots.publish.public_areas import Area
from hotspots.publish.public_work import of_area, public_work
from hotspots.publish.release import Release
from hotspots.publish.story import Work
from hotspots.publish.words import Words
from hotspots.settings import SAMPLE, data_folder
from hotspots.sources import basemaps
from hotspots.sources.postcodes import Postcodes
from hotspots.views import assembly
from hotspots.views.context import MapContext, build_context


def release() -> Release:
    """What is public of everything loaded, this month."""
    loaded = data_store.everything()
    return _release(loaded.identity, str(pd.Timestamp.now().to_period("M")))


@st.cache_resource(max_entries=2, show_spinner="Getting what can be shown…")
def _release(identity: str, today: str) -> Release:
    del identity  # it is part of the key
    return disclose(data_store.everything(), today=pd.Period(today, "M")).release


def work(area: Area, words: Words) -> tuple[Work, ...]:
    """What is being done about an area, from plans that were begun; read anew each time."""
    folder = data_folder()
    if not exist(folder):
        return ()
    wards = release().wards
    begun = public_work(open_records(folder), wards, open_menu(folder), words)
    return of_area(begun, area, wards)


def near(text: str) -> dict[str, str]:
    """Area of each named place, and of what was typed when that is a postcode held."""
    found, library = places(), data_store.library()
    held = postcodes.held(library.folder)
    if not held:
        return found
    east, north = _postcodes(str(library.folder), held).find([text])
    if np.isnan(east[0]):
        return found
    code = assign(np.column_stack([east, north]), release().wards).code.iloc[0]
    return found if pd.isna(code) else {**found, text: f"ward:{code}"}


@st.cache_resource(max_entries=2, show_spinner=False)
def _postcodes(folder: str, held: int) -> Postcodes:
    del held  # it is part of the key
    return postcodes.read(Path(folder)) or Postcodes.of([], [], [])


def places() -> dict[str, str]:
    """Area that each place of the base map lies in, by the place's name."""
    return _places(release().identity, basemaps.version(data_folder()))


@st.cache_data(max_entries=2, show_spinner=False)
def _places(identity: str, base: str) -> dict[str, str]:
    del identity, base  # they are part of the key
    return assembly.places_of(basemap(), release().wards)


def wards_map(area: Area) -> MapContext:
    """Ground of the wards of an area's council, or of all of them."""
    context = _wards_map(release().identity, area, basemaps.version(data_folder()))
    return assembly.looking_at(context, release(), area)


@st.cache_resource(max_entries=8, show_spinner=False)
def _wards_map(identity: str, area: Area, base: str) -> MapContext:
    del identity, base  # they are part of the key
    wards = assembly.ground_round(release().wards, area)
    return build_context(wards, basemap())


def parts_map(area: Area, year: int, language: str) -> MapContext:
    """Ground of the published cells of a year."""
    base = basemaps.version(data_folder())
    context = _parts_map(release().identity, area.authority, year, language, base)
    return assembly.looking_at(context, release(), area)


@st.cache_resource(max_entries=8, show_spinner=False)
def _parts_map(
    identity: str, authority: str | None, year: int, language: str, base: str
) -> MapContext:
    del identity, base  # they are part of the key
    ground = assembly.ground_of_parts(release(), year, Words(language))
    return build_context(assembly.ground_round(ground, Area("", "", authority)), basemap(), noun="")


def basemap() -> basemaps.Basemap:
    """Roads, water and names under every public map."""
    made_up = data_store.everything().made_up
    return basemaps.illustrative(SAMPLE) if made_up else basemaps.load_basemap(data_folder())
