"""Pieces of the When page: what is gathering now."""

import streamlit as st

from hotspots.app import panels, store
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.views import tables
from hotspots.views import when_words as words


def early_warning(selection: Selection, stamped: Stamp) -> None:
    """Places that gather reports now; that none does is said as plainly."""
    found = store.warned(selection)
    st.subheader("Early warning", anchor=False)
    st.markdown(words.warned(found))
    for _, row in found.places.iterrows():
        st.markdown(f"- {words.warning(row)}")
    if not found.enough:
        return
    with st.expander("How this was looked for, and how often it would have spoken before"):
        st.write(words.WARNING)
        if st.button("Ask the same of the months before", key="replay"):
            st.session_state["replayed"] = store.warned_key(selection)
        if st.session_state.get("replayed") == store.warned_key(selection):
            st.write(words.replayed(*store.replayed(selection)))
        if len(found.scan.clusters):
            panels.table(tables.gatherings(found.scan.clusters))
            panels.table_download(found.scan.clusters, name="early-warning", stamped=stamped)
