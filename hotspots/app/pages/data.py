"""Data: what is loaded, from whom, what is missing, and how to bring in more."""

from functools import partial

import streamlit as st

from hotspots.app import (
    agency_import,
    between_panel,
    data_store,
    doubles_panel,
    downloading,
    importing,
    journal_panel,
    panels,
    quality_panel,
    review_panel,
)
from hotspots.library import import_police_uk, import_population, import_roads, import_wards
from hotspots.selection import Selection
from hotspots.views import data_words, tables


def show(selection: Selection) -> None:
    """Draw the page."""
    dataset = data_store.dataset(selection.vintage)
    stamped = panels.stamp(selection, dataset)
    st.title(data_words.loaded(dataset.holdings, made_up=dataset.made_up), anchor=False)
    importing.said()

    st.subheader("What is loaded", anchor=False)
    panels.table(tables.sources(dataset.holdings))
    with st.expander("Every month, with the file it came from"):
        st.dataframe(tables.catalogue(dataset.catalogue), width="stretch")
        panels.table_download(dataset.catalogue, name="catalogue", stamped=stamped)
    st.write(data_words.boundaries(**dataset.boundaries))
    st.write(data_words.unassigned(**dataset.unassigned))
    with st.expander("Places in no ward, or on a border"):
        st.dataframe(tables.unplaced(dataset.assignment.report), width="stretch")

    quality_panel.show(selection, stamped)
    doubles_panel.show(selection, stamped)
    between_panel.show(selection, stamped)
    review_panel.show(selection, stamped)

    st.subheader("Bring in data", anchor=False)
    st.write(
        "Reading the same month again replaces that force’s month, whole. The command line "
        "does the same: `python -m hotspots import PATH`."
    )
    downloading.box()
    importing.box(
        "Police street files: .csv, .csv.gz or the .zip of a custom download",
        import_police_uk,
        name="reports",
        kinds=("csv", "gz", "zip"),
        hint="From data.police.uk: Data downloads, your force, all months you want.",
    )
    agency_import.box()
    importing.box(
        "Ward boundaries: GeoJSON, GeoPackage or zipped shapefile",
        import_wards,
        name="wards",
        kinds=("geojson", "json", "gpkg", "zip"),
        hint="From the ONS Open Geography portal: Wards, any year, full or generalised.",
    )
    importing.box(
        "Residents by ward: CSV",
        import_population,
        name="population",
        kinds=("csv", "gz"),
        hint="A column of ward codes and one of residents, such as Census 2021 by ward.",
    )
    importing.box(
        "Roads and paths: GeoPackage, GeoJSON or zipped shapefile",
        partial(import_roads, bounds=dataset.bounds),
        name="roads",
        kinds=("geojson", "json", "gpkg", "zip"),
        hint="Such as OS Open Roads: a week's ways between areas are then measured along them.",
    )
    journal_panel.show()
