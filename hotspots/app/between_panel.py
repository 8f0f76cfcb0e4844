"""What one source sees and the others do not, on the Data page."""

import streamlit as st

from hotspots.app import panels, store
from hotspots.publish.formats import Stamp
from hotspots.selection import Selection
from hotspots.study.between import Compared, NotCompared
from hotspots.views import partner_words, tables, wording


def show(selection: Selection, stamped: Stamp) -> None:
    """Each partner beside all other sources; nothing where there is one source."""
    found = store.compared(selection)
    if not found:
        return
    st.subheader("What one sees and the others do not", anchor=False)
    for one in found:
        if isinstance(one, NotCompared):
            st.write(wording.plain(partner_words.not_compared(one)))
            continue
        st.write(wording.plain(partner_words.compared(one)))
        st.write(wording.plain(partner_words.compared_hotspots(one)))
        with st.expander(wording.plain(f"{one.name} beside {partner_words.whose(one)}, by ward")):
            st.dataframe(tables.between(one), width="stretch")
            panels.table_download(one.table, name=f"{one.name} beside others", stamped=stamped)
        if len(one.hotspots):
            title = f"{one.name} beside {partner_words.whose(one)}, by hotspot"
            with st.expander(wording.plain(title)):
                st.dataframe(tables.between_hotspots(one), width="stretch")
                name = f"{one.name} beside others by hotspot"
                panels.table_download(one.hotspots, name=name, stamped=stamped)
    if any(isinstance(one, Compared) for one in found):
        st.caption(partner_words.BETWEEN)
