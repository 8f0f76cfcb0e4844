"""Visits: log one in ten seconds on a phone, see what was delivered, put one right."""

import pandas as pd
import streamlit as st

from hotspots.analysis import dose
from hotspots.app import (
    data_store,
    delivered,
    panels,
    patrol_panels,
    records,
    returning,
    store,
    visit_files,
    visit_form,
)
from hotspots.selection import Selection
from hotspots.settings import DOSE_CAP_MIN
from hotspots.views import visit_words

_WEEKS = 13
# Big enough for a thumb in a glove.
_STYLE = """<style>
.stMain [data-testid="stBaseButton-primary"] { min-height: 4rem; }
.stMain [data-testid="stBaseButton-primary"] p { font-size: 1.25rem; }
.stMain [data-testid="stButtonGroup"] button { min-height: 3rem; min-width: 3.5rem; }
.stMain [data-testid="stBaseButton-secondary"], .stMain button[kind="secondaryFormSubmit"] {
  min-height: 3rem;
}
@media (max-width: 640px) { .stMainBlockContainer { padding: 4.25rem 1rem 3rem; }
  .stMain h1 { font-size: 1.25rem; } }
</style>"""


def show(selection: Selection) -> None:
    """Draw the page."""
    st.html(_STYLE)
    dataset = data_store.dataset(selection.vintage, role=selection.role)
    areas = store.patrol(selection, patrol_panels.wanted(), store.changes(selection))
    stamped = panels.stamp(selection, dataset).adding("visits logged in the last 13 weeks")
    held = records.visits_here(7 * _WEEKS, selection.area, areas)
    now = pd.Timestamp.now(tz="UTC")
    week = dose.this_week(held, now)
    st.title(visit_words.heading(dose.since_monday(held, now)), anchor=False)
    form, rest = st.columns([2, 3], gap="large")
    with form:
        st.subheader("Log a visit", anchor=False)
        visit_form.form(selection, areas, week, dose.over_cap(week, DOSE_CAP_MIN))
    with rest:
        st.subheader("What was delivered", anchor=False)
        delivered.show(held, stamped, selection.area)
        with st.expander("Put a visit right"):
            delivered.edit(held, areas)
        with st.expander("Log visits from a file"):
            visit_files.show(selection, areas)
    st.subheader("Monthly return", anchor=False)
    returning.show(selection, areas, stamped)
