"""How large a change these data would show: measured when asked for, as it takes a while."""

import streamlit as st

from hotspots.app import panels, store, when_store
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.views import power_words as words


def show(selection: Selection, stamped: Stamp) -> None:
    """Curve and table of the shares of planted changes that were found."""
    st.subheader("How large a change would be found", anchor=False)
    st.write(words.WHY)
    key = when_store.warned_key(selection, "power")
    if st.button("Plant changes in these data", key="power"):
        st.session_state["planted"] = key
    if st.session_state.get("planted") != key:
        return
    found = when_store.power(selection)
    if found.table.empty:
        st.write(words.NOTHING)
        return
    panels.chart(
        words.power_chart,
        found.table,
        title=words.finding(found.table),
        name="power",
        alt="Share of planted changes found, by size; the table below holds the same.",
        stamped=stamped,
    )
    panels.table(words.table(found.table))
    panels.table_download(found.table, name="power", stamped=stamped)
    st.caption(words.how(found, store.news(selection).changes.against))
